"""People over sockets: registering, sessions in two processes, crashes in the middle, the demonstration's accounts."""

import concurrent.futures
import json
import os
import threading

import pytest
import requests

from conftest import Client
from waiting import Watch, some_moment, until

PASSWORD = "Correct-Horse-7"
CHEAP = {"SPACES_BCRYPT_COST": "4", "SPACES_ADDRESS_ATTEMPTS": "1000000"}
# How often each crash is tried; 100 for the long form.
CRASHES = int(os.environ.get("SPACES_CRASHES", "10"))


def register(client, email, password=PASSWORD, **more):
    return client.post("/auth/register", {"email": email, "password": password, "name": "Somebody", **more})


def log_in(client, email, password=PASSWORD):
    return client.post("/auth/login", {"email": email, "password": password})


def test_a_life(server, client, a_property):
    one = server(env=CHEAP, public=True)
    anyone = client(one)
    assert register(anyone, "ann@example.com", userType="seller").status_code == 201
    tokens = log_in(anyone, "ANN@example.com").json()
    ann = client(one, tokens["access_token"])
    made = ann.post("/properties", a_property())
    assert made.status_code == 201
    assert ann.patch("/users/me", {"name": "Ann"}).json()["name"] == "Ann"
    renewed = anyone.post("/auth/refresh", {"refresh_token": tokens["refresh_token"]}).json()
    told = [json.loads(line) for line in client(one, renewed["access_token"]).get("/users/me/export").text.splitlines()]
    assert [(row["section"], row["item"].get("name")) for row in told][0] == ("user", "Ann")
    assert [row["item"]["id"] for row in told if row["section"] == "properties"] == [made.json()["id"]]
    gone = ann.send("DELETE", "/users/me", {"password": PASSWORD})
    assert gone.status_code == 204
    assert ann.get("/users/me").status_code == 401
    until(lambda: anyone.get("/properties/" + made.json()["id"]).status_code == 404, "the listing is still there")
    assert register(anyone, "ann@example.com").status_code == 201


def test_an_end_reaches_the_other_process(server, client):
    first = server(env=CHEAP)
    second = server(data=first.data, env=CHEAP)
    assert register(client(first), "ann@example.com").status_code == 201
    tokens = log_in(client(first), "ann@example.com").json()
    here, there = (client(one, tokens["access_token"]) for one in (first, second))
    for _ in range(3):
        assert here.get("/users/me").status_code == there.get("/users/me").status_code == 200
    assert here.post("/auth/logout", None).status_code == 204
    assert here.get("/users/me").status_code == 401
    until(lambda: there.get("/users/me").status_code == 401, "the other process never learnt of it")


def test_spaces_token_opens_a_session(server, client, spaces):
    one = server()
    told = json.loads(spaces("token", "--data", one.data, "--json").stdout)
    mine = client(one, told["access_token"])
    assert mine.get("/properties").status_code == 200
    assert [s["device"] for s in mine.get("/users/me/sessions").json()["items"]] == ["spaces token"]
    assert mine.post("/auth/logout", None).status_code == 204
    assert mine.get("/properties").status_code == 401


def test_the_demonstrations_accounts(server, client, spaces, store):
    said = spaces("demo", "--count", 20, "--data", store, env=CHEAP).stdout
    assert "bea.buyer@demo.example" in said and "Open-House-2026" in said
    one = server(env=CHEAP)
    emails = [line.split()[0] for line in said.splitlines() if "@demo.example" in line]
    assert len(emails) >= 4
    for email in emails:
        opened = log_in(client(one), email, "Open-House-2026")
        assert opened.status_code == 200 and opened.json()["user"]["verified"]
    again = spaces("demo", "--if-empty", "--data", store, env=CHEAP).stdout
    assert emails[0] in again
    assert "Open-House" not in spaces("demo", "--if-empty", "--data", store, env={"ENVIRONMENT": "production"}).stdout


class Crash:
    """Calls from several threads while the server is killed at some moment; then it is started again."""

    def __init__(self, server, store):
        self.start = lambda: server(data=store, env=CHEAP)
        self.one = self.start()

    def during(self, calls):
        """The answers' statuses, None for those that got none."""
        statuses = [None] * len(calls)

        def send(at):
            try:
                statuses[at] = calls[at](Client(self.one.url)).status_code
            except requests.RequestException:
                pass

        threads = [threading.Thread(target=send, args=(at,)) for at in range(len(calls))]
        for thread in threads:
            thread.start()
        some_moment(0.03)
        self.one.kill()
        for thread in threads:
            thread.join()
        self.one = self.start()
        return statuses


@pytest.fixture
def crash(server, store):
    return Crash(server, store)


def test_crashes_while_registering(crash):
    for n in range(CRASHES):
        emails = [f"r{n}-{i}@example.com" for i in range(8)]
        statuses = crash.during([lambda c, e=e: register(c, e) for e in emails])
        anyone = Client(crash.one.url)
        for email, status in zip(emails, statuses):
            again = register(anyone, email).status_code
            assert again == 409 if status == 201 else again in (201, 409)
            assert log_in(anyone, email).status_code == 200, "half a user"


def test_crashes_while_renewing(crash):
    anyone = Client(crash.one.url)
    assert register(anyone, "ann@example.com").status_code == 201
    for _ in range(CRASHES):
        tokens = [log_in(Client(crash.one.url), "ann@example.com").json()["refresh_token"] for _ in range(4)]
        began = Watch()
        crash.during([lambda c, t=t: c.post("/auth/refresh", {"refresh_token": t}) for t in tokens])
        again = [Client(crash.one.url).post("/auth/refresh", {"refresh_token": t}) for t in tokens]
        # An answer that was lost is had again, for ten seconds; a slow machine may start for longer.
        if began.seconds() < 9:
            assert [one.status_code for one in again] == [200] * len(tokens)


def test_crashes_while_changing_the_password(crash):
    for n in range(CRASHES):
        email, anyone = f"p{n}@example.com", Client(crash.one.url)
        assert register(anyone, email).status_code == 201
        mine, other = (log_in(anyone, email).json() for _ in range(2))
        change = {"currentPassword": PASSWORD, "newPassword": "Battery-Staple-8"}

        def send(c):
            c.session.headers["Authorization"] = "Bearer " + mine["access_token"]
            return c.put("/users/me/password", change)

        status = crash.during([send])[0]
        anyone = Client(crash.one.url)
        old, new = (log_in(anyone, email, p).status_code for p in (PASSWORD, "Battery-Staple-8"))
        assert sorted((old, new)) == [200, 401]
        assert status != 204 or new == 200
        other_lives = anyone.post("/auth/refresh", {"refresh_token": other["refresh_token"]}).status_code
        assert other_lives == (200 if old == 200 else 401), "sessions and password tell different tales"


def test_crashes_while_leaving(crash):
    for n in range(CRASHES):
        email, anyone = f"d{n}@example.com", Client(crash.one.url)
        assert register(anyone, email).status_code == 201
        mine = log_in(anyone, email).json()

        def send(c):
            c.session.headers["Authorization"] = "Bearer " + mine["access_token"]
            return c.send("DELETE", "/users/me", {"password": PASSWORD})

        status = crash.during([send])[0]
        anyone = Client(crash.one.url)
        still = log_in(anyone, email).status_code == 200
        assert not (still and status == 204)
        renewed = anyone.post("/auth/refresh", {"refresh_token": mine["refresh_token"]}).status_code
        assert renewed == (200 if still else 401)
        assert register(anyone, email).status_code == (409 if still else 201)


def test_one_of_many_registrations_over_sockets(server):
    one = server(env=CHEAP)
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(lambda _: register(Client(one.url), "ann@example.com").status_code, range(100)))
    assert sorted(statuses) == [201] + [409] * 99
