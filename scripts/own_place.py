"""Loopback addresses of this process's own, for programs that must be told a port and cannot choose one themselves.

A port that was looked for on 127.0.0.1 may be another's before the program binds it: every connection that leaves takes
one there. 127.64.0.0/10 has as many addresses as Linux has process ids (22 bits, proc(5)), so the one made of ours is
nobody else's while we live, and so are all its ports.
"""

import itertools
import os

# Below it, ports are other programs' by name; those that listen on every address are seldom above.
FIRST_PORT = 20001
_ports = itertools.count(FIRST_PORT)


def own_place():
    """(address, port) that nothing listens on, and nothing else will."""
    pid = os.getpid()
    assert pid < 1 << 22, pid
    return f"127.{64 + (pid >> 16)}.{pid >> 8 & 255}.{pid & 255}", next(_ports)
