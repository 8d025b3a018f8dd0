"""Inquiries from outside: kill -9 between any two steps, a mail server that is away, the operator's reports.

SPACES_INQUIRY_KILLS says how often the server is killed."""

import contextlib
import email
import email.policy
import json
import os
import random
import threading
import time
import uuid

import pytest
import requests

from conftest import Client, Server, mint_token

KILLS = int(os.environ.get("SPACES_INQUIRY_KILLS", "10"))
ASKERS = 3
SECRET = "Correct-Horse-7 battery"
SETTINGS = {"SPACES_BCRYPT_COST": "4", "SPACES_JOB_LEASE": "1", "SPACES_ADDRESS_ATTEMPTS": "1000000"}
FAR_AWAY = {**SETTINGS, "SPACES_MAIL": "smtp", "SPACES_MAIL_FROM": "Lifestyle Spaces <hello@spaces.example>"}


def enlist(client, name):
    """A person with an account, logged in: a client."""
    address = f"{name}-{uuid.uuid4()}@mail.example"
    made = client.post("/auth/register", {"email": address, "password": SECRET, "name": name, "userType": "seller"})
    assert made.status_code == 201, made.text
    token = client.post("/auth/login", {"email": address, "password": SECRET}).json()["access_token"]
    return Client(client.url, token), address


def all_of(client, query=""):
    rows, cursor = [], ""
    while True:
        page = client.get(f"/inquiries?limit=100{query}{cursor}").json()
        rows += page["items"]
        if not page["nextCursor"]:
            return rows
        cursor = "&cursor=" + page["nextCursor"]


class Asker:
    """Asks about each listing under a key of its own, closes some, and knows what was answered. `doubtful`
    was asked last and not answered: it may have happened or not."""

    def __init__(self, token, listings):
        self.token = token
        self.listings = list(listings)
        self.made = {}  # listing: inquiry
        self.closed = set()
        self.doubtful = None

    def work(self, url):
        client = Client(url, self.token)
        with contextlib.suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            for listing in self.listings:
                self.doubtful = ("ask", listing)
                self.ask(client, listing)
                if random.random() < 0.5:
                    self.doubtful = ("close", listing)
                    self.close(client, listing)
            self.doubtful = None

    def ask(self, client, listing):
        body = {"propertyId": listing, "message": f"May I see {listing}?"}
        made = client.post("/inquiries", body, headers={"Idempotency-Key": listing})
        assert made.status_code == 201, made.text
        self.made[listing] = made.json()["id"]

    def close(self, client, listing):
        done = client.put(f"/inquiries/{self.made[listing]}", {"status": "closed"})
        assert done.status_code == 200 or done.json()["type"].endswith(":inquiry-closed"), done.text
        self.closed.add(self.made[listing])

    def settle(self, url):
        """Asks once more what was doubtful, as a client would; then holds the server to all that it said."""
        client = Client(url, self.token)
        what, listing = self.doubtful or (None, None)
        if what == "ask":
            self.ask(client, listing)
        elif what == "close":
            self.close(client, listing)
        rows = {row["propertyId"]: row for row in all_of(client, "&box=sent")}
        assert {listing: row["id"] for listing, row in rows.items()} == self.made
        assert {row["id"] for row in rows.values() if row["status"] == "closed"} == self.closed


def letters_in(folder, subject):
    """Message-IDs of the letters of this subject that went out."""
    found = []
    for file in folder.glob("letters/*.eml") if folder.exists() else ():
        with open(file, "rb") as text:
            letter = email.message_from_binary_file(text, policy=email.policy.default)
        if letter["Subject"].startswith(subject):
            found.append(letter["Message-ID"])
    return found


def wait_for(count, of, seconds=60):
    until = time.monotonic() + seconds
    while len(of()) < count and time.monotonic() < until:
        time.sleep(0.05)
    assert len(of()) == count


@pytest.mark.alone
@pytest.mark.timeout(120 + KILLS * 20)
def test_kill_between_any_two_steps(binary, store, spaces, a_property):
    first = Server(binary, store, (), SETTINGS)
    owner, _ = enlist(Client(first.url), "Ann")
    listings = [owner.post("/properties", a_property(title=f"House {n}")).json()["id"] for n in range(4)]
    tokens = [mint_token(binary, store, f"asker {n}", "buyer", "--minutes", "600") for n in range(ASKERS * KILLS)]
    askers = [Asker(token, listings) for token in tokens]
    serving = first
    for round_of in range(KILLS):
        crowd = askers[round_of * ASKERS:(round_of + 1) * ASKERS]
        threads = [threading.Thread(target=one.work, args=(serving.url,)) for one in crowd]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.005, 0.12))
        serving.kill()
        for thread in threads:
            thread.join(30)
        serving = Server(binary, store, (), SETTINGS)
        for one in crowd:
            one.settle(serving.url)
    owner.url = serving.url
    rows = all_of(owner)
    assert sorted(row["id"] for row in rows) == sorted(i for one in askers for i in one.made.values())
    for listing in listings:
        shown = owner.get(f"/properties/{listing}").json()
        about = [row for row in rows if row["propertyId"] == listing]
        assert shown["inquiryCount"] == len(about)
        assert shown["openInquiryCount"] == sum(row["status"] != "closed" for row in about)
        assert shown["version"] == 1
    wait_for(len(rows), lambda: letters_in(store, "A question about"))
    wait_for(sum(row["status"] == "closed" for row in rows), lambda: letters_in(store, "Closed:"))
    # A deletion that is killed behind its answer still closes all and tells.
    assert owner.delete(f"/properties/{listings[0]}").status_code == 204
    serving.kill()
    serving = Server(binary, store, (), SETTINGS)
    owner.url = serving.url
    until = time.monotonic() + 60
    while any(row["status"] != "closed" for row in all_of(owner, f"&propertyId={listings[0]}")):
        assert time.monotonic() < until, "the inquiries of a deleted listing stay open"
        time.sleep(0.05)
    serving.stop()
    assert json.loads(spaces("check", "--data", store, "--json").stdout)["damaged"] == 0


def test_letters_outlast_a_dead_mail_server(server, store, spaces, a_property):
    from mail_server import MailServer

    gone = MailServer()
    gone.close()
    serving = server(env={**FAR_AWAY, "SPACES_SMTP_URL": f"smtp://127.0.0.1:{gone.port}"})
    owner, address = enlist(Client(serving.url), "Ann")
    asker, other_address = enlist(Client(serving.url), "Ben")
    listing = owner.post("/properties", a_property()).json()["id"]
    made = asker.post("/inquiries", {"propertyId": listing, "message": "Is it quiet?"})
    assert made.status_code == 201
    until = time.monotonic() + 60
    while "job-put-off" not in serving.log():
        assert time.monotonic() < until, "nothing was tried"
        time.sleep(0.05)
    back = MailServer(port=gone.port, answers={"DATA": ["451 and again"] * 3})
    try:
        wanted = "A question about"
        until = time.monotonic() + 90
        while not [one for one in back.letters if one.message["Subject"].startswith(wanted)]:
            assert time.monotonic() < until, "the letter did not come"
            time.sleep(0.05)
        [letter] = [one for one in back.letters if one.message["Subject"].startswith(wanted)]
        asked = [one for one in back.asked if one.message["Subject"].startswith(wanted)]
        assert {one.id for one in asked} == {letter.id}
        assert letter.to == [address]
        assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert other_address not in letter.message.as_string()
    finally:
        back.close()


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
