"""The S3 that tests run against: the one that SPACES_TEST_S3_ENDPOINT names, or a versitygw of our own, started here
and stopped again. Its keys are those of test/s3."""

import contextlib
import os
import shutil
import subprocess
import tempfile

import dynamodb_part
from own_place import own_place

VARIABLE = "SPACES_TEST_S3_ENDPOINT"
ACCESS, SECRET = "spaces-test", "spaces-test-secret"


def start(program, folder):
    """On a folder of its own; both of its paths must be absolute."""
    objects, accounts = os.path.join(folder, "objects"), os.path.join(folder, "accounts")
    os.makedirs(objects, exist_ok=True)
    os.makedirs(accounts, exist_ok=True)
    address, port = own_place()
    process = subprocess.Popen([program, "--access", ACCESS, "--secret", SECRET, "--port", f"{address}:{port}",
                                "--iam-dir", accounts, "--quiet", "--keep-alive", "posix", objects],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               preexec_fn=dynamodb_part.end_with_parent)
    if dynamodb_part.listens(process, (address, port)):
        return process, f"http://{address}:{port}"
    dynamodb_part.stop(process)
    raise RuntimeError(f"{program} does not start")


@contextlib.contextmanager
def running():
    """The endpoint, also in the environment of what is started inside; empty where there is none to be had."""
    named = os.environ.get(VARIABLE, "")
    program = "" if named else dynamodb_part.built("versitygw")
    if not program:
        yield named
        return
    folder = tempfile.mkdtemp(prefix="spaces-s3-")
    process, endpoint = start(program, folder)
    os.environ[VARIABLE] = endpoint
    try:
        yield endpoint
    finally:
        del os.environ[VARIABLE]
        dynamodb_part.stop(process)
        shutil.rmtree(folder, ignore_errors=True)
