"""mouqataa work."""

import signal
import threading
import time
from typing import Any

import click

from console.context import Face, pass_face
from console.group import Verb
from console.progress import Progress

_TIDY_EVERY = 3600.0  # seconds


@click.command(cls=Verb)
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
@click.option("--every", default=2.0, show_default=True, help="Seconds between looks.")
@pass_face
def command(face: Face, once: bool, every: float) -> None:
    """Run the jobs that are due: render certificates, fire what waits; SIGTERM ends it softly.

    Example: mouqataa work --once
    """
    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    following = time.monotonic()
    try:
        while not stop.is_set():
            done = _round(face, stop)
            following = _tidied(face, following)
            if once or any((done.finished, done.put_off, done.incidents)):
                _say(face, done)
            if once:
                return
            stop.wait(every)
    finally:
        signal.signal(signal.SIGTERM, before)


def _tidied(face: Face, following: float) -> float:
    """Tidy the house where it is time to; when it will be the next time."""
    from engine.work.worker import tidy

    now = time.monotonic()
    if now < following:
        return following
    tidy(face.engine)
    return now + _TIDY_EVERY


def _round(face: Face, stop: threading.Event) -> Any:
    """All that is due, job by job, so that a stop waits for one job and not for all."""
    from engine.work.worker import Done, work

    whole = Done(0, 0, 0)
    with Progress(face.text("Jobs")) as progress:
        while not stop.is_set():
            done = work(face.engine, limit=1)
            if done == Done(0, 0, 0):
                break
            whole = Done(
                whole.finished + done.finished,
                whole.put_off + done.put_off,
                whole.incidents + done.incidents,
            )
            progress.advance(whole.finished + whole.put_off)
    return whole


def _say(face: Face, done: Any) -> None:
    words = {"done": done.finished, "later": done.put_off, "incidents": done.incidents}
    following = "mouqataa incident list" if done.incidents else ""
    sentence = face.text("{done} done, {later} put off, {incidents} incidents", **words)
    face.done(done, sentence, following)
