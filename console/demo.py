"""mouqataa demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from console import story
from console.context import Face, pass_face
from console.failure import Usage
from console.group import Verb


@click.command(cls=Verb)
@click.option("--temporary", is_flag=True, help="Throw everything away at the end.")
@pass_face
def command(face: Face, temporary: bool) -> None:
    """Play a case from deposit to certificate in a specimen database, with invented data.

    Example: mouqataa demo --temporary
    """
    from engine.work.demonstration import play
    from engine.work.founding import found
    from processes.catalogue import city

    with _place(face, temporary=temporary):
        done = found(face.settings, city("casablanca"), "admin", specimen=True)
        if not done.specimen:
            raise Usage(
                "This database is a real one; the demonstration needs its own.",
                "Set another folder, for example: MOUQATAA_DATA=./demo mouqataa demo",
            )
        played = play(face.engine)
        face.show(played, [*_told(face, played), *([] if temporary else _next(face, played))])
        face.engine.close()


@contextmanager
def _place(face: Face, *, temporary: bool) -> Iterator[None]:
    """The folder of the demonstration: the one that was set, else one beside the real data."""
    if temporary:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="mouqataa-demo-") as folder:
            face.settle(Path(folder))
            yield
        return
    settings = face.settings
    if {settings.origin("data"), settings.origin("database")} == {"default"}:
        face.settle(settings.data / "demo")
    yield


def _told(face: Face, played: Any) -> list[str]:
    return [
        face.text("Case {reference} (invented data, specimen numbers)", reference=played.reference),
        "",
        *(story.told(event, face) for event in played.history),
        "",
        face.text("Register number: {number}", number=played.number),
        face.text("Certificate: {place}", place=played.file),
    ]


def _next(face: Face, played: Any) -> list[str]:
    place = face.settings.data
    return [
        face.text("All of it lies in {place}; delete that folder to remove it.", place=place),
        "",
        face.text("Try next, with MOUQATAA_DATA={place}", place=place),
        "  mouqataa --as nadia case search بناني",
        f"  mouqataa --as youssef decision explain {played.reference}",
        f"  mouqataa --as youssef case replay {played.reference}",
        f"  mouqataa --as youssef certificate verify {played.file}",
    ]
