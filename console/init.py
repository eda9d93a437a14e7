"""mouqataa init."""

import getpass

import click

from console.context import Face, pass_face
from console.group import Verb


@click.command(cls=Verb)
@click.option("--city", default="casablanca", show_default=True, help="City whose offices come in.")
@click.option("--administrator", help="First administrator; default: your system account.")
@click.option("--specimen", is_flag=True, help="Training database: all its numbers say so.")
@pass_face
def command(face: Face, city: str, administrator: str | None, specimen: bool) -> None:
    """Found a database: schema, city, offices, first administrator. Run again, it mends.

    Example: mouqataa init --specimen
    """
    from engine.work.founding import found
    from processes.catalogue import city as facts

    done = found(face.settings, facts(city), administrator or getpass.getuser(), specimen=specimen)
    words = {"city": done.city, "count": done.offices, "place": face.settings.shown("database")}
    sentence = "{city}: database with {count} offices at {place}"
    if done.specimen:
        sentence = "{city}: specimen database with {count} offices at {place}"
    following = "mouqataa procedure deploy signature_legalisation"
    face.done(done, face.text(sentence, **words), following)
