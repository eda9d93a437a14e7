"""mouqataa init."""

import getpass

import click

from console.context import Face, pass_face


@click.command()
@click.option("--city", default="casablanca", help="City whose offices are loaded.")
@click.option("--administrator", help="First administrator; default: your system account.")
@click.option("--specimen", is_flag=True, help="Training database: all its numbers say so.")
@pass_face
def command(face: Face, city: str, administrator: str | None, specimen: bool) -> None:
    """Found a database: schema, city, offices, first administrator.

    Example: mouqataa init --specimen
    """
    from engine.work.founding import found
    from processes.catalogue import city as facts

    done = found(face.settings, facts(city), administrator or getpass.getuser(), specimen=specimen)
    kind = "specimen database" if done.specimen else "database"
    face.show(done, f"{done.city}: {kind} with {done.offices} offices at {face.settings.database}")
