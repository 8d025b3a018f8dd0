"""The Lambda role on DynamoDB, as it is meant to run: what INIT made is used again, what the freezer broke is
replaced, and a slow table costs one request its answer and nothing else."""

import signal
import subprocess
import time

import fault_proxy
import pytest
from conftest import clean_environment, person
from lambda_parts import Function, event
from test_table_faults import on_table, proxy, table, upstream  # noqa: F401 (fixtures)

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


def test_warm_requests_use_what_init_made(function, seller, proxy):  # noqa: F811
    made = len(proxy.links)
    assert made > 0
    path = publish(function, seller)
    for _ in range(20):
        assert function.send("GET", path).json()["price"] == LOFT["price"]
    assert function.send("GET", "/api/v1/properties?city=Seattle").json()["items"][0]["id"] == path.rpartition("/")[2]
    assert len(proxy.links) == made, "the connection that was made before the first event"


def test_a_connection_that_ended_while_the_process_was_frozen_is_replaced(function, seller, proxy):  # noqa: F811
    path = publish(function, seller)
    for _ in range(3):
        proxy.cut_all()
        assert function.send("GET", path).status == 200
        proxy.cut_all()
        assert function.send("PATCH", path, headers=seller, body={"price": 1}).status == 200


def test_a_process_that_was_frozen_goes_on_where_it_was(function, seller, proxy):  # noqa: F811
    """As Lambda does between two events: the process stands still, and hears of nothing."""
    path = publish(function, seller)
    for what in ("GET", "PATCH", "GET"):
        function.process.send_signal(signal.SIGSTOP)
        made = len(proxy.links)
        proxy.cut_all()
        one = function.api.send(event(what, path, headers=seller, body={"price": 2} if what == "PATCH" else None))
        time.sleep(0.1)
        assert not one.done.is_set(), "it stands still"
        function.process.send_signal(signal.SIGCONT)
        assert one.done.wait(20), function.log()
        assert one.json()["statusCode"] == 200, one.body
        assert made > 0 and len(proxy.links) == 1, "one new connection for the one that ended"
    assert function.log() == ""


def test_a_slow_table_is_503_before_the_function_runs_out_of_time(function, seller, proxy):  # noqa: F811
    path = publish(function, seller)
    proxy.fault = fault_proxy.silent_before
    took = []
    for _ in range(3):  # a machine that is busy for 300 ms must not be taken for a request that was late
        one = function.api.send(event("GET", path), seconds=2.5)
        assert one.done.wait(20), function.log()
        assert one.json()["statusCode"] == 503, one.body
        took.append(one.answered_at - one.handed_out_at)
    assert min(took) < 2.5, took
    proxy.fault = None
    assert function.send("GET", path).status == 200


def test_sigterm_ends_a_function_whose_table_is_silent(function, seller, proxy):  # noqa: F811
    path = publish(function, seller)
    proxy.fault = fault_proxy.silent_before
    function.api.send(event("GET", path), seconds=60)
    until = time.monotonic() + 20
    while not function.api.handed_out and time.monotonic() < until:
        time.sleep(0.01)
    # The request itself would go on for limits::request_time_max, 20 s.
    assert function.stop(seconds=10) == 0


def test_a_table_that_is_not_there_is_told_to_lambda(binary, store, proxy, upstream):  # noqa: F811
    with Function(binary, store, on_table(proxy, "no-such-table")) as one:
        assert one.api.init_failed.wait(30), one.log()
        assert "no-such-table" in one.api.init_error["errorMessage"]
        assert one.process.wait(30) == 1
