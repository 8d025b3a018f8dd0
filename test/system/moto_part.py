"""A moto of our own: AWS services in memory that check signatures of requests, as AWS does, or none."""

import contextlib
import json
import os
import subprocess
import sys

import boto3
import requests
from own_place import own_place
from waiting import until

ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Moto:
    """`keys` are the environment of a user who may do anything; all others are refused. One that does not check
    signatures takes what comes unsigned, too, which STS's AssumeRoleWithWebIdentity is."""

    def __init__(self, checks=True):
        address, port = own_place()
        self.url = f"http://{address}:{port}"
        program = os.path.join(os.path.dirname(sys.executable), "moto_server")
        self.process = subprocess.Popen([program, "-H", address, "-p", str(port)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(self._answers, "moto does not start")
        except AssertionError:
            self.stop()
            raise
        self.keys = self._make_user() if checks else {}
        self._warm_up()

    def _answers(self):
        assert self.process.poll() is None, "moto does not start"
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(f"{self.url}/moto-api/data.json", timeout=30).status_code == 200

    def _warm_up(self):
        """It imports a service at its first request, which takes longer on a busy machine than our client waits."""
        keys = {name.lower(): key for name, key in self.keys.items()} or {"aws_access_key_id": "nobody",
                                                                          "aws_secret_access_key": "nothing"}
        self.client("ssm", **keys).describe_parameters()
        self.client("secretsmanager", **keys).list_secrets()
        self.client("sts", **keys).get_caller_identity()

    def client(self, service, **keys):
        return boto3.client(service, endpoint_url=self.url, region_name="eu-central-1", **keys)

    def _make_user(self):
        # The next three requests may come from nobody; from then on signatures count.
        requests.post(f"{self.url}/moto-api/reset-auth", data="3", timeout=30).raise_for_status()
        iam = self.client("iam", aws_access_key_id="nobody", aws_secret_access_key="nothing")
        iam.create_user(UserName="spaces")
        key = iam.create_access_key(UserName="spaces")["AccessKey"]
        iam.put_user_policy(UserName="spaces", PolicyName="anything", PolicyDocument=json.dumps(ANYTHING))
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def stop(self):
        self.process.kill()  # all it has is in memory
        self.process.wait()
