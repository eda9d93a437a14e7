"""mouqataa calendar."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from console.context import Face, pass_face
from console.failure import Usage
from console.group import noun

command = noun("calendar")

_DAY = click.DateTime(["%Y-%m-%d"])
_SINCE = click.argument("day", type=_DAY)
_UNTIL = click.option("--until", type=_DAY, help="The last of several days.")
_NAME = click.option("--calendar", "name", help="Which calendar; default: the city's own.")
_PACKAGE = click.option("--package", metavar="COUNTRY", help="What the package holidays lists: MA.")
_YEAR = click.option("--year", type=click.IntRange(1900, 2200), help="Which year of the package.")


@command.command()
@click.argument("name", required=False)
@click.option("--year", type=click.IntRange(1900, 2200), help="Which year; default: this one.")
@click.option("--as-of", type=_DAY, help="As it was known at the end of that day.")
@click.option("--hours", is_flag=True, help="Opening hours and seasons too.")
@pass_face
def show(
    face: Face, name: str | None, year: int | None, as_of: datetime | None, hours: bool
) -> None:
    """Show a calendar: its layers, until when it answers, and the days that are set in a year.

    Example: mouqataa calendar show --year 2026 --hours
    """
    from engine.commands import calendars

    found = face.read(calendars.show, name, year, as_of.date() if as_of else None)
    face.show(found, [*_head(face, found), *(_told(face, row) for row in found.days),
                      *(_week(face, row) for row in found.hours if hours)])  # fmt: skip


@command.command()
@_SINCE
@click.option("--kind", type=click.Choice(["closed", "open", "regular"]), default="closed",
              show_default=True, help="What the day is; regular: as the week has it.")  # fmt: skip
@_UNTIL
@click.option("--label", required=True, help="What people call the day, in French.")
@click.option("--label-ar", default="", help="What people call the day, in Arabic.")
@click.option("--label-en", default="", help="What people call the day, in English.")
@click.option("--source", required=True, help="The decree or circular that says so.")
@click.option("--decided-on", type=_DAY, help="When it was decided.")
@click.option("--estimated", is_flag=True, help="Nobody has decided it yet.")
@_NAME
@pass_face
def add(
    face: Face, /, day: datetime, kind: str, until: datetime | None, name: str | None,
    decided_on: datetime | None, **said: Any,
) -> None:  # fmt: skip
    """Set what a date is, from now on; what was computed before stays as it was.

    Example: mouqataa calendar add 2026-03-20 --label "Aïd al-Fitr" --source "communiqué du 19 mars"
    """
    from engine.commands import calendars

    done = face.run(calendars.add, _named(face, name), day.date(), kind=kind,
                    until=_date(until), decided_on=_date(decided_on), **said)  # fmt: skip
    sentence = face.text(
        "{day} is set in the calendar {name}.", day=_days(done), name=done.calendar
    )
    face.done(done, sentence, f"mouqataa calendar show {done.calendar} --year {done.day.year}")


@command.command()
@_SINCE
@_UNTIL
@click.option("--source", required=True, help="What says that it was wrong.")
@_NAME
@pass_face
def withdraw(
    face: Face, day: datetime, until: datetime | None, source: str, name: str | None
) -> None:
    """Take back what a calendar says of a date: the calendar behind it counts again, or the week.

    Example: mouqataa calendar withdraw 2026-06-16 --source "lune vue un jour plus tard"
    """
    from engine.commands import calendars

    done = face.run(calendars.withdraw, _named(face, name), day.date(), source=source,
                    until=_date(until))  # fmt: skip
    words = {"day": _days(done), "name": done.calendar}
    face.done(done, face.text("The calendar {name} says nothing of {day} any more.", **words),
              f"mouqataa calendar show {done.calendar} --year {done.day.year}")  # fmt: skip


@command.command()
@click.argument("name")
@click.option("--parent", required=True, help="The calendar that counts where this one is silent.")
@click.option("--rest-days", default="", help="A weekly rest of its own: 1 is Monday, as in 6,7.")
@click.option("--source", required=True, help="The order that says so.")
@pass_face
def create(face: Face, name: str, parent: str, rest_days: str, source: str) -> None:
    """Make a calendar of a commune or an office before another one.

    Example: mouqataa calendar create casablanca --parent morocco --source "arrêté communal 12"
    """
    from engine.commands import calendars

    numbers = [word.strip() for word in rest_days.split(",") if word.strip()]
    if not all(number.isdigit() for number in numbers):
        raise Usage("{name} is missing.", "1 is Monday, as in 6,7.", name="--rest-days")
    done = face.run(calendars.create, name, parent, source=source,
                    rest_days=[int(number) for number in numbers])  # fmt: skip
    sentence = face.text("The calendar {name} is made, before {parent}.", name=name, parent=parent)
    face.done(done, sentence, f"mouqataa office calendar OFFICE {name}")


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                required=False)  # fmt: skip
@_PACKAGE
@_YEAR
@click.option("--only", type=_DAY, multiple=True, help="Only this day; may be given again.")
@click.option("--yes", is_flag=True, help="Write what is proposed.")
@_NAME
@pass_face
def bring_in(
    face: Face, file: Path | None, package: str | None, year: int | None,
    only: tuple[datetime, ...], yes: bool, name: str | None,
) -> None:  # fmt: skip
    """Propose the days of a file or of a package; with --yes they are written.

    A day that a person has set is never written over. Days chosen with --only do not let the
    calendar answer for their year; the whole does.

    Example: mouqataa calendar import --package MA --year 2029
    """
    from engine.commands import years

    found, name = _outside(file, package, year), _named(face, name)
    told = face.read(years.proposal, name, found)
    for line in _proposed(face, told):
        click.echo(line, err=face.choices.json)
    if not yes and not face.asks:
        face.show({"proposal": told, "decided": None}, [])
        face.note("Nothing was written. Add --yes to decide it, --only DAY for some of it.")
        return
    face.confirm("Write these days?", sure=yes)
    chosen = [day.date() for day in only] or None
    done = face.run(years.decide, name, found, chosen)
    sentence = face.text("{days} days and {seasons} seasons are written in the calendar {name}.",
                         days=done.days, seasons=done.seasons, name=name)  # fmt: skip
    face.show({"proposal": told, "decided": done}, [sentence])


@command.command()
@click.argument("what", required=False)
@click.option("--kind", type=click.Choice(["closed", "open", "regular", "withdrawn"]),
              default="closed", show_default=True, help="What the day would be.")  # fmt: skip
@_UNTIL
@_PACKAGE
@_YEAR
@_NAME
@pass_face
def diff(
    face: Face, what: str | None, kind: str, until: datetime | None, package: str | None,
    year: int | None, name: str | None,
) -> None:  # fmt: skip
    """Say which days would change, in which calendars, before anything is written.

    WHAT is a day, or a file as `calendar import` takes it.

    Example: mouqataa calendar diff 2026-12-24 --kind closed
    """
    from engine.commands import calendars, years

    name, day = _named(face, name), _read_day(what)
    if day is not None:
        found = face.read(calendars.diff, name, day, kind=kind, until=_date(until))
    else:
        path = Path(what) if what else None
        found = face.read(years.proposal, name, _outside(path, package, year)).affected
    lines = [_moved(face, row) for row in found]
    face.show({"affected": found}, lines or [face.text("No day changes.")])


# -- words and files --


def _named(face: Face, name: str | None) -> str:
    from engine.commands import calendars

    return name or str(face.read(calendars.show).name)


def _date(day: datetime | None) -> date | None:
    return day.date() if day else None


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _outside(file: Path | None, package: str | None, year: int | None) -> dict[str, Any]:
    """What a file or the package says, as plain rows."""
    from engine.engine import present
    from engine.errors import EngineError
    from processes import holidays, packaged

    if package and year:
        try:
            return packaged.calendar(package.upper(), year, present().date())
        except (ImportError, LookupError) as error:
            raise EngineError("package_missing", package="holidays", country=package) from error
    if file is None or package:
        raise Usage("{name} is missing.", "Name a file, or --package with --year.", name="FILE")
    try:
        return holidays.read(file.read_text(encoding="utf-8"), file.name)
    except OSError as error:
        raise EngineError("bundle_invalid", reason=f"{file}: {error.strerror}") from error


def _days(done: Any) -> str:
    return str(done.day) if done.day == done.until else f"{done.day} – {done.until}"


def _head(face: Face, found: Any) -> Iterator[str]:
    layers = " → ".join(found.layers)
    yield face.text("{name}: weekly rest on the days {days} (1 is Monday). {source}",
                    name=layers, days=found.rest_days, source=found.source)  # fmt: skip
    yield face.text("It answers from {first} to {last}. Digest: {digest}", first=found.first,
                    last=found.last, digest=found.digest)  # fmt: skip


def _told(face: Face, row: Any) -> str:
    label = getattr(row, f"label_{face.language}")
    lunar = f" ({row.hijri} H)" if row.hijri else ""
    kind = face.comma.join(face.words(word) for word in (row.kind, row.status))
    return f"  {row.day}{lunar}  {kind}  {label}  [{row.calendar}] ({row.source})"


def _week(face: Face, row: Any) -> str:
    name = row.name or face.text("ordinary week")
    span = f" {row.first} – {row.last}" if row.first else ""
    return (f"  {name}{span}: {row.hours}  {face.words(row.status)}  [{row.calendar}] "
            f"({row.source})")  # fmt: skip


def _proposed(face: Face, told: Any) -> Iterator[str]:
    for row in told.rows:
        what = row.day or row.season or face.text("ordinary week")
        now = f"  ← {row.now}" if row.now and row.change != "same" else ""
        yield f"  {face.words(row.change):10}  {what}  {row.label}  {face.words(row.status)}{now}"
    yield from (_moved(face, one) for one in told.affected)


def _moved(face: Face, one: Any) -> str:
    days = face.comma.join(str(day) for day in one.days)
    words = {"name": one.calendar, "count": len(one.days), "days": days}
    told = face.text("{name}: days that change: {count} ({days})", **words)
    counted = {"cases": one.cases, "moved": one.moved}
    more = face.text(
        "running cases that count them: {cases}; ends that would move: {moved}", **counted
    )
    return f"{told}\n  {more}"
