"""mouqataa incident."""

from collections.abc import Callable, Iterator
from typing import Any, TextIO, TypeVar

import click

from console import completing, output
from console.answers import answered, given
from console.context import Face, pass_face
from console.failure import Usage
from console.group import noun
from console.words import COLUMNS

command = noun("incident")
F = TypeVar("F", bound=Callable[..., Any])


def filtered(function: F) -> F:
    """Give a command the filters of incidents."""
    for name, told in (
        ("--cause", "Only those of this cause, as the list by cause names it."),
        ("--case", "Only those of this case."),
        ("--code", "Only those of this sort: job_failed, model_failed."),
    ):
        function = click.option(name, help=told)(function)
    return click.option("--procedure", shell_complete=completing.procedures,
                        help="Only those of this procedure.")(function)  # fmt: skip


@command.command(name="list")
@click.option("--all", "every", is_flag=True, help="Those that were dealt with too.")
@click.option("--by-cause", is_flag=True, help="One line for each cause, the most frequent first.")
@filtered
@pass_face
def listing(face: Face, /, every: bool, by_cause: bool, **asked: str | None) -> None:
    """List what waits for a person, oldest first.

    Example: mouqataa incident list
    Example: mouqataa incident list --by-cause
    """
    from engine.commands import incidents

    if by_cause:
        columns = "cause count procedure element work code message since until"
        face.rows(face.read(incidents.causes, every, **asked), columns)
        return
    columns = "id at procedure case element code message"
    face.rows(face.read(incidents.listing, every, **asked), columns)


@command.command()
@click.argument("incident", type=int)
@pass_face
def show(face: Face, incident: int) -> None:
    """Show an incident with its whole cause: every attempt, when it was made and on what it failed.

    Example: mouqataa incident show 1
    """
    from engine.commands import incidents

    found = face.read(incidents.show, incident)
    face.show(found, _told(found, face))


def _told(found: Any, face: Face) -> Iterator[str]:
    """An incident as a page."""
    cell = output.cell
    names = ("id", "at", "case", "procedure", "element", "work", "code", "cause", "message",
             "resolved_at")  # fmt: skip
    for name in names:
        value = cell(getattr(found, name), face.words, face.settings.zone)
        yield output.isolated(f"{face.words(COLUMNS[name])}{face.colon}{value}")
    for attempt in found.attempts:
        moment = cell(attempt.at, face.words, face.settings.zone)
        what = face.text("attempt {number}", number=attempt.number)
        yield "  " + output.isolated(f"{moment}  {what}{face.colon}{output.safe(attempt.error)}")
    for name, value in found.inputs.items():
        shown = cell(value, face.words, face.settings.zone)
        yield "  " + output.isolated(f"{output.safe(name)} = {shown}")


@command.command()
@click.argument("incident", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="All that wait, or all that the filters leave.")
@filtered
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE",
              help="Another input for the work of one incident; no personal value.")  # fmt: skip
@click.option("-n", "--dry-run", is_flag=True, help="Check only; change nothing.")
@pass_face
def retry(
    face: Face, /, incident: int | None, every: bool, pairs: tuple[str, ...], dry_run: bool,
    **asked: str | None,
) -> None:  # fmt: skip
    """Put the work of one incident, or of many, back to be tried again.

    Example: mouqataa incident retry 1
    Example: mouqataa incident retry --all --procedure signature_legalisation --dry-run
    """
    from engine.commands import incidents

    many = every or any(asked.values())
    if many == (incident is not None) or (many and pairs):
        raise Usage("Name one incident, or several with --all or a filter; --set goes with one.")
    if incident is None:
        _retry_many(face, asked, dry_run)
        return
    act = face.rehearse if dry_run else face.run
    done = act(incidents.retry, incident, given(None, pairs) or None)
    sentence = "The incident {id} will be tried again."
    if dry_run:
        sentence = "The incident {id} would be tried again."
    face.done(done, face.text(sentence, id=incident), "" if dry_run else "mouqataa work --once")


def _retry_many(face: Face, asked: dict[str, str | None], dry_run: bool) -> None:
    from engine.work.settling import retry_many

    done = retry_many(face.engine, face.by, asked, rehearse=dry_run)
    sentence = "{count} will be tried again, {left} cannot be."
    if dry_run:
        sentence = "{count} would be tried again, {left} cannot be."
    counts = {"count": len(done.retried), "left": len(done.refused)}
    face.done(done, face.text(sentence, **counts), "" if dry_run else "mouqataa work --once")
    for refused in done.refused:
        face.note("incident {incident}: {reason}", incident=refused.id, reason=refused.reason)


@command.command()
@click.argument("incident", type=int)
@click.option("--reason", required=True, help="How it was dealt with, in a sentence.")
@pass_face
def resolve(face: Face, incident: int, reason: str) -> None:
    """Close an incident that was dealt with otherwise.

    Example: mouqataa incident resolve 1 --reason "réglé au guichet"
    """
    from engine.commands import incidents

    done = face.run(incidents.resolve, incident, reason)
    face.done(done, face.text("The incident {id} is closed.", id=incident),
              "mouqataa incident list")  # fmt: skip


@command.command()
@click.argument("incident", type=int)
@click.argument("to", metavar="ELEMENT")
@click.option("--reason", required=True, help="Why, in a sentence; the history keeps it.")
@pass_face
def skip(face: Face, incident: int, to: str, reason: str) -> None:
    """Let a case go on past work that failed, to an element that its model allows.

    Example: mouqataa incident skip 1 Signer --reason "cadastre consulté sur place"
    """
    from engine.commands import incidents

    done = face.run(incidents.skip, incident, to, reason)
    face.done(done, face.text("The incident {id} is closed, its case goes on at {to}.",
                              id=incident, to=to), "mouqataa incident list")  # fmt: skip


@command.command()
@click.argument("incident", type=int)
@answered
@click.option("--reason", required=True, help="How the answer is known, in a sentence.")
@pass_face
def answer(
    face: Face, incident: int, data: TextIO | None, pairs: tuple[str, ...], reason: str
) -> None:
    """Answer in the place of a service that cannot: what it would have given.

    Example: mouqataa incident answer 1 --data answer.json --reason "lu au registre papier"
    """
    from engine.commands import incidents

    done = face.run(incidents.answer, incident, given(data, pairs), reason)
    face.done(done, face.text("The incident {id} is closed, its case goes on.", id=incident),
              "mouqataa incident list")  # fmt: skip
