"""What every test of the whole server stands on: the binary, a store, running servers, tokens and
two kinds of client. Tests see the program from outside only: its command line, its sockets, its files.

`SPACES_BINARY` names the binary (default: build/dev/spaces); `REQUIRE_ALL=1` turns the skip of a part
that is missing on this machine into a failure. `--table dynamodb` has everything kept in DynamoDB, in a
table for each data folder; tests marked `embedded` then stay away.
"""

import collections
import contextlib
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading
import uuid

import pytest
import requests
from waiting import let_time_pass, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
# A sanitizer's build starts slowly, and three tests share two cores.
START_SECONDS_MAX = 60
# limits::drain_time_max and the closing of the store, on a machine with other work.
STOP_SECONDS_MAX = 60


def pytest_addoption(parser):
    parser.addoption("--table", choices=("lmdb", "dynamodb"), default=os.environ.get("SPACES_TEST_TABLE") or "lmdb",
                     help="where the marketplace keeps everything")


def pytest_configure(config):
    # A program started in the background of a shell ignores Ctrl-C, and so would every program that we start.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    os.environ["SPACES_TEST_TABLE"] = config.getoption("--table")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--table") == "lmdb":
        return
    away = [item for item in items if item.get_closest_marker("embedded")]
    config.hook.pytest_deselected(items=away)
    items[:] = [item for item in items if item not in away]


def table_environment(binary, data):
    """What a program is told to find the table that goes with a data folder."""
    if os.environ["SPACES_TEST_TABLE"] == "lmdb":
        return {}
    import dynamodb  # it needs us
    return dynamodb.table_environment(binary, data)


def missing_part(name, how):
    """Skips for want of a part of the machine, and fails where all parts are demanded."""
    text = f"{name} is not here: {how}"
    if os.environ.get("REQUIRE_ALL", "") not in ("", "0"):
        pytest.fail(text, pytrace=False)
    pytest.skip(text)


def shared_file(name):
    """A file of ../shared, or a skip: it is not part of the project."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/{name} is not here")
    return path


@pytest.fixture(scope="session")
def binary():
    path = pathlib.Path(os.environ.get("SPACES_BINARY", ROOT / "build" / "dev" / "spaces"))
    if not path.is_file():
        pytest.fail(f"{path} is not built", pytrace=False)
    return path


@pytest.fixture
def store(tmp_path):
    """A data folder that does not exist yet; the server makes it."""
    return tmp_path / "store"


# Few tests are about how many listings a person may make.
MANY_LISTINGS = {f"SPACES_{whose}LISTINGS{span}": "1000000" for whose in ("", "AGENT_") for span in ("", "_A_DAY")}


def clean_environment(**more):
    """Ours without settings that would change what a test sees."""
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith("SPACES_") and key not in ("ENVIRONMENT", "JWT_SECRET_KEY", "DYNAMODB_TABLE")}
    kept.update({key: str(value) for key, value in more.items()})
    return kept


@pytest.fixture
def spaces(binary):
    """Runs one operator's command to its end: spaces("stats", "--data", folder) -> CompletedProcess
    with text output. `status` is what it must end with; None takes any."""

    def run(*arguments, status=0, env=None, seconds=120, **more):
        if "--data" in arguments:
            data = arguments[arguments.index("--data") + 1]
            env = {**table_environment(binary, data), **(env or {})}
        done = subprocess.run([str(binary), *map(str, arguments)], capture_output=True, text=True, timeout=seconds,
                              stdin=more.pop("stdin", subprocess.DEVNULL), env=clean_environment(**(env or {})), **more)
        if status is not None:
            assert done.returncode == status, f"{arguments}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return run


def events_of(done):
    """The security events that a command left on standard error."""
    rows = [json.loads(line) for line in done.stderr.splitlines() if line.startswith('{"time"')]
    return [row for row in rows if row.get("category") == "security"]


def sentences_of(done):
    """What a command says on standard error, beside the lines of a log."""
    return [line for line in done.stderr.splitlines() if not line.startswith('{"time"')]


class Server:
    """One running `spaces serve`."""

    def __init__(self, binary, data, arguments, env, preexec=None):
        self.data = data
        # Few tests have pictures prepared, and a worker's start is a quarter second of a core.
        env = {**MANY_LISTINGS, "SPACES_BUCKET": "disk", "SPACES_MEDIA_WORKERS": "0", **table_environment(binary, data),
               **env}
        command = [str(binary), "serve", "--listen", "127.0.0.1:0", "--data", str(data), *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        stdin=subprocess.DEVNULL, env=clean_environment(**env), preexec_fn=preexec)
        # The last lines are enough to see why it failed; a test may pour thousands into the log.
        self.lines = collections.deque(maxlen=1000)
        self._address = None
        self._found = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._wait_until_ready()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            match = self._address is None and re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if match:
                self._address = int(match.group(1))
                self._found.set()
        self._found.set()

    def _wait_until_ready(self):
        def answers():
            assert self.running()
            with contextlib.suppress(requests.ConnectionError, requests.Timeout):
                return requests.get(f"{self.url}/health", timeout=5).status_code == 200

        try:
            assert self._found.wait(START_SECONDS_MAX) and self._address is not None
            until(answers, seconds=START_SECONDS_MAX)
        except AssertionError:
            self.kill()
            raise AssertionError("the server did not start:\n" + self.log()) from None

    @property
    def port(self):
        return self._address

    @property
    def url(self):
        return f"http://127.0.0.1:{self._address}"

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        return "\n".join(self.lines)

    def running(self):
        return self.process.poll() is None

    def stop(self, number=signal.SIGTERM, status=0):
        """Asks it to end and holds it to a clean end."""
        if self.running():
            self.process.send_signal(number)
        try:
            ended = self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop in {STOP_SECONDS_MAX} s:\n{self.log()}") from None
        self._reader.join(5)
        assert ended == status, f"the server ended with status {ended}:\n{self.log()}"

    def kill(self):
        """kill -9, as a power cut of this process."""
        self.process.kill()
        self.process.wait()
        self._reader.join(5)


@pytest.fixture
def server(binary, store):
    """Starts servers: server() on the test's store; server(data=…, env={…}, args=[…]). Those that
    still run at the end are stopped by SIGTERM and must end with status 0."""
    started = []

    def start(data=None, env=None, args=(), public=False, preexec=None):
        settings = {"SPACES_PUBLIC_LISTINGS": "true"} if public else {}
        one = Server(binary, data or store, args, {**settings, **(env or {})}, preexec)
        started.append(one)
        return one

    yield start
    problems = []
    for one in started:
        if one.running():
            try:
                one.stop()
            except AssertionError as problem:
                problems.append(str(problem))
    assert not problems, "\n".join(problems)


@pytest.fixture
def mail_server():
    """Starts mail servers that keep what they get (mail_server.py)."""
    from mail_server import MailServer  # where aiosmtpd is

    started = []

    def start(**options):
        started.append(MailServer(**options))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture(scope="module")
def shared_server(binary, tmp_path_factory):
    """One server, reading open to all, for a module's tests that do not disturb each other."""
    one = Server(binary, tmp_path_factory.mktemp("shared") / "store", (), {"SPACES_PUBLIC_LISTINGS": "true"})
    yield one
    one.stop()


def person(name):
    """The same UUIDv7 for the same name; an id passes unchanged."""
    with contextlib.suppress(ValueError):
        return str(uuid.UUID(name))
    number = bytearray(hashlib.sha256(name.encode()).digest()[:16])
    number[:6] = (1_790_000_000_000).to_bytes(6, "big")
    number[6] = number[6] & 0x0F | 0x70
    number[8] = number[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(number)))


def mint_token(binary, data, user, user_type="seller", *more):
    """The token on stdout's last line."""
    command = [str(binary), "token", "--data", str(data), "--user", person(user), "--type", user_type, *more]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          env=clean_environment())
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split()[-1]


@pytest.fixture
def mint(binary, store):
    """mint("ann") -> a bearer token of a seller; mint("ben", "buyer"); data= names another store."""

    def make(user, user_type="seller", *more, data=None):
        return mint_token(binary, data or store, user, user_type, *more)

    return make


class Client:
    """JSON over one kept-alive connection, as one person or nobody. Paths are below /api/v1 unless
    they begin with another slash-word that the server knows at its top."""

    TOP = ("/health", "/.well-known", "/openapi.json", "/docs", "/api/")

    def __init__(self, url, token=None):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def send(self, method, path, body=None, headers=None, **more):
        if not path.startswith(self.TOP):
            path = "/api/v1" + path
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body, ensure_ascii=False).encode()
        fields = dict(headers or {})
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
        return self.session.request(method, self.url + path, data=body, headers=fields, timeout=60,
                                    allow_redirects=False, **more)

    def get(self, path, **more):
        return self.send("GET", path, **more)

    def post(self, path, body, **more):
        return self.send("POST", path, body, **more)

    def put(self, path, body, **more):
        return self.send("PUT", path, body, **more)

    def patch(self, path, body, **more):
        return self.send("PATCH", path, body, **more)

    def delete(self, path, **more):
        return self.send("DELETE", path, **more)


@pytest.fixture
def client():
    """client(server) or client(server, token)."""
    made = []

    def make(server, token=None):
        made.append(Client(server.url, token))
        return made[-1]

    yield make
    for one in made:
        one.session.close()


class RawConnection:
    """A socket for what a well-behaved client never sends."""

    def __init__(self, port, seconds=60):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def send(self, data):
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)

    def send_slowly(self, data, pause_seconds=0.0):
        """One byte at a time; ends early, without an error, when the server has closed."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for index in range(len(data)):
                self.socket.sendall(data[index:index + 1])
                let_time_pass(pause_seconds)

    def _more(self):
        try:
            piece = self.socket.recv(65536)
        except ConnectionResetError:
            piece = b""
        self.rest += piece
        return bool(piece)

    def answer(self, head=False):
        """The next whole answer: (status, fields with lower-case names, body). None at the end of the
        connection. `head` for an answer that has no body whatever its Content-Length says."""
        while b"\r\n\r\n" not in self.rest:
            if not self._more():
                assert not self.rest, f"half an answer: {self.rest[:200]!r}"
                return None
        block, self.rest = self.rest.split(b"\r\n\r\n", 1)
        lines = block.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            fields[name.lower()] = value.strip()
        size = 0 if head or status < 200 or status in (204, 304) else int(fields.get("content-length", 0))
        while len(self.rest) < size:
            assert self._more(), "the connection ended inside a body"
        body, self.rest = self.rest[:size], self.rest[size:]
        return status, fields, body

    def is_read(self):
        """Whether the server has read all that was sent, as the kernel's list of connections has it (proc(5))."""
        names = ["{:08X}:{:04X}".format(int.from_bytes(socket.inet_aton(host), "little"), port)
                 for host, port in (self.socket.getsockname(), self.socket.getpeername())]
        queues = {}
        with open("/proc/net/tcp") as connections:
            for line in connections:
                _, here, there, _, waiting, *_ = line.split()
                queues[here, there] = waiting.partition(":")
        to_send, to_read = queues.get((names[0], names[1])), queues.get((names[1], names[0]))
        return bool(to_send and to_read) and int(to_send[0], 16) == 0 and int(to_read[2], 16) == 0

    def closed(self):
        """Whether the server ends the connection without another byte."""
        return not self.rest and not self._more()

    def close(self):
        self.socket.close()


@pytest.fixture
def raw():
    """raw(server) -> RawConnection, closed at the end of the test."""
    made = []

    def connect(server, seconds=60):
        made.append(RawConnection(server.port, seconds))
        return made[-1]

    yield connect
    for one in made:
        one.close()


@pytest.fixture
def a_property():
    """a_property(price=…) -> the body of a valid create."""

    def make(**fields):
        return {"title": "Light-filled loft by the park", "price": 450000, "city": "Seattle", "state": "WA",
                "zipCode": "98101", **fields}

    return make


@pytest.fixture(scope="session")
def browser_parts():
    """(node, folder of the npm packages, chromium)."""
    node = shutil.which("node") or shutil.which("nodejs")
    if not node:
        missing_part("node", "scripts/install-packages build")
    modules = os.environ.get("SPACES_TEST_NODE_MODULES")
    if not modules:
        found = subprocess.run([ROOT / "scripts" / "test-parts", "node"], capture_output=True, text=True)
        modules = found.stdout.strip() if found.returncode == 0 else ""
    if not modules:
        missing_part("playwright-core", "scripts/test-parts node")
    chromium = shutil.which("chromium")
    if not chromium:
        missing_part("chromium", "scripts/install-packages browser")
    return node, modules, chromium
