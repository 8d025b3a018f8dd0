"""Others beside a running server: a second writer of the same store, and a backup."""

import concurrent.futures
import json
import os
import threading

import pytest


def read_often(client, path):
    """Until the answer comes from the server's cache."""
    return [client.get(path) for _ in range(4)][-1]


def test_cached_answers_are_never_stale(server, mint, client, a_property):
    """Whatever one process writes, the next answer of the other shows it: by id and in lists."""
    first, second = server(public=True), server(public=True)
    ann = client(second, mint("ann"))
    reader = client(first)
    made = ann.post("/properties", a_property()).json()["id"]
    one = f"/properties/{made}"
    for version in range(2, 60):
        before = read_often(reader, one).json()
        assert before["version"] == version - 1
        assert [row["price"] for row in read_often(reader, "/properties").json()["items"]] == [before["price"]]
        assert ann.patch(one, {"price": version}).status_code == 200
        seen = reader.get(one, headers={"If-None-Match": f'"v{version - 1}"'})
        assert (seen.status_code, seen.headers["ETag"].strip('"').removesuffix("-gzip")) == (200, f"v{version}")
        assert reader.get(one).json()["price"] == version
        assert [row["price"] for row in reader.get("/properties").json()["items"]] == [version]
    assert read_often(reader, one).status_code == 200
    assert ann.delete(one).status_code == 204
    assert reader.get(one).status_code == 404
    assert reader.get("/properties").json()["items"] == []


def test_two_servers_write_one_store(server, mint, client, a_property, spaces):
    """LMDB's lock takes turns: no change of either is lost, versions are used once."""
    servers = [server(), server()]
    token = mint("ann")
    made = client(servers[0], token).post("/properties", a_property()).json()["id"]

    def change(number):
        ann = client(servers[number % 2], token)
        return [ann.patch(f"/properties/{made}", {"price": number + 1}).json()["version"] for _ in range(15)]

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        versions = [version for some in pool.map(change, range(6)) for version in some]
    assert sorted(versions) == list(range(2, 92))
    if os.environ["SPACES_TEST_TABLE"] == "lmdb":
        assert json.loads(spaces("check", "--data", servers[0].data, "--json").stdout)["damaged"] == 0


def test_demo_beside_a_server(server, spaces, client):
    one = server(public=True)
    reader = client(one)
    assert read_often(reader, "/properties").json()["items"] == []
    spaces("demo", "--data", one.data, "--count", 150, "--seed", 7)
    page = reader.get("/properties?limit=100").json()
    assert len(page["items"]) > 20
    assert reader.get("/properties/" + page["items"][0]["id"]).status_code == 200


@pytest.mark.embedded
@pytest.mark.timeout(120)
def test_backup_while_serving_and_writing(server, spaces, mint, client, a_property, tmp_path):
    """The copy holds all that was there before, is clean, and can be served beside the first."""
    one = server()
    token = mint("ann")
    before = [client(one, token).post("/properties", a_property()).json()["id"] for _ in range(30)]
    stop = threading.Event()
    made = []

    def publish(_):
        ann = client(one, token)
        while not stop.is_set():
            answer = ann.post("/properties", a_property(description="x" * 5000))
            assert answer.status_code == 201
            made.append(answer.json()["id"])

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(publish, number) for number in range(3)]
        try:
            for number in range(5):
                spaces("backup", "--data", one.data, tmp_path / f"copy-{number}", "--json")
        finally:
            stop.set()
        for each in writing:
            each.result(30)
    assert made
    for number in range(5):
        assert json.loads(spaces("check", "--data", tmp_path / f"copy-{number}", "--json").stdout)["damaged"] == 0
    copy = server(data=tmp_path / "copy-4")
    ann = client(copy, mint("ann", data=tmp_path / "copy-4"))
    for each in before:
        assert ann.get(f"/properties/{each}").status_code == 200
    assert ann.post("/properties", a_property()).status_code == 201
    assert client(one, token).get(f"/properties/{made[-1]}").status_code == 200, "the first goes on"
    refused = spaces("backup", "--data", one.data, tmp_path / "copy-0", status=None)
    assert refused.returncode > 0 and str(tmp_path / "copy-0") in refused.stderr


@pytest.mark.embedded
def test_compacting_gives_the_disk_back(server, spaces, store, client):
    """Beside a server it is refused and nothing happens; a copy without free pages is made beside one."""
    spaces("demo", "--count", 2000, "--data", store)
    one = server(public=True)
    size = (store / "table.lmdb").stat().st_size
    refused = spaces("compact", "--data", store, status=1)
    assert "has it open; stop the server first" in refused.stderr and len(refused.stderr.splitlines()) == 1
    assert (store / "table.lmdb").stat().st_size == size and client(one).get("/properties").status_code == 200
    spaces("backup", "--compact", store.parent / "copy", "--data", store)
    assert (store.parent / "copy" / "table.lmdb").stat().st_size <= size
    one.stop()
    done = json.loads(spaces("compact", "--data", store, "--json").stdout)
    assert done["bytesBefore"] == size and done["bytesAfter"] == (store / "table.lmdb").stat().st_size <= size
    spaces("check", "--data", store)
    assert json.loads(spaces("stats", "--data", store, "--json").stdout)["freePages"] == 0
    assert client(server(public=True)).get("/properties").status_code == 200
