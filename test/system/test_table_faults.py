"""The marketplace on a DynamoDB behind a network that fails: what was acknowledged is there, once; everybody
is answered in time; and when the fault is over, so is what it did."""

import concurrent.futures
import http.server
import json
import os
import random
import subprocess
import threading
import uuid

import pytest

import fault_proxy
from conftest import Client, Server, clean_environment, missing_part, person
from waiting import until

pytestmark = pytest.mark.embedded

WRITERS = 8
# What a fault has done to them by then shows.
DISTURBED_MIN = 20
# A listing and its owner's count are written together.
WRITE = "TransactWriteItems"


@pytest.fixture(scope="module")
def upstream():
    endpoint = os.environ.get("SPACES_TEST_DYNAMODB_ENDPOINT", "")
    if not endpoint:
        missing_part("a DynamoDB", "scripts/with-dynamodb starts one")
    if not endpoint.startswith("http://127."):
        pytest.skip("the proxy leads to a DynamoDB on this machine only")
    return endpoint


def dynamodb(endpoint):
    import boto3
    return boto3.client("dynamodb", endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id="test",
                        aws_secret_access_key="test")


def on_table(proxy, table, **more):
    return {"SPACES_TABLE": "dynamodb", "DYNAMODB_TABLE": table, "AWS_ENDPOINT_URL_DYNAMODB": proxy.url,
            "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "KEY1", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_EC2_METADATA_DISABLED": "true", "SPACES_PUBLIC_LISTINGS": "true", "JWT_SECRET_KEY": "k" * 32, **more}


def started(binary, store, env):
    """A server with these settings, and a seller's token for it."""
    one = Server(binary, store, (), env)
    made = subprocess.run([str(binary), "token", "--user", person("ann"), "--type", "seller"], capture_output=True,
                          text=True, timeout=60, stdin=subprocess.DEVNULL, env=clean_environment(**env))
    assert made.returncode == 0, made.stderr
    one.token = made.stdout.split()[-1]
    return one


@pytest.fixture
def proxy(upstream):
    one = fault_proxy.FaultProxy(upstream)
    yield one
    one.stop()


@pytest.fixture
def table(upstream, spaces):
    """A table of the test's own."""
    name = f"faults-{uuid.uuid4().hex[:12]}"
    keys = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    spaces("table", "create", "--no-deletion-protection",
           env={**keys, "AWS_ENDPOINT_URL_DYNAMODB": upstream, "DYNAMODB_TABLE": name})
    yield name
    dynamodb(upstream).delete_table(TableName=name)


@pytest.fixture
def market(binary, proxy, table, store):
    """The server on this table behind the proxy, and one seller's token."""
    one = started(binary, store, on_table(proxy, table))
    yield one
    one.stop()


class Writer:
    """One client that publishes and changes listings, tries again what was not acknowledged, as a well-behaved
    one does, and remembers what was."""

    def __init__(self, server, a_property, name):
        self.client = Client(server.url, server.token)
        self.a_property = a_property
        self.name = name
        self.published = {}  # title -> id
        self.changes = {}  # id -> [acknowledged, perhaps]
        self.strange = []

    def send(self, what, *arguments, **more):
        """Everybody is answered: one who is not, within three times limits::request_time_max, ends the test."""
        answer = what(*arguments, **more)
        if answer.status_code not in (200, 201, 503):
            self.strange.append((answer.status_code, answer.text))
        if answer.status_code == 503 and "Retry-After" not in answer.headers:
            self.strange.append((503, "without Retry-After"))
        return answer

    def publish(self):
        title = f"{self.name} number {len(self.published)} of this street"
        body, key = self.a_property(title=title), {"Idempotency-Key": title.replace(" ", "-")}

        def published():
            answer = self.send(self.client.post, "/properties", body, headers=key)
            if answer.status_code == 201:
                self.published[title] = answer.json()["id"]
                self.changes[answer.json()["id"]] = [0, 0]
            return answer.status_code == 201

        until(published, lambda: f"{title} cannot be published")

    def change(self):
        id = random.choice(list(self.changes))
        answer = self.send(self.client.patch, f"/properties/{id}", {"price": random.randrange(1000, 10_000_000)})
        self.changes[id][0 if answer.status_code == 200 else 1] += 1

    def run(self, ended):
        self.publish()
        while not ended.is_set():
            if self.changes and random.random() < 0.6:
                self.change()
            else:
                self.publish()


def stored_properties(upstream, table):
    """The listings as DynamoDB has them, around everything of ours."""
    pages = dynamodb(upstream).get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    items = [item for page in pages for item in page["Items"]]
    listings = [item for item in items if item["PK"]["S"].startswith("PROPERTY#")]
    return {item["PK"]["S"].removeprefix("PROPERTY#"): item for item in listings}


def counted_listings(upstream, table):
    """As the seller's own count has it."""
    key = {"PK": {"S": f"USER#{person('ann')}"}, "SK": {"S": "LISTINGS"}}
    item = dynamodb(upstream).get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    return int(item["made"]["N"]) - int(item["removed"]["N"])


@pytest.mark.parametrize("fault", [*fault_proxy.ALL, "any"], ids=lambda one: getattr(one, "__name__", one))
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(fault, market, proxy, table, upstream, a_property):
    writers = [Writer(market, a_property, f"Writer {number}") for number in range(WRITERS)]
    proxy.fault = fault_proxy.sometimes(fault_proxy.ALL if fault == "any" else [fault], 0.4)
    ended = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(one.run, ended) for one in writers]
        try:
            until(lambda: proxy.disturbed >= DISTURBED_MIN, "nothing is disturbed")
        finally:
            ended.set()
            proxy.fault = None
        for one in running:
            one.result(timeout=120)

    stored = stored_properties(upstream, table)
    titles = sorted(item["title"]["S"] for item in stored.values())
    for one in writers:
        assert not one.strange
        for title, id in one.published.items():
            assert titles.count(title) == 1
            acknowledged, perhaps = one.changes[id]
            changed = int(stored[id]["version"]["N"]) - 1
            assert acknowledged <= changed <= acknowledged + perhaps, (title, acknowledged, perhaps, changed)
    assert sum(len(one.published) for one in writers) == len(titles)
    assert counted_listings(upstream, table) == len(titles), "each is counted once"
    assert proxy.disturbed > 0


@pytest.mark.parametrize("fault", [fault_proxy.silent_before, fault_proxy.cut_before, fault_proxy.throttled,
                                   fault_proxy.failed_after], ids=lambda one: one.__name__)
def test_an_outage_is_answered_in_time_and_over_when_it_is_over(fault, market, proxy, a_property):
    made = Client(market.url, market.token).post("/properties", a_property()).json()["id"]
    callers = 100  # more than there are connections to the table
    proxy.fault = fault
    proxy.cut_all()

    def read(_):
        return Client(market.url).get(f"/properties/{made}").status_code

    with concurrent.futures.ThreadPoolExecutor(callers) as pool:
        assert set(pool.map(read, range(callers))) == {503}
        seen = sum(proxy.seen.values())
        running = [pool.submit(read, number) for number in range(callers)]
        until(lambda: sum(proxy.seen.values()) > seen + 10)
        proxy.fault = None
        until(lambda: read(0) == 200, "it is not over")
        until(lambda: Client(market.url, market.token).post("/properties", a_property()).status_code == 201)
        for one in running:
            assert one.result(timeout=60) in (200, 503)


def test_a_clock_that_is_ten_minutes_wrong(market, proxy, a_property):
    for minutes in (10, -10, 0):
        refused = []
        proxy.fault = fault_proxy.on_another_clock(minutes, refused)
        writes = []
        for _ in range(2):
            seen = proxy.seen[WRITE]
            made = Client(market.url, market.token).post("/properties", a_property())
            assert made.status_code == 201, made.text
            writes.append(proxy.seen[WRITE] - seen)
        # The clock is set by the first that is refused: the write, or what the server looked for of itself. One that
        # was under way with the old time just then is refused, too: three at most, since two threads look.
        assert writes[0] >= 1 + refused.count(WRITE) and refused.count(WRITE) <= 1, (writes, refused)
        assert 1 <= len(refused) <= 3, refused


class KeyGiver(http.server.BaseHTTPRequestHandler):
    """ECS's agent; each answer has new keys."""

    def do_GET(self):
        self.server.given += 1
        text = json.dumps({"AccessKeyId": f"KEY{self.server.given}", "SecretAccessKey": "secret", "Token": "token",
                           "Expiration": "2099-01-01T00:00:00Z"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@pytest.fixture
def key_giver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), KeyGiver)
    server.given = 0
    runner = threading.Thread(target=server.serve_forever)
    runner.start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield server
    server.shutdown()
    runner.join()
    server.server_close()


def test_credentials_that_expire_under_way(binary, proxy, table, store, key_giver, a_property):
    keys = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_CONTAINER_CREDENTIALS_FULL_URI": key_giver.url}
    market = started(binary, store, on_table(proxy, table, **keys))
    first = key_giver.given
    writers = [Writer(market, a_property, f"Writer {number}") for number in range(WRITERS)]
    ended = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(one.run, ended) for one in writers]
        try:
            until(lambda: all(one.published for one in writers))
            proxy.fault = fault_proxy.expired_for("KEY1")
            until(lambda: key_giver.given > first)
            before = [len(one.published) for one in writers]
            until(lambda: all(len(one.published) > had for one, had in zip(writers, before)))
        finally:
            ended.set()
        for one in running:
            one.result(timeout=120)
    for one in writers:
        assert not one.strange
    assert "ExpiredToken" not in market.log(), "it cost nobody an answer"
    market.stop()
    assert key_giver.given == first + 1
    assert "secret" not in market.log() and "KEY1" not in market.log()


def test_64_writers_of_one_listing(binary, proxy, table, store, upstream, a_property):
    """All of them get their turn. A busy machine may keep an exchange for longer than the second after which it is not
    known whether a write happened, and 503 is right: then it is tried again, as a client does."""
    market = started(binary, store, on_table(proxy, table, AWS_ENDPOINT_URL_DYNAMODB=upstream))
    made = Client(market.url, market.token).post("/properties", a_property()).json()["id"]

    perhaps = []

    def change(number):
        def changed():
            answer = Client(market.url, market.token).patch(f"/properties/{made}", {"price": 100_000 + number})
            assert answer.status_code in (200, 503), answer.text
            if answer.status_code == 503:
                perhaps.append(number)
                return None
            return answer.json()["version"]

        return until(changed)

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        versions = list(pool.map(change, range(64)))
    assert len(set(versions)) == 64 and min(versions) > 1
    last = int(stored_properties(upstream, table)[made]["version"]["N"])
    assert max(versions) <= last and 65 <= last <= 65 + len(perhaps)
    market.stop()


# ---- Tables that are not what they should be

def refusal(spaces, store, proxy, table):
    done = spaces("serve", "--listen", "127.0.0.1:0", "--data", store, status=None,
                  env=on_table(proxy, table))
    assert done.returncode not in (0, -11, -6)
    return done.stderr


def test_a_table_that_is_not_there(spaces, store, proxy):
    assert "The DynamoDB table 'not-there' does not exist" in refusal(spaces, store, proxy, "not-there")


def test_a_table_that_is_being_created(spaces, store, proxy, table):
    def fault(one):
        answer = one.forward()
        if one.operation == "DescribeTable":
            body = answer.split(b"\r\n\r\n", 1)[1].replace(b'"ACTIVE"', b'"CREATING"')
            answer = one.compose(200, body)
        one.reply(answer)

    proxy.fault = fault
    assert f"The DynamoDB table '{table}' is being created" in refusal(spaces, store, proxy, table)


def test_a_table_of_another_shape(spaces, store, proxy, upstream):
    name = f"another-{uuid.uuid4().hex[:12]}"
    dynamodb(upstream).create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                                    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    assert f"The DynamoDB table '{name}' has another shape" in refusal(spaces, store, proxy, name)
    dynamodb(upstream).delete_table(TableName=name)
