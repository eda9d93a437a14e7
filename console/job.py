"""mouqataa job."""

import socket
from typing import Any, TextIO

import click

from console.context import Face, pass_face
from console.failure import Usage
from console.group import noun

command = noun("job")
_WORK = "job lease topic case element inputs until"
_STANDING = "job topic case due attempts owner until error"


@command.command(name="list")
@click.option("--topic", help="Only those of this topic.")
@pass_face
def listing(face: Face, topic: str | None) -> None:
    """List the work that programs outside have still to do, and who holds it.

    Example: mouqataa job list
    """
    from engine.commands import externals

    face.rows(face.read(externals.listing, topic), _STANDING)


@command.command()
@click.argument("topics", nargs=-1, required=True, metavar="TOPIC...")
@click.option("--most", default=1, show_default=True, help="How many works at once.")
@click.option("--seconds", default=300, show_default=True,
              help="How long they are held before another may fetch them.")  # fmt: skip
@click.option("--worker", default=socket.gethostname()[:39],
              help="Who fetches, for whoever lists what is held; else this machine.")  # fmt: skip
@pass_face
def fetch(face: Face, topics: tuple[str, ...], most: int, seconds: int, worker: str) -> None:
    """Take work of these topics, those of the first before those of the next, with its inputs.

    Example: mouqataa job fetch cadastre.search --most 10
    """
    from engine.commands import externals

    held = face.run(externals.fetch, list(topics), worker, seconds, most).held
    face.rows(face.read(externals.works, held), _WORK)


@command.command()
@click.argument("job", type=int)
@click.argument("lease", type=int)
@click.option("--seconds", default=300, show_default=True, help="For how long from now.")
@pass_face
def extend(face: Face, job: int, lease: int, seconds: int) -> None:
    """Hold a work for longer.

    Example: mouqataa job extend 12 1 --seconds 600
    """
    from engine.commands import externals

    done = face.run(externals.extend, job, lease, seconds)
    moment = done.until.astimezone(face.settings.zone).strftime("%H:%M:%S")
    face.done(done, face.text("Held until {moment}.", moment=moment))


@command.command()
@click.argument("job", type=int)
@click.argument("lease", type=int)
@click.option("--result", type=click.File(encoding="utf-8"), metavar="FILE",
              help="The result as a JSON object; - for standard input; else nothing.")  # fmt: skip
@pass_face
def complete(face: Face, job: int, lease: int, result: TextIO | None) -> None:
    """Bring the result of a work; its case goes on.

    Example: mouqataa job complete 12 1 --result result.json
    """
    from engine.commands import externals

    done = face.run(externals.complete, job, lease, _read(result))
    _moved(face, done)


@command.command()
@click.argument("job", type=int)
@click.argument("lease", type=int)
@click.option("--message", required=True, help="Why, without a word about persons.")
@click.option("--after", default=0, metavar="SECONDS", help="Not again before so many seconds.")
@click.option("--left", type=int, help="At most so many attempts more; 0: a person must look.")
@pass_face
def fail(face: Face, job: int, lease: int, message: str, after: int, left: int | None) -> None:
    """Say that a work could not be done: it is tried again later, or is an incident.

    Example: mouqataa job fail 12 1 --message "the land registry does not answer" --after 600
    """
    from engine.commands import externals

    done = face.run(externals.fail, job, lease, message, after, left)
    if done.incident:
        face.done(done, face.text("The work {job} waits for a person.", job=job))
        return
    moment = done.retry_at.astimezone(face.settings.zone).strftime("%Y-%m-%d %H:%M:%S")
    face.done(done, face.text("The work {job} is tried again from {moment}.",
                              job=job, moment=moment))  # fmt: skip


@command.command()
@click.argument("job", type=int)
@click.argument("lease", type=int)
@click.argument("code")
@pass_face
def error(face: Face, job: int, lease: int, code: str) -> None:
    """Say that a work ended in an error that its model knows by this code.

    Example: mouqataa job error 12 1 cadastre.unknown
    """
    from engine.commands import externals

    done = face.run(externals.error, job, lease, code)
    if done.incident:
        sentence = "No event of {case} catches {code}: a person must look."
        face.done(done, face.text(sentence, case=done.case, code=code))
        return
    _moved(face, done)


@command.command(name="return")
@click.argument("job", type=int)
@click.argument("lease", type=int)
@pass_face
def give_back(face: Face, job: int, lease: int) -> None:
    """Leave a work that was not begun to whoever fetches next.

    Example: mouqataa job return 12 1
    """
    from engine.commands import externals

    done = face.run(externals.give_back, job, lease)
    face.done(done, face.text("The work {job} is free again.", job=job))


def _moved(face: Face, done: Any) -> None:
    face.done(done, face.text("The case {case} has gone on.", case=done.case))


def _read(result: TextIO | None) -> dict[str, Any]:
    """A result as a case holds it: every digit of a number is kept."""
    from engine.operations import interchange

    try:
        found = interchange.read(result.read()) if result is not None else {}
    except ValueError as error:
        raise Usage("{name} is not JSON: {reason}", name="--result", reason=error) from error
    if not isinstance(found, dict):
        raise Usage("{name} must be a JSON object: field name to value.", name="--result")
    return found
