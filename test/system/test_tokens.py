"""Bearer tokens at the door: those of `spaces token`, and what others make of them."""

import base64
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from conftest import Server, mint_token
from waiting import until


@pytest.fixture(scope="module")
def door(binary, tmp_path_factory):
    server = Server(binary, tmp_path_factory.mktemp("door") / "store", (), {})
    yield server, mint_token(binary, server.data, "ann"), (server.data / "signing.key").read_text().strip()
    server.stop()


def signed(door, claims=None, header=None, key=None):
    """The minted token with other claims, signed anew with the deployment's own key."""
    _, token, secret = door
    said = jwt.decode(token, options={"verify_signature": False})
    fields = {**jwt.get_unverified_header(token), **(header or {})}
    said.update(claims or {})
    return jwt.encode(said, secret if key is None else key, algorithm=fields["alg"], headers=fields)


def test_a_minted_token_opens(door, client):
    server, token, _ = door
    assert client(server, token).get("/properties").status_code == 200
    assert client(server, signed(door)).get("/properties").status_code == 200
    assert client(server).get("/properties").status_code == 401


NOW = int(time.time())


@pytest.mark.parametrize("claims", [
    {"exp": NOW - 1}, {"iat": NOW + 3600, "exp": NOW + 7200}, {"nbf": NOW + 3600}, {"iss": "somebody"},
    {"aud": "something"}, {"sub": "ann"}, {"userType": "owner"}, {"exp": str(NOW + 600)}, {"verified": "true"},
])
def test_wrong_claims(door, client, claims):
    answer = client(door[0], signed(door, claims)).get("/properties")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert answer.json()["type"].endswith(":invalid-token")


def test_a_token_ends_while_it_is_cached(door, client):
    ends = int(time.time()) + 10
    ann = client(door[0], signed(door, {"exp": ends}))
    assert [ann.get("/properties").status_code for _ in range(5)] == [200] * 5
    until(lambda: ann.get("/properties").status_code != 200, "it never ends")
    assert ann.get("/properties").status_code == 401 and time.time() >= ends


def test_tampered_tokens(door, client):
    server, token, _ = door
    for _ in range(3):
        assert client(server, token).get("/properties").status_code == 200
    header, claims, signature = token.split(".")
    agent = json.loads(base64.urlsafe_b64decode(claims + "=="))
    agent["userType"] = "agent"
    forged = base64.urlsafe_b64encode(json.dumps(agent).encode()).decode().rstrip("=")
    wrong = [f"{header}.{forged}.{signature}", f"{header}.{claims}.", f"{header}.{claims}", f"{token}.x",
             token + "A", token[:-1],
             jwt.encode(agent, None, algorithm="none"), signed(door, key="another secret of more than 32 bytes")]
    for at in range(0, len(token), 7):
        wrong.append(token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1:])
    for one in wrong:
        assert client(server, one).get("/properties").status_code == 401, one


def test_people_are_who_their_token_says(door, client, a_property, binary):
    server, token, _ = door
    buyer = mint_token(binary, server.data, "ben", "buyer")
    assert client(server, buyer).post("/properties", a_property()).status_code == 403
    made = client(server, token).post("/properties", a_property()).json()
    assert made["userId"] == jwt.decode(token, options={"verify_signature": False})["sub"]


def hs256(token, secret):
    """The same token signed by HMAC; PyJWT refuses to use a public key so."""
    fields = {**jwt.get_unverified_header(token), "alg": "HS256"}
    signed_part = base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=") + "." + token.split(".")[1]
    mac = hmac.digest(secret, signed_part.encode(), "sha256")
    return signed_part + "." + base64.urlsafe_b64encode(mac).decode().rstrip("=")


def test_an_rsa_key_by_variable(server, spaces, client, a_property, store):
    pem = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    text = pem.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                             serialization.NoEncryption()).decode()
    key = {"JWT_SECRET_KEY": text}
    one = server(env=key)
    token = spaces("token", "--data", store, "--type", "agent", env=key).stdout.strip()
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    claims = jwt.decode(token, pem.public_key(), algorithms=["RS256"], audience="lifestyle-spaces-api")
    assert claims["exp"] - claims["iat"] == 1800
    made = client(one, token).post("/properties", a_property())
    assert made.status_code == 201
    assert client(one, token).delete("/properties/" + made.json()["id"]).status_code == 204
    # The public key is no secret: a server that took it for one would let anybody sign.
    for form in (serialization.Encoding.PEM, serialization.Encoding.DER):
        public = pem.public_key().public_bytes(form, serialization.PublicFormat.SubjectPublicKeyInfo)
        assert client(one, hs256(token, public)).get("/properties").status_code == 401
