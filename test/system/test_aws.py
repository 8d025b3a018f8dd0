"""Requests to AWS as the marketplace makes them (test/programs/aws_call), to servers that check them."""

import http.server
import json
import subprocess
import threading

import pytest

from conftest import clean_environment

pytestmark = pytest.mark.embedded


@pytest.fixture(scope="module")
def moto():
    # Its packages are the slowest to import of all that the tests use.
    from moto_part import Moto
    one = Moto()
    yield one
    one.stop()


@pytest.fixture
def call(binary, tmp_path):
    """call(env, service, operation, body) -> (status, what was printed); of AWS only `env` is in the environment."""

    def run(env, service, operation, body):
        program = binary.parent / "aws_call"
        if not program.is_file():
            pytest.skip(f"{program} is not built")
        settings = {key: value for key, value in clean_environment().items() if not key.startswith("AWS_")}
        settings |= {"AWS_REGION": "eu-central-1", "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", **env}
        done = subprocess.run([str(program), service, operation, json.dumps(body)], capture_output=True, text=True,
                              timeout=60, env=settings, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout + done.stderr

    return run


def test_signatures_are_right(moto, call):
    env = {"AWS_ENDPOINT_URL": moto.url, **moto.keys}
    secret = {"Name": "jwt", "SecretString": "naïve — ☃ \u0001 \"quoted\""}
    status, text = call(env, "secretsmanager", "CreateSecret", secret)
    assert status == 0, text
    status, text = call(env, "secretsmanager", "GetSecretValue", {"SecretId": "jwt"})
    assert json.loads(text)["SecretString"] == secret["SecretString"]
    status, text = call(env, "ssm", "DescribeParameters", {})
    assert (status, json.loads(text)) == (0, {"Parameters": []})


@pytest.mark.parametrize("wrong", [{"AWS_SECRET_ACCESS_KEY": "another"}, {"AWS_ACCESS_KEY_ID": "AKIAANOTHER"},
                                   {"AWS_SESSION_TOKEN": "somebody's"}])
def test_wrong_keys_are_refused(moto, call, wrong):
    status, text = call({"AWS_ENDPOINT_URL": moto.url, **moto.keys, **wrong}, "ssm", "DescribeParameters", {})
    assert status == 1 and text.startswith("refused "), text


def temporary_keys(moto):
    """A role's, as containers and machines have them."""
    given = {name.lower(): key for name, key in moto.keys.items()}
    iam = moto.client("iam", **given)
    if not any(role["RoleName"] == "server" for role in iam.list_roles()["Roles"]):
        from moto_part import ANYTHING
        iam.create_role(RoleName="server", AssumeRolePolicyDocument=json.dumps(ANYTHING))
        iam.put_role_policy(RoleName="server", PolicyName="anything", PolicyDocument=json.dumps(ANYTHING))
    role = iam.get_role(RoleName="server")["Role"]["Arn"]
    return moto.client("sts", **given).assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]


def test_keys_from_the_shared_files(moto, call, tmp_path):
    keys = temporary_keys(moto)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text(
        f"[server]\naws_access_key_id = {keys['AccessKeyId']}\naws_secret_access_key = {keys['SecretAccessKey']}\n"
        f"aws_session_token = {keys['SessionToken']}\n")
    (tmp_path / ".aws" / "config").write_text(f"[profile server]\nregion = eu-central-1\nendpoint_url = {moto.url}\n")
    status, text = call({"AWS_PROFILE": "server"}, "ssm", "DescribeParameters", {})
    assert status == 0, text


def role_of(moto):
    given = {name.lower(): key for name, key in moto.keys.items()}
    temporary_keys(moto)
    return moto.client("iam", **given).get_role(RoleName="server")["Role"]["Arn"]


def write_config(tmp_path, text):
    (tmp_path / ".aws").mkdir(exist_ok=True)
    (tmp_path / ".aws" / "config").write_text(text)


def test_a_profile_that_assumes_a_role(moto, call, tmp_path):
    keys = f"""aws_access_key_id={moto.keys["AWS_ACCESS_KEY_ID"]}
aws_secret_access_key={moto.keys["AWS_SECRET_ACCESS_KEY"]}
"""
    role = f"role_arn={role_of(moto)}\n"
    env = {"AWS_ENDPOINT_URL": moto.url, "AWS_PROFILE": "app"}
    wrong = "aws_access_key_id=AKIAWRONG\naws_secret_access_key=wrong\n"
    write_config(tmp_path, f"[profile app]\n{role}source_profile=base\n{wrong}[profile base]\n{keys}")
    status, text = call(env, "ssm", "DescribeParameters", {})
    assert status == 0, text
    write_config(tmp_path, f"[profile app]\n{role}source_profile=base\n[profile base]\n{wrong}")
    status, text = call(env, "ssm", "DescribeParameters", {})
    assert status == 1 and "cannot be assumed: 403" in text
    write_config(tmp_path, f"[profile app]\n{role}{keys}mfa_serial=arn:aws:iam::1:mfa/me\nsource_profile=app\n")
    status, text = call(env, "ssm", "DescribeParameters", {})
    assert status == 1 and "mfa_serial" in text and "not supported" in text


def test_a_program_that_prints_the_keys(moto, call, tmp_path):
    keys = temporary_keys(moto)
    document = {"Version": 1, "AccessKeyId": keys["AccessKeyId"], "SecretAccessKey": keys["SecretAccessKey"],
                "SessionToken": keys["SessionToken"], "Expiration": keys["Expiration"].isoformat()}
    (tmp_path / "keys.json").write_text(json.dumps(document))
    write_config(tmp_path, f"[default]\ncredential_process = cat '{tmp_path}/keys.json'\n")
    status, text = call({"AWS_ENDPOINT_URL": moto.url}, "ssm", "DescribeParameters", {})
    assert status == 0, text


@pytest.fixture(scope="module")
def open_moto():
    from moto_part import Moto
    one = Moto(checks=False)
    yield one
    one.stop()


def test_a_web_identity(open_moto, call, tmp_path):
    (tmp_path / "token").write_text("header.claims.signature\n")
    env = {"AWS_ENDPOINT_URL": open_moto.url, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod",
           "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token")}
    status, text = call(env, "ssm", "DescribeParameters", {})
    assert status == 0, text
    status, text = call({**env, "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "none")}, "ssm", "DescribeParameters", {})
    assert status == 1 and "cannot be read" in text


@pytest.mark.parametrize("env, says", [
    ({"AWS_MAX_ATTEMPTS": "none"}, "AWS_MAX_ATTEMPTS is"),
    ({"AWS_RETRY_MODE": "never"}, "standard, adaptive or legacy"),
    ({"AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "cannot stand beside"),
])
def test_settings_that_cannot_be_are_named(call, env, says):
    status, text = call(env, "ssm", "DescribeParameters", {})
    assert status == 2 and says in text, text


class KeysEndpoint(http.server.BaseHTTPRequestHandler):
    """What ECS's agent and EC2's metadata service answer, each to who shows its token."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, text=""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_PUT(self):
        lifetime = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
        self.answer(*((200, "machine's") if self.path == "/latest/api/token" and lifetime else (400,)))

    def do_GET(self):
        roles = "/latest/meta-data/iam/security-credentials/"
        proof = self.headers.get("X-aws-ec2-metadata-token") == "machine's"
        if self.path == "/task" and self.headers.get("Authorization") == "task's":
            self.answer(200, self.server.document)
        elif self.path == roles and proof:
            self.answer(200, "server")
        elif self.path == roles + "server" and proof:
            self.answer(200, self.server.document)
        else:
            self.answer(401)

    def log_message(self, *_):
        pass


@pytest.fixture
def keys_endpoint(moto):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), KeysEndpoint)
    server.daemon_threads = True
    keys = temporary_keys(moto)
    server.document = json.dumps({"Code": "Success", "AccessKeyId": keys["AccessKeyId"],
                                  "SecretAccessKey": keys["SecretAccessKey"], "Token": keys["SessionToken"],
                                  "Expiration": keys["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")})
    runner = threading.Thread(target=server.serve_forever)
    runner.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    runner.join()
    server.server_close()


def test_keys_from_the_container(moto, call, keys_endpoint):
    env = {"AWS_ENDPOINT_URL": moto.url, "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{keys_endpoint}/task"}
    status, text = call({**env, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "task's"}, "ssm", "DescribeParameters", {})
    assert status == 0, text
    status, text = call({**env, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "no"}, "ssm", "DescribeParameters", {})
    assert status == 1 and "credentials endpoint answers 401" in text


def test_keys_from_the_machine(moto, call, keys_endpoint):
    env = {"AWS_ENDPOINT_URL": moto.url, "AWS_EC2_METADATA_SERVICE_ENDPOINT": keys_endpoint,
           "AWS_EC2_METADATA_DISABLED": "false"}
    status, text = call(env, "ssm", "DescribeParameters", {})
    assert status == 0, text
    status, text = call({**env, "AWS_EC2_METADATA_DISABLED": "true"}, "ssm", "DescribeParameters", {})
    assert status == 1 and "no AWS credentials" in text
