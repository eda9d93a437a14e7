"""Which items an act on many is done to: named one by one, or by what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands.acts import Act
from engine.errors import EngineError
from engine.store import choosing
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

MOST = 100_000
_TOLD = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """Names, or words that all must fit; of both, or of nothing, there is no selection.

    `names`: references of cases, or numbers of tasks or incidents. `office`: a short name, offices
    below it included. `element`: where the case waits, at an open task, a message or an incident.
    `since` and `until`: when the case was started, the latter moment left out. `cause` is an
    incident's, `holder` a task's: the login of who has it. `refused_of`: what a batch was refused.
    """

    names: tuple[str | int, ...] = ()
    procedure: str | None = None
    version: int | None = None
    status: str | None = None
    office: str | None = None
    element: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    cause: str | None = None
    holder: str | None = None
    refused_of: int | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """The words that were given."""
        words = (n for n in self.__slots__ if n != "names")
        return {name: value for name in words if (value := getattr(self, name)) is not None}


def chosen(tx: Transaction, act: Act, selection: Selection) -> list[Record]:
    """What the selection gives of the offices that the actor sees, in the order of their keys.

    Refused where it gives nothing, more than 100,000, or names what is not there.
    """
    asked = selection.asked
    if bool(asked) == bool(selection.names):
        raise EngineError("nothing_chosen", on=act.on)
    found = _named(tx, act, selection.names) if selection.names else _fitting(tx, act, asked)
    if not found:
        raise EngineError("nothing_chosen", on=act.on)
    if len(found) > MOST:
        raise EngineError("too_many", most=MOST)
    return found


def _named(tx: Transaction, act: Act, names: Sequence[str | int]) -> list[Record]:
    if len(names) > MOST:
        raise EngineError("too_many", most=MOST)
    wanted = dict.fromkeys(names)
    found = list(choosing.named(tx.store, act.on, tx.actor.offices, list(wanted)))
    known = {row.reference if act.on == "case" else row.target for row in found}
    if gone := [str(name) for name in wanted if name not in known]:
        some = ", ".join(gone[:_TOLD]) + (" …" if len(gone) > _TOLD else "")
        raise EngineError("unknown_items", count=len(gone), some=some)
    return found


def _fitting(tx: Transaction, act: Act, asked: dict[str, Any]) -> list[Record]:
    for name in asked.keys() - act.words:
        expected = "This act does not choose by it."
        raise EngineError("bad_value", name=name, value=asked[name], expected=expected)
    if "version" in asked and "procedure" not in asked:
        expected = "Name the procedure too."
        raise EngineError("bad_value", name="version", value=asked["version"], expected=expected)
    if "office" in asked:
        place = tx.store.one(t.office, short=asked["office"])
        if place is None:
            raise EngineError("unknown_office", office=asked["office"])
        asked["office"] = place.path
    if "holder" in asked:
        holder = tx.store.one(t.actor, login=asked["holder"])
        if holder is None:
            raise EngineError("unknown_actor", login=asked["holder"])
        asked["holder"] = holder.id
    offices, most = tx.actor.offices, MOST + 1
    return list(
        choosing.fitting(tx.store, act.on, offices, standing=act.standing, limit=most, **asked)
    )
