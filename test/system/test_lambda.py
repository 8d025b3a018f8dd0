"""The same program as the process of a Lambda function: under Amazon's emulator, and on a Runtime API of our
own for what the emulator does not do (tools/runtime_api.py)."""

import concurrent.futures
import base64
import contextlib
import functools
import json
import os
import pathlib
import socket
import subprocess

import pytest
from conftest import START_SECONDS_MAX
from waiting import let_time_pass
from lambda_parts import ASIDE, Emulator, Function, Returned, balancer_event, event, rest_event

pytestmark = pytest.mark.embedded

# limits::runtime_api_time_max
RUNTIME_API_SECONDS_MAX = 5
LOFT = {"title": "Light-filled loft by the park", "price": 450000.5, "city": "Seattle", "state": "WA",
        "zipCode": "98101", "description": "São Paulo " * 300}


def bearer(token, **more):
    return {"Authorization": f"Bearer {token}", **more}


@pytest.fixture
def function(binary, store):
    """function(env={…}) -> a process on the test's store, killed at the end."""
    made = []

    def start(env=None, data=None):
        made.append(Function(binary, data or store, env))
        return made[-1]

    yield start
    for one in made:
        one.__exit__()


@pytest.fixture
def open_function(function, spaces, store):
    """With public listings, demonstration listings to ask for and their ids."""
    spaces("demo", "--data", store, "--count", "40")
    one = function({"SPACES_PUBLIC_LISTINGS": "true"})
    one.ids = [item["id"] for item in one.send("GET", "/api/v1/properties?limit=40").json()["items"]]
    return one


def test_answers_under_amazons_emulator(binary, store, tmp_path, mint, spaces):
    spaces("demo", "--data", store, "--count", "3")
    token = mint("ann")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "bootstrap").symlink_to(binary)
    with Emulator(["./bootstrap"], tmp_path / "code", {"SPACES_DATA": str(store)}) as emulator:
        assert emulator.send("GET", "/health").json()["status"] == "ok"
        made = emulator.send("POST", "/api/v1/properties", body=LOFT,
                            headers=bearer(token, **{"Content-Type": "application/json"}))
        assert made.status == 201, made.body
        read = emulator.send("GET", made.fields["location"], headers=bearer(token, **{"Accept-Encoding": "gzip"}))
        assert read.status == 200 and read.fields["content-encoding"] == "gzip"
        assert read.body[:2] == b"\x1f\x8b", "coded bodies come through in base64"
        assert read.fields["etag"] == '"v1-i0.0-gzip"', "the owner's view"
        again = emulator.send("GET", made.fields["location"], headers=bearer(token, **{"If-None-Match": '"v1-i0.0"'}))
        assert again.status == 304 and again.body == b""
        assert emulator.send("GET", "/api/v1/properties").status == 401
        assert emulator.send("POST", "/api/v1/properties", body="x" * 3_000_000, headers=bearer(token)).status == 413
        failed = emulator.invoke({"key1": "value1"})
        assert failed.json()["errorType"] == "Runtime.InvalidEvent"
        assert emulator.send("GET", "/health").status == 200, "the process goes on behind an event that was none"


def test_a_start_that_fails_is_told_under_the_emulator(binary, tmp_path):
    (tmp_path / "bootstrap").symlink_to(binary)
    settings = {"SPACES_DATA": str(tmp_path / "store"), "ENVIRONMENT": "production"}
    with Emulator(["./bootstrap"], tmp_path, settings) as emulator:
        failed = emulator.invoke(event("GET", "/health")).json()
        assert failed["errorType"] == "Runtime.InitFailed" and "JWT_SECRET_KEY" in failed["errorMessage"]


def calls(ids, token):
    """Questions and refusals whose answers hold nothing of the moment but the request's id."""
    mine = bearer(token)
    json_body = bearer(token, **{"Content-Type": "application/json"})
    yield from [
        ("GET", "/api/v1/properties?limit=3", {}, None), ("GET", "/api/v1/properties?limit=100", {}, None),
        ("GET", "/api/v1/properties?q=%C3%A3o%20a&minPrice=1000", {"Accept-Encoding": "gzip"}, None),
        ("GET", "/api/v1/properties?limit=100", {"Accept-Encoding": "gzip"}, None),
        ("GET", "/api/v1/properties?limit=zero&colour=red", {}, None),
        ("GET", f"/api/v1/properties/{ids[0]}", {}, None), ("GET", f"/api/v1/properties/{ids[0]}/", mine, None),
        ("GET", f"/api/v1/properties/{ids[0]}", {"If-None-Match": '"v0", "v1"'}, None),
        ("HEAD", f"/api/v1/properties/{ids[1]}", {}, None), ("GET", "/api/v1/properties/no-id", {}, None),
        ("GET", "/api/v1/no%20such%20path", {}, None), ("OPTIONS", "/api/v1/properties", {}, None),
        ("DELETE", "/api/v1/properties", mine, None), ("PROPFIND", "/", {}, None),
        ("POST", "/api/v1/properties", {}, b"{}"), ("POST", "/api/v1/properties", json_body, b'{"title":"Hi"}'),
        ("POST", "/api/v1/properties", json_body, b"\xff\xfe"), ("POST", "/api/v1/properties", mine, b"text"),
        ("POST", "/api/v1/properties", json_body, b" " * 300_000),
        ("PATCH", f"/api/v1/properties/{ids[0]}", json_body, b'{"price":1}'),
        ("GET", "/api/v1/properties", {"Authorization": "Bearer x"}, None),
        ("GET", "/api/v1/properties", {"Accept": "text/html"}, None),
        ("GET", "/api/v1/properties?" + "a" * 5000, {}, None), ("GET", "/health", {"X-Long": "a" * 20_000}, None),
        ("GET", "/openapi.json", {}, None), ("GET", "/docs", {}, None),
        ("GET", "/docs/swagger-ui.css", {"Accept-Encoding": "gzip"}, None),
    ]


def test_an_event_is_answered_as_a_request_is(binary, store, spaces, server, function, client, mint):
    spaces("demo", "--data", store, "--count", "120")
    # A disk's bucket would give the server rows that a function cannot have; nobody listens there.
    bucket = {"SPACES_BUCKET": "s3:pictures", "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
              "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    by_socket = server(public=True, env=bucket)
    by_event = function({"SPACES_PUBLIC_LISTINGS": "true", **bucket})
    one = client(by_socket)
    one.session.headers.clear()
    ids = [item["id"] for item in one.get("/properties").json()["items"]]
    for method, target, headers, body in calls(ids, mint("ann")):
        # urllib3 would undo the coding; raw bytes are compared.
        sent = one.session.request(method, by_socket.url + target, data=body, stream=True, timeout=60,
                                   headers={"Accept-Encoding": None, "User-Agent": "test", **headers})
        raw = sent.raw.read(decode_content=False)
        returned = by_event.send(method, target, headers={"User-Agent": "test", **headers}, body=body)
        assert returned.status == sent.status_code, (method, target)
        fields = {name.lower(): value for name, value in sent.headers.items() if name.lower() not in ASIDE}
        assert {name: value for name, value in returned.fields.items() if name not in ASIDE} == fields, (method, target)
        if sent.headers.get("Content-Type") == "application/problem+json" and method != "HEAD":
            assert {**returned.json(), "instance": ""} == {**json.loads(raw), "instance": ""}, (method, target)
        else:
            assert returned.body == raw, (method, target)


def test_many_senders_calls_in_a_row_get_their_own_answers(open_function):
    def read_all(ids):
        return [(wanted, open_function.send("GET", f"/api/v1/properties/{wanted}").json()["id"]) for wanted in ids]

    with concurrent.futures.ThreadPoolExecutor(8) as senders:
        for pairs in senders.map(read_all, [open_function.ids[i::8] * 5 for i in range(8)]):
            assert pairs and all(wanted == got for wanted, got in pairs)
    assert open_function.api.connections == 1, "one connection is kept"


def test_goes_on_behind_every_fault_of_the_runtime_api(open_function):
    path = f"/api/v1/properties/{open_function.ids[0]}"
    for fault in ("late", "malformed", 403, 410):
        assert open_function.send("GET", path, fault=fault).status == 200, fault
    cut = open_function.api.invoke(event("GET", path), fault="cut")
    assert cut.kind == "error" and cut.json()["errorType"] == "Runtime.InvalidEvent"
    for status in (400, 410, 413, 500):
        assert open_function.send("GET", path, answer_status=status).status == 200
        assert open_function.send("GET", path).status == 200, f"{status} for the answer before"
    assert "The Runtime API answered 410" in open_function.log()


def test_waits_for_the_next_event_without_a_limit_and_for_nothing_else(open_function):
    path = f"/api/v1/properties/{open_function.ids[0]}"
    connections = open_function.api.connections
    let_time_pass(RUNTIME_API_SECONDS_MAX + 0.5)
    assert open_function.send("GET", path).status == 200
    assert open_function.api.connections == connections and open_function.log() == "", "it just waited"
    # An answer that the Runtime API does not take is given up, and the next event is asked for.
    assert open_function.send("GET", path, answer_status=None).status == 200
    assert open_function.send("GET", path).status == 200
    assert open_function.api.connections == connections + 1
    assert '"event":"runtime-api"' in open_function.log()


def test_ends_when_the_sandbox_is_beyond_repair(open_function):
    open_function.api.send(event("GET", "/health"), fault=500)
    assert open_function.process.wait(START_SECONDS_MAX) == 1


def test_events_of_any_size_and_kind_are_answered(open_function):
    api = open_function.api
    large = event("POST", "/api/v1/properties", body="x" * 5_900_000)
    assert Returned(api.invoke(large).json()).status == 413
    for text in (b"", b"null", b"{", b"[" * 100_000, b"\xff", b'"a"' * 1000, json.dumps({"version": "1.0"}).encode()):
        assert api.invoke(text).kind == "error", text[:20]
    for path in sorted((pathlib.Path(__file__).parents[1] / "data" / "lambda").glob("*.json")):
        assert Returned(api.invoke(path.read_bytes()).json()).status == 404, path
    assert open_function.send("GET", "/health").status == 200


@pytest.mark.parametrize("made", [rest_event, balancer_event, functools.partial(balancer_event, several=True)],
                         ids=["rest", "balancer", "balancer-multi"])
def test_other_gateways_are_served_as_http_apis_are(open_function, mint, made):
    for method, target, headers, body in calls(open_function.ids, mint("ann")):
        if method == "PROPFIND" or "?a" in target:
            continue  # a balancer writes a parameter without a value as one that is empty
        theirs = Returned(open_function.api.invoke(made(method, target, headers, body)).json())
        ours = open_function.send(method, target, headers=headers, body=body)
        assert theirs.status == ours.status, (method, target, theirs.body)
        assert theirs.fields.keys() == ours.fields.keys(), (method, target)
        if ours.status < 400:
            assert theirs.body == ours.body, (method, target)


def test_what_is_no_event_names_itself(open_function):
    api = open_function.api
    for text, named in (('{"Records":[{"eventSource":"aws:kinesis"}]}', "aws:kinesis"),
                        ('{"source":"aws.ec2","detail-type":"EC2 Spot"}', "aws.ec2"), ('{"key1":"value1"}', "key1")):
        failed = api.invoke(text.encode())
        assert failed.kind == "error" and named in failed.json()["errorMessage"], named
        assert named in open_function.log()


def test_schedules_of_every_kind_are_the_schedule(open_function):
    for text in ('{"version":"0","detail-type":"Scheduled Event","source":"aws.events","detail":{}}',
                 '{"version":"0","detail-type":"Scheduled Event","source":"aws.scheduler","detail":"{}"}', "{}"):
        done = open_function.api.invoke(text.encode())
        assert done.kind == "response" and done.json() is None, text
    assert "event-refused" not in open_function.log()


def test_a_base_path_is_taken_off_and_put_into_links(function, spaces, store, mint):
    spaces("demo", "--data", store, "--count", "3")
    with function({"SPACES_BASE_PATH": "/shop", "SPACES_PUBLIC_LISTINGS": "true"}) as one:
        assert one.send("GET", "/shop/health").status == 200
        assert one.send("GET", "/health").status == 200, "by its own address"
        page = one.send("GET", "/shop/api/v1/properties?limit=1")
        assert page.status == 200 and page.fields["link"].startswith("</shop/api/v1/properties?")
        made = one.send("POST", "/shop/api/v1/properties", body=LOFT,
                       headers=bearer(mint("ann"), **{"Content-Type": "application/json"}))
        assert made.status == 201 and made.fields["location"].startswith("/shop/api/v1/properties/")


def test_the_trace_is_in_the_log_of_what_fails(open_function):
    trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    one = open_function.api.invoke(b"{", trace=trace)
    line = json.loads(open_function.log().splitlines()[-1])
    assert line["event"] == "event-refused" and line["trace"] == trace and line["invocation"] == one.id


def test_stages_secrets_and_claims(function, spaces, store):
    spaces("demo", "--data", store, "--count", "1")
    secret = "the secret that CloudFront adds"
    with function({"SPACES_ORIGIN_SECRET": f"{secret},its predecessor of last year"}) as one:
        assert one.send("GET", "/health").status == 403
        known = {"X-Origin-Secret": secret}
        assert one.send("GET", "/health", headers={"X-Origin-Secret": secret[:-1]}).status == 403
        assert one.send("GET", "/health", headers=known).status == 200
        assert one.send("GET", "/dev/health", headers=known, stage="dev").status == 200
        assert one.send("GET", "/dev/health", headers=known).status == 404
        claims = {"jwt": {"claims": {"sub": "00000000-0000-8000-8000-00000000de01", "userType": "seller",
                                     "verified": "true"}, "scopes": None}}
        asked = one.send("GET", "/api/v1/properties", headers=known, authorizer=claims)
        assert asked.status == 401, "what the authorizer says is not taken for a token"
        assert secret not in one.log()


def vouched(token, **changed):
    """As API Gateway's JWT authorizer hands on what it read: every claim a text."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))) | changed
    texts = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in claims.items()}
    return {"jwt": {"claims": texts, "scopes": None}}


def test_claims_of_the_authorizer_are_trusted_where_that_is_set(function, spaces, store):
    with function({}) as one:
        one.wait_until_idle()
        token = spaces("token", "--data", store, "--type", "seller").stdout.split()[-1]
        elsewhere = bearer(token[:-8] + "AAAAAAAA")  # what our keys do not verify
        untrusted = one.send("GET", "/api/v1/users/me", headers=elsewhere, authorizer=vouched(token))
        assert untrusted.status == 401
    with function({"SPACES_TRUST_AUTHORIZER": "true"}) as one:
        def status_of(claims, headers=elsewhere, verb="GET", path="/api/v1/properties"):
            return one.send(verb, path, headers=headers, authorizer=claims).status

        assert status_of(vouched(token)) == 200
        assert status_of(vouched(token), headers={}) == 401, "nobody has shown a token"
        for wrong in ({"aud": "lifestyle-spaces"}, {"iss": "https://example.com"}, {"userType": "admin"},
                      {"exp": 1790000000}, {"sub": ""}, {"sid": ""}, {"verified": "yes"}):
            assert status_of(vouched(token, **wrong)) == 401, wrong
        assert status_of({"jwt": {"claims": {}}}) == 401
        assert status_of(None) == 401
        assert status_of(None, headers=bearer(token)) == 200, "a route without the authorizer"
        assert status_of(vouched(token), verb="POST", path="/api/v1/auth/logout") == 204
        assert status_of(vouched(token)) == 401, "its session is over"


def test_a_request_whose_function_is_out_of_time_gets_503(open_function):
    late = open_function.send("GET", "/api/v1/properties?limit=7", seconds=0.2)
    assert late.status == 503 and late.fields["retry-after"] == "1"


@pytest.fixture(scope="module")
def rsa_key():
    made = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
                          capture_output=True, text=True, check=True)
    return made.stdout


def test_in_production_the_key_comes_from_the_environment_and_no_file_is_needed(function, spaces, store, rsa_key):
    settings = {"ENVIRONMENT": "production", "JWT_SECRET_KEY": rsa_key, "SPACES_ALLOW_LOG_MAIL": "true"}
    with function(settings) as one:
        assert one.send("GET", "/health").status == 200
        token = spaces("token", "--data", store, env=settings).stdout.split()[-1]
        assert one.send("GET", "/api/v1/properties", headers=bearer(token)).status == 200
        assert one.send("GET", "/api/v1/properties", headers=bearer(token[:-4] + "AAAA")).status == 401
    assert not list(store.glob("*.key"))


def test_a_start_that_fails_is_told_once_and_ends_the_process(function):
    with function({"SPACES_PUBLIC_LISTINGS": "perhaps"}) as one:
        assert one.api.init_failed.wait(START_SECONDS_MAX), one.log()
        assert one.process.wait(START_SECONDS_MAX) == 1
        assert one.api.init_error["errorType"] == "Runtime.InitFailed"
        assert "SPACES_PUBLIC_LISTINGS" in one.api.init_error["errorMessage"]


def listening(pid):
    """Whether a socket of the process listens."""
    held = set()
    for path in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed in the meantime
            held.add(path.readlink().name)
    for family in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/{pid}/net/{family}").read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in held:
                return True
    return False


def test_nothing_of_the_server_starts(open_function):
    open_function.send("GET", "/health")
    assert not listening(open_function.process.pid)
    with socket.socket() as one:  # the look itself sees what there is
        one.bind(("127.0.0.1", 0))
        one.listen()
        assert listening(os.getpid())


def test_sigterm_ends_an_idle_function_well(function, store):
    with function() as one:
        one.wait_until_idle()
        assert one.stop() == 0
        assert one.log() == ""


def test_sigterm_ends_a_function_that_waits_for_somebody(open_function):
    open_function.send("GET", "/health", answer_status=None)
    # It would wait for limits::runtime_api_time_max, say so, and then ask for the next event.
    assert open_function.stop() == 0
    assert '"event":"runtime-api"' not in open_function.log()


def test_the_store_is_there_for_the_next_process(function, spaces, mint, store):
    spaces("demo", "--data", store, "--count", "1")
    token = mint("ann")
    fields = bearer(token, **{"Content-Type": "application/json"})
    with function() as one:
        made = one.send("POST", "/api/v1/properties", headers=fields, body=LOFT)
        assert made.status == 201
    with function() as one:
        assert one.send("GET", made.fields["location"], headers=fields).json()["price"] == 450000.5
