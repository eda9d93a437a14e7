"""mouqataa case."""

from typing import BinaryIO, TextIO

import click

from console import completing, story
from console.answers import answered, given, paged
from console.context import Face, pass_face
from console.failure import Usage
from console.group import noun

command = noun("case")
_COLUMNS = "reference procedure status started_at ended_at"


@command.command()
@click.argument("procedure", shell_complete=completing.procedures)
@click.option("--office", shell_complete=completing.offices,
              help="Short name of the office; default: yours, where you work at one.")  # fmt: skip
@click.option("--at", metavar="ELEMENT", help="The start event, where there are several.")
@answered
@pass_face
def start(
    face: Face, procedure: str, office: str | None, at: str | None, data: TextIO | None,
    pairs: tuple[str, ...],
) -> None:  # fmt: skip
    """Begin a case with the answers of the procedure's first form; they are asked if not given.

    Example: mouqataa case start signature_legalisation --office MAR --data application.json
    """
    from engine.commands import cases, wording

    own = _offices(face)
    office = office or _only(own)
    # Who works elsewhere is refused at once, and not after the last question.
    asked = data is None and not pairs and face.asks and office in own
    form = face.read(wording.procedure, procedure, face.language).form if asked or pairs else None
    values = given(data, pairs, form)
    if asked and form:
        from console.asking import answers

        values = answers(face, form, values)
    done = face.run(cases.start, procedure, values, office, at)
    following = f"mouqataa task show {done.tasks[0]}" if done.tasks else ""
    face.done(done, face.text("Case {reference} has begun.", reference=done.reference), following)


def _offices(face: Face) -> list[str]:
    from engine.commands import offices

    return [row.short for row in face.read(offices.mine)]


def _only(own: list[str]) -> str:
    """The office of who works at one; others must name it."""
    if len(own) != 1:
        remedy = "See them with: mouqataa office list"
        if own:
            remedy = "You work at these: {offices}"
        raise Usage("{name} is missing.", remedy, name="--office", offices=", ".join(own))
    return own[0]


@command.command(name="list")
@click.option("--status", type=click.Choice(["open", "suspended", "completed", "cancelled"]),
              help="Only cases in this state.")  # fmt: skip
@click.option("--procedure", shell_complete=completing.procedures,
              help="Only cases of this procedure.")  # fmt: skip
@paged
@pass_face
def listing(
    face: Face, status: str | None, procedure: str | None, limit: int, cursor: str | None
) -> None:
    """List the cases of your offices, newest first.

    Example: mouqataa case list --status open
    """
    from engine.commands import cases

    found = face.read(cases.listing, status, procedure=procedure, limit=limit, cursor=cursor)
    face.rows(found, _COLUMNS)


@command.command()
@click.argument("text")
@paged
@pass_face
def search(face: Face, text: str, limit: int, cursor: str | None) -> None:
    """Find cases by reference, name or card number, in either script.

    Example: mouqataa case search bennani
    """
    from engine.commands import cases

    face.rows(face.read(cases.search, text, limit=limit, cursor=cursor), _COLUMNS)


@command.command()
@click.argument("reference", shell_complete=completing.references)
@pass_face
def show(face: Face, reference: str) -> None:
    """Show where a case stands and what it holds.

    Example: mouqataa case show SPECIMEN-LEG-MAR-2026-000001
    """
    from engine.commands import cases, views

    found = face.read(cases.show, reference)
    worded = None if face.choices.json else face.read(views.case, reference, face.language)
    face.show(found, story.standing(found, worded, face))


@command.command()
@click.argument("reference", shell_complete=completing.references)
@pass_face
def history(face: Face, reference: str) -> None:
    """Tell what happened in a case, event by event.

    Example: mouqataa case history SPECIMEN-LEG-MAR-2026-000001
    """
    from engine.commands import cases

    events = face.read(cases.history, reference, "fr" if face.choices.json else face.language)
    face.show({"items": events, "next": None}, (story.told(event, face) for event in events))


@command.command()
@click.argument("reference", shell_complete=completing.references)
@pass_face
def replay(face: Face, reference: str) -> None:
    """Execute a case again from its history and compare every step; exit 1 on a difference.

    Example: mouqataa case replay SPECIMEN-LEG-MAR-2026-000001
    """
    from engine.commands import cases

    found = face.read(cases.replay, reference)
    lines = [face.text("{count} events executed again.", count=found.events)]
    lines += [f"  {difference}" for difference in found.differences]
    lines += [face.text("The history is whole and every step gives the same.")] * found.ok
    face.show({"reference": reference, "ok": found.ok, **vars_of(found)}, lines)
    if not found.ok:
        click.get_current_context().exit(1)


def vars_of(found: object) -> dict[str, object]:
    """The fields of a dataclass."""
    from dataclasses import asdict

    return asdict(found)  # type: ignore[call-overload, no-any-return]


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.option("--reason", required=True, help="Why, in a sentence; the history keeps it.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("-n", "--dry-run", is_flag=True, help="Check only; change nothing.")
@pass_face
def cancel(face: Face, reference: str, reason: str, yes: bool, dry_run: bool) -> None:
    """End a case before its time.

    Example: mouqataa case cancel SPECIMEN-LEG-MAR-2026-000001 --reason "demande retirée" --dry-run
    """
    from engine.commands import cases

    if dry_run:
        done = face.rehearse(cases.cancel, reference, reason)
        face.done(done, face.text("Case {reference} would be cancelled.", reference=reference))
        return
    face.confirm("Cancel the case {reference}?", sure=yes, reference=reference)
    done = face.run(cases.cancel, reference, reason)
    face.done(done, face.text("Case {reference} is cancelled.", reference=reference),
              f"mouqataa case history {reference}")  # fmt: skip


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.option("--reason", required=True, help="Why, in a sentence; the history keeps it.")
@pass_face
def suspend(face: Face, reference: str, reason: str) -> None:
    """Let a case rest: nobody works on it, and its delays stand still.

    Example: mouqataa case suspend SPECIMEN-LEG-MAR-2026-000001 --reason "acte contesté au tribunal"
    """
    from engine.commands import life

    done = face.run(life.suspend, reference, reason)
    face.done(done, face.text("Case {reference} is suspended.", reference=reference),
              f"mouqataa case resume {reference}")  # fmt: skip


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.option("--reason", required=True, help="Why, in a sentence; the history keeps it.")
@pass_face
def resume(face: Face, reference: str, reason: str) -> None:
    """Let a suspended case go on; its delays run as long as they had left.

    Example: mouqataa case resume SPECIMEN-LEG-MAR-2026-000001 --reason "jugement rendu"
    """
    from engine.commands import life

    done = face.run(life.resume, reference, reason)
    face.done(done, face.text("Case {reference} goes on.", reference=reference),
              f"mouqataa case show {reference}")  # fmt: skip


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.argument("before", type=int, metavar="EVENT")
@click.option("--reason", required=True, help="Why, in a sentence; the history keeps it.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("-n", "--dry-run", is_flag=True, help="Check only; change nothing.")
@pass_face
def restart(face: Face, reference: str, before: int, reason: str, yes: bool, dry_run: bool) -> None:
    """Set a case back to where it stood before an event, by its number in the history.

    Example: mouqataa case restart SPECIMEN-LEG-MAR-2026-000001 3 --reason "annulé par erreur" --yes
    """
    from engine.commands import life

    if dry_run:
        done = face.rehearse(life.restart, reference, before, reason)
        face.done(done, face.text("Case {reference} would be set back.", reference=reference))
        return
    face.confirm("Set the case {reference} back before event {before}?", sure=yes,
                 reference=reference, before=before)  # fmt: skip
    done = face.run(life.restart, reference, before, reason)
    face.done(done, face.text("Case {reference} is set back.", reference=reference),
              f"mouqataa case show {reference}")  # fmt: skip


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.argument("source", metavar="FROM")
@click.argument("to", metavar="TO")
@click.option("--reason", required=True, help="Why, in a sentence; the history keeps it.")
@click.option("-n", "--dry-run", is_flag=True, help="Check only; change nothing.")
@pass_face
def move(face: Face, reference: str, source: str, to: str, reason: str, dry_run: bool) -> None:
    """Let a case go on from another element of its model; what waited at FROM is cancelled.

    Example: mouqataa case move SPECIMEN-LEG-MAR-2026-000001 Check Pay --reason "déjà vu"
    """
    from engine.commands import life

    act = face.rehearse if dry_run else face.run
    done = act(life.move, reference, source, to, reason)
    sentence = "Case {reference} goes on at {to}."
    if dry_run:
        sentence = "Case {reference} would go on at {to}."
    face.done(done, face.text(sentence, reference=reference, to=to),
              "" if dry_run else f"mouqataa case show {reference}")  # fmt: skip


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.argument("text")
@pass_face
def note(face: Face, reference: str, text: str) -> None:
    """Add a remark to a case.

    Example: mouqataa case note SPECIMEN-LEG-MAR-2026-000001 "rappelé par téléphone"
    """
    from engine.commands import cases

    done = face.run(cases.note, reference, text)
    face.done(done, face.text("The remark stands in the history of {reference}.",
                              reference=reference))  # fmt: skip


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.argument("answer", metavar="NAME=VALUE")
@click.option("--reason", required=True, help="Why, in a sentence; the history keeps it.")
@pass_face
def rectify(face: Face, reference: str, answer: str, reason: str) -> None:
    """Correct a value of a case; what stood before stays in its history.

    Example: mouqataa case rectify SPECIMEN-LEG-MAR-2026-000001 copies=2 --reason "erreur de saisie"
    """
    from engine.commands import cases

    [(name, value)] = given(None, (answer,)).items()
    done = face.run(cases.rectify, reference, name, value, reason)
    sentence = face.text("{name} is corrected in {reference}.", name=name, reference=reference)
    face.done(done, sentence, f"mouqataa case show {reference}")


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.argument("file", type=click.File("rb"))
@click.option("--kind", default="other", show_default=True,
              help="Which paper it is: a key of the procedure's papers.")  # fmt: skip
@pass_face
def attach(face: Face, reference: str, file: BinaryIO, kind: str) -> None:
    """Attach a paper to a case: PDF, JPEG or PNG; - reads standard input.

    Example: mouqataa case attach SPECIMEN-LEG-MAR-2026-000001 certificate.pdf
    """
    from engine.commands import attachments

    done = face.run(attachments.add, reference, kind, file.read())
    face.done(done, face.text("The paper is attached to {reference}.", reference=reference),
              f"mouqataa case show {reference}")  # fmt: skip
