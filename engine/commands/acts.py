"""What can be done to many at once, and how each act is taken back.

One table: the command that does it to one item, what its items are, what it is given, its inverse.
An act on an item whose undoing finds it otherwise than the act left it is refused: it has moved on.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands import cases, incidents, life, signals, tasks
from engine.errors import EngineError
from engine.permissions import RULES, permitted
from engine.runtime import execution
from engine.runtime.values import unpack
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction, Version

_WORDS = frozenset({"procedure", "version", "office", "element", "since", "until", "refused_of"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What one item is: a case, held; a task or an incident of it; the item that is undone."""

    case: Record | None
    target: int | None = None
    of: Record | None = None

    @property
    def reference(self) -> str:
        """The reference of its case."""
        return str(self.case.reference) if self.case is not None else ""


# Does an act to one item; what it gives is what an undoing needs.
Doing = Callable[[Transaction, Subject, Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Act:
    """How one act is done.

    `on`: what its items are; `command`: whose permission it needs; `takes`: the arguments that it
    must be given; `standing`: in which state a case can be chosen; `words`: by what else;
    `inverse`: the act that undoes it, None where nothing does; `ordered`: whether it is done but
    as the inverse of another.
    """

    on: str
    command: str
    does: Doing
    takes: frozenset[str] = frozenset({"reason"})
    standing: tuple[str, ...] = ()
    words: frozenset[str] = _WORDS
    inverse: str | None = None
    ordered: bool = True


def _cancel(tx: Transaction, item: Subject, given: Mapping[str, Any]) -> None:
    _last_word(item)
    cases.cancel(tx, item.reference, given["reason"])


def _suspend(tx: Transaction, item: Subject, given: Mapping[str, Any]) -> None:
    _last_word(item)
    life.suspend(tx, item.reference, given["reason"])


def _resume(tx: Transaction, item: Subject, given: Mapping[str, Any]) -> None:
    if item.of is not None and item.case is not None and item.case.suspended_at != item.of.at:
        raise _moved_on(item)
    life.resume(tx, item.reference, given["reason"])


def _last_word(item: Subject) -> None:
    """Refuse to undo what is no longer the last thing that happened to a case."""
    if item.of is not None and item.case is not None and item.case.seq != item.of.seq:
        raise _moved_on(item)


def _moved_on(item: Subject) -> EngineError:
    return EngineError("moved_on", case=item.reference)


def _restart(tx: Transaction, item: Subject, given: Mapping[str, Any]) -> None:
    if item.of is None or item.case is None:
        return
    if item.case.ended_at != item.of.at:
        raise _moved_on(item)
    life.restart(tx, item.reference, item.of.seq, given["reason"])


def _retry(tx: Transaction, item: Subject, _given: Mapping[str, Any]) -> None:
    if item.target is not None:
        incidents.retry(tx, item.target)


def _reassign(tx: Transaction, item: Subject, given: Mapping[str, Any]) -> Any:
    task = tx.store.get(t.task, id=item.target)
    to = given.get("to")
    if item.of is not None:
        before = unpack(item.of.before)
        if task.assignee_id != before["to"]:
            raise _moved_on(item)
        had = before["from"]
        to = tx.store.get(t.actor, id=had).login if had is not None else None
    elif "holder" in given and task.assignee_id != _key(tx, given["holder"]):
        raise _moved_on(item)
    tasks.assign(tx, task.id, to)
    return {"from": task.assignee_id, "to": _key(tx, to)}


def _key(tx: Transaction, login: str | None) -> int | None:
    row = tx.store.one(t.actor, login=login) if login is not None else None
    return row.id if row is not None else None


def _rectify(tx: Transaction, item: Subject, given: Mapping[str, Any]) -> Any:
    name, value = given.get("name", ""), given.get("value")
    before = unpack(item.of.before) if item.of is not None else None
    if before is not None:
        name, value = before["name"], before["from"]
    stood = _held(tx, item, name)
    if before is not None and stood != before["to"]:
        raise _moved_on(item)
    cases.rectify(tx, item.reference, name, value, given["reason"])
    if item.case is None:
        return None
    now = Subject(tx.store.case_by_id(item.case.id))
    return {"name": name, "from": stood, "to": _held(tx, now, name)}


def _held(tx: Transaction, item: Subject, name: str) -> Any:
    """The value of a case, which is no personal one."""
    if item.case is None:
        return None
    version = tx.version(item.case.version_id)
    public(version, name)
    return execution.look(version.model, item.case.state).data.get(name)


def public(version: Version, name: str) -> None:
    """Refuse a value that is personal, or holds one: a batch would keep it beyond erasure."""
    form = cases.form_of(version, name)
    inside = form.personal if form is not None else frozenset()
    told = version.bundle.procedure.personal
    if name in told or any(at.split("/")[0] == name for at in inside):
        raise EngineError("personal_value", name=name, procedure=version.procedure)


def given(act: Act, arguments: Mapping[str, Any], needed: Iterable[str]) -> None:
    """Refuse an act that lacks what it must be given."""
    for name in sorted(needed):
        value = arguments.get(name)
        if name == "reason" and not str(value or "").strip():
            raise EngineError("reason_missing", act=act.command)
        if value is None:
            expected = "The act needs it."
            raise EngineError("bad_value", name=name, value="-", expected=expected)


def allowed(tx: Transaction, act: Act) -> None:
    """Refuse whoever may not do to one what is to be done to many."""
    if not permitted(tx.actor, act.command):
        roles = ", ".join(sorted(RULES[act.command]))
        login = tx.actor.login
        raise EngineError("not_permitted", login=login, command=act.command, roles=roles)


def _signal(tx: Transaction, item: Subject, given: Mapping[str, Any]) -> None:
    if item.case is not None:
        signals.receive(tx, item.case, dict(given))


ACTS: Mapping[str, Act] = {
    "cancel": Act("case", "cases.cancel", _cancel, standing=("open", "suspended"),
                  words=_WORDS | {"status"}, inverse="restart"),
    "restart": Act("case", "life.restart", _restart, inverse="cancel", ordered=False),
    "suspend": Act("case", "life.suspend", _suspend, standing=("open",), inverse="resume"),
    "resume": Act("case", "life.resume", _resume, standing=("suspended",), inverse="suspend"),
    "rectify": Act("case", "cases.rectify", _rectify, frozenset({"name", "value", "reason"}),
                   standing=("open",), inverse="rectify"),
    "reassign": Act("task", "tasks.assign", _reassign, frozenset({"to"}),
                    words=_WORDS | {"holder"}, inverse="reassign"),
    "signal": Act("case", "signals.send", _signal, frozenset(), ordered=False),
    "retry": Act("incident", "incidents.retry", _retry, frozenset(), words=_WORDS | {"cause"}),
}  # fmt: skip
