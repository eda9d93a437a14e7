"""A steady load for a long time: memory and the slowest answers stay as they were.

`python -m tests.reliability.soak --minutes 60 --database postgresql`. Clients and a worker run on
a database; each minute the resident memory of every process and the 99th percentile of the
commands' times are noted. At the end the slopes must lie within what is stated here.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from bench import servers
from engine.settings import load
from tests.reliability.failover import Load, audit, prepared

CLIENTS, WORKERS, PAUSE = 3, 1, 0.2
# Growth of a process's memory from the first third of the time to the last: a leak of 100 bytes a
# command would be more than that in an hour, what an allocator keeps is less.
MEMORY_MIB = 8.0
MEMORY_SHARE = 0.10
# … and of the 99th percentile; the machine has other work, so that it may double, not more.
P99_SHARE = 1.0
P99_SLACK = 0.050  # seconds
ROOT = Path(__file__).parents[2]


@dataclass
class Minutes:
    """What was noted, one entry a slice of time: MiB by process, seconds of the 99th percentile."""

    memory: dict[str, list[float]] = field(default_factory=dict)
    p99: list[float] = field(default_factory=list)
    commands: int = 0


def drift(values: Sequence[float]) -> tuple[float, float]:
    """The medians of the first third and of the last; what began before all was warm is left out.

    A median of a third, not a line through all, so that one busy minute of the machine is no leak.
    """
    warm = values[len(values) // 6 :]
    third = max(len(warm) // 3, 1)
    return statistics.median(warm[:third]), statistics.median(warm[-third:])


def leaks(found: Minutes) -> list[str]:
    """What did not stay as it was."""
    wrong = []
    for name, values in found.memory.items():
        first, last = drift(values)
        if last - first > max(MEMORY_MIB, first * MEMORY_SHARE):
            wrong.append(f"{name}: {first:.1f} MiB became {last:.1f} MiB")
    first, last = drift(found.p99)
    if last - first > max(first * P99_SHARE, P99_SLACK):
        wrong.append(f"p99 of commands: {first * 1000:.0f} ms became {last * 1000:.0f} ms")
    return wrong


def memory(pid: int) -> float:
    """The resident memory of a process in MiB, as Linux counts it."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def p99(lines: Sequence[Sequence[str]], since: float) -> tuple[float, int]:
    """The 99th percentile of the times of the commands answered since then, and how many."""
    taken = []
    for earlier, later in pairwise(lines):  # a client's lines are one after another
        follows = (earlier[0], later[0]) in (("start", "started"), ("started", "completed"))
        if follows and earlier[1] == later[1] and float(later[-1]) >= since:
            taken.append(float(later[-1]) - float(earlier[-1]))
    taken.sort()
    return (taken[int(len(taken) * 0.99)] if taken else 0.0), len(taken)


def run(slices: int, seconds: float, folder: Path, database: str) -> Minutes:
    """So many slices of so many seconds each, under load; the audit of the end is clean."""
    environ = {"MOUQATAA_DATA": str(folder)} | ({"MOUQATAA_DATABASE": database} if database else {})
    engine = prepared(load(environ=environ))
    load_ = Load(folder, {**os.environ, **environ, "PYTHONPATH": str(ROOT)})
    found = Minutes()
    try:
        for number in range(CLIENTS):
            load_.begin("client", number, PAUSE)
        for number in range(WORKERS):
            load_.begin("worker", number)
        for _ in range(slices):
            since = time.monotonic()
            time.sleep(seconds)
            for name, process in load_.running.items():
                found.memory.setdefault(name, []).append(memory(process.pid))
            slowest, many = p99(load_.lines(), since)
            found.p99.append(slowest)
            found.commands += many
    finally:
        load_.end()
    audit(engine, load_.lines())
    engine.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mouqataa-soak-")))
        address = None
        if asked.database == "postgresql":
            address = stack.enter_context(servers.postgresql())
        found = run(asked.minutes, 60, folder, address or "")
    for name, values in found.memory.items():
        first, last = drift(values)
        _say(f"{name}: {first:.1f} MiB, at the end {last:.1f} MiB, most {max(values):.1f} MiB")
    first, last = drift(found.p99)
    _say(f"{found.commands} commands; p99 {first * 1000:.1f} ms, at the end {last * 1000:.1f} ms")
    wrong = leaks(found)
    _say("\n".join(wrong) or "flat")
    return min(len(wrong), 1)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
