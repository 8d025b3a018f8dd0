"""Every command of `spaces` either shows something or acts. What acts leaves one security event, with whom or what it
was done to and how it ended; what is done to people, listings and reports, and a token, is audited as well. What shows
leaves no event, and everything as it was."""

import json
import re
import shutil

import dynamodb
import pytest
from conftest import events_of, sentences_of
from test_accounts import CHEAP, log_in, register

pytestmark = pytest.mark.embedded

SHOWS, ACTS, AUDITED = "shows", "acts", "acts and is audited"
REASON = ("--reason", "As the rules say")


class Place:
    """A marketplace with a person, a listing and a report; the words that commands need."""

    def __init__(self, spaces, server, client, a_property, store, tmp_path):
        one = server(env=CHEAP)
        anyone = client(one)
        self.person = register(anyone, "ann@example.com", userType="seller").json()["id"]
        register(anyone, "ben@example.com")
        ann, ben = (client(one, log_in(anyone, f"{name}@example.com").json()["access_token"])
                    for name in ("ann", "ben"))
        self.listing = ann.post("/properties", a_property()).json()["id"]
        inquiry = ben.post("/inquiries", {"propertyId": self.listing, "message": "Send money"}).json()["id"]
        assert ann.post(f"/inquiries/{inquiry}/report", {"reason": "A fraud"}).status_code == 204
        one.stop()
        self.spaces, self.data, self.folder = spaces, store, tmp_path
        [report] = self.told("reports", "list")["reports"]
        self.report = report["id"]
        self.kid = self.told("keys", "generate")["kid"]
        (tmp_path / "homes.csv").write_text("title,price,city,state,zipCode\nLoft by the park,1,Seattle,WA,98101\n")

    def told(self, *words):
        return json.loads(self.spaces(*words, "--json", "--data", self.data).stdout)

    def content(self):
        """Every item of the store, and every other file of its folder."""
        copy = self.folder / "looked-at"
        shutil.rmtree(copy, ignore_errors=True)
        self.spaces("backup", "--data", self.data, copy)
        same = ("table", "copy", "--check-only", "--json", "--from", f"lmdb:{copy}", "--to", f"lmdb:{self.data}")
        digest = json.loads(self.spaces(*same, status=None).stdout)["sourceDigest"]
        files = {path.relative_to(self.data): path.read_bytes() for path in sorted(self.data.rglob("*"))
                 if path.is_file() and not path.name.startswith("table.lmdb")}
        return digest, files

    def words(self, *words):
        """What stands behind a command's own words."""
        place = {"PERSON": self.person, "LISTING": self.listing, "REPORT": self.report, "KID": self.kid,
                 "DATA": self.data, "DIR": self.folder, "ANOTHER": str(self.folder / "another")}
        return [re.sub("[A-Z]{3,}", lambda name: str(place.get(name[0], name[0])), str(word)) for word in words]


# What is run of each command, and with which table of Amazon's where it needs one. A command without a row fails.
COMMANDS = {
    "token": (AUDITED, ("--user", "PERSON")),
    "backup": (ACTS, ("DIR/backup",)),
    "compact": (ACTS, ()),
    "check": (SHOWS, ()),
    "stats": (SHOWS, ()),
    "import": (ACTS, ("DIR/homes.csv",)),
    "import --dry-run": (SHOWS, ("DIR/homes.csv",)),
    "export": (ACTS, ("DIR/out.csv",)),
    "demo": (ACTS, ("--count", 3, "--add")),
    "cost": (SHOWS, None),
    "iam": (SHOWS, None),
    "table create": (ACTS, None),
    "table describe": (SHOWS, None),
    "table verify": (SHOWS, None),
    "table copy": (ACTS, ("--from", "lmdb:DATA", "--to", "lmdb:ANOTHER")),
    "table copy --check-only": (SHOWS, ("--from", "lmdb:DATA", "--to", "lmdb:ANOTHER")),
    "bucket copy": (ACTS, ("--from", "disk:DIR/one", "--to", "disk:DIR/two")),
    "bucket check": (SHOWS, ("--from", "disk:DIR/one", "--to", "disk:DIR/two")),
    "media check": (SHOWS, ()),
    "media sweep": (ACTS, ()),
    "media sweep --dry-run": (SHOWS, ()),
    "media prepare": (ACTS, ()),
    "keys generate": (ACTS, ()),
    "keys list": (SHOWS, ()),
    "keys retire": (ACTS, ("KID",)),
    "mail": (ACTS, ("ann@example.com",)),
    "mail --as-job": (ACTS, ("ann@example.com",)),
    "reports list": (SHOWS, ()),
    "reports resolve": (AUDITED, ("REPORT", "--note", "Talked to her")),
    "users list": (SHOWS, ()),
    "users show": (SHOWS, ("PERSON",)),
    "users confirm-email": (AUDITED, ("ann@example.com", *REASON)),
    "users end-sessions": (AUDITED, ("ann@example.com", *REASON)),
    "users suspend": (AUDITED, ("ann@example.com", *REASON)),
    "users restore": (AUDITED, ("PERSON", *REASON)),
    "listings list": (SHOWS, ()),
    "listings take-down": (AUDITED, ("LISTING", *REASON)),
    "listings restore": (AUDITED, ("LISTING", *REASON)),
    "audit": (SHOWS, ()),
}
# Without a place of their own: two folders and a table are named, or nothing is needed.
WITHOUT_DATA = ("table", "bucket", "cost", "iam")


@pytest.fixture
def place(spaces, server, client, a_property, store, tmp_path):
    return Place(spaces, server, client, a_property, store, tmp_path)


def all_commands(spaces, *words):
    """Every command that does something, by its words."""
    listed = spaces(*words, "--help").stdout.partition("Subcommands:")[2]
    names = re.findall(r"^  (\S+) ", listed, re.MULTILINE)
    return [one for name in names for one in all_commands(spaces, *words, name)] if names else [" ".join(words)]


def test_every_command_has_its_row(spaces):
    rows = {re.sub(" --.*", "", name) for name in COMMANDS}
    assert set(all_commands(spaces)) - {"serve"} == rows, "does it show something, or does it act?"


def held(place, name, environment):
    """One command, held to its row."""
    does, more = COMMANDS[name]
    words = [*name.split(), *place.words(*(more or ()))]
    if words[0] not in WITHOUT_DATA:
        words += ["--data", place.data]
    before = place.content()
    done = place.spaces(*words, status=None, env=environment)
    assert done.returncode in (0, 4), done.stderr
    acts = [event for event in events_of(done) if event["event"] == "operator-command"]
    if does == SHOWS:
        assert events_of(done) == [] and place.content() == before, name
        return
    [event] = acts
    assert event["action"] == re.sub(" --.*", "", name) and event["outcome"] == "done"
    assert event["subject"] and event["by"]
    assert "@" not in event["subject"] and "eyJ" not in done.stderr, "no person's address, no token"
    entries = place.told("audit", "--count", 1000)["entries"]
    own = [entry for entry in entries if "urn:uuid:" + entry["id"] == event.get("instance")]
    if does == AUDITED:
        [entry] = own
        assert (entry["action"], entry["subject"], entry["by"]) == (event["action"], event["subject"], event["by"])
        assert entry.get("reason") in (None, REASON[1])
    else:
        assert own == []


def test_what_acts_leaves_its_event_and_what_shows_nothing(place):
    environment = dynamodb.aws_environment() | {"DYNAMODB_TABLE": dynamodb.new_table_name()}
    (place.folder / "one").mkdir()
    (place.folder / "one" / "a").write_text("picture")
    for name in COMMANDS:
        held(place, name, environment)


@pytest.mark.parametrize("words", [
    ("users", "suspend", "nobody@example.com", *REASON), ("users", "suspend", "PERSON", "--reason", " "),
    ("listings", "restore", "x", *REASON), ("reports", "resolve", "x"), ("token", "--user", "x"),
    ("import", "DIR/none.csv"), ("export", "DIR/out.txt"), ("mail", "ann@example.com", "--mail", "smtp"),
])
def test_what_is_refused_before_it_begins_leaves_none(place, words):
    done = place.spaces(*place.words(*words), "--data", place.data, status=None)
    assert done.returncode in (1, 2) and events_of(done) == [] and len(sentences_of(done)) == 1


@pytest.mark.parametrize("words", [
    ("users", "restore", "ann@example.com", *REASON), ("listings", "restore", "LISTING", *REASON),
    ("keys", "retire", "nothing"), ("reports", "resolve", "PERSON"), ("mail", "no address"),
    ("backup", "DATA"),
])
def test_what_fails_says_so_and_is_not_audited(place, words):
    done = place.spaces(*place.words(*words), "--data", place.data, status=1)
    [event] = events_of(done)
    assert (event["event"], event["outcome"], event["level"]) == ("operator-command", "failed", "warning")
    assert "@" not in event["subject"]
    assert place.told("audit")["entries"] == []
