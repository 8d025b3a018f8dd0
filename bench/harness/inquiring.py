"""Inquiries, each durable before its answer, beside publishing them, and a seller's page of questions."""

import base64
import hashlib
import hmac
import json
import random
import shutil
import time
import urllib.request
import uuid

from harness import machine, writing
from harness.report import Row, median

CLIENTS = 64
REQUESTS = 4000
TIMES_CREATE_MAX = 1.5
PAGE_CPU_US_MAX = 60.0
LISTINGS = 100
RECEIVED = 2000  # questions in the box whose newest page is read
INQUIRIES_EACH = 5  # what one person may send in an hour
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
    """As many as each may send in an hour, everybody's first before anybody's second: nobody sends two together."""
    tokens = {person: signer.token(person) for person in people}
    chosen = {person: random.sample(listings, INQUIRIES_EACH) for person in people}
    for turn in range(INQUIRIES_EACH):
        for person in people:
            listing = chosen[person][turn]
            body = {"propertyId": listing, "message": f"Is {listing[:8]} still free? {person}"}
            yield f"Authorization: Bearer {tokens[person]}\t{json.dumps(body)}"


def listings_of_many(signer, count):
    """Each of another seller, in one of as many towns as there are listings to inquire about, at any price: their keys
    lie as far apart as those of questions do."""
    for number in range(count):
        body = writing.LISTING | {"city": f"Town {random.randrange(LISTINGS)}", "price": random.randrange(10**5, 10**6)}
        body["title"] = f"House number {number} on the hill"
        yield f"Authorization: Bearer {signer.token(uuid.uuid4())}\t{json.dumps(body)}"


def rows(bench):
    return [*inquiry_rows(inquiry_rounds(bench)), page_row(page_rounds(bench))]


def target(bench, name, path):
    return bench.file(f"{name}.targets", [f"/api/v1/{path}"])


def publish(server, token):
    return [post(server, "/properties", writing.LISTING, token)["id"] for _ in range(LISTINGS)]


def register(server, name, kind, **more):
    person = {"email": f"{name}@mail.example", "name": f"Person {name}", "password": "Correct-Horse-7 b"}
    return post(server, "/auth/register", person | {"userType": kind} | more)["id"]


def with_spare(requests):
    """Each client has one under way when enough were answered, and the last turn may answer one of each."""
    return requests + 2 * CLIENTS


def post_each(bench, server, name, path, lines, requests=REQUESTS):
    return bench.load(
        server,
        target(bench, name, path),
        cores=machine.ALL_CORES,
        requests=requests,
        clients=CLIENTS,
        once=bench.file(f"{name}.once", lines),
    )


def inquire(bench, server, signer, listings, requests=REQUESTS):
    people = [uuid.uuid4() for _ in range(with_spare(requests) // INQUIRIES_EACH + 1)]
    return post_each(bench, server, "inquire", "inquiries", questions(signer, people, listings), requests)


def inquiry_rounds(bench):
    """Creates of one seller, and of many; questions to a seller who gets e-mails (files, written meanwhile), and to
    one who has left."""
    data = bench.scratch / "asked"
    shutil.rmtree(data, ignore_errors=True)
    body = bench.file("listing.json", [json.dumps(writing.LISTING)])
    taken = {"create": [], "spread": [], "inquire": [], "unheard": []}
    with open(bench.scratch / "asked.log", "wb") as log:
        with bench.server(data, loops=0, cores=machine.ALL_CORES, environment=SETTINGS, log=log) as server:
            signer = Signer(bench, data)
            heard = signer.token(register(server, "seller", "seller"))
            listings = {"inquire": publish(server, heard), "unheard": publish(server, signer.seller)}
            create = {"clients": CLIENTS, "post": body, "field": f"Authorization: Bearer {heard}"}
            for number in range(bench.rounds):
                bench.say(f"inquiries: round {number + 1} of {bench.rounds}")
                taken["create"].append(
                    bench.load(
                        server,
                        target(bench, "create", "properties"),
                        cores=machine.ALL_CORES,
                        requests=REQUESTS,
                        **create,
                    )
                )
                spread = listings_of_many(signer, with_spare(REQUESTS))
                taken["spread"].append(post_each(bench, server, "spread", "properties", spread))
                for kind, about in listings.items():
                    taken[kind].append(inquire(bench, server, signer, about))
    shutil.rmtree(data, ignore_errors=True)
    return taken


def page_rounds(bench):
    """A page of which every row is another person with an account, among the questions of others, in silence."""
    data = bench.scratch / "received"
    shutil.rmtree(data, ignore_errors=True)
    taken = []
    with open(bench.scratch / "received.log", "wb") as log:
        with bench.server(data, loops=0, cores=machine.ALL_CORES, environment=SETTINGS, log=log) as server:
            signer = Signer(bench, data)
            listings = publish(server, signer.seller)
            inquire(bench, server, signer, listings, RECEIVED)
            for number in range(PEOPLE):
                person = register(server, f"p{number}", "buyer", phoneNumber="+12065550100")
                body = {"propertyId": listings[number], "message": "Is it quiet there? May I see it on Saturday?"}
                post(server, "/inquiries", body, signer.token(person))
            while json.loads(machine.run([bench.spaces, "stats", "--data", data, "--json"]))["jobs"]:
                time.sleep(0.5)
        # One loop on a core of its own, as for all figures of CPU.
        with bench.server(data, environment=SETTINGS, log=log) as server:
            owner = f"Authorization: Bearer {signer.seller}"
            for _ in range(bench.rounds):
                page = target(bench, "page", "inquiries?limit=20")
                taken.append(bench.load(server, page, clients=16, field=owner, warm_up=0.2))
    shutil.rmtree(data, ignore_errors=True)
    return taken


def inquiry_rows(taken):
    """Beside creates of one seller in one town, whose keys follow each other, and beside those of as many people."""

    def rate(kind):
        return median([one["per_second"] for one in taken[kind]])

    def times(kind, limit):
        return median([create["per_second"] / one["per_second"] for create, one in zip(taken[limit], taken[kind])])

    def spent(kind):
        return f"{median([one['cpu_us'] for one in taken[kind]]):.0f} µs"

    def row(name, limit, called, note):
        ratio = times("inquire", limit)
        return Row(
            name,
            f"durable inquiries, {CLIENTS} clients",
            rate("inquire"),
            "/s",
            f"≤ {TIMES_CREATE_MAX} x",
            ratio <= TIMES_CREATE_MAX,
            rate(limit),
            called,
            ratio,
            [note],
            {kind: taken[kind] for kind in ("inquire", "unheard", limit)},
        )

    return [
        row(
            f"inquire-{CLIENTS}",
            "create",
            "durable creates/s",
            f"{spent('inquire')} CPU each, a create {spent('create')}; e-mails are written meanwhile. To a seller who "
            f"gets none: {rate('unheard'):,.0f}/s, {times('unheard', 'create'):.2f} times, {spent('unheard')}",
        ),
        row(
            f"inquire-{CLIENTS}-spread",
            "spread",
            "creates/s of many",
            f"such a create, of another seller each, in {LISTINGS} towns, at all prices: {spent('spread')}",
        ),
    ]


def page_row(taken):
    spent = median([one["cpu_us"] for one in taken])
    return Row(
        "page-received",
        "page of 20 received, with contacts",
        spent,
        "µs CPU",
        f"≤ {PAGE_CPU_US_MAX:.0f} µs",
        spent <= PAGE_CPU_US_MAX,
        detail={"page": taken},
    )
