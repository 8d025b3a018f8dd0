"""What tests of the whole program say to reach the tests' DynamoDB (scripts/dynamodb_part.py)."""

import hashlib
import os
import pathlib
import subprocess
import uuid

import requests
from conftest import clean_environment, missing_part

ENDPOINT = "SPACES_TEST_DYNAMODB_ENDPOINT"


def aws_environment(endpoint=None):
    """The environment of a program that uses it; another endpoint may stand in front of it."""
    endpoint = endpoint or os.environ.get(ENDPOINT, "")
    if not endpoint:
        missing_part("DynamoDB", "scripts/test-parts dynoxide")
    made_up = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return {**{name: os.environ.get(name, value) for name, value in made_up.items()},
            "AWS_ENDPOINT_URL_DYNAMODB": endpoint}


def new_table_name():
    return f"spaces-system-{uuid.uuid4().hex[:12]}"


_made = set()


def table_environment(binary, data):
    """The environment of a program that keeps everything in the table of this data folder; it is made at its
    first use, and goes with the tests' DynamoDB."""
    name = "spaces-system-" + hashlib.sha256(str(pathlib.Path(data).absolute()).encode()).hexdigest()[:16]
    environment = {**aws_environment(), "SPACES_TABLE": "dynamodb", "DYNAMODB_TABLE": name}
    if name not in _made:
        command = [str(binary), "table", "create", "--no-stream", "--no-recovery", "--no-deletion-protection"]
        done = subprocess.run(command, env=clean_environment(**environment), capture_output=True, text=True,
                              timeout=180)
        assert done.returncode == 0, done.stdout + done.stderr
        _made.add(name)
    return environment


def call(operation, **body):
    """One request past the program, unsigned: only a DynamoDB of the tests' own takes it."""
    answer = requests.post(os.environ[ENDPOINT], json=body, timeout=30, headers={
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/dynamodb/aws4_request, "
                         "SignedHeaders=host, Signature=0", "X-Amz-Date": "20260101T000000Z"})
    assert answer.status_code == 200, answer.text
    return answer.json()
