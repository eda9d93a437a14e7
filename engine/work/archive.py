"""The file of a backup: a plain tar archive that any machine can open without this program.

Its members, in order: the database, `files/…` (each paper), `manifest.json`, `SHA256SUMS`. The last
covers all before it, in the form of sha256sum, and only an archive that was finished has it.
"""

import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from engine.errors import EngineError
from engine.work.files import lasting

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
DATABASE = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_NAMES = re.compile(
    r"database\.(sqlite|dump)|files/(attachments|certificates)/\w+(\.pdf)?"
    r"|files/histories/[\w-]+\.jsonl|manifest\.json|SHA256SUMS"
)
_CHUNK = 1 << 20


class _Hashing:
    """A stream that is digested as it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.digest = stream, sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self.digest.update(piece)
        return piece


class Writer:
    """An archive in the making; the digests of its members lie in a file until it is finished."""

    def __init__(self, tar: tarfile.TarFile, sums: IO[bytes], moment: float) -> None:
        self._tar, self._sums, self._moment = tar, sums, moment
        self.count = 0

    def add(self, name: str, path: Path) -> bool:
        """Add a file under a name; False where it is not there."""
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            return False
        with stream:
            self._member(name, stream, os.fstat(stream.fileno()).st_size)
        return True

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Add the manifest and, last, the digests of all that was added."""
        content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self._member(MANIFEST, BytesIO(content), len(content))
        size = self._sums.tell()
        self._sums.seek(0)
        self._tar.addfile(self._header(SUMS, size), self._sums)

    def _member(self, name: str, stream: IO[bytes], size: int) -> None:
        hashing: Any = _Hashing(stream)
        self._tar.addfile(self._header(name, size), hashing)
        self._sums.write(_line(hashing.digest.hexdigest(), name))
        self.count += 1

    def _header(self, name: str, size: int) -> tarfile.TarInfo:
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size, 0o600, self._moment
        return header


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


@contextmanager
def writing(target: Path, sums: Path, moment: float) -> Iterator[Writer]:
    """Write an archive under another name, make it last, and only then give it its own."""
    if target.exists():
        raise EngineError("already_exists", what=str(target))
    draft = target.with_name(f".{target.name}.{token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream, sums.open("w+b") as lines:
            with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar, lines, moment)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
        lasting(target.parent)
    finally:
        draft.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an archive, to be read before the next one is asked for.

    Reading raises EngineError, with the place, where the archive breaks off.
    """

    name: str
    place: str
    source: Path
    stream: IO[bytes]

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, a megabyte at a time."""
        try:
            while piece := self.stream.read(_CHUNK):
                yield piece
        except (tarfile.TarError, EOFError) as error:
            raise _damaged(self.source, self.place) from error

    def digest(self) -> str:
        """The SHA-256 of its bytes, in hexadecimal."""
        found = sha256()
        for piece in self.pieces():
            found.update(piece)
        return found.hexdigest()

    def save(self, path: Path) -> None:
        """Write it to a file that is not there yet, and make it last."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            for piece in self.pieces():
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())


def _damaged(source: Path, place: str) -> EngineError:
    return EngineError("backup_damaged", file=str(source), place=place)


def members(source: Path) -> Iterator[Member]:
    """The members of an archive in order; raises EngineError, with the place, where it breaks."""
    last = "byte 0"
    try:
        with tarfile.open(source, mode="r:") as tar:
            for header in tar:
                last = f"{header.name} (byte {header.offset})"
                stream = tar.extractfile(header) if header.isreg() else None
                if stream is None or not _NAMES.fullmatch(header.name):
                    raise _damaged(source, last)
                yield Member(header.name, last, source, stream)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise _damaged(source, last) from error


def verified(source: Path) -> dict[str, Any]:
    """The manifest of an archive of which every member is as it was written.

    What is noted at its end is compared as a whole, so that no list of digests is ever held.
    """
    running, manifest, last = sha256(), b"", "nothing"
    for member in members(source):
        last = member.name
        if last == SUMS:
            if not manifest or member.digest() != running.hexdigest():
                raise _damaged(source, _differing(source))
            found: dict[str, Any] = json.loads(manifest)
            return found
        if last == MANIFEST:
            manifest = b"".join(member.pieces())
        digest = sha256(manifest).hexdigest() if last == MANIFEST else member.digest()
        running.update(_line(digest, last))
    raise _damaged(source, f"its end, after {last}")


def _differing(source: Path) -> str:
    """The first member whose digest is not the one that was noted for it."""
    noted = next(b"".join(m.pieces()) for m in members(source) if m.name == SUMS).splitlines(True)
    for line, member in zip(noted, members(source), strict=False):
        if _line(member.digest(), member.name) != line:
            return member.name
    return SUMS
