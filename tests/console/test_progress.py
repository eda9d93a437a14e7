"""Progress is shown to a person who waits, and to nobody else."""

import io

from console.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Watch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def play(stream: io.StringIO) -> str:
    watch = Watch()
    with Progress("Tests", 60, stream=stream, clock=watch) as progress:
        for done in range(1, 31):
            watch.now += 0.1
            progress.advance(done)
        return stream.getvalue()


def test_it_appears_after_two_seconds_with_count_and_time_left() -> None:
    terminal = Terminal()
    shown = play(terminal)
    assert "Tests 20" in shown
    assert "Tests 19" not in shown
    assert "/60  0:0" in shown
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_pipe_sees_nothing() -> None:
    assert play(io.StringIO()) == ""
