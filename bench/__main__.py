"""Measure the engine against the naive way, decisions beside other evaluators, the legal clock:
`make bench`.

All figures are CPU milliseconds (`cpu_us_…`: microseconds) of the process, medians of rounds taken
in turn; `worklist_ms` and `…_per_s_…` are wall clock. The last line
is a JSON object, figure name to number.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench import clocks, decisions, models, servers, throughput
from bench.commands import Commands
from bench.runtime import TURNS, Runtime
from bench.timing import Round, interleaved
from engine.deployment.preparation import DeploymentRefused
from engine.errors import EngineError

TASKS, ROUNDS, LOOPS = 12, 25, 3
TOGETHER, JOBS, CASES = 5, 60, 15  # rounds of several processes, what each round does


def main() -> None:
    """Run everything, print what is measured, end with the line for machines."""
    figures: dict[str, float] = {}
    with ExitStack() as stack:
        rounds = _rounds(stack)
        crowded = rounds.pop("worklist_ms")
        figures |= _told(interleaved(rounds, ROUNDS))
        figures |= _told(interleaved({"worklist_ms": crowded}, ROUNDS))
    figures |= _told(_turns())
    figures |= _told(decisions.figures(ROUNDS))
    figures |= _told(clocks.figures(ROUNDS))
    figures |= _told(throughput.figures(TOGETHER, JOBS, CASES))
    print(json.dumps(figures))


def _rounds(stack: ExitStack) -> dict[str, Round]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mouqataa-bench-")))
    naive = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", "bench.naive", str(TASKS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    )
    model = models.xml(TASKS, loop=True)
    sqlite = _commands(stack, folder / "sqlite")
    crowded = _commands(stack, folder / "crowded")
    crowded.crowd()
    rounds: dict[str, Round] = {
        "cpu_ms_per_step_naive": lambda: _asked(naive, "step"),
        "cpu_ms_per_step_runtime": Runtime(model, TASKS).step,
        "cpu_ms_per_command_naive": lambda: _asked(naive, "command"),
        "cpu_ms_per_command_sqlite": sqlite.command,
        "cpu_ms_per_command_two_clocks": _lawful(stack, folder / "law").command,
        "worklist_ms": crowded.worklist,
    }
    if address := stack.enter_context(servers.postgresql()):
        rounds["cpu_ms_per_command_postgresql"] = _commands(
            stack, folder / "postgresql", address
        ).command
    else:
        print("left out: PostgreSQL, because no server is installed")
    return rounds


def _lawful(stack: ExitStack, folder: Path) -> Commands:
    """The same tasks under two clocks of the law."""
    made = Commands(models.xml(TASKS, loop=True), TASKS, folder, law=True)
    stack.callback(made.close)
    return made


def _commands(stack: ExitStack, folder: Path, address: str = "") -> Commands:
    """The model deployed; without its choice where this version does not deploy one."""
    try:
        made = Commands(models.xml(TASKS, loop=True), TASKS, folder, address)
    except (EngineError, DeploymentRefused):
        print("the whole command runs the tasks in a row: this version deploys no choice")
        plain = folder.with_name(f"{folder.name}-plain")
        made = Commands(models.xml(TASKS, loop=False), TASKS, plain, address)
    stack.callback(made.close)
    return made


def _turns() -> dict[str, float]:
    runs = [Runtime(models.xml(1, loop=True), 1).turns() for _ in range(LOOPS)]
    return {f"cpu_ms_turn_{n}": round(median(r[n] for r in runs) * 1000, 3) for n in TURNS}


def _asked(naive: subprocess.Popen[str], question: str) -> float:
    assert naive.stdin is not None
    assert naive.stdout is not None
    print(question, file=naive.stdin, flush=True)
    return float(naive.stdout.readline())


def _told(figures: dict[str, float]) -> dict[str, float]:
    for name, number in figures.items():
        print(f"{name:34} {number:9.3f}", flush=True)
    return figures


if __name__ == "__main__":
    main()
