"""Random mutations of valid requests: none is answered 500, and the server lives. SPACES_MUTATIONS says
how many, SPACES_MUTATION_SEED repeats a run."""

import concurrent.futures
import os
import random
import socket

import pytest

from conftest import Server, mint_token, person

MUTATIONS = int(os.environ.get("SPACES_MUTATIONS", "5000"))
SEED = int(os.environ.get("SPACES_MUTATION_SEED", random.SystemRandom().randrange(1 << 32)))
PLACES = (b"\r\n", b" ", b":", b"{", b'"', b"/", b"%", b"?", b"&", b"=", b",", b"\x00", b"\xff", b"0", b"-", b"e9")


def valid_requests(token, listing, cursor, others, inquiry):
    """One or more of each route that reads something of a request."""
    body = (b'{"title":"Light-filled loft","price":450000.5,"city":"S\\u00e3o Paulo","state":"WA","zipCode":"98101",'
            b'"features":["garden"],"latitude":47.5,"longitude":-122.3,"bathrooms":1.25,"description":"Two\\nlines"}')
    change = b'{"price":1e3,"bedrooms":null}'
    rows = [
        ("GET /health", b"", ""),
        ("GET /docs", b"", ""),
        ("GET /openapi.json", b"", "Accept-Encoding: gzip\r\n"),
        ("GET /api/v1/properties", b"", ""),
        ("GET /api/v1/properties?city=Seattle&minPrice=1&maxPrice=900000&minBathrooms=1.25&q=light&features=garden"
         "&sort=-price", b"", "Accept-Encoding: gzip\r\n"),
        (f"GET /api/v1/properties?limit=1&cursor={cursor}", b"", ""),
        ("GET /api/v1/properties?owner=me&limit=3", b"", ""),
        (f"GET /api/v1/properties/{listing}", b"", 'If-None-Match: W/"v1", "v2"\r\n'),
        ("POST /api/v1/properties", body, "Idempotency-Key: k-1\r\n"),
        (f"PUT /api/v1/properties/{listing}", change, 'If-Match: "v1"\r\n'),
        (f"PATCH /api/v1/properties/{listing}", change, "If-Match: *\r\n"),
        (f"DELETE /api/v1/properties/{person('nobody')}", b"", ""),
        ("POST /api/v1/inquiries", b'{"propertyId":"%s","message":"Is it\\nquiet?"}' % others.encode(), ""),
        ("GET /api/v1/inquiries?box=sent&status=new&limit=2", b"", ""),
        (f"PUT /api/v1/inquiries/{inquiry}", b'{"message":"Is it still free?"}', 'If-Match: "v1"\r\n'),
        (f"POST /api/v1/inquiries/{inquiry}/report", b'{"reason":"spam"}', ""),
        ("POST /api/v1/users/me/blocks", b'{"userId":"%s"}' % person("nobody").encode(), ""),
        ("POST /api/v1/auth/register", b'{"email":"zo\\u00eb@b.example","password":"Correct-Horse-7","name":"Z"}', ""),
        ("POST /api/v1/auth/login", b'{"email":"zoe@mail.example","password":"Correct-Horse-7"}', ""),
        ("POST /api/v1/auth/refresh", b'{"refresh_token":"%s"}' % token.encode(), ""),
        ("POST /api/v1/auth/verify-email", b'{"token":"x"}', ""),
        ("OPTIONS /api/v1/properties", b"", ""),
        ("HEAD /api/v1/properties", b"", ""),
    ]
    for line, content, more in rows:
        head = f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n{more}"
        head += "Connection: close\r\n"
        if content:
            head += "Content-Type: application/json\r\n"
            yield (head + f"Content-Length: {len(content)}\r\n\r\n").encode() + content
            chunk = f"Transfer-Encoding: chunked\r\n\r\n{len(content):x}\r\n"
            yield (head + chunk).encode() + content + b"\r\n0\r\n\r\n"
        else:
            yield (head + "\r\n").encode()


def mutate(request, dice):
    data = bytearray(request)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        at = dice.randrange(len(data) + 1)
        kind = dice.randrange(6)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            data[at:at] = dice.choice(PLACES)
        elif kind == 2:
            del data[at:at + dice.choice((1, 1, 2, 10))]
        elif kind == 3:
            del data[at:]
        elif kind == 4:
            data[at:at] = data[at:at + dice.randrange(1, 60)] * dice.choice((1, 1, 2, 50))
        elif at < len(data):
            data[at] = dice.randrange(256)
        if not data:
            break
    return bytes(data)


def statuses(port, data):
    """Every status that came back; the end of our sending is told, so that nobody waits for more."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        received = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except (BrokenPipeError, ConnectionResetError):
            pass
    return [int(one[9:12]) for one in received.split(b"\r\n") if one.startswith(b"HTTP/1.") and one[9:12].isdigit()]


@pytest.mark.timeout(60 + MUTATIONS // 50)
def test_mutations_never_give_500(binary, tmp_path, a_property, client):
    print(f"SPACES_MUTATION_SEED={SEED} SPACES_MUTATIONS={MUTATIONS}")
    server = Server(binary, tmp_path / "store", (), {"SPACES_PUBLIC_LISTINGS": "true", "SPACES_BCRYPT_COST": "4"})
    try:
        token = mint_token(binary, server.data, "ann")
        ann = client(server, token)
        made = [ann.post("/properties", a_property()).json() for _ in range(3)]
        cursor = ann.get("/properties?limit=1").json()["nextCursor"]
        sue = client(server, mint_token(binary, server.data, "sue"))
        others = [sue.post("/properties", a_property()).json()["id"] for _ in range(2)]
        asked = ann.post("/inquiries", {"propertyId": others[0], "message": "Is it free?"}).json()["id"]
        requests_ = list(valid_requests(token, made[0]["id"], cursor, others[1], asked))
        plain = [statuses(server.port, one) for one in requests_]
        assert {len(one) for one in plain} == {1}, str(plain)
        assert {one[0] for one in plain} <= {200, 201, 204, 304, 401, 404, 409, 412, 422}, str(plain)

        def one(number):
            dice = random.Random(SEED * 1_000_003 + number)
            data = mutate(dice.choice(requests_), dice)
            return data, statuses(server.port, data)

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            seen = list(pool.map(one, range(MUTATIONS)))
        bad = [(data, codes) for data, codes in seen if any(code >= 500 and code not in (501, 505) for code in codes)]
        assert bad == [], f"SPACES_MUTATION_SEED={SEED}"
        assert server.running(), server.log()
        codes = {code for _, found in seen for code in found}
        assert {200, 400, 401, 404, 422} <= codes, f"the mutations reach too little: {codes}"
        assert ann.get("/properties/" + made[1]["id"]).status_code == 200
    finally:
        if server.running():
            server.stop()
