"""mouqataa demo."""

import click

from console.case import told
from console.context import Face, pass_face


@click.command()
@pass_face
def command(face: Face) -> None:
    """Play a legalisation from deposit to certificate in a specimen database.

    Example: mouqataa demo
    """
    from engine.work.demonstration import play
    from engine.work.founding import found
    from processes.catalogue import city

    done = found(face.settings, city("casablanca"), "admin", specimen=True)
    if not done.specimen:
        raise click.UsageError(
            "This database is a real one; the demonstration needs its own: set MOUQATAA_DATA."
        )
    played = play(face.engine)
    lines = [f"Case {played.reference} (invented data, specimen numbers)", ""]
    lines += [told(event) for event in played.history]
    lines += [
        "",
        f"Register number  {played.number}",
        f"Certificate      {played.file}",
        "",
        "Try next (with the same MOUQATAA_DATA):",
        "  mouqataa --as nadia case search بناني",
        f"  mouqataa --as youssef case replay {played.reference}",
        f"  mouqataa --as youssef certificate verify {played.file}",
    ]
    face.show(played, "\n".join(lines))
