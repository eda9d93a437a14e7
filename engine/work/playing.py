"""Playing one scenario: real commands by hired actors, a clock that waits move, the real worker."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from decisions import expressions
from decisions.values import Months
from documents.filling import fill
from engine.commands import (
    actors,
    attachments,
    cases,
    certificates,
    delegations,
    incidents,
    jobs,
    messages,
    tasks,
)
from engine.engine import Engine
from engine.errors import EngineError
from engine.transaction import By
from engine.work import printing
from engine.work.founding import FOUNDER
from engine.work.outcome import NOTHING, End, Fault, folded
from engine.work.worker import SYSTEM, work
from processes.procedure import Procedure
from processes.scenario import Scenario, Step

_PAPER = b"%PDF-1.7\n% A paper of a scenario.\n"
_FIRINGS = 5_000  # stops of the clock during one wait
_ORDER = "scénario"  # number of the order of a delegation that names none


class Failed(Exception):
    """The scenario cannot go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


class Clock:
    """Stands still until a wait moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """What time it is in the scenario."""
        return self.moment


class Play:
    """One scenario in progress on a database of its own."""

    def __init__(
        self, engine: Engine, clock: Clock, procedure: Procedure, scenario: Scenario
    ) -> None:
        self._engine, self._clock = engine, clock
        self._procedure, self._scenario = procedure, scenario
        self._hired: dict[str, By] = {}
        self._done: dict[str, list[int]] = {}
        self._reference = ""

    def run(self) -> None:
        """Do every step in order; raises Failed at the first that goes otherwise."""
        for order in self._scenario.delegations:
            self._delegate(order)
        for step in self._scenario.steps:
            if step.verb != "start" and not self._reference:
                raise Failed(Fault(step.place, "no_case", {}))
            self._expected(step)
            if step.verb != "wait":
                self._work(step.place)

    # -- one step --

    def _expected(self, step: Step) -> None:
        """Do a step, and hold what comes of it against what it says."""
        try:
            getattr(self, f"_{step.verb}")(step)
        except EngineError as error:
            told = {"code": error.code, "reason": _reason(error)}
            if not step.refused:
                raise Failed(Fault(step.place, "refused", told)) from error
            if error.code != step.refused:
                told["expected"] = step.refused
                raise Failed(Fault(step.place, "other", told)) from error
            self._fields(step, error)
            return
        if step.refused:
            raise Failed(Fault(step.place, "accepted", {"code": step.refused}))

    def _fields(self, step: Step, error: EngineError) -> None:
        found = sorted({pointer.strip("/") for pointer in error.fields})
        if step.fields is not None and found != sorted(name.strip("/") for name in step.fields):
            told = {"expected": ", ".join(step.fields), "found": ", ".join(found) or NOTHING}
            raise Failed(Fault(step.place, "fields", told)) from error

    def _start(self, step: Step) -> None:
        begun = self._engine.run(
            self._by(step), cases.start, self._procedure.key, dict(step.values),
            self._scenario.office,
        )  # fmt: skip
        self._reference = begun.reference

    def _complete(self, step: Step) -> None:
        task = self._task(step)
        self._engine.run(self._by(step), tasks.complete, task, dict(step.values))
        self._done.setdefault(step.what, []).append(task)

    def _claim(self, step: Step) -> None:
        self._engine.run(self._by(step), tasks.claim, self._task(step))

    def _reopen(self, step: Step) -> None:
        """The last completion of an element that this scenario made."""
        done = self._done.get(step.what)
        if not done:
            told = {"element": step.what, "open": NOTHING}
            raise Failed(Fault(step.place, "no_task", told))
        self._engine.run(self._by(step), tasks.reopen, done[-1], step.more["reason"])

    def _send(self, step: Step) -> None:
        key = str(step.more.get("key", self._reference))
        self._engine.run(self._by(step), messages.send, step.what, key, dict(step.values))

    def _cancel(self, step: Step) -> None:
        self._engine.run(self._by(step), cases.cancel, self._reference, step.what)

    def _rectify(self, step: Step) -> None:
        self._engine.run(
            self._by(step), cases.rectify, self._reference, step.what, step.more["to"],
            step.more["reason"],
        )  # fmt: skip

    def _attach(self, step: Step) -> None:
        self._engine.run(self._by(step), attachments.add, self._reference, step.what, _PAPER)

    # -- people and tasks --

    def _by(self, step: Step) -> By:
        return self._actor(step.by)

    def _actor(self, login: str) -> By:
        """Whoever plays a role; hired in the office of the scenario when first named."""
        if login not in self._hired:
            key, _, number = login.partition(".")
            name = f"{self._procedure.roles[key].lane} {number}".strip()
            self._engine.run(FOUNDER, actors.add, login, name)
            self._engine.run(FOUNDER, actors.grant, login, key, self._scenario.office)
            self._hired[login] = By(login, channel="scenario")
        return self._hired[login]

    def _delegate(self, order: Mapping[str, str]) -> None:
        place, day = "given.delegations", self._scenario.at.date()
        self._actor(order["to"])
        try:
            since = date.fromisoformat(order["since"]) if "since" in order else day
            until = date.fromisoformat(order["until"]) if "until" in order else None
            self._engine.run(
                FOUNDER, delegations.add, order["act"], order["to"], self._scenario.office,
                order.get("order", _ORDER), since, until,
            )  # fmt: skip
        except EngineError as error:
            told = {"code": error.code, "reason": _reason(error)}
            raise Failed(Fault(place, "refused", told)) from error
        except ValueError as error:
            raise Failed(Fault(place, "file", {"reason": str(error)})) from error

    def _task(self, step: Step) -> int:
        """The open task of an element, the nth where several are."""
        found = self._open()
        fit = [task for task, element in found if element == step.what]
        nth = int(step.more["nth"])
        if len(fit) < nth:
            told = ", ".join(element for _, element in found) or NOTHING
            raise Failed(Fault(step.place, "no_task", {"element": step.what, "open": told}))
        return fit[nth - 1]

    def _open(self) -> list[tuple[int, str]]:
        view = self._engine.read(SYSTEM, cases.show, self._reference)
        return [
            (task, self._engine.read(SYSTEM, tasks.show, task).element)
            for task, _, _ in sorted(view.tasks)
        ]

    # -- time --

    def _wait(self, step: Step) -> None:
        """Let time pass as it does beside a running worker: it stops at all that falls due."""
        until = self._moment(step)
        for _ in range(_FIRINGS):
            due = [job.due for job in self._engine.read(SYSTEM, jobs.waiting)]
            if not due or min(due) > until:
                break
            self._clock.moment = max(self._clock.moment, min(due))
            self._work(step.place)
        else:
            raise Failed(Fault(step.place, "endless", {"limit": _FIRINGS}))
        self._clock.moment = until

    def _moment(self, step: Step) -> datetime:
        zone = ZoneInfo(self._engine.settings.time_zone)
        now = self._clock.moment.astimezone(zone)
        until: Any = None
        try:
            until = datetime.fromisoformat(step.what)
        except ValueError:
            found = expressions.compile("duration(text)").evaluate({"text": step.what})
            if isinstance(found, timedelta | Months):
                until = expressions.compile("now + length").evaluate({"now": now, "length": found})
        if not isinstance(until, datetime) or until.tzinfo is None or until < now:
            told = f"{step.what}: write a duration as P3D, or a later moment with its zone"
            raise Failed(Fault(step.place, "file", {"reason": told}))
        return until

    def _work(self, place: str) -> None:
        """Run the worker; a failure stops the scenario, unless it expects an incident."""
        done = work(self._engine)
        if done.put_off and not self._scenario.then.get("incidents"):
            failed = [job for job in self._engine.read(SYSTEM, jobs.waiting) if job.error]
            told = {"kind": failed[0].kind, "reason": failed[0].error}
            raise Failed(Fault(place, "work", told))

    # -- the end --

    def end(self) -> End:
        """All that the database knows of the case now."""
        if not self._reference:
            return End()
        view = self._engine.read(SYSTEM, cases.show, self._reference)
        history = self._engine.read(SYSTEM, cases.history, self._reference)
        outcomes = [event.body.get("outcome", {}) for event in history]
        waiting = self._engine.read(SYSTEM, incidents.listing)
        return End(
            status=view.status,
            tasks=[element for _, element in self._open()],
            walked=[step for outcome in outcomes for step in outcome.get("flows", ())],
            decisions={d[1]: d[2] for outcome in outcomes for d in outcome.get("decisions", ())},
            values=view.values,
            registers=list(self._numbers(outcomes)),
            certificates=self._texts(),
            history=[event.kind for event in history],
            incidents={row.code: row.message for row in waiting},
            differences=self._engine.read(SYSTEM, cases.replay, self._reference).differences,
        )

    def _numbers(self, outcomes: list[Any]) -> Iterator[str]:
        for outcome in outcomes:
            for _, operation, result, _ in outcome.get("replies", ()):
                if operation == "register.take" and result:
                    yield result["number"]
        yield from (row.number for row in self._engine.read(SYSTEM, certificates.listing))

    def _texts(self) -> dict[str, list[str]]:
        """What each certificate says, by kind, in both scripts."""
        found: dict[str, list[str]] = {}
        for row in self._engine.read(SYSTEM, certificates.listing):
            made = self._engine.read(SYSTEM, certificates.material, row.certificate)
            printed = dict(printing.data(made, self._engine.settings.verify_url))
            text = printing.text(fill(made.template, made.files, printed))
            found.setdefault(row.kind, []).append(folded(text))
        return found


def _reason(error: EngineError) -> str:
    """A refusal in English, with the fields and faults that it names."""
    rows = [f"{e['pointer']} {e['code']}" for e in error.details.get("errors", ())]
    return " ".join([error.text(), "; ".join(rows)]).strip()


__all__ = ["Clock", "Failed", "Play"]
