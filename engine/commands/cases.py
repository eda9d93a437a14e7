"""Cases: start, show, list, search, cancel, note, history, replay."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from engine.commands import answering, duties, jobs, pages, people, procedures, steps, telling
from engine.commands.pages import Page
from engine.commands.surroundings import Surroundings, facts
from engine.errors import EngineError
from engine.history import chain, replaying
from engine.runtime import execution
from engine.runtime.world import Wait
from engine.store import finding
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version
from forms.form import Form
from processes.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Started:
    """A case that began: ids only, as an answer that is kept must be."""

    reference: str
    tasks: list[int]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    reference: str
    procedure: str
    status: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Running:
    """A clock of the law: against whom it runs, its last day, and the moment when that is over."""

    clock: str
    each: str
    state: str
    obliged: str
    due: date | None
    effect_at: datetime | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token waits for that comes from elsewhere, or what may be begun.

    `kind` is message, signal, condition or offer; `name` that of the message or signal, or the text
    of the condition; `role` whose an offer is.
    """

    kind: str
    element: str
    label: str
    name: str
    key: str
    role: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its office sees it; personal values are opened.

    `suspended_at`: since when it rests; its tasks are told, nobody can do them before it goes on.
    `failing` is work that failed, `awaited` what others still have to do or to answer; `clocks` are
    those of the law, as they were last dated.
    """

    reference: str
    procedure: str
    version: int
    status: str
    started_at: datetime
    ended_at: datetime | None
    suspended_at: datetime | None
    values: dict[str, Any]
    tasks: tuple[tuple[int, str, str], ...]
    failing: tuple[jobs.Failing, ...]
    awaited: tuple[jobs.Awaited, ...]
    clocks: tuple[Running, ...]
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True)
class EventView:
    """A line of history, told in one language.

    `labels` gives the elements that it names as people call them, each with its role; `answers` are
    the questions that were answered and their answers, `rules` those that fitted in decisions:
    element, number, and the note beside the rule.
    """

    seq: int
    kind: str
    at: datetime
    actor: str
    name: str
    labels: dict[str, tuple[str, str]]
    answers: tuple[tuple[str, Any], ...]
    body: dict[str, Any]
    rules: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that was changed, and how far its history now goes."""

    reference: str
    seq: int


def start(
    tx: Transaction, procedure: str, values: dict[str, Any], office: str, at: str | None = None
) -> Started:
    """Begin a case of a procedure in an office with the answers of its start form.

    `at` is the start event that it begins with, where the procedure has several.
    """
    return begun(tx, procedures.in_effect(tx, procedure), office, values, at)


def begun(
    tx: Transaction, version: Version, office: str, values: dict[str, Any], at: str | None,
    due: datetime | None = None,
) -> Started:  # fmt: skip
    """Begin a case of a version at one of its start events.

    A case that a schedule begins, `due` at a moment, has no answers: nobody is asked.
    """
    place = tx.store.one(t.office, short=office)
    if place is None:
        raise EngineError("unknown_office", office=office)
    _may_start(tx, version.bundle.procedure, place)
    element = _start_of(version, at)
    form = version.form(version.bundle.procedure.start)
    clean = answering.clean(tx, form, values) if due is None else {}
    case = _opened(tx, version, place, people.of(tx, version.bundle.procedure, clean))
    key, reference = case.id, case.reference
    sealed = form.seal(clean, tx.sealer(key, case.person_id, form.indexed))
    for name, value in form.index(clean):
        tx.index(key, name, value)
    step = execution.start(version.model, sealed, Surroundings(tx, case, version), element)
    body: dict[str, Any] = {"values": sealed, "case_facts": facts(case), "zone": tx.facts["zone"]}
    body |= {"version": version.digest} | ({"start": element} if element else {})
    body |= {"due": due} if due is not None else {}
    return Started(reference, steps.apply(tx, case, version, step, "case.started", body))


def _start_of(version: Version, at: str | None) -> str | None:
    """The start event that a case begins with; None where there is but one, or the plain one."""
    starts = version.model.starts
    if at is None and (len(starts) <= 1 or any(s.kind == "none" for s in starts)):
        return None
    if at is None or at not in {s.element for s in starts}:
        expected = f"Name one of its start events: {', '.join(s.element for s in starts)}."
        raise EngineError("bad_value", name="at", value=at or "", expected=expected)
    return at


def _may_start(tx: Transaction, procedure: Procedure, place: Record) -> None:
    """Refuse whoever has no role that may begin this procedure here."""
    named = [role for role in procedure.roles.values() if "start" in role.may]
    roles = named or list(procedure.roles.values())
    if not any(tx.actor.holds(role.key, place.id) for role in roles):
        lanes = ", ".join(role.lane for role in roles)
        raise EngineError("not_your_role", role=lanes, office=place.name_fr)


def _opened(tx: Transaction, version: Version, place: Record, person: int | None) -> Record:
    """The row of a new case, under the next reference of procedure, office and year."""
    code, year = version.bundle.procedure.code, tx.today.year
    number = tx.store.next_number(f"case:{code}", place.id, year)
    reference = f"{tx.mark('-')}{code}-{place.short}-{year}-{number:06d}"
    key = tx.store.add(
        t.case, reference=reference, procedure=version.procedure, version_id=version.id,
        office_id=place.id, person_id=person, status="open", state=b"", seq=0,
        head=chain.genesis(reference), started_at=tx.now, last_at=tx.now,
    )  # fmt: skip
    tx.touched = key
    return tx.store.case_by_id(key)


def show(tx: Transaction, reference: str) -> CaseView:
    """A case: where it stands, what it holds, who must act."""
    case = tx.see_case(reference)
    version = tx.version(case.version_id)
    view = execution.look(version.model, case.state)
    waiting = t.task.c.status.in_(("open", "suspended"))
    tasks = tx.store.rows(t.task, t.task.c.case_id == case.id, waiting)
    return CaseView(
        case.reference, case.procedure, version.number, case.status, case.started_at,
        case.ended_at, case.suspended_at, tx.unseal(case.id, view.data),
        tuple((k.id, k.name, k.role) for k in tasks), jobs.failing(tx, case, view.waits),
        jobs.awaited(tx, case, view.waits), _running(tx, case),
        tuple(_expected(version, view.waits)),
    )  # fmt: skip


def _expected(version: Version, waits: Iterable[Wait]) -> Iterator[Expected]:
    for wait in sorted(waits, key=lambda wait: wait.token):
        if wait.kind not in ("message", "signal", "condition", "offer"):
            continue
        element = version.model.elements[wait.element]
        role = version.bundle.procedure.role_of(element.lane)
        yield Expected(
            wait.kind, wait.element, element.name, wait.name, wait.key,
            role.lane if role is not None else "",
        )  # fmt: skip


def _running(tx: Transaction, case: Record) -> tuple[Running, ...]:
    rows = tx.store.rows(t.clock, t.clock.c.case_id == case.id, order=[t.clock.c.id])
    return tuple(
        Running(row.name, row.each, row.state, row.obliged, row.due, row.effect_at) for row in rows
    )


def listing(
    tx: Transaction, status: str | None = None, *, procedure: str | None = None,
    cursor: str | None = None, limit: int = 50,
) -> Page[CaseRow]:  # fmt: skip
    """The newest cases of the offices that the actor sees."""
    return _page(tx, cursor, limit, status=status, procedure=procedure)


def search(
    tx: Transaction, text: str, *, cursor: str | None = None, limit: int = 50
) -> Page[CaseRow]:
    """Cases by reference, or whose indexed fields hold every word of the text, in either script."""
    return _page(tx, cursor, limit, text=text.replace("\0", " "))


def cancel(tx: Transaction, reference: str, reason: str) -> Changed:
    """End a case before its time, with the reason that its history will keep."""
    case = tx.lock_case(reference)
    duties.cares_for(tx, case)
    if case.ended_at is not None:
        raise EngineError("case_ended", case=reference)
    duties.reasoned(reason, "cases.cancel")
    version = tx.version(case.version_id)
    step = execution.cancel(version.model, case.state, Surroundings(tx, case, version))
    steps.apply(
        tx, case, version, step, "case.cancelled", {"reason": tx.private(case, "reason", reason)}
    )
    return Changed(reference, tx.store.case_by_id(case.id).seq)


def rectify(tx: Transaction, reference: str, name: str, value: Any, reason: str) -> Changed:
    """Correct a value of a running case, with the reason; the case goes on from where it is.

    `value` is checked by the form field that the value came from; an empty one takes it back.
    """
    case = duties.open_case(tx, reference)
    duties.reasoned(reason, "cases.rectify")
    version = tx.version(case.version_id)
    held = execution.look(version.model, case.state).data
    if name not in held:
        raise EngineError("unknown_variable", case=reference, name=name)
    form = form_of(version, name)
    if form is None:
        raise EngineError("unknown_variable", case=reference, name=name)
    clean = answering.one(tx, form, name, value)
    field = t.case_field.c
    inside = field.name.startswith(f"{name}/", autoescape=True)
    tx.store.remove(t.case_field, field.case_id == case.id, (field.name == name) | inside)
    sealed = form.seal(clean, tx.sealer(case.id, case.person_id, form.indexed))
    for pointer, found in form.index(clean):
        tx.index(case.id, pointer, found)
    case = people.corrected(tx, version.bundle.procedure, case, held, {name: clean.get(name)})
    world = Surroundings(tx, case, version)
    step = execution.rectify(version.model, case.state, name, sealed.get(name), world)
    body = {"name": name, "value": sealed.get(name), "reason": tx.private(case, "reason", reason)}
    steps.apply(tx, case, version, step, "case.rectified", body)
    return Changed(reference, tx.store.case_by_id(case.id).seq)


def form_of(version: Version, name: str) -> Form | None:
    """The form of the bundle that asks for a value."""
    names = sorted(file for file in version.bundle.files if file.startswith("forms/"))
    found = (version.form(file) for file in names if file.count("/") == 1)
    return next((form for form in found if name in form.document.get("properties", {})), None)


def note(tx: Transaction, reference: str, text: str) -> Changed:
    """Add a remark to a case.  What is written may name people, so it is kept as personal data."""
    case = duties.work_case(tx, reference)
    if not text.strip():
        raise EngineError("reason_missing", act="cases.note")
    tx.record(case, "case.noted", {"text": tx.private(case, "note", text)})
    return Changed(reference, tx.store.case_by_id(case.id).seq)


def history(tx: Transaction, reference: str, language: str = "fr") -> tuple[EventView, ...]:
    """The events of a case in order, what they name in the language of who reads."""
    case = tx.see_case(reference)
    events, version = tx.history(case.id), tx.version(case.version_id)
    acted = {row.actor_id for row in events}
    accounts = {r.id: r for r in tx.store.rows(t.actor, t.actor.c.id.in_(acted), limit=len(acted))}
    text = partial(version.bundle.translations.text, language=language)
    bodies = tx.unseal(case.id, {"bodies": [chain.decode(row.body) for row in events]})["bodies"]
    views = []
    for row, body in zip(events, bodies, strict=True):
        who = accounts[row.actor_id]
        views.append(
            EventView(
                row.seq, row.kind, row.at, who.login, who.name, telling.labels(version, body, text),
                telling.answers(version, row.kind, body, text), body, telling.rules(body, text),
            )
        )  # fmt: skip
    return tuple(views)


def replay(tx: Transaction, reference: str) -> replaying.Replayed:
    """Execute a case again from its history and compare every step."""
    case = tx.see_case(reference)
    events = tx.events(case.id)
    version = tx.version(case.version_id)
    legal = version.clocks, partial(tx.calendar_dated, case.office_id)
    days = tx.calendar_for(case)
    return replaying.replay(version.model, reference, events, case.head, days, legal)


def _page(tx: Transaction, cursor: str | None, limit: int, **asked: Any) -> Page[CaseRow]:
    before = pages.place(cursor, pages.number)[0] if cursor else None
    rows = finding.cases(
        tx.store, tx.actor.offices, before=before, limit=pages.size(limit) + 1, **asked
    )
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    return Page(
        tuple(CaseRow(r.reference, r.procedure, r.status, r.started_at, r.ended_at) for r in shown),
        following,
    )
