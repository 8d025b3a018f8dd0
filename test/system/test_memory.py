"""What a rush of large answers or requests takes is given back: the memory of the server's own process, before, while
and behind it. Figures of memory, none of time."""

import concurrent.futures
import contextlib
import itertools
import socket

import pytest
from test_accounts import CHEAP, log_in, register
from waiting import until

pytestmark = [pytest.mark.alone, pytest.mark.embedded]

MIB = 1024 * 1024
READERS = 100
# Below what one rush takes, and far over what a server at rest needs anew.
KEPT_MAX = 50 * MIB
TAKEN_MIN = 60 * MIB


def memory_of(pid):
    """The process's own: without what it maps of the store."""
    with open(f"/proc/{pid}/status") as facts:
        return next(int(line.split()[1]) * 1024 for line in facts if line.startswith("RssAnon:"))


@pytest.fixture
def full(binary, server, client, a_property):
    """A server, and a seller whose export has a first page of a MiB: (server, header fields)."""
    if any(one in str(binary) for one in ("asan", "tsan")):
        pytest.skip("a sanitizer keeps freed memory")
    one = server(env=CHEAP)
    register(client(one), "ann@example.com", userType="seller")
    token = log_in(client(one), "ann@example.com").json()["access_token"]

    def publish(number):
        draft = a_property(status="draft", title=f"House number {number}", description="x" * 19_900)
        return client(one, token).post("/properties", draft).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(publish, range(60))) == {201}
    return one, f"Host: x\r\nAuthorization: Bearer {token}\r\n"


def connected(port, receive_bytes=None):
    made = socket.socket()
    if receive_bytes:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    made.settimeout(60)
    made.connect(("127.0.0.1", port))
    return made


def test_what_slow_readers_of_exports_held_is_given_back(full):
    one, fields = full
    request = f"GET /api/v1/users/me/export HTTP/1.1\r\n{fields}\r\n".encode()
    before = memory_of(one.pid)
    for _ in range(3):
        readers = [connected(one.port, 4096) for _ in range(READERS)]
        turns = itertools.cycle(readers)

        def taken():
            """One asks for another page and reads nothing. The kernel takes a page or two for each of them; then pages
            wait in the server."""
            next(turns).sendall(request)
            return memory_of(one.pid) > before + TAKEN_MIN

        until(taken, lambda: f"{before // MIB} MiB before, {memory_of(one.pid) // MIB} while")
        while_it = memory_of(one.pid)
        for reader in readers:
            reader.close()
        until(lambda: memory_of(one.pid) < before + KEPT_MAX,
              lambda: f"{before // MIB} MiB before, {while_it // MIB} while, {memory_of(one.pid) // MIB} after")
        print(f"{before // MIB} MiB before, {while_it // MIB} while, {memory_of(one.pid) // MIB} after")


def test_what_bodies_held_that_did_not_come_whole_is_given_back(full):
    one, fields = full
    head = f"POST /api/v1/properties HTTP/1.1\r\n{fields}Content-Type: application/json\r\n"
    before = memory_of(one.pid)
    senders = [connected(one.port) for _ in range(450)]
    for sender in senders:
        sender.sendall(head.encode() + b"Content-Length: 65000\r\n\r\n" + b" " * 64_000)
    until(lambda: memory_of(one.pid) > before + 20 * MIB, "nothing is taken in")
    for sender in senders:
        with contextlib.suppress(OSError):
            sender.close()
    while_it = memory_of(one.pid)
    until(lambda: memory_of(one.pid) < before + 12 * MIB,
          lambda: f"{before // MIB} MiB before, {while_it // MIB} while, {memory_of(one.pid) // MIB} after")
    print(f"{before // MIB} MiB before, {while_it // MIB} while, {memory_of(one.pid) // MIB} after")
