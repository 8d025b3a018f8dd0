"""spaces bucket: objects moved and verified as an operator does it, between folders and S3."""

import json
import os

import pytest

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
    ("s3:Pictures", "no bucket's name"),
])
def test_places_that_are_none_are_told(spaces, folder, place, says):
    done = spaces("bucket", "check", "--from", folder, "--to", place, status=2, env={"AWS_REGION": "eu-west-1"})
    assert says in done.stderr and len(done.stderr.splitlines()) == 1
    assert not os.path.exists("pictures")
