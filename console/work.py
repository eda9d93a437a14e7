"""mouqataa work."""

import signal
import threading
from typing import Any

import click

from console.context import Face, pass_face
from console.group import Verb


@click.command(cls=Verb)
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
@click.option("--every", default=2.0, show_default=True, help="Seconds between looks.")
@pass_face
def command(face: Face, once: bool, every: float) -> None:
    """Run the jobs that are due: render certificates, fire what waits; SIGTERM ends it softly.

    Example: mouqataa work --once
    """
    from engine.work.worker import work

    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        while not stop.is_set():
            done = work(face.engine)
            if once or done.finished or done.put_off or done.incidents:
                _say(face, done)
            if once:
                return
            stop.wait(every)
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(face: Face, done: Any) -> None:
    words = {"done": done.finished, "later": done.put_off, "incidents": done.incidents}
    following = "mouqataa incident list" if done.incidents else ""
    sentence = face.text("{done} done, {later} put off, {incidents} incidents", **words)
    face.done(done, sentence, following)
