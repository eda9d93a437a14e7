"""Finding cases: lists by where they stand, searches by reference and indexed words."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from engine.store import tables as t
from engine.store.folding import fold
from engine.store.store import Store
from engine.store.types import Record

_LAST = "\U0010ffff"


def cases(
    store: Store,
    offices: Collection[int] | None,
    *,
    text: str | None = None,
    status: str | None = None,
    procedure: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Record]:
    """Cases, newest first, of these offices (None: every one).

    With `text`, those that bear this reference, or whose indexed fields hold a word beginning with
    each word of it, in either script.
    """
    case = t.case.c
    where: list[Any] = [] if offices is None else [case.office_id.in_(sorted(offices))]
    where += [case.status == status] if status else []
    where += [case.procedure == procedure] if procedure else []
    where += [case.id < before] if before is not None else []
    if text is not None:
        named = store.rows(t.case, *where, case.reference == text.strip().upper())
        if named:
            return named
        words = fold(text).split()
        if not words:
            return []
        where += [case.id.in_(_bearing(word)) for word in words]
    return store.rows(t.case, *where, order=[case.id.desc()], limit=limit)


def _bearing(word: str) -> Any:
    field = t.case_field.c
    return select(field.case_id).where(field.token >= word, field.token < word + _LAST)


def certificates(store: Store, offices: Collection[int] | None, limit: int) -> Sequence[Record]:
    """The newest certificates of these offices (None: every one), with the case of each."""
    own = t.certificate.c
    query = (
        select(t.certificate, t.case.c.reference)
        .join(t.case, t.case.c.id == own.case_id)
        .order_by(own.reserved_at.desc(), own.id)
        .limit(limit)
    )
    if offices is not None:
        query = query.where(t.case.c.office_id.in_(sorted(offices)))
    found: Sequence[Record] = store.execute(query).all()
    return found
