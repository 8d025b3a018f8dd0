"""Reading one listing: hot ones, all of a million, with a token; and what a warm read asks of the system."""

import random
import re
import signal
import subprocess
import time

from harness import machine, programs
from harness.report import Row, median

HOT = 1000
ALL = 1_000_000
CLIENTS = 64
COUNTED_REQUESTS = 100_000
TRACED_REQUESTS = 20_000
WARM_SECONDS = 0.15
# Not counted, before the first round: what is hot is cached, and every page of the store mapped once.
FIRST_SECONDS = {"every": 6}


def hot_targets(bench, stores, count):
    lines = stores.targets(count).read_text(encoding="ascii").split()
    return bench.file("hot.targets", random.Random(1).sample(lines, min(HOT, len(lines))))


def typical(port, targets, fields=()):
    """Of these targets' answers the one of middle size."""
    answers = sorted((programs.get(port, target, fields) for target in targets), key=len)
    for answer in answers:
        programs.body_of(answer)
    return answers[len(answers) // 2]


def rows(bench, stores, size):
    data, every = stores.in_memory(size), stores.targets(size)
    hot = hot_targets(bench, stores, size)
    authorization = f"Authorization: Bearer {bench.token(data, 'buyer')}"
    with bench.server(data) as public, bench.server(data, public=False) as closed:
        answer = typical(public.port, hot.read_text().split()[:101])
        with bench.bare(answer, "listing") as bare:
            kinds = {
                "bare": lambda **more: bench.load(bare, hot, clients=CLIENTS, **more),
                "hot": lambda **more: bench.load(public, hot, clients=CLIENTS, **more),
                "every": lambda **more: bench.load(public, every, clients=CLIENTS, **more),
                "token": lambda **more: bench.load(closed, hot, clients=CLIENTS, field=authorization, **more),
            }
            taken = interleaved(bench, "one listing", kinds)
    bare = middle(taken["bare"])
    return [
        beside_bare("get-hot", f"GET a listing, {HOT:,} hot ones", taken, "hot", bare, 1.25),
        beside_bare("get-every", f"GET a listing, evenly of {size:,}", taken, "every", bare, 1.75),
        token_row(taken),
    ]


def interleaved(bench, name, kinds):
    """Rounds in which each kind has its turn, so that what disturbs the machine disturbs all."""
    taken = {kind: [] for kind in kinds}
    for kind, load in kinds.items():
        bench.say(f"{name}: warming up, {kind}")
        load(seconds=FIRST_SECONDS.get(kind, 0.5))
    for number in range(bench.rounds):
        bench.say(f"{name}: round {number + 1} of {bench.rounds}")
        for kind, load in kinds.items():
            taken[kind].append(load(warm_up=WARM_SECONDS))
    return taken


def middle(rounds):
    return median([one["cpu_us"] for one in rounds])


def ratio(taken, kind, limit):
    """The median of the rounds' own ratios: neighbours in time are alike."""
    return median([one["cpu_us"] / other["cpu_us"] for one, other in zip(taken[kind], taken[limit])])


def detail(taken, *kinds):
    return {kind: taken[kind] for kind in kinds}


def beside_bare(name, what, taken, kind, bare, target, limit="bare"):
    times = ratio(taken, kind, limit)
    per_second = median([one["per_second"] for one in taken[kind]])
    bare_per_second = median([one["per_second"] for one in taken[limit]])
    return Row(
        name,
        what,
        middle(taken[kind]),
        "µs CPU",
        f"≤ {target} x",
        times <= target,
        bare,
        "bare loop, same bytes",
        times,
        [f"{per_second:,.0f} requests/s on one core; bare loop {bare_per_second:,.0f}"],
        detail(taken, kind, limit),
    )


def token_row(taken):
    times = ratio(taken, "token", "hot")
    return Row(
        "get-token",
        "the same hot ones with a bearer token",
        middle(taken["token"]),
        "µs CPU",
        "≤ 1.25 x",
        times <= 1.25,
        middle(taken["hot"]),
        "without",
        times,
        [],
        detail(taken, "token", "hot"),
    )


def counted_rows(bench, stores, size):
    """Allocations and waits by a library put before the server's own, system calls by strace."""
    data, hot = stores.folder(size), hot_targets(bench, stores, size)
    counters = bench.scratch / "counters"
    counters.unlink(missing_ok=True)
    environment = {"LD_PRELOAD": str(bench.tools / "libcounted.so"), "BENCH_COUNTERS": str(counters)}
    with bench.server(data, environment=environment) as server:
        bench.load(server, hot, clients=CLIENTS, seconds=1)
        taken = [
            bench.load(
                server, hot, clients=CLIENTS, warm_up=WARM_SECONDS, requests=COUNTED_REQUESTS, counters=counters
            )
            for _ in range(bench.rounds)
        ]
        bench.say("one listing: system calls")
        traced = trace(bench, server, hot)
        if int.from_bytes(counters.read_bytes()[:8], "little") == 0:
            raise RuntimeError("libcounted.so counted nothing at all")
    allocations = median([one["allocations"] for one in taken])
    waits = median([one["waits"] for one in taken])
    found = [
        Row(
            "allocations",
            "heap allocations of a warm GET",
            round(allocations, 4),
            "each",
            "0",
            allocations < 0.001,
            detail={"rounds": taken},
        )
    ]
    if traced is None:
        return found + [
            Row(
                "system-calls",
                "system calls of a warm GET",
                0,
                "each",
                "≤ 2.25",
                None,
                notes=["not counted: strace may not look at the server here"],
            )
        ]
    others = sum(count for name, count in traced.items() if name != "epoll_wait") / TRACED_REQUESTS
    listed = ", ".join(
        f"{name} {count / TRACED_REQUESTS:.3f}" for name, count in sorted(traced.items(), key=lambda one: -one[1])[:5]
    )
    return found + [
        Row(
            "system-calls",
            "system calls of a warm GET",
            round(others + waits, 3),
            "each",
            "≤ 2.25",
            others + waits <= 2.25,
            notes=[f"epoll_wait {waits:.3f} at full speed; under strace: {listed}"],
            detail={"traced": traced, "waits": waits},
        )
    ]


def trace(bench, server, targets):
    """System calls by name for a fixed number of requests, connecting and closing among them; None: not allowed."""
    summary = bench.scratch / "strace"
    tracer = machine.start(
        ["strace", "-c", "-f", "-o", summary, "-p", server.pid],
        machine.CLIENT_CORES,
        stderr=subprocess.PIPE,
        text=True,
    )
    if "attached" not in tracer.stderr.readline():
        tracer.wait()
        return None
    time.sleep(0.3)
    bench.load(server, targets, clients=CLIENTS, requests=TRACED_REQUESTS)
    tracer.send_signal(signal.SIGINT)
    tracer.wait()
    tracer.stderr.close()
    lines = re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)(?:\s+\d+)?\s+(\w+)$", summary.read_text(), re.M)
    return {name: int(count) for count, name in lines if name != "total"}
