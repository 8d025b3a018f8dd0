"""Confirming an address and replacing a forgotten password, by e-mails of a real mail server."""

import re

import requests

from mail_server import settings as mail_server_settings
from waiting import until

PASSWORD = "Correct-Horse-7"


def settings(mail):
    # Cheap hashes: what they cost is no matter here.
    return mail_server_settings(mail, SPACES_BCRYPT_COST=4, SPACES_JOB_LEASE=2)


def call(server, path, status, **body):
    answer = requests.post(f"{server.url}/api/v1/auth/{path}", json=body, timeout=60)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def register(server, email):
    return call(server, "register", 201, email=email, name="Ann", password=PASSWORD)


def token_in(email):
    text = email.message.get_body(("plain",)).get_content()
    return re.search(r"https://spaces\.example/[a-z-]+#token=([\w-]{43})\s", text).group(1)


def verified(server, email, password=PASSWORD):
    return call(server, "login", 200, email=email, password=password)["user"]["verified"]


def test_from_registration_to_another_password(server, mail_server):
    mail = mail_server()
    one = server(env=settings(mail))
    register(one, "Ann@example.com")
    [email] = mail.wait_for(1)
    assert email.to == ["Ann@example.com"] and email.sender == "hello@spaces.example"
    assert not verified(one, "ann@example.com")
    call(one, "verify-email", 204, token=token_in(email))
    assert verified(one, "ann@example.com")
    call(one, "forgot-password", 202, email="ann@EXAMPLE.com")
    reset = mail.wait_for(2)[1]
    call(one, "reset-password", 204, token=token_in(reset), password="Another-Horse-8")
    told = mail.wait_for(3)[2]
    assert "changed" in told.message["Subject"]
    call(one, "login", 401, email="ann@example.com", password=PASSWORD)
    assert verified(one, "ann@example.com", "Another-Horse-8")
    call(one, "reset-password", 422, token=token_in(reset), password="Third-Horse-9")


def test_a_registration_while_the_mail_server_is_away_is_confirmed_later(server, mail_server):
    mail = mail_server()
    mail.go_away()
    one = server(env=settings(mail))
    register(one, "ann@example.com")
    until(lambda: "job-put-off" in one.log(), "nothing was tried")
    # And the process is gone before it is back.
    one.kill()
    mail.come_back()
    again = server(env=settings(mail))
    email = mail.wait_for(1)[0]
    call(again, "verify-email", 204, token=token_in(email))
    assert verified(again, "ann@example.com")


def test_every_try_brings_a_token_that_works(server, mail_server):
    mail = mail_server()
    mail.hangs.set()
    one = server(env=settings(mail))
    register(one, "ann@example.com")
    mail.wait_for(1, what=mail.asked)
    one.kill()
    mail.hangs.clear()
    again = server(env=settings(mail))
    first, second = mail.wait_for(2, what=mail.asked)[:2]
    assert first.id == second.id and token_in(first) != token_in(second)
    call(again, "verify-email", 204, token=token_in(first))
    call(again, "verify-email", 204, token=token_in(second))
    call(again, "verify-email", 422, token=token_in(second))


def test_nobody_learns_who_has_an_account(server, mail_server):
    mail = mail_server()
    one = server(env=settings(mail))
    register(one, "ann@example.com")
    mail.wait_for(1)
    seen = set()
    for path in ("forgot-password", "resend-verification"):
        for email in ("ann@example.com", "nobody@example.com"):
            answer = requests.post(f"{one.url}/api/v1/auth/{path}", json={"email": email}, timeout=60)
            fields = {name: text for name, text in answer.headers.items() if name != "Date"}
            seen.add((answer.status_code, answer.content, repr(sorted(fields.items()))))
    assert len(seen) == 1, seen
    assert {tuple(email.to) for email in mail.wait_for(3)} == {("ann@example.com",)}
