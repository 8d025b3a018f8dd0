"""Inquiries from outside: kill -9 between any two steps, a mail server that is away, the operator's reports.

SPACES_INQUIRY_KILLS says how often the server is killed."""

import collections
import contextlib
import json
import os
import random
import re
import threading
import time
import uuid

import pytest
import requests

from conftest import Client, mint_token

KILLS = int(os.environ.get("SPACES_INQUIRY_KILLS", "10"))
ASKERS = 3
SECRET = "Correct-Horse-7 battery"
SETTINGS = {"SPACES_BCRYPT_COST": "4", "SPACES_JOB_LEASE": "1", "SPACES_ADDRESS_ATTEMPTS": "1000000",
            "SPACES_MAIL": "smtp", "SPACES_MAIL_FROM": "Lifestyle Spaces <hello@spaces.example>"}
QUESTION, ANSWER, CLOSED, GONE = "A question about", "An answer about", "Closed:", "No longer offered:"


def mailed_by(server):
    return {**SETTINGS, "SPACES_SMTP_URL": f"smtp://127.0.0.1:{server.port}"}


class Person:
    """Somebody with an account, and a token that outlasts the test. Ask again: the server may be another by then."""

    def __init__(self, binary, store, url, name, kind="seller"):
        self.address = f"{name}-{uuid.uuid4()}@mail.example".lower()
        made = Client(url).post("/auth/register", {"email": self.address, "password": SECRET, "name": name,
                                                   "userType": kind})
        assert made.status_code == 201, made.text
        self.token = mint_token(binary, store, made.json()["id"], kind, "--minutes", "600")

    def at(self, url):
        return Client(url, self.token)


def all_of(client, query=""):
    rows, cursor = [], ""
    while True:
        page = client.get(f"/inquiries?limit=100{query}{cursor}").json()
        rows += page["items"]
        if not page["nextCursor"]:
            return rows
        cursor = "&cursor=" + page["nextCursor"]


UNANSWERED = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def is_final(answer):
    return answer.status_code == 409 and answer.json()["type"].endswith(":inquiry-closed")


class Asker:
    """Asks about each listing under a key of its own, is answered about some and closes some, and knows what was
    acknowledged. `doubtful` was sent last and not answered: it may have happened or not."""

    def __init__(self, person, owner, listings):
        self.person = person
        self.owner = owner
        self.listings = list(listings)
        self.made = {}  # listing: inquiry
        self.answered = set()
        self.closed = set()
        self.doubtful = None
        self.steps = 0

    def work(self, url):
        with contextlib.suppress(*UNANSWERED):
            for listing in self.listings:
                for step, chance in ((self.ask, 1), (self.answer, 0.5), (self.close, 0.5)):
                    if random.random() < chance:
                        self.doubtful = (step, listing)
                        step(url, listing)
                        self.doubtful = None
                        self.steps += 1

    def ask(self, url, listing):
        body = {"propertyId": listing, "message": f"May I see {listing}?"}
        made = self.person.at(url).post("/inquiries", body, headers={"Idempotency-Key": listing})
        assert made.status_code == 201, made.text
        self.made[listing] = made.json()["id"]

    def answer(self, url, listing):
        done = self.owner.at(url).put(f"/inquiries/{self.made[listing]}", {"response": "On Saturday"})
        assert done.status_code == 200, done.text
        self.answered.add(self.made[listing])

    def close(self, url, listing):
        done = self.person.at(url).put(f"/inquiries/{self.made[listing]}", {"status": "closed"})
        assert done.status_code == 200 or self.doubtful and is_final(done), done.text
        self.closed.add(self.made[listing])

    def settle(self, url):
        """Sends once more what was doubtful, as a client would; then holds the server to all that it said."""
        if self.doubtful:
            step, listing = self.doubtful
            step(url, listing)
        rows = all_of(self.person.at(url), "&box=sent")
        assert sorted((row["propertyId"], row["id"]) for row in rows) == sorted(self.made.items())
        for row in rows:
            answered = "responded" if row["id"] in self.answered else "new"
            assert row["status"] == ("closed" if row["id"] in self.closed else answered)

    def letters(self):
        """What goes out about all that."""
        return ([(QUESTION, one, self.owner.address) for one in self.made.values()] +
                [(ANSWER, one, self.person.address) for one in self.answered] +
                [(CLOSED, one, self.owner.address) for one in self.closed])


def told(letters):
    """Message-IDs of all that was told of inquiries, by what, which and whom."""
    found = collections.defaultdict(list)
    for one in letters:
        for what in (QUESTION, ANSWER, CLOSED, GONE):
            if one.message["Subject"].startswith(what):
                text = one.message.get_body(("plain",)).get_content()
                found[what, re.search(r"/inquiries/([0-9a-f-]{36})", text).group(1), *one.to].append(one.id)
    return found


def check_letters(server, expected):
    """Each of these was told, and whatever came twice came under one Message-ID. How many came twice."""
    found = told(server.letters)
    assert sorted(found) == sorted(expected)
    assert all(len(set(ids)) == 1 for ids in found.values())
    assert len({ids[0] for ids in found.values()}) == len(found)
    return sum(len(ids) - 1 for ids in found.values())


def wait_for_jobs(spaces, store, seconds=90):
    """Until nothing is left to do; what there is in the table, by kind."""
    until = time.monotonic() + seconds
    while True:
        found = json.loads(spaces("stats", "--data", store, "--json").stdout)
        if not found["jobs"]:
            return {kind: one["items"] for kind, one in found["items"].items()}
        assert time.monotonic() < until, found["jobs"]
        time.sleep(0.1)


def kill_among(server, crowd):
    """kill -9 at some moment of their work."""
    threads = [threading.Thread(target=one.work, args=(server.url,)) for one in crowd]
    for thread in threads:
        thread.start()
    moment = random.randrange(2 * sum(len(one.listings) for one in crowd))
    while sum(one.steps for one in crowd) < moment and any(thread.is_alive() for thread in threads):
        time.sleep(0.0005)
    time.sleep(random.uniform(0, 0.01))
    server.kill()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def check_counts(owner, listings, rows):
    for listing in listings:
        shown = owner.get(f"/properties/{listing}").json()
        about = [row for row in rows if row["propertyId"] == listing]
        assert shown["inquiryCount"] == len(about)
        assert shown["openInquiryCount"] == sum(row["status"] != "closed" for row in about)
        assert shown["version"] == 1


@pytest.mark.alone
@pytest.mark.timeout(120 + KILLS * 20)
def test_kill_between_any_two_steps(binary, server, store, spaces, a_property, mail_server):
    post_office = mail_server()
    settings = mailed_by(post_office)
    serving = server(env=settings)
    owner = Person(binary, store, serving.url, "Ann")
    listings = [owner.at(serving.url).post("/properties", a_property(title=f"House {n}")).json()["id"]
                for n in range(4)]
    askers = [Asker(Person(binary, store, serving.url, f"Asker{n}", "buyer"), owner, listings)
              for n in range(ASKERS * KILLS)]
    interrupted = 0
    for round_of in range(KILLS):
        crowd = askers[round_of * ASKERS:(round_of + 1) * ASKERS]
        kill_among(serving, crowd)
        interrupted += any(one.doubtful for one in crowd)
        serving = server(env=settings)
        for one in crowd:
            one.settle(serving.url)
    assert interrupted > KILLS // 2
    rows = all_of(owner.at(serving.url))
    assert sorted(row["id"] for row in rows) == sorted(i for one in askers for i in one.made.values())
    check_counts(owner.at(serving.url), listings, rows)
    # A deletion that is killed behind its answer still closes all and tells.
    assert owner.at(serving.url).delete(f"/properties/{listings[0]}").status_code == 204
    serving.kill()
    serving = server(env=settings)
    there = wait_for_jobs(spaces, store)
    still_open = [row["id"] for row in all_of(owner.at(serving.url)) if row["status"] != "closed"]
    assert sorted(still_open) == sorted(row["id"] for row in rows
                                        if row["status"] != "closed" and row["propertyId"] != listings[0])
    assert there["Inquiry"] == len(rows) and there.get("OpenInquiry", 0) == len(still_open)
    check_letters(post_office, [letter for one in askers for letter in one.letters()] + [
        (GONE, one.made[listings[0]], one.person.address) for one in askers
        if one.made.get(listings[0], "") not in ("", *one.closed)])
    serving.stop()
    if os.environ["SPACES_TEST_TABLE"] == "lmdb":
        assert json.loads(spaces("check", "--data", store, "--json").stdout)["damaged"] == 0


def wait_until(holds, otherwise, seconds=90):
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(0.05)


def test_letters_outlast_a_dead_mail_server(binary, server, store, spaces, a_property, mail_server):
    gone = mail_server()
    gone.close()
    serving = server(env=mailed_by(gone))
    owner = Person(binary, store, serving.url, "Ann")
    asker = Person(binary, store, serving.url, "Ben", "buyer")
    listing = owner.at(serving.url).post("/properties", a_property()).json()["id"]
    made = asker.at(serving.url).post("/inquiries", {"propertyId": listing, "message": "Is it quiet?"})
    assert made.status_code == 201
    wait_until(lambda: re.search(r"job-put-off.*tell-inquiry-arrived", serving.log()), "nothing was tried")
    back = mail_server(port=gone.port, answers={"DATA": "451 and again"})

    def questions(letters):
        return [one for one in letters if one.message["Subject"].startswith(QUESTION)]

    wait_until(lambda: len(questions(back.asked)) > 1, "the letter was not tried again")
    del back.answers["DATA"]
    wait_for_jobs(spaces, store)
    [letter] = questions(back.letters)
    asked = questions(back.asked)
    assert len(asked) > 2 and {one.id for one in asked} == {letter.id}
    check_letters(back, [(QUESTION, made.json()["id"], owner.address)])
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert asker.address not in letter.message.as_string()
    shown = owner.at(serving.url).get(f"/properties/{listing}").json()
    assert (shown["inquiryCount"], shown["openInquiryCount"]) == (1, 1)


def test_reports_are_the_operators(server, mint, spaces, store, client, a_property):
    serving = server()
    owner = client(serving, mint("ann"))
    asker = client(serving, mint("ben", "buyer"))
    listing = owner.post("/properties", a_property(title="Loft")).json()["id"]
    inquiry = asker.post("/inquiries", {"propertyId": listing, "message": "Send money first"}).json()["id"]
    assert owner.post(f"/inquiries/{inquiry}/report", {"reason": "A fraud"}).status_code == 204

    def listed(*flags):
        return json.loads(spaces("reports", "list", "--data", store, "--json", *flags).stdout)["reports"]

    [report] = listed()
    assert (report["reason"], report["message"], report["inquiryId"]) == ("A fraud", "Send money first", inquiry)
    assert "A fraud" in spaces("reports", "list", "--data", store).stdout
    spaces("reports", "resolve", report["id"], "--data", store, "--note", "Account ended")
    assert listed() == []
    [resolved] = listed("--resolved")
    assert resolved["note"] == "Account ended" and resolved["resolvedAt"]
    assert "resolved before" in spaces("reports", "resolve", report["id"], "--data", store, status=1).stderr
    assert "No such report" in spaces("reports", "resolve", inquiry, "--data", store, status=1).stderr
    spaces("reports", "resolve", "first", "--data", store, status=2)
