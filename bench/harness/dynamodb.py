"""The same server on a DynamoDB table, which dynoxide plays here: what a GET costs our process, and how fast
an import goes."""

import json
import os
import pathlib
import subprocess
import sys
import time

from harness import machine, programs
from harness.report import Row, median

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import dynamodb_part  # noqa: E402

LISTINGS = 21_597
CLIENTS = 16
GET_US_MAX = 60
IMPORT_ROUNDS_MAX = 3
WARM_SECONDS = 0.3
# What people have: sales of a county, 21,597 rows of them. Where the file is not there, as many of our own.
COUNTY = ROOT.parent / "shared" / "data" / "king_county.csv"
COUNTY_WORDS = ["--key", "id", "--set", "state=WA", "--set", "city=King County"]


def rows(bench, kept):
    program = dynamodb_part.built()
    if not program:
        bench.say("dynamodb: not measured, dynoxide cannot be had here")
        return []
    process, endpoint = dynamodb_part.start(program)
    try:
        os.sched_setaffinity(process.pid, machine.CLIENT_CORES)
        environment = {
            "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
            "AWS_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
        }
        imported, table = import_row(bench, kept, process.pid, environment)
        return [get_row(bench, endpoint, table, environment), imported]
    finally:
        dynamodb_part.stop(process)


def words_of_import(kept):
    return [COUNTY, *COUNTY_WORDS] if COUNTY.exists() else [kept.table(LISTINGS), "--restore"]


def cpu_seconds(pid):
    """Of a process, all its threads."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def import_row(bench, kept, dynoxide, environment):
    rejected = bench.scratch / "rejected.csv"
    words = words_of_import(kept)
    rates, busy, own = [], [], []
    rounds = min(bench.rounds, IMPORT_ROUNDS_MAX)
    for number in range(rounds):
        bench.say(f"import into DynamoDB: round {number + 1} of {rounds}")
        table = f"bench-{number}"
        machine.run([bench.spaces, "table", "create", "--name", table], environment=environment)
        started, before = time.perf_counter(), cpu_seconds(dynoxide)
        child = machine.start(
            [bench.spaces, "import", *words, "--table", "dynamodb", "--dynamodb-table", table, "--json", "--rejected",
             rejected],
            machine.SERVER_CORES, environment, stdout=subprocess.PIPE, text=True)
        said = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stdout.close()
        if child.returncode != 0:
            raise RuntimeError(f"the import ended with {child.returncode}")
        taken = time.perf_counter() - started
        rates.append(json.loads(said.splitlines()[-1])["rows"] / taken)
        busy.append((cpu_seconds(dynoxide) - before) / taken)
        own.append((used.ru_utime + used.ru_stime) / taken)
    note = (f"64 writers, one put each on its way; of the time, dynoxide used {median(busy):.2f} cores of "
            f"{len(machine.CLIENT_CORES)}, the import {median(own):.2f} of {len(machine.SERVER_CORES)}")
    row = Row("dynamodb-import", f"import of {LISTINGS:,} rows into dynoxide", median(rates), "rows/s", "", None,
              notes=[note], detail={"rates": rates, "dynoxide": busy, "import": own})
    return row, table


def get_row(bench, endpoint, table, environment):
    exported = bench.scratch / "listings.jsonl"
    place = ["--table", "dynamodb", "--dynamodb-table", table]
    machine.run([bench.spaces, "export", exported, *place], environment=environment)
    with open(exported, encoding="utf-8") as lines:
        ids = [json.loads(line)["id"] for line in lines]
    targets = bench.file("dynamodb.targets", [f"/api/v1/properties/{one}" for one in ids])
    listed = bench.file("dynamodb.ids", ids)
    python = machine.run([ROOT / "scripts" / "test-parts", "python"]).strip()
    words = [bench.spaces, "serve", "--listen", "127.0.0.1:0", "--data", bench.scratch / "keys", *place, "--loops", 1,
             "--public-listings", "true"]
    ours, theirs = [], []
    with programs.Program(words, machine.SERVER_CORES, environment) as server:
        for number in range(bench.rounds):
            bench.say(f"GET from DynamoDB: round {number + 1} of {bench.rounds}")
            ours.append(bench.load(server, targets, machine.CLIENT_CORES, clients=CLIENTS, warm_up=WARM_SECONDS))
            boto = [python, ROOT / "bench" / "boto3_get.py", endpoint, table, listed, bench.seconds]
            theirs.append(json.loads(machine.run(boto, machine.SERVER_CORES)))
    mine = median([one["cpu_us"] for one in ours])
    boto3 = median([one["cpu_us"] for one in theirs])
    per_second = median([one["per_second"] for one in ours])
    return Row("dynamodb-get", "GET by id, the table in dynoxide", mine, "µs CPU", f"≤ {GET_US_MAX} µs",
               mine <= GET_US_MAX, boto3, "boto3's GetItem alone", mine / boto3,
               [f"{CLIENTS} clients, {per_second:,.0f} requests/s: dynoxide is the limit; boto3 "
                f"{median([one['per_second'] for one in theirs]):,.0f}"],
               {"ours": ours, "boto3": theirs})
