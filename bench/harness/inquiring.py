"""Asking about listings, each durable before its answer, beside publishing them; and a seller's page of questions."""

import base64
import hashlib
import hmac
import json
import random
import shutil
import urllib.request
import uuid

from harness import machine, writing
from harness.report import Row, median

CLIENTS = 64
REQUESTS = 4000
TIMES_CREATE_MAX = 1.5
PAGE_CPU_US_MAX = 60.0
LISTINGS = 100
ASKED_EACH = 5  # what one person may ask in an hour
PEOPLE = 40  # with accounts, whose names and addresses are on the page
SECRET = "a secret of the benchmarks, longer than 32 bytes"
SETTINGS = {"JWT_SECRET_KEY": SECRET, "SPACES_BCRYPT_COST": "4", "SPACES_ADDRESS_ATTEMPTS": "1000000"}


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Signer:
    """Tokens for many people: as `spaces token` makes them, of others."""

    def __init__(self, bench, data):
        words = [bench.spaces, "token", "--data", data, "--type", "seller", "--minutes", 1440]
        self.seller = machine.run(words, environment=SETTINGS).split()[-1]
        self.head, claims, _ = self.seller.split(".")
        self.claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))

    def token(self, person):
        claims = encoded(json.dumps({**self.claims, "sub": str(person)}, separators=(",", ":")).encode())
        text = f"{self.head}.{claims}"
        return f"{text}.{encoded(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest())}"


def post(server, path, body, token=None):
    fields = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/api/v1{path}", json.dumps(body).encode(), fields, method="POST"
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def questions(signer, people, listings):
    """As many as each may ask in an hour, everybody's first before anybody's second: nobody asks two at once."""
    tokens = {person: signer.token(person) for person in people}
    wishes = {person: random.sample(listings, ASKED_EACH) for person in people}
    for turn in range(ASKED_EACH):
        for person in people:
            listing = wishes[person][turn]
            body = {"propertyId": listing, "message": f"Is {listing[:8]} still free? {person}"}
            yield f"Authorization: Bearer {tokens[person]}\t{json.dumps(body)}"


def rows(bench):
    data = bench.scratch / "asked"
    shutil.rmtree(data, ignore_errors=True)
    body = bench.file("listing.json", [json.dumps(writing.LISTING)])
    targets = {
        name: bench.file(f"{name}.targets", [f"/api/v1/{path}"])
        for name, path in (("create", "properties"), ("ask", "inquiries"), ("page", "inquiries?limit=20"))
    }
    taken = {"create": [], "ask": [], "page": []}
    with bench.server(data, loops=0, cores=machine.ALL_CORES, environment=SETTINGS) as server:
        signer = Signer(bench, data)
        listings = [post(server, "/properties", writing.LISTING, signer.seller)["id"] for _ in range(LISTINGS)]
        for number in range(bench.rounds):
            bench.say(f"inquiries: round {number + 1} of {bench.rounds}")
            create = {"clients": CLIENTS, "post": body, "field": f"Authorization: Bearer {signer.seller}"}
            taken["create"].append(
                bench.load(server, targets["create"], cores=machine.ALL_CORES, requests=REQUESTS, **create)
            )
            # Each client has one under way when enough were answered, and the last turn may answer one of each.
            people = [uuid.uuid4() for _ in range((REQUESTS + 2 * CLIENTS) // ASKED_EACH + 1)]
            once = bench.file("asked.once", questions(signer, people, listings))
            taken["ask"].append(
                bench.load(
                    server, targets["ask"], cores=machine.ALL_CORES, requests=REQUESTS, clients=CLIENTS, once=once
                )
            )
        with_accounts(server, signer, listings)
        owner = f"Authorization: Bearer {signer.seller}"
        for _ in range(bench.rounds):
            taken["page"].append(bench.load(server, targets["page"], clients=16, field=owner, warm_up=0.2))
    shutil.rmtree(data, ignore_errors=True)
    return [ask_row(taken), page_row(taken)]


def with_accounts(server, signer, listings):
    """The newest questions are those of people who can be reached."""
    for number in range(PEOPLE):
        person = {"email": f"p{number}@mail.example", "name": f"Person {number}", "password": "Correct-Horse-7 b"}
        made = post(server, "/auth/register", person | {"phoneNumber": "+12065550100", "userType": "buyer"})
        body = {"propertyId": listings[number], "message": "Is it quiet there? May I see it on Saturday?"}
        post(server, "/inquiries", body, signer.token(made["id"]))


def ask_row(taken):
    times = median(
        [create["per_second"] / ask["per_second"] for create, ask in zip(taken["create"], taken["ask"])]
    )
    return Row(
        f"ask-{CLIENTS}",
        f"durable inquiries, {CLIENTS} clients",
        median([one["per_second"] for one in taken["ask"]]),
        "/s",
        f"≤ {TIMES_CREATE_MAX} x",
        times <= TIMES_CREATE_MAX,
        median([one["per_second"] for one in taken["create"]]),
        "durable creates/s",
        times,
        [
            f"{median([one['cpu_us'] for one in taken['ask']]):.0f} µs CPU each, "
            f"a create {median([one['cpu_us'] for one in taken['create']]):.0f}; letters are sent meanwhile"
        ],
        {"ask": taken["ask"], "create": taken["create"]},
    )


def page_row(taken):
    spent = median([one["cpu_us"] for one in taken["page"]])
    return Row(
        "page-received",
        "page of 20 received, with contacts",
        spent,
        "µs CPU",
        f"≤ {PAGE_CPU_US_MAX:.0f} µs",
        spent <= PAGE_CPU_US_MAX,
        detail={"page": taken["page"]},
    )
