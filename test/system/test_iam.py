"""spaces iam: policies as an operator asks for them."""

import json

import pytest

pytestmark = pytest.mark.embedded


def test_policies_are_json_for_the_table_that_is_configured(spaces):
    flags = ("--account", "123456789012", "--function", "spaces")
    environment = {"DYNAMODB_TABLE": "market", "AWS_REGION": "eu-west-1"}
    process = json.loads(spaces("iam", *flags, env=environment).stdout)
    sids = {one["Sid"]: one for one in process["Statement"]}
    assert sids["Table"]["Resource"] == ["arn:aws:dynamodb:eu-west-1:123456789012:table/market"]
    assert set(sids) == {"Table", "Indexes", "Log"}
    operator = json.loads(spaces("iam", "--operator", "--name", "other", env=environment).stdout)
    assert "dynamodb:CreateTable" in operator["Statement"][0]["Action"]
    assert operator["Statement"][0]["Resource"] == ["arn:aws:dynamodb:eu-west-1:ACCOUNT:table/other"]


@pytest.mark.parametrize("flags, says", [
    ((), "DYNAMODB_TABLE"),
    (("--name", "m", "--account", "me"), "twelve digits"),
    (("--name", "m", "--kms-key", "alias/mine"), "ARN"),
])
def test_what_is_missing_is_told(spaces, flags, says):
    done = spaces("iam", *flags, status=2)
    assert says in done.stderr and len(done.stderr.splitlines()) == 1
