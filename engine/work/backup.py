"""Backup and restore: the database as of one moment, every file that its rows name, a manifest.

The database is copied first and the files after it: a file is written before the row that names
it, so each row of the copy finds its file.  What is restored is restored where nothing is.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.commands import attachments
from engine.engine import present
from engine.errors import EngineError
from engine.history import archives
from engine.settings import Settings
from engine.store import copying, database, schema
from engine.store.database import Database
from engine.version import VERSION
from engine.work import archive, files
from engine.work.worker import certificate_file

FORMAT = 1
_KINDS = ("attachments", "certificates", archives.FOLDER)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: of when, of which schema and program, rows by table, files.

    `missing` are files that a row names and that were not there.
    """

    file: str
    moment: datetime
    schema: str
    program: str
    tables: Mapping[str, int]
    files: int
    missing: tuple[str, ...]


def backup(settings: Settings, target: Path, clock: Callable[[], datetime] = present) -> Backup:
    """Write a backup of all that these settings name; nobody has to stop."""
    target = target.absolute()
    with _database(settings) as connected, _writable(), _beside(target.parent) as folder:
        schema.exists(connected)
        moment, kind = clock(), connected.dialect.name
        with (
            archive.writing(target, folder / archive.SUMS, moment.timestamp()) as out,
            copying.copied(connected, folder / archive.DATABASE[kind]) as copy,
        ):
            out.add(archive.DATABASE[kind], copy.file)
            papers = ((name, out.add(f"files/{name}", p)) for name, p in _papers(settings, copy))
            missing = tuple(name for name, there in papers if not there)
            told = Backup(
                str(target), moment, copy.revision, VERSION, copy.tables, out.count - 1, missing
            )
            out.finish({
                "format": FORMAT, "kind": kind, "moment": moment.isoformat(),
                "schema": told.schema, "program": told.program, "tables": dict(told.tables),
                "files": told.files, "missing": list(missing),
            })  # fmt: skip
    return told


def _papers(settings: Settings, copy: copying.Copy) -> Iterator[tuple[str, Path]]:
    """The file of every paper, with its name inside the folder of files."""
    for key in copy.attachments():
        yield f"attachments/{key}", attachments.file(settings.files, key)
    for key in copy.certificates():
        file = certificate_file(settings.files, key)
        yield f"certificates/{file.name}", file
    for name in copy.histories():
        yield f"{archives.FOLDER}/{name}", settings.files / archives.FOLDER / name


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where to."""

    backup: Backup
    database: str
    folder: str


def restore(settings: Settings, source: Path) -> Restored:
    """Put a backup back where these settings point; refused where anything stands there.

    The whole archive is read and compared with its digests before anything is written.
    """
    told = archive.verified(source)
    with _database(settings) as connected:
        _fits(connected, source, told)
        _vacant(settings, connected)
        with _writable():
            _unpacked(settings, connected, source)
        with connected.connect() as connection:
            found = copying.counts(connection)
    for name, count in told["tables"].items():
        if found.get(name) != count:
            raise EngineError("backup_damaged", file=str(source), place=name)
    made = Backup(
        str(source), datetime.fromisoformat(told["moment"]), told["schema"], told["program"],
        told["tables"], told["files"], tuple(told["missing"]),
    )  # fmt: skip
    return Restored(made, settings.shown("database"), str(settings.files))


def _fits(connected: Database, source: Path, told: Mapping[str, Any]) -> None:
    if told["format"] != FORMAT or told["schema"] > schema.REVISION:
        raise EngineError("schema_newer", current=told["schema"], needed=schema.REVISION)
    if told["kind"] != connected.dialect.name:
        raise EngineError("backup_foreign", file=str(source), kind=told["kind"])


def _vacant(settings: Settings, connected: Database) -> None:
    """Refuse to restore over anything: what stands there may be all that somebody has."""
    if not copying.empty(connected):
        raise EngineError("not_empty", place=settings.shown("database"))
    for kind in _KINDS:
        folder = settings.files / kind
        if folder.is_dir() and any(folder.iterdir()):
            raise EngineError("not_empty", place=str(folder))


def _unpacked(settings: Settings, connected: Database, source: Path) -> None:
    """Files first, the database after them; where it fails, nothing of it stays."""
    for folder in (settings.data, settings.files):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with _beside(settings.data) as folder:
            for kind in _KINDS:
                (settings.files / kind).mkdir(exist_ok=True, mode=0o700)
            for member in archive.members(source):
                if member.name.startswith("files/"):
                    member.save(settings.files / member.name.removeprefix("files/"))
                elif member.name in archive.DATABASE.values():
                    member.save(folder / member.name)
            for kind in _KINDS:
                files.lasting(settings.files / kind)
            copying.put_back(connected, folder / archive.DATABASE[connected.dialect.name])
    except BaseException:
        for kind in _KINDS:
            shutil.rmtree(settings.files / kind, ignore_errors=True)
        raise


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    connected = database.connect(settings.database)
    try:
        yield connected
    finally:
        connected.dispose()


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder for what is not finished, on the same disk, that nobody else can open."""
    made = Path(tempfile.mkdtemp(prefix=".mouqataa-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EngineError("disk_full", reason=error.strerror or str(error)) from error
