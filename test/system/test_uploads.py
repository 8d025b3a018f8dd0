"""Uploads to a bucket on the server's disk, as clients do and as they must not."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import resource
import subprocess
import time

import pytest
import requests
from bucket_parts import PICTURE, checksum, keys, permit
from conftest import RawConnection, Server
from waiting import let_time_pass, until

pytestmark = pytest.mark.embedded

TYPE = "urn:lifestyle-spaces:problem:"


@pytest.fixture
def one(server):
    return server()


@pytest.fixture
def permitted(binary, store, one):
    """permitted(content, …) -> a permission of the running server."""
    return lambda content=PICTURE, **more: permit(binary, store, content, **more)


def unfinished(store):
    return list((store / "bucket" / "unfinished").iterdir())


def stored(store, key="originals/1"):
    """An object's content, as it lies there before its footer."""
    return (store / "bucket" / "objects" / key).read_bytes()[:-141]


def problem(answer, status, name):
    got, fields, body = answer
    assert got == status, body
    assert fields["content-type"] == "application/problem+json"
    assert json.loads(body)["type"] == TYPE + name
    return json.loads(body)


def test_what_was_permitted_is_taken_once(one, store, binary, permitted):
    by = permitted()
    answer = requests.put(one.url + by.target, data=PICTURE, headers=by.headers, timeout=20)
    assert answer.status_code == 200 and answer.text == ""
    assert answer.headers["Cache-Control"] == "no-store"
    assert stored(store) == PICTURE and keys(binary, store) == ["originals/1"]
    again = requests.put(one.url + by.target, data=PICTURE, headers=by.headers, timeout=20)
    assert again.status_code == 409 and again.json()["type"] == TYPE + "conflict"
    assert stored(store) == PICTURE and unfinished(store) == []
    assert requests.get(one.url + "/media/originals/1", timeout=20).status_code == 404, "it is nobody's to see"


@pytest.mark.parametrize("instead, says", [
    ({"Content_Type": "text/html"}, "must be image/jpeg"),
    ({"x_amz_checksum_sha256": checksum(b"another")}, "must be " + checksum(PICTURE)),
])
def test_fields_that_were_not_permitted_are_refused_before_the_body(one, store, raw, permitted, instead, says):
    connection = raw(one)
    connection.send(permitted().head(len(PICTURE), "Expect: 100-continue\r\n", **instead))
    said = problem(connection.answer(), 422, "invalid")
    assert said["errors"][0]["detail"] == says
    assert connection.closed() and unfinished(store) == []


@pytest.mark.parametrize("length", [0, 1, len(PICTURE) - 1, len(PICTURE) + 1, 10**12])
def test_another_length_is_refused_before_the_body(one, store, raw, permitted, length):
    connection = raw(one)
    connection.send(permitted().head(length))
    problem(connection.answer(), 422, "invalid")
    assert unfinished(store) == []


def test_another_content_of_the_same_length_leaves_nothing(one, store, binary, raw, permitted):
    by = permitted()
    connection = raw(one)
    connection.send(by.head(len(PICTURE)).encode() + PICTURE[::-1])
    said = problem(connection.answer(), 422, "invalid")
    assert said["errors"][0]["code"] == "checksum"
    assert unfinished(store) == [] and keys(binary, store) == []
    connection.send(by.head(len(PICTURE)).encode() + PICTURE)
    assert connection.answer()[0] == 200, "what was refused has not used the permission up, nor the connection"


def test_more_bytes_than_announced_are_no_part_of_it(one, store, raw, permitted):
    connection = raw(one)
    connection.send(permitted().head(len(PICTURE)).encode() + PICTURE + b"and more\r\n\r\n")
    assert connection.answer()[0] == 200
    problem(connection.answer(), 400, "malformed")
    assert stored(store) == PICTURE


def test_fewer_bytes_than_announced_leave_nothing(one, store, binary, raw, permitted):
    connection = raw(one)
    connection.send(permitted().head(len(PICTURE)).encode() + PICTURE[:-1])
    until(lambda: unfinished(store))
    connection.socket.shutdown(1)
    problem(connection.answer(), 400, "malformed")
    until(lambda: not unfinished(store))
    assert keys(binary, store) == []


def test_a_client_that_goes_leaves_nothing(one, store, binary, permitted):
    connection = RawConnection(one.port)
    connection.send(permitted().head(len(PICTURE)).encode() + PICTURE[:1000])
    until(lambda: unfinished(store))
    connection.close()
    until(lambda: not unfinished(store))
    assert keys(binary, store) == []


def test_a_length_must_be_announced(one, raw, permitted):
    connection = raw(one)
    head = permitted().head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked")
    connection.send(head + "3\r\nabc\r\n0\r\n\r\n")
    problem(connection.answer(), 411, "length-required")


def test_a_permission_ends(one, raw, permitted):
    by = permitted(seconds=1)

    def ended():
        connection = RawConnection(one.port)
        connection.send(by.head(len(PICTURE), Content_Type="text/html"))
        answer = connection.answer()
        connection.close()
        return answer[0] == 403

    until(ended)
    connection = raw(one)
    connection.send(by.head(len(PICTURE), "Expect: 100-continue\r\n"))
    problem(connection.answer(), 403, "forbidden")


def test_a_permission_cannot_be_altered(one, store, raw, permitted):
    by = permitted()
    start = by.target.rindex("/") + 1
    for at in [start, start + 20, (start + len(by.target)) // 2, len(by.target) - 1]:
        target = by.target[:at] + ("A" if by.target[at] != "A" else "B") + by.target[at + 1:]
        connection = raw(one)
        connection.send(by.head(len(PICTURE), "Expect: 100-continue\r\n").replace(by.target, target))
        problem(connection.answer(), 403, "forbidden")
    for target in (by.target[:-1], by.target + "A", "/uploads/x", "/uploads/" + "A" * 3000):
        connection = raw(one)
        connection.send(by.head(len(PICTURE), "Expect: 100-continue\r\n").replace(by.target, target))
        problem(connection.answer(), 403, "forbidden")
    assert unfinished(store) == []


def test_the_log_has_no_permission(one, store, permitted, raw):
    by = permitted()
    (store / "bucket" / "unfinished").rmdir()
    connection = raw(one)
    connection.send(by.head(len(PICTURE), "Expect: 100-continue\r\n"))
    assert connection.answer()[0] >= 400
    token = by.target.rsplit("/", 1)[1]
    assert token not in one.log()


def test_100_comes_once_the_fields_are_right(one, store, raw, permitted):
    connection = raw(one)
    connection.send(permitted().head(len(PICTURE), "Expect: 100-continue\r\n"))
    assert connection.answer()[0] == 100
    assert unfinished(store), "it is ready"
    connection.send(PICTURE)
    assert connection.answer()[0] == 200
    assert stored(store) == PICTURE


def test_pages_of_other_origins_upload(server, binary, store):
    origin = "https://app.example.com"
    one = server(env={"SPACES_CORS_ORIGINS": origin})
    by = permit(binary, store)
    asked = {"Origin": origin, "Access-Control-Request-Method": "PUT",
             "Access-Control-Request-Headers": ",".join(by.headers).lower()}
    preflight = requests.options(one.url + by.target, headers=asked, timeout=20)
    assert preflight.status_code == 204
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {name.lower() for name in by.headers} <= set(allowed)
    for content, status in ((PICTURE[::-1], 422), (PICTURE, 200)):
        answer = requests.put(one.url + by.target, data=content, headers={**by.headers, "Origin": origin}, timeout=20)
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == origin


def test_a_refused_body_is_sent_to_its_end(one, permitted):
    """A browser reads no answer before that."""
    by = permitted()
    large = bytes(8_000_000)
    answer = requests.put(one.url + by.target, data=large, headers=by.headers, timeout=20)
    assert answer.status_code == 422


def anonymous_bytes(server):
    """Heap and stacks of the process."""
    rollup = pathlib.Path(f"/proc/{server.pid}/smaps_rollup").read_text()
    return int(next(line for line in rollup.splitlines() if line.startswith("Anonymous:")).split()[1]) * 1024


def test_many_large_uploads_side_by_side_are_not_in_memory(one, store, binary, permitted):
    content = os.urandom(1 << 20) * 6
    permissions = [permitted(content, key=f"originals/{number}") for number in range(64)]
    before = anonymous_bytes(one)

    def send(by):
        return requests.put(one.url + by.target, data=content, headers=by.headers, timeout=120).status_code

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        sending = [pool.submit(send, by) for by in permissions]
        most = before
        while not all(each.done() for each in sending):
            most = max(most, anonymous_bytes(one))
            let_time_pass(0.005)
        assert [each.result() for each in sending] == [200] * 64
    # 64 buffers of 128 KiB, the stacks of as many threads; the bodies have 384 MB.
    assert most - before < 48 << 20
    assert len(keys(binary, store)) == 64 and unfinished(store) == []
    assert stored(store, "originals/63") == content


def test_one_permission_used_by_many_at_one_time_is_used_once(one, store, permitted):
    by = permitted()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(
            lambda _: requests.put(one.url + by.target, data=PICTURE, headers=by.headers, timeout=30).status_code,
            range(16)))
    assert sorted(statuses) == [200] + [409] * 15
    assert stored(store) == PICTURE and unfinished(store) == []


def test_what_a_killed_server_left_is_swept(server, store, binary, permitted, one):
    connection = RawConnection(one.port)
    connection.send(permitted().head(len(PICTURE)).encode() + PICTURE[:-1])
    until(lambda: unfinished(store))
    one.kill()
    connection.close()
    assert keys(binary, store) == [], "half a file is no object"
    left, = unfinished(store)
    server()
    assert left.exists(), "it might be another process's"
    hours_ago = time.time() - 2 * 3600
    os.utime(left, (hours_ago, hours_ago))
    third = server()
    until(lambda: not left.exists())
    assert unfinished(store) == [] and third.running()


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],
                      capture_output=True).returncode != 0:
        pytest.skip("mounting a small file system needs root: the size limit of a file is tested all the same")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_before_the_body(small_disk, server, binary, store, raw, client):
    settings = {"SPACES_BUCKET": f"disk:{small_disk / 'bucket'}"}
    one = server(env=settings)
    large = bytes(2 << 20)
    by = permit(binary, store, large, env=settings)
    connection = raw(one)
    connection.send(by.head(len(large), "Expect: 100-continue\r\n"))
    problem(connection.answer(), 507, "storage-full")
    assert list((small_disk / "bucket" / "unfinished").iterdir()) == []
    small = permit(binary, store, PICTURE, key="originals/2", env=settings)
    assert requests.put(one.url + small.target, data=PICTURE, headers=small.headers, timeout=20).status_code == 200
    assert client(one).get("/health").json()["status"] == "ok", "reading goes on"
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    assert requests.put(one.url + by.target, data=large, headers=by.headers, timeout=20).status_code == 200


@pytest.mark.alone
def test_a_disk_that_fills_up_on_the_way_leaves_nothing(binary, store, raw):
    Server(binary, store, (), {}).stop()
    most = (store / "table.lmdb").stat().st_size + 2_000_000

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    one = Server(binary, store, (), {}, preexec=limit)
    try:
        large = bytes(most + 1_000_000)
        by = permit(binary, store, large)
        connection = raw(one)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.send(by.head(len(large)).encode() + large)
        problem(connection.answer(), 507, "storage-full")
        until(lambda: not unfinished(store))
        assert keys(binary, store) == []
        resource.prlimit(one.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert requests.put(one.url + by.target, data=large, headers=by.headers, timeout=20).status_code == 200
    finally:
        one.stop()


def test_a_bucket_that_went_degrades_health(one, store, client):
    assert client(one).get("/health").json()["bucket"] == "disk"
    (store / "bucket" / "objects").rmdir()
    said = client(one).get("/health")
    assert said.status_code == 200 and said.json()["status"] == "degraded"
    assert said.json()["failing"] == ["bucket"]
