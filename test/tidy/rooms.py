"""The rooms of src/ and the arrows between them: the one place that says who may include whom.

Arrows carry on: who may include `record` may include `base`. A room that is not listed here has no
arrow, not even to itself, so that a new folder must be entered here first.
"""

ARROWS = {
    "base": [],
    "record": ["base"],
    "cost": ["base"],
    "table": ["record"],
    "bucket": ["record"],
    "secrets": ["record"],
    "mail": ["record"],
    "telemetry": ["record"],
    "jobs": ["table", "telemetry"],
    "http": ["record"],
    "identity": ["table", "secrets"],
    "aws": ["http"],
    # One way to have a thing knows its interface.
    "table/lmdb": ["table"],
    "table/dynamodb": ["table", "aws"],
    "mail/log": ["mail", "telemetry"],
    "mail/smtp": ["mail"],
    "identity/local": ["identity"],
    # Features: http, identity, the interfaces, and each other only in this direction.
    "accounts": ["http", "identity", "table", "jobs", "mail", "telemetry"],
    "images": ["http", "identity", "table", "jobs", "bucket", "telemetry"],
    "properties": ["accounts", "images", "http", "identity", "table", "jobs", "telemetry"],
    "inquiries": ["properties", "mail"],
    # A transport knows requests and answers, and nothing of the marketplace.
    "net": ["http", "telemetry"],
}
# The wiring names every room.
UNBOUND = {"app"}

# Headers of others that are kept in one place: (what the name begins with, who may include it).
FENCED = [
    ("boost/asio", "net/"),
    ("boost/beast", "net/"),
    ("lmdb.h", "table/lmdb/"),
    ("curl/", "mail/smtp/"),
    ("idn2.h", ("accounts/", "mail/smtp/")),
    ("crypt.h", "identity/"),
    # The third-party JSON reader is one file's business; boost/json/fwd.hpp may be anywhere.
    ("boost/json", "record/json.cpp"),
]
UNFENCED = {"boost/json/fwd.hpp"}


def room_of(path):
    """The room of a path below src/: the longest listed folder that holds it; None for no room."""
    folders = path.split("/")[:-1]
    while folders:
        name = "/".join(folders)
        if name in ARROWS or name in UNBOUND:
            return name
        folders.pop()
    return None


def reachable(room):
    """The room itself and all that its arrows lead to."""
    found, left = set(), [room]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += ARROWS[one]
    return found
