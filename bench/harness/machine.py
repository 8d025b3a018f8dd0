"""The machine that is measured on: its cores, how programs are kept apart on them, and what it says of itself."""

import os
import platform
import subprocess
import time

# Asked for, and done without where it is not allowed: other work on the machine then shows in the figures.
NICENESS = -10
AUTOGROUP_NICENESS = -15

CORES = sorted(os.sched_getaffinity(0))
# One core serves and another asks, where there are two: a client on the server's core would be in its cache.
SERVER_CORES = {CORES[0]}
CLIENT_CORES = {CORES[-1]}
ALL_CORES = set(CORES)


def raise_priority():
    """For a child before exec: its own scheduling group and a better niceness."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
        with open("/proc/self/autogroup", "w", encoding="ascii") as group:
            group.write(str(AUTOGROUP_NICENESS))
    except OSError:
        pass


def start(words, cores=None, environment=None, **more):
    """A program on these cores, in a session of its own so that Ctrl-C reaches us alone."""

    def prepare():
        os.sched_setaffinity(0, cores or ALL_CORES)
        raise_priority()

    return subprocess.Popen(
        [str(word) for word in words],
        start_new_session=True,
        preexec_fn=prepare,
        env={**os.environ, **(environment or {})},
        **more,
    )


def run(words, cores=None, environment=None):
    """Runs a program to its end and returns its standard output; what it says on failure is raised."""
    child = start(words, cores, environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, complaint = child.communicate()
    except BaseException:
        child.kill()
        child.wait()
        raise
    if child.returncode != 0:
        raise RuntimeError(
            f"{' '.join(str(word) for word in words[:2])} ended with {child.returncode}: {complaint.strip()}"
        )
    return out


def facts():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        model = next(
            (line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), platform.machine()
        )
    with open("/proc/meminfo", encoding="ascii") as info:
        memory_kib = int(info.readline().split()[1])
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "processor": model,
        "cores": len(CORES),
        "memory_gib": round(memory_kib / 2**20, 1),
        "kernel": platform.release(),
        "load_at_start": os.getloadavg()[0],
    }
