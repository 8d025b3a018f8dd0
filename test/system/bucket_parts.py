"""Uploads and pictures as tests make them, beside a server (test/programs/bucket_tool)."""

import base64
import dataclasses
import hashlib
import json
import subprocess
from urllib.parse import urlsplit

from conftest import clean_environment, table_environment

# Any bytes will do: what is in them, the worker says.
PICTURE = bytes(range(256)) * 250


def bucket_tool(binary, data, *words, given=b"", env=None):
    """What it prints."""
    settings = {"SPACES_DATA": data, "SPACES_BUCKET": "disk", **table_environment(binary, data), **(env or {})}
    done = subprocess.run([str(binary.parent / "bucket_tool"), *map(str, words)], input=given, capture_output=True,
                          timeout=60, env=clean_environment(**settings))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.decode()


def checksum(content):
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


@dataclasses.dataclass
class Permission:
    """For one upload: its URL's path stays good whatever port the server has."""

    url: str
    headers: dict

    @property
    def target(self):
        return urlsplit(self.url).path

    def head(self, length, more="", **instead):
        """The header section of the request; `instead` has fields by their names with '_' for '-'."""
        fields = {**self.headers, **{name.replace("_", "-"): value for name, value in instead.items()}}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"PUT {self.target} HTTP/1.1\r\nHost: a\r\n{lines}{more}Content-Length: {length}\r\n\r\n"


def permit(binary, data, content=PICTURE, key="originals/1", kind="image/jpeg", seconds=300, env=None):
    said = json.loads(bucket_tool(binary, data, "permit", key, kind, len(content), hashlib.sha256(content).hexdigest(),
                                  seconds, env=env))
    assert said["method"] == "PUT"
    return Permission(said["url"], said["headers"])


def keys(binary, data, env=None):
    return bucket_tool(binary, data, "keys", env=env).split()
