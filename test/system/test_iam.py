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


TABLE_ARN = "arn:aws-us-gov:dynamodb:us-gov-west-1:123456789012:table/market"


def test_arns_say_where_a_table_and_a_function_are(spaces):
    flags = ("--name", TABLE_ARN, "--function", "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:spaces")
    process = json.loads(spaces("iam", *flags, env={"AWS_REGION": "eu-west-1"}).stdout)
    sids = {one["Sid"]: one for one in process["Statement"]}
    assert sids["Table"]["Resource"] == [TABLE_ARN]
    assert sids["Indexes"]["Resource"][0] == TABLE_ARN + "/index/GSI1"
    assert sids["Log"]["Resource"] == ["arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:/aws/lambda/spaces:*"]
    by_variable = json.loads(spaces("iam", env={"DYNAMODB_TABLE": TABLE_ARN}).stdout)
    assert by_variable["Statement"][0]["Resource"] == [TABLE_ARN]


def test_a_bucket_has_statements_of_its_own(spaces):
    for name in ("pictures", "arn:aws:s3:::pictures"):
        policy = json.loads(spaces("iam", "--name", "market", "--bucket", name).stdout)
        sids = {one["Sid"]: one for one in policy["Statement"]}
        assert sids["Objects"]["Resource"] == ["arn:aws:s3:::pictures/*"]
        assert sids["Bucket"]["Action"] == ["s3:ListBucket"]


def test_the_bucket_of_the_settings_has_them_too(spaces):
    key = "arn:aws:kms:eu-west-1:123456789012:key/1"
    settings = {"SPACES_BUCKET": "s3:pictures", "SPACES_S3_ENCRYPTION": f"kms:{key}"}
    sids = {one["Sid"]: one for one in json.loads(spaces("iam", env=settings).stdout)["Statement"]}
    assert set(sids) == {"Objects", "Bucket", "BucketKey"}, "beside an embedded store"
    assert sids["BucketKey"]["Resource"] == [key]
    assert "BucketKey" not in spaces("iam", env={**settings, "SPACES_S3_ENCRYPTION": "aes256"}).stdout


@pytest.mark.parametrize("flags, says", [
    ((), "DYNAMODB_TABLE"),
    (("--name", "arn:aws:s3:::market"), "--name is"),
    (("--name", TABLE_ARN, "--region", "eu-west-1"), "has the region us-gov-west-1"),
    (("--name", TABLE_ARN, "--account", "210987654321"), "has the account 123456789012"),
    (("--name", "table/market"), "no table's name"),
    (("--name", "market", "--bucket", "Pictures/*"), "no bucket's name"),
    (("--name", "market", "--function", "spaces:*"), "no function's name"),
    (("--name", "market", "--region", "Europe"), "none; one looks like"),
    (("--name", "market", "--kms-key", "arn:aws:kms:eu-west-1:123456789012:alias/mine"), "ARN"),
    (("--name", "market", "--account", "me"), "twelve digits"),
    (("--name", "market", "--kms-key", "alias/mine"), "ARN"),
    (("--bucket", "pictures", "--bucket-kms-key", "alias/mine"), "--bucket-kms-key is"),
])
def test_what_is_missing_is_told(spaces, flags, says):
    done = spaces("iam", *flags, status=2)
    assert says in done.stderr and len(done.stderr.splitlines()) == 1
