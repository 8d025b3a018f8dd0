#!/usr/bin/env python3
"""Runs the test suites of one build folder and adds up what they say of themselves.

Suites: unit (gtest programs of unit_tests.txt), replay (fuzz targets over their kept seeds), tidy
(test/tidy, this interpreter's unittest), system (pytest against the built binary) and lambda (pytest
against what make lambda made; only when asked for). The last line
is `N passed, N failed`, and `, N skipped` when some were. A run in which no test ran has failed.
Needs nothing but Python's standard library; `scripts/test` is what calls it. A DynamoDB and an S3 run
beside the suites that use one (scripts/dynamodb_part.py, s3_part.py).
"""

import argparse
import ast
import concurrent.futures
import contextlib
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree

import dynamodb_part
import s3_part

ROOT = pathlib.Path(__file__).resolve().parent.parent
# A gtest program or a replay that takes longer hangs: the slowest takes seconds, minutes under a
# sanitizer.
PROGRAM_SECONDS_MAX = 900
# All of the system tests; the kill -9 cycles and the slow clients are most of it.
SYSTEM_SECONDS_MAX = 2400
# The suites with tests on DynamoDB.
USE_DYNAMODB = {"unit", "system"}
# The suites with tests on S3.
USE_S3 = {"unit", "system"}
# Scenarios about the embedded store, or too long for a DynamoDB that is played.
EMBEDDED_ONLY = "*_embedded.*"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in ("", "0")


@dataclasses.dataclass
class Outcome:
    """What one suite or program came to."""

    passed: int = 0
    failed: list = dataclasses.field(default_factory=list)  # names
    skipped: list = dataclasses.field(default_factory=list)  # "name: reason"
    seconds: float = 0.0

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.seconds += other.seconds


def say(text=""):
    print(text, flush=True)


def run_logged(command, log, **more):
    """The exit status, None after PROGRAM_SECONDS_MAX, a text when it did not start; all output goes to the log."""
    with open(log, "wb") as out:
        try:
            done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                  timeout=PROGRAM_SECONDS_MAX, cwd=ROOT, **more)
            return done.returncode
        except subprocess.TimeoutExpired:
            return None
        except OSError as problem:
            return str(problem)


def ending(status):
    if status is None:
        return f"stopped after {PROGRAM_SECONDS_MAX} s"
    if isinstance(status, str):
        return status
    return f"ended by signal {-status}" if status < 0 else f"ended with status {status}"


# --- unit ---------------------------------------------------------------------------------------


def read_gtest_log(log):
    """What each test printed, by "suite.name"; the one during which the program ended comes last."""
    said, open_tests = {}, []
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith("[ RUN      ] "):
            # A test may run this very program as its child, whose tests then stand inside.
            open_tests.append(line.removeprefix("[ RUN      ] "))
            said[open_tests[-1]] = []
        elif line.startswith(("[       OK ] ", "[  FAILED  ] ", "[  SKIPPED ] ")):
            name = line[13:].split(" (")[0].split(", where ")[0]
            if name in open_tests:
                del open_tests[open_tests.index(name):]
        elif open_tests:
            said[open_tests[-1]].append(line)
    return said


def read_gtest(report, said, name):
    """Counts of a --gtest_output=json file; why a test was skipped stands in the log alone."""
    outcome = Outcome()
    for suite in json.loads(report.read_text())["testsuites"]:
        for test in suite["testsuite"]:
            short = f"{suite['name']}.{test['name']}"
            if test.get("failures"):
                outcome.failed.append(f"{name} {short}")
            elif test.get("result") == "SKIPPED":
                reason = " ".join(line for line in said.get(short, []) if not line.endswith(": Skipped")).strip()
                outcome.skipped.append(f"{name} {short}: {reason or 'no reason given'}")
            elif test.get("status") == "RUN":
                outcome.passed += 1
    return outcome


def run_unit_program(program, reports, table=""):
    """The outcome, and what is worth reading of the log when something failed. `table` names the engine of its
    scenarios, where it is not the embedded one."""
    name = f"{program.name}-on-{table}" if table else program.name
    report, log = reports / f"{name}.json", reports / f"{name}.log"
    report.unlink(missing_ok=True)
    start = time.monotonic()
    more = {"env": dict(os.environ, SPACES_TEST_TABLE=table)} if table else {}
    only = [f"--gtest_filter=-{EMBEDDED_ONLY}"] if table else []
    status = run_logged([program, f"--gtest_output=json:{report}", *only], log, **more)
    said = read_gtest_log(log)
    outcome = read_gtest(report, said, name) if report.exists() else Outcome()
    text = ""
    for test in outcome.failed:
        short = test.split(" ", 1)[1]
        text += "\n".join([f"--- {short}", *said.get(short, []), ""])
    if status != 0 and not outcome.failed:
        last = list(said)[-1:] if not report.exists() else []
        outcome.failed.append(" ".join([f"{name}: {ending(status)}", *(f"in {one}" for one in last)]))
        text = "\n".join(log.read_text(errors="replace").splitlines()[-60:])
    outcome.seconds = time.monotonic() - start
    return outcome, text


def run_unit(build, reports):
    total = Outcome()
    # The list names all programs of the tests' build; replays are a suite of their own.
    names = (build / "unit_tests.txt").read_text().split()
    programs = [(build / name, "") for name in names if not name.startswith("replay_")]
    scenarios = (build / "scenario_tests.txt").read_text().split()
    if os.environ.get(dynamodb_part.VARIABLE):
        programs = [(build / name, "dynamodb") for name in scenarios] + programs
    else:
        missing = [f"{name} on DynamoDB: there is none" for name in scenarios]
        (total.failed if REQUIRE_ALL else total.skipped).extend(missing)
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = {pool.submit(run_unit_program, program, reports, table): program.name + (table and f" on {table}")
                   for program, table in programs}
        for future in concurrent.futures.as_completed(running):
            outcome, text = future.result()
            say(f"  {running[future]:32} {outcome.passed:5} passed {len(outcome.failed):3} failed"
                f" {len(outcome.skipped):3} skipped {outcome.seconds:7.1f} s")
            if outcome.failed:
                say(text)
            total.add(outcome)
    total.seconds = time.monotonic() - start
    return total


# --- replay -------------------------------------------------------------------------------------


def run_replay(build, reports):
    """Each program replay_NAME reads every file of test/fuzz/seeds/NAME; one test each."""
    total = Outcome()
    for program in sorted(build.rglob("replay_*")):
        if not (program.is_file() and os.access(program, os.X_OK)):
            continue
        start = time.monotonic()
        name = program.name.removeprefix("replay_")
        folder = ROOT / "test" / "fuzz" / "seeds" / name
        seeds = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
        log = reports / f"{program.name}.log"
        if not seeds:
            total.failed.append(f"{program.name}: no seeds in test/fuzz/seeds/{name}")
        elif (status := run_logged([program, *seeds], log)) == 0:
            total.passed += 1
        else:
            worse = [seed.name for seed in seeds if run_logged([program, seed], log) != 0]
            total.failed.append(f"{program.name}: {ending(status)}, seeds {' '.join(worse[:5])}")
        seconds = time.monotonic() - start
        total.seconds += seconds
        say(f"  {program.name:32} {len(seeds):5} seeds {seconds:7.1f} s")
    return total


# --- tidy ---------------------------------------------------------------------------------------


def run_tidy(build, reports):
    start = time.monotonic()
    suite = unittest.defaultTestLoader.discover(str(ROOT / "test" / "tidy"), top_level_dir=str(ROOT / "test" / "tidy"))
    found = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
    bad = [str(test) for test, _ in found.failures + found.errors]
    skipped = [f"{test}: {reason}" for test, reason in found.skipped]
    return Outcome(found.testsRun - len(bad) - len(skipped), bad, skipped, time.monotonic() - start)


# --- system -------------------------------------------------------------------------------------


def declared_system_tests():
    """Names of the tests in test/system, for when they cannot run."""
    for path in sorted((ROOT / "test" / "system").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{path.name}::{node.name}"


def test_part(kind):
    """What scripts/test-parts prints for "python" or "node"; empty, with its own words, where it cannot be had."""
    found = subprocess.run([ROOT / "scripts" / "test-parts", kind], stdout=subprocess.PIPE, text=True)
    return found.stdout.strip() if found.returncode == 0 else ""


def read_junit(report):
    outcome = Outcome()
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed.append(name)
        elif skip is not None:
            outcome.skipped.append(f"{name}: {skip.get('message')}")
        else:
            outcome.passed += 1
    return outcome


# What measures or fills a disk, or kills by the dozen, runs with nothing beside it; what speaks about the API runs
# on DynamoDB, too.
BESIDE = ["-n", "3", "--dist", "worksteal"]
ON_DYNAMODB = ["--table", "dynamodb"]
SYSTEM_KINDS = (("not alone and not bootstraps", BESIDE), ("alone", []),
                ("not alone and not bootstraps and not embedded", [*BESIDE, *ON_DYNAMODB]),
                ("alone and not embedded", ON_DYNAMODB))
LAMBDA_KINDS = (("bootstraps", []),)


def run_system(build, reports, arguments, kinds=SYSTEM_KINDS):
    start = time.monotonic()
    tests = list(declared_system_tests())
    if not tests:
        return Outcome()
    python, modules = test_part("python"), test_part("node")
    if not python:
        reason = "the tests' Python packages could not be had"
        return Outcome(failed=tests) if REQUIRE_ALL else Outcome(skipped=[f"{name}: {reason}" for name in tests])
    environment = dict(os.environ, SPACES_BINARY=str(build / "spaces"), SPACES_BUILD=str(build),
                       SPACES_TEST_NODE_MODULES=modules)
    total = Outcome()
    for kind, more in kinds:
        if "dynamodb" in more and not os.environ.get(dynamodb_part.VARIABLE):
            (total.failed if REQUIRE_ALL else total.skipped).append(f"system tests on DynamoDB ({kind}): there is none")
            continue
        report = reports / f"system-{kind.replace(' ', '-')}.xml"
        report.unlink(missing_ok=True)
        command = [python, "-m", "pytest", "test/system", "-m", kind, f"--junit-xml={report}", "-q", "--no-header",
                   *more, *arguments]
        try:
            status = subprocess.run(command, cwd=ROOT, env=environment, timeout=SYSTEM_SECONDS_MAX,
                                    stdin=subprocess.DEVNULL).returncode
        except subprocess.TimeoutExpired:
            status = None
        outcome = read_junit(report) if report.exists() else Outcome()
        # 5: nothing was collected for this kind, which is well as long as the other has some.
        if status not in (0, 5) and not outcome.failed:
            said = f"stopped after {SYSTEM_SECONDS_MAX} s" if status is None else ending(status)
            outcome.failed.append(f"pytest ({kind}): {said}")
        total.add(outcome)
    if not (total.passed or total.failed or total.skipped):
        total.failed.append("pytest: no test ran")
    total.seconds = time.monotonic() - start
    return total


# --- all ----------------------------------------------------------------------------------------


def print_summary(results):
    """The table, what failed and what was skipped by name, and the closing line. The exit status."""
    total = Outcome()
    for outcome in results.values():
        total.add(outcome)
    for name in sorted(total.skipped):
        say(f"skipped: {name}")
    for name in sorted(total.failed):
        say(f"FAILED: {name}")
    say()
    say(f"{'suite':10}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for name, outcome in results.items():
        say(f"{name:10}{outcome.passed:8}{len(outcome.failed):8}{len(outcome.skipped):9}{outcome.seconds:9.1f}")
    say()
    if total.passed + len(total.failed) == 0:
        say("No test ran.")
    closing = f"{total.passed} passed, {len(total.failed)} failed"
    say(closing + (f", {len(total.skipped)} skipped" if total.skipped else ""))
    return 1 if total.failed or not total.passed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "dev", help="build folder")
    parser.add_argument("--only", default="unit,replay,tidy,system", help="suites, comma between")
    parser.add_argument("pytest", nargs="*", help="arguments for pytest")
    options = parser.parse_args()
    build = options.build.resolve()
    reports = build / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    suites = {"unit": run_unit, "replay": run_replay, "tidy": run_tidy,
              "system": lambda build, reports: run_system(build, reports, options.pytest),
              "lambda": lambda build, reports: run_system(build, reports, options.pytest, LAMBDA_KINDS)}
    wanted = options.only.split(",")
    for name in wanted:
        if name not in suites:
            parser.error(f"no suite {name}; there are {', '.join(suites)}")
    results = {}
    with contextlib.ExitStack() as parts:
        if USE_DYNAMODB & set(wanted):
            parts.enter_context(dynamodb_part.running())
        if USE_S3 & set(wanted):
            parts.enter_context(s3_part.running())
        for name in wanted:
            say(f"== {name}")
            results[name] = suites[name](build, reports)
    return print_summary(results)


if __name__ == "__main__":
    sys.exit(main())
