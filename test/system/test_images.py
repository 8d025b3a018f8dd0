"""Photographs from a seller's client to what everybody sees: real files, a real worker, on the disk and in S3; what is
no photograph, and a server or a worker that is killed on the way."""

import base64
import contextlib
import io
import json
import os
import pathlib
import signal

import pictures
import pytest
import requests
from conftest import missing_part
from lambda_parts import Function
from photographs import WITH_WORKER, Seller
from PIL import Image
from pictures import encoded, house
from s3 import make_bucket, s3_client, s3_environment
from waiting import some_moment, until

# A job that a killed server had taken is taken again when its lease ends.
SOON_AGAIN = {**WITH_WORKER, "SPACES_JOB_LEASE": "1"}


@pytest.fixture(autouse=True)
def worker():
    if not pictures.WORKER.is_file():
        missing_part("spaces-media", "it is not built")


@pytest.fixture
def seller(server, client, mint, a_property):
    """seller(env) -> the seller of a new listing, and the server."""

    def make(env=None, name="ann"):
        one = server(env={**SOON_AGAIN, **(env or {})}, public=True)
        return sells(client, one, mint(name), a_property()), one

    return make


def sells(client, one, token, listing):
    mine = client(one, token)
    return Seller(mine, mine.post("/properties", listing).json()["id"])


def photograph():
    """As a telephone writes it: turned, and full of what nobody else is to know."""
    turned = house(900, 1200, grain=20).transpose(Image.Transpose.ROTATE_90)
    return pictures.with_segments(encoded(turned, "JPEG", quality=90, exif=pictures.exif(6)))


def shown(owner, listing):
    return requests.get(f"{owner.client.url}/api/v1/properties/{listing}", timeout=20).json()["images"]


def fetched(owner, url, bucket):
    """What a page of anybody gets there; a bucket of tests is private, so it is read with its keys."""
    if not bucket:
        answer = requests.get(owner.at(url), timeout=20)
        return answer.content if answer.status_code == 200 else None
    key = url.partition(f"{bucket}/")[2]
    s3 = s3_client()
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return None


@pytest.mark.parametrize("place", ["disk", "s3"])
def test_a_photograph_goes_in_and_comes_out(seller, place):
    bucket = make_bucket() if place == "s3" else ""
    owner, _ = seller({"SPACES_BUCKET": f"s3:{bucket}", **s3_environment()} if bucket else {})
    image = owner.add(photograph(), alt="The kitchen")
    listing = owner.path.split("/")[2]
    told = owner.complete(image)
    [seen] = shown(owner, listing)
    assert (seen["id"], seen["width"], seen["height"], seen["alt"]) == (image, 900, 1200, "The kitchen")
    assert 5 <= len(base64.b64decode(seen["placeholder"])) <= 25
    assert {(one["type"], one["width"]) for one in seen["sources"]} == {
        (kind, width) for kind in ("image/jpeg", "image/webp", "image/avif") for width in (320, 640, 900)}
    for one in seen["sources"]:
        content = fetched(owner, one["url"], bucket)
        assert len(content) == one["bytes"] and b"Secret" not in content and b"Exif" not in content
        picture = Image.open(io.BytesIO(content))
        assert picture.get_format_mimetype() == one["type"] and picture.size == (one["width"], one["height"])
    cover = requests.get(owner.client.url + "/api/v1/properties", timeout=20).json()["items"][0]["cover"]
    made = {cover["url"].replace("{width}", str(width)).replace("{type}", kind)
            for width in cover["widths"] for kind in cover["types"]}
    assert made <= {one["url"] for one in told["sources"]} and made
    assert owner.client.delete(f"{owner.path}/{image}").status_code == 204
    until(lambda: all(fetched(owner, one["url"], bucket) is None for one in told["sources"]))
    assert shown(owner, listing) == []


def bomb():
    """30,000 x 30,000 of one bit, which is 112 MB of nothing in some 100 kB."""
    return pictures.png(30_000, 30_000, 1, 0, bytes(3751) * 30_000)


def bad_files():
    jpeg = encoded(house(700, 500), "JPEG")
    yield "image/jpeg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "format"
    yield "image/jpeg", b"<!doctype html><script>alert(1)</script>", "no picture"
    yield "image/jpeg", jpeg[:len(jpeg) // 2], "damaged"
    yield "image/jpeg", encoded(house(70, 50), "GIF"), "format"
    yield "image/png", bomb(), "side"
    yield "image/jpeg", encoded(house(70, 50), "PNG"), "announced as image/jpeg"


def test_what_is_no_photograph_is_refused_with_a_reason(seller, store):
    owner, _ = seller()
    reasons = {owner.add(content, kind): reason for kind, content, reason in bad_files()}
    for image, reason in reasons.items():
        told = owner.settled(image)
        assert told["status"] == "refused" and reason in told["reason"], told
    assert shown(owner, owner.path.split("/")[2]) == []
    assert [file for file in (store / "bucket" / "objects").rglob("*") if file.is_file()] == []


def test_every_photograph_comes_to_an_end_whenever_the_server_is_killed(seller, server):
    owner, one = seller()
    images = []
    for number in range(4):
        images.append(owner.add(encoded(house(600 + number, 400, grain=20), "JPEG")))
        some_moment(0.7)
        one.kill()
        one = server(env=SOON_AGAIN, public=True)
        owner.client.url = one.url
    for image in images:
        for file in owner.complete(image)["sources"]:
            assert len(fetched(owner, file["url"], "")) == file["bytes"]


@pytest.mark.embedded
def test_operators_find_what_is_missing_and_what_nobody_names(seller, spaces, store):
    owner, one = seller()
    image = owner.add(photograph())
    owner.complete(image)
    one.stop()

    def media(*words, status=0):
        return json.loads(spaces("media", *words, "--json", "--data", store, status=status, env=WITH_WORKER).stdout)

    files = sorted((store / "bucket" / "objects" / "media").rglob("*-*.*"))
    before = {path: path.read_bytes() for path in files}
    assert (media("check")["files"], media("check")["missing"]) == (9, 0)
    files[0].unlink()
    [finding] = media("check", status=4)["findings"]
    assert finding["key"].endswith(files[0].name)
    assert media("prepare")["remade"] == 1
    assert media("check")["missing"] == 0 and {path: path.read_bytes() for path in files} == before
    stray = files[0].with_name("0" * 32 + "-320.jpg")
    stray.write_bytes(before[files[0]])
    assert media("check")["unnamed"] == 1 and media("sweep")["removed"] == 0, "it may be about to be named"
    os.utime(stray, (0, 0))
    assert media("sweep", "--dry-run")["removed"] == 1 and stray.exists()
    assert media("sweep")["removed"] == 1 and not stray.exists()
    assert media("check")["unnamed"] == 0


def test_the_same_picture_of_two_people_is_reported(seller, client, mint, a_property, spaces, store):
    ann, one = seller()
    ben = sells(client, one, mint("ben"), a_property())
    ann.complete(ann.add(photograph()))
    ben.complete(ben.add(encoded(house(900, 1200, grain=20).resize((600, 800)), "WEBP", quality=70), "image/webp"))
    ben.complete(ben.add(encoded(house(800, 600).rotate(180), "JPEG")))

    def reported():
        return json.loads(spaces("reports", "list", "--json", "--data", store).stdout)["samePictures"]

    until(reported)
    one.stop()
    [report] = reported()
    listings = {owner.path.split("/")[2] for owner in (ann, ben)}
    assert listings <= set(report.values()), report


def test_a_worker_that_is_killed_is_replaced_and_its_photograph_prepared(seller):
    owner, one = seller()
    images = [owner.add(encoded(house(1600 + number, 1200, grain=20), "JPEG")) for number in range(3)]
    for _ in range(3):
        for child in pathlib.Path(f"/proc/{one.pid}/task/{one.pid}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        some_moment(0.5)
    for image in images:
        assert owner.complete(image)["status"] == "ready"


@pytest.mark.embedded
def test_a_function_prepares_what_s3_says_has_come(binary, store, seller):
    bucket = make_bucket()
    in_s3 = {"SPACES_BUCKET": f"s3:{bucket}", **s3_environment()}
    owner, one = seller({**in_s3, "SPACES_MEDIA_WORKERS": "0"})
    content = photograph()
    announced = owner.announce(content)
    assert owner.send(announced, content).status_code == 200
    one.stop()
    [key] = [found["Key"] for found in s3_client().list_objects_v2(Bucket=bucket)["Contents"]]
    of_s3 = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
             "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": len(content)}}}
    with Function(binary, store, {**in_s3, "SPACES_MEDIA_WORKER": str(pictures.WORKER),
                                  "SPACES_PUBLIC_LISTINGS": "true"}) as function:
        for _ in range(2):
            assert function.api.invoke(json.dumps({"Records": [of_s3]}).encode()).kind == "response", function.log()

        def ready():
            function.api.invoke(b"{}")
            listing = function.send("GET", "/api/v1" + owner.path.removesuffix("/images")).json()
            return {file["type"] for image in listing["images"] for file in image["sources"]} >= {"image/avif"}

        until(ready, function.log)
