"""The same server on a DynamoDB table, which dynoxide plays here: what a GET costs our process, and how fast
an import goes."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import threading
import time

from harness import canned, machine, programs
from harness.report import Row, median

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import dynamodb_part  # noqa: E402

LISTINGS = 21_597
QUICK_LISTINGS = 2_000
READ_LISTINGS = 2_000
CLIENTS = 16
GET_US_MAX = 60
WARM_SECONDS = 0.3
PROGRESS_SECONDS = 10
# What people have: sales of a county, 21,597 rows of them. Where the file is not there, as many of our own.
COUNTY = ROOT.parent / "shared" / "data" / "king_county.csv"
COUNTY_WORDS = ["--key", "id", "--order", "date", "--set", "state=WA", "--set", "city=King County"]


@contextlib.contextmanager
def dynoxide(bench):
    """Its process and what sends programs there, on the client's core; None where it cannot be had."""
    program = dynamodb_part.built()
    if not program:
        bench.say("DynamoDB: not measured, dynoxide cannot be had here")
        yield None, None
        return
    process, endpoint = dynamodb_part.start(program)
    try:
        os.sched_setaffinity(process.pid, machine.CLIENT_CORES)
        yield process, canned.place_of(endpoint)
    finally:
        dynamodb_part.stop(process)


def words_of_import(kept, listings):
    if listings == LISTINGS and COUNTY.exists():
        return [COUNTY, *COUNTY_WORDS]
    return [kept.table(listings), "--restore"]


def cpu_seconds(pid):
    """Of a process, all its threads."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def import_rows(bench, kept, quick):
    """One round: dynoxide takes minutes for it, whatever is sent."""
    listings = QUICK_LISTINGS if quick else LISTINGS
    with dynoxide(bench) as (process, environment):
        if not process:
            return []
        words = ["import", *words_of_import(kept, listings), "--json", "--rejected", bench.scratch / "rejected.csv"]
        machine.run([bench.spaces, "table", "create"], environment=environment)
        bench.say(f"import into DynamoDB: {listings:,} rows")
        started, before = time.perf_counter(), cpu_seconds(process.pid)
        child = machine.start([bench.spaces, *words], machine.SERVER_CORES, environment, stdout=subprocess.PIPE,
                              text=True)
        done = threading.Event()
        watching = threading.Thread(target=tell_progress, args=(bench, process.pid, started, done))
        watching.start()
        said = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        done.set()
        watching.join()
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stdout.close()
        if child.returncode != 0:
            raise RuntimeError(f"the import ended with {child.returncode}")
        taken = time.perf_counter() - started
        busy = (cpu_seconds(process.pid) - before) / taken
    rate = json.loads(said.splitlines()[-1])["rows"] / taken
    own = (used.ru_utime + used.ru_stime) / taken
    note = (f"in {taken:.0f} s; dynoxide used {busy:.2f} cores of {len(machine.CLIENT_CORES)}, the import {own:.2f} of "
            f"{len(machine.SERVER_CORES)}")
    return [Row("dynamodb-import", f"import of {listings:,} rows into dynoxide", rate, "rows/s", "", None, notes=[note],
                detail={"seconds": taken, "dynoxide": busy, "import": own})]


def tell_progress(bench, pid, started, done):
    while not done.wait(PROGRESS_SECONDS):
        bench.say(f"import into DynamoDB: {time.perf_counter() - started:.0f} s, dynoxide used {cpu_seconds(pid):.0f}")


def get_rows(bench, kept):
    with dynoxide(bench) as (process, environment):
        if not process:
            return []
        bench.say(f"GET from DynamoDB: a table of {READ_LISTINGS:,} listings")
        place = environment["DYNAMODB_TABLE"]
        machine.run([bench.spaces, "table", "create"], environment=environment)
        machine.run([bench.spaces, "table", "copy", "--from", f"lmdb:{kept.folder(READ_LISTINGS)}", "--to",
                     f"dynamodb:{place}"], environment=environment)
        ids = kept.ids(READ_LISTINGS)
        words = [bench.spaces, "serve", "--listen", "127.0.0.1:0", "--data", bench.scratch / "keys", "--loops", 1,
                 "--public-listings", "true"]
        boto = [machine.run([ROOT / "scripts" / "test-parts", "python"]).strip(), ROOT / "bench" / "boto3_get.py",
                environment["AWS_ENDPOINT_URL_DYNAMODB"], place, ids, bench.seconds]
        ours, theirs = [], []
        with programs.Program(words, machine.SERVER_CORES, environment) as server:
            for number in range(bench.rounds):
                bench.say(f"GET from DynamoDB: round {number + 1} of {bench.rounds}")
                ours.append(bench.load(server, kept.targets(READ_LISTINGS), machine.CLIENT_CORES, clients=CLIENTS,
                                       warm_up=WARM_SECONDS))
                theirs.append(json.loads(machine.run(boto, machine.SERVER_CORES)))
    mine = median([one["cpu_us"] for one in ours])
    boto3 = median([one["cpu_us"] for one in theirs])
    per_second = median([one["per_second"] for one in ours])
    return [Row("dynamodb-get", "GET by id, the table in dynoxide", mine, "µs CPU", f"≤ {GET_US_MAX} µs",
                mine <= GET_US_MAX, boto3, "boto3's GetItem alone", mine / boto3,
                [f"{CLIENTS} clients, {per_second:,.0f} requests/s: dynoxide is the limit; boto3 "
                 f"{median([one['per_second'] for one in theirs]):,.0f}"],
                {"ours": ours, "boto3": theirs})]
