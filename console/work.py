"""mouqataa work."""

import signal
import threading

import click

from console.context import Face, pass_face


@click.command()
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
@click.option("--every", default=2.0, help="Seconds between looks when nothing is due.")
@pass_face
def command(face: Face, once: bool, every: float) -> None:
    """Run the jobs that are due: render certificates, fire what waits.

    Example: mouqataa work --once
    """
    from engine.work.worker import work

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.is_set():
        done = work(face.engine)
        if once or done.finished or done.put_off or done.incidents:
            face.show(
                done, f"{done.finished} done, {done.put_off} put off, {done.incidents} incidents"
            )
        if once:
            return
        stop.wait(every)
