"""The DynamoDB that tests run against: the one that SPACES_TEST_DYNAMODB_ENDPOINT names (DynamoDB
itself, Amazon's DynamoDB Local), or a dynoxide of our own, started here and stopped again."""

import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import time

from own_place import own_place

ROOT = pathlib.Path(__file__).resolve().parent.parent
VARIABLE = "SPACES_TEST_DYNAMODB_ENDPOINT"
# It listens within milliseconds; a machine that builds meanwhile may take its time.
START_SECONDS_MAX = 30


def listens(process, place):
    """Whether it came to listen; not when it ended before."""
    until = time.monotonic() + START_SECONDS_MAX
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(place, timeout=1):
            return True
        time.sleep(0.01)
    return False


def end_with_parent():
    """However this process ends: what it started does not outlive it (PR_SET_PDEATHSIG, prctl(2))."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def start(program):
    address, port = own_place()
    process = subprocess.Popen([program, "serve", "--host", address, "--port", str(port), "--log", "quiet"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, preexec_fn=end_with_parent)
    if listens(process, (address, port)):
        return process, f"http://{address}:{port}"
    stop(process)
    raise RuntimeError(f"{program} does not start")


def stop(process):
    process.kill()  # all it has is in memory
    process.wait()


def built(part="dynoxide"):
    """The path of a part's program; empty, with scripts/test-parts' own words, where it cannot be had."""
    found = subprocess.run([ROOT / "scripts" / "test-parts", part], stdout=subprocess.PIPE, text=True)
    return found.stdout.strip() if found.returncode == 0 else ""


@contextlib.contextmanager
def running():
    """The endpoint, also in the environment of what is started inside; empty where there is none to be had."""
    named = os.environ.get(VARIABLE, "")
    program = "" if named else built()
    if not program:
        yield named
        return
    process, endpoint = start(program)
    os.environ[VARIABLE] = endpoint
    try:
        yield endpoint
    finally:
        del os.environ[VARIABLE]
        stop(process)
