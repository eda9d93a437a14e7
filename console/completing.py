"""What the shell may propose for an argument: procedures, offices, cases under way, open tasks.

Proposals come through the engine, as the person who types would see them; where it cannot be
asked, nothing is proposed.
"""

from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

from console.context import Face

_MOST = 50


def _proposed(
    find: Callable[[Face, str], Iterable[tuple[str, str]]],
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    def propose(ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        face = ctx.find_object(Face) or Face()
        try:
            found = list(find(face, typed))
        except Exception:  # noqa: BLE001 (a prompt is no place for errors)
            return []
        return [CompletionItem(v, help=told) for v, told in found if v.startswith(typed)]

    return propose


def _catalogue(_face: Face, _typed: str) -> Iterable[tuple[str, str]]:
    from processes.catalogue import folders

    return [(name, "") for name in folders()]


def _cases(face: Face, _typed: str) -> Iterable[tuple[str, str]]:
    from engine.commands import cases

    return [(row.reference, row.procedure) for row in _rows(face, cases.listing, limit=_MOST)]


def _tasks(face: Face, _typed: str) -> Iterable[tuple[str, str]]:
    from engine.commands import tasks

    return [(str(row.task), row.name) for row in _rows(face, tasks.worklist, limit=_MOST)]


def _offices(face: Face, _typed: str) -> Iterable[tuple[str, str]]:
    from engine.commands import offices

    return [(row.short, row.name_fr) for row in _rows(face, offices.listing)]


def _rows(face: Face, question: Any, **asked: Any) -> Any:
    found = face.read(question, **asked)
    return getattr(found, "items", found)


procedures = _proposed(_catalogue)
references = _proposed(_cases)
tasks = _proposed(_tasks)
offices = _proposed(_offices)
