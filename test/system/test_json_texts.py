"""JSON texts and texts of people through the whole server: the vectors of ../shared as bodies."""

import base64
import json
import unicodedata

import pytest
import requests

from conftest import Server, mint_token, shared_file

# Members of one name twice: JSON's grammar has nothing against them, we refuse them on purpose.
DUPLICATES = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}

# Unicode White_Space, which is trimmed; what Python's strip() takes besides are control characters.
WHITE = "".join(chr(c) for c in (*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
                                 0x202F, 0x205F, 0x3000))

# field: (least, most code points, several lines allowed)
TEXTS = {"title": (3, 120, False), "description": (0, 20000, True), "propertyType": (1, 60, False),
         "address": (1, 200, False), "city": (1, 100, False), "state": (1, 50, False), "zipCode": (1, 16, False)}


@pytest.fixture(scope="module")
def listings(binary, tmp_path_factory):
    """(session, url) of a seller at a server of this module's own."""
    data = tmp_path_factory.mktemp("texts") / "store"
    server = Server(binary, data, (), {})
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = "Bearer " + mint_token(binary, data, "ann")
    yield session, server.url + "/api/v1/properties"
    session.close()
    server.stop()


def vectors():
    with open(shared_file("vectors/json_parsing.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def post(listings, body, **headers):
    session, url = listings
    return session.post(url, data=body, headers={"Content-Type": "application/json", **headers}, timeout=30)


def test_json_as_a_body(listings):
    wrong = []
    for one in vectors():
        body = base64.b64decode(one["base64"])
        answer = post(listings, body)
        fine = answer.status_code < 500
        if one["expect"] == "reject":
            fine = answer.status_code == 400
        elif one["expect"] == "accept":
            fine = answer.status_code == (400 if one["name"] in DUPLICATES else 422)
        if not fine or answer.headers["Content-Type"] != "application/problem+json":
            wrong.append((one["name"], one["expect"], answer.status_code, answer.text[:200]))
    assert wrong == []


def test_json_as_a_member(listings, a_property):
    """The same texts inside a valid body: what must be refused is 400 there, too."""
    wrong = []
    frame = json.dumps(a_property(colour="HERE")).encode()
    for one in vectors():
        text = base64.b64decode(one["base64"])
        # A text that is a broken document only by what stands around it may be a good member.
        if one["expect"] == "reject" and not text.strip().endswith((b"]", b"}", b'"')):
            continue
        answer = post(listings, frame.replace(b'"HERE"', text))
        allowed = (400, 422)
        if one["expect"] == "accept":
            allowed = (400,) if one["name"] in DUPLICATES else (422,)
        if answer.status_code not in allowed:
            wrong.append((one["name"], one["expect"], answer.status_code, answer.text[:200]))
    assert wrong == []


def naughty():
    return json.loads(shared_file("vectors/naughty_strings.json").read_text(encoding="utf-8"))


# What turns the direction of what stands around it, and letters that show nothing.
TURNING = {chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
BLANK = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}


def is_legible(text):
    kinds = [(c, unicodedata.category(c)) for c in text]
    none = any(c in TURNING or (kind in ("Cn", "Co", "Cs") and not 0x1F000 <= ord(c) <= 0x1FAFF) for c, kind in kinds)
    return not none and shows(text)


def shows(text):
    return any(unicodedata.category(c)[0] in "LNPS" and c not in BLANK for c in text)


def is_readable(text):
    """As platform/base/legible.hpp has it, of a text of several lines."""
    ends = []
    for c in text:
        if c in "\u202A\u202B\u2066\u2067\u2068":
            ends.append("\u202C" if c < "\u2066" else "\u2069")
        elif c in "\u202D\u202E" or (c in "\u202C\u2069" and (not ends or ends.pop() != c)):
            return False
        elif c in "\n\r\u2028\u2029" and ends:
            return False
    return not ends and shows(text)


def is_allowed(field, text):
    least, most, lines = TEXTS[field]
    free = "\t\n\r" if lines else ""
    clean = all(unicodedata.category(c) != "Cc" or c in free for c in text)
    return clean and least <= len(text) <= most and (not text or (is_readable if lines else is_legible)(text))


def test_naughty_strings_come_back(listings, a_property):
    """Every string in every text field that allows it, unchanged except its ends; else one problem a field."""
    session, url = listings
    one = f"{url}/{post(listings, json.dumps(a_property())).json()['id']}"
    wrong, kept = [], dict.fromkeys(TEXTS, 0)
    for sent in naughty():
        text = sent.strip(WHITE)
        fit = {field for field in TEXTS if is_allowed(field, text)}
        if fit:
            changed = session.patch(one, json=dict.fromkeys(fit, sent), timeout=30)
            read = session.get(one, timeout=30).json()
            if changed.status_code != 200 or any(read[field] != text or changed.json()[field] != text for field in fit):
                wrong.append((sent, changed.status_code, changed.text[:300]))
        if len(fit) < len(TEXTS):
            refused = session.patch(one, json=dict.fromkeys(TEXTS.keys() - fit, sent), timeout=30)
            pointers = {error["pointer"] for error in refused.json().get("errors", [])}
            if refused.status_code != 422 or pointers != {f"/{field}" for field in TEXTS.keys() - fit}:
                wrong.append((sent, refused.status_code, refused.text[:300]))
        for field in fit:
            kept[field] += 1
    assert wrong == []
    assert min(kept.values()) > 50, kept


def test_naughty_strings_in_create_lists_and_searches(listings, a_property):
    """Created, found by their city in any list, and in the row as they were."""
    session, url = listings
    wrong = []
    trimmed = (one.strip(WHITE) for one in naughty())
    fit = [text for text in trimmed if is_allowed("title", text) and is_allowed("city", text) and is_legible(text[:60])]
    for text in fit[::3]:
        made = post(listings, json.dumps(a_property(title=text, city=text, features=[text[:60].strip(WHITE)])))
        if made.status_code != 201:
            wrong.append((text, made.status_code, made.text[:200]))
            continue
        page = session.get(url, params={"city": text, "limit": 100}, timeout=30)
        rows = [row for row in page.json().get("items", []) if row["id"] == made.json()["id"]]
        if len(rows) != 1 or (rows[0]["title"], rows[0]["city"]) != (text, text):
            wrong.append((text, page.status_code, page.text[:200]))
    assert wrong == []
    assert len(fit) > 100
