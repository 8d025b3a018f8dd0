"""How tests wait: for a fact, however long a busy machine takes to bring it about. test/tidy refuses sleeping anywhere
else, and comparing how long something took."""

import asyncio
import random
import time

# Patience, and a bound of nothing: what has not come about after so long never does.
SECONDS_MAX = 90


def until(fact, otherwise="it never comes", seconds=SECONDS_MAX):
    """What fact() gives, once it is true. `otherwise` is said where it never is: a text, or what makes one."""
    ends = time.monotonic() + seconds
    while not (found := fact()):
        assert time.monotonic() < ends, otherwise() if callable(otherwise) else otherwise
        time.sleep(0.01)
    return found


async def comes_true(fact):
    """The same on an event loop, for as long as it takes."""
    while not fact():
        await asyncio.sleep(0.01)


def let_time_pass(seconds):
    """Where time is what a test puts in: a client that sends slowly, a token that expires. What is expected afterwards
    must be as true after any longer time."""
    time.sleep(seconds)


class Watch:
    """Seconds since it was made, for what is true for so long only: where a busy machine took longer, that is not
    looked at. Never to hold anything to being quick."""

    def __init__(self):
        self._began = time.monotonic()

    def seconds(self):
        return time.monotonic() - self._began


def some_moment(seconds_max):
    """Any moment of the next so many seconds: when something is killed."""
    time.sleep(random.uniform(0, seconds_max))
