"""Clients and workers as processes of their own, which write down what they were told and when.

`python -m tests.reliability.clients client NAME PAUSE` begins cases with keys and completes their
first task; whoever is not answered asks again with the same key until it is. `worker` does due
jobs. Both end softly when they are asked to; times are seconds of the machine's monotonic clock.
"""

import signal
import sys
import time
from threading import Event

from engine.commands import cases, tasks
from engine.engine import Engine
from engine.errors import EngineError, Kind
from engine.settings import load
from engine.transaction import By
from engine.work.serving import How, serve
from tests.engine.commands.house import APPLICATION


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, (*words, f"{time.monotonic():.4f}"))) + "\n")
    sys.stdout.flush()


def client(engine: Engine, name: str, pause: float, stop: Event) -> None:
    """Begin and complete, again and again."""
    number = 0
    while not stop.wait(pause):
        number += 1
        key = f"{name}-{number}"
        say("start", key)
        begun = insist(engine, key, cases.start, "essai", APPLICATION, "MAR")
        say("started", key, begun.reference, begun.tasks[0])
        insist(engine, f"{key}-done", tasks.complete, begun.tasks[0], {})
        say("completed", key, begun.reference, begun.tasks[0])


def insist(engine: Engine, key: str, command: object, *args: object) -> object:
    """Ask with one key until there is an answer."""
    while True:
        try:
            return engine.run(By("nadia", key=key, channel="test"), command, *args)
        except EngineError as error:
            if error.kind is not Kind.UNAVAILABLE:
                raise
            say("unanswered", key, error.code)
            time.sleep(0.2)


def worker(engine: Engine, stop: Event) -> None:
    """Do what is due, through every outage."""
    while not stop.is_set():
        try:
            serve(engine, How(idle=0.2), stop, lambda done: say("worked", done.finished))
        except EngineError as error:
            if error.kind is not Kind.UNAVAILABLE:
                raise
            say("unanswered", "worker", error.code)
            time.sleep(0.2)


def main() -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sort, name, pause = sys.argv[1:4]
    engine = Engine(load())
    say("ready")
    if sort == "client":
        client(engine, name, float(pause), stop)
    else:
        worker(engine, stop)
    engine.close()


if __name__ == "__main__":
    main()
