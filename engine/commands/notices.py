"""What people are told of, how often, and where they are reached."""

from dataclasses import dataclass
from datetime import datetime

from engine.commands import duties
from engine.errors import EngineError
from engine.history.occasions import ACTORS, PACES
from engine.permissions import ADMINISTRATOR
from engine.settings import LANGUAGES
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

CHANNELS = ("mail",)


@dataclass(frozen=True, slots=True)
class Preference:
    """At what pace an actor is told of a topic; `chosen` is false where it is the default."""

    topic: str
    pace: str
    channel: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Whose address was set; the answer holds no address."""

    login: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice: of what, to whom (the login; none for a person), and whether it was sent."""

    notice: int
    topic: str
    case: str | None
    login: str | None
    pace: str
    status: str
    made_at: datetime
    sent_at: datetime | None


def show(tx: Transaction, login: str = "") -> tuple[Preference, ...]:
    """At what pace an actor is told of each topic: one's own, or another's to an administrator."""
    actor = _whose(tx, login)
    contact = tx.store.one(t.contact, actor_id=actor.id)
    kept = tx.store.all(t.preference, contact_id=contact.id) if contact is not None else []
    chosen = {row.topic: row for row in kept}
    return tuple(
        Preference(topic, chosen[topic].pace, chosen[topic].channel, True)
        if topic in chosen
        else Preference(topic, pace, "mail", False)
        for topic, pace in ACTORS.items()
    )


def prefer(
    tx: Transaction, topic: str, pace: str, login: str = "", channel: str = "mail"
) -> Preference:
    """Say at what pace an actor is told of a topic."""
    _one_of("topic", topic, tuple(ACTORS))
    _one_of("pace", pace, PACES)
    _one_of("channel", channel, CHANNELS)
    contact = _contact(tx, _whose(tx, login))
    values = {"pace": pace, "channel": channel, "set_at": tx.now}
    at = {"contact_id": contact, "topic": topic}
    if tx.store.change_at(t.preference, at, **values) == 0:
        tx.store.add(t.preference, **at, **values)
    return Preference(topic, pace, channel, True)


def reach(tx: Transaction, mail: str, login: str = "", language: str = "") -> Contact:
    """Set the address at which an actor is told; an empty one takes it back."""
    if mail and (mail.count("@") != 1 or len(mail) > 254 or any(c.isspace() for c in mail)):
        raise EngineError("bad_value", name="mail", value=mail, expected="nadia@commune.example")
    if language:
        _one_of("language", language, LANGUAGES)
    actor = _whose(tx, login)
    changed = {"mail": mail or None, "failing_at": None}
    if language:
        changed["language"] = language
    tx.store.change(t.contact, _contact(tx, actor), **changed)
    return Contact(actor.login)


def listing(tx: Transaction, waiting: bool = False, limit: int = 50) -> tuple[NoticeRow, ...]:
    """The newest notices: one's own; to an administrator of the root, everyone's."""
    root = tx.store.one(t.office, parent_id=None)
    where = [t.notice.c.status == "waiting"] if waiting else []
    if root is None or not tx.actor.holds(ADMINISTRATOR, root.id):
        own = tx.store.one(t.contact, actor_id=tx.actor.id)
        where.append(t.notice.c.contact_id == (own.id if own is not None else 0))
    rows = tx.store.rows(t.notice, *where, order=[t.notice.c.id.desc()], limit=limit)
    return tuple(_row(tx, row) for row in rows)


def _row(tx: Transaction, row: Record) -> NoticeRow:
    occasion = tx.store.get(t.occasion, id=row.occasion_id)
    contact = tx.store.get(t.contact, id=row.contact_id)
    actor = tx.store.one(t.actor, id=contact.actor_id) if contact.actor_id else None
    case = tx.store.one(t.case, id=occasion.case_id) if occasion.case_id else None
    return NoticeRow(
        row.id, occasion.topic, case.reference if case is not None else None,
        actor.login if actor is not None else None, row.pace, row.status, row.made_at, row.sent_at,
    )  # fmt: skip


def _whose(tx: Transaction, login: str) -> Record:
    """Oneself; or another, whose offices one administers."""
    actor = tx.store.one(t.actor, login=login or tx.actor.login)
    if actor is None:
        raise EngineError("unknown_actor", login=login)
    if actor.id != tx.actor.id:
        grants = tx.store.all(t.actor_role, actor_id=actor.id, revoked_at=None)
        places = [grant.office_id for grant in grants] or [
            tx.store.get(t.office, parent_id=None).id
        ]
        for place in places:
            duties.administers(tx, tx.store.get(t.office, id=place))
    return actor


def _contact(tx: Transaction, actor: Record) -> int:
    known = tx.store.one(t.contact, actor_id=actor.id)
    if known is not None:
        return int(known.id)
    return int(tx.store.add(t.contact, actor_id=actor.id, language=LANGUAGES[0]))


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise EngineError("bad_value", name=name, value=value, expected=", ".join(known))
