"""The Lambda role on DynamoDB, as it is meant to run: what INIT made is used again, what the freezer broke is
replaced, and a slow table costs one request its answer and nothing else."""

import signal
import subprocess

import fault_proxy
import pytest
from conftest import clean_environment, person
from lambda_parts import Function, event
from test_copy_back import TRIES_MAX
from test_table_faults import on_table, proxy, table, upstream  # noqa: F401 (fixtures)
from waiting import SECONDS_MAX, until

LOFT = {"title": "Light-filled loft by the park", "price": 450000, "city": "Seattle", "state": "WA",
        "zipCode": "98101"}


@pytest.fixture
def function(binary, store, proxy, table):  # noqa: F811
    """Asked for its first event; `settings` are its environment."""
    settings = on_table(proxy, table)
    with Function(binary, store, settings) as one:
        one.settings = settings
        one.wait_until_idle()
        yield one


@pytest.fixture
def seller(binary, function):
    made = subprocess.run([str(binary), "token", "--user", person("ann"), "--type", "seller"], capture_output=True,
                          text=True, timeout=60, stdin=subprocess.DEVNULL, env=clean_environment(**function.settings))
    assert made.returncode == 0, made.stderr
    return {"Authorization": f"Bearer {made.stdout.split()[-1]}", "Content-Type": "application/json"}


def publish(function, seller):
    made = function.send("POST", "/api/v1/properties", headers=seller, body=LOFT)
    assert made.status == 201, made.body
    return made.fields["location"]


def more_connections(binary, store, proxy, settings, seller):  # noqa: F811
    """How many a function makes after its INIT, of which each request of these would need one."""
    with Function(binary, store, settings) as one:
        one.wait_until_idle()
        made = len(proxy.links)
        path = publish(one, seller)
        for _ in range(20):
            assert one.send("GET", path).json()["price"] == LOFT["price"]
        found = one.send("GET", "/api/v1/properties?city=Seattle").json()["items"]
        assert path.rpartition("/")[2] in [row["id"] for row in found]
        return len(proxy.links) - made


def test_warm_requests_use_what_init_made(binary, store, proxy, function, seller):  # noqa: F811
    # On a busy machine the proxy may be silent for the second after which a request is tried on a new connection:
    # then it is another function's turn.
    tries = [more_connections(binary, store, proxy, function.settings, seller) for _ in range(2)]
    while min(tries) > 0 and len(tries) < 10:
        tries.append(more_connections(binary, store, proxy, function.settings, seller))
    assert min(tries) == 0, tries


def test_a_connection_that_ended_while_the_process_was_frozen_is_replaced(function, seller, proxy):  # noqa: F811
    path = publish(function, seller)
    for _ in range(3):
        proxy.cut_all()
        assert function.send("GET", path).status == 200
        proxy.cut_all()
        assert function.send("PATCH", path, headers=seller, body={"price": 1}).status == 200


def stands_still(pid):
    with open(f"/proc/{pid}/stat") as facts:
        return facts.read().rpartition(") ")[2].startswith("T")


def test_a_process_that_was_frozen_goes_on_where_it_was(function, seller, proxy):  # noqa: F811
    """As Lambda does between two events: the process stands still, and hears of nothing."""
    path = publish(function, seller)
    for what in ("GET", "PATCH", "GET"):
        new = []
        while 1 not in new and len(new) < 10:  # more where the proxy of a busy machine is silent for a second
            function.process.send_signal(signal.SIGSTOP)
            until(lambda: stands_still(function.process.pid))
            assert proxy.links
            proxy.cut_all()
            one = function.api.send(event(what, path, headers=seller, body={"price": 2} if what == "PATCH" else None))
            assert not one.done.is_set(), "it stands still"
            function.process.send_signal(signal.SIGCONT)
            assert one.done.wait(SECONDS_MAX), function.log()
            assert one.json()["statusCode"] == 200, one.body
            new.append(len(proxy.links))
        assert 1 in new, "one new connection for the one that ended"
    assert function.log() == ""


def test_a_slow_table_is_503_before_the_function_runs_out_of_time(function, seller, proxy):  # noqa: F811
    path = publish(function, seller)
    proxy.fault = fault_proxy.silent_before
    for _ in range(3):
        before = proxy.seen["GetItem"]
        one = function.api.send(event("GET", path), seconds=1.8)
        assert one.done.wait(SECONDS_MAX), function.log()
        assert one.json()["statusCode"] == 503, one.body
        assert proxy.seen["GetItem"] - before < TRIES_MAX, "each try is given a second, and there is no third"
    proxy.fault = None
    assert function.send("GET", path).status == 200


def test_sigterm_ends_a_function_whose_table_is_silent(function, seller, proxy):  # noqa: F811
    path = publish(function, seller)
    proxy.fault = fault_proxy.silent_before
    asked = proxy.seen["GetItem"]
    one = function.api.send(event("GET", path), seconds=60)
    until(lambda: proxy.seen["GetItem"] > asked)
    assert function.stop() == 0
    assert not one.done.is_set(), "the request itself would go on, and be answered"


def test_a_table_that_is_not_there_is_told_to_lambda(binary, store, proxy, upstream):  # noqa: F811
    with Function(binary, store, on_table(proxy, "no-such-table")) as one:
        assert one.api.init_failed.wait(SECONDS_MAX), one.log()
        assert "no-such-table" in one.api.init_error["errorMessage"]
        assert one.process.wait(SECONDS_MAX) == 1
