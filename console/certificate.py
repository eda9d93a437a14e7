"""mouqataa certificate."""

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

    Example: mouqataa certificate show SPECIMEN/legalisation/MAR/2026/000001
    """
    from engine.commands import certificates
    from engine.work.worker import certificate_file

    found = face.read(certificates.show, number)
    path = certificate_file(face.settings.files, found.certificate)
    lines = [f"{found.number}  {face.words(found.status)}  {found.case}", str(path)]
    face.show({**vars_of(found), "file": str(path)}, lines)


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
