"""What tests of the whole program say to reach the tests' S3 (scripts/s3_part.py)."""

import os
import uuid

from conftest import missing_part

ENDPOINT = "SPACES_TEST_S3_ENDPOINT"


def s3_environment():
    """The environment of a program that uses it; the keys are those that it was started with."""
    endpoint = os.environ.get(ENDPOINT, "")
    if not endpoint:
        missing_part("S3", "scripts/test-parts versitygw")
    return {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "spaces-test",
            "AWS_SECRET_ACCESS_KEY": "spaces-test-secret", "AWS_ENDPOINT_URL_S3": endpoint}


def s3_client():
    import boto3  # where it is
    said = s3_environment()
    return boto3.client("s3", endpoint_url=said["AWS_ENDPOINT_URL_S3"], region_name=said["AWS_REGION"],
                        aws_access_key_id=said["AWS_ACCESS_KEY_ID"],
                        aws_secret_access_key=said["AWS_SECRET_ACCESS_KEY"])


def make_bucket():
    name = f"spaces-system-{uuid.uuid4().hex[:12]}"
    s3_client().create_bucket(Bucket=name)
    return name
