"""Signing keys that come and go while the server runs, and what verifiers elsewhere make of our tokens."""

import json

import jwt
import pytest
import requests
from waiting import until

pytestmark = pytest.mark.embedded

AUDIENCE = "lifestyle-spaces-api"


def generate(spaces, store, *more):
    return json.loads(spaces("keys", "generate", "--json", "--data", store, *more).stdout)["kid"]


def published(one):
    answer = requests.get(f"{one.url}/.well-known/jwks.json", timeout=10)
    assert answer.status_code == 200 and "private" not in answer.headers["Cache-Control"]
    return {key["kid"] for key in answer.json()["keys"]}


def test_a_standard_verifier_accepts_our_tokens(server, spaces, store, mint):
    kid = generate(spaces, store)
    one = server(env={"SPACES_ISSUER": "https://spaces.example"})
    discovery = requests.get(f"{one.url}/.well-known/openid-configuration", timeout=10).json()
    assert discovery["issuer"] == "https://spaces.example"
    assert discovery["jwks_uri"] == "https://spaces.example/.well-known/jwks.json"
    token = mint("ann", "seller", "--issuer", "https://spaces.example")
    client = jwt.PyJWKClient(f"{one.url}/.well-known/jwks.json")
    key = client.get_signing_key_from_jwt(token)
    assert key.key_id == kid
    said = jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=discovery["issuer"],
                      options={"require": ["exp", "iat", "iss", "aud", "sub"]})
    assert said["userType"] == "seller"


def test_without_keys_of_its_own_a_deployment_publishes_none(server):
    assert published(server()) == set()


def test_keys_come_and_go_without_a_restart(server, spaces, store, mint, client):
    first = generate(spaces, store)
    one = server()
    old = mint("ann")
    assert jwt.get_unverified_header(old)["kid"] == first
    ann = client(one, old)
    assert ann.get("/properties").status_code == 200
    second = generate(spaces, store)
    until(lambda: published(one) == {first, second}, "the new key is not taken")
    new = mint("ann")
    assert jwt.get_unverified_header(new)["kid"] == second
    assert client(one, new).get("/properties").status_code == 200
    assert ann.get("/properties").status_code == 200, "the old key is still accepted"
    spaces("keys", "retire", "--data", store, first)
    until(lambda: published(one) == {second}, "the old key is still published")
    assert ann.get("/properties").status_code == 401, "its token was cached, and is refused"
    assert client(one, new).get("/properties").status_code == 200


def test_a_key_may_be_known_before_it_signs(server, spaces, store, mint):
    first = generate(spaces, store)
    later = generate(spaces, store, "--delay-hours", 3)
    one = server()
    assert published(one) == {first, later}
    assert jwt.get_unverified_header(mint("ann"))["kid"] == first
    listed = json.loads(spaces("keys", "list", "--json", "--data", store).stdout)["keys"]
    assert [(key["kid"], key["state"]) for key in listed] == [(later, "waits"), (first, "signs")]


def test_keys_that_cannot_be_used_are_told(server, spaces, store, mint, client):
    kid = generate(spaces, store)
    one = server()
    ann = client(one, mint("ann"))
    [file] = (store / "keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    (store / "keys" / "20200101T000000Z.bad.pem").write_text("no key")
    until(lambda: "signing-keys" in one.log(), "the log says nothing")
    assert ann.get("/properties").status_code == 200 and published(one) == {kid}
    assert "20200101T000000Z.bad.pem" in spaces("keys", "list", "--data", store, status=1).stderr
    one.stop()
    told = spaces("serve", "--data", store, "--listen", "127.0.0.1:0", status=None)
    assert told.returncode != 0 and "20200101T000000Z.bad.pem" in told.stderr


def test_the_last_key_stays_and_an_unknown_one_is_told(spaces, store):
    kid = generate(spaces, store)
    assert "only key" in spaces("keys", "retire", "--data", store, kid, status=1).stderr
    assert spaces("keys", "retire", "--data", store, "nothing", status=1).stderr


def test_production_starts_with_keys_of_its_own(server, spaces, store, mint, client):
    refused = spaces("serve", "--data", store, "--listen", "127.0.0.1:0", env={"ENVIRONMENT": "production"},
                     status=None)
    assert refused.returncode != 0 and "spaces keys generate" in refused.stderr and not store.exists()
    generate(spaces, store)
    one = server(env={"ENVIRONMENT": "production", "SPACES_ALLOW_LOG_MAIL": "true"})
    assert client(one, mint("ann")).get("/properties").status_code == 200


@pytest.mark.parametrize("variable,value", [("SPACES_ISSUER", "https://spaces.example/"), ("SPACES_ISSUER", "a b"),
                                            ("SPACES_AUDIENCE", ""), ("SPACES_JWT_KEYS", "/no/such/folder")])
def test_settings_that_cannot_work_are_named(spaces, store, variable, value):
    flag = {"SPACES_ISSUER": "--issuer", "SPACES_AUDIENCE": "--audience", "SPACES_JWT_KEYS": "--keys"}[variable]
    told = spaces("serve", "--data", store, "--listen", "127.0.0.1:0", f"{flag}={value}", status=None)
    assert told.returncode != 0 and variable in told.stderr
