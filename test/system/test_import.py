"""spaces import, export and demo as an operator uses them: files, exit statuses, interruptions, memory."""

import json
import os
import random
import signal
import subprocess

import pytest

from conftest import clean_environment, sentences_of, shared_file
from waiting import let_time_pass

HEADER = "mls,price,street,city,state,zip,beds,sale_date\n"


def row(number, price=None):
    price = price or 100000 + number
    return f"M{number},{price},{number} Elm St,Kent,WA,98030,{number % 6},2014-{number % 12 + 1:02}-01\n"


@pytest.fixture
def homes(tmp_path):
    """A file of so many rows: homes(1000)."""

    def make(count, name="homes.csv"):
        path = tmp_path / name
        with open(path, "w") as out:
            out.write(HEADER)
            out.writelines(row(number) for number in range(count))
        return path

    return make


def summary(done):
    """The one JSON object on standard output; no sentence on the other."""
    assert sentences_of(done) == [], done.stderr
    return json.loads(done.stdout)


def exported(spaces, store):
    """Every listing by its address, except what differs between two imports: the times."""
    lines = spaces("export", "--format", "jsonl", "--data", store).stdout.splitlines()
    listings = {}
    for line in lines:
        one = json.loads(line)
        del one["createdAt"], one["updatedAt"]
        listings[one["address"]] = one
    assert len(listings) == len(lines)
    return listings


@pytest.mark.embedded
def test_real_files_by_the_shortest_commands(spaces, store, server, client):
    """King County's 21,597 rows take dynoxide minutes: `bench/run --only dynamodb-import` brings them there, and
    src/marketplace/properties/import/import_test.cpp Sacramento's 985."""
    spaces("import", shared_file("data/sacramento.csv"), "--data", store / "sacramento")
    king_county = shared_file("data/king_county.csv")
    told = summary(spaces("import", king_county, "--key", "id", "--order", "date", "--set", "state=WA",
                          "--set", "city=King County", "--data", store, "--json"))
    assert (told["rows"], told["created"], told["updated"], told["rejected"]) == (21597, 21420, 177, 0)
    assert told["orderColumn"] == "date"
    assert not king_county.with_name("king_county.csv.rejected.csv").exists()
    page = client(server(public=True)).get("/properties?zipCode=98178&limit=5&sort=price").json()
    assert len(page["items"]) == 5
    assert all(one["zipCode"] == "98178" for one in page["items"])


def test_rejected_rows_and_statuses(spaces, store, homes):
    path = homes(10)
    rejected = path.with_name("homes.csv.rejected.csv")
    spaces("import", path, "--data", store, "--key", "mls")
    assert not rejected.exists()
    good = path.read_text()
    path.write_text(good + row(10, "-1") + "M11,1,only three\n")
    done = spaces("import", path, "--data", store, "--key", "mls", status=3)
    assert "1" in done.stdout and "line 12: price must be at least 0.01" in done.stderr
    assert rejected.read_text().splitlines() == [
        "line,column,reason,mls,price,street,city,state,zip,beds,sale_date",
        "12,price,must be at least 0.01,M10,-1,10 Elm St,Kent,WA,98030,4,2014-11-01",
        '13,"",has 3 cells where there are 8 columns,"M11,1,only three', '"']
    told = summary(spaces("import", path, "--data", store, "--key", "mls", "--json", status=3))
    assert (told["unchanged"], told["rejected"], told["rejectedFile"]) == (10, 2, str(rejected))
    path.write_text(good)
    spaces("import", path, "--data", store, "--key", "mls")
    assert not rejected.exists(), "an old one goes when nothing was rejected"
    assert [one.name for one in path.parent.iterdir() if "homes" in one.name] == ["homes.csv"]


@pytest.mark.embedded
def test_a_dry_run_leaves_nothing_behind(spaces, store, homes):
    path = homes(10)
    path.write_text(path.read_text() + "broken\n")
    told = summary(spaces("import", path, "--data", store, "--dry-run", "--json", status=3))
    assert (told["created"], told["rejected"]) == (10, 1)
    assert not store.exists()
    assert not path.with_name("homes.csv.rejected.csv").exists()


@pytest.mark.parametrize("arguments, says", [
    (["--map", "price=cost"], "--map names the column 'cost'"),
    (["--map", "rooms=beds"], "--map names the field 'rooms'"),
    (["--set", "bedrooms=many"], "must be a whole number"),
    (["--title", "{rooms}"], "--title has {rooms}"),
    (["--key", "id"], "--key names the column 'id'"),
    (["--owner", "me"], "--owner is 'me'"),
    (["--restore"], "--restore takes what spaces export wrote"),
    (["--restore", "--key", "mls"], "--restore"),
    (["--ignore", "cost"], "--ignore names the column 'cost'"),
    (["--default", "bedrooms=many"], "must be a whole number"),
    (["--number-format", "1.234"], "--number-format '1.234' is no format"),
    (["--unit", "squareFeet=furlong"], "there are sqft, m2"),
    (["--status", "x=gone"], "names no status"),
    (["--order", "sale_date"], "name the key's column with --key"),
])
@pytest.mark.embedded
def test_wrong_options_are_refused_before_anything_is_made(spaces, store, homes, arguments, says):
    done = spaces("import", homes(3), "--data", store, *arguments, status=None)
    assert done.returncode in (1, 2)
    assert says in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert not store.exists()


@pytest.mark.embedded
def test_a_run_shows_what_became_of_the_file(spaces, store, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text("ref;price;street;town;state;zip;beds;status;LivingArea;LivingAreaUnits\n"
                    "A1;450.000;1 Elm St;Kent;WA;98030;3;Active;150;Square Meters\n"
                    "A2;1.250.000;2 Elm St;Kent;WA;98030;three;Closed;150;Rods\n"
                    "A3;1.250.000;2 Elm St;Kent;WA;98030;3;Leased;;\n"
                    "A4;99.000;;Kent;WA;;3;Active;;\n")
    for extra in (["--dry-run"], []):
        said = spaces("import", path, "--data", store, "--key", "ref", *extra, status=3).stdout
        for line in ("price          <- price", "450.000  (numbers as 1.234,56)", "units in LivingAreaUnits",
                     "1 rows rejected: zip is required", "1 cells left empty: beds must be a whole number ('three' in",
                     "1 rows left out: status is let"):
            assert line in said, said
    told = summary(spaces("import", path, "--data", store, "--key", "ref", "--json", status=3))
    assert (told["rows"], told["unchanged"], told["rejected"], told["leftOut"]) == (4, 2, 1, 1)
    assert {one["column"]: one["count"] for one in told["reasons"]} == {
        "zip": 1, "beds": 1, "LivingArea": 1, "status": 1}
    assert {"field": "price", "from": "price", "sample": "450.000", "note": "numbers as 1.234,56"} in told["fields"]
    homes = {one["address"]: one for one in map(json.loads, spaces("export", "--format", "jsonl", "--data",
                                                                    store).stdout.splitlines())}
    assert homes["1 Elm St"]["price"] == 450000 and homes["1 Elm St"]["squareFeet"] == 1615
    assert homes["2 Elm St"]["status"] == "sold" and homes["2 Elm St"]["bedrooms"] is None


@pytest.mark.embedded
def test_what_would_be_guessed_is_refused(spaces, store, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text("ref,price,street,city,state,zip,sold\n1,450.000,1 Elm St,Kent,WA,98030,05/06/2026\n")
    key = ("--key", "ref", "--data", store)
    refused = spaces("import", path, *key, status=1).stderr
    assert "'price'" in refused and "--number-format price=1.234,56" in refused and len(refused.splitlines()) == 1
    assert not store.exists()
    refused = spaces("import", path, *key, "--number-format", "1.234,56", "--order", "sold", status=1).stderr
    assert "--date-order dmy" in refused
    spaces("import", path, *key, "--number-format", "1.234,56", "--order", "sold", "--date-order", "dmy")
    without = tmp_path / "plain.csv"
    without.write_text("ref,price,street,city,state,zip\n1,1,1 Elm St,Kent,WA,98030\n")
    spaces("import", without, "--data", store)
    without.write_text("ref,price,street,city,state,zip\n0,1,0 Elm St,Kent,WA,98030\n1,1,1 Elm St,Kent,WA,98030\n")
    refused = spaces("import", without, "--data", store, status=1).stderr
    assert "'1 Elm St' is '0 Elm St' now" in refused and "--key ref" in refused


@pytest.mark.embedded
def test_files_are_their_owners_alone_and_may_be_for_spreadsheets(spaces, store, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text("price,street,city,state,zip\n1,=1+1,Kent,WA,98030\n0,@x,Kent,WA,98030\n")
    umask = os.umask(0)
    try:
        spaces("import", path, "--data", store, status=3)
        spaces("export", tmp_path / "out.csv", "--data", store)
        spaces("export", tmp_path / "sheet.csv", "--for-spreadsheets", "--data", store)
    finally:
        os.umask(umask)
    rejected = tmp_path / "feed.csv.rejected.csv"
    for name in (rejected, tmp_path / "out.csv", tmp_path / "sheet.csv"):
        assert name.stat().st_mode & 0o777 == 0o600
    assert ",=1+1," in (tmp_path / "out.csv").read_text() and ",'=1+1," in (tmp_path / "sheet.csv").read_text()
    assert ",@x," in rejected.read_text()
    spaces("import", path, "--data", store, "--for-spreadsheets", status=3)
    assert ",'@x," in rejected.read_text()


@pytest.mark.embedded
def test_files_that_cannot_be_read(spaces, store, tmp_path):
    for name, text in (("empty.csv", b""), ("bare.csv", b"a,b\n1,2\n"), ("wide.csv", "a,b".encode("utf-16"))):
        path = tmp_path / name
        path.write_bytes(text)
        assert len(spaces("import", path, "--data", store, status=1).stderr.splitlines()) == 1
    assert "No such file" in spaces("import", tmp_path / "none.csv", "--data", store, status=1).stderr
    assert "--format" in spaces("import", tmp_path / "homes.txt", "--data", store, status=1).stderr
    assert "is a folder" in spaces("import", tmp_path, "--format", "csv", "--data", store, status=1).stderr
    assert not store.exists()


def test_standard_input_and_output(spaces, store, homes, tmp_path):
    with open(homes(50)) as rows:
        told = summary(spaces("import", "-", "--format", "csv", "--data", store, "--json", stdin=rows))
    assert told["created"] == 50
    text = spaces("export", "--data", store).stdout
    assert text.startswith("id,title,description,price,") and text.count("Elm St") == 50
    spaces("export", tmp_path / "out.csv", "--data", store)
    assert (tmp_path / "out.csv").read_bytes().decode().replace("\r\n", "\n") == text
    only = spaces("export", "--status", "sold", "--data", store).stdout
    assert only.count("\n") == 1
    assert "does not tell" in spaces("export", tmp_path / "out.txt", "--data", store, status=2).stderr


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_an_export_restores_to_the_same_store(spaces, store, homes, tmp_path, ending):
    spaces("demo", "--count", 300, "--data", store)
    spaces("import", homes(100), "--key", "mls", "--data", store)
    first, again = tmp_path / f"first.{ending}", tmp_path / f"again.{ending}"
    spaces("export", first, "--data", store)
    told = summary(spaces("import", first, "--restore", "--data", tmp_path / "other", "--json"))
    assert (told["created"], told["rejected"]) == (400, 0)
    spaces("export", again, "--data", tmp_path / "other")
    assert again.read_bytes() == first.read_bytes()
    assert summary(spaces("import", first, "--restore", "--data", store, "--json"))["unchanged"] == 400
    if os.environ["SPACES_TEST_TABLE"] == "lmdb":
        spaces("check", "--data", tmp_path / "other")


def start(binary, *arguments):
    return subprocess.Popen([str(binary), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env=clean_environment())


@pytest.mark.embedded
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_import_that_was_ended_can_be_run_again(binary, spaces, store, homes, tmp_path, number):
    path = homes(30000)
    with open(path, "a") as out:  # houses sold again, before and after what stands above
        dice = random.Random(4)
        for _ in range(3000):
            one = dice.randrange(30000)
            out.write(row(one, 777).replace("2014-", dice.choice(["2013-", "2015-"])))
    whole = tmp_path / "whole"
    command = ("import", path, "--key", "mls", "--order", "sale_date")
    spaces(*command, "--data", whole)
    for pause in (0.05, 0.2, 0.4):
        running = start(binary, *command, "--data", store)
        let_time_pass(pause)
        running.send_signal(number)
        out, err = running.communicate(timeout=60)
        if number == signal.SIGINT and running.returncode != 0:
            assert running.returncode in (130, -signal.SIGINT), err
            if running.returncode == 130:
                assert "The same command goes on" in err or "before anything was written" in err
        if store.exists():
            spaces("check", "--data", store)
    spaces(*command, "--data", store)
    assert exported(spaces, store) == exported(spaces, whole)


@pytest.mark.embedded
def test_memory_does_not_grow_with_the_file(binary, store, tmp_path):
    """The same bound for a small file and one that is many times larger than the bound leaves room for."""
    path = tmp_path / "large.jsonl"
    line = json.dumps({"price": 1, "city": "Kent", "state": "WA", "zip": "98030", "description": "x" * 15000})
    broken = line.replace('"price": 1', '"price": 0')
    with open(path, "w") as out:
        for number in range(16000):  # 240 MB, most of it rejected so that the store stays small
            out.write((line if number % 16 == 0 else broken) + "\n")
    said = tmp_path / "said.json"
    with open(said, "w") as out:
        running = subprocess.Popen([binary, "import", path, "--data", store, "--json"], stdout=out)
    # Its own high-water mark while it runs: ru_maxrss would have that of the process it was forked from.
    peaks = [0]
    while running.poll() is None:
        with open(f"/proc/{running.pid}/status") as facts:
            peaks += [int(line.split()[1]) for line in facts if line.startswith("VmHWM:")]
        let_time_pass(0.02)
    assert running.returncode == 3
    assert json.loads(said.read_text())["created"] == 1000
    largest = max(peaks) / 1024  # pages of the store's map count too, and there are 20 MB of them
    assert largest > 1
    assert largest < 200 or "asan" in str(binary) or "tsan" in str(binary), f"{largest} MiB"


def test_import_beside_a_running_server(spaces, store, server, client, homes):
    one = server(public=True)
    spaces("import", homes(200), "--data", store)
    page = client(one).get("/properties?city=kent&limit=100").json()
    assert len(page["items"]) == 100
    assert page["items"][0]["address"] == "199 Elm St", "the last row is the newest"


def test_the_demonstration(spaces, store, tmp_path):
    first = summary(spaces("demo", "--count", 200, "--seed", 9, "--data", store, "--json"))
    assert first["created"] == 200 and len(first["sellers"]) >= 3
    refused = spaces("demo", "--count", 200, "--data", store, status=1).stderr
    assert "--add" in refused
    assert summary(spaces("demo", "--count", 200, "--data", store, "--if-empty", "--json"))["skipped"]
    assert summary(spaces("demo", "--count", 200, "--seed", 9, "--data", store, "--add", "--json"))["unchanged"] == 200
    spaces("demo", "--count", 200, "--seed", 9, "--data", tmp_path / "other")
    assert spaces("export", "--data", store).stdout == spaces("export", "--data", tmp_path / "other").stdout
    if os.environ["SPACES_TEST_TABLE"] == "lmdb":
        spaces("check", "--data", store)


def shown_on_a_terminal(binary, *command):
    main, terminal = os.openpty()
    done = subprocess.Popen([str(binary), *map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=terminal, env=clean_environment())
    os.close(terminal)
    shown = b""
    while True:
        try:
            piece = os.read(main, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    done.communicate(timeout=60)
    os.close(main)
    assert done.returncode == 0
    return shown


@pytest.mark.embedded
def test_progress_is_a_bar_on_a_terminal_only(binary, homes, store, tmp_path):
    """Elsewhere not even that: the other tests see no sentence on standard error."""
    shown = shown_on_a_terminal(binary, "import", homes(30000), "--data", store)
    bar, _, event = shown.rpartition(b"\x1b[K")
    assert b"rows" in bar and b"left" in bar and b"[" in bar and event.startswith(b'{"time"')
    assert b"records" in shown_on_a_terminal(binary, "check", "--data", store)
    assert b"MiB" in shown_on_a_terminal(binary, "backup", "--data", store, tmp_path / "copy")
