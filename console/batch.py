"""mouqataa batch."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import click

from console import output
from console.answers import given, paged
from console.context import Face, pass_face
from console.group import noun
from console.progress import Progress
from console.selecting import selected, selection
from console.words import COLUMNS

command = noun("batch")
F = TypeVar("F", bound=Callable[..., Any])
_EVERY = 0.5  # seconds between two looks
_reason = click.option("--reason", required=True, help="Why, in a sentence; each history keeps it.")


def ordering(function: F) -> F:
    """Give a verb `--yes`, `--dry-run` and `--wait`."""
    function = click.option("--wait", is_flag=True,
                            help="Stay until it has ended; exit 1 where items were refused.")(
        function
    )  # fmt: skip
    function = click.option("-n", "--dry-run", is_flag=True,
                            help="Try each item and take it back; exit 1 where one is refused.")(
        function
    )  # fmt: skip
    return click.option("--yes", is_flag=True, help="Do not ask for confirmation.")(function)


def _order(face: Face, act: str, arguments: dict[str, Any], asked: dict[str, Any]) -> None:
    from engine.commands import batches

    chosen = selection(face, act in ("reassign", "retry"), asked)
    if asked["dry_run"]:
        _preview(face, act, face.read(batches.chosen, act, chosen, arguments), arguments)
        return
    if not asked["yes"]:
        count = len(face.read(batches.chosen, act, chosen, arguments))
        face.confirm("Order this for {count}?", sure=False, count=count)
    _ordered(face, face.run(batches.create, act, chosen, arguments), asked["wait"])


def _preview(face: Face, act: str, pieces: Any, arguments: dict[str, Any]) -> None:
    from engine.work.batching import preview

    rows = []
    with Progress(face.text("Tried"), len(pieces)) as progress:
        for row in preview(face.engine, face.by, act, pieces, arguments):
            rows.append(row)
            progress.advance(len(rows))
    face.rows(rows, "number case target code reason")
    left = sum(row.code is not None for row in rows)
    face.note("{count} would be done, {left} refused.", count=len(rows) - left, left=left)
    _exit(left)


def _ordered(face: Face, made: Any, wait: bool) -> None:
    from engine.commands import batches

    found = face.read(batches.show, made.batch)
    if wait:
        with Progress(face.text("Batch {batch}", batch=made.batch), made.total) as progress:
            while found.status == "running":
                time.sleep(_EVERY)
                found = face.read(batches.show, made.batch)
                progress.advance(found.done + found.refused)
    sentence = "The batch {batch} of {total} is ordered; the worker does it."
    if found.status != "running":
        sentence = "The batch {batch}: {done} of {total} done, {refused} refused."
    told = face.text(sentence, batch=made.batch, total=found.total, done=found.done,
                     refused=found.refused)  # fmt: skip
    face.done(found, told, f"mouqataa batch show {made.batch}")
    _exit(found.refused if wait else 0)


def _exit(refused: int) -> None:
    if refused:
        click.get_current_context().exit(1)


@command.command()
@selected("status")
@_reason
@ordering
@pass_face
def cancel(face: Face, /, reason: str, **asked: Any) -> None:
    """End many cases before their time.

    Example: mouqataa batch cancel --procedure signature_legalisation --reason "guichet" --dry-run
    """
    _order(face, "cancel", {"reason": reason}, asked)


@command.command()
@selected()
@_reason
@ordering
@pass_face
def suspend(face: Face, /, reason: str, **asked: Any) -> None:
    """Let many cases rest.

    Example: mouqataa batch suspend --office MAR --reason "inondation" --dry-run
    """
    _order(face, "suspend", {"reason": reason}, asked)


@command.command()
@selected()
@_reason
@ordering
@pass_face
def resume(face: Face, /, reason: str, **asked: Any) -> None:
    """Let many suspended cases go on.

    Example: mouqataa batch resume --office MAR --reason "réouverture" --dry-run
    """
    _order(face, "resume", {"reason": reason}, asked)


@command.command()
@selected("cause")
@ordering
@pass_face
def retry(face: Face, /, **asked: Any) -> None:
    """Put the work of many incidents back to be tried again.

    Example: mouqataa batch retry --procedure signature_legalisation --dry-run
    """
    _order(face, "retry", {}, asked)


@command.command()
@selected("holder")
@click.option("--to", required=True, metavar="ACTOR", help="Who has them from now on.")
@ordering
@pass_face
def reassign(face: Face, /, to: str, **asked: Any) -> None:
    """Give many open tasks to a colleague.

    Example: mouqataa batch reassign --office MAR --to nadia --dry-run
    """
    holder = {"holder": asked["holder"]} if asked["holder"] else {}
    _order(face, "reassign", {"to": to, **holder}, asked)


@command.command()
@click.option("--set", "pair", required=True, metavar="NAME=VALUE",
              help="The value that all of them get; no personal one.")  # fmt: skip
@selected()
@_reason
@ordering
@pass_face
def rectify(face: Face, /, pair: str, reason: str, **asked: Any) -> None:
    """Correct a value of many cases.

    Example: mouqataa batch rectify --set copies=2 --office MAR --reason "erreur" --dry-run
    """
    [(name, value)] = given(None, (pair,)).items()
    _order(face, "rectify", {"name": name, "value": value, "reason": reason}, asked)


@command.command()
@click.argument("batch", type=int)
@click.option("--reason", default="", help="Why, in a sentence; a reassignment needs none.")
@ordering
@pass_face
def undo(
    face: Face, /, batch: int, reason: str, yes: bool, dry_run: bool, wait: bool
) -> None:  # fmt: skip
    """Take back what a batch did, where its cases have not moved on since.

    Example: mouqataa batch undo 1 --reason "erreur de liste" --dry-run
    """
    from engine.commands import batches

    arguments = {"reason": reason} if reason else {}
    if dry_run or not yes:
        act, pieces = face.read(batches.undoable, batch, arguments)
        if dry_run:
            _preview(face, act, pieces, arguments)
            return
        face.confirm("Order this for {count}?", sure=False, count=len(pieces))
    _ordered(face, face.run(batches.undo, batch, arguments), wait)


@command.command(name="list")
@paged
@pass_face
def listing(face: Face, limit: int, cursor: str | None) -> None:
    """List batches, the newest first: yours, or all where you administer or audit.

    Example: mouqataa batch list
    """
    from engine.commands import batches

    columns = "id act status by created_at total done refused left"
    face.rows(face.read(batches.listing, limit=limit, cursor=cursor), columns)


@command.command()
@click.argument("batch", type=int)
@pass_face
def show(face: Face, batch: int) -> None:
    """Show how far a batch has come, and why items were refused.

    Example: mouqataa batch show 1
    """
    from engine.commands import batches

    found = face.read(batches.show, batch)
    names = ("id", "act", "status", "by", "created_at", "ended_at", "undoes", "total", "done",
             "refused", "left")  # fmt: skip
    lines = [_line(face, name, getattr(found, name)) for name in names]
    lines += [f"  {code}{face.colon}{many}" for code, many in found.codes.items()]
    face.show(found, lines)


def _line(face: Face, name: str, value: Any) -> str:
    told = output.cell(value, face.words, face.settings.zone)
    if name == "status":
        told = output.state(value, face.words)
    return output.isolated(f"{face.words(COLUMNS[name])}{face.colon}{told}")


@command.command()
@click.argument("batch", type=int)
@click.option("--status", type=click.Choice(["due", "done", "refused"]),
              help="Only items in this state.")  # fmt: skip
@paged
@pass_face
def items(face: Face, batch: int, status: str | None, limit: int, cursor: str | None) -> None:
    """List the items of a batch and what came of each.

    Example: mouqataa batch items 1 --status refused
    """
    from engine.commands import batches

    found = face.read(batches.items, batch, status, limit=limit, cursor=cursor)
    face.rows(found, "number case target status code at")


@command.command()
@click.argument("batch", type=int)
@pass_face
def pause(face: Face, batch: int) -> None:
    """Let a batch rest after the item in hand.

    Example: mouqataa batch pause 1
    """
    from engine.commands import batches

    done = face.run(batches.pause, batch)
    face.done(done, face.text("The batch {batch} rests.", batch=batch),
              f"mouqataa batch continue {batch}")  # fmt: skip


@command.command(name="continue")
@click.argument("batch", type=int)
@pass_face
def go_on(face: Face, batch: int) -> None:
    """Let a paused batch go on.

    Example: mouqataa batch continue 1
    """
    from engine.commands import batches

    done = face.run(batches.resume, batch)
    face.done(done, face.text("The batch {batch} goes on.", batch=batch),
              f"mouqataa batch show {batch}")  # fmt: skip


@command.command()
@click.argument("batch", type=int)
@pass_face
def stop(face: Face, batch: int) -> None:
    """End a batch after the item in hand; what is left is not done.

    Example: mouqataa batch stop 1
    """
    from engine.commands import batches

    done = face.run(batches.stop, batch)
    face.done(done, face.text("The batch {batch} is stopped.", batch=batch),
              f"mouqataa batch items {batch} --status due")  # fmt: skip
