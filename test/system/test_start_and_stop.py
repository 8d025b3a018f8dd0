"""How `spaces serve` begins, refuses to begin, and ends: one sentence, a status, nothing half-made."""

import concurrent.futures
import contextlib
import fcntl
import os
import pty
import re
import secrets
import signal
import socket
import subprocess
import termios

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from conftest import ROOT, Server, clean_environment, mint_token
from waiting import until

COMMANDS = {
    "serve": ["--listen", "--data", "--environment", "--public-listings", "--allow-plain-http", "--loops", "--currency",
              "--bcrypt-cost", "--trusted-proxies", "--connections", "--connections-per-address", "--address-attempts",
              "JWT_SECRET_KEY"],
    "token": ["--data", "--user", "--type", "--unverified", "--minutes", "--json"],
    "backup": ["--data", "--json", "folder"],
    "check": ["--data", "--json"],
    "compact": ["--data", "--json"],
    "users": ["list", "show", "suspend", "restore", "end-sessions", "confirm-email"],
    "listings": ["list", "take-down", "restore"],
    "audit": ["--data", "--json"],
    "stats": ["--data", "--json"],
    "import": ["--data", "--map", "--set", "--title", "--owner", "--key", "--dry-run", "--restore", "--json", "file"],
    "export": ["--data", "--json", "file"],
    "demo": ["--data", "--count", "--seed", "--json"],
    "keys": ["generate", "list", "retire"],
    "mail": ["--data", "--mail", "--smtp-url", "to"],
    "reports": ["list", "resolve"],
    "table": ["create", "describe", "verify", "copy"],
    "bucket": ["copy", "check"],
    "media": ["check", "sweep", "prepare"],
    "cost": ["--users", "--requests-per-day", "--mix", "--memory", "--json"],
    "iam": ["--name", "--region", "--account", "--operator"],
}


@pytest.fixture(scope="session")
def rsa_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption()).decode()


@pytest.mark.embedded
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(spaces, command):
    text = spaces(command, "--help").stdout
    assert [option for option in COMMANDS[command] if option not in text] == []
    assert command in spaces("--help").stdout


@pytest.mark.embedded
def test_help_names_every_command(spaces):
    listed = spaces("--help").stdout.split("Subcommands:")[1].split("\n")
    assert {line.split()[0] for line in listed if line.strip()} == set(COMMANDS)


def refuses(spaces, store, arguments=(), env=None, says=()):
    done = spaces("serve", "--data", store, *arguments, env=env, status=None, seconds=20)
    assert done.returncode not in (0, None) and done.returncode > 0
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("spaces: "), done.stderr
    assert [word for word in says if word not in lines[0]] == [], done.stderr
    return lines[0]


@pytest.mark.embedded
@pytest.mark.parametrize("arguments", [["--colour", "red"], ["--loops"], ["more"],
                                       ["--listen=127.0.0.1:0", "--loops", "x"]])
def test_a_wrong_flag(spaces, store, arguments):
    refuses(spaces, store, arguments, says=[arguments[-1] if len(arguments) > 1 else arguments[0]])
    assert not store.exists()


@pytest.mark.parametrize("name, value, allowed", [
    ("ENVIRONMENT", "prod", "production"),
    ("SPACES_PUBLIC_LISTINGS", "yes", "true"),
    ("SPACES_ALLOW_PLAIN_HTTP", "2", "true"),
    ("SPACES_LOOPS", "65", "64"),
    ("SPACES_LOOPS", "-1", "64"),
    ("SPACES_LOOPS", "two", "64"),
    ("SPACES_CURRENCY", "dollars", "ISO 4217"),
    ("SPACES_CURRENCY", "usd", "ISO 4217"),
    ("SPACES_LISTEN", ",", "address:port"),
    ("SPACES_PASSWORD_POLICY", "none", "composition"),
    ("SPACES_LOG_ADDRESSES", "all", "network"),
])
@pytest.mark.embedded
def test_a_wrong_variable(spaces, store, name, value, allowed):
    listen = ["--listen", "127.0.0.1:0"] if name != "SPACES_LISTEN" else []
    refuses(spaces, store, listen, {name: value}, [name, value, allowed])
    assert not store.exists()


@pytest.mark.embedded
@pytest.mark.parametrize("listen", ["127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:http", "256.0.0.1:80",
                                    "nowhere", "127.0.0.1:0x50"])
def test_a_wrong_address(spaces, store, listen):
    refuses(spaces, store, ["--listen", listen], says=[listen.removesuffix(":80")])
    assert not store.exists()


@pytest.mark.embedded
def test_a_wrong_key_is_not_repeated(spaces, store):
    for key in ("short secret", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----"):
        sentence = refuses(spaces, store, ["--listen", "127.0.0.1:0"], {"JWT_SECRET_KEY": key}, ["JWT_SECRET_KEY"])
        assert "short secret" not in sentence and "nonsense" not in sentence
    assert not store.exists()


@pytest.mark.embedded
def test_production_refuses_what_is_not_safe(spaces, store, rsa_key):
    loopback, public = ["--listen", "127.0.0.1:0"], ["--listen", "0.0.0.0:0"]
    secret = secrets.token_hex(32)
    production = {"ENVIRONMENT": "production"}
    refuses(spaces, store, loopback, production, ["ENVIRONMENT=production", "JWT_SECRET_KEY"])
    assert secret not in refuses(spaces, store, loopback, {**production, "JWT_SECRET_KEY": secret}, ["RS256"])
    refuses(spaces, store, public, {**production, "JWT_SECRET_KEY": rsa_key}, ["0.0.0.0:0", "SPACES_ALLOW_PLAIN_HTTP"])
    refuses(spaces, store, ["--listen", "127.0.0.1:0,[::]:0"], {**production, "JWT_SECRET_KEY": rsa_key}, ["[::]:0"])
    refuses(spaces, store, loopback, {**production, "JWT_SECRET_KEY": rsa_key}, ["SPACES_MAIL", "SPACES_ALLOW_LOG"])
    assert not store.exists()


@pytest.mark.embedded
def test_production_with_a_key_of_its_own(server, client, rsa_key):
    one = server(env={"ENVIRONMENT": "production", "JWT_SECRET_KEY": rsa_key, "SPACES_ALLOW_LOG_MAIL": "true"})
    assert client(one).get("/health").json()["environment"] == "production"
    assert not (one.data / "signing.key").exists()


@pytest.mark.embedded
def test_a_port_in_use(spaces, store):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        refuses(spaces, store, ["--listen", f"127.0.0.1:{port}"], says=[str(port), "already"])
    assert not store.exists()


def test_two_servers_never_share_a_port(server, spaces, store, tmp_path):
    """SO_REUSEPORT is for the loops of one process: another one would take half of its calls."""
    one = server()
    refuses(spaces, tmp_path / "other", ["--listen", f"127.0.0.1:{one.port}"], says=[str(one.port)])


@pytest.mark.embedded
def test_a_file_where_the_folder_should_be(spaces, tmp_path):
    (tmp_path / "file").write_text("kept")
    refuses(spaces, tmp_path / "file", ["--listen", "127.0.0.1:0"], says=[str(tmp_path / "file")])
    refuses(spaces, tmp_path / "file" / "store", ["--listen", "127.0.0.1:0"], says=[str(tmp_path / "file" / "store")])
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.embedded
def test_a_folder_that_cannot_be_written(spaces, tmp_path):
    folder = tmp_path / "readonly"
    folder.mkdir()
    if os.geteuid() != 0:
        folder.chmod(0o500)
        refuses(spaces, folder, ["--listen", "127.0.0.1:0"], says=[str(folder)])
        return
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(folder)], capture_output=True).returncode != 0:
        pytest.skip("root may write anywhere here, and may not mount")
    try:
        refuses(spaces, folder, ["--listen", "127.0.0.1:0"], says=[str(folder)])
        refuses(spaces, folder / "store", ["--listen", "127.0.0.1:0"], says=[str(folder / "store")])
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.embedded
def test_a_file_that_is_no_store(spaces, store):
    store.mkdir(mode=0o700)
    (store / "table.lmdb").write_bytes(b"this is no store" * 1000)
    refuses(spaces, store, ["--listen", "127.0.0.1:0"], says=[str(store)])
    assert (store / "table.lmdb").read_bytes() == b"this is no store" * 1000


@pytest.mark.embedded
@pytest.mark.parametrize("command", ["token", "stats", "check", "backup", "export"])
def test_commands_make_no_store(spaces, tmp_path, command):
    more = [tmp_path / "to.csv"] if command in ("backup", "export") else []
    done = spaces(command, "--data", tmp_path / "nowhere", *more, status=None)
    assert done.returncode > 0 and done.stdout == "" and str(tmp_path / "nowhere") in done.stderr
    assert list(tmp_path.iterdir()) == []


def refuses_connections(one):
    try:
        socket.create_connection(("127.0.0.1", one.port), timeout=60).close()
    except ConnectionError:
        return True
    return False


def test_sigterm_answers_what_is_in_flight(server, mint, client, raw, a_property):
    """A body that is half there, and writes that wait for the disk, are answered; then a second start finds all."""
    one = server()
    token = mint("ann")
    half = raw(one)
    body = b'{"title":"Half of a loft","price":1,"city":"Seattle","state":"WA","zipCode":"98101"}'
    head = (f"POST /api/v1/properties HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\n")
    half.send(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:20])
    until(half.is_read)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        stopped = pool.submit(one.stop)
        until(lambda: refuses_connections(one), "it does not stop")
        assert one.running(), "it did not wait for the request that is half there"
        half.send(body[20:])
        status, fields, _ = half.answer()
        assert (status, fields.get("connection")) == (201, "close")
        assert half.closed()
        stopped.result(60)
    again = server()
    assert client(again, token).get(fields["location"]).json()["title"] == "Half of a loft"


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_writes_that_were_answered_outlive_a_stop(binary, store, client, a_property, number):
    one = Server(binary, store, (), {})
    token = mint_token(binary, store, "ann")
    made = []

    def publish(_):
        ann = client(one, token)
        for _ in range(200):
            try:
                answer = ann.post("/properties", a_property())
            except OSError:
                return
            assert answer.status_code == 201
            made.append(answer.json()["id"])

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        work = [pool.submit(publish, n) for n in range(4)]
        until(lambda: len(made) > 20, "nothing is written")
        one.stop(getattr(signal, number))
        for each in work:
            each.result(60)
    again = Server(binary, store, (), {})
    try:
        ann = client(again, token)
        assert made and all(ann.get(f"/properties/{one}").status_code == 200 for one in made)
    finally:
        again.stop()


def on_a_terminal(*command, **environment):
    """(process, the terminal's other end): a program whose group Ctrl-C reaches."""
    outside, inside = pty.openpty()

    def take_the_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen([str(word) for word in command], stdin=inside, stdout=inside, stderr=inside,
                               env=clean_environment(**environment), preexec_fn=take_the_terminal)
    os.close(inside)
    return process, outside


def read_until(terminal, text):
    """What it shows up to a text; all of it where that never comes."""
    shown = ""
    with contextlib.suppress(OSError):  # a pseudo-terminal's end of file
        while text not in shown:
            shown += os.read(terminal, 65536).decode()
    return shown


@pytest.mark.embedded
def test_make_run_fills_an_empty_store_serves_it_and_ends_by_ctrl_c(binary, tmp_path):
    """All but the build: `make run` calls scripts/run-demo. A second time the listings are there already."""
    for _ in range(2):
        process, terminal = on_a_terminal(ROOT / "scripts" / "run-demo", DATA=str(tmp_path / "demo"),
                                          LISTEN="127.0.0.1:0", SPACES_BINARY=str(binary))
        try:
            shown = read_until(terminal, "Ctrl-C ends.")
            assert "Reading listings needs no token here (SPACES_PUBLIC_LISTINGS=true)" in shown
            api, docs, health = (re.search(rf"{name} +(http://\S+)", shown)[1]
                                 for name in ("API", "Documentation", "Health"))
            assert requests.get(docs, timeout=60).status_code == requests.get(health, timeout=60).status_code == 200
            page = requests.get(api, timeout=60).json()
            assert len(page["items"]) == 20 and page["nextCursor"]
            os.write(terminal, b"\x03")
            assert "Stopped." in read_until(terminal, "Stopped.")
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()
            os.close(terminal)


@pytest.mark.embedded
def test_every_setting_is_explained(spaces):
    told = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/OPERATIONS.md"))
    names = re.findall(r"^  --\S+ ([A-Z][A-Z0-9_]+)", spaces("serve", "--help").stdout, re.MULTILINE)
    assert len(names) > 20
    assert [name for name in names if f"`{name}`" not in told] == []
