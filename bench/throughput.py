"""How much several processes do together: people's commands, timers, calls of services.

Processes stand ready, begin together, and are measured by the wall clock from the first one's
beginning to the last one's end. Rounds of all numbers of processes are taken in turn.
"""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bench import models, servers
from bench.commands import CLERK
from engine.commands import actors, cases, procedures, tasks
from engine.engine import Engine
from engine.operations import calls
from engine.operations.operation import Call, Operation
from engine.operations.registry import OPERATIONS
from engine.operations.signature import Signature
from engine.settings import Settings, load
from engine.transaction import By
from engine.work.founding import FOUNDER, found
from engine.work.worker import work
from processes.bundle import Bundle
from processes.catalogue import city

WORKERS, CLIENTS = (1, 2, 4), (1, 2)
STEPS = 12
_CONTEXT = multiprocessing.get_context("spawn")
_TIMER = (
    '<intermediateCatchEvent id="X"><timerEventDefinition><timeDuration>PT0S</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
)
_CALL = (
    '<serviceTask id="X" mq:operation="bench.echo" mq:result="echo"><extensionElements>'
    '<mq:input name="text">"a"</mq:input></extensionElements></serviceTask>'
)
KINDS = {"timers": _TIMER, "calls": _CALL}


def _echo(call: Call) -> Mapping[str, Any]:
    return {"length": Decimal(len(str(call.inputs["text"])))}


def _known() -> None:
    """Put a service that answers at once among the operations of this process."""
    made = Operation(
        "bench.echo", Signature({"text": "string"}), Signature({"length": "number"}), calls.ask,
        _echo,
    )  # fmt: skip
    vars(OPERATIONS)["_all"] = {**OPERATIONS, "bench.echo": made}


@dataclass(frozen=True, slots=True)
class Done:
    """What one process did: how much, when it began and ended, seconds of CPU."""

    count: int
    begun: float
    ended: float
    cpu: float


def _process(settings: Settings, pipe: Connection, together: Mapping[int, Barrier]) -> None:
    """One of the fleet: ready, it is told what to do and how many do it with it."""
    _known()
    engine = Engine(settings)
    pipe.send("ready")
    while (asked := pipe.recv()) is not None:
        many, given = asked
        together[many].wait()
        begun, spent = perf_counter(), process_time()
        count = work(engine, 1_000_000).finished if given is None else _completed(engine, given)
        pipe.send(Done(count, begun, perf_counter(), process_time() - spent))
    engine.close()


def _completed(engine: Engine, given: Sequence[int]) -> int:
    """Complete these tasks and all that follow; how many commands that took."""
    count = 0
    for task in given:
        opened = [task]
        while opened:
            opened = engine.run(CLERK, tasks.complete, opened[0], dict(models.VALUES)).opened
            count += 1
    return count


class Fleet:
    """A database with the models, and processes that stand ready at it."""

    def __init__(self, settings: Settings, processes: int) -> None:
        _known()
        found(settings, city("casablanca"), "admin", specimen=False)
        self._engine = Engine(settings)
        self._engine.run(FOUNDER, actors.add, CLERK.actor, "Nadia")
        self._deploy("bench", models.xml(STEPS, loop=True))
        for kind, element in KINDS.items():
            self._deploy(kind, models.waiting(kind, element))
        self._engine.run(FOUNDER, actors.grant, CLERK.actor, "guichet", "MAR")
        together = {many: _CONTEXT.Barrier(many) for many in range(1, processes + 1)}
        self._pipes: list[Connection] = []
        for _ in range(processes):
            ours, theirs = _CONTEXT.Pipe()
            _CONTEXT.Process(
                target=_process, args=(settings, theirs, together), daemon=True
            ).start()
            self._pipes.append(ours)
        for pipe in self._pipes:
            pipe.recv()

    def _deploy(self, key: str, model: bytes) -> None:
        administrator = By("admin", channel="bench")
        self._engine.run(administrator, procedures.deploy, Bundle(models.files(model, key)))

    def close(self) -> None:
        """Let the processes end."""
        for pipe in self._pipes:
            pipe.send(None)
        self._engine.close()

    def jobs(self, kind: str, processes: int, count: int) -> float:
        """Jobs of this kind that so many workers do in a second."""
        for _ in range(count):
            self._begun(kind)
        return self._measured([None] * processes, count)

    def commands(self, processes: int, count: int) -> float:
        """Commands that so many clients do in a second, each on cases of its own."""
        given = [[self._begun("bench")[0] for _ in range(count)] for _ in range(processes)]
        return self._measured(given, processes * count * STEPS)

    def _begun(self, procedure: str) -> list[int]:
        return self._engine.run(CLERK, cases.start, procedure, dict(models.VALUES), "MAR").tasks

    def _measured(self, given: Sequence[Any], count: int) -> float:
        used = self._pipes[: len(given)]
        for pipe, what in zip(used, given, strict=True):
            pipe.send((len(given), what))
        done: list[Done] = [pipe.recv() for pipe in used]
        assert sum(one.count for one in done) == count, "it was not all done, or done twice"
        return count / (max(one.ended for one in done) - min(one.begun for one in done))


def figures(rounds: int, jobs: int, cases_: int) -> dict[str, float]:
    """What each number of processes does in a second, medians; and what the second one brings."""
    found: dict[str, float] = {}
    with ExitStack() as stack:
        for name, settings in _databases(stack):
            fleet = Fleet(settings, max(WORKERS))
            stack.callback(fleet.close)
            found |= _medians(name, fleet, rounds, jobs, cases_)
    return found


def _databases(stack: ExitStack) -> Sequence[tuple[str, Settings]]:
    folder = stack.enter_context(servers.folder())
    kept = [("sqlite", load(environ={"MOUQATAA_DATA": str(folder / "sqlite")}))]
    if address := stack.enter_context(servers.postgresql()):
        environ = {"MOUQATAA_DATA": str(folder / "pg"), "MOUQATAA_DATABASE": address}
        kept.append(("postgresql", load(environ=environ)))
    return kept


def _medians(name: str, fleet: Fleet, rounds: int, jobs: int, cases_: int) -> dict[str, float]:
    taken: dict[str, Callable[[], float]] = {}
    for many in CLIENTS:
        taken[f"commands_per_s_{name}_{many}"] = lambda m=many: fleet.commands(m, cases_)  # type: ignore[misc]
    for kind in KINDS:
        for many in WORKERS:
            taken[f"{kind}_per_s_{name}_{many}"] = lambda k=kind, m=many: fleet.jobs(k, m, jobs)  # type: ignore[misc]
    seen: dict[str, list[float]] = {key: [] for key in taken}
    for number in range(rounds + 1):  # the first round only warms up
        for key, once in taken.items():
            if (value := once()) and number:
                seen[key].append(value)
    told = {key: round(median(values), 1) for key, values in seen.items()}
    one, two = (seen[f"commands_per_s_{name}_{many}"] for many in CLIENTS)
    gains = [b / a for a, b in zip(one, two, strict=True)]
    return told | {f"commands_gain_{name}": round(median(gains), 2)}
