"""spaces cost: the monthly model as an operator asks for it."""

import json

import pytest

pytestmark = pytest.mark.embedded


def test_the_promised_load(spaces):
    told = json.loads(spaces("cost", "--users", 10000, "--requests-per-day", 100000, "--json").stdout)
    assert told["gateway"]["dollars"] <= 5 and told["cloudFront"]["dollars"] <= 1.5
    assert told["requests"] == round(100000 * 365 / 12)
    assert all(price["source"] and price["seen"] for price in told["prices"])
    text = spaces("cost", "--users", 10000, "--requests-per-day", 100000).stdout
    assert f"${told['gateway']['dollars']:.2f}" in text and f"${told['cloudFront']['dollars']:.2f}" in text


def test_every_assumption_is_a_flag(spaces):
    def dollars(*flags):
        return json.loads(spaces("cost", "--json", *flags).stdout)["gateway"]["dollars"]

    usual = dollars()
    for flags in (("--users", 500000), ("--requests-per-day", 200000), ("--logins", 400), ("--log-bytes", 5000),
                  ("--mix", "get=20", "--mix", "search=38"), ("--memory", 10240, "--table-ms", 50), ("--secrets", 1),
                  ("--keys", 1), ("--no-free-tiers",), ("--listings", 20000000)):
        assert dollars(*flags) > usual, flags
    assert dollars("--no-recovery") < usual
    free = "--no-free-tiers"
    for flags in (("--architecture", "x86_64"), ("--cold-starts", 50), ("--cold-ms", 10000), ("--runtime-ms", 50)):
        assert dollars(free, *flags) > dollars(free), flags


@pytest.mark.parametrize("flags, says", [
    (("--mix", "get"), "NAME=PERCENT"),
    (("--mix", "get=1e3"), "NAME=PERCENT"),
    (("--mix", "got=50"), "not one of get, page"),
    (("--mix", "get=10"), "60 percent"),
    (("--memory", 64), "--memory"),
    (("--architecture", "risc"), "--architecture"),
])
def test_wrong_assumptions_are_told(spaces, flags, says):
    done = spaces("cost", *flags, status=2)
    assert says in done.stderr and len(done.stderr.splitlines()) == 1 and done.stdout == ""
