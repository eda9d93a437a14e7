"""mouqataa calendar."""

from datetime import datetime
from typing import Any

import click

from console.context import Face, pass_face
from console.group import noun

command = noun("calendar")


@command.command()
@click.argument("name", required=False)
@click.option("--year", type=click.IntRange(1900, 2200), help="Which year; default: this one.")
@pass_face
def show(face: Face, name: str | None, year: int | None) -> None:
    """Show a calendar: the weekly rest, and the days that are set in a year.

    Example: mouqataa calendar show --year 2026
    """
    from engine.commands import calendars

    found = face.read(calendars.show, name, year)
    words = {"name": found.name, "days": found.rest_days, "source": found.source}
    head = face.text("{name}: weekly rest on the days {days} (1 is Monday). {source}", **words)
    face.show(found, [head, *(_told(face, row) for row in found.days)])


@command.command(name="set")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--kind", type=click.Choice(["holiday", "working", "regular"]), default="holiday",
              show_default=True, help="What the day is; regular: as the week has it.")  # fmt: skip
@click.option("--label", required=True, help="What people call the day, in French.")
@click.option("--label-ar", default="", help="What people call the day, in Arabic.")
@click.option("--source", required=True, help="The decree or circular that says so.")
@click.option("--calendar", "name", help="Which calendar; default: the city's own.")
@pass_face
def set_(
    face: Face, day: datetime, kind: str, label: str, label_ar: str, source: str, name: str | None
) -> None:
    """Set what a date is; delays that were computed before stay as they were.

    Example: mouqataa calendar set 2026-03-20 --label "Aïd al-Fitr" --source "communiqué du 19 mars"
    """
    from engine.commands import calendars

    name = name or face.read(calendars.show).name
    done = face.run(calendars.set_day, name, day.date(), kind=kind, label=label,
                    label_ar=label_ar, source=source)  # fmt: skip
    sentence = face.text("{day} is set in the calendar {name}.", day=done.day, name=done.calendar)
    face.done(done, sentence, f"mouqataa calendar show --year {done.day.year}")


def _told(face: Face, row: Any) -> str:
    label = row.label_ar if face.language == "ar" else row.label_fr
    return f"  {row.day}  {face.words(row.kind)}  {label}  ({row.source})"
