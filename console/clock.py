"""mouqataa clock."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from console import completing, output
from console.answers import given
from console.context import Face, pass_face
from console.group import noun
from console.story import CLOCKS

command = noun("clock")
_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
_LAPSING = "case procedure office clock each due effect_at"
_REPORT = "procedure clock each closed in_time late lapsed cancelled legal elapsed stopped"


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.option("--as-of", type=_MOMENT, help="As it was known at that moment; default: now.")
@pass_face
def show(face: Face, reference: str, as_of: datetime | None) -> None:
    """Show the clocks of the law on a case, and day by day why each date is the date.

    Example: mouqataa clock show SPECIMEN-LEG-MAR-2026-000001 --lang ar
    """
    from engine.commands import delays

    moment = _local(as_of, face)
    found = face.read(delays.show, reference, moment, face.language)
    face.show(found, _told(found, face))


@command.command(name="try")
@click.argument("procedure", shell_complete=completing.procedures)
@click.option("--fact", "facts", multiple=True, required=True, metavar="KIND=DAY[,NAME=VALUE]",
              help="Something that happens: a day or a moment, what is told of it.")  # fmt: skip
@click.option("--on", type=_MOMENT, help="As it stands at that moment; default: the last fact.")
@pass_face
def trial(face: Face, procedure: str, facts: tuple[str, ...], on: datetime | None) -> None:
    """Date the clocks of a procedure without a case: for whoever writes or reads the law.

    PROCEDURE is the name of a shipped procedure, or a folder. Days are those of the shipped
    calendar.

    Example: mouqataa clock try signature_legalisation --fact case.filed=2026-09-01
    """
    from console.procedure import bundle
    from engine.work import trying

    moment = _local(on, face)
    found = trying.tried(bundle(procedure), facts, moment, face.language)
    face.show(found, _told(found, face))


@command.command(name="list")
@click.option("--until", type=_DAY, help="Only those whose last day is not after this one.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True,
              help="How many at most.")  # fmt: skip
@pass_face
def listing(face: Face, until: datetime | None, limit: int) -> None:
    """List the running clocks of your offices, the nearest end first.

    Example: mouqataa clock list --until 2026-12-31
    """
    from engine.commands import delays

    day = until.date() if until is not None else None
    face.rows(face.read(delays.lapsing, day, limit), _LAPSING)


@command.command()
@click.option("--since", type=_DAY, required=True, help="First day of the period.")
@click.option("--until", type=_DAY, required=True, help="Last day of the period.")
@click.option("--procedure", shell_complete=completing.procedures,
              help="Only clocks of this procedure.")  # fmt: skip
@pass_face
def report(face: Face, since: datetime, until: datetime, procedure: str | None) -> None:
    """Report how the clocks that came to an end in a period were kept.

    Example: mouqataa clock report --since 2026-01-01 --until 2026-12-31
    """
    from engine.commands import delays

    face.rows(face.read(delays.report, since.date(), until.date(), procedure), _REPORT)


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.option("--clock", "name", default="", help="Only the clock of this name.")
@click.option("--out", "target", type=click.Path(path_type=Path, dir_okay=False),
              help="The file to write; default: the reference of the case, .pdf.")  # fmt: skip
@pass_face
def letter(face: Face, reference: str, name: str, target: Path | None) -> None:
    """Write a letter, in French and Arabic, that says why the dates of a case are the dates.

    Example: mouqataa clock letter SPECIMEN-LEG-MAR-2026-000001 --out why.pdf
    """
    from engine.commands import letters
    from engine.work.letters import written

    made = face.read(letters.show, reference, name)
    place = target or Path(f"{made.case}.pdf")
    done = written(made)
    place.write_bytes(done.pdf)
    document = {"case": made.case, "clocks": len(made.clocks), "pages": done.pages,
                "sha256": done.sha256, "file": str(place)}  # fmt: skip
    face.done(document, face.text("{file} says why.", file=place))


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.argument("fact")
@click.option("--reason", required=True, help="Why it is recorded by hand.")
@click.option("--at", type=_MOMENT, help="When it happened, where that was earlier.")
@click.option("--proof", metavar="ATTACHMENT", help="The paper that proves the earlier moment.")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="What is told of it.")
@pass_face
def record(
    face: Face, reference: str, fact: str, reason: str, at: datetime | None, proof: str | None,
    pairs: tuple[str, ...],
) -> None:  # fmt: skip
    """Record that something happened which the clocks of a case read.

    Example: mouqataa clock record SPECIMEN-LEG-MAR-2026-000001 case.filed --reason "stamped"
    """
    from engine.commands import clocks

    moment = _local(at, face)
    done = face.run(clocks.record, reference, fact, reason, at=moment, data=given(None, pairs),
                    proof=proof)  # fmt: skip
    sentence = face.text("{fact} is recorded in {case}.", fact=done.fact, case=done.case)
    face.done(done, sentence, f"mouqataa clock show {done.case}")


@command.command()
@click.argument("reference", shell_complete=completing.references)
@click.argument("event", type=int)
@click.option("--reason", required=True, help="Why it did not happen.")
@pass_face
def withdraw(face: Face, reference: str, event: int, reason: str) -> None:
    """Take back a fact that did not happen, by the number of its event.

    Example: mouqataa clock withdraw SPECIMEN-LEG-MAR-2026-000001 1 --reason "filed twice"
    """
    from engine.commands import clocks

    done = face.run(clocks.withdraw, reference, event, reason)
    sentence = face.text("{fact} no longer counts in {case}.", fact=done.fact, case=done.case)
    face.done(done, sentence, f"mouqataa clock show {done.case}")


def _local(moment: datetime | None, face: Face) -> datetime | None:
    """A moment as it was typed: in the time of the city."""
    return moment.replace(tzinfo=face.settings.zone) if moment is not None else None


def _told(found: Any, face: Face) -> Iterator[str]:
    yield found.case
    for one in found.clocks:
        yield ""
        yield _line(one, face)
        yield from (f"    {output.isolated(text)}" for text in one.why)
        if one.receipt:
            yield "  " + face.text("What the applicant is told:")
            yield from (f"    {output.isolated(text)}" for text in one.receipt)
    if found.facts:
        yield ""
        yield face.text("What happened:")
        yield from (f"  {_fact(fact, face)}" for fact in found.facts)


def _line(one: Any, face: Face) -> str:
    """A clock in one line: what it is, and how it stands."""
    name = output.isolated(f"{one.name} ({one.each})" if one.each else one.name)
    told = face.text(CLOCKS[one.state], due=one.due or "-")
    if one.remaining is not None and one.state in ("running", "suspended"):
        told = face.text("{state}; left: {left}", state=told, left=_left(one, face))
    return f"{name}{face.colon}{told}"


def _left(one: Any, face: Face) -> str:
    from decisions.clock.wording import wording

    words = wording(face.language, {})
    if one.unit == "seconds":
        return words.hours(one.remaining, working=False)
    return words.amount(one.remaining, one.unit)


def _fact(fact: Any, face: Face) -> str:
    moment = output.cell(fact.at, face.words, face.settings.zone)
    told = face.comma.join(f"{name} = {value}" for name, value in fact.data.items())
    more = f" ({told})" if told else ""
    gone = " – " + face.text("no longer counts") if fact.withdrawn else ""
    return f"{fact.seq:>4}  {moment}  {output.isolated(fact.name)}{more}{gone}"
