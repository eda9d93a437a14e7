"""A database that lets nobody write: questions are answered, commands say so and change nothing."""

import multiprocessing
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.commands import cases, checks, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.settings import Settings, load
from engine.store import tables as t
from engine.transaction import By
from engine.work.founding import found
from engine.work.worker import SYSTEM
from processes.catalogue import city
from tests.conftest import POSTGRESQL, Server, deploy, hiring, server_of_its_own
from tests.engine.test_engine import SIGNED, rows, start
from tests.reliability.invariants import broken

pytestmark = pytest.mark.slow
DESK, NOBODY = By("nadia", channel="test"), 65534


def founded(settings: Settings) -> cases.Started:
    """A house with one case; nobody has the database open afterwards."""
    found(settings, city("casablanca"), "admin", specimen=False)
    engine = Engine(settings)
    deploy(engine, "attestation")
    begun = start(engine, hiring(engine)("nadia", "guichet", "legalisateur"))
    engine.close()
    return begun


def tried(engine: Engine, begun: cases.Started) -> list[str]:
    """What questions and commands are told, allowed ones and refused ones."""
    told = [engine.read(DESK, cases.show, begun.reference).status]
    told += [str(engine.survey(SYSTEM, checks.house, checks.Depth()).violations)]
    for by, command, args in (
        (DESK, tasks.complete, (begun.tasks[0], SIGNED)),
        (By("nadia", key="k", channel="test"), tasks.claim, (begun.tasks[0],)),
        (By("admin", channel="test"), tasks.claim, (begun.tasks[0],)),
    ):
        try:
            told.append(repr(engine.run(by, command, *args)))
        except EngineError as error:
            told.append(error.code)
    return told


READ_ONLY = ["open", "()", *["database_read_only"] * 3]


def went_on(settings: Settings, begun: cases.Started) -> None:
    """Once it is writable again, the same command is done, and nothing was left behind."""
    engine = Engine(settings)
    assert engine.run(DESK, tasks.complete, begun.tasks[0], SIGNED).case == begun.reference
    assert rows(engine, t.rejection) == []
    assert broken(engine) == []
    engine.close()


# -- SQLite --


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A disk in two places: where it can be written, and where it cannot."""
    places = (tmp_path / "disk", tmp_path / "closed")
    for place in places:
        place.mkdir()
    written, closed = map(str, places)
    for command in (["-t", "tmpfs", "-o", "size=64m", "tmpfs", written],
                    ["--bind", written, closed], ["-o", "remount,bind,ro", closed]):  # fmt: skip
        done = subprocess.run(["mount", *command], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("mounting a disk needs root")
    yield places
    subprocess.run(["umount", "-l", closed, written], check=True)


def test_a_disk_that_is_read_only_is_read_while_its_owner_has_the_database_open(
    disk: tuple[Path, Path],
) -> None:
    written, closed = (load(environ={"MOUQATAA_DATA": str(place)}) for place in disk)
    begun = founded(written)
    owner = Engine(written)
    owner.read(DESK, cases.show, begun.reference)
    engine = Engine(closed)
    assert tried(engine, begun) == READ_ONLY
    owner.close()
    engine.close()
    went_on(written, begun)


def test_a_disk_that_is_read_only_with_a_database_that_nobody_has_open_is_named(
    disk: tuple[Path, Path],
) -> None:
    """SQLite reads such a database only beside the file that its users share."""
    written, closed = (load(environ={"MOUQATAA_DATA": str(place)}) for place in disk)
    begun = founded(written)
    with pytest.raises(EngineError) as caught:
        Engine(closed)
    assert caught.value.code == "database_unreachable"
    assert "unable to open database file" in str(caught.value)
    went_on(written, begun)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path another user may walk, as that of pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="mouqataa-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _as_nobody(settings: Settings, begun: cases.Started, said: Any) -> None:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    engine = Engine(settings)
    said.put(tried(engine, begun))
    engine.close()


@pytest.mark.skipif(os.getuid() != 0, reason="becoming another user needs root")
def test_a_file_that_belongs_to_another_is_read(folder: Path) -> None:
    settings = load(environ={"MOUQATAA_DATA": str(folder)})
    begun = founded(settings)
    owner = Engine(settings)
    owner.read(DESK, cases.show, begun.reference)
    for path in folder.glob("*.db*"):
        path.chmod(0o644)
    context = multiprocessing.get_context("fork")
    said = context.Queue()
    child = context.Process(target=_as_nobody, args=(settings, begun, said))
    child.start()
    assert said.get(timeout=60) == READ_ONLY
    child.join()
    owner.close()
    went_on(settings, begun)


# -- PostgreSQL --


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not POSTGRESQL:
        pytest.skip("no PostgreSQL here")
    with server_of_its_own() as made:
        yield made


def test_a_server_that_lets_nobody_write_is_read(server: Server, tmp_path: Path) -> None:
    environ = {"MOUQATAA_DATA": str(tmp_path), "MOUQATAA_DATABASE": f"{server.address}/postgres",
               "MOUQATAA_DATABASE_RETRY_SECONDS": "1"}  # fmt: skip
    settings = load(environ=environ)
    begun = founded(settings)
    engine = Engine(settings)
    server.configure(default_transaction_read_only="on")
    assert tried(engine, begun) == READ_ONLY
    server.configure(default_transaction_read_only="off")
    engine.close()
    went_on(settings, begun)
