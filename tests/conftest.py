"""What the tests share: both databases, an engine on each, a clock that the test moves."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from engine.commands import actors, procedures
from engine.engine import Engine
from engine.settings import Settings, load
from engine.transaction import By
from engine.work.founding import FOUNDER, found
from processes.bundle import Bundle
from processes.catalogue import city, folders

POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server of our own, for the length of the tests."""
    if not POSTGRESQL:
        assert not os.environ.get("CI"), "continuous integration must test on PostgreSQL"
        pytest.skip("no PostgreSQL here")
    folder = Path(tempfile.mkdtemp(prefix="mouqataa-pg-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    _as_postgres("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "mouqataa", "--no-sync",
                 "--locale=C.UTF-8")  # fmt: skip
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _as_postgres("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options,
                 "start")  # fmt: skip
    try:
        yield f"postgresql://mouqataa@127.0.0.1:{port}"
    finally:
        _as_postgres("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(program: str, *arguments: str) -> None:
    command = [str(POSTGRESQL[-1] / program), *arguments]
    if os.getuid() == 0:  # the server refuses to run as root
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.db"
    import psycopg

    server = request.getfixturevalue("postgresql")
    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings on SQLite in a folder of the test's own."""
    return load(environ={"MOUQATAA_DATA": str(tmp_path)})


@pytest.fixture
def engine(database: str, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    """An engine on a founded database of each kind, no procedure deployed."""
    environ = {"MOUQATAA_DATA": str(tmp_path), "MOUQATAA_DATABASE": database}
    yield from _engine(load(environ=environ), clock)


@pytest.fixture
def sqlite(settings: Settings, clock: Clock) -> Iterator[Engine]:
    """An engine on SQLite alone, for what does not depend on the database."""
    yield from _engine(settings, clock)


def _engine(settings: Settings, clock: Clock) -> Iterator[Engine]:
    found(settings, city("casablanca"), "admin", specimen=False)
    made = Engine(settings, clock)
    yield made
    made.close()


ADMIN = By("admin", channel="test")


@pytest.fixture
def hire(engine: Engine) -> Callable[..., By]:
    """A function that registers someone with roles in an office: `hire("nadia", "guichet")`."""
    return hiring(engine)


def hiring(engine: Engine) -> Callable[..., By]:
    """The same for an engine of one's own."""

    def hire(login: str, *roles: str, office: str = "MAR") -> By:
        engine.run(FOUNDER, actors.add, login, login.title())
        for role in roles:
            engine.run(FOUNDER, actors.grant, login, role, office)
        return By(login, channel="test")

    return hire


def bundle(folder: str) -> Bundle:
    """A bundle of tests/bundles, or of the catalogue."""
    own = Path(__file__).parent / "bundles" / folder
    return Bundle.read(own if own.is_dir() else folders()[folder])


def deploy(engine: Engine, folder: str) -> Any:
    return engine.run(ADMIN, procedures.deploy, bundle(folder))
