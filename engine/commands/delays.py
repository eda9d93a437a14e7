"""The delays of the law as people see them: why a date is the date, and how offices keep them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mean, median
from typing import Any

from decisions.calendars import Calendar
from decisions.clock import explain, lengths, receipt
from decisions.clock.law import CANCELLED, FILED, Clock
from decisions.clock.result import Key, Result
from decisions.clock.several import evaluate_all
from engine.commands import dating, facts
from engine.errors import EngineError
from engine.history import chain, clocks
from engine.i18n import translate
from engine.runtime.values import unpack
from engine.store import delays as queries
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version
from processes.bundle import Bundle

# What is recorded of every case, in our own words.
_HOUSE = {FILED: "Application filed", CANCELLED: "Case cancelled"}


@dataclass(frozen=True, slots=True)
class FactView:
    """Something that happened: under the event `seq`; `withdrawn` where it was taken back."""

    seq: int
    fact: str
    name: str
    at: datetime
    data: dict[str, Any]
    proof: str | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock of a case at a moment; `name` is what people call it.

    `due` is the last useful day, `effect_at` the moment at which it is over; `remaining` counts
    what `unit` says. `why` tells how the date came about, `receipt` what the applicant is told.
    `ignored` are facts that changed nothing: event, fact, reason.
    """

    clock: str
    name: str
    each: str
    state: str
    obliged: str
    article: str
    start: date | None
    due: date | None
    effect_at: datetime | None
    remaining: int | None
    unit: str
    silence: str
    certified_by: str
    estimated: bool
    late_by: int
    ended_on: date | None
    why: tuple[str, ...]
    receipt: tuple[str, ...]
    ignored: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class ClocksView:
    """The clocks of a case, by a calendar, as of a moment, and the facts that they read."""

    case: str
    as_of: datetime
    calendar: str
    clocks: tuple[ClockView, ...]
    facts: tuple[FactView, ...]


def show(
    tx: Transaction, reference: str, as_of: datetime | None = None, language: str = "fr"
) -> ClocksView:
    """The clocks of a case, each with its reasons, now or as they stood at an earlier moment.

    As of a moment: by the facts that had been recorded, and the calendar that was known.
    """
    case = tx.see_case(reference)
    version = tx.version(case.version_id)
    moment = min(as_of, tx.now) if as_of is not None else tx.now
    results, calendar = standing(tx, case, version, moment)
    names = names_of(version.bundle, language)
    rows = sorted(_known(tx, case, moment), key=lambda r: (r.at, r.seq, r.place))
    return ClocksView(
        case.reference, moment, calendar.digest,
        told(version.clocks, results, calendar, language, names),
        tuple(_fact(row, names) for row in rows),
    )  # fmt: skip


def standing(
    tx: Transaction, case: Record, version: Version, moment: datetime
) -> tuple[dict[Key, Result], Calendar]:
    """The clocks of a case as they stood at a moment, and the days by which they were dated.

    By the facts that had been recorded and the calendar that was known: asked again in ten years,
    the answer is the same.
    """
    calendar = tx.calendar_of(case.office_id, moment)
    rows = [
        row for row in _known(tx, case, moment)
        if row.withdrawn_at is None or row.withdrawn_at > moment
    ]  # fmt: skip
    promised = _promised(tx, case, version, moment)
    found = evaluate_all(version.clocks, facts.of_rows(rows), calendar, moment, promised)
    kept = {(row.name, row.each): row for row in tx.store.all(t.clock, case_id=case.id)}
    return {key: _standing(one, kept, moment) for key, one in found.items()}, calendar


def _promised(tx: Transaction, case: Record, version: Version, moment: datetime) -> dict[Key, date]:
    """The ends that had been told of clocks which never end earlier than that."""
    never = {law.name for law in version.clocks if law.on_revision == "never_earlier"}
    if not any(row.name in never for row in tx.store.all(t.clock, case_id=case.id)):
        return {}
    bodies = (chain.decode(body) for _, body, _ in tx.events(case.id))
    return clocks.promised(never, (body for body in bodies if body["at"] <= moment))


def _known(tx: Transaction, case: Record, moment: datetime) -> list[Record]:
    """The facts that had been recorded by a moment, also those that were withdrawn since."""
    return [row for row in tx.store.all(t.fact, case_id=case.id) if row.recorded_at <= moment]


def _standing(result: Result, kept: Mapping[Any, Record], moment: datetime) -> Result:
    """A clock as it was recorded where it was over by then: no later day dates it again."""
    row = kept.get(result.key)
    if row is None or row.state not in clocks.OVER:
        return result
    found = clocks.restored(unpack(row.result))
    closed = found.effect_at if row.state == "lapsed" else found.ended_at
    return result if closed is None or closed > moment else found


def _fact(row: Record, names: Mapping[str, str]) -> FactView:
    return FactView(
        row.seq, row.kind, names.get(row.kind, row.kind), row.at, unpack(row.data), row.proof,
        row.withdrawn_seq is not None,
    )  # fmt: skip


def names_of(bundle: Bundle, language: str) -> dict[str, str]:
    """What people call the facts, the clocks and the texts of law of a procedure."""
    articles = {row["article"] for rows in bundle.procedure.clocks.values() for row in rows}
    found = {one: one for one in articles}
    found |= {**bundle.procedure.fact_names, **bundle.procedure.clock_names}
    house = {key: translate(name, language) for key, name in _HOUSE.items()}
    return house | {key: bundle.translations.text(name, language) for key, name in found.items()}


def told(
    laws: Sequence[Clock], results: Mapping[Key, Result], calendar: Calendar, language: str,
    names: Mapping[str, str],
) -> tuple[ClockView, ...]:  # fmt: skip
    """Clocks with their reasons in one language; what the applicant is told names the appeal."""
    views = []
    for result in results.values():
        law = dating.in_force(laws, result, calendar)
        why = explain.explain(law, result, calendar, language, names)
        begun: Sequence[str] = ()
        if result.state != "waiting":
            begun = said(laws, results, result, calendar, language, names)
        views.append(_view(law, result, names.get(law.name, law.name), why, begun))
    order = {law.name: number for number, law in enumerate(laws)}
    return tuple(sorted(views, key=lambda view: (order[view.clock], view.each)))


def said(
    laws: Sequence[Clock], results: Mapping[Key, Result], result: Result, calendar: Calendar,
    language: str, names: Mapping[str, str],
) -> list[str]:  # fmt: skip
    """What the applicant is told of one clock, with the appeal that its silence opens."""
    law, appeal = dating.in_force(laws, result, calendar), None
    if law.silence.next:
        opened = results.get((law.silence.next, ""))
        found = opened or Result(law.silence.next)
        appeal = (dating.in_force(laws, found, calendar), opened)
    return receipt.receipt(law, result, calendar, language, names, appeal)


def _view(
    law: Clock, result: Result, name: str, why: Sequence[str], said: Sequence[str]
) -> ClockView:
    ignored = ((one.seq // clocks.PLACES, one.kind, one.reason) for one in result.ignored)
    return ClockView(
        result.clock, name, result.each, result.state, law.obliged, law.article, result.start,
        result.due, result.effect_at, result.remaining, unit(law), law.silence.effect,
        law.silence.certified_by, result.estimated, result.late_by, result.ended_on, tuple(why),
        tuple(said), tuple(ignored),
    )  # fmt: skip


def unit(law: Clock) -> str:
    """What is left of a clock is counted in: seconds, working_days or days."""
    return "seconds" if law.in_hours else lengths.counted(law.length)


@dataclass(frozen=True, slots=True)
class LapsingRow:
    """A clock that will run out: against whom, when, and what silence then means."""

    case: str
    procedure: str
    office: str
    clock: str
    each: str
    state: str
    due: date | None
    effect_at: datetime | None


def lapsing(tx: Transaction, until: date | None = None, limit: int = 50) -> tuple[LapsingRow, ...]:
    """The running clocks of the actor's offices, the nearest end first; `until` a day."""
    rows = queries.lapsing(tx.store, tx.actor.offices, until, limit)
    return tuple(
        LapsingRow(
            row.reference, row.procedure, row.short, row.name, row.each, row.state, row.due,
            row.effect_at,
        )
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportRow:
    """How one clock of a procedure was kept in a period.

    `in_time` were answered within the law, `late` after it, `lapsed` never before it: silence.
    `legal` is the median of counted days that were used, `elapsed` of days on the wall: two
    measures, never mixed. `stopped` is the mean of days that did not count, `stopped_by` how many
    in all by what stopped the clock.
    """

    procedure: str
    clock: str
    each: str
    closed: int
    in_time: int
    late: int
    lapsed: int
    cancelled: int
    legal: float | None
    elapsed: float | None
    stopped: float
    stopped_by: dict[str, int]


def report(
    tx: Transaction, since: date, until: date, procedure: str | None = None
) -> tuple[ReportRow, ...]:
    """How the clocks that were closed in a period were kept, in the actor's offices.

    Closed clocks are as they were when they closed: a later calendar rewrites no year.
    """
    if until < since:
        expected = "The last day comes after the first."
        raise EngineError("bad_value", name="until", value=until.isoformat(), expected=expected)
    rows = queries.closed(tx.store, tx.actor.offices, since, until, procedure)
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for row in rows:
        groups.setdefault((row.procedure, row.name, row.each), []).append(row)
    return tuple(_row(key, found) for key, found in sorted(groups.items()))


def _row(key: tuple[str, str, str], rows: Sequence[Record]) -> ReportRow:
    states = [row.state for row in rows]
    results = [unpack(row.result) for row in rows]
    done = [one for one in results if one["state"] != "cancelled" and one["ended_on"] is not None]
    legal = [one["used"] for one in done if one["used"] is not None]
    elapsed = [_days(one["since"], one["ended_at"]) for one in done]
    lost: Counter[str] = Counter()
    for one in results:
        lost.update(one["stopped_by"])
    answered_late = sum(one["state"] == "lapsed" and one["ended_on"] is not None for one in results)
    return ReportRow(
        *key, len(rows), states.count("ended"), answered_late,
        states.count("lapsed") - answered_late, states.count("cancelled"),
        float(median(legal)) if legal else None, float(median(elapsed)) if elapsed else None,
        round(mean(one["stopped"] for one in results), 1), dict(lost),
    )  # fmt: skip


def _days(since: datetime, until: datetime) -> float:
    return round((until - since).total_seconds() / 86400, 1)
