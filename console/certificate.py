"""mouqataa certificate."""

from pathlib import Path
from typing import BinaryIO

import click

from console.case import vars_of
from console.context import Face, pass_face
from console.group import noun

command = noun("certificate")


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the certificates of your offices, newest first.

    Example: mouqataa certificate list
    """
    from engine.commands import certificates

    found = face.read(certificates.listing)
    face.rows(found, "number kind status case issued_at")


@command.command()
@click.argument("number")
@pass_face
def show(face: Face, number: str) -> None:
    """Show a certificate and where its file lies.

    Example: mouqataa certificate show SPECIMEN/certificats/MAR/2026/000001
    """
    from engine.commands import certificates
    from engine.work.worker import certificate_file

    found = face.read(certificates.show, number)
    path = certificate_file(face.settings.files, found.certificate)
    lines = [f"{found.number}  {face.words(found.status)}  {found.case}", str(path)]
    face.show({**vars_of(found), "file": str(path)}, lines)


@command.command()
@click.argument("number")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False),
              help="The file to write; default: the file of the house.")  # fmt: skip
@pass_face
def render(face: Face, number: str, target: Path | None) -> None:
    """Render a certificate again, for a file that was lost; exit 1 where it is not the same.

    Example: mouqataa certificate render SPECIMEN/certificats/MAR/2026/000001 -o copy.pdf
    """
    from engine.commands import certificates
    from engine.work.worker import certificate_file, rendered

    found = rendered(face.engine, face.by, number)
    if target is None and found.same:
        key = face.read(certificates.show, number).certificate
        target = certificate_file(face.settings.files, key)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(found.pdf)
    sentence = "The certificate is again in {place}, the same bytes."
    if not found.same:
        sentence = "The certificate does not come out as it was issued; look at {place}."
    document = {"number": number, "same": found.same, "sha256": found.sha256,
                "file": str(target) if target else None}  # fmt: skip
    face.done(document, face.text(sentence, place=target or "-"),
              f"mouqataa certificate verify {target}" if target else "")  # fmt: skip
    if not found.same:
        click.get_current_context().exit(1)


@command.command()
@click.argument("file", type=click.File("rb"))
@pass_face
def verify(face: Face, file: BinaryIO) -> None:
    """Say whether a file is, byte for byte, a certificate that was issued here; - reads stdin.

    Example: mouqataa certificate verify certificate.pdf
    """
    from engine.commands import certificates

    found = face.read(certificates.verify, file.read())
    lines = [face.text("Issued here as {number}, case {case}.", number=found.number,
                       case=found.case)]  # fmt: skip
    face.show(found, lines)
