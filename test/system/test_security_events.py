"""Security events: a line each in the log of a whole run, and nothing in it that is a person's or a secret. What
operators do about people and listings, as a running server sees it."""

import base64
import json
import re

from conftest import events_of, table_environment
from lambda_parts import Function
from test_accounts import CHEAP, PASSWORD, log_in, register
from waiting import until

WRONG = "Wrong-Horse-7"


def events(one):
    """The lines about security events."""
    rows = [json.loads(line) for line in list(one.lines) if line.startswith("{")]
    return [row for row in rows if row.get("category") == "security"]


def named(one, name):
    return [row for row in events(one) if row["event"] == name]


def test_a_whole_run_leaves_its_lines_and_no_secret(server, client, a_property):
    one = server(env=CHEAP, public=True)
    anyone = client(one)
    account = register(anyone, "ann@example.com", userType="buyer").json()["id"]
    assert register(anyone, "ann@example.com").status_code == 409
    refused = log_in(anyone, "ann@example.com", WRONG)
    assert refused.status_code == 401
    assert log_in(anyone, "nobody@example.com", WRONG).status_code == 401
    for _ in range(10):
        last = log_in(anyone, "ben@example.com", WRONG)
    assert log_in(anyone, "ben@example.com", WRONG).status_code == 429 and last.status_code == 401
    tokens = log_in(anyone, "ann@example.com").json()
    renewed = anyone.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]}).json()
    again = anyone.post("/auth/refresh", {"refresh_token": renewed["refresh_token"]}).json()
    assert anyone.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
    assert client(one, again["access_token"]).get("/users/me").status_code == 401
    assert client(one, "made.up.token").get("/users/me").status_code == 401
    twice = base64.urlsafe_b64encode(b'{"cat@example.com":1,"cat@example.com":1}').decode().rstrip("=")
    assert client(one, f"{twice}.{twice}.x").get("/users/me").status_code == 401
    assert anyone.post("/auth/refresh", {"refresh_token": f"{twice}.{twice}.x"}).status_code == 401
    tokens = log_in(anyone, "ann@example.com").json()
    ann = client(one, tokens["access_token"])
    assert ann.post("/properties", a_property()).status_code == 403
    change = {"currentPassword": PASSWORD, "newPassword": "Battery-Staple-8"}
    assert ann.put("/users/me/password", {**change, "currentPassword": WRONG}).status_code == 422
    assert ann.put("/users/me/password", change).status_code == 204
    assert anyone.post("/auth/forgot-password", {"email": "ann@example.com"}).status_code == 202
    second = client(one, log_in(anyone, "ann@example.com", "Battery-Staple-8").json()["access_token"])
    assert second.post("/auth/logout", None).status_code == 204
    assert ann.send("DELETE", "/users/me", {"password": "Battery-Staple-8"}).status_code == 204

    until(lambda: named(one, "account-deleted"), "the last line did not come")
    for name in ("registered", "login-succeeded", "token-refreshed", "password-changed", "session-ended",
                 "account-deleted", "password-change-refused", "access-forbidden", "email-requested"):
        rows = named(one, name)
        assert rows and all(row["account"] == account for row in rows), name
    assert {row["why"] for row in named(one, "login-failed")} == {"wrong-password", "no-account"}
    instances = [row["instance"] for row in named(one, "login-failed")]
    assert refused.json()["instance"] in instances, "a line is found by what the client saw"
    assert named(one, "login-limited") and named(one, "registration-refused") and named(one, "token-refused")
    assert any(row["why"].startswith("session ended by reuse") for row in named(one, "refresh-refused"))
    for row in events(one):
        assert row.get("address", "127.0.0.0/24") == "127.0.0.0/24", "the network alone, unless it is asked for"
    text = one.log()
    for secret in (PASSWORD, WRONG, "Battery-Staple-8", "ann@example.com", "ben@example.com", "cat@", "Somebody",
                   tokens["access_token"], tokens["refresh_token"], "made.up.token", "127.0.0.1\""):
        assert secret not in text, secret
    assert not re.search(r"eyJ[A-Za-z0-9_-]{20}", text), "no token at all"


def test_every_session_that_ends_leaves_its_line(server, client):
    one = server(env=CHEAP)
    anyone = client(one)
    account = register(anyone, "ann@example.com").json()["id"]
    first = log_in(anyone, "ann@example.com").json()["access_token"]
    [oldest] = [row["id"] for row in client(one, first).get("/users/me/sessions").json()["items"]]
    for _ in range(40):
        last = log_in(anyone, "ann@example.com").json()["access_token"]

    def ended(why):
        return [row for row in named(one, "session-ended") if row["why"] == why]

    until(lambda: ended("too-many"), "one login more than forty")
    assert [row["session"] for row in ended("too-many")] == [oldest]
    assert client(one, first).get("/users/me").status_code == 401
    change = {"currentPassword": PASSWORD, "newPassword": "Battery-Staple-8"}
    assert client(one, last).put("/users/me/password", change).status_code == 204
    until(lambda: len(ended("password-changed")) == 39, "all the others")
    assert anyone.post("/auth/forgot-password", {"email": "ann@example.com"}).status_code == 202
    outbox = one.data / "outbox"

    def reset_token():
        texts = [path.read_text() for path in outbox.glob("*.eml")]
        return next((found[1] for text in texts if (found := re.search(r"reset-password#token=([\w-]+)", text))), None)

    until(reset_token, "no e-mail came")
    reset = {"token": reset_token(), "password": "Another-Horse-9"}
    assert anyone.post("/auth/reset-password", reset).status_code == 204
    until(lambda: len(ended("password-reset")) == 1, "the last one")
    ann, again = (client(one, log_in(anyone, "ann@example.com", "Another-Horse-9").json()["access_token"])
                  for _ in range(2))
    [another] = [row["id"] for row in ann.get("/users/me/sessions").json()["items"] if not row["current"]]
    assert ann.send("DELETE", "/users/me/sessions/" + another).status_code == 204
    assert again.get("/users/me").status_code == 401
    assert ann.send("DELETE", "/users/me", {"password": "Another-Horse-9"}).status_code == 204
    until(lambda: named(one, "account-deleted"), "the account is gone")
    assert len(ended("by-its-owner")) == len(ended("account-deleted")) == 1
    sessions = [row["session"] for row in named(one, "session-ended")]
    assert len(sessions) == len(set(sessions)) == len(named(one, "login-succeeded")), "as many as ever began, once each"
    assert all(row["account"] == account and row["address"] for row in named(one, "session-ended"))


def test_keys_that_come_and_go_leave_their_lines(server, spaces, store):
    first = json.loads(spaces("keys", "generate", "--json", "--data", store).stdout)["kid"]
    one = server()
    later = json.loads(spaces("keys", "generate", "--delay-hours", 3, "--json", "--data", store).stdout)["kid"]
    until(lambda: [row for row in named(one, "signing-keys") if row["came"] == later], "a key that does not sign yet")
    spaces("keys", "retire", later, "--data", store)
    until(lambda: [row for row in named(one, "signing-keys") if row["went"] == later], "it went")
    assert {row["signs"] for row in named(one, "signing-keys")} == {first}


def test_addresses_are_written_as_the_deployment_wants(server, client):
    for policy, seen in (("full", "127.0.0.1"), ("none", None)):
        one = server(env={**CHEAP, "SPACES_LOG_ADDRESSES": policy})
        log_in(client(one), "nobody@example.com", WRONG)
        until(lambda: named(one, "login-failed"), "no line")
        assert named(one, "login-failed")[0].get("address") == seen
        one.stop()


def test_who_is_suspended_is_out_everywhere_and_back_afterwards(server, client, spaces, a_property):
    first = server(env=CHEAP, public=True)
    second = server(data=first.data, env=CHEAP, public=True)
    anyone = client(first)
    account = register(anyone, "ann@example.com", userType="seller").json()["id"]
    token = log_in(anyone, "ann@example.com").json()["access_token"]
    here, there = client(first, token), client(second, token)
    listing = here.post("/properties", a_property()).json()["id"]
    assert there.get("/users/me").status_code == 200

    done = spaces("users", "suspend", "ANN@example.com", "--reason", "Fraud, reported twice", "--data", first.data)
    assert account in done.stdout
    ended, line = events_of(done)
    assert (ended["event"], ended["account"], ended["why"]) == ("session-ended", account, "suspended")
    assert line["event"] == "operator-command" and line["subject"] == account and "ann@example.com" not in done.stderr
    until(lambda: here.get("/users/me").status_code == 401, "the first server still lets her in")
    until(lambda: there.get("/users/me").status_code == 401, "the second server still lets her in")
    answer = log_in(anyone, "ann@example.com")
    assert answer.status_code == 403 and answer.json()["type"].endswith("account-suspended")
    assert "Fraud, reported twice" in answer.json()["detail"]
    assert log_in(anyone, "ann@example.com", WRONG).status_code == 401, "only the right password hears of it"
    until(lambda: client(second).get("/properties/" + listing).status_code == 404, "the listing is still public")
    shown = json.loads(spaces("users", "show", account, "--json", "--data", first.data).stdout)
    assert shown["suspended"] and shown["suspendedBecause"] == "Fraud, reported twice" and shown["sessions"] == 0
    spaces("users", "suspend", account, "--reason", "again", "--data", first.data, status=1)

    spaces("users", "restore", account, "--reason", "It was a mistake", "--data", first.data)
    until(lambda: client(second).get("/properties/" + listing).status_code == 200, "the listing does not come back")
    assert log_in(anyone, "ann@example.com").status_code == 200
    told = json.loads(spaces("audit", "--json", "--subject", account, "--data", first.data).stdout)["entries"]
    assert [row["action"] for row in told] == ["users restore", "users suspend"]
    assert told[1]["reason"] == "Fraud, reported twice" and told[1]["by"]
    outbox = "".join(path.read_text() for path in (first.data / "outbox").glob("*.eml"))
    assert "Your account was suspended" in outbox and "Your account is open again" in outbox


def test_who_is_suspended_is_out_of_functions_too(server, client, spaces, binary, store):
    one = server(env=CHEAP)
    register(client(one), "ann@example.com")
    token = log_in(client(one), "ann@example.com").json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    with Function(binary, store, {**CHEAP, **table_environment(binary, store)}) as function:
        assert function.send("GET", "/api/v1/users/me", headers=headers).status == 200
        spaces("users", "suspend", "ann@example.com", "--reason", "Fraud", "--data", store)
        until(lambda: function.send("GET", "/api/v1/users/me", headers=headers).status == 401, "it still lets her in")
        refused = function.send("POST", "/api/v1/auth/login", headers={"content-type": "application/json"},
                                body={"email": "ann@example.com", "password": PASSWORD})
        assert refused.status == 403 and refused.json()["type"].endswith("account-suspended")


def test_sessions_are_ended_and_addresses_confirmed(server, client, spaces):
    one = server(env=CHEAP)
    anyone = client(one)
    account = register(anyone, "ann@example.com").json()["id"]
    ann = client(one, log_in(anyone, "ann@example.com").json()["access_token"])
    assert ann.get("/users/me").json()["verified"] is False
    spaces("users", "confirm-email", account, "--reason", "By telephone", "--data", one.data)
    assert ann.get("/users/me").json()["verified"] is True
    found = json.loads(spaces("users", "list", "--text", "ANN@", "--json", "--data", one.data).stdout)["users"]
    assert [row["id"] for row in found] == [account]
    spaces("users", "end-sessions", account, "--reason", "A lost telephone", "--data", one.data)
    until(lambda: ann.get("/users/me").status_code == 401, "the session goes on")
    spaces("users", "end-sessions", account, "--reason", "two\nlines", "--data", one.data, status=2)
    spaces("users", "show", "nobody@example.com", "--data", one.data, status=1)


def test_a_listing_is_taken_down_and_restored(server, client, spaces, a_property):
    one = server(env=CHEAP, public=True)
    anyone = client(one)
    account = register(anyone, "ann@example.com", userType="seller").json()["id"]
    ann = client(one, log_in(anyone, "ann@example.com").json()["access_token"])
    listing = ann.post("/properties", a_property()).json()["id"]
    spaces("listings", "take-down", listing, "--reason", "The photographs are not of this house", "--data", one.data)
    assert anyone.get("/properties/" + listing).status_code == 404
    assert ann.get("/properties/" + listing).json()["takedownReason"] == "The photographs are not of this house"
    rows = json.loads(spaces("listings", "list", "--json", "--data", one.data).stdout)["listings"]
    assert [(row["id"], row["owner"]) for row in rows] == [(listing, account)]
    outbox = one.data / "outbox"
    until(lambda: any("not of this house" in path.read_text() for path in outbox.glob("*.eml")), "nobody is told")
    spaces("listings", "restore", listing, "--reason", "They are", "--data", one.data)
    assert anyone.get("/properties/" + listing).status_code == 200
    until(lambda: any("They are" in path.read_text() for path in outbox.glob("*.eml")), "nobody is told of the end")
    told = json.loads(spaces("audit", "--json", "--data", one.data).stdout)["entries"]
    assert [row["action"] for row in told] == ["listings restore", "listings take-down"]
