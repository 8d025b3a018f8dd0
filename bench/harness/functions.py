"""The process of a Lambda function: from exec to the Runtime API, its memory, what an event costs, how it ends."""

import json
import os

from harness import canned, machine
from harness.report import Row, median
from harness.stores import ROOT

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


class Probe:
    """bench/lambda_probe, on an environment."""

    def __init__(self, bench, program, asked):
        self.bench, self.program, self.asked = bench, program, asked

    def __call__(self, events, environment, program=None):
        words = [self.bench.tools / "lambda_probe", events, self.asked, program or self.program]
        found = json.loads(machine.run(words, environment=environment))
        if events and found["status"] != 200:
            raise RuntimeError(f"an event was answered by {found['status']}")
        return found


def figures(taken, name, scale=1.0):
    return median([one[name] / scale for one in taken])


def rows(bench, stores):
    program = ROOT / "build" / "lambda" / os.uname().machine.replace("aarch64", "arm64") / "bootstrap"
    if not program.exists():
        raise RuntimeError(f"{program} is not there: make lambda")
    table = canned.Canned(bench, stores)
    if not table.answers:
        bench.say("function: not measured, dynoxide, whose answers are recorded, cannot be had here")
        return []
    asked = bench.file("event.json", [json.dumps(event(table.path))])
    probe = Probe(bench, program, asked)
    # As a function is set up: a key of production, and roots that no variable of this machine names.
    settings = {"SPACES_PUBLIC_LISTINGS": "true", "JWT_SECRET_KEY": machine.run(["openssl", "genrsa", 3072]),
                "AWS_CA_BUNDLE": ""}
    return start_rows(bench, probe, table, settings) + [get_row(bench, probe, table, settings, stores)]


def start_rows(bench, probe, table, settings):
    """From exec on, the table behind TLS."""
    bare, ours = [], []
    trusted, server = table.by_tls()
    with server:
        place = {**settings, **canned.place_of(f"https://127.0.0.1:{server.port}"), "AWS_CA_BUNDLE": str(trusted)}
        for number in range(max(bench.rounds, STARTS_MIN)):
            bench.say(f"function: start {number + 1}")
            bare.append(probe(0, {}, bench.tools / "bare_next"))
            ours.append(probe(1, place))
    connect, connect_bare = figures(ours, "connect_us", 1000), figures(bare, "connect_us", 1000)
    memory, memory_bare = figures(ours, "answer_kib", 1024), figures(bare, "next_kib", 1024)
    stop, beside = figures(ours, "stop_ms"), "a C program that asks for /next"
    notes = [f"the TLS context is made before; all is ready, the table connected to and its own item read, and the "
             f"first event asked for after {figures(ours, 'next_us', 1000):.1f} ms, of "
             f"{figures(ours, 'start_cpu_us', 1000):.1f} ms CPU; the C program's after "
             f"{figures(bare, 'next_us', 1000):.1f}"]
    return [
        Row("function-start", "exec to the Runtime API's first connection", connect, "ms", f"≤ {CONNECT_MS_MAX:.0f} ms",
            connect <= CONNECT_MS_MAX, connect_bare, beside, connect / connect_bare, notes,
            {"ours": ours, "bare": bare}),
        Row("function-memory", "resident at a function's first answer", memory, "MiB", f"≤ {MEMORY_MIB_MAX:.0f} MiB",
            memory <= MEMORY_MIB_MAX, memory_bare, beside, memory / memory_bare),
        Row("function-stop", "SIGTERM to a function's end", stop, "ms", f"≤ {STOP_MS_MAX:.0f} ms", stop <= STOP_MS_MAX),
    ]


def get_row(bench, probe, table, settings, stores):
    """Warm, by what is behind the function: the table's recorded answers plain and by TLS, and the embedded store."""
    embedded = {**settings, "SPACES_DATA": str(stores.in_memory(canned.LISTINGS))}
    trusted, by_tls = table.by_tls()
    taken = {"plain": [], "tls": [], "embedded": []}
    with by_tls:
        place = {**settings, **canned.place_of(f"https://127.0.0.1:{by_tls.port}"), "AWS_CA_BUNDLE": str(trusted)}
        for number in range(bench.rounds):
            bench.say(f"function: events, round {number + 1} of {bench.rounds}")
            taken["embedded"].append(probe(EVENTS, embedded))
            taken["tls"].append(probe(EVENTS, place))
            with table.plain() as plain:  # it keeps its core busy
                taken["plain"].append(
                    probe(EVENTS, {**settings, **canned.place_of(f"http://127.0.0.1:{plain.port}")}))
    cpu = figures(taken["plain"], "cpu_us")
    return Row("function-get", "GET by id as an event, a canned DynamoDB", cpu, "µs CPU", f"≤ {EVENT_US_MAX:.0f} µs",
               cpu <= EVENT_US_MAX, figures(taken["embedded"], "cpu_us"), "embedded store",
               cpu / figures(taken["embedded"], "cpu_us"),
               [f"the table behind TLS: {figures(taken['tls'], 'cpu_us'):.1f}"], taken)
