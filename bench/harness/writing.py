"""Publishing listings, each durable before its answer, beside the disk's own rate; and importing a file."""

import json
import shutil
import time

from harness import machine
from harness.report import Row, median

CLIENTS = (1, 16, 64, 256)
TIMES_ONE_CLIENT = 8
PART_OF_UNSYNCED = 0.6
IMPORT_ROWS = 200_000
IMPORT_PER_SECOND_MIN = 20_000
IMPORT_ROUNDS_MAX = 5  # they are long

LISTING = {
    "title": "House number {n} on the hill",
    "description": "Three bedrooms, a porch and a pear tree. The kitchen looks east, and the bus stops at the corner.",
    "price": 549500,
    "city": "Seattle",
    "state": "WA",
    "zipCode": "98103",
    "address": "{n} N 42nd St",
    "bedrooms": 3,
    "bathrooms": 2.25,
    "squareFeet": 1840,
    "propertyType": "Single Family Residence",
    "features": ["garden", "garage"],
}


def rows(bench):
    durable, unsynced = bench.scratch / "durable", bench.scratch / "unsynced"
    for folder in (durable, unsynced):
        shutil.rmtree(folder, ignore_errors=True)
    body = bench.file("listing.json", [json.dumps(LISTING)])
    target = bench.file("create.targets", ["/api/v1/properties"])
    no_sync = {"LD_PRELOAD": str(bench.tools / "libunsynced.so")}
    everywhere = {"loops": 0, "cores": machine.ALL_CORES}
    with bench.server(durable, **everywhere) as synced, bench.server(
        unsynced, environment=no_sync, **everywhere
    ) as free:
        fields = {
            "durable": f"Authorization: Bearer {bench.token(durable)}",
            "free": f"Authorization: Bearer {bench.token(unsynced)}",
        }

        def create(server, field, clients):
            return bench.load(
                server, target, cores=machine.ALL_CORES, clients=clients, post=body, field=field, warm_up=0.3
            )

        taken = {clients: [] for clients in CLIENTS}
        syncs, free_rounds = [], []
        for number in range(bench.rounds):
            bench.say(f"creates: round {number + 1} of {bench.rounds}")
            device = machine.run([bench.tools / "device_sync", bench.scratch, bench.seconds])
            syncs.append(json.loads(device)["syncs_per_second"])
            for clients in CLIENTS:
                taken[clients].append(create(synced, fields["durable"], clients))
            free_rounds.append(create(free, fields["free"], CLIENTS[-1]))
    for folder in (durable, unsynced):
        shutil.rmtree(folder, ignore_errors=True)
    return create_rows(taken, syncs, free_rounds)


def create_rows(taken, syncs, free_rounds):
    rates = {clients: median([one["per_second"] for one in rounds]) for clients, rounds in taken.items()}
    device, free = median(syncs), median([one["per_second"] for one in free_rounds])
    found = []
    for clients in CLIENTS[:-1]:
        found.append(
            Row(
                f"create-{clients}",
                f"durable creates, {clients} client{'s' if clients > 1 else ''}",
                rates[clients],
                "/s",
                "",
                None,
                device,
                "fdatasyncs/s of the disk",
                rates[clients] / device,
                [f"median answer after {median([one['p50_us'] for one in taken[clients]]) / 1000:.2f} ms"],
                {"rounds": taken[clients], "syncs": syncs},
            )
        )
    most = CLIENTS[-1]
    wanted = min(TIMES_ONE_CLIENT * rates[1], PART_OF_UNSYNCED * free)
    found.append(
        Row(
            f"create-{most}",
            f"durable creates, {most} clients",
            rates[most],
            "/s",
            f"≥ {wanted:,.0f}",
            rates[most] >= wanted,
            free,
            "with syncing off",
            rates[most] / free,
            [
                f"{rates[most] / rates[1]:.1f} times 1 client; asked: {TIMES_ONE_CLIENT} times, "
                f"or {PART_OF_UNSYNCED:.0%} of the rate with syncing off where that is less; "
                f"{median([one['cpu_us'] for one in taken[most]]):.0f} µs CPU each"
            ],
            {"rounds": taken[most], "unsynced": free_rounds},
        )
    )
    return found


def import_rows(bench, stores, count=IMPORT_ROWS):
    table = stores.table(count)
    with open(table, encoding="utf-8") as file:
        lines = sum(1 for _ in file)
    data, rejected = bench.scratch / "imported", bench.scratch / "rejected.csv"
    rates, dry = [], []
    rounds = min(bench.rounds, IMPORT_ROUNDS_MAX)
    for number in range(rounds):
        bench.say(f"import: round {number + 1} of {rounds}")
        dry.append(timed_import(bench, table, data, rejected, "--dry-run"))
        shutil.rmtree(data, ignore_errors=True)
        rates.append(timed_import(bench, table, data, rejected))
        shutil.rmtree(data, ignore_errors=True)
    rate = median(rates)
    return [
        Row(
            "import",
            f"import of {count:,} rows into an empty store",
            rate,
            "rows/s",
            f"≥ {IMPORT_PER_SECOND_MIN:,}",
            rate >= IMPORT_PER_SECOND_MIN,
            median(dry),
            "read and checked only",
            rate / median(dry),
            [f"{lines:,} lines, {table.stat().st_size / 2**20:.0f} MiB; process start and end included"],
            {"rates": rates, "dry": dry},
        )
    ]


def timed_import(bench, table, data, rejected, *more):
    started = time.perf_counter()
    said = machine.run(
        [bench.spaces, "import", table, "--data", data, "--json", "--rejected", rejected, *more], machine.ALL_CORES
    )
    return json.loads(said.splitlines()[-1])["rows"] / (time.perf_counter() - started)
