"""Rounds of every figure in turn, so that a busy moment of the machine touches all of them."""

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time

MILLISECONDS = 1000

Round = Callable[[], float]
"""Runs once and gives its CPU time per step, in seconds."""


def interleaved(
    figures: Mapping[str, Round], rounds: int, unit: int = MILLISECONDS
) -> dict[str, float]:
    """The median of each figure, a second having so many units; the first round only warms up."""
    found: dict[str, list[float]] = {name: [] for name in figures}
    for number in range(rounds + 1):
        for name, once in figures.items():
            gc.collect()
            taken = once()
            if number:
                found[name].append(taken)
    return {name: round(median(times) * unit, 3) for name, times in found.items()}


def cpu(work: Callable[[], object], steps: int) -> float:
    """CPU seconds of this process per step of `work`."""
    begun = process_time()
    work()
    return (process_time() - begun) / steps


def repeated(work: Callable[[], object], times: int) -> Round:
    """A round that does something short so many times."""

    def work_often() -> None:
        for _ in range(times):
            work()

    return lambda: cpu(work_often, times)
