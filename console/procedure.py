"""mouqataa procedure."""

from pathlib import Path

import click

from console.context import Face, pass_face


@click.group()
def command() -> None:
    """Procedures: check, deploy, list, withdraw."""


def _bundle(name: str) -> object:
    from processes.bundle import Bundle
    from processes.catalogue import folders

    return Bundle.read(folders().get(name) or Path(name))


@command.command()
@click.argument("name")
@pass_face
def check(face: Face, name: str) -> None:
    """Name every fault of a procedure (a key of the catalogue, a folder or a .zip).

    Example: mouqataa procedure check signature_legalisation
    """
    from engine.deployment.preparation import DeploymentRefused, prepare
    from engine.errors import EngineError, mapped

    try:
        prepare(_bundle(name))  # type: ignore[arg-type]
    except DeploymentRefused as error:
        rows = [vars_of(found) for found in error.findings]
        raise EngineError(
            "deployment_refused", procedure=name, count=len(rows), findings=rows
        ) from error
    except Exception as error:
        raise (mapped(error) or error) from error
    face.show({"procedure": name, "findings": []}, f"{name}: no fault found")


def vars_of(found: object) -> dict[str, object]:
    """A finding as plain data."""
    from dataclasses import asdict

    return asdict(found)  # type: ignore[call-overload, no-any-return]


@command.command()
@click.argument("name")
@pass_face
def deploy(face: Face, name: str) -> None:
    """Deploy a procedure as its next version; the same files again change nothing.

    Example: mouqataa procedure deploy signature_legalisation
    """
    from engine.commands import procedures

    done = face.run(procedures.deploy, _bundle(name))
    face.show(done, f"{done.procedure} version {done.version} ({done.digest[:12]})")


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the deployed versions.

    Example: mouqataa procedure list
    """
    from engine.commands import procedures

    face.rows(face.read(procedures.listing))


@command.command()
@click.argument("name")
@click.argument("version", type=int)
@click.option("--reason", required=True, help="Why, in a sentence.")
@pass_face
def withdraw(face: Face, name: str, version: int, reason: str) -> None:
    """Let no new case begin on a version.

    Example: mouqataa procedure withdraw signature_legalisation 1 --reason "nouveau tarif"
    """
    from engine.commands import procedures

    done = face.run(procedures.withdraw, name, version, reason)
    face.show(done, f"{done.procedure} version {done.version} is withdrawn")
