"""Looking for a text in a whole database and all its files, in every guise it may have there."""

import base64
import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile, is_zipfile

from sqlalchemy import inspect

from documents import dates
from engine.engine import Engine
from engine.store.folding import fold


def found(engine: Engine, folder: Path, secrets: Iterable[str]) -> dict[str, set[str]]:
    """Where each of these texts still stands: text -> places; empty where it stands nowhere."""
    return among([*_columns(engine), *_files(folder)], secrets)


def among(contents: Iterable[tuple[str, bytes]], secrets: Iterable[str]) -> dict[str, set[str]]:
    """The same among contents, each with the name of its place."""
    guises = {secret: tuple(_guises(secret)) for secret in secrets}
    places: dict[str, set[str]] = {}
    for place, content in contents:
        for layer in _layers(content):
            small = layer.lower()
            for secret, forms in guises.items():
                if any(form in small or form in layer for form in forms):
                    places.setdefault(secret, set()).add(place)
    return places


def raw(folder: Path, secrets: Iterable[str]) -> set[str]:
    """Which of these texts stand in the files of a folder, as they are or folded for search."""
    whole = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {s for s in secrets if s.encode() in whole or fold(s).encode() in whole}


def _columns(engine: Engine) -> Iterator[tuple[str, bytes]]:
    """Every value of every table that the database has, ours or not, as bytes."""
    with engine._database.connect() as connection:
        names = inspect(connection).get_table_names()
        if connection.dialect.name == "sqlite":
            names.append("sqlite_master")
        for name in names:
            result = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
            columns = list(result.keys())
            for row in result:
                for column, value in zip(columns, row, strict=True):
                    yield f"{name}.{column}", _bytes(value)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"file {path.suffix or path.parent.name}", path.read_bytes()
        yield "name of a file", path.name.encode()


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


def _layers(content: bytes) -> Iterator[bytes]:
    """The content, what is packed in it, and its text composed and folded."""
    yield content
    if content[:2] in (b"x\x9c", b"x\xda", b"x\x01"):
        with suppress(zlib.error):  # a digest may begin so by chance, and nothing is packed in it
            yield zlib.decompress(content)
    if content.startswith(b"PK") and is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    text = content.decode(errors="ignore")
    if not text.isascii():
        yield unicodedata.normalize("NFKC", text).casefold().encode()
        yield fold(text).encode()


def _guises(secret: str) -> Iterator[bytes]:
    """A text as somebody may have written it down, in small letters where it has any."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", secret):
        day = date.fromisoformat(secret)
        written = ("%Y%m%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y, %-m, %-d")
        yield from (day.strftime(form).encode() for form in written)
        yield from (text.encode() for text in (dates.french(day), dates.arabic(day)))
    for text in {secret, unicodedata.normalize("NFD", secret), fold(secret)}:
        small = text.casefold()
        yield small.encode()
        yield from (small.encode(code) for code in ("utf-16-le", "utf-16-be"))
        yield json.dumps(small)[1:-1].encode()
        yield quote(small).lower().encode()
    for text in {secret, secret.upper(), secret.casefold(), fold(secret)}:
        yield text.encode().hex().encode()
        yield from (_base64(text.encode(), shift).lower() for shift in range(3))


def _base64(content: bytes, shift: int) -> bytes:
    """The letters that this content always has inside a longer base64 text."""
    padded = base64.b64encode(b"\0" * shift + content)
    return padded[(0, 2, 3)[shift] : -4] if len(content) > 6 else padded
