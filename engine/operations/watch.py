"""A limit of time on a conversation: when it is over the connection is cut, wherever it stands."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from time import monotonic

from engine.operations.operation import Unanswered
from engine.settings import Settings


class Watch:
    """Cuts the connection that it is given when the time is over.

    A time limit of the socket alone begins anew with each byte: a side that sends one a second
    would hold a worker for hours.
    """

    def __init__(self, host: str, seconds: float) -> None:
        self._host, self._seconds = host, seconds
        self._over, self._end = Event(), monotonic() + seconds
        self._sock: socket.socket | None = None

    @property
    def left(self) -> float:
        """The seconds that are left; raises Unanswered where none are."""
        self.check()
        return max(self._end - monotonic(), 0.001)

    def hold(self, sock: socket.socket | None) -> None:
        """Cut this connection when the time is over, at once where it is over already."""
        self._sock = sock
        self.check()

    def cut(self) -> None:
        """The time is over."""
        self._over.set()
        if self._sock is not None:
            with suppress(OSError):  # closed already
                # Not SSLSocket's own, which would drop the encryption under a reader's feet.
                socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def check(self) -> None:
        """Raise Unanswered where the time is over: what was read may be a part only."""
        if self._over.is_set():
            raise Unanswered(
                f"{self._host} took longer than {self._seconds:g} s", perhaps_done=True
            )


@contextmanager
def watching(host: str, seconds: float) -> Iterator[Watch]:
    """A watch for so many seconds."""
    watch = Watch(host, seconds)
    timer = Timer(seconds, watch.cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
        watch.check()
    except (OSError, ValueError):
        watch.check()
        raise
    finally:
        timer.cancel()


def trusted(settings: Settings) -> ssl.SSLContext:
    """What a connection is encrypted with: certificates and names are checked, always."""
    context = ssl.create_default_context()
    if settings.authorities_file:
        try:
            context.load_verify_locations(settings.authorities_file)
        except OSError as error:
            reason = f"authorities_file cannot be read: {type(error).__name__}"
            raise Unanswered(reason, hopeless=True) from error
    return context
