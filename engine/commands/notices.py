"""What people are told of, how often, and where they are reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands import duties, pages
from engine.commands.pages import Page
from engine.errors import EngineError
from engine.history.occasions import ACTORS, PACES, PERSONS
from engine.operations import telephony
from engine.operations.letters import mailbox
from engine.permissions import ADMINISTRATOR
from engine.runtime.errors import BusinessError
from engine.settings import CHANNELS, LANGUAGES
from engine.store import tables as t
from engine.store import telling
from engine.store.types import Record
from engine.transaction import Transaction

_NOBODY = "Name a case whose procedure knows its person ([subject] in procedure.toml)."
_NOT_THERE = "a channel whose address is known"


@dataclass(frozen=True, slots=True)
class Preference:
    """At what pace and by which channel somebody is told of a topic.

    `chosen` is false where the pace is the default.
    """

    topic: str
    pace: str
    channel: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Preferred:
    """The topics whose pace was set."""

    topics: list[str]


@dataclass(frozen=True, slots=True)
class Reached:
    """Whose address was set; the answer holds no address."""

    login: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Where an account is reached, in which language, since when the address is known as wrong.

    `channel` is the one by which it is told; None where it has no address.
    """

    login: str
    mail: str | None
    phone: str | None
    channel: str | None
    language: str
    failing_at: datetime | None


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


def show(tx: Transaction, login: str = "", case: str = "") -> tuple[Preference, ...]:
    """How somebody is told of each topic: oneself, another, or the person of a case."""
    whose, usual = _whose(tx, login, case)
    contact = tx.store.one(t.contact, **whose)
    kept = tx.store.all(t.preference, contact_id=contact.id) if contact is not None else []
    chosen = {row.topic: row.pace for row in kept}
    channel = _channel(contact) or CHANNELS[0]
    return tuple(
        Preference(topic, chosen.get(topic, pace), channel, topic in chosen)
        for topic, pace in usual.items()
    )


def prefer(
    tx: Transaction, paces: dict[str, str], login: str = "", case: str = "", channel: str = ""
) -> Preferred:
    """Say at what pace somebody is told of topics (topic -> pace), and by which channel of all."""
    whose, usual = _whose(tx, login, case)
    for topic, pace in paces.items():
        _one_of("topic", topic, tuple(usual))
        _one_of("pace", pace, PACES)
    contact = _contact(tx, whose)
    if channel:
        _by(tx, contact, channel)
    for topic, pace in paces.items():
        values = {"pace": pace, "set_at": tx.now}
        at = {"contact_id": contact, "topic": topic}
        if tx.store.change_at(t.preference, at, **values) == 0:
            tx.store.add(t.preference, **at, **values)
    return Preferred(sorted(paces))


def contact(tx: Transaction, login: str = "") -> Contact:
    """Where an account is reached: one's own, or another's to an administrator."""
    actor = _account(tx, login)
    found = tx.store.one(t.contact, actor_id=actor.id)
    if found is None:
        return Contact(actor.login, None, None, None, LANGUAGES[0], None)
    return Contact(
        actor.login, found.mail, found.phone, _channel(found), found.language, found.failing_at
    )


def reach(
    tx: Transaction, mail: str | None = None, login: str = "", language: str = "",
    phone: str | None = None, country: str = "",
) -> Reached:  # fmt: skip
    """Set the address and the telephone at which an account is told.

    An empty one is taken back, None leaves it. `country` is the calling code of a number that
    begins with 0.
    """
    actor = _account(tx, login)
    changed: dict[str, Any] = {}
    if mail is not None:
        changed |= {"mail": _mailbox(mail) if mail else None, "failing_at": None}
    if phone is not None:
        changed |= {"phone": _number(phone, country) if phone else None, "failing_at": None}
    if language:
        _one_of("language", language, LANGUAGES)
        changed["language"] = language
    key = _contact(tx, {"actor_id": actor.id})
    if changed:
        tx.store.change(t.contact, key, **changed)
    return Reached(actor.login)


def listing(
    tx: Transaction, waiting: bool = False, *, cursor: str | None = None, limit: int = 50
) -> Page[NoticeRow]:
    """The newest notices: one's own; to an administrator of the commune, everyone's."""
    root, whose = tx.store.one(t.office, parent_id=None), None
    if root is None or not tx.actor.holds(ADMINISTRATOR, root.id):
        own = tx.store.one(t.contact, actor_id=tx.actor.id)
        whose = own.id if own is not None else 0
    before = pages.place(cursor, pages.number)[0] if cursor else None
    rows = telling.outbox(
        tx.store, whose, waiting=waiting, before=before, limit=pages.size(limit) + 1
    )
    shown, following = pages.cut(rows, limit, lambda row: (row.id,))
    return Page(
        tuple(
            NoticeRow(r.id, r.topic, r.reference, r.login, r.pace, r.status, r.made_at, r.sent_at)
            for r in shown
        ),
        following,
    )


def _whose(tx: Transaction, login: str, case: str) -> tuple[dict[str, int], Mapping[str, str]]:
    """The column that names somebody's contact, and at what pace such people are told."""
    if not case:
        return {"actor_id": _account(tx, login).id}, ACTORS
    found = tx.see_case(case)
    duties.cares_for(tx, found)
    if found.person_id is None:
        raise EngineError("bad_value", name="case", value=case, expected=_NOBODY)
    return {"person_id": found.person_id}, PERSONS


def _account(tx: Transaction, login: str) -> Record:
    """Oneself; or another, whose offices one administers."""
    actor = tx.store.one(t.actor, login=login or tx.actor.login)
    if actor is None:
        raise EngineError("unknown_actor", login=login)
    if actor.id != tx.actor.id:
        grants = tx.store.all(t.actor_role, actor_id=actor.id, revoked_at=None)
        root = tx.store.get(t.office, parent_id=None)
        for place in {grant.office_id for grant in grants} or {root.id}:
            duties.administers(tx, tx.store.get(t.office, id=place))
    return actor


def _contact(tx: Transaction, whose: Mapping[str, int]) -> int:
    known = tx.store.one(t.contact, **whose)
    if known is not None:
        return int(known.id)
    return int(tx.store.add(t.contact, language=LANGUAGES[0], **whose))


def _channel(contact: Record | None) -> str | None:
    reached = telling.address(contact) if contact is not None else None
    return reached[0] if reached is not None else None


def _by(tx: Transaction, key: int, channel: str) -> None:
    """Tell a contact by this channel from now on; its address must be known."""
    _one_of("channel", channel, CHANNELS)
    held = tx.store.get(t.contact, id=key)
    if (held.phone if channel == "sms" else held.mail) is None:
        raise EngineError("bad_value", name="channel", value=channel, expected=_NOT_THERE)
    if channel != held.channel:
        tx.store.change(t.contact, key, channel=channel, failing_at=None)


def _number(phone: str, country: str) -> str:
    found = telephony.international(phone, country)
    if found is None:
        raise EngineError("bad_value", name="phone", value=phone, expected="+212612345678")
    return found


def _mailbox(mail: str) -> str:
    try:
        return mailbox(mail).addr_spec
    except BusinessError as error:
        example = "nadia@commune.example"
        raise EngineError("bad_value", name="mail", value=mail, expected=example) from error


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise EngineError("bad_value", name=name, value=value, expected=", ".join(known))
