"""A store whose city keys an earlier version made: found meanwhile, made anew once (test/programs/age_store)."""

import os
import subprocess

from conftest import clean_environment, table_environment
from waiting import SECONDS_MAX, until



def age_store(binary, data, *words):
    """What test/programs/age_store prints."""
    done = subprocess.run([str(binary.parent / "age_store"), *words], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=SECONDS_MAX,
                          env=clean_environment(SPACES_DATA=data, **table_environment(binary, data)))
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout)


def found(client, city):
    return [row["city"] for row in client.get("/properties", params={"city": city}).json()["items"]]


def test_old_city_keys_are_made_anew_while_the_store_is_served(server, store, mint, client, a_property, spaces, binary):
    cities = ["Łódź", "L’Aquila", "Saint-Denis", "St. Louis", "Seattle"]
    spellings = ["lodz", "L'Aquila", "saint denis", "ST LOUIS", "seattle"]
    first = server(public=True)
    ann = client(first, mint("ann"))
    for city in cities:
        assert ann.post("/properties", a_property(city=city)).status_code == 201
    first.stop()
    embedded = os.environ["SPACES_TEST_TABLE"] == "lmdb"
    assert age_store(binary, store) == len(cities) - 1  # plain names are the same in every folding
    if embedded:
        assert "City keys were made by an earlier version" in spaces("check", "--data", store).stdout

    # Some answers come before the keys are made, some while, some after: all of them are right.
    second = server(public=True)
    reader = client(second)

    def made_anew():
        for city, spelling in zip(cities, spellings):
            assert found(reader, spelling) == [city]
        return age_store(binary, store, "folding") != 1

    until(made_anew, second.log)
    for city, spelling in zip(cities, spellings):
        assert found(reader, spelling) == [city]
    second.stop()
    if embedded:
        assert "earlier version" not in spaces("check", "--data", store).stdout
