"""spaces table copy between the embedded store and a DynamoDB, both ways."""

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import threading

import dynamodb
import fault_proxy
import pytest
from conftest import clean_environment, sentences_of
from waiting import SECONDS_MAX, until

pytestmark = pytest.mark.embedded
# Items of the people whom `spaces demo` makes: a user and a credential for each of seven.
PEOPLE = 14


@pytest.fixture
def table(spaces):
    """A DynamoDB table of the test's own: table.place, table.environment; table.spaces runs a command."""
    class Table:
        environment = dynamodb.aws_environment()
        name = dynamodb.new_table_name()
        place = f"dynamodb:{name}"

        def spaces(self, *arguments, **more):
            return spaces(*arguments, env=self.environment, **more)

        def copy(self, source, destination, *flags, **more):
            done = self.spaces("table", "copy", "--from", source, "--to", destination, "--json", *flags, **more)
            assert sentences_of(done) == [], done.stderr
            return json.loads(done.stdout)

    one = Table()
    one.spaces("table", "create", "--name", one.name)
    return one


def exported(spaces, data):
    return sorted(spaces("export", "--format", "jsonl", "--data", data).stdout.splitlines())


def test_there_and_back_is_the_same(table, spaces, store, tmp_path, server, client):
    spaces("demo", "--count", 500, "--data", store)
    there = table.copy(f"lmdb:{store}", table.place)
    assert there["same"] and not there["again"]
    assert (there["read"], there["sourceItems"], there["destinationItems"]) == (500 + PEOPLE,) * 3
    back = tmp_path / "back"
    home = table.copy(table.place, f"lmdb:{back}")
    assert home["same"] and home["sourceDigest"] == there["sourceDigest"]
    assert exported(spaces, back) == exported(spaces, store)
    spaces("check", "--data", back)
    # A cursor that a client holds goes on where it was.
    first = client(server(public=True)).get("/properties?limit=3").json()
    second = client(server(data=back, public=True))
    page = second.get("/properties", headers=None) if not first["nextCursor"] else second.get(
        f"/properties?limit=3&cursor={first['nextCursor']}")
    assert page.status_code == 200 and len(page.json()["items"]) == 3


def test_again_it_writes_only_what_changed(table, spaces, store):
    spaces("demo", "--count", 200, "--data", store)
    table.copy(f"lmdb:{store}", table.place)
    spaces("demo", "--count", 20, "--seed", 2, "--add", "--data", store)
    again = table.copy(f"lmdb:{store}", table.place)
    assert again["same"] and again["again"]
    assert (again["written"], again["unchanged"]) == (20, 200 + PEOPLE)


def is_pending(pid, number):
    """Whether the process has not taken the signal yet (proc(5))."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{pid}/status") as facts:
        return any(int(line.split()[1], 16) >> (number - 1) & 1 for line in facts if line.startswith("ShdPnd:"))
    return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_ended_in_the_middle_and_run_again(binary, table, spaces, store, number):
    spaces("demo", "--count", 3000, "--data", store)
    puts, reached, go_on = itertools.count(1), threading.Event(), threading.Event()

    def fault(one):
        """Behind fifty items it is the middle, until the signal has come."""
        if one.operation == "PutItem":
            with one.link.proxy.lock:
                written = next(puts)
            if written > 50:
                reached.set()
                go_on.wait(SECONDS_MAX)
        one.reply(one.forward())

    proxy = fault_proxy.FaultProxy(table.environment["AWS_ENDPOINT_URL_DYNAMODB"])
    proxy.fault = fault
    running = subprocess.Popen([str(binary), "table", "copy", "--from", f"lmdb:{store}", "--to", table.place],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=clean_environment(**dynamodb.aws_environment(proxy.url)))
    try:
        assert reached.wait(SECONDS_MAX), "nothing is written"
        running.send_signal(number)
        until(lambda: running.poll() is not None or not is_pending(running.pid, number))
        go_on.set()
        _, said = running.communicate(timeout=SECONDS_MAX)
    finally:
        running.kill()
        proxy.stop()
    assert running.returncode in ((130,) if number == signal.SIGINT else (-signal.SIGKILL,)), said
    if number == signal.SIGINT:
        assert "the same command goes on" in said
    half = table.copy(f"lmdb:{store}", table.place, "--check-only", status=4)
    served = spaces("serve", "--listen", "127.0.0.1:0", "--table", "dynamodb", "--dynamodb-table", table.name,
                    status=None, env=table.environment, cwd=store.parent)
    assert served.returncode == 1 and "not whole" in served.stderr, served.stderr
    # Ctrl-C still writes what is under way, kill -9 nothing more.
    assert not half["same"] and any("not whole" in one for one in half["differences"])
    assert half["destinationItems"] < 3000 + PEOPLE
    whole = table.copy(f"lmdb:{store}", table.place)
    assert whole["same"] and whole["again"] and whole["unchanged"] >= 49
    assert whole["unchanged"] + whole["written"] == 3000 + PEOPLE


def test_a_slow_table_is_waited_for(spaces, store, tmp_path):
    """Every tenth answer comes 2 s late, both ways; SPACES_COPY_LISTINGS says how many listings, 20,000 once."""
    count = int(os.environ.get("SPACES_COPY_LISTINGS", "600"))
    spaces("demo", "--count", count, "--data", store)
    proxy = fault_proxy.FaultProxy(dynamodb.aws_environment()["AWS_ENDPOINT_URL_DYNAMODB"])
    environment = dynamodb.aws_environment(proxy.url)
    name = dynamodb.new_table_name()
    spaces("table", "create", "--name", name, "--no-stream", env=environment)
    try:
        proxy.fault = fault_proxy.slow(10, 2)
        for source, destination in ((f"lmdb:{store}", f"dynamodb:{name}"),
                                    (f"dynamodb:{name}", f"lmdb:{tmp_path / 'back'}")):
            done = spaces("table", "copy", "--from", source, "--to", destination, "--json", env=environment,
                          seconds=3600)
            copied = json.loads(done.stdout)
            assert sentences_of(done) == [] and copied["same"] and copied["written"] == count + PEOPLE
    finally:
        proxy.stop()


def test_a_folder_that_is_not_whole_is_not_served_beside(binary, spaces, store, tmp_path):
    spaces("demo", "--count", 5000, "--data", store)
    place, beside = tmp_path / "new", tmp_path / "new.filling"
    copy = ["table", "copy", "--from", f"lmdb:{store}", "--to", f"lmdb:{place}"]

    def ended_in_the_middle():
        """Killed when it has begun; a busy machine may look when it is done already."""
        shutil.rmtree(place, ignore_errors=True)
        running = subprocess.Popen([str(binary), *copy], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=clean_environment())
        until(lambda: (beside / "table.lmdb").exists() or running.poll() is not None)
        running.kill()
        running.wait()
        return not place.exists()

    until(ended_in_the_middle)
    assert beside.is_dir() and not place.exists()
    for data in (place, f"{place}/"):
        served = spaces("serve", "--listen", "127.0.0.1:0", "--data", data, status=None)
        assert served.returncode == 1 and not place.exists(), served.stderr
        assert str(beside) in served.stderr and "not whole" in served.stderr, served.stderr
    spaces(*copy)
    assert not beside.exists() and exported(spaces, place) == exported(spaces, store)


def test_an_altered_copy_is_found(table, spaces, store):
    spaces("demo", "--count", 50, "--data", store)
    table.copy(f"lmdb:{store}", table.place)
    assert table.copy(f"lmdb:{store}", table.place, "--check-only")["same"]
    one = next(item for item in dynamodb.call("Scan", TableName=table.name)["Items"]
               if item["PK"]["S"].startswith("PROPERTY#"))
    dynamodb.call("PutItem", TableName=table.name, Item={**one, "price": {"N": "1"}})
    found = table.copy(f"lmdb:{store}", table.place, "--check-only", status=4)
    assert found["differences"] == [f"{one['PK']['S']} / {one['SK']['S']} differs"]
    assert found["sourceItems"] == found["destinationItems"] == 50 + PEOPLE
    repaired = table.copy(f"lmdb:{store}", table.place)
    assert repaired["same"] and repaired["written"] == 1


def test_another_marketplace_is_not_written_over(table, spaces, store, tmp_path):
    spaces("demo", "--count", 20, "--data", store)
    spaces("demo", "--count", 20, "--data", tmp_path / "other")
    table.copy(f"lmdb:{store}", table.place)
    done = table.spaces("table", "copy", "--from", f"lmdb:{tmp_path / 'other'}", "--to", table.place, status=1)
    assert "another store" in done.stderr and len(sentences_of(done)) == 1
    assert table.copy(f"lmdb:{store}", table.place, "--check-only")["same"]


def test_between_two_folders(spaces, store, tmp_path):
    spaces("demo", "--count", 100, "--data", store)
    said = spaces("table", "copy", "--from", f"lmdb:{store}", "--to", f"lmdb:{tmp_path / 'new'}").stdout
    assert "Both hold the same" in said
    assert exported(spaces, tmp_path / "new") == exported(spaces, store)


@pytest.mark.parametrize("source, destination, says", [
    ("lmdb", "dynamodb:there", "--from is 'lmdb', which is not lmdb:DIR or dynamodb:TABLE"),
    ("lmdb:x", "s3:there", "--to is 's3:there'"),
    ("lmdb:x", "lmdb:x", "the same"),
    ("lmdb:not-there", "lmdb:x", "There is no store in 'not-there'"),
])
def test_places_that_are_none_are_told(spaces, source, destination, says, tmp_path):
    done = spaces("table", "copy", "--from", source, "--to", destination, status=None, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert says in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert not list(tmp_path.iterdir())
