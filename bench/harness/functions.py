"""The process of a Lambda function: from exec to the Runtime API, its memory, what an event costs, how it ends."""

import json
import os

from harness import machine
from harness.report import Row, median
from harness.stores import ROOT

STORE = 100_000
STARTS_MIN = 15
EVENTS = 5_000
CONNECT_MS_MAX = 3.0
MEMORY_MIB_MAX = 12.0
EVENT_US_MAX = 60.0
STOP_MS_MAX = 300.0


def event(path):
    """As API Gateway writes it for a browser's GET."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "application/json",
            "accept-encoding": "br, deflate",
            "content-length": "0",
            "host": "id.execute-api.eu-west-1.amazonaws.com",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "x-amzn-trace-id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
            "x-forwarded-for": "192.0.2.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "domainName": "id.execute-api.eu-west-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.7",
                "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "24/Nov/2026:08:00:00 +0000",
            "timeEpoch": 1795507200000,
        },
        "isBase64Encoded": False,
    }


def rows(bench, stores):
    program = ROOT / "build" / "lambda" / os.uname().machine.replace("aarch64", "arm64") / "bootstrap"
    if not program.exists():
        raise RuntimeError(f"{program} is not there: make lambda")
    data = stores.in_memory(STORE)
    path = stores.targets(STORE).open(encoding="ascii").readline().strip()
    asked = bench.file("event.json", [json.dumps(event(path))])
    settings = {"SPACES_DATA": str(data), "SPACES_PUBLIC_LISTINGS": "true"}

    def probe(events, what):
        return json.loads(machine.run([bench.tools / "lambda_probe", events, asked, what], environment=settings))

    bare, ours, busy = [], [], []
    for number in range(max(bench.rounds, STARTS_MIN)):
        bench.say(f"function: round {number + 1}")
        bare.append(probe(0, bench.tools / "bare_next"))
        ours.append(probe(1, program))
        if number < bench.rounds:
            busy.append(probe(EVENTS, program))
    if any(one["status"] != 200 for one in ours + busy):
        raise RuntimeError("an event was not answered by 200")

    def figures(taken, name, scale=1.0):
        return [one[name] / scale for one in taken]

    connect, connect_bare = median(figures(ours, "connect_us", 1000)), median(figures(bare, "connect_us", 1000))
    memory, memory_bare = median(figures(ours, "answer_kib", 1024)), median(figures(bare, "next_kib", 1024))
    cpu, stop = median(figures(busy, "cpu_us")), median(figures(ours, "stop_ms"))
    detail = {"ours": ours, "bare": bare, "busy": busy}
    beside = "a C program that asks for /next"
    return [
        Row("function-start", "exec to the Runtime API's first connection", connect, "ms", f"≤ {CONNECT_MS_MAX:.0f} ms",
            connect <= CONNECT_MS_MAX, connect_bare, beside, connect / connect_bare,
            [f"all is ready and the first event asked for after {median(figures(ours, 'next_us', 1000)):.1f} ms, "
             f"{median(figures(ours, 'start_cpu_us', 1000)):.1f} ms of them CPU; the C program's after "
             f"{median(figures(bare, 'next_us', 1000)):.1f}"], detail),
        Row("function-memory", "resident at a function's first answer", memory, "MiB", f"≤ {MEMORY_MIB_MAX:.0f} MiB",
            memory <= MEMORY_MIB_MAX, memory_bare, beside, memory / memory_bare),
        Row("function-get", "GET by id as an event, embedded store", cpu, "µs CPU", f"≤ {EVENT_US_MAX:.0f} µs",
            cpu <= EVENT_US_MAX),
        Row("function-stop", "SIGTERM to a function's end", stop, "ms", f"≤ {STOP_MS_MAX:.0f} ms", stop <= STOP_MS_MAX),
    ]
