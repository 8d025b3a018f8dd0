"""kill -9 under concurrent writes, again and again, and a disk without room. SPACES_KILL_CYCLES says how often."""

import concurrent.futures
import contextlib
import json
import os
import random
import resource
import subprocess
import threading

import pytest
import requests

from conftest import Client, Server, mint_token
from waiting import some_moment, until

pytestmark = pytest.mark.embedded

KILL_CYCLES = int(os.environ.get("SPACES_KILL_CYCLES", "30"))
WRITERS = 6


class Writer:
    """Creates, changes and deletes listings of its own, and knows what was acknowledged. `doubtful` is
    what was asked last and not answered: it may have happened or not."""

    def __init__(self, number, body):
        self.dice = random.Random(number)
        self.body = body
        self.known = {}  # id: (price, version)
        self.doubtful = None
        self.acknowledged = 0

    def work(self, client, stop):
        with contextlib.suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            while not stop.is_set():
                self.step(client)

    def step(self, client):
        kind = self.dice.randrange(4) if self.known else 0
        price = self.dice.randrange(1, 1_000_000)
        if kind < 2:
            self.doubtful = ("create", None, price)
            made = client.post("/properties", {**self.body, "price": price})
            assert made.status_code == 201, made.text
            self.known[made.json()["id"]] = (price, 1)
        else:
            one = self.dice.choice(sorted(self.known))
            self.doubtful = ("change" if kind == 2 else "delete", one, price)
            if kind == 2:
                changed = client.patch(f"/properties/{one}", {"price": price})
                assert changed.status_code == 200, changed.text
                self.known[one] = (price, changed.json()["version"])
            else:
                gone = client.delete(f"/properties/{one}")
                assert gone.status_code == 204, gone.text
                del self.known[one]
        self.doubtful = None
        self.acknowledged += 1

    def settle(self, client):
        """Holds the server to all that it acknowledged; what was doubtful is known afterwards."""
        what, which, price = self.doubtful or (None, None, None)
        for one, (had, version) in list(self.known.items()):
            read = client.get(f"/properties/{one}")
            if one == which and what == "delete" and read.status_code == 404:
                del self.known[one]
                continue
            assert read.status_code == 200, f"{one} was acknowledged and is gone"
            seen = (read.json()["price"], read.json()["version"])
            if one == which and what == "change" and seen == (price, version + 1):
                self.known[one] = seen
            else:
                assert seen == (had, version), one
        self.doubtful = None


def everything_of(client):
    ids, cursor = [], ""
    while True:
        page = client.get(f"/properties?owner=me&limit=100{cursor}").json()
        ids += [row["id"] for row in page["items"]]
        if not page["nextCursor"]:
            return ids
        cursor = "&cursor=" + page["nextCursor"]


def check_is_clean(spaces, folder):
    found = json.loads(spaces("check", "--data", folder, "--json", status=0).stdout)
    assert found["damaged"] == 0 and found["items"] > 0


@pytest.mark.alone
@pytest.mark.timeout(60 + KILL_CYCLES * 10)
def test_kill_under_concurrent_writes(binary, store, spaces, a_property):
    writers = [Writer(number, a_property()) for number in range(WRITERS)]
    tokens = None
    for cycle in range(KILL_CYCLES + 1):
        server = Server(binary, store, (), {})
        tokens = tokens or [mint_token(binary, store, f"seller {n}", "seller", "--minutes", "1000")
                            for n in range(WRITERS)]
        clients = [Client(server.url, token) for token in tokens]
        try:
            with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
                list(pool.map(lambda pair: pair[0].settle(pair[1]), zip(writers, clients)))
                for writer, client in zip(writers, clients):
                    seen = everything_of(client)
                    # A create that was not answered may be there; whatever else is, was acknowledged.
                    assert len(seen) == len(set(seen)) and set(writer.known) <= set(seen)
                    for one in set(seen) - set(writer.known):
                        assert client.delete(f"/properties/{one}").status_code == 204
                if cycle == KILL_CYCLES:
                    break
                stop = threading.Event()
                working = [pool.submit(writer.work, client, stop) for writer, client in zip(writers, clients)]
                begun = sum(writer.acknowledged for writer in writers)
                until(lambda: sum(writer.acknowledged for writer in writers) > begun, server.log)
                some_moment(0.2)
                server.kill()
                stop.set()
                for one in working:
                    one.result(60)
            check_is_clean(spaces, store)
        finally:
            for client in clients:
                client.session.close()
            if server.running():
                server.stop() if cycle == KILL_CYCLES else server.kill()
    check_is_clean(spaces, store)
    assert sum(writer.acknowledged for writer in writers) > KILL_CYCLES


# ---- A full disk

def fill(client, body):
    """Publishes until there is no room: (what was acknowledged, the refusal)."""
    made = []
    for _ in range(3000):
        answer = client.post("/properties", body)
        if answer.status_code != 201:
            return made, answer
        made.append(answer.json()["id"])
    raise AssertionError("the disk is never full")


def holds_when_full(client, body):
    made, refusal = fill(client, body)
    assert made, "not one fits"
    assert refusal.status_code == 507
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert refusal.json()["type"].endswith(":storage-full")
    for _ in range(3):
        assert client.post("/properties", body).status_code == 507
    for one in made:
        assert client.get(f"/properties/{one}").json()["description"] == body["description"]
    assert client.get("/health").status_code == 200
    assert set(everything_of(client)) == set(made)
    return made


def goes_on(client, body, made):
    answer = client.post("/properties", body)
    assert answer.status_code == 201, answer.text
    assert client.delete(f"/properties/{made[0]}").status_code == 204
    assert set(everything_of(client)) == {*made[1:], answer.json()["id"]}


@pytest.mark.alone
def test_a_file_at_its_size_limit(binary, store, spaces, client, a_property):
    Server(binary, store, (), {}).stop()
    most = (store / "table.lmdb").stat().st_size + 2_000_000

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    server = Server(binary, store, (), {}, preexec=limit)
    try:
        ann = client(server, mint_token(binary, store, "ann"))
        body = a_property(description="x" * 20000)
        made = holds_when_full(ann, body)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        goes_on(ann, body, made)
    finally:
        server.stop()
    check_is_clean(spaces, store)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 4 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs root: the size limit of a file is tested all the same")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.alone
def test_a_full_disk(binary, small_disk, spaces, client, a_property):
    server = Server(binary, small_disk / "store", (), {})
    try:
        ann = client(server, mint_token(binary, server.data, "ann"))
        body = a_property(description="x" * 20000)
        made = holds_when_full(ann, body)
        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        goes_on(ann, body, made)
        server.kill()
        server = Server(binary, small_disk / "store", (), {})
        assert len(everything_of(client(server, mint_token(binary, server.data, "ann")))) == len(made)
    finally:
        server.stop()
    check_is_clean(spaces, small_disk / "store")
