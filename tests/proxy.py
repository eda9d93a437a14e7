"""A TCP proxy before a PostgreSQL server, that cuts connections where a test wants it.

It reads just enough of what passes to know a COMMIT: `cut("before")` ends the connection before the
server hears of it, `cut("after")` once the server has answered and before the client hears.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_COMMIT, _PIECE = b"COMMIT", 1 << 16


class Proxy:
    """Listens on a port of its own; `address` is what a client writes instead of the server's."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._server = (str(parts.hostname), int(parts.port or 5432))
        self._loop = asyncio.new_event_loop()
        self._armed: list[str] = []
        self._open: set[asyncio.StreamWriter] = set()
        self._listening: asyncio.Server | None = None
        self.port, self.commits, self.cuts, self.connections = 0, 0, 0, 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._listen())
        self.address = server.replace(f":{parts.port}", f":{self.port}")

    # -- what a test asks --

    def cut(self, when: str, times: int = 1) -> None:
        """End the next so many commits "before" or "after" the server has had them."""
        self._armed += [when] * times

    def drop(self) -> None:
        """End every connection that stands."""
        self._do(self._dropped())

    def refuse(self) -> None:
        """End every connection and take no new one, until `accept`."""
        self._do(self._deaf())

    def accept(self) -> None:
        """Listen again."""
        self._do(self._listen())

    def close(self) -> None:
        """End all."""
        self._do(self._deaf())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # -- inside the loop --

    def _do(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)  # type: ignore[arg-type]

    async def _listen(self) -> None:
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def _deaf(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        await self._dropped()

    async def _dropped(self) -> None:
        self._drop()
        await asyncio.sleep(0.05)

    def _drop(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back, forth = await asyncio.open_connection(*self._server)
        except OSError:
            writer.transport.abort()
            return
        self.connections += 1
        both = {writer, forth}
        self._open |= both
        try:
            answers = asyncio.create_task(self._pass(back, writer))
            await self._ask(reader, forth, answers)
            answers.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await answers
        finally:
            self._open -= both
            for end in both:
                end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
        writer.transport.abort()

    async def _ask(
        self, reader: asyncio.StreamReader, forth: asyncio.StreamWriter, answers: asyncio.Task[None]
    ) -> None:
        """Pass on what the client says, up to a commit that is to be cut."""
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                when = ""
                if _COMMIT in piece:
                    self.commits += 1
                    when = self._armed.pop(0) if self._armed else ""
                if when:
                    self.cuts += 1
                if when == "before":
                    return
                if when == "after":
                    answers.cancel()  # the client hears nothing any more
                    await asyncio.sleep(0)
                forth.write(piece)
                await forth.drain()
                if when == "after":
                    await asyncio.sleep(0.2)  # long enough for a commit on this machine
                    return


@contextmanager
def proxied(server: str) -> Iterator[Proxy]:
    """A proxy for the length of a test."""
    proxy = Proxy(server)
    try:
        yield proxy
    finally:
        proxy.close()
