"""The server that is measured, the bare loop that it is compared with, and the client that loads both."""

import json
import pathlib
import re
import signal
import socket
import subprocess

from harness import machine

READY_SECONDS_MAX = 20


def get(port, target, fields=()):
    """The whole answer to a GET, as bytes: status line, fields and body."""
    lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "User-Agent: bench", "Accept: */*", *fields]
    with socket.create_connection(("127.0.0.1", port), timeout=READY_SECONDS_MAX) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += _more(connection)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        while length and len(body) < int(length[1]):
            body += _more(connection)
        return head + b"\r\n\r\n" + body


def _more(connection):
    got = connection.recv(1 << 16)
    if not got:
        raise RuntimeError("the server closed the connection before its answer was whole")
    return got


def body_of(answer):
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"not 200: {answer[:300]!r}")
    return answer.partition(b"\r\n\r\n")[2]


class Program:
    """A program that says where it listens in its first line. Stopped at the end of its `with`."""

    def __init__(self, words, cores, environment=None, log=None):
        self.child = machine.start(words, cores, environment, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.child.stdout.readline()
        port = re.search(r"127\.0\.0\.1:(\d+)", line)
        if not port:
            self.child.kill()
            self.child.wait()
            raise RuntimeError(f"{pathlib.Path(words[0]).name} did not start: {line!r}")
        self.port, self.pid = int(port[1]), self.child.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(15)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.child.stdout.close()


class Bench:
    """Where the programs are and how long a round takes."""

    def __init__(self, folder, scratch, rounds, seconds, say):
        self.spaces, self.tools = folder / "spaces", folder / "bench"
        self.scratch, self.rounds, self.seconds, self.say = scratch, rounds, seconds, say

    def server(self, data, public=True, loops=1, cores=None, environment=None, log=None):
        words = [
            self.spaces,
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
            data,
            "--loops",
            loops,
            "--public-listings",
            "true" if public else "false",
        ]
        # What is measured is not how many listings one person may make.
        words += ["--listings", 1000000, "--listings-a-day", 1000000]
        words += ["--agent-listings", 1000000, "--agent-listings-a-day", 1000000]
        return Program(words, cores or machine.SERVER_CORES, environment, log)

    def bare(self, answer, name):
        """The bare loop, sending these bytes."""
        path = self.scratch / f"{name}.answer"
        path.write_bytes(answer)
        return Program([self.tools / "bare_epoll", 0, path], machine.SERVER_CORES)

    def token(self, data, kind="seller"):
        return machine.run([self.spaces, "token", "--data", data, "--type", kind, "--minutes", 1440]).split()[-1]

    def load(self, program, targets, cores=None, seconds=None, **options):
        """One round of load; what bench/load counted."""
        words = [
            self.tools / "load",
            "--port",
            program.port,
            "--targets",
            targets,
            "--watch",
            program.pid,
            "--seconds",
            seconds or self.seconds,
        ]
        if cores is None and machine.SERVER_CORES != machine.CLIENT_CORES:
            words.append("--spin")  # the core is its own
        for name, value in options.items():
            for each in value if isinstance(value, list) else [value]:
                words += [f"--{name.replace('_', '-')}"] + ([] if each is True else [each])
        return json.loads(machine.run(words, cores or machine.CLIENT_CORES))

    def file(self, name, lines):
        path = self.scratch / name
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path
