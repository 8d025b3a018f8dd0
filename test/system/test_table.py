"""spaces table create, describe and verify against a DynamoDB."""

import json

import dynamodb
import pytest
from conftest import sentences_of

pytestmark = pytest.mark.embedded


@pytest.fixture
def cloud(spaces):
    """cloud("table", "create") runs a command on a table of the test's own; cloud.name is its name."""
    environment = dynamodb.aws_environment()
    name = dynamodb.new_table_name()

    def run(*arguments, status=0, **more):
        return spaces(*arguments, status=status, env={**environment, "DYNAMODB_TABLE": name, **more})

    run.name = name
    run.told = lambda *arguments, **more: json.loads(run(*arguments, "--json", **more).stdout)
    return run


def test_a_table_is_made_described_and_verified(cloud):
    assert "spaces table create makes it" in cloud("table", "verify", status=1).stderr
    made = cloud.told("table", "create")
    assert made["made"] and made["table"] == cloud.name
    facts = cloud.told("table", "describe")
    assert (facts["status"], facts["readUnits"], facts["flaws"]) == ("ACTIVE", 0, [])
    assert (facts["expiry"], facts["expiringAttribute"], facts["deletionProtection"]) == ("on", "TTL", "on")
    assert facts["stream"] == "on"
    assert [one["name"] for one in facts["indexes"]] == [f"GSI{n}" for n in range(1, 6)]
    assert {one["carries"] for one in facts["indexes"]} == {"Card, TTL"}
    assert cloud.name in cloud("table", "describe").stdout
    assert "as it should be" in cloud("table", "verify").stdout


def test_making_it_again_changes_nothing_and_completes_what_was_cut_short(cloud):
    cloud("table", "create")
    before = cloud.told("table", "describe")
    assert not cloud.told("table", "create")["made"]
    assert cloud.told("table", "describe") == before
    dynamodb.call("UpdateTimeToLive", TableName=cloud.name,
                 TimeToLiveSpecification={"Enabled": False, "AttributeName": "TTL"})
    assert cloud.told("table", "verify", status=4)["deviations"] == ["Expiry is off"]
    cloud("table", "create")
    assert cloud.told("table", "verify")["deviations"] == []


def test_every_wish_is_sent_and_every_deviation_named(cloud):
    options = ("--read-units", 5, "--write-units", 6, "--no-stream", "--no-deletion-protection", "--no-recovery",
              "--kms-key", "arn:aws:kms:eu-central-1:123456789012:key/1")
    cloud("table", "create", *options)
    facts = cloud.told("table", "describe")
    assert (facts["readUnits"], facts["writeUnits"]) == (5, 6)
    assert (facts["stream"], facts["deletionProtection"], facts["kmsKey"][-6:]) == ("off", "off", ":key/1")
    assert cloud.told("table", "verify", *options)["deviations"] == []
    said = cloud("table", "verify", status=4).stdout
    for deviation in ("Capacity is provisioned", "Deletion protection is off", "The stream is off"):
        assert deviation in said


def test_a_table_of_another_shape_is_left_alone(cloud):
    key = [{"AttributeName": "id", "KeyType": "HASH"}]
    dynamodb.call("CreateTable", TableName=cloud.name, KeySchema=key, BillingMode="PAY_PER_REQUEST",
                 AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    done = cloud("table", "create", status=1)
    assert "another shape" in done.stderr and len(sentences_of(done)) == 1
    found = cloud.told("table", "verify", status=4)["deviations"]
    assert "The table must have the key PK (partition) and SK (sort)" in found
    assert "The index GSI5 is missing" in found
    facts = cloud.told("table", "describe")
    assert facts["flaws"] == [one for one in found if one in facts["flaws"]] and len(facts["flaws"]) >= 6
    said = cloud("table", "describe").stdout
    assert all(flaw in said for flaw in facts["flaws"]), said
    assert facts["indexes"] == [] and facts["status"] == "ACTIVE"


@pytest.mark.parametrize("arguments, environment, says", [
    (("describe",), {"DYNAMODB_TABLE": ""}, "DYNAMODB_TABLE"),
    (("create", "--read-units", 5), {}, "go together"),
    (("describe",), {"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1"}, "cannot connect"),
    (("describe",), {"AWS_ENDPOINT_URL_DYNAMODB": "nowhere"}, "nowhere"),
    (("create", "--name", "a b"), {}, "a b"),
])
def test_what_is_wrong_is_one_sentence(cloud, arguments, environment, says):
    done = cloud("table", *arguments, status=None, **environment)
    assert done.returncode in (1, 2)
    assert says in done.stderr and len(sentences_of(done)) == 1, done.stderr
