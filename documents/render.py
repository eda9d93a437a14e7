"""Certificates as PDF/A-3a, made by a warm worker process that can be killed."""

import atexit
import math
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documents import wire
from documents.errors import DocumentError, DocumentUnavailable

MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Limits:
    """What one rendering may use: seconds of wall clock and of CPU, bytes of memory; and give:
    pages, bytes of the file."""

    seconds: float = 30.0
    cpu_seconds: int = 20
    memory: int = 1536 * 1024 * 1024
    pages: int = 50
    bytes: int = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file. The same template, files and data give the same bytes."""

    pdf: bytes
    sha256: str
    pages: int


class Renderer:
    """One worker process, started at first use and again after it died. Safe between threads."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the running worker, None when there is none."""
        worker = self._worker
        return worker.pid if worker is not None and worker.poll() is None else None

    def render(
        self, template: str, files: Mapping[str, bytes], data: Mapping[str, object]
    ) -> Rendered:
        """Fill `files[template]` with `data`, plain values only.

        Raises DocumentError when template, files or data must change, DocumentUnavailable when
        the worker died or ran out of its limits.
        """
        request = {
            "template": template,
            "files": dict(files),
            "data": _plain(data, "data"),
            "cpu_seconds": self.limits.cpu_seconds,
            "pages": self.limits.pages,
        }
        try:
            frame = wire.pack(request)
        except ValueError as error:
            raise DocumentError(
                str(error), remedy="use smaller files or fewer data", code="too-large"
            ) from error
        with self._lock:
            reply = self._ask(frame)
        if "error" in reply:
            lacking = reply["error"]["code"] == "unavailable"
            raise (DocumentUnavailable if lacking else DocumentError)(**reply["error"])
        if len(reply["pdf"]) > self.limits.bytes:
            raise DocumentError(
                f"the file has {len(reply['pdf'])} bytes, more than {self.limits.bytes}",
                remedy="use smaller images",
                code="bytes",
                place=template,
            )
        return Rendered(reply["pdf"], reply["sha256"], reply["pages"])

    def close(self) -> None:
        """End the worker; a later render starts another."""
        with self._lock:
            self._stop()

    def _ask(self, frame: bytes) -> dict[str, Any]:
        worker = self._running()
        if worker.stdin is None or worker.stdout is None:
            raise AssertionError("the worker is started with pipes")
        late = threading.Event()

        def expire() -> None:
            late.set()
            worker.kill()

        clock = threading.Timer(self.limits.seconds, expire)
        clock.daemon = True
        clock.start()
        reply = None
        try:
            worker.stdin.write(frame)
            worker.stdin.flush()
            reply = wire.receive(worker.stdout)
        except OSError:
            reply = None
        finally:
            clock.cancel()
            if reply is None:
                self._stop()
        if reply is not None:
            return reply
        if late.is_set():
            raise DocumentUnavailable(
                f"the document took more than {self.limits.seconds:g} s",
                remedy="simplify the template or raise the time limit",
                code="timeout",
            )
        raise DocumentUnavailable(
            f"the document worker ended with status {worker.returncode}",
            remedy="try again; if it happens again, the template needs too much time or memory",
            code="worker-died",
        )

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is None:
            return self._worker
        self._stop()
        command = [sys.executable, "-m", "documents.worker", str(self.limits.memory)]
        try:
            self._worker = subprocess.Popen(  # noqa: S603 - our own module, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError as error:
            raise DocumentUnavailable(
                f"the document worker cannot start: {error}",
                remedy="check the installation",
                code="worker-start",
            ) from error
        return self._worker

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        if worker.stdin is not None:
            with suppress(OSError):  # what is still buffered for a dead worker is of no use
                worker.stdin.close()  # an idle worker ends, and removes its folder
        try:
            worker.wait(1.0)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        if worker.stdout is not None:
            worker.stdout.close()


def render(template: str, files: Mapping[str, bytes], data: Mapping[str, object]) -> Rendered:
    """Render with the worker shared by the whole process; see `Renderer.render`."""
    return _shared.render(template, files, data)


def _environment() -> dict[str, str]:
    """Only what an interpreter needs: the worker has no business with passwords of others."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    root = str(Path(__file__).resolve().parent.parent)
    return {**kept, "PYTHONPATH": root, "PYTHONSAFEPATH": "1"}


def _plain(value: object, place: str, depth: int = 0) -> Any:
    if depth > MAX_DEPTH:
        raise DocumentError(
            "the data are nested too deeply", remedy="flatten them", code="data", place=place
        )
    if value is None or type(value) in (bool, str):
        return value
    if type(value) is int and abs(value) < 2**63:
        return value
    if type(value) is float and math.isfinite(value):
        return value
    if isinstance(value, Mapping):
        return {_key(k, place): _plain(v, f"{place}.{k}", depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value)]
    raise DocumentError(
        f"a {type(value).__name__} is not plain data",
        remedy="pass text, numbers, booleans, null, lists and objects; format dates and amounts",
        code="data",
        place=place,
    )


def _key(key: object, place: str) -> str:
    if type(key) is str:
        return key
    raise DocumentError(
        f"the key {key!r} is not text", remedy="use text keys", code="data", place=place
    )


_KEPT = (
    "PATH",
    "HOME",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "PYTHONHASHSEED",
)
_shared = Renderer()
atexit.register(_shared.close)
