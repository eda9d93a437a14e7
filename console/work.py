"""mouqataa work."""

import os
import signal
import threading
from typing import Any

import click

from console import output
from console.context import Face, pass_face
from console.failure import Usage
from console.group import Verb
from console.progress import Progress

_MOST = 64


@click.command(cls=Verb)
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
@click.option("--processes", type=click.IntRange(1, _MOST), default=1, show_default=True,
              help="How many workers, each a process of its own.")  # fmt: skip
@click.option("--kinds", metavar="KIND,KIND",
              help="Only jobs of these kinds, with commas between them.")  # fmt: skip
@click.option("--idle", "--every", type=click.FloatRange(min=0.01), default=2.0, show_default=True,
              help="Seconds between looks while nothing is due.")  # fmt: skip
@pass_face
def command(face: Face, once: bool, processes: int, kinds: str | None, idle: float) -> None:
    """Run the jobs that are due: render certificates, fire what waits. SIGTERM or an interrupt
    ends it after the job in hand, a second one at once.

    Example: mouqataa work --once
    """
    from engine.work.serving import How

    how = How(_kinds(kinds), once, idle)
    stop = threading.Event()
    handlers = {number: signal.signal(number, _asked(stop))
                for number in (signal.SIGTERM, signal.SIGINT)}  # fmt: skip
    try:
        done = _alone(face, how, stop) if processes == 1 else _together(face, how, processes, stop)
    finally:
        for number, before in handlers.items():
            signal.signal(number, before)
    if once:
        _say(face, done)


def _asked(stop: threading.Event) -> Any:
    """What a signal does: the first asks to stop, the second ends everything at once."""

    def asked(number: int, _frame: Any) -> None:
        if stop.is_set():
            from engine.work.pool import end_at_once

            end_at_once()
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        stop.set()

    return asked


def _kinds(typed: str | None) -> tuple[str, ...]:
    from engine.work.worker import kinds

    named = tuple(name.strip() for name in (typed or "").split(",") if name.strip())
    for name in named:
        if name not in kinds():
            raise Usage("There is no kind of job {name}.", "There are: {known}", name=name,
                        known=", ".join(kinds()))  # fmt: skip
    return named


def _alone(face: Face, how: Any, stop: threading.Event) -> Any:
    """Work in this very process."""
    from engine.work.serving import serve

    def told(done: Any) -> None:
        if not how.once:
            _say(face, done)

    def troubled(error: Any) -> None:
        _rests(face, 1, str(error))

    with Progress(face.text("Jobs")) as progress:
        return serve(face.engine, how, stop, told,
                     lambda done: progress.advance(done.finished + done.put_off),
                     troubled)  # fmt: skip


def _together(face: Face, how: Any, processes: int, stop: threading.Event) -> Any:
    """Watch over several processes."""
    from engine.work.pool import Died, Pool, Troubled

    def told(worker: int, done: Any) -> None:
        progress.advance(pool.done.finished + pool.done.put_off)
        if not how.once:
            _say(face, done, worker)

    def died(death: Died) -> None:
        if face.choices.json:
            output.as_line({"worker": death.worker, "status": death.status,
                            "reason": death.reason, "again_in": death.pause})  # fmt: skip
            return
        sentence = "The worker {worker} ended with {status}; it is started again."
        if death.pause is None:
            sentence = "The worker {worker} ended with {status}; it is not started again."
        face.note(sentence, worker=death.worker, status=death.status)
        if death.reason:
            click.echo(f"  {output.safe(death.reason)}", err=True)

    def troubled(worker: int, trouble: Troubled) -> None:
        _rests(face, worker, trouble.reason)

    _ = face.engine  # what is wrong with the database is said here, once
    pool = Pool(face.settings, processes, how, stop, told, died, troubled)
    with Progress(face.text("Jobs")) as progress:
        if not pool.run():
            click.get_current_context().exit(1)
    return pool.done


def _rests(face: Face, worker: int, reason: str) -> None:
    """Say why a worker rests; it tries again by itself."""
    if face.choices.json:
        output.as_line({"worker": worker, "reason": reason})
        return
    face.note("The worker {worker} waits for the database: {reason}", worker=worker,
              reason=output.safe(reason))  # fmt: skip


def _say(face: Face, done: Any, worker: int | None = None) -> None:
    """What was done: a line for people, or a line of JSON."""
    if face.choices.json:
        found = output.plain(done)
        output.as_line(found if worker is None else {"worker": worker, **found})
        return
    words = {"done": done.finished, "later": done.put_off, "incidents": done.incidents}
    following = "mouqataa incident list" if done.incidents else ""
    face.done(done, face.text("{done} done, {later} put off, {incidents} incidents", **words),
              following)  # fmt: skip
