"""Which passwords a deployment takes, by the rule that it names, wherever one is chosen: registering, changing and
after a reset. Its own words are those of its e-mails' sender and of its public URL."""

import re

import pytest
from test_accounts import CHEAP, log_in, register
from waiting import until

pytestmark = pytest.mark.embedded

SITE = {**CHEAP, "SPACES_PUBLIC_URL": "https://shop.my-market.example", "SPACES_MAIL_FROM": "Casa Bonita <a@b.example>"}
# By rule: what is taken, and what is refused for which reason.
CHOICES = {
    "composition": (
        ["Correct-Horse-8", "Aa1-5678", "Батарея скоба 8"],
        {"Aa1-567": "too-short", "correct-horse-8": "too-simple", "CORRECT-HORSE-8": "too-simple",
         "Correct-Horse-x": "too-simple", "CorrectHorse8": "too-simple", "Password1!": "common", "Aaaa1234-": "common"},
    ),
    "length": (
        ["correct horse", "батареяскоба", "4815162342 4", "Correct-Horse-8"],
        {"Aa1-5678901": "too-short", "éééééé": "too-short", "123456789012": "common", "aaaaaaaaaaaa": "common",
         "12password3456": "common"},
    ),
}
# Under both: as they are, with letters that look alike, and taken apart.
FOR_ALL = {
    "Lifestyle-77-x": "own-word", "l1f3$tyl3-Ab-c": "own-word", "Green.Spaces.7": "own-word",
    "$p4c3s-for-All-7": "own-word",
    "L-i-f-e-S-t-y-l-e-7": "own-word", "Casa-Verde-77x": "own-word", "8on1ta-For-Ever": "own-word",
    "My-Market-2026x": "own-word", "M@rket-Place-7x": "own-word", "The-Shop-is-7x": "own-word",
    "Ann.Zebulon-77": "personal", "Zebul0n-77-xyz": "personal", "z3bu1oN-77-abc": "personal",
}


@pytest.fixture(params=CHOICES)
def chosen(request, server, client):
    rule = {} if request.param == "composition" else {"SPACES_PASSWORD_POLICY": request.param}
    one = server(env={**SITE, **rule})
    taken, refused = CHOICES[request.param]
    return one, client(one), taken, {**refused, **FOR_ALL}


def ann(anyone, number, password):
    return register(anyone, f"ann.zebulon{number}@example.com", password, name="Ann Zebulon")


def codes(answer):
    assert answer.status_code == 422, answer.text
    return [row["code"] for row in answer.json()["errors"]]


def test_registering(chosen):
    _, anyone, taken, refused = chosen
    for number, password in enumerate(taken):
        assert ann(anyone, number, password).status_code == 201, password
        assert log_in(anyone, f"ann.zebulon{number}@example.com", password).status_code == 200
    for password, code in refused.items():
        assert codes(ann(anyone, 99, password)) == [code], password
    assert codes(ann(anyone, 99, "Aa1-" + "x" * 69)) == ["too-long"]


def test_changing(chosen, client):
    one, anyone, taken, refused = chosen
    now = "quite-Another-7"
    assert ann(anyone, 0, now).status_code == 201
    person = client(one, log_in(anyone, "ann.zebulon0@example.com", now).json()["access_token"])
    for password, code in refused.items():
        change = {"currentPassword": now, "newPassword": password}
        assert codes(person.put("/users/me/password", change)) == [code], password
    for password in taken:
        change = {"currentPassword": now, "newPassword": password}
        assert person.put("/users/me/password", change).status_code == 204, password
        now = password


def test_after_a_reset(chosen):
    one, anyone, taken, refused = chosen
    assert ann(anyone, 0, "quite-Another-7").status_code == 201
    assert anyone.post("/auth/forgot-password", {"email": "ann.zebulon0@example.com"}).status_code == 202

    def token_of_the_email():
        texts = "".join(path.read_text() for path in (one.data / "outbox").glob("*.eml"))
        return next(iter(re.findall(r"reset-password#token=([\w-]+)", texts)), None)

    token = until(token_of_the_email, "no e-mail came")
    for password, code in refused.items():
        assert codes(anyone.post("/auth/reset-password", {"token": token, "password": password})) == [code], password
    assert anyone.post("/auth/reset-password", {"token": token, "password": taken[0]}).status_code == 204
    assert log_in(anyone, "ann.zebulon0@example.com", taken[0]).status_code == 200


def test_a_word_of_another_service_is_none_of_ours(server, client):
    one = server(env=CHEAP)
    assert register(client(one), "ann@example.com", "My-Market-2026x").status_code == 201
