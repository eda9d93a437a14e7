"""Dating the clocks of a case: whenever something happened that they name, and when one runs out.

A clock's answer depends on the facts of its case and on the days of its office alone, never on when
it is asked. So every command that records a fact dates the clocks anew in its own transaction, and
what they say next (an end, a reminder) stands on the case as `settle_at`: no command does anything
later before that was said (`clocks.settle`). A lapse is recorded once and stays.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from decisions.calendars import Calendar
from decisions.clock import measures
from decisions.clock.explain import explain
from decisions.clock.law import Clock, Fact
from decisions.clock.reminders import reminder, reminders
from decisions.clock.result import Key, Result
from decisions.clock.run import holds
from decisions.clock.several import evaluate_all, lapse
from engine.commands import facts
from engine.commands.facts import Happened
from engine.history import clocks
from engine.history.invariants import CLOCKS
from engine.runtime.values import pack, unpack
from engine.runtime.world import Step
from engine.store import tables as t
from engine.store import trouble, worklist
from engine.store.types import Record
from engine.transaction import Transaction, Version


def follow(tx: Transaction, case: Record, version: Version, step: Step, found: Happened) -> None:
    """Keep the facts of a step that was recorded, and date the clocks where it touches them."""
    if not version.clocks:
        return
    facts.keep(tx, case, case.seq + 1, found)
    waits = any(wait.kind == "clock" for wait in (*step.opened, *step.closed))
    if found.facts or waits or case.status == "suspended":
        date_anew(tx, case.id, version, tx.settling or tx.now)


def in_force(clocks: Sequence[Clock], result: Result, calendar: Calendar) -> Clock:
    """The clock of this name that was in force when it started; the newest where it has not."""
    named = [clock for clock in clocks if clock.name == result.clock]
    if result.since is not None:
        day = calendar.local_date(result.since)
        return next((clock for clock in named if holds(clock, day)), named[-1])
    return named[-1]


def date_anew(
    tx: Transaction, case_id: int, version: Version, moment: datetime, *,
    cause: str = "fact", everything: bool = False,
) -> list[tuple[Record, datetime]]:  # fmt: skip
    """Date the clocks of a case as of a moment, and note what changed and what comes next.

    Those that are over stay as they are; `everything` dates the ended again, but never the lapsed.
    The answer are the tokens whose clock has said something by then, the first first.
    """
    case = tx.store.case_by_id(case_id)
    dating = _Dating(tx, case, version, moment, cause)
    fixed = clocks.OVER if not everything else ("lapsed",)
    for result in dating.results(fixed):
        dating.keep(result)
    dating.answered_late()
    dating.plan()
    return [(wait, at) for wait, at in dating.reached() if at <= moment]


class _Dating:
    """One dating of the clocks of a case."""

    def __init__(
        self, tx: Transaction, case: Record, version: Version, moment: datetime, cause: str
    ) -> None:
        self.tx, self.case, self.version = tx, case, version
        self.moment, self.cause = moment, cause
        self.rows = {(row.name, row.each): row for row in tx.store.all(t.clock, case_id=case.id)}
        self.now: dict[Key, Result] = {}

    @cached_property
    def calendar(self) -> Calendar:
        """The days of the case's office, as they are known now."""
        return self.tx.calendar_of(self.case.office_id)

    @cached_property
    def known(self) -> Sequence[Fact]:
        """What happened in the case."""
        return facts.known(self.tx, self.case.id)

    @cached_property
    def waits(self) -> Sequence[Record]:
        """The tokens that wait for clocks."""
        return self.tx.store.all(t.clock_wait, case_id=self.case.id)

    def answered_late(self) -> None:
        """Note on a clock that has lapsed that an act came after all, and by how much too late."""
        for row in self.rows.values():
            if row.state != "lapsed" or (kept := unpack(row.result))["ended_on"] is not None:
                continue
            stops = {k for c in self.version.clocks if c.name == row.name for k in c.stop}
            since = (row.effect_at, self.moment)
            late = [f.at for f in self.known if f.kind in stops and since[0] <= f.at <= since[1]]
            if late:
                on = self.calendar.local_date(min(late))
                by = {"ended_on": clocks.text(on), "ended_at": min(late)}
                by["late_by"] = (on - row.due).days
                self.tx.store.change(t.clock, row.id, result=pack(kept | by))

    def results(self, fixed: Sequence[str]) -> list[Result]:
        """What every clock says that may change; those that lapsed long ago first."""
        over = {key for key, row in self.rows.items() if row.state in fixed}
        laws = [c for c in self.version.clocks if c.each or (c.name, "") not in over]
        never = {c.name for c in laws if c.on_revision == "never_earlier"}
        promised = {
            key: row.due
            for key, row in self.rows.items()
            if row.state == "running" and row.due is not None and key[0] in never
        }
        found = evaluate_all(laws, self.known, self.calendar, self.moment, promised)
        self.now = {key: result for key, result in found.items() if key not in over}
        return sorted(self.now.values(), key=lambda r: (r.effect_at is None, r.effect_at, r.key))

    def keep(self, result: Result) -> None:
        """Write a clock down where it says something new, with the event that tells it."""
        row = self.rows.get(result.key)
        before = unpack(row.result) if row is not None else {}
        law = self.law(result)
        said = clocks.summary(result, measures.used(law, result, self.calendar))
        if before == said or (row is None and result.state == "waiting"):
            return
        self._tell(result, before, row)
        columns = {
            "state": result.state, "start": result.start, "due": result.due,
            "effect_at": result.effect_at, "calendar": self.calendar.digest,
            "result": pack(said), "version_id": self.version.id,
        }  # fmt: skip
        if result.state in clocks.OVER:
            columns["closed_on"] = result.due if result.state == "lapsed" else result.ended_on
        if result.state == "lapsed":
            columns["lapse_seq"] = self.case.seq
        if row is not None:
            self.tx.store.change(t.clock, row.id, **columns)
            return
        self.tx.store.add(
            t.clock, case_id=self.case.id, name=result.clock, each=result.each,
            office_id=self.case.office_id, obliged=law.obliged, reminded="", **columns,
        )  # fmt: skip

    def law(self, result: Result) -> Clock:
        """The clock that a result is of."""
        return in_force(self.version.clocks, result, self.calendar)

    def _tell(self, result: Result, before: Mapping[str, Any], row: Record | None) -> None:
        kind = clocks.change(result, before)
        body: dict[str, Any] = {
            **clocks.plain(result), "moment": self.moment, "calendar": self.calendar.digest,
        }  # fmt: skip
        if kind == "clock.moved":
            days = row is not None and row.calendar != self.calendar.digest
            cause = "calendar" if days else self.cause
            body |= {"from": before.get("due"), "cause": cause}
        if kind == "clock.lapsed":
            body |= self._lapse(result)
        self._record(kind, body)
        if kind == "clock.lapsed":
            self._lapsed(result)

    def _record(self, kind: str, body: Mapping[str, Any]) -> None:
        self.tx.record(self.case, kind, body)
        self.case = self.tx.store.case_by_id(self.case.id)

    def _lapse(self, result: Result) -> dict[str, Any]:
        """What the record of a lapse says besides: the day it bears in law, and why it is that."""
        law = self.law(result)
        return {
            "legal_date": clocks.text(self._dated(law, result)), "silence": law.silence.effect,
            "article": law.article, "explanation": explain(law, result, self.calendar, "fr"),
        }  # fmt: skip

    def _dated(self, law: Clock, result: Result) -> date:
        assert result.due is not None  # noqa: S101 - it lapsed
        assert result.effect_at is not None  # noqa: S101 - it lapsed
        if law.silence.dated == "day_after":
            return self.calendar.local_date(result.effect_at)
        return result.due

    def _lapsed(self, result: Result) -> None:
        """Keep a lapse as a fact for the clocks that it starts; say so where nobody hears it."""
        law = self.law(result)
        assert result.effect_at is not None  # noqa: S101 - it lapsed
        made = lapse(law, result.effect_at, result.each)
        facts.keep(self.tx, self.case, self.case.seq, Happened((made,), {}))
        heard = any((w.name, w.each) == result.key and not w.reminder for w in self.waits)
        if law.silence.effect != "none" and not heard:
            effect = law.silence.effect
            told = f"the clock {law.name} has run out, and nobody waited for it; in law: {effect}"
            ask(self.tx, self.case, self.version, "clock_lapsed_unheard", law.name, told)
            self.case = self.tx.store.case_by_id(self.case.id)

    # -- what comes next --

    def plan(self) -> None:
        """Record the reminders that are due, and set when the case is dated again."""
        running = [result for result in self.now.values() if result.state == "running"]
        moments = [result.effect_at for result in running]
        moments += [self._remind(result) for result in running]
        if self.case.status != "suspended":
            moments += [at for _, at in self.reached()]
        settle_at = min((at for at in moments if at is not None), default=None)
        against = [
            (result.effect_at, result.clock)
            for result in running
            if result.effect_at is not None and self.law(result).obliged != "applicant"
        ]
        lapses_at, name = min(against, default=(None, None))
        if (lapses_at, name) != (self.case.lapses_at, self.case.lapse_clock):
            worklist.rank(self.tx.store, self.case.id, lapses_at)
        self.tx.store.change(
            t.case, self.case.id, settle_at=settle_at, lapses_at=lapses_at, lapse_clock=name
        )
        if settle_at != self.case.settle_at:
            self._schedule(settle_at)

    def _remind(self, result: Result) -> datetime | None:
        """Say the reminders of a clock whose day has come; when the next is to be said."""
        law = self.law(result)
        if not law.reminders:
            return None
        row = self.tx.store.get(t.clock, case_id=self.case.id, name=result.clock, each=result.each)
        said = row.reminded.split(";") if row.reminded else []
        for text, day in reminders(law, result, self.calendar):
            if text in said:
                continue
            if (at := self._begins(day)) > self.moment:
                return at
            said.append(text)
            body = {"clock": result.clock, "each": result.each, "reminder": text, "moment": at}
            self._record("clock.reminded", body)
            self.tx.store.change(t.clock, row.id, reminded=";".join(said))
        return None

    def reached(self) -> list[tuple[Record, datetime]]:
        """The tokens whose clock says something, and when, the first first."""
        found = [
            (wait, at)
            for wait in self.waits
            if wait.failed_at is None and (at := self._due(wait)) is not None
        ]
        return sorted(found, key=lambda one: (one[1], one[0].token))

    def _due(self, wait: Record) -> datetime | None:
        key = (wait.name, wait.each)
        result, row = self.now.get(key), self.rows.get(key)
        if result is None:  # it is over, and was when this dating began
            ended = row is not None and row.state == "lapsed" and not wait.reminder
            return row.effect_at if row is not None and ended else None
        if not wait.reminder:
            return result.effect_at if result.state in ("running", "lapsed") else None
        if result.state != "running":
            return None
        day = reminder(wait.reminder, self.law(result), result, self.calendar)
        return self._begins(day) if day is not None else None

    def _begins(self, day: date) -> datetime:
        return self.calendar.midnight_after(day - timedelta(days=1))

    def _schedule(self, settle_at: datetime | None) -> None:
        """One job a case, at the moment when its clocks have something to say."""
        own = {"case_id": self.case.id, "kind": CLOCKS}
        status = "completed" if settle_at is None else "due"
        due = {} if settle_at is None else {"due_at": settle_at}
        free = {"leased_until": None, "owner": None, "attempts": 0, "retry_at": None}
        if self.tx.store.change_at(t.job, own, status=status, **due, **free):
            self.tx.store.wake()
        elif settle_at is not None:
            self.tx.store.add(
                t.job, **own, payload=pack({"case": self.case.id}), status="due", due_at=settle_at,
                attempts=0, lease=0, created_at=self.tx.now,
            )  # fmt: skip


def dispute(tx: Transaction, case: Record, version: Version, row: Record) -> None:
    """Ask a person about a lapse that would not have come by what is known now; once."""
    open_one = {"case_id": case.id, "code": "clock_lapse_disputed", "resolved_at": None}
    if any(found.element == row.name for found in tx.store.all(t.incident, **open_one)):
        return
    told = f"by the days as they are known now, the clock {row.name} {row.each}".rstrip()
    told += f" would not have run out on {row.due}: its effect is to be confirmed or withdrawn"
    ask(tx, case, version, "clock_lapse_disputed", row.name, told)


def ask(tx: Transaction, case: Record, version: Version, code: str, clock: str, told: str) -> None:
    """Ask a person: an incident about a clock, in the list of them and in the case's history."""
    key = trouble.incident(
        tx.store, at=tx.now, code=code, version=version.id, case=case.id, element=clock,
        message=told, work=CLOCKS,
    )  # fmt: skip
    tx.record(case, "incident.raised", {"incident": key, "code": code, "work": CLOCKS})


def misdated(tx: Transaction, case: Record, version: Version) -> list[tuple[str, str, str]]:
    """The clocks that stand otherwise than their facts say: name, as it is kept, as it is counted.

    A case that is still to be settled says so itself; a clock that was dated by other days is still
    to be dated by these; what is over stays as it was.
    """
    if case.settle_at is not None and case.settle_at <= tx.now:
        return []
    dating = _Dating(tx, case, version, tx.now, "")
    wrong = []
    for result in dating.results(clocks.OVER):
        row = dating.rows.get(result.key)
        kept: dict[str, Any] = unpack(row.result) if row is not None else {"state": "waiting"}
        days = row.calendar if row is not None else dating.calendar.digest
        if days != dating.calendar.digest:
            continue
        if row is None and result.state == "waiting":
            continue
        used: int | None = kept.get("used")
        again = clocks.summary(result, used)
        if again != kept:
            wrong.append((result.clock, clocks.said(kept), clocks.said(again)))
    return wrong


def disputed(tx: Transaction, case: Record, version: Version) -> list[Record]:
    """The clocks whose lapse is recorded, and would not have come by what is known now."""
    dating = _Dating(tx, case, version, tx.now, "")
    dating.results(())
    return [
        row
        for key, row in dating.rows.items()
        if row.state == "lapsed"
        and (key not in dating.now or dating.now[key].state != "lapsed"
             or dating.now[key].effect_at != row.effect_at)
    ]  # fmt: skip
