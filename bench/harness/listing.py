"""Pages of twenty listings: when nothing changed since they were last asked for, and when something did."""

import json
import shutil
import statistics
import urllib.parse

from harness import programs
from harness.reading import beside_bare, detail, interleaved, middle, typical
from harness.report import Row

STORE = 100_000
PAGE = "/api/v1/properties"
CLIENTS = 64
# Where something changes between requests each client has a question of its own, so that no answer
# serves another.
CHANGING_CLIENTS = 16
CPU_US_MAX = 25.0

# The same question in sixteen spellings.
NEWEST = [
    PAGE + ("?" + "&".join(parts) if parts else "")
    for one in ([], ["limit=20"])
    for two in ([], ["sort=-createdAt"])
    for three in ([], ["status=active"])
    for parts in (one + two + three, three + two + one)
]
NEWEST_DISTINCT = list(dict.fromkeys(NEWEST)) + [
    f"{PAGE}?{text}"
    for text in (
        "sort=-createdAt&limit=20&status=active",
        "limit=20&status=active&sort=-createdAt",
        "limit=2%30",
        "limit=%320",
        "limit=%32%30",
        "status=activ%65",
        "status=%61ctive",
        "sort=-create%64At",
    )
]


def filtered(port):
    """Sixteen cities, each with the middle half of its prices, which fill a page."""
    found = {}
    cursor = ""
    for _ in range(5):
        page = json.loads(programs.body_of(programs.get(port, f"{PAGE}?limit=100{cursor}")))
        for listing in page["items"]:
            found.setdefault(listing["city"], []).append(listing["price"])
        cursor = "&cursor=" + urllib.parse.quote(page["nextCursor"])
    common = sorted(found, key=lambda city: -len(found[city]))
    targets = []
    for city in common:
        low, _, high = statistics.quantiles(found[city], n=4) if len(found[city]) > 1 else (0, 0, 0)
        target = f"{PAGE}?" + urllib.parse.urlencode(
            {"limit": 20, "city": city, "minPrice": int(low), "maxPrice": int(high)}
        )
        if len(json.loads(programs.body_of(programs.get(port, target)))["items"]) == 20:
            targets.append(target)
        if len(targets) == CHANGING_CLIENTS:
            return targets
    raise RuntimeError("no sixteen cities fill a page")


def rows(bench, stores):
    # Of its own, because it is changed.
    data = bench.scratch / "lists"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    shutil.copy(stores.folder(STORE) / "table.lmdb", data)
    changes = {"change": data, "ids": stores.ids(STORE), "in_turn": True, "clients": CHANGING_CLIENTS}
    with bench.server(data) as server:
        newest = bench.file("newest.targets", [f"{PAGE}?limit=20"])
        newest_each = bench.file("newest-each.targets", spellings(server.port))
        city = bench.file("city.targets", filtered(server.port))
        with bench.bare(typical(server.port, newest.read_text().split()), "newest") as bare_newest, bench.bare(
            typical(server.port, city.read_text().split()), "city"
        ) as bare_city:
            taken = interleaved(
                bench,
                "pages",
                {
                    "bare-newest": lambda **more: bench.load(bare_newest, newest, clients=CLIENTS, **more),
                    "newest": lambda **more: bench.load(server, newest, clients=CLIENTS, **more),
                    "bare-city": lambda **more: bench.load(bare_city, city, clients=CLIENTS, **more),
                    "city": lambda **more: bench.load(server, city, clients=CLIENTS, **more),
                    "newest-changed": lambda **more: bench.load(server, newest_each, **changes, **more),
                    "city-changed": lambda **more: bench.load(server, city, **changes, **more),
                },
            )
    shutil.rmtree(data, ignore_errors=True)
    return [
        beside_bare(
            "page-newest",
            "page of 20, newest first, unchanged",
            taken,
            "newest",
            middle(taken["bare-newest"]),
            1.5,
            "bare-newest",
        ),
        beside_bare(
            "page-city",
            "page of 20, by city and price, unchanged",
            taken,
            "city",
            middle(taken["bare-city"]),
            1.5,
            "bare-city",
        ),
        changed("page-newest-changed", "page of 20, newest first, changed", taken, "newest"),
        changed("page-city-changed", "page of 20, by city and price, changed", taken, "city"),
    ]


def spellings(port):
    """Spellings that the server takes for the same page, one for each client."""
    same, pages = [], set()
    for target in NEWEST_DISTINCT:
        answer = programs.get(port, target)
        if answer.startswith(b"HTTP/1.1 200 "):
            same.append(target)
            pages.add(json.dumps(json.loads(programs.body_of(answer))["items"]))
    if len(pages) != 1 or len(same) < CHANGING_CLIENTS:
        raise RuntimeError(f"{len(same)} spellings of one question gave {len(pages)} pages")
    return same[:CHANGING_CLIENTS]


def changed(name, what, taken, kind):
    spent = middle(taken[f"{kind}-changed"])
    bare = middle(taken[f"bare-{kind}"])
    return Row(
        name,
        what,
        spent,
        "µs CPU",
        f"≤ {CPU_US_MAX:.0f} µs",
        spent <= CPU_US_MAX,
        bare,
        "bare loop, same bytes",
        spent / bare,
        [],
        detail(taken, f"{kind}-changed", f"bare-{kind}"),
    )
