"""Stores to measure on. They take a while to fill, so they are kept: build/bench-data/NAME-KEY, where the
key changes with whatever decides what lies in them."""

import hashlib
import pathlib
import shutil

from harness import machine

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench-data"
SEED = 1
CHUNK_BYTES = 8 << 20
# What makes the listings and lays them out.
MADE_BY = ("src/properties/demo*", "src/marketplace/properties/property.cpp", "src/platform/table/store_meta.hpp")


def key():
    digest = hashlib.sha256()
    for pattern in MADE_BY:
        for path in sorted(ROOT.glob(pattern)):
            if not path.stem.endswith("_test"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


class Stores:
    def __init__(self, spaces, tools, say):
        self.spaces, self.tools, self.say = spaces, tools, say
        self.key = key()

    def folder(self, count):
        """A store of so many demonstration listings."""
        return self._kept(f"demo-{count}", lambda folder: self._fill(folder, count))

    def _fill(self, folder, count):
        unsynced = {"LD_PRELOAD": str(self.tools / "libunsynced.so")}
        machine.run([self.spaces, "demo", "--count", count, "--seed", SEED, "--data", folder], environment=unsynced)

    def in_memory(self, count):
        """The folder, its store read once, so that the kernel has it in its page cache as far as it fits."""
        folder = self.folder(count)
        with open(folder / "table.lmdb", "rb", buffering=0) as file:
            while file.read(CHUNK_BYTES):
                pass
        return folder

    def ids(self, count):
        """A file of the ids of its public listings, one a line."""
        folder = self.folder(count)
        path = folder / "ids.txt"
        if not path.exists():
            path.write_text(machine.run([self.tools / "listing_ids", folder]), encoding="ascii")
        return path

    def targets(self, count):
        path = self.folder(count) / "targets.txt"
        if not path.exists():
            with open(self.ids(count), encoding="ascii") as ids, open(path, "w", encoding="ascii") as targets:
                targets.writelines(f"/api/v1/properties/{line}" for line in ids)
        return path

    def table(self, count):
        """A CSV file of so many listings, as spaces export writes it."""

        def write(folder):
            machine.run([self.spaces, "export", folder / "listings.csv", "--data", self.folder(count)])

        return self._kept(f"csv-{count}", write) / "listings.csv"

    def _kept(self, name, make):
        folder = KEPT / f"{name}-{self.key}"
        if not folder.exists():
            self.say(f"making {folder.relative_to(ROOT)}; kept for the next time")
            for old in KEPT.glob(f"{name}-*"):
                shutil.rmtree(old)
            unfinished = KEPT / f"unfinished-{name}"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            make(unfinished)
            unfinished.rename(folder)
        return folder
