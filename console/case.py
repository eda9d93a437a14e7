"""mouqataa case."""

from typing import Any, TextIO

import click

from console import output
from console.answers import given
from console.context import Face, pass_face


@click.group()
def command() -> None:
    """Cases: start, list, search, show, history, replay, cancel, note."""


@command.command()
@click.argument("procedure")
@click.option("--office", required=True, help="Short name of the office, e.g. MAR.")
@click.option("--data", type=click.File(encoding="utf-8"), help="Answers as JSON; - for stdin.")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="One answer.")
@pass_face
def start(
    face: Face, procedure: str, office: str, data: TextIO | None, pairs: tuple[str, ...]
) -> None:
    """Begin a case with the answers of the procedure's first form.

    Example: mouqataa case start signature_legalisation --office MAR --data demande.json
    """
    from engine.commands import cases

    done = face.run(cases.start, procedure, given(data, pairs), office)
    following = f"  next: mouqataa task complete {done.tasks[0]}" if done.tasks else ""
    face.show(done, f"{done.reference}{following}")


@command.command(name="list")
@click.option("--status", help="open, completed or cancelled.")
@pass_face
def listing(face: Face, status: str | None) -> None:
    """List the newest cases.

    Example: mouqataa case list --status open
    """
    from engine.commands import cases

    face.rows(face.read(cases.listing, status))


@command.command()
@click.argument("text")
@pass_face
def search(face: Face, text: str) -> None:
    """Find cases by reference, name or card number, in either script.

    Example: mouqataa case search bennani
    """
    from engine.commands import cases

    face.rows(face.read(cases.search, text))


@command.command()
@click.argument("reference")
@pass_face
def show(face: Face, reference: str) -> None:
    """Show where a case stands.

    Example: mouqataa case show LEG-MAR-2026-000001
    """
    from engine.commands import cases

    found = face.read(cases.show, reference)
    lines = [f"{found.reference}  {found.procedure} v{found.version}  {found.status}"]
    lines += [f"  {name}: {output.plain(value)}" for name, value in found.values.items()]
    lines += [f"  open task {key}: {name} ({role})" for key, name, role in found.tasks]
    face.show(found, "\n".join(lines))


@command.command()
@click.argument("reference")
@pass_face
def history(face: Face, reference: str) -> None:
    """Print the events of a case.

    Example: mouqataa case history LEG-MAR-2026-000001
    """
    from engine.commands import cases

    events = face.read(cases.history, reference)
    face.show(events, "\n".join(told(event) for event in events))


def told(event: Any) -> str:
    """An event as a line: number, moment, what, who, where the case went."""
    what = event.body.get("task") or event.body.get("reason") or ""
    entered = " > ".join(event.body.get("outcome", {}).get("entered", []))
    moment = event.at.strftime("%Y-%m-%d %H:%M:%S")
    return f"{event.seq:>4}  {moment}  {event.kind:<20} {event.actor:<12} {what} {entered}".rstrip()


@command.command()
@click.argument("reference")
@pass_face
def replay(face: Face, reference: str) -> None:
    """Execute a case again from its history and compare every step; exit 1 on a difference.

    Example: mouqataa case replay LEG-MAR-2026-000001
    """
    from engine.commands import cases

    found = face.read(cases.replay, reference)
    result = "the same" if found.ok else "; ".join(found.differences)
    face.show(found, f"{found.events} events replayed: {result}")
    if not found.ok:
        click.get_current_context().exit(1)


@command.command()
@click.argument("reference")
@click.option("--reason", required=True, help="Why, in a sentence.")
@pass_face
def cancel(face: Face, reference: str, reason: str) -> None:
    """End a case before its time.

    Example: mouqataa case cancel LEG-MAR-2026-000001 --reason "demande retirée"
    """
    from engine.commands import cases

    face.show(face.run(cases.cancel, reference, reason), f"{reference} is cancelled")


@command.command()
@click.argument("reference")
@click.argument("text")
@pass_face
def note(face: Face, reference: str, text: str) -> None:
    """Add a remark to a case.

    Example: mouqataa case note LEG-MAR-2026-000001 "rappelé par téléphone"
    """
    from engine.commands import cases

    face.show(face.run(cases.note, reference, text), f"{reference}: noted")
