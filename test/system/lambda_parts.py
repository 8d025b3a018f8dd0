"""What the tests of the Lambda role stand on: events, Amazon's emulator, and processes on our own Runtime API."""

import base64
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import urllib.parse

import requests
from conftest import ROOT, START_SECONDS_MAX, clean_environment, missing_part
from own_place import own_place
from runtime_api import RuntimeApi
from waiting import SECONDS_MAX, until

INVOKE = "/2015-03-31/functions/function/invocations"
# What speaks of one connection, or of the moment.
ASIDE = {"connection", "content-length", "date", "keep-alive"}


def event(method, target, headers=None, body=None, **context):
    """As API Gateway's HTTP APIs write it: payload format 2.0."""
    path, _, query = target.partition("?")
    made = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": urllib.parse.unquote(path),
        "rawQueryString": query,
        "headers": {"host": "id.execute-api.eu-west-1.amazonaws.com", "x-forwarded-proto": "https",
                    **{name.lower(): value for name, value in (headers or {}).items()}},
        "requestContext": {
            "accountId": "123456789012", "apiId": "id", "domainName": "id.execute-api.eu-west-1.amazonaws.com",
            "requestId": "id", "stage": "$default", "time": "24/Nov/2026:08:00:00 +0000", "timeEpoch": 1795507200000,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7",
                     "userAgent": "test"},
            **context,
        },
        "isBase64Encoded": False,
    }
    if isinstance(body, bytes):
        made |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    elif body is not None:
        made["body"] = body if isinstance(body, str) else json.dumps(body)
    return made


def rest_event(method, target, headers=None, body=None):
    """The same as API Gateway's REST APIs write it: payload format 1.0."""
    path, _, query = target.partition("?")
    pairs = urllib.parse.parse_qs(query, keep_blank_values=True)
    fields = {"Host": "id.execute-api.eu-west-1.amazonaws.com", **(headers or {})}
    return {
        "resource": "/{proxy+}", "path": urllib.parse.unquote(path), "httpMethod": method,
        "headers": fields, "multiValueHeaders": {name: [text] for name, text in fields.items()},
        "queryStringParameters": {name: texts[-1] for name, texts in pairs.items()} or None,
        "multiValueQueryStringParameters": pairs or None,
        "requestContext": {"stage": "prod", "path": "/prod" + path, "httpMethod": method, "authorizer": None,
                           "identity": {"sourceIp": "192.0.2.7"}},
        "body": base64.b64encode(body).decode() if body else None, "isBase64Encoded": bool(body),
    }


def balancer_event(method, target, headers=None, body=None, several=False):
    """The same as an application load balancer writes it; `several`: with multi-value headers."""
    path, _, query = target.partition("?")
    pairs = [pair.partition("=")[::2] for pair in query.split("&") if pair]
    fields = {"host": "lb.example", "x-forwarded-for": "192.0.2.7", **(headers or {})}
    made = {"requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b"}},
            "httpMethod": method, "path": path, "isBase64Encoded": bool(body),
            "body": base64.b64encode(body).decode() if body else ""}
    if not several:
        return made | {"headers": fields, "queryStringParameters": dict(pairs)}
    parameters = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return made | {"multiValueHeaders": {name: [text] for name, text in fields.items()},
                   "multiValueQueryStringParameters": parameters}


class Returned:
    """What a function returned, as a client behind API Gateway sees it."""

    def __init__(self, value):
        assert "statusCode" in value, value
        self.status = value["statusCode"]
        fields = {name: [text] for name, text in value.get("headers", {}).items()} | value.get("multiValueHeaders", {})
        self.fields = {name.lower(): ", ".join(texts) for name, texts in fields.items()}
        self.body = base64.b64decode(value["body"]) if value["isBase64Encoded"] else value["body"].encode()

    def json(self):
        return json.loads(self.body)


class Function:
    """A process of the function on our own Runtime API. Ended by `stop`, or killed at the end of its `with`."""

    def __init__(self, binary, data, env=None):
        self.api = RuntimeApi()
        self.log_path = pathlib.Path(data).parent / f"function-{self.api.address.rpartition(':')[2]}.log"
        settings = {"SPACES_DATA": str(data), "AWS_LAMBDA_RUNTIME_API": self.api.address, **(env or {})}
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(binary)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=clean_environment(**settings))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.api.close()

    def log(self):
        return self.log_path.read_text()

    def send(self, method, target, **more):
        faults = {name: more.pop(name) for name in ("fault", "trace", "seconds", "answer_status") if name in more}
        one = self.api.send(event(method, target, **more), **faults)

        def done():
            assert self.process.poll() is None, self.log()
            return one.done.is_set()

        until(done, self.log)
        assert one.kind == "response", (one.body, self.log())
        return Returned(one.json())

    def wait_until_idle(self):
        assert self.api.asked.acquire(timeout=START_SECONDS_MAX), self.log()

    def stop(self):
        """SIGTERM; how it ended."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS_MAX)


def emulator_program():
    found = subprocess.run([ROOT / "scripts" / "test-parts", "rie"], capture_output=True, text=True)
    if found.returncode != 0:
        missing_part("the Lambda Runtime Interface Emulator", "scripts/test-parts rie")
    return found.stdout.strip()


class Emulator:
    """Amazon's emulator with a bootstrap in it, which it starts at the first event. It takes one at a time."""

    def __init__(self, bootstrap, folder, env, seconds=30):
        self.log_path = folder / "emulator.log"
        self.place, runtime_api = (f"{address}:{port}" for address, port in (own_place(), own_place()))
        addresses = ["--runtime-interface-emulator-address", self.place, "--runtime-api-address", runtime_api]
        # Nothing of ours but PATH: what the function is told is what stands here.
        settings = {"PATH": os.environ["PATH"], "AWS_LAMBDA_FUNCTION_TIMEOUT": str(seconds), **env}
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([emulator_program(), *addresses, *map(str, bootstrap)], cwd=folder,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=settings,
                                            start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Its own session: the bootstrap goes with it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def invoke(self, value):
        """The raw answer to an event; waits for the emulator to listen."""
        answers = []

        def answered():
            assert self.process.poll() is None, self.log_path.read_text()
            with contextlib.suppress(requests.ConnectionError):
                answers.append(requests.post(f"http://{self.place}{INVOKE}", data=json.dumps(value), timeout=60))
            return answers

        return until(answered, self.log_path.read_text)[0]

    def send(self, method, target, **more):
        answer = self.invoke(event(method, target, **more))
        assert answer.status_code == 200, (answer.text, self.log_path.read_text())
        return Returned(answer.json())
