"""mouqataa demo."""

import click

from console import story
from console.context import Face, pass_face
from console.failure import Usage
from console.group import Verb


@click.command(cls=Verb)
@pass_face
def command(face: Face) -> None:
    """Play a case from deposit to certificate in a specimen database, with invented data.

    Example: mouqataa demo
    """
    from engine.work.demonstration import play
    from engine.work.founding import found
    from processes.catalogue import city

    done = found(face.settings, city("casablanca"), "admin", specimen=True)
    if not done.specimen:
        raise Usage(
            "This database is a real one; the demonstration needs its own.",
            "Set another folder, for example: MOUQATAA_DATA=./demo mouqataa demo",
        )
    played = play(face.engine)
    lines = [
        face.text("Case {reference} (invented data, specimen numbers)", reference=played.reference),
        "",
        *(story.told(event, face) for event in played.history),
        "",
        face.text("Register number: {number}", number=played.number),
        face.text("Certificate: {place}", place=played.file),
        face.text("All of it lies in {place}; delete that folder to remove it.",
                  place=face.settings.data),
        "",
        face.text("Try next, with MOUQATAA_DATA={place}", place=face.settings.data),
        "  mouqataa --as nadia case search بناني",
        f"  mouqataa --as youssef case replay {played.reference}",
        f"  mouqataa --as youssef certificate verify {played.file}",
    ]  # fmt: skip
    face.show(played, lines)
