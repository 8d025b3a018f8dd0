"""A DynamoDB that answers from memory (bench/canned_table): what dynoxide says of one store, recorded, so that the
real one's bytes are read and neither its time nor its processor is in the figures."""

import json
import pathlib
import re
import sys
import urllib.request

from harness import machine, programs

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import dynamodb_part  # noqa: E402

LISTINGS = 100
TABLE = "bench"
ACCOUNT = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
NOTHING = {"Items": [], "Count": 0, "ScannedCount": 0}


def place_of(endpoint, table=TABLE):
    """The environment that sends a process there."""
    return {**ACCOUNT, "AWS_ENDPOINT_URL_DYNAMODB": endpoint, "SPACES_TABLE": "dynamodb", "DYNAMODB_TABLE": table}


def item(endpoint, key):
    """DynamoDB's own words. dynoxide looks at a signature's form only."""
    body = {"TableName": TABLE, "Key": {"PK": {"S": key[0]}, "SK": {"S": key[1]}}, "ReturnConsumedCapacity": "TOTAL"}
    fields = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "DynamoDB_20120810.GetItem",
        "X-Amz-Date": "20261125T080000Z",
        "Authorization": "AWS4-HMAC-SHA256 Credential=bench/20261125/eu-central-1/dynamodb/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=" + 64 * "0",
    }
    asked = urllib.request.Request(endpoint, json.dumps(body).encode(), fields)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        text = answer.read().decode()
    if "Item" not in json.loads(text):
        raise RuntimeError(f"dynoxide has no {key}")
    return text


class Canned:
    """The recorded answers to a start and to GETs of one listing. Empty where dynoxide cannot be had."""

    def __init__(self, bench, kept):
        self.bench, self.answers, self.path = bench, None, ""
        program = dynamodb_part.built()
        if not program:
            return
        listing = kept.ids(LISTINGS).open(encoding="ascii").readline().strip()
        self.path = f"/api/v1/properties/{listing}"
        process, endpoint = dynamodb_part.start(program)
        try:
            environment = place_of(endpoint)
            machine.run([bench.spaces, "table", "create", "--name", TABLE], environment=environment)
            machine.run(
                [bench.spaces, "table", "copy", "--from", f"lmdb:{kept.folder(LISTINGS)}", "--to", f"dynamodb:{TABLE}"],
                environment=environment,
            )
            lines = [
                ("META", item(endpoint, ("META", "STORE"))),
                (listing, item(endpoint, (f"PROPERTY#{listing}", "DETAILS"))),
                ("REVOKED", json.dumps(NOTHING)),
            ]
        finally:
            dynamodb_part.stop(process)
        self.answers = bench.file("canned.answers", [f"{text}\t{said}" for text, said in lines])

    def plain(self):
        """It never sleeps, where the cores are two."""
        spin = ["--spin"] if machine.SERVER_CORES != machine.CLIENT_CORES else []
        return programs.Program([self.bench.tools / "canned_table", *spin, self.answers], machine.CLIENT_CORES)

    def by_tls(self):
        """With the roots that a function has and one more: the file that AWS_CA_BUNDLE names, and the program."""
        key, certificate = self.bench.scratch / "canned.key", self.bench.scratch / "canned.pem"
        machine.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
                     "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", 2, "-keyout", key,
                     "-out", certificate])
        source = (ROOT / "src" / "net" / "amazon_roots.cpp").read_text(encoding="ascii")
        roots = re.findall(r"-----BEGIN.*?-----END CERTIFICATE-----", source, re.DOTALL)
        trusted = self.bench.file("canned.roots", [*roots, certificate.read_text(encoding="ascii")])
        words = [self.bench.tools / "canned_table", self.answers, certificate, key]
        return trusted, programs.Program(words, machine.CLIENT_CORES)
