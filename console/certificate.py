"""mouqataa certificate."""

from pathlib import Path

import click

from console.context import Face, pass_face


@click.group()
def command() -> None:
    """Certificates: list, show, verify."""


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the newest certificates.

    Example: mouqataa certificate list
    """
    from engine.commands import certificates

    face.rows(face.read(certificates.listing))


@command.command()
@click.argument("number")
@pass_face
def show(face: Face, number: str) -> None:
    """Show a certificate and where its file lies.

    Example: mouqataa certificate show legalisation/MAR/2026/000001
    """
    from engine.commands import certificates
    from engine.work.worker import certificate_file

    found = face.read(certificates.show, number)
    path = certificate_file(face.settings.files, found.certificate)
    face.show(found, f"{found.number}  {found.status}  {found.case}\n{path}")


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_face
def verify(face: Face, file: Path) -> None:
    """Say whether a file is, byte for byte, a certificate that was issued here.

    Example: mouqataa certificate verify certificat.pdf
    """
    from engine.commands import certificates

    found = face.read(certificates.verify, file.read_bytes())
    face.show(found, f"{found.number}  {found.status}  {found.case}")
