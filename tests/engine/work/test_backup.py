"""A backup taken while others write is whole; what is damaged or would overwrite is refused."""

import io
import json
import os
import stat
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import text

from engine.commands import attachments, cases, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.settings import Settings, load
from engine.store import database
from engine.transaction import By
from engine.work.backup import backup, restore
from engine.work.checking import surveyed
from engine.work.worker import work
from tests.conftest import Clock, deploy
from tests.engine.test_engine import SIGNED, Hire, start

PAPER = b"%PDF-1.4 une procuration"


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine, "attestation")
    return hire("nadia", "guichet", "legalisateur")


@pytest.fixture
def filled(engine: Engine, desk: By) -> str:
    """A case with a certificate, an attachment, and an end."""
    begun = start(engine, desk)
    engine.run(desk, attachments.add, begun.reference, "other", PAPER)
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    work(engine)
    return begun.reference


@pytest.fixture
def elsewhere(engine: Engine, tmp_path: Path) -> Settings:
    """Another folder and another database of the same kind, both empty."""
    folder = tmp_path / "elsewhere"
    environ = {"MOUQATAA_DATA": str(folder)}
    if engine._database.dialect.name == "postgresql":
        import psycopg

        server, name = engine.settings.database.rpartition("/")[0], f"t{uuid4().hex}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        environ["MOUQATAA_DATABASE"] = f"{server}/{name}"
    return load(environ=environ)


def refused(code: str, act: Callable[[], object]) -> EngineError:
    with pytest.raises(EngineError) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def names(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def test_what_was_backed_up_is_restored_elsewhere(
    engine: Engine, desk: By, filled: str, elsewhere: Settings, tmp_path: Path, clock: Clock
) -> None:
    made = backup(engine.settings, tmp_path / "b.tar", clock)
    assert (made.moment, made.files, made.missing) == (clock.now, 2, ())
    assert (made.tables["case"], made.tables["certificate"]) == (1, 1)
    done = restore(elsewhere, tmp_path / "b.tar")
    assert done.backup == made
    again = Engine(elsewhere, clock)
    try:
        assert surveyed(again, files=True, replay=True).violations == ()
        assert again.read(desk, cases.show, filled) == engine.read(desk, cases.show, filled)
        [paper] = again.read(desk, attachments.listing, filled)
        assert again.read(desk, attachments.content, paper.attachment) == PAPER
        assert start(again, desk).reference == "ATT-MAR-2026-000002"
    finally:
        again.close()


@pytest.mark.slow
def test_a_backup_taken_while_others_write_is_whole(
    engine: Engine, desk: By, elsewhere: Settings, tmp_path: Path, clock: Clock
) -> None:
    over, faults, written = Event(), [], []

    def write() -> None:
        try:
            while not over.is_set():
                begun = start(engine, desk)
                engine.run(desk, attachments.add, begun.reference, "other", PAPER)
                engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
                written.append(begun.reference)
        except Exception as error:  # noqa: BLE001 - told by the test
            faults.append(error)

    writers = [Thread(target=write) for _ in range(2)]
    for thread in writers:
        thread.start()
    while len(written) < 10 and not faults:
        over.wait(0.01)
    before = list(written)
    made = backup(engine.settings, tmp_path / "b.tar", clock)
    over.set()
    for thread in writers:
        thread.join()
    assert (faults, made.missing) == ([], ())
    restore(elsewhere, tmp_path / "b.tar")
    again = Engine(elsewhere, clock)
    try:
        done = surveyed(again, files=True, replay=True)
        assert (done.violations, done.complete) == ((), True)
        assert done.checked["case"] == made.tables["case"]
        assert all(again.read(desk, cases.show, reference) for reference in before)
    finally:
        again.close()


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_beside_it(
    engine: Engine, filled: str, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    file = folder / "b.tar"
    backup(engine.settings, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [file]
    refused("already_exists", lambda: backup(engine.settings, file))


def test_ordinary_programs_can_read_a_backup(engine: Engine, filled: str, tmp_path: Path) -> None:
    backup(engine.settings, tmp_path / "b.tar")
    subprocess.run(["tar", "xf", "b.tar"], cwd=tmp_path, check=True)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == engine._database.dialect.name
    assert names(tmp_path / "b.tar")[-2:] == ["manifest.json", "SHA256SUMS"]


def test_a_file_that_is_missing_is_named_and_the_rest_is_kept(
    engine: Engine, filled: str, tmp_path: Path, elsewhere: Settings, clock: Clock
) -> None:
    [lost] = (engine.settings.files / "attachments").iterdir()
    lost.unlink()
    made = backup(engine.settings, tmp_path / "b.tar")
    assert (made.files, made.missing) == (1, (f"attachments/{lost.name}",))
    restore(elsewhere, tmp_path / "b.tar")
    again = Engine(elsewhere, clock)
    [found] = surveyed(again, files=True).violations
    again.close()
    assert (found.code, found.where) == ("file_unreadable", filled)


def damages(file: Path) -> Iterator[tuple[str, bytes]]:
    """Places of a backup, and the backup with a byte changed there."""
    whole = file.read_bytes()
    with tarfile.open(file) as tar:
        for member in tar.getmembers():
            for place in {0, member.size // 2, member.size - 1}:
                spoilt = bytearray(whole)
                spoilt[member.offset_data + place] ^= 1
                yield member.name, bytes(spoilt)


def test_a_damaged_backup_is_refused_with_the_place_and_changes_nothing(
    engine: Engine, filled: str, elsewhere: Settings, tmp_path: Path
) -> None:
    backup(engine.settings, tmp_path / "b.tar")
    seen = set()
    for name, content in damages(tmp_path / "b.tar"):
        (tmp_path / "bad.tar").write_bytes(content)
        error = refused("backup_damaged", lambda: restore(elsewhere, tmp_path / "bad.tar"))
        place = error.details["place"]
        if name != "SHA256SUMS":  # a digest that is damaged is a digest that differs
            assert place == name
        seen.add(place)
    assert len(seen) >= 4
    assert not elsewhere.data.exists()


@pytest.mark.parametrize("part", [0, 0.2, 0.5, 0.9])
def test_a_backup_that_was_cut_off_is_refused(
    engine: Engine, filled: str, elsewhere: Settings, tmp_path: Path, part: float
) -> None:
    backup(engine.settings, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    (tmp_path / "bad.tar").write_bytes(whole[: int(len(whole) * part)])
    refused("backup_damaged", lambda: restore(elsewhere, tmp_path / "bad.tar"))
    assert not elsewhere.data.exists()


def test_an_archive_that_would_write_elsewhere_is_refused(sqlite: Engine, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bad.tar", "w") as tar:
        header = tarfile.TarInfo("files/attachments/../../../evil")
        tar.addfile(header, io.BytesIO())
    other = load(environ={"MOUQATAA_DATA": str(tmp_path / "other")})
    refused("backup_damaged", lambda: restore(other, tmp_path / "bad.tar"))


def test_nothing_that_stands_is_restored_over(
    engine: Engine, filled: str, elsewhere: Settings, tmp_path: Path
) -> None:
    backup(engine.settings, tmp_path / "b.tar")
    refused("not_empty", lambda: restore(engine.settings, tmp_path / "b.tar"))
    (elsewhere.files / "attachments").mkdir(parents=True)
    (elsewhere.files / "attachments" / "x").write_bytes(b"")
    refused("not_empty", lambda: restore(elsewhere, tmp_path / "b.tar"))
    assert (elsewhere.files / "attachments" / "x").exists()


def test_a_backup_of_the_other_kind_or_of_a_newer_schema_is_refused(
    engine: Engine, filled: str, tmp_path: Path
) -> None:
    backup(engine.settings, tmp_path / "b.tar")
    kind = engine._database.dialect.name
    address = "postgresql://nobody@127.0.0.1/x" if kind == "sqlite" else "sqlite:///{data}/x.db"
    other = load(environ={"MOUQATAA_DATA": str(tmp_path / "o"), "MOUQATAA_DATABASE": address})
    assert refused("backup_foreign", lambda: restore(other, tmp_path / "b.tar")).details[
        "kind"
    ] == kind  # fmt: skip
    with database.writing(engine._database.connect()) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup(engine.settings, tmp_path / "newer.tar")
    refused("schema_newer", lambda: restore(other, tmp_path / "newer.tar"))


def test_a_restore_that_fails_leaves_nothing_behind(
    engine: Engine, filled: str, elsewhere: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    backup(engine.settings, tmp_path / "b.tar")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.store.copying.put_back", full)
    refused("disk_full", lambda: restore(elsewhere, tmp_path / "b.tar"))
    monkeypatch.undo()
    assert [path for path in elsewhere.data.rglob("*") if path.is_file()] == []
    restore(elsewhere, tmp_path / "b.tar")


def test_a_place_that_cannot_be_written_is_refused(engine: Engine, tmp_path: Path) -> None:
    refused("disk_full", lambda: backup(engine.settings, tmp_path / "nowhere" / "b.tar"))


def test_no_database_is_made_by_backing_it_up(settings: Settings, tmp_path: Path) -> None:
    refused("database_missing", lambda: backup(settings, tmp_path / "b.tar"))
    assert not (tmp_path / "b.tar").exists()
    assert not (settings.data / "mouqataa.db").exists()


@pytest.mark.parametrize(("says", "found"), [(None, "-"), ("pg_dump (PostgreSQL) 9.6.1", "9.6")])
def test_a_client_that_is_missing_or_too_old_is_named_with_its_remedy(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str | None, found: str
) -> None:
    if engine._database.dialect.name == "sqlite":
        return  # SQLite needs no other program
    programs = tmp_path / "bin"
    programs.mkdir()
    if says is not None:
        (programs / "pg_dump").write_text(f"#!/bin/sh\necho '{says}'\n")
        (programs / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/nowhere")
    error = refused("client_missing", lambda: backup(engine.settings, tmp_path / "b.tar"))
    assert (error.details["program"], error.details["found"]) == ("pg_dump", found)
    assert f"postgresql-client-{error.details['needed']}" in error.remedy()
    assert not (tmp_path / "b.tar").exists()


def test_what_a_client_says_is_told(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine._database.dialect.name == "sqlite":
        return
    programs = tmp_path / "bin"
    programs.mkdir()
    version = "[ \"$1\" = --version ] && echo 'pg_dump 99.1' && exit"
    (programs / "pg_dump").write_text(f"#!/bin/sh\n{version}\necho broken >&2\nexit 1\n")
    (programs / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    error = refused("client_failed", lambda: backup(engine.settings, tmp_path / "b.tar"))
    assert error.details["reason"] == "broken"


def test_what_was_erased_is_not_in_the_copy_of_the_database(sqlite: Engine, tmp_path: Path) -> None:
    """Not even in pages that SQLite no longer uses."""
    with database.writing(sqlite._database.connect()) as connection, connection.begin():
        for act in ("secure_delete = OFF", "wal_autocheckpoint = 0"):
            connection.execute(text(f"PRAGMA {act}"))
        add = text("INSERT INTO installation VALUES (:name, :value)")
        for number in range(100):
            connection.execute(add, {"name": f"x{number}", "value": "Qarmoudi" * 100})
        connection.execute(text("DELETE FROM installation WHERE name LIKE 'x%'"))
    backup(sqlite.settings, tmp_path / "b.tar")
    assert b"Qarmoudi" not in (tmp_path / "b.tar").read_bytes()
