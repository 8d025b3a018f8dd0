"""Logging in and going on beside what the cores can hash and sign, reading meanwhile, and checking tokens."""

import concurrent.futures
import json
import shutil
import subprocess
import time
import urllib.request

from harness import machine, writing
from harness.report import Row, median

COST = 12
PASSWORD = "Correct-Horse-7 b"
PEOPLE = 64
CLIENTS = 32
PART_OF_CORES = 0.85
RENEWING_CLIENTS = 64
SIGNATURES_EACH = 2  # of a refresh: the access token and the refresh token
READS_PER_SECOND = 1000
READ_SECONDS_MIN = 2.0  # 2,000 reads: twenty of them decide what the p99 is
TIMES_IDLE_MAX = 3.0
WAIT_MS_MAX = 5.0
CACHED_US_MAX = 1.0
TIMES_OPENSSL_MAX = 1.3
VERIFY_ROUNDS = 15


def settings(data, cost):
    return {
        "SPACES_BCRYPT_COST": str(cost),
        "SPACES_TRUSTED_PROXIES": "1",  # so that each person comes from an address of their own
        "SPACES_JWT_KEYS": str(data / "keys"),
    }


def address_of(number):
    return f"X-Forwarded-For: 10.0.{number // 250}.{number % 250 + 1}"


def person(number):
    return {"email": f"p{number}@mail.example", "password": PASSWORD}


def registrations(count):
    for number in range(count):
        body = person(number) | {"name": f"Person {number}", "userType": "seller"}
        yield f"{address_of(number)}\t{json.dumps(body)}"


def logins(count):
    for number in range(count):
        yield f"{address_of(number % PEOPLE)}\t{json.dumps(person(number % PEOPLE))}"


class Town:
    """A server with people who have accounts."""

    def __init__(self, bench, name, cost):
        self.bench, self.data, self.cost = bench, bench.scratch / name, cost
        shutil.rmtree(self.data, ignore_errors=True)
        machine.run([bench.spaces, "keys", "generate", "--data", self.data])
        self.key = next((self.data / "keys").glob("*.pem"))
        self.targets = {
            path: bench.file(f"{path}.targets", [f"/api/v1/auth/{path}"]) for path in ("register", "login", "refresh")
        }

    def __enter__(self):
        more = {"loops": 0, "cores": machine.ALL_CORES, "environment": settings(self.data, self.cost)}
        with open(self.data / "log", "wb") as log:  # which names every e-mail
            self.server = self.bench.server(self.data, log=log, **more)
        self.post("register", registrations(PEOPLE), PEOPLE)
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        shutil.rmtree(self.data, ignore_errors=True)

    def post(self, path, lines, requests):
        once = self.bench.file(f"{path}.once", lines)
        more = {"requests": requests, "clients": min(CLIENTS, requests), "once": once}
        return self.bench.load(self.server, self.targets[path], cores=machine.ALL_CORES, **more)

    def post(self, path, body, *fields):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port}/api/v1{path}", json.dumps(body).encode(), method="POST"
        )
        for field in ("Content-Type: application/json", *fields):
            request.add_header(*field.split(": ", 1))
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def enter(self, number):
        return self.post("/auth/login", person(number), address_of(number))

    def renew_for_a_round(self):
        """Each round with logins of its own: the last answers of the round before came to nobody."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            tokens = [one["refresh_token"] for one in pool.map(self.enter, range(RENEWING_CLIENTS))]
        more = {"clients": RENEWING_CLIENTS, "in_turn": True, "renew": self.bench.file("refreshes", tokens)}
        return self.bench.load(self.server, self.targets["refresh"], cores=machine.ALL_CORES, warm_up=0.2, **more)


def alone(bench, *words):
    return json.loads(machine.run([bench.tools / "identity_alone", *words], machine.ALL_CORES))


def rows(bench):
    with Town(bench, "hashing", COST) as town:
        found = [login_row(bench, town), reading_row(bench, town)]
    with Town(bench, "signing", 4) as town:
        found.append(refresh_row(bench, town))
        checks = alone(bench, "verify", town.key, VERIFY_ROUNDS)
    return found + token_rows(checks)


def login_row(bench, town):
    hashed, entered = [], []
    for number in range(bench.rounds):
        bench.say(f"people: logins, round {number + 1} of {bench.rounds}")
        hashed.append(alone(bench, "hash", COST, PEOPLE)["per_second"])
        entered.append(town.post("login", logins(PEOPLE), PEOPLE))
    return part_of_cores_row(
        "login",
        f"logins at cost {COST}, {CLIENTS} clients",
        (entered, "logins"),
        (hashed, "hashes", "hashes/s on all cores"),
        "each of another person from another address, counted as every login is; two signatures each",
    )


def refresh_row(bench, town):
    signed, renewed = [], []
    for number in range(bench.rounds):
        bench.say(f"people: refreshes, round {number + 1} of {bench.rounds}")
        rate = alone(bench, "sign", town.key, 800)["per_second"]
        signed.append(rate / SIGNATURES_EACH)
        renewed.append(town.renew_for_a_round())
    cpu_us = median([one["cpu_us"] for one in renewed])
    return part_of_cores_row(
        "refresh",
        f"refreshes, RS256 of 3072 bits, {RENEWING_CLIENTS} clients",
        (renewed, "refreshes"),
        (signed, "signed", f"times {SIGNATURES_EACH} signatures/s"),
        f"a refresh signs two tokens, verifies one, and is durable; {cpu_us:.0f} µs CPU each",
    )


def part_of_cores_row(name, what, served, possible, note):
    """What is served beside what all cores could do, round by round."""
    runs, runs_name = served
    limits, limits_name, unit = possible
    rates = [one["per_second"] for one in runs]
    part = median([rate / limit for rate, limit in zip(rates, limits)])
    return Row(
        name,
        what,
        median(rates),
        "/s",
        f"≥ {PART_OF_CORES:.0%}",
        part >= PART_OF_CORES,
        median(limits),
        unit,
        part,
        [note],
        {runs_name: runs, limits_name: limits},
    )


def reading_row(bench, town):
    token = town.enter(0)["access_token"]
    listing = town.post("/properties", writing.LISTING, f"Authorization: Bearer {token}")["id"]
    targets = bench.file("read.targets", [f"/api/v1/properties/{listing}"])
    seconds = max(READ_SECONDS_MIN, 2 * bench.seconds)
    options = {"rate": READS_PER_SECOND, "cores": machine.ALL_CORES, "seconds": seconds, "warm_up": 0.2}
    idle, busy, meanwhile = [], [], []
    for number in range(bench.rounds):
        bench.say(f"people: reads beside logins, round {number + 1} of {bench.rounds}")
        idle.append(bench.load(town.server, targets, **options))
        with ConcurrentLogins(bench, town, seconds + 1.5) as concurrent:
            busy.append(bench.load(town.server, targets, **options))
        meanwhile.append(concurrent.counted["per_second"])
    wait_ms = median([one["p99_us"] for one in busy]) / 1000
    idle_ms = median([one["p99_us"] for one in idle]) / 1000
    most = max(TIMES_IDLE_MAX * idle_ms, WAIT_MS_MAX)
    return Row(
        "read-while-login",
        f"p99 of a GET, {READS_PER_SECOND:,}/s, beside {CLIENTS} logins",
        wait_ms,
        "ms",
        f"≤ {most:.1f} ms",
        wait_ms <= most,
        idle_ms,
        "without logins",
        wait_ms / idle_ms,
        [
            f"half of them after {median([one['p50_us'] for one in busy]):.0f} µs, without logins "
            f"{median([one['p50_us'] for one in idle]):.0f}; meanwhile {median(meanwhile):.1f} logins/s"
        ],
        {"idle": idle, "busy": busy, "logins_per_second": meanwhile},
    )


class ConcurrentLogins:
    """People who log in meanwhile, as many concurrently as there are clients."""

    def __init__(self, bench, town, seconds):
        lines = bench.file("logins.once", logins(CLIENTS * 2 + int(60 * seconds)))
        words = [bench.tools / "load", "--port", town.server.port, "--targets", town.targets["login"]]
        words += ["--clients", CLIENTS, "--once", lines, "--seconds", seconds]
        self.child = machine.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.counted = None

    def __enter__(self):
        time.sleep(0.5)  # all have asked
        return self

    def __exit__(self, *_):
        out, complaint = self.child.communicate(timeout=60)
        if self.child.returncode != 0:
            raise RuntimeError(f"the logins beside the reads: {complaint.strip()}")
        self.counted = json.loads(out)


def token_rows(checks):
    times = checks["first_us"] / checks["openssl_us"]
    return [
        Row(
            "token-cached",
            "check of a cached token",
            checks["cached_us"],
            "µs",
            f"≤ {CACHED_US_MAX:.0f} µs",
            checks["cached_us"] <= CACHED_US_MAX,
            detail=checks,
        ),
        Row(
            "token-first",
            "first check of an RS256 token, 3072 bits",
            checks["first_us"],
            "µs",
            f"≤ {TIMES_OPENSSL_MAX} x",
            times <= TIMES_OPENSSL_MAX,
            checks["openssl_us"],
            "OpenSSL's verification",
            times,
            detail=checks,
        ),
    ]
