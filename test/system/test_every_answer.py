"""What every answer has, over a socket: the fields that OWASP asks for, HSTS where the public URL is https, and CORS
for the page that asks, however early it is answered. The application's own: src/app/every_answer_test.cpp."""

import pytest
from lambda_parts import Function

PAGE = "https://app.example.com"
ORIGIN = f"Origin: {PAGE}\r\n"
HOST = "Host: api.example.com\r\n"


@pytest.fixture
def answers(server, raw):
    """Sends bytes to a server behind https; the answer's status and fields."""
    one = server(public=True, env={"SPACES_PUBLIC_URL": "https://api.example.com", "SPACES_CORS_ORIGINS": PAGE})

    def send(text, head=False):
        connection = raw(one)
        connection.send(text)
        return connection.answer(head)

    send.server = one
    return send


def post(more, body=""):
    return f"POST /api/v1/properties HTTP/1.1\r\n{HOST}{ORIGIN}{more}\r\n{body}"


REQUESTS = {
    200: f"GET /api/v1/properties HTTP/1.1\r\n{HOST}{ORIGIN}\r\n",
    204: f"OPTIONS /api/v1/properties HTTP/1.1\r\n{HOST}{ORIGIN}Access-Control-Request-Method: POST\r\n\r\n",
    401: f"GET /api/v1/users/me HTTP/1.1\r\n{HOST}{ORIGIN}\r\n",
    404: f"GET /nowhere HTTP/1.1\r\n{HOST}{ORIGIN}\r\n",
    405: f"DELETE /health HTTP/1.1\r\n{HOST}{ORIGIN}\r\n",
    # Refused before there is a request.
    400: f"GET / HTTP/1.1\r\n{ORIGIN}\r\n",
    413: post("Content-Length: 1000000\r\n"),
    414: f"GET /{'a' * 5000} HTTP/1.1\r\n{ORIGIN}{HOST}\r\n",
    417: post("Expect: more\r\n"),
    431: f"GET / HTTP/1.1\r\n{HOST}{ORIGIN}X: {'x' * 20000}\r\n\r\n",
    501: f"BREW / HTTP/1.1\r\n{HOST}{ORIGIN}\r\n",
    505: f"GET / HTTP/2.0\r\n{HOST}{ORIGIN}\r\n",
}
CODED = "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n"
OTHERS = {
    "a bare LF": (400, f"GET / HTTP/1.1\r\n{ORIGIN}Host: a\n\r\n"),
    "two lengths": (400, post("Content-Length: 1\r\nContent-Length: 2\r\n", "x")),
    "a chunk": (400, post("Transfer-Encoding: chunked\r\n", "x\r\n")),
    "a large chunk": (413, post("Transfer-Encoding: chunked\r\n", "fffff\r\n")),
    "a coding": (501, post("Transfer-Encoding: gzip\r\n")),
    "a body's coding": (401, post(CODED, "{}")),
    "a login's coding": (415, post(CODED, "{}").replace("/properties", "/auth/login")),
    "HEAD": (200, f"HEAD /health HTTP/1.1\r\n{HOST}{ORIGIN}\r\n"),
    "the page": (200, f"GET /docs HTTP/1.1\r\n{HOST}{ORIGIN}\r\n"),
}


def hold(answer, status):
    found, fields, _ = answer
    assert found == status
    assert fields["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert fields["x-content-type-options"] == "nosniff" and fields["referrer-policy"] == "no-referrer"
    assert "content-security-policy" in fields
    assert fields["access-control-allow-origin"] == PAGE and "Origin" in fields["vary"]


@pytest.mark.embedded
def test_of_every_status(answers):
    for status, text in REQUESTS.items():
        hold(answers(text), status)
    for what, (status, text) in OTHERS.items():
        hold(answers(text, head=what == "HEAD"), status)


@pytest.mark.embedded
def test_of_a_header_that_does_not_come(answers, raw):
    connection = raw(answers.server, seconds=30)
    connection.send(f"GET / HTTP/1.1\r\n{ORIGIN}Host:")
    hold(connection.answer(), 408)


@pytest.mark.embedded
def test_of_one_connection_too_many(server, raw):
    one = server(env={"SPACES_PUBLIC_URL": "https://api.example.com", "SPACES_CORS_ORIGINS": "*",
                      "SPACES_CONNECTIONS": "100", "SPACES_CONNECTIONS_PER_ADDRESS": "2"})
    held = [raw(one) for _ in range(2)]
    for connection in held:
        connection.send(f"GET /health HTTP/1.1\r\n{HOST}\r\n")
        assert connection.answer()[0] == 200
    status, fields, _ = raw(one).answer()
    assert status == 503 and fields["retry-after"] and fields["access-control-allow-origin"] == "*"
    assert fields["strict-transport-security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.embedded
def test_another_origin_is_told_nothing(answers):
    for status, text in REQUESTS.items():
        found, fields, _ = answers(text.replace(PAGE, "https://evil.example"))
        assert found == status and "access-control-allow-origin" not in fields
        assert fields["strict-transport-security"]


@pytest.mark.embedded
def test_of_a_function(binary, store):
    secret = "what the distribution adds to each"
    environment = {"SPACES_PUBLIC_URL": "https://api.example.com", "SPACES_CORS_ORIGINS": PAGE,
                   "SPACES_PUBLIC_LISTINGS": "true", "SPACES_ORIGIN_SECRET": secret}
    asked = {"Origin": PAGE, "X-Origin-Secret": secret}
    typed = {**asked, "Content-Type": "application/json"}
    preflight = {**asked, "Access-Control-Request-Method": "POST"}
    with Function(binary, store, environment) as one:
        for status, answer in (
                (200, one.send("GET", "/api/v1/properties", headers=asked)),
                (204, one.send("OPTIONS", "/api/v1/properties", headers=preflight)),
                (400, one.send("GET", "/health", headers={**asked, "X": "a\nb"})),
                (401, one.send("GET", "/api/v1/users/me", headers=asked)),
                (403, one.send("GET", "/health", headers={"Origin": PAGE})),
                (404, one.send("GET", "/nowhere", headers=asked)),
                (413, one.send("POST", "/api/v1/auth/login", headers=typed, body="x" * 300_000)),
                (414, one.send("GET", "/" + "a" * 5000, headers=asked)),
                (415, one.send("POST", "/api/v1/auth/login", headers={**typed, "Content-Encoding": "gzip"}, body="{}")),
                (422, one.send("POST", "/api/v1/auth/login", headers=typed, body="{}")),
                (431, one.send("GET", "/health", headers={**asked, "X": "x" * 20_000})),
                (501, one.send("BREW", "/health", headers=asked)),
                (503, one.send("GET", "/health", headers=asked, seconds=0.1))):
            hold((answer.status, answer.fields, answer.body), status)
