"""mouqataa procedure."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from console import completing, faults, output
from console.context import Face, pass_face
from console.group import noun
from console.progress import Progress

command = noun("procedure")


def bundle(name: str) -> Any:
    """A bundle by its key in the catalogue, its folder, its archive, or `-` for stdin."""
    from processes.bundle import Bundle
    from processes.catalogue import folders

    if name == "-":
        return Bundle.unzip(sys.stdin.buffer.read())
    return Bundle.read(folders().get(name) or Path(name))


@command.command()
@click.argument("key")
@click.option("--name", help="What people call it, in French; default: the key.")
@click.option("--folder", type=click.Path(path_type=Path), default=".", show_default=True,
              help="Where the procedure's own folder is made.")  # fmt: skip
@pass_face
def new(face: Face, key: str, name: str | None, folder: Path) -> None:
    """Write the folder of a new procedure, which can be checked and deployed at once.

    Example: mouqataa procedure new ma_procedure --name "Ma procédure"
    """
    from console.skeleton import write

    made = write(folder, key, name or key.replace("_", " ").capitalize())
    words = {"place": made, "count": len(list(made.rglob("*.*")))}
    face.done({"procedure": key, "folder": str(made)},
              face.text("{place} holds the {count} files of a procedure.", **words),
              f"mouqataa procedure check {made}")  # fmt: skip


@command.command()
@click.argument("name", shell_complete=completing.procedures)
@pass_face
def check(face: Face, name: str) -> None:
    """Name every fault of a procedure: a key of the catalogue, a folder, a .zip, or - for stdin.

    Example: mouqataa procedure check signature_legalisation
    """
    from dataclasses import asdict

    from engine.commands import procedures
    from engine.errors import EngineError

    found = procedures.examine(bundle(name))
    rows = [faults.translated(asdict(finding), face.language) for finding in found]
    if count := sum(finding.severity == "error" for finding in found):
        raise EngineError("deployment_refused", procedure=name, count=count, findings=rows)
    said = [f"{row['file']} {row['element']}: {row['message']}" for row in rows]
    said = said or [face.text("No fault found.")]
    face.show({"procedure": name, "findings": rows}, said)


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "target", type=click.Path(path_type=Path),
              help="Where each procedure gets its folder; else nothing is written.")  # fmt: skip
@pass_face
def bring(face: Face, file: Path, target: Path | None) -> None:
    """Turn the BPMN file of another tool into the folder of a procedure, and say what was done.

    Example: mouqataa procedure import model.bpmn --to processes
    """
    from console import importing

    document = importing.run(file, target, face.language)
    face.show(document, importing.lines(document, face))
    if document["result"] == "refused":
        click.get_current_context().exit(2)


@command.command()
@click.argument("name", shell_complete=completing.procedures)
@click.option("--complete", is_flag=True, help="Fail where a flow or a rule is not reached, too.")
@pass_face
def test(face: Face, name: str, complete: bool) -> None:
    """Play the scenarios of a procedure, each in a database of its own; exit 1 where one fails.

    Example: mouqataa procedure test signature_legalisation
    """
    from console import trial
    from engine.work import scenarios

    with Progress(face.text("Scenarios")) as progress:
        report = scenarios.run(bundle(name), progress.advance)
    face.show(trial.document(report), trial.lines(report, face))
    if not report.passed or (complete and not report.complete):
        click.get_current_context().exit(1)


@command.command()
@click.argument("name", shell_complete=completing.procedures)
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]),
              help="The day from which new cases begin on it; default: today.")  # fmt: skip
@click.option("-n", "--dry-run", is_flag=True, help="Check only; change nothing.")
@pass_face
def deploy(face: Face, name: str, effective: datetime | None, dry_run: bool) -> None:
    """Deploy a procedure as its next version; the same files again change nothing.

    Example: mouqataa procedure deploy signature_legalisation
    """
    from engine.commands import procedures

    act = face.rehearse if dry_run else face.run
    done = act(procedures.deploy, bundle(name), effective.date() if effective else None)
    words = {"procedure": done.procedure, "version": done.version, "digest": done.digest[:12]}
    if dry_run:
        face.done(done, face.text("{procedure} would be version {version} ({digest}).", **words))
    else:
        face.done(done, face.text("{procedure} is version {version} ({digest}).", **words),
                  f"mouqataa case start {done.procedure} --office MAR")  # fmt: skip


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the deployed versions.

    Example: mouqataa procedure list
    """
    from engine.commands import procedures

    face.rows(face.read(procedures.listing), "procedure version effective deployed_at withdrawn_at")


@command.command()
@click.argument("name", shell_complete=completing.procedures)
@click.option("--version", type=int, help="Which version; default: the one in effect.")
@pass_face
def show(face: Face, name: str, version: int | None) -> None:
    """Show a deployed version: since when, its files, what its first form asks.

    Example: mouqataa procedure show signature_legalisation
    """
    from engine.commands import procedures

    found = face.read(procedures.show, name, version)
    face.show(found, _page(found, face))


def _page(found: Any, face: Face) -> Iterator[str]:
    yield f"{found.procedure} v{found.version}  {output.isolated(found.name)}"
    yield "  " + face.text("In effect since {day}; digest {digest}", day=found.effective,
                           digest=found.digest[:12])  # fmt: skip
    if found.withdrawn_at:
        yield "  " + face.text("Withdrawn")
    for name, field in (found.form or {}).get("properties", {}).items():
        yield f"  {name}: {output.isolated(field.get('title', ''))}"
    yield "  " + face.text("{count} files; --verbose names them", count=len(found.files))
    if face.choices.verbose:
        yield from (f"    {file}" for file in found.files)


@command.command()
@click.argument("name", shell_complete=completing.procedures)
@click.option("--version", type=int, help="Which version; default: the one in effect.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False),
              help="The file to write; default: NAME-VERSION.zip.")  # fmt: skip
@pass_face
def export(face: Face, name: str, version: int | None, target: Path | None) -> None:
    """Write the files of a deployed version as a .zip, the same bytes each time.

    Example: mouqataa procedure export signature_legalisation
    """
    from engine.commands import procedures

    found = face.read(procedures.export, name, version)
    target = target or Path(f"{found.procedure}-{found.version}.zip")
    target.write_bytes(found.archive)
    document = {"procedure": name, "version": found.version, "digest": found.digest,
                "file": str(target)}  # fmt: skip
    face.done(document, face.text("{place} is written.", place=target),
              f"mouqataa procedure check {target}")  # fmt: skip


@command.command()
@click.argument("name", shell_complete=completing.procedures)
@click.argument("version", type=int)
@click.option("--reason", required=True, help="Why, in a sentence.")
@click.option("--confirm", metavar="NAME", help="The procedure's key again, to confirm.")
@click.option("-n", "--dry-run", is_flag=True, help="Check only; change nothing.")
@pass_face
def withdraw(
    face: Face, name: str, version: int, reason: str, confirm: str | None, dry_run: bool
) -> None:
    """Let no new case begin on a version; cases that run on it go on.

    Example: mouqataa procedure withdraw signature_legalisation 1 --reason "tarif" --dry-run
    """
    from engine.commands import procedures

    words: dict[str, Any] = {"procedure": name, "version": version}
    if dry_run:
        done = face.rehearse(procedures.withdraw, name, version, reason)
        face.done(done, face.text("{procedure} version {version} would be withdrawn.", **words))
        return
    face.retyped(name, confirm)
    done = face.run(procedures.withdraw, name, version, reason)
    face.done(done, face.text("{procedure} version {version} is withdrawn.", **words),
              "mouqataa procedure list")  # fmt: skip


@command.command()
@pass_face
def schedule(face: Face) -> None:
    """List when cases begin by themselves: the timers of start events.

    Example: mouqataa procedure schedule
    """
    from engine.commands import schedules

    face.rows(face.read(schedules.listing), "procedure version element timer due left")
