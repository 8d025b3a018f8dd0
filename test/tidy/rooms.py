#!/usr/bin/env python3
"""The rooms of src/ and the arrows between them: the one place that says who may include whom.

Arrows carry on: who may include `platform/record` may include `platform/base`. A folder that is not listed here has no
arrow, not even to itself, so that a new room must be entered here first. cmake/rooms.cmake links what stands here
(`rooms.py cmake` prints it), test/tidy holds the #include lines and ARCHITECTURE.md's table to it, and refuses an
arrow that no #include line uses.
"""

import sys

ARROWS = {
    # What any service needs. Nothing here names anything of the marketplace.
    "platform/base": [],
    "platform/record": ["platform/base"],
    "platform/telemetry": ["platform/record"],
    "platform/http": ["platform/record"],
    "platform/table": ["platform/record"],
    "platform/jobs": ["platform/table", "platform/telemetry"],
    "platform/mail": ["platform/base"],
    "platform/identity": ["platform/table"],
    "platform/audit": ["platform/table"],
    "platform/aws": ["platform/http"],
    "platform/bucket": ["platform/base"],
    "platform/picture": ["platform/telemetry"],
    # What a feature hands to the wiring, and what it is opened with.
    "platform/feature": ["platform/identity", "platform/jobs", "platform/mail", "platform/aws", "platform/bucket"],
    # One way to have a thing knows its interface.
    "platform/table/lmdb": ["platform/table"],
    "platform/table/dynamodb": ["platform/table", "platform/aws"],
    "platform/bucket/disk": ["platform/bucket"],
    "platform/bucket/s3": ["platform/bucket", "platform/aws"],
    "platform/bucket/serving": ["platform/bucket/disk", "platform/http"],
    "platform/mail/log": ["platform/mail", "platform/telemetry"],
    "platform/mail/smtp": ["platform/mail"],
    "platform/identity/local": ["platform/identity"],
    # Transports know requests and answers, and framing in common.
    "platform/net": ["platform/http"],
    "platform/net/client": ["platform/net"],
    "platform/net/server": ["platform/net"],
    "platform/net/lambda": ["platform/net/client", "platform/telemetry"],
    # What this business is: features know the interfaces, and each other only in this direction.
    "marketplace/roles": ["platform/base"],
    "marketplace/accounts": ["marketplace/roles", "platform/feature"],
    "marketplace/properties": ["marketplace/roles", "platform/feature"],
    "marketplace/properties/import": ["marketplace/properties"],
    "marketplace/properties/demo": ["marketplace/properties"],
    "marketplace/inquiries": ["marketplace/properties", "marketplace/accounts", "platform/mail", "platform/jobs"],
    "marketplace/images": ["marketplace/properties", "platform/picture"],
    "marketplace/cost": ["platform/base"],
    # A program of its own, which nothing of the others is linked with.
    "program/media": ["platform/picture"],
}
# The wiring and the program name every room.
UNBOUND = {"app", "program", "program/commands"}

# Headers of others that are kept in one place: (what the name begins with, who may include it).
FENCED = [
    ("boost/asio", "platform/net/"),
    ("boost/beast", "platform/net/"),
    ("lmdb.h", "platform/table/lmdb/"),
    ("curl/", "platform/mail/smtp/"),
    ("expat.h", "platform/aws/"),
    ("idn2.h", ("marketplace/accounts/", "platform/mail/smtp/")),
    ("crypt.h", "platform/identity/"),
    ("vips/", "program/media/"),
    ("seccomp.h", "program/media/"),
    ("linux/landlock.h", ("platform/picture/", "program/media/")),
    # The third-party JSON reader is one file's business; boost/json/fwd.hpp may be anywhere.
    ("boost/json", "platform/record/json.cpp"),
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


def short(room):
    """A room's name without its floor, where that says nothing more: platform/table/lmdb is table/lmdb."""
    return room if room in UNBOUND else room.partition("/")[2]


def target(room):
    """The name of a room in the build: platform/table/lmdb is spaces_table_lmdb."""
    return "spaces_" + short(room).replace("/", "_")


def cmake():
    """The rooms in an order in which each follows those it knows, and what each links."""
    ordered = []

    def visit(room):
        if room not in ordered:
            for one in ARROWS[room]:
                visit(one)
            ordered.append(room)

    for room in ARROWS:
        visit(room)
    lines = [f"set(rooms {' '.join(ordered)})"]
    lines += [f"set(arrows_of_{target(room)} {' '.join(target(one) for one in ARROWS[room])})" for room in ordered]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(cmake())
