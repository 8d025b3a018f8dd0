"""The bucket as operators see it: objects moved and verified between folders and S3, in backups and checks."""

import json
import os
import shutil

import pytest
import requests
from bucket_parts import PICTURE, bucket_tool, checksum, keys, permit
from s3 import make_bucket, s3_client, s3_environment

pytestmark = pytest.mark.embedded


@pytest.fixture
def folder(tmp_path):
    return f"disk:{tmp_path}/one"


def test_folders_that_hold_nothing_are_the_same(spaces, folder, tmp_path):
    other = f"disk:{tmp_path}/two"
    copied = json.loads(spaces("bucket", "copy", "--from", folder, "--to", other, "--json").stdout)
    assert (copied["read"], copied["written"], copied["same"]) == (0, 0, True)
    assert "0 objects" in spaces("bucket", "check", "--from", folder, "--to", other).stdout


@pytest.mark.parametrize("place, says", [
    ("pictures", "which is not disk:DIR or s3:BUCKET"),
    ("disk:", "which is not disk:DIR or s3:BUCKET"),
    ("s3:Pictures", "which is not disk:DIR or s3:BUCKET (3 to 63 small letters"),
])
def test_places_that_are_none_are_told(spaces, folder, place, says):
    done = spaces("bucket", "check", "--from", folder, "--to", place, status=2, env={"AWS_REGION": "eu-west-1"})
    assert says in done.stderr and len(done.stderr.splitlines()) == 1
    assert not os.path.exists("pictures")


def test_objects_go_to_s3_and_back(spaces, server, binary, store, tmp_path):
    server().stop()
    for number in range(3):
        bucket_tool(binary, store, "put", f"media/ab/{number}.webp", "image/webp", given=PICTURE + bytes([number]))
    s3, here = make_bucket(), f"disk:{store / 'bucket'}"
    environment = s3_environment()

    def run(command, source, destination, status=0):
        return json.loads(spaces("bucket", command, "--from", source, "--to", destination, "--json", env=environment,
                                 status=status).stdout)

    assert run("check", here, f"s3:{s3}", status=4)["different"] == 3
    assert run("copy", here, f"s3:{s3}")["written"] == 3
    assert run("check", here, f"s3:{s3}")["same"]
    found = s3_client().get_object(Bucket=s3, Key="media/ab/1.webp")
    assert found["Body"].read() == PICTURE + b"\1" and found["ContentType"] == "image/webp"
    back = f"disk:{tmp_path / 'back'}"
    assert run("copy", f"s3:{s3}", back)["written"] == 3
    assert run("check", here, back)["same"]
    s3_client().put_object(Bucket=s3, Key="media/ab/1.webp", Body=b"another", ContentType="image/webp")
    assert run("check", here, f"s3:{s3}", status=4)["differences"] == [
        "media/ab/1.webp has another content at the destination"]


def test_a_server_with_its_bucket_in_s3_takes_no_bytes_itself(server, binary, store, client):
    name = make_bucket()
    settings = {"SPACES_BUCKET": f"s3:{name}", **s3_environment()}
    one = server(env=settings)
    assert client(one).get("/health").json()["bucket"] == "s3"
    paths = client(one).get("/openapi.json").json()["paths"]
    assert not [path for path in paths if path.startswith(("/media", "/uploads"))]
    assert requests.get(f"{one.url}/media/x", timeout=20).status_code == 404
    by = permit(binary, store, env=settings)
    assert by.url.startswith(settings["AWS_ENDPOINT_URL_S3"])

    def send(content=PICTURE, url=by.url, **instead):
        headers = {**by.headers, **{name.replace("_", "-"): value for name, value in instead.items()}}
        return requests.put(url, data=content, headers=headers, timeout=20).status_code

    assert send(PICTURE + b"!") >= 400, "more bytes"
    assert send(PICTURE[:-1]) >= 400, "fewer"
    assert send(PICTURE[::-1]) >= 400, "others"
    assert send(Content_Type="text/html") >= 400
    assert send(x_amz_checksum_sha256=checksum(b"another")) >= 400
    assert send(url=by.url[:-1] + ("0" if by.url[-1] != "0" else "1")) >= 400
    assert keys(binary, store, env=settings) == []
    assert send() == 200
    assert send() >= 400, "once"
    assert keys(binary, store, env=settings) == ["originals/1"]
    s3_client().delete_object(Bucket=name, Key="originals/1")
    s3_client().delete_bucket(Bucket=name)
    said = client(one).get("/health")
    assert said.status_code == 200 and said.json()["failing"] == ["bucket"]


def test_a_backup_has_the_pictures_and_a_check_reads_them(spaces, server, binary, store, tmp_path):
    server().stop()
    for number in range(3):
        bucket_tool(binary, store, "put", f"media/ab/{number}.webp", "image/webp", given=PICTURE + bytes([number]))
    copy = tmp_path / "copy"
    said = json.loads(spaces("backup", "--data", store, copy, "--json").stdout)
    assert (said["objects"], said["objectBytes"]) == (3, 3 * len(PICTURE) + 3)
    shutil.rmtree(store / "bucket")
    checked = json.loads(spaces("check", "--data", copy, "--json").stdout)
    assert (checked["objects"], checked["damaged"]) == (3, 0)
    one = server(data=copy)
    assert requests.get(f"{one.url}/media/ab/1.webp", timeout=20).content == PICTURE + b"\1"
    damaged = copy / "bucket" / "objects" / "media" / "ab" / "2.webp"
    content = bytearray(damaged.read_bytes())
    content[1000] ^= 1
    damaged.write_bytes(content)
    (damaged.parent / "foreign").write_text("no object")
    checked = json.loads(spaces("check", "--data", copy, "--json", status=4).stdout)
    assert [(each["kind"], each["where"]) for each in checked["findings"]] == [
        ("object", "media/ab/2.webp"), ("object", "media/ab/foreign")]


def test_a_backup_on_another_disk_has_them_too(spaces, server, binary, store):
    server().stop()
    bucket_tool(binary, store, "put", "media/1.webp", "image/webp", given=PICTURE)
    copy = "/dev/shm/spaces-copy-" + str(os.getpid())
    try:
        spaces("backup", "--data", store, copy)
        assert json.loads(spaces("check", "--data", copy, "--json").stdout)["objects"] == 1
        spaces("bucket", "check", "--from", f"disk:{store}/bucket", "--to", f"disk:{copy}/bucket")
    finally:
        shutil.rmtree(copy, ignore_errors=True)


@pytest.mark.parametrize("value", ["folder", "disk:", "s3:", "s3:Pictures"])
def test_a_bucket_that_is_none_is_told(spaces, store, value):
    done = spaces("serve", "--data", store, status=2, env={"SPACES_BUCKET": value})
    assert "SPACES_BUCKET" in done.stderr and "disk, disk:DIR, s3:BUCKET" in done.stderr


def test_a_bucket_on_another_disk(server, binary, store, tmp_path, client):
    settings = {"SPACES_BUCKET": f"disk:{tmp_path / 'elsewhere'}"}
    one = server(env=settings)
    bucket_tool(binary, store, "put", "media/1.webp", "image/webp", given=PICTURE, env=settings)
    assert requests.get(f"{one.url}/media/1.webp", timeout=20).content == PICTURE
    assert not (store / "bucket").exists()
