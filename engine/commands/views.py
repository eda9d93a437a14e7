"""Cases and worklists in the words of their procedures, in the language of who reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from engine.commands import cases, delays, tasks, telling
from engine.commands.pages import Page
from engine.commands.tasks import TaskRow
from engine.store import tables as t
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class CaseTold:
    """A case: its procedure's name, questions with their answers, open tasks with their role, and
    what its clocks are called.

    The values are those of `cases.show`, personal ones opened.
    """

    name: str
    values: tuple[tuple[str, Any], ...]
    tasks: tuple[tuple[int, str, str], ...]
    clocks: Mapping[str, str]


def case(tx: Transaction, reference: str, language: str) -> CaseTold:
    """A case as a person reads it."""
    shown = cases.show(tx, reference)
    version = tx.version(tx.see_case(reference).version_id)
    text = partial(version.bundle.translations.text, language=language)
    lanes = {role.key: role.lane for role in version.bundle.procedure.roles.values()}
    rows = tuple((key, text(name), text(lanes.get(role, role))) for key, name, role in shown.tasks)
    values = telling.values(version, shown.values, text)
    named = delays.names_of(version.bundle, language)
    return CaseTold(text(version.bundle.procedure.name), values, rows, named)


def worklist(tx: Transaction, language: str, mine: bool = False, **asked: Any) -> Page[TaskRow]:
    """The worklist of `tasks.worklist`, the names of its tasks as a person reads them."""
    found = tasks.worklist(tx, mine, **asked)
    references = {row.case for row in found.items}
    rows = tx.store.rows(t.case, t.case.c.reference.in_(references), limit=len(references) or 1)
    told = {row.reference: tx.version(row.version_id).bundle.translations for row in rows}
    items = (replace(r, name=told[r.case].text(r.name, language)) for r in found.items)
    return Page(tuple(items), found.next)
