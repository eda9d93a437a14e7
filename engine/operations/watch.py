"""A limit of time on a conversation: when it is over the connection is cut, wherever it stands."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Timer

from engine.operations.operation import Unanswered
from engine.settings import Settings


class Watch:
    """Cuts the connection that it is given when the time is over.

    A time limit of the socket alone begins anew with each byte: a side that sends one a second
    would hold a worker for hours.
    """

    def __init__(self, host: str, seconds: float) -> None:
        self._host, self._seconds = host, seconds
        self._over = Event()
        self.sock: socket.socket | None = None

    def cut(self) -> None:
        """The time is over."""
        self._over.set()
        if self.sock is not None:
            try:
                # Not SSLSocket's own, which would drop the encryption under a reader's feet.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
            except OSError:
                return  # closed already

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
