"""spaces table copy out of a DynamoDB that is walked page by page: what does not come immediately is asked for again,
and a walk that was ended is begun again."""

import json
import os
import signal
import subprocess
import threading

import dynamodb
import fault_proxy
import pytest
from conftest import clean_environment, sentences_of
from test_copy import exported, is_pending
from test_table_faults import proxy, upstream  # noqa: F401 (fixtures)
from waiting import SECONDS_MAX, until

pytestmark = pytest.mark.embedded
# Three megabytes: a page of a walk has one at most.
LISTINGS = 1000
# Tries of one request, the first included (src/platform/aws/limits.hpp).
TRIES_MAX = 3


@pytest.fixture(scope="module")
def moved(binary, tmp_path_factory):
    """A marketplace in a folder, and the same in a table of DynamoDB: moved.source, moved.place."""
    class Moved:
        environment = dynamodb.aws_environment()
        source = tmp_path_factory.mktemp("moved") / "store"
        place = f"dynamodb:{dynamodb.new_table_name()}"

        def run(self, *arguments):
            subprocess.run([str(binary), *map(str, arguments)], check=True, capture_output=True, timeout=120,
                           stdin=subprocess.DEVNULL, env=clean_environment(**self.environment))

    one = Moved()
    one.run("demo", "--count", LISTINGS, "--data", one.source)
    one.run("table", "create", "--name", one.place.partition(":")[2])
    one.run("table", "copy", "--from", f"lmdb:{one.source}", "--to", one.place)
    return one


@pytest.fixture
def back(moved, spaces, proxy, tmp_path):  # noqa: F811
    """back() copies home through the proxy: what the command said, as JSON."""
    class Back:
        environment = dynamodb.aws_environment(proxy.url)
        place = tmp_path / "back"
        words = ("table", "copy", "--from", moved.place, "--to", f"lmdb:{place}", "--json")

        def __call__(self, *flags, **more):
            return json.loads(spaces(*self.words, *flags, env=self.environment, **more).stdout)

    return Back()


def first_tries(count, faults):
    """The first tries of each page of a walk meet these faults in turn; the one behind them comes."""
    seen = {}
    lock = threading.Lock()

    def fault(one):
        if one.operation != "Scan":
            return one.reply(one.forward())
        with lock:
            tries = seen[one.body] = seen.get(one.body, 0) + 1
            number = sum(seen.values())
        if tries > count:
            return one.reply(one.forward())
        return faults[number % len(faults)](one)

    fault.pages = seen
    return fault


@pytest.mark.parametrize("faults", [
    [fault_proxy.failed_before, fault_proxy.throttled],
    [fault_proxy.cut_in_the_middle, fault_proxy.closed_behind, fault_proxy.cut_before],
    [fault_proxy.garbage, fault_proxy.twice, fault_proxy.silent_after],
], ids=["refused", "cut", "nonsense"])
def test_pages_of_a_walk_are_asked_for_again(back, moved, spaces, proxy, faults):  # noqa: F811
    proxy.fault = first_tries(TRIES_MAX - 1, faults)
    home = back()
    assert home["same"] and home["sourceItems"] >= LISTINGS
    pages = proxy.fault.pages
    assert len(pages) > 1, "one page is no walk"
    assert max(pages.values()) > 1
    proxy.fault = None
    assert exported(spaces, back.place) == exported(spaces, moved.source)


# What is tried once more with new credentials, and then no more, comes twice.
@pytest.mark.parametrize("code, tries", [
    ("ValidationException", 1), ("AccessDeniedException", 1), ("UnrecognizedClientException", 1),
    ("ResourceNotFoundException", 1), ("ExpiredTokenException", 2),
])
def test_a_walk_that_cannot_go_on_is_told_and_nothing_is_left(back, spaces, proxy, code, tries):  # noqa: F811
    """What waiting does not mend ends the command; what may pass is waited for (table/patient_table_test.cpp)."""
    pages = []

    def fault(one):
        if one.operation != "Scan" or b"ExclusiveStartKey" not in one.body:
            return one.reply(one.forward())
        pages.append(one.body)
        return one.refuse(400, code)

    proxy.fault = fault
    done = spaces(*back.words, env=back.environment, status=1)
    assert code in done.stderr and len(sentences_of(done)) == 1, done.stderr
    assert len(pages) == tries
    assert not back.place.exists()
    proxy.fault = None
    assert back()["same"]


def ended_in_the_middle(binary, back, proxy, number):  # noqa: F811
    """By a signal between two pages."""
    reached, go_on = threading.Event(), threading.Event()

    def fault(one):
        if one.operation == "Scan" and b"ExclusiveStartKey" in one.body:
            reached.set()
            go_on.wait(SECONDS_MAX)
        one.reply(one.forward())

    proxy.fault = fault
    running = subprocess.Popen([str(binary), *map(str, back.words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, env=clean_environment(**back.environment))
    assert reached.wait(SECONDS_MAX), running.communicate()
    running.send_signal(number)
    until(lambda: running.poll() is not None or not is_pending(running.pid, number))
    proxy.fault = None
    go_on.set()
    said, _ = running.communicate(timeout=SECONDS_MAX)
    assert running.returncode == (130 if number == signal.SIGINT else -number), said


def test_ended_in_the_middle_and_run_again(binary, back, moved, spaces, proxy):  # noqa: F811
    for number in (signal.SIGKILL, signal.SIGINT):
        ended_in_the_middle(binary, back, proxy, number)
        assert not back.place.exists(), "there is a whole store or none"
    home = back()
    assert home["same"] and not home["again"]
    assert home["sourceItems"] == home["destinationItems"] == home["read"]
    assert home["sourceDigest"] == home["destinationDigest"]
    # Into a copy that is there: it is marked as not whole until it is again.
    for number in (signal.SIGKILL, signal.SIGINT):
        ended_in_the_middle(binary, back, proxy, number)
        half = back("--check-only", status=4)
        assert not half["same"] and any("not whole" in one for one in half["differences"])
        served = spaces("serve", "--listen", "127.0.0.1:0", "--data", back.place, status=None)
        assert served.returncode == 1 and "not whole" in served.stderr, served.stderr
    home = back()
    assert home["same"] and home["again"] and home["unchanged"] == home["read"]
    assert back("--check-only")["same"]
    assert exported(spaces, back.place) == exported(spaces, moved.source)


def test_progress_is_shown_on_a_terminal(binary, back, proxy):  # noqa: F811
    proxy.fault = fault_proxy.late
    main, terminal = os.openpty()
    running = subprocess.Popen([str(binary), *map(str, back.words[:-1])], stdin=subprocess.DEVNULL, text=True,
                               stdout=subprocess.PIPE, stderr=terminal, env=clean_environment(**back.environment))
    os.close(terminal)
    shown = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    said, _ = running.communicate(timeout=60)
    os.close(main)
    assert running.returncode == 0
    assert b" items, " in shown and b" a second" in shown
    assert "Both hold the same" in said
