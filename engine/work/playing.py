"""Playing one scenario: real commands by hired actors, a clock that waits move, the real worker."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

from decisions.errors import DecisionError
from engine.commands import (
    actors,
    attachments,
    cases,
    clocks,
    delays,
    delegations,
    externals,
    jobs,
    messages,
    tasks,
)
from engine.engine import Engine
from engine.errors import EngineError
from engine.runtime.timers import Timer, first_due
from engine.transaction import By
from engine.work.ending import open_tasks
from engine.work.founding import FOUNDER
from engine.work.given import Outside
from engine.work.outcome import NOTHING, Fault, differs, same
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
        self, engine: Engine, clock: Clock, zone: ZoneInfo, procedure: Procedure, story: Scenario
    ) -> None:
        self._engine, self._time, self._zone = engine, clock, zone
        self._procedure, self._scenario = procedure, story
        self._outside = Outside(engine, zone, story.answers)
        self._hired: dict[str, By] = {}
        self._done: dict[str, list[int]] = {}
        self.reference = ""  # of the case, once it has begun

    def run(self) -> None:
        """Do every step in order; raises Failed at the first that goes otherwise."""
        for order in self._scenario.delegations:
            self._delegate(order)
        for step in self._scenario.steps:
            if step.verb != "start" and not self.reference:
                raise Failed(Fault(step.place, "no_case", {}))
            self._expected(step)
            if step.verb not in ("wait", "clock"):
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
        self.reference = begun.reference

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
        done.pop()

    def _send(self, step: Step) -> None:
        key = str(step.more.get("key", self.reference))
        self._engine.run(self._by(step), messages.send, step.what, key, dict(step.values))

    def _cancel(self, step: Step) -> None:
        self._engine.run(self._by(step), cases.cancel, self.reference, step.what)

    def _rectify(self, step: Step) -> None:
        self._engine.run(
            self._by(step), cases.rectify, self.reference, step.what, step.more["to"],
            step.more["reason"],
        )  # fmt: skip

    def _attach(self, step: Step) -> None:
        self._engine.run(self._by(step), attachments.add, self.reference, step.what, _PAPER)

    def _record(self, step: Step) -> None:
        """A fact of the law by hand; `proof` is the kind of a paper that is attached with it."""
        by, at = self._by(step), step.more.get("at")
        proof = step.more.get("proof")
        if proof is not None:
            paper = self._engine.run(by, attachments.add, self.reference, proof, _PAPER)
            proof = paper.attachment
        self._engine.run(
            by, clocks.record, self.reference, step.what, step.more["reason"],
            at=datetime.fromisoformat(at) if at is not None else None, data=dict(step.values),
            proof=proof,
        )  # fmt: skip

    def _clock(self, step: Step) -> None:
        """What a clock of the law says now."""
        each = str(step.more.get("each", ""))
        view = self._engine.read(SYSTEM, delays.show, self.reference)
        found = [one for one in view.clocks if (one.clock, one.each) == (step.what, each)]
        if not found:
            known = ", ".join(f"{one.clock} {one.each}".strip() for one in view.clocks) or NOTHING
            raise Failed(differs(step.place, f"{step.what} {each}".strip(), known))
        for name in ("state", "due", "remaining", "late_by"):
            said = getattr(found[0], name)
            if name in step.more and not same(step.more[name], said):
                raise Failed(differs(f"{step.place}.{name}", step.more[name], said))

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
        place, day = "given.delegations", self._scenario.at.astimezone(self._zone).date()
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
        found = open_tasks(self._engine, self.reference)
        fit = [task for task, element in found if element == step.what]
        nth = int(step.more["nth"])
        if len(fit) < nth:
            told = ", ".join(element for _, element in found) or NOTHING
            raise Failed(Fault(step.place, "no_task", {"element": step.what, "open": told}))
        return fit[nth - 1]

    # -- time --

    def _wait(self, step: Step) -> None:
        """Let time pass as it does beside a running worker: it stops at all that falls due."""
        until = self._moment(step)
        if step.more.get("worker") is False:  # nobody is there to see what falls due
            self._time.moment = until
            return
        for _ in range(_FIRINGS):
            due = [job.due for job in self._engine.read(SYSTEM, jobs.waiting)]
            due += [row.due for row in self._engine.read(SYSTEM, externals.listing)]
            if not due or min(due) > until:
                break
            self._time.moment = max(self._time.moment, min(due))
            self._work(step.place)
        else:
            raise Failed(Fault(step.place, "endless", {"limit": _FIRINGS}))
        self._time.moment = until

    def _moment(self, step: Step) -> datetime:
        """When a wait ends; a duration counts as that of a timer does."""
        kind, until = "timeDuration" if step.what.startswith("P") else "timeDate", None
        with suppress(DecisionError):
            timer = Timer.read(kind, step.what)
            if timer.literal is not None:
                until = first_due(timer, None, self._time.moment, self._zone, "wait")
        if until is None or until < self._time.moment:
            told = f"{step.what}: write a duration as P3D, or a moment that is still to come"
            raise Failed(Fault(step.place, "file", {"reason": told}))
        return until

    def _work(self, place: str) -> None:
        """Run the worker; a failure stops the scenario, unless it expects an incident."""
        work(self._engine, doing=self._outside.doing)
        while self._outside.fetch():
            work(self._engine, doing=self._outside.doing)
        if self._outside.wrong is not None:
            raise Failed(self._outside.wrong)
        failed = [job for job in self._engine.read(SYSTEM, jobs.waiting) if job.error]
        if failed and not self._scenario.then.get("incidents"):
            told = {"kind": failed[0].kind, "reason": failed[0].error}
            raise Failed(Fault(place, "work", told))


def _reason(error: EngineError) -> str:
    """A refusal in English, with the fields and faults that it names."""
    rows = [f"{e['pointer']} {e['code']}" for e in error.details.get("errors", ())]
    return " ".join([error.text(), "; ".join(rows)]).strip()
