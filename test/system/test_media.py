"""Pictures that the server sends from its disk, byte for byte on the wire."""

import pytest
import requests
from bucket_parts import PICTURE, bucket_tool
from conftest import RawConnection

pytestmark = pytest.mark.embedded

KEY = "media/ab/0123456789abcdef/640.webp"


@pytest.fixture
def shown(server, binary, store):
    """A server with a picture, which needs no token."""
    one = server()
    bucket_tool(binary, store, "put", KEY, "image/webp", given=PICTURE)
    return one


def ask(connection, target="/" + KEY, more="", method="GET"):
    connection.send(f"{method} {target} HTTP/1.1\r\nHost: a\r\n{more}\r\n")
    return connection.answer(head=method == "HEAD")


def test_a_picture_is_sent_for_ever_and_as_nothing_else(shown, raw):
    status, fields, body = ask(raw(shown))
    assert status == 200 and body == PICTURE
    assert fields["content-type"] == "image/webp"
    assert fields["cache-control"] == "public, max-age=31536000, immutable"
    assert fields["x-content-type-options"] == "nosniff"
    assert fields["content-security-policy"] == "default-src 'none'; sandbox"
    assert fields["accept-ranges"] == "bytes"
    assert fields["etag"].startswith('"') and "vary" not in fields


def test_conditions_and_parts(shown, raw):
    connection = raw(shown)
    tag = ask(connection)[1]["etag"]
    assert ask(connection, more=f"If-None-Match: {tag}\r\n")[0] == 304
    assert ask(connection, more='If-None-Match: "other"\r\n')[0] == 200
    status, fields, body = ask(connection, more="Range: bytes=100-199\r\n")
    assert (status, body) == (206, PICTURE[100:200])
    assert fields["content-range"] == f"bytes 100-199/{len(PICTURE)}" and fields["etag"] == tag
    assert ask(connection, more="Range: bytes=-10\r\n")[2] == PICTURE[-10:]
    assert ask(connection, more=f"Range: bytes={len(PICTURE) - 5}-\r\n")[2] == PICTURE[-5:]
    status, fields, body = ask(connection, more=f"Range: bytes={len(PICTURE)}-\r\n")
    assert status == 416 and fields["content-range"] == f"bytes */{len(PICTURE)}"
    assert fields["content-type"] == "application/problem+json"
    assert ask(connection, more=f"Range: bytes=0-9\r\nIf-Range: {tag}\r\n")[0] == 206
    assert ask(connection, more='Range: bytes=0-9\r\nIf-Range: "other"\r\n')[::2] == (200, PICTURE)
    assert ask(connection, more="Range: bytes=0-9,20-29\r\n")[::2] == (200, PICTURE), "several are the whole"
    status, fields, body = ask(connection, method="HEAD")
    assert status == 200 and fields["content-length"] == str(len(PICTURE)) and body == b""
    assert ask(connection)[2] == PICTURE, "the connection goes on"


@pytest.mark.parametrize("target", [
    "/media/none", "/media/", "/media/../originals/1", "/media/%2e%2e/originals/1", "/media/..%2foriginals/1",
    "/media//etc/passwd", "/media/ab", "/" + KEY + "/more", "/originals/1", "/media/page.html",
    "/media/drawing.svg", "/media/" + "a" * 600, "/media/link/1", "/media/alias.webp",
])
def test_nothing_else_is_shown(shown, store, binary, raw, target):
    bucket_tool(binary, store, "put", "originals/1", "image/jpeg", given=PICTURE)
    bucket_tool(binary, store, "put", "media/page.html", "text/html", given=b"<script>")
    bucket_tool(binary, store, "put", "media/drawing.svg", "image/svg+xml", given=b"<svg>")
    objects = store / "bucket" / "objects"
    (objects / "media" / "link").symlink_to(objects / "originals")
    (objects / "media" / "alias.webp").symlink_to(objects / KEY)
    status, fields, body = ask(raw(shown), target)
    assert status == 404 and fields["content-type"] == "application/problem+json"
    assert PICTURE[:100] not in body


def test_a_token_that_is_no_good_is_not_looked_at(shown):
    answer = requests.get(f"{shown.url}/{KEY}", headers={"Authorization": "Bearer x"}, timeout=20)
    assert answer.status_code == 200


def test_many_read_at_one_time_and_some_slowly(shown):
    connections = [RawConnection(shown.port) for _ in range(64)]
    for connection in connections:
        connection.send(f"GET /{KEY} HTTP/1.1\r\nHost: a\r\n\r\n" * 20)
    for connection in connections:
        for _ in range(20):
            assert connection.answer()[2] == PICTURE
        connection.close()
