"""Actors and what they may do where: add, list, grant, revoke."""

from dataclasses import dataclass
from typing import Any

from engine.commands import duties
from engine.commands.lines import line
from engine.errors import EngineError
from engine.permissions import SYSTEM
from engine.store import tables as t
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An account and its roles, each with the short name of its office."""

    login: str
    name: str
    kind: str
    roles: list[str]


@dataclass(frozen=True, slots=True)
class Account:
    """An account, by its login."""

    login: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role: its key in commands, its name in models."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A role that an actor now holds, or holds no more."""

    login: str
    role: str
    office: str


def add(tx: Transaction, login: str, name: str, name_ar: str = "") -> ActorRow:
    """Register who will act; a login is one word.

    The name in Arabic letters is printed on what they sign.
    """
    login, name = line("login", login, 80), line("name", name, 200)
    arabic = line("name_ar", name_ar, 200) if name_ar else None
    if len(login.split()) > 1:
        raise EngineError("bad_value", name="login", value=login, expected="Write one word.")
    if tx.store.one(t.actor, login=login) is not None:
        raise EngineError("already_exists", what=login)
    tx.store.add(t.actor, login=login, name=name, name_ar=arabic, kind="person", created_at=tx.now)
    return ActorRow(login, name, "person", [])


def listing(tx: Transaction) -> tuple[ActorRow, ...]:
    """Everyone, with their roles."""
    offices = {row.id: row.short for row in tx.store.all(t.office)}
    held: dict[int, list[str]] = {}
    for row in sorted(tx.store.all(t.actor_role, revoked_at=None), key=lambda row: row.id):
        held.setdefault(row.actor_id, []).append(f"{row.role}@{offices[row.office_id]}")
    rows = sorted(tx.store.all(t.actor), key=lambda row: row.login)
    return tuple(ActorRow(r.login, r.name, r.kind, held.get(r.id, [])) for r in rows)


def grant(tx: Transaction, login: str, role: str, office: str) -> Granted:
    """Give a role in an office and all below it; giving it again changes nothing.

    Only an administrator of that office, or of one above, gives and takes roles there.
    """
    actor, place = _found(tx, login, role, office)
    if tx.store.one(t.actor_role, **_grant(actor, role, place)) is None:
        tx.store.add(
            t.actor_role, actor_id=actor, role=role, office_id=place, granted_at=tx.now,
            granted_by=tx.actor.id,
        )  # fmt: skip
    return Granted(login, role, office)


def revoke(tx: Transaction, login: str, role: str, office: str) -> Granted:
    """Take a role in an office back."""
    actor, place = _found(tx, login, role, office)
    held = tx.store.one(t.actor_role, **_grant(actor, role, place))
    if held is not None:
        tx.store.change(t.actor_role, held.id, revoked_at=tx.now, revoked_by=tx.actor.id)
    return Granted(login, role, office)


def disable(tx: Transaction, login: str) -> Account:
    """Close an account; what it did stays in its name.

    Whoever closes it administers every office in which it holds a role.
    """
    row = tx.store.one(t.actor, login=login)
    if row is None:
        raise EngineError("unknown_actor", login=login)
    if login == tx.actor.login or row.kind == SYSTEM:
        raise EngineError("not_permitted", login=tx.actor.login, command="actors.disable",
                          roles="another administrator")  # fmt: skip
    for grant in tx.store.all(t.actor_role, actor_id=row.id, revoked_at=None):
        duties.administers(tx, tx.store.get(t.office, id=grant.office_id))
    tx.store.change(t.actor, row.id, disabled_at=row.disabled_at or tx.now)
    return Account(login)


def roles(tx: Transaction) -> tuple[RoleRow, ...]:
    """Every role: those of the house and those that procedures brought."""
    return tuple(RoleRow(row.key, row.name) for row in tx.store.rows(t.role))


def _grant(actor: int, role: str, office: int) -> dict[str, Any]:
    return {"actor_id": actor, "role": role, "office_id": office, "revoked_at": None}


def _found(tx: Transaction, login: str, role: str, office: str) -> tuple[int, int]:
    actor = tx.store.one(t.actor, login=login)
    place = tx.store.one(t.office, short=office)
    if actor is None:
        raise EngineError("unknown_actor", login=login)
    if place is None:
        raise EngineError("unknown_office", office=office)
    if tx.store.one(t.role, key=role) is None:
        raise EngineError("unknown_role", role=role)
    duties.administers(tx, place)
    return actor.id, place.id
