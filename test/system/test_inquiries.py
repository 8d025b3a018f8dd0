"""Inquiries from outside: kill -9 between any two steps, a mail server that is away, the operator's reports.

SPACES_INQUIRY_KILLS says how often the server is killed."""

import collections
import contextlib
import json
import os
import random
import re
import signal
import threading
import uuid

import pytest
import requests

import dynamodb
import fault_proxy
from conftest import Client, mint_token, table_environment
from lambda_parts import Function
from waiting import some_moment, until

KILLS = int(os.environ.get("SPACES_INQUIRY_KILLS", "10"))
INQUIRERS = 3
# Nothing in it reads like a part of a random address, which a password must not hold.
SECRET = "Humphry-Wynn-6 jumpy"
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


class Inquirer:
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
                for step, chance in ((self.inquire, 1), (self.answer, 0.5), (self.close, 0.5)):
                    if random.random() < chance:
                        self.doubtful = (step, listing)
                        step(url, listing)
                        self.doubtful = None
                        self.steps += 1

    def inquire(self, url, listing):
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

    def emails(self):
        """What goes out about all that."""
        return ([(QUESTION, one, self.owner.address) for one in self.made.values()] +
                [(ANSWER, one, self.person.address) for one in self.answered] +
                [(CLOSED, one, self.owner.address) for one in self.closed])


def notifications(emails):
    """Message-IDs of all that was told of inquiries, by what, which and whom."""
    found = collections.defaultdict(list)
    for one in emails:
        for what in (QUESTION, ANSWER, CLOSED, GONE):
            if one.message["Subject"].startswith(what):
                text = one.message.get_body(("plain",)).get_content()
                found[what, re.search(r"/inquiries/([0-9a-f-]{36})", text).group(1), *one.to].append(one.id)
    return found


def check_emails(server, expected):
    """Each of these was told, and whatever came twice came under one Message-ID. How many came twice."""
    found = notifications(server.emails)
    assert sorted(found) == sorted(expected)
    assert all(len(set(ids)) == 1 for ids in found.values())
    assert len({ids[0] for ids in found.values()}) == len(found)
    return sum(len(ids) - 1 for ids in found.values())


def wait_for_jobs(spaces, store):
    """Until nothing is left to do; what there is in the table, by kind."""
    found = {}

    def done():
        found.update(json.loads(spaces("stats", "--data", store, "--json").stdout))
        return not found["jobs"]

    until(done, lambda: found["jobs"])
    return {kind: one["items"] for kind, one in found["items"].items()}


def kill_among(server, crowd):
    """kill -9 at some moment of their work."""
    threads = [threading.Thread(target=one.work, args=(server.url,)) for one in crowd]
    for thread in threads:
        thread.start()
    moment = random.randrange(2 * sum(len(one.listings) for one in crowd))
    until(lambda: sum(one.steps for one in crowd) >= moment or not any(thread.is_alive() for thread in threads))
    some_moment(0.02)
    server.kill()
    for thread in threads:
        thread.join(60)
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
    inquirers = [Inquirer(Person(binary, store, serving.url, f"Inquirer{n}", "buyer"), owner, listings)
              for n in range(INQUIRERS * KILLS)]
    interrupted = 0
    for round_of in range(KILLS):
        crowd = inquirers[round_of * INQUIRERS:(round_of + 1) * INQUIRERS]
        kill_among(serving, crowd)
        interrupted += any(one.doubtful for one in crowd)
        serving = server(env=settings)
        for one in crowd:
            one.settle(serving.url)
    assert interrupted > KILLS // 2
    rows = all_of(owner.at(serving.url))
    assert sorted(row["id"] for row in rows) == sorted(i for one in inquirers for i in one.made.values())
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
    check_emails(post_office, [email for one in inquirers for email in one.emails()] + [
        (GONE, one.made[listings[0]], one.person.address) for one in inquirers
        if one.made.get(listings[0], "") not in ("", *one.closed)])
    serving.stop()
    if os.environ["SPACES_TEST_TABLE"] == "lmdb":
        assert json.loads(spaces("check", "--data", store, "--json").stdout)["damaged"] == 0


class Strike:
    """kill -9 at the so-manieth exchange with the table: before the table hears of it, or before the server hears
    its answer. 0: never."""

    def __init__(self, server, at=0, behind=False):
        self.server = server
        self.at = at
        self.behind = behind
        self.count = 0
        self.lock = threading.Lock()
        self.struck = threading.Event()

    def __call__(self, one):
        with self.lock:
            self.count += 1
            hit = self.count == self.at
        if not hit:
            return one.reply(one.forward())
        if self.behind:
            one.forward()
        self.struck.set()
        os.kill(self.server.pid, signal.SIGKILL)


class Tale:
    """Two people ask about a listing; one is answered and closes, then the owner deletes it. Whatever strikes
    the server meanwhile, it is started again, and what was not answered is sent again."""

    def __init__(self, start, proxy):
        self.start = start
        self.proxy = proxy
        self.serving = start()
        self.emails = []  # that go out about all that

    def go_on(self):
        self.serving.kill()
        self.proxy.fault = None
        self.serving = self.start()

    def insist(self, send, status, may_be_again=lambda answer: False):
        again = False
        while True:
            try:
                answer = send(self.serving.url)
            except UNANSWERED:
                assert self.proxy.fault.struck.is_set()
                self.go_on()
                again = True
                continue
            assert answer.status_code == status or again and may_be_again(answer), answer.text
            return answer

    def inquire(self, person, listing):
        body = {"propertyId": listing, "message": "May I see it?"}
        return self.insist(lambda url: person.at(url).post("/inquiries", body, headers={"Idempotency-Key": "k"}),
                           201).json()["id"]

    def run(self, owner, ben, cid, listing):
        bens = self.inquire(ben, listing)
        self.insist(lambda url: owner.at(url).put(f"/inquiries/{bens}", {"response": "On Saturday"}), 200)
        self.insist(lambda url: ben.at(url).put(f"/inquiries/{bens}", {"status": "closed"}), 200, is_final)
        cids = self.inquire(cid, listing)
        shown = self.insist(lambda url: owner.at(url).get(f"/properties/{listing}"), 200).json()
        assert (shown["inquiryCount"], shown["openInquiryCount"]) == (2, 1)
        self.insist(lambda url: owner.at(url).delete(f"/properties/{listing}"), 204,
                    lambda answer: answer.status_code == 404)
        self.emails += [(QUESTION, bens, owner.address), (ANSWER, bens, ben.address), (CLOSED, bens, owner.address),
                         (QUESTION, cids, owner.address), (GONE, cids, cid.address)]


def is_anything_due(table):
    return dynamodb.call("Query", TableName=table, KeyConditionExpression="PK = :due",
                        ExpressionAttributeValues={":due": {"S": "DUE"}}, Select="COUNT")["Count"] > 0


def counted(table, listing):
    """How many of the listing's inquiries were made, and closed."""
    where = {"PK": {"S": f"PROPERTY#{listing}"}, "SK": {"S": "INQUIRIES"}}
    item = dynamodb.call("GetItem", TableName=table, Key=where)["Item"]
    return int(item["asked"]["N"]), int(item["closed"]["N"])


@pytest.mark.alone
@pytest.mark.embedded
@pytest.mark.timeout(120 + KILLS * 20)
def test_kill_at_any_exchange_with_dynamodb(binary, server, store, spaces, a_property, mail_server, monkeypatch):
    """At KILLS moments spread evenly over all that there are: with twice as many as exchanges, at each of them."""
    environment = dynamodb.table_environment(binary, store)
    monkeypatch.setenv("SPACES_TEST_TABLE", "dynamodb")
    table = environment["DYNAMODB_TABLE"]
    proxy = fault_proxy.FaultProxy(os.environ[dynamodb.ENDPOINT])
    post_office = mail_server()
    settings = {**mailed_by(post_office), "AWS_ENDPOINT_URL_DYNAMODB": proxy.url}
    tale = Tale(lambda: server(env=settings), proxy)
    owner, *people = [Person(binary, store, tale.serving.url, f"Person{n}") for n in range(2 * KILLS + 3)]
    listings = [owner.at(tale.serving.url).post("/properties", a_property()).json()["id"] for _ in range(KILLS + 1)]
    wait_for_jobs(spaces, store)
    exchanges, strikes, offset = 0, 0, random.random()
    for number, listing in enumerate(listings):
        strike = Strike(tale.serving)
        if number > 0:
            at, behind = divmod(int((number - 1 + offset) * 2 * exchanges / KILLS), 2)
            strike = Strike(tale.serving, at + 1, behind == 1)
        proxy.fault = strike
        tale.run(owner, *people[2 * number:2 * number + 2], listing)
        until(lambda: strike.struck.is_set() or not is_anything_due(table), "jobs are not done")
        if strike.struck.is_set():
            strikes += 1
            if proxy.fault:
                tale.go_on()
        exchanges = exchanges or strike.count
    proxy.fault = None
    there = wait_for_jobs(spaces, store)
    assert there["Inquiry"] == 2 * len(listings) and "OpenInquiry" not in there
    assert {row["status"] for row in all_of(owner.at(tale.serving.url))} == {"closed"}
    assert [len(all_of(one.at(tale.serving.url), "&box=sent")) for one in people] == [1] * len(people)
    assert [counted(table, listing) for listing in listings] == [(2, 2)] * len(listings)
    twice = check_emails(post_office, tale.emails)
    print(f"{exchanges} exchanges, {strikes} strikes of {KILLS}, {twice} e-mails came twice")
    assert strikes > KILLS // 2
    assert twice > 0 or KILLS < 2 * exchanges
    tale.serving.stop()
    proxy.stop()


def test_emails_outlast_a_dead_mail_server(binary, server, store, spaces, a_property, mail_server):
    mail = mail_server(answers={"DATA": "451 and again"})
    mail.go_away()
    serving = server(env=mailed_by(mail))
    owner = Person(binary, store, serving.url, "Ann")
    inquirer = Person(binary, store, serving.url, "Ben", "buyer")
    listing = owner.at(serving.url).post("/properties", a_property()).json()["id"]
    made = inquirer.at(serving.url).post("/inquiries", {"propertyId": listing, "message": "Is it quiet?"})
    assert made.status_code == 201
    until(lambda: re.search(r"job-put-off.*notify-inquiry-arrived", serving.log()), "nothing was tried")
    mail.come_back()

    def questions(emails):
        return [one for one in emails if one.message["Subject"].startswith(QUESTION)]

    until(lambda: len(questions(mail.asked)) > 1, "the e-mail was not tried again")
    del mail.answers["DATA"]
    wait_for_jobs(spaces, store)
    [email] = questions(mail.emails)
    tries = questions(mail.asked)
    assert len(tries) > 2 and {one.id for one in tries} == {email.id}
    check_emails(mail, [(QUESTION, made.json()["id"], owner.address)])
    assert email.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert inquirer.address not in email.message.as_string()
    shown = owner.at(serving.url).get(f"/properties/{listing}").json()
    assert (shown["inquiryCount"], shown["openInquiryCount"]) == (1, 1)


def test_reports_are_the_operators(server, mint, spaces, store, client, a_property):
    serving = server()
    owner = client(serving, mint("ann"))
    inquirer = client(serving, mint("ben", "buyer"))
    listing = owner.post("/properties", a_property(title="Loft")).json()["id"]
    inquiry = inquirer.post("/inquiries", {"propertyId": listing, "message": "Send money first"}).json()["id"]
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


def test_limits_are_kept_in_the_table(server, mint, client, a_property):
    """5 an hour, whichever process gets them, and when all of them are killed."""
    first, second = server(), server()
    ann = client(first, mint("ann"))
    listings = [ann.post("/properties", a_property(title=f"House {n}")).json()["id"] for n in range(6)]
    token = mint("ben", "buyer")

    def inquire(of, listing):
        return client(of, token).post("/inquiries", {"propertyId": listing, "message": f"And {listing}?"})

    assert [inquire((first, second)[n % 2], listings[n]).status_code for n in range(5)] == [201] * 5
    for one in (first, second):
        refused = inquire(one, listings[5])
        assert refused.status_code == 429 and 3500 < int(refused.headers["Retry-After"]) <= 3600
        one.kill()
    assert inquire(server(), listings[5]).status_code == 429


def test_a_function_tells_of_inquiries_on_its_schedule(binary, store, mail_server):
    """Nothing lives between a function's events: a schedule has its e-mails sent."""
    post_office = mail_server()
    environment = {**table_environment(binary, store), **mailed_by(post_office)}
    schedule = {"version": "0", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}
    with Function(binary, store, environment) as function:

        def send(token, method, path, body=None, status=200):
            fields = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
            answer = function.send(method, "/api/v1" + path, headers=fields, body=body)
            assert answer.status == status, (answer.body, function.log())
            return answer.json()

        def register(name, kind):
            address = f"{name}@mail.example"
            about = {"email": address, "password": SECRET, "name": name, "userType": kind}
            made = send(None, "POST", "/auth/register", about, 201)
            return address, mint_token(binary, store, made["id"], kind)

        (anns, ann), (bens, ben) = register("ann", "seller"), register("ben", "buyer")
        loft = send(ann, "POST", "/properties", {"title": "Loft with a view", "price": 1, "city": "Kent", "state": "WA",
                                                 "zipCode": "98030"}, 201)["id"]
        made = send(ben, "POST", "/inquiries", {"propertyId": loft, "message": "Is it quiet?"}, 201)["id"]
        [row] = send(ann, "GET", "/inquiries?status=new")["items"]
        assert (row["id"], row["inquirerEmail"]) == (made, bens)
        assert not post_office.emails
        expected = [(QUESTION, made, anns)]
        for change, email in ((None, None), ({"response": "Very"}, (ANSWER, made, bens)),
                               ({"status": "closed"}, (CLOSED, made, bens))):
            if change:
                send(ann, "PUT", f"/inquiries/{made}", change)
                expected.append(email)
            assert function.api.invoke(schedule).kind == "response"
            check_emails(post_office, expected)
        shown = send(ann, "GET", f"/properties/{loft}")
        assert (shown["inquiryCount"], shown["openInquiryCount"]) == (1, 0)
        assert send(ben, "GET", f"/inquiries/{made}")["response"] == "Very"
