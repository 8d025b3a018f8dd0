"""E-mails to a real mail server: TLS, logins, refusals, a server that is away, a process that is killed."""

import json
import re

import pytest

from mail_server import PASSWORD, USER, make_certificate, settings
from waiting import until


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"), "127.0.0.1")


def with_login(server, certificate, **more):
    return settings(server, SPACES_SMTP_CA=certificate[0], SPACES_SMTP_USER=USER, SPACES_SMTP_PASSWORD=PASSWORD, **more)


@pytest.mark.parametrize("tls,scheme", [("starttls", "smtp"), ("implicit", "smtps")])
def test_an_email_goes_out_over_tls_with_a_login(spaces, mail_server, certificate, tls, scheme):
    server = mail_server(tls=tls, certificate=certificate[1], login=True)
    done = spaces("mail", "ann@example.com", env=with_login(server, certificate, scheme=scheme))
    [email] = server.emails
    assert email.over_tls and email.user == USER and {one[0] for one in server.logins} <= {"PLAIN", "LOGIN"}
    assert email.sender == "hello@spaces.example" and email.to == ["ann@example.com"]
    [author] = email.message["From"].addresses
    assert (author.display_name, author.addr_spec) == ("Lifestyle Spaces", "hello@spaces.example")
    assert [one.addr_spec for one in email.message["To"].addresses] == ["ann@example.com"]
    assert email.id == re.search(r"<\S+@spaces\.example>", done.stdout).group()
    assert [part.get_content_type() for part in email.message.iter_parts()] == ["text/plain", "text/html"]
    assert "https://spaces.example" in email.message.get_body(("plain",)).get_content()
    assert not email.message.defects


@pytest.mark.parametrize("tls,scheme", [("starttls", "smtp"), ("implicit", "smtps")])
def test_nothing_goes_to_a_server_that_is_not_who_it_should_be(spaces, mail_server, certificate, tmp_path, tls, scheme):
    server = mail_server(tls=tls, certificate=certificate[1], login=True)
    # Its authority is not ours.
    other = make_certificate(tmp_path / "other", "127.0.0.1")
    done = spaces("mail", "ann@example.com", env=with_login(server, other, scheme=scheme), status=1)
    assert "certificate" in done.stderr
    # Its certificate has another name.
    done = spaces("mail", "ann@example.com", status=1,
                  env=with_login(server, certificate, scheme=scheme, host="localhost"))
    assert "localhost" in done.stderr
    assert server.logins == [] and server.asked == []


def test_nothing_goes_out_unencrypted_but_to_this_machine(spaces, mail_server):
    server = mail_server()
    # The same address, spelt so that it does not count as loopback.
    done = spaces("mail", "ann@example.com", env=settings(server, host="[::ffff:127.0.0.1]"), status=1)
    assert "STARTTLS" in done.stderr and server.asked == []
    spaces("mail", "ann@example.com", env=settings(server))
    assert len(server.emails) == 1 and not server.emails[0].over_tls


def test_a_wrong_password_is_told_without_it(spaces, mail_server, certificate):
    server = mail_server(tls="starttls", certificate=certificate[1], login=True)
    env = with_login(server, certificate) | {"SPACES_SMTP_PASSWORD": "quite wrong"}
    done = spaces("mail", "ann@example.com", env=env, status=1)
    assert "(535)" in done.stderr and "quite wrong" not in done.stdout + done.stderr
    assert server.asked == []


def test_addresses_of_all_alphabets(spaces, mail_server):
    server = mail_server()
    spaces("mail", "ann@müller.example", env=settings(server))
    spaces("mail", "jörg@example.com", env=settings(server))
    assert server.emails[0].to == ["ann@xn--mller-kva.example"]
    assert "ann@xn--mller-kva.example" in str(server.emails[0].message["To"])
    assert server.emails[1].to == ["jörg@example.com"] and "SMTPUTF8" in server.emails[1].options


def test_an_address_brings_no_header_fields_and_no_commands(spaces, mail_server):
    server = mail_server()
    for address in ("ann@example.com\r\nBcc: ben@example.com", "ann@example.com>\r\nRCPT TO:<ben@example.com",
                    "ann@example.com, ben@example.com", "ann"):
        spaces("mail", address, env=settings(server), status=1)
    assert server.asked == []


def test_settings_that_cannot_work_stop_the_start(spaces, store):
    def told(**env):
        return spaces("serve", "--data", store, "--listen", "127.0.0.1:0", env=env, status=None).stderr

    assert "SPACES_SMTP_URL" in told(SPACES_MAIL="smtp")
    assert "SPACES_SMTP_URL" in told(SPACES_MAIL="smtp", SPACES_SMTP_URL="mail.example.org")
    assert "SPACES_SMTP_CA" in told(SPACES_MAIL="smtp", SPACES_SMTP_URL="smtp://127.0.0.1:1", SPACES_SMTP_CA="/no/file")
    assert "SPACES_MAIL" in told(SPACES_MAIL="pigeon")
    assert "SPACES_MAIL_FROM" in told(SPACES_MAIL_FROM="nobody")
    assert not store.exists()


def test_in_development_emails_go_into_a_folder(server, spaces, store, tmp_path):
    server()
    spaces("mail", "--as-job", "--data", store, "ann@example.com")
    until(lambda: list((store / "outbox").glob("*.eml")), "no e-mail")
    [file] = (store / "outbox").glob("*.eml")
    assert file.stat().st_mode & 0o777 == 0o600 and "ann@example.com" in file.read_text()


def jobs(spaces, store):
    return json.loads(spaces("stats", "--json", "--data", store).stdout)["jobs"]


def test_an_email_that_is_refused_for_now_comes_again_as_the_same_email(server, spaces, store, mail_server):
    mail = mail_server(answers={"RCPT": ["450 come back later"], "DATA": ["451 and again"]})
    server(env=settings(mail))
    asked = spaces("mail", "--as-job", "--data", store, "ann@example.com", env=settings(mail))
    [email] = mail.wait_for(1)
    assert len(mail.asked) == 2 and {one.id for one in mail.asked} == {email.id}
    assert email.id in asked.stdout
    until(lambda: jobs(spaces, store) == {}, "the job is still there")


@pytest.mark.parametrize("answers", [{"RCPT": "550 no such person"}, {"DATA": "554 we do not like it"}])
def test_an_email_that_is_refused_for_good_is_kept_as_failed_and_named(server, spaces, store, mail_server, answers):
    mail = mail_server(answers=answers)
    serving = server(env=settings(mail))
    spaces("mail", "--as-job", "--data", store, "ann@example.com", env=settings(mail))
    until(lambda: jobs(spaces, store) == {"send-test": {"due": 0, "failed": 1}}, "it did not fail")
    until(lambda: "job-failed" in serving.log(), "the log does not name it")
    assert "ann@example.com" not in serving.log()


def test_while_the_mail_server_is_away_nothing_is_lost(server, spaces, store, mail_server):
    mail = mail_server()
    env = settings(mail)
    mail.go_away()
    serving = server(env=env)
    ids = {re.search(r"<\S+>", spaces("mail", "--as-job", "--data", store, f"p{n}@example.com", env=env).stdout).group()
           for n in range(5)}
    until(lambda: "job-put-off" in serving.log(), "nothing was tried")
    assert sum(one["due"] for one in jobs(spaces, store).values()) == 5
    mail.come_back()
    assert {email.id for email in mail.wait_for(5)} == ids
    until(lambda: jobs(spaces, store) == {}, "jobs are left")
    assert len(mail.emails) == 5


def test_an_email_of_a_killed_process_goes_out_as_the_same_email(server, spaces, store, mail_server):
    mail = mail_server()
    mail.hangs.set()
    env = settings(mail) | {"SPACES_JOB_LEASE": "2"}
    first = server(env=env)
    spaces("mail", "--as-job", "--data", store, "ann@example.com", env=env)
    mail.wait_for(1, what=mail.asked)
    # The mail server has the e-mail, and nobody here knows.
    first.kill()
    mail.hangs.clear()
    server(env=env)
    mail.wait_for(2, what=mail.asked)
    assert len({email.id for email in mail.asked}) == 1
    until(lambda: jobs(spaces, store) == {}, "the job is left")
