"""What the tests share: both databases, an engine on each, a clock that the test moves."""

import gc
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


def pytest_collection_finish() -> None:
    """What ten thousand tests are made of is not gone through again at each collection of garbage:
    that took as long as the limits of an evaluation allow."""
    gc.collect()
    gc.freeze()


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
    with server_of_its_own() as server:
        yield server.address


class Server:
    """A PostgreSQL server of the tests, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.address = f"postgresql://mouqataa@127.0.0.1:{self.port}"

    @contextmanager
    def copied(self) -> Iterator["Server"]:
        """A standby that follows this server by streaming."""
        folder = Path(tempfile.mkdtemp(prefix="mouqataa-pg-"))
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _as_postgres("pg_basebackup", "-D", f"{folder}/data", "-d", f"{self.address}/postgres",
                     "-R", "-X", "stream", "-c", "fast", "--no-sync")  # fmt: skip
        with _started(Server(folder)) as server:
            yield server

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        _as_postgres("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o",
                     options, "start")  # fmt: skip

    def stop(self, how: str = "immediate") -> None:
        """End it at once, as a crash does, or "fast": in good order, its clients cut off."""
        _as_postgres("pg_ctl", "-D", f"{self.folder}/data", "-m", how, "stop")

    def configure(self, **settings: str) -> None:
        """Set settings that need no restart."""
        for name, value in settings.items():
            self.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)

    def execute(self, statement: str) -> list[Any]:
        import psycopg

        with psycopg.connect(f"{self.address}/postgres", autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def cancel_waiting(self) -> None:
        """Let no commit wait for its standby any longer, once one does."""
        waits = "wait_event = 'SyncRep'"
        while not self.execute(
            f"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE {waits}"
        ):
            time.sleep(0.05)


@contextmanager
def server_of_its_own(parent: Path | None = None) -> Iterator[Server]:
    """A server that a test may stop and set as it likes; its folder lies in `parent`."""
    folder = Path(tempfile.mkdtemp(prefix="mouqataa-pg-", dir=parent))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    _as_postgres("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "mouqataa", "--no-sync",
                 "--locale=C.UTF-8")  # fmt: skip
    with _started(Server(folder)) as server:
        yield server


@contextmanager
def _started(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


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
    with made_engine(database, tmp_path, clock) as made:
        yield made


@contextmanager
def made_engine(
    database: str, folder: Path, clock: Callable[[], datetime], **more: str
) -> Iterator[Engine]:
    """An engine on a founded database, with more settings."""
    environ = {"MOUQATAA_DATA": str(folder), "MOUQATAA_DATABASE": database}
    yield from _engine(load(environ=environ, flags=more), clock)


@pytest.fixture
def sqlite(settings: Settings, clock: Clock) -> Iterator[Engine]:
    """An engine on SQLite alone, for what does not depend on the database."""
    yield from _engine(settings, clock)


def _engine(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Engine]:
    found(settings, city("casablanca"), "admin", specimen=False)
    made = Engine(settings, clock)
    try:
        yield made
    finally:
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
