"""From the start of the process to its first answer, and the heap that it takes while serving."""

import os
import pathlib
import shutil
import threading
import time

from harness import machine, programs
from harness.reading import CLIENTS, hot_targets
from harness.listing import filtered
from harness.report import Row, median

START_MS_MAX = 200.0
HEAP_MIB_MAX = 64.0
STARTS_MIN = 5


def forget_pages(data):
    """Asks the kernel to drop the store from the page cache: nobody may have it open."""
    for path in data.glob("table.lmdb"):
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def first_answer_ms(bench, data, target):
    started = time.perf_counter()
    with bench.server(data, loops=0, cores=machine.ALL_CORES) as server:
        programs.body_of(programs.get(server.port, target))
        return (time.perf_counter() - started) * 1000


def start_rows(bench, stores, size):
    data, empty = stores.folder(size), bench.scratch / "empty"
    target = stores.targets(size).open(encoding="ascii").readline().strip()
    shutil.rmtree(empty, ignore_errors=True)
    first_answer_ms(bench, empty, "/health")  # makes the store
    warm, cold, bare = [], [], []
    for number in range(max(bench.rounds, STARTS_MIN)):
        bench.say(f"start: round {number + 1}")
        bare.append(first_answer_ms(bench, empty, "/health"))
        forget_pages(data)
        cold.append(first_answer_ms(bench, data, target))
        warm.append(first_answer_ms(bench, data, target))
    spent = median(warm)
    return [
        Row(
            "start",
            f"start to first answer, {size:,} listings",
            spent,
            "ms",
            f"≤ {START_MS_MAX:.0f} ms",
            spent <= START_MS_MAX,
            median(bare),
            "with an empty store",
            spent / median(bare),
            [f"{median(cold):.0f} ms with the store's file dropped from the page cache"],
            {"warm": warm, "cold": cold, "empty": bare},
        )
    ]


def heap_mib(pid):
    """Anonymous memory: heap, stacks, changed pages of the program itself. The store's map is a file's."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("smaps_rollup names no anonymous memory")


def heap_rows(bench, stores, size):
    data, hot, every = stores.in_memory(size), hot_targets(bench, stores, size), stores.targets(size)
    with bench.server(data, loops=0, cores=machine.ALL_CORES) as server:
        idle = heap_mib(server.pid)
        pages = bench.file(
            "pages.targets", filtered(server.port) + ["/api/v1/properties?limit=100", "/api/v1/properties"]
        )
        seen, done = [], threading.Event()

        def look():
            while not done.wait(0.1):
                seen.append(heap_mib(server.pid))

        watching = threading.Thread(target=look)
        watching.start()
        try:
            for targets in (hot, every, pages):
                bench.say(f"heap: {targets.stem}")
                bench.load(server, targets, clients=CLIENTS, seconds=max(2, bench.seconds), cores=machine.ALL_CORES)
            bench.load(server, pages, clients=CLIENTS, seconds=max(2, bench.seconds), field="Accept-Encoding: gzip")
        finally:
            done.set()
            watching.join()
        seen.append(heap_mib(server.pid))
    most = max(seen)
    return [
        Row(
            "heap",
            f"heap while serving {size:,} listings",
            most,
            "MiB",
            f"≤ {HEAP_MIB_MAX:.0f} MiB",
            most <= HEAP_MIB_MAX,
            idle,
            "before the first request",
            most / idle,
            [],
            {"seen": seen},
        )
    ]
