"""Signals: to every case that waits for them, each once; and cases that begin with them."""

from dataclasses import dataclass
from typing import Any

from engine.commands import answering, letterbox, orders, procedures, steps
from engine.commands.surroundings import Surroundings
from engine.errors import EngineError
from engine.operations import signals
from engine.runtime import execution
from engine.runtime.values import pack, unpack
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version

DELIVERY = "signal.deliver"


@dataclass(frozen=True, slots=True)
class Sent:
    """A signal that was sent: the batch that hands it over, and to how many cases.

    No batch where no case waits; cases may begin with it all the same.
    """

    signal: str
    batch: int | None
    cases: int


@dataclass(frozen=True, slots=True)
class Begun:
    """How many cases a signal begins."""

    cases: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A case that a signal reached, and the tasks that it opened."""

    case: str
    tasks: list[int]


def send(tx: Transaction, name: str, values: dict[str, Any], office: str | None = None) -> Sent:
    """Send a signal to every case of one's offices that waits for it.

    `values` are checked, in each case, by the form of the event that waits; they reach many, so
    none of them may be personal. `office` is where cases begin that the signal starts.
    """
    _public(tx, name, values)
    for version, element in procedures.begun_by_event(tx, "signal", name):
        if not version.bundle.procedure.schedule and office is None:
            expected = f"The signal begins a case of {version.procedure}; say in which office."
            raise EngineError("bad_value", name="office", value="", expected=expected)
        del element
    if office is not None and tx.store.one(t.office, short=office) is None:
        raise EngineError("unknown_office", office=office)
    given = {"signal": name, "payload": values, "from": None, "office": office}
    batch, cases = signals.broadcast(tx, given, by=tx.actor.id)
    return Sent(name, batch, cases)


def _public(tx: Transaction, name: str, values: dict[str, Any]) -> None:
    """Refuse values that a form of those who wait asks as personal: they would go to many."""
    if not values:
        return
    waits = tx.store.rows(
        t.subscription, t.subscription.c.kind == "signal", t.subscription.c.name == name
    )
    cases = {row.case_id: tx.store.case_by_id(row.case_id).version_id for row in waits}
    for row in waits:
        version = tx.version(cases[row.case_id])
        form = version.model.elements[row.element].attributes.get("form")
        told = {at.split("/")[0] for at in version.form(form).personal} if form else set()
        for wrong in sorted(told & values.keys()):
            raise EngineError("personal_value", name=wrong, procedure=version.procedure)


def receive(tx: Transaction, case: Record, given: dict[str, Any]) -> Handed:
    """Hand a signal to a case that is held: to each of its tokens that waits for it.

    At the door of a suspended case it is kept until the case goes on.
    """
    own = {"case_id": case.id, "kind": "signal", "name": given["signal"]}
    found = sorted(tx.store.all(t.subscription, **own), key=lambda row: row.token)
    if not found:
        raise EngineError("nobody_waits", name=given["signal"])
    if case.status == "suspended":
        tx.store.add(
            t.job, kind=DELIVERY, case_id=case.id, token=None, payload=pack(given), status="held",
            due_at=tx.now, attempts=0, lease=0, created_at=tx.now,
        )  # fmt: skip
        return Handed(case.reference, [])
    opened: list[int] = []
    for row in found:
        if tx.store.one(t.subscription, id=row.id) is not None:
            opened += _handed(tx, tx.store.case_by_id(case.id), row, given)
    return Handed(case.reference, opened)


def _handed(tx: Transaction, case: Record, row: Record, given: dict[str, Any]) -> list[int]:
    version = tx.version(case.version_id)
    if given["from"] is not None:
        values = letterbox.of_case(tx, case, given["payload"], given["from"])
    else:
        values = _checked(tx, case, version, row.element, given["payload"])
    world = Surroundings(tx, case, version)
    step = execution.signal(version.model, case.state, row.token, values, world)
    body = {"signal": row.name, "element": row.element, "token": row.token, "values": values}
    return steps.apply(tx, case, version, step, "signal.received", body)


def _checked(
    tx: Transaction, case: Record, version: Version, element: str, values: dict[str, Any]
) -> dict[str, Any]:
    name = version.model.elements[element].attributes.get("form")
    if name is None:
        if values:
            expected = "The event has no form; send the signal without values."
            raise EngineError("bad_value", name="values", value=", ".join(values),
                              expected=expected)  # fmt: skip
        return {}
    form = version.form(name)
    clean = answering.clean(tx, form, values)
    sealed: dict[str, Any] = form.seal(clean, tx.sealer(case.id, case.person_id, form.indexed))
    return sealed


def deliver(tx: Transaction, job: int, lease: int) -> Handed:
    """Hand over what was kept at the door of a suspended case; nothing where it waits no more."""
    case = tx.hold_case(tx.held_job(job, lease).case_id)
    given = unpack(tx.finish_job(job, lease).payload)
    own = {"case_id": case.id, "kind": "signal", "name": given["signal"]}
    if not tx.store.all(t.subscription, **own):
        return Handed(case.reference, [])
    return receive(tx, case, given)


def begin(tx: Transaction, job: int, lease: int) -> Begun:
    """Order the cases that a signal begins, one for each procedure in effect and office."""
    given = unpack(tx.finish_job(job, lease).payload)
    office, origin = given["office"], given["from"]
    if office is None and origin is not None:
        office = tx.store.case_by_id(origin).short
    many = 0
    for version, element in procedures.begun_by_event(tx, "signal", given["signal"]):
        for short in orders.offices(tx, version) or [office]:
            brings = {"payload": given["payload"], "from": origin}
            orders.order(tx, version, element, short, brings)
            many += 1
    return Begun(many)
