"""The database goes away and comes back, connections are cut, statements crawl: under load.

A few rounds; MOUQATAA_OUTAGES says another number.
"""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event

from engine.engine import Engine, present
from engine.settings import Settings, load
from engine.store import tables as t
from engine.transaction import By
from engine.work.backup import backup, restore
from engine.work.founding import found
from engine.work.serving import How, serve
from processes.catalogue import city
from tests.conftest import POSTGRESQL, Server, deploy, hiring, made_engine, server_of_its_own
from tests.engine.test_engine import rows, start
from tests.proxy import Proxy, proxied
from tests.reliability.load import loaded, reached
from tests.reliability.test_full import fill

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]
ROUNDS = int(os.environ.get("MOUQATAA_OUTAGES", "3"))
EACH = 10


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if not POSTGRESQL:
        assert not os.environ.get("CI"), "continuous integration must test on PostgreSQL"
        pytest.skip("no PostgreSQL here")
    with server_of_its_own() as made:
        yield made


@pytest.fixture
def name(server: Server) -> str:
    made = f"t{uuid4().hex}"
    server.execute(f"CREATE DATABASE {made}")
    return made


@pytest.fixture
def engine(server: Server, name: str, tmp_path: Path) -> Iterator[Engine]:
    with made_engine(f"{server.address}/{name}", tmp_path, present) as made:
        deploy(made, "attestation")
        hiring(made)("nadia", "guichet", "legalisateur")
        yield made


@pytest.mark.parametrize("how", ["immediate", "fast"])
def test_a_server_that_is_restarted_loses_nothing(server: Server, engine: Engine, how: str) -> None:
    """Workers too: each goes on by itself."""
    stop, troubles = Event(), list[Exception]()
    given = (engine, How(idle=0.1), stop, lambda _: None, lambda _: None, troubles.append)
    worker = Thread(target=serve, args=given)
    worker.start()
    try:
        with loaded(engine) as load:
            for _ in range(ROUNDS):
                reached(load, EACH)
                server.stop(how)
                time.sleep(0.5)
                server.start()
            reached(load, EACH)
    finally:
        stop.set()
        worker.join()
    load.check()
    assert worker_done(engine)


def worker_done(engine: Engine) -> bool:
    """Whether certificates were made while the server came and went."""
    return any(row.status == "issued" for row in rows(engine, t.certificate))


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    with proxied(server.address) as made:
        yield made


@pytest.fixture
def behind(engine: Engine, proxy: Proxy, name: str, tmp_path: Path) -> Iterator[Engine]:
    """A second engine on the same database, that reaches it through the proxy."""
    environ = {"MOUQATAA_DATA": str(tmp_path), "MOUQATAA_DATABASE": f"{proxy.address}/{name}"}
    made = Engine(load(environ=environ))
    yield made
    made.close()


def test_commits_that_are_cut_in_either_direction_are_done_once(
    behind: Engine, proxy: Proxy
) -> None:
    chance = random.Random(20260302)
    with loaded(behind) as load:
        for _ in range(ROUNDS * 10):
            reached(load, 1)
            proxy.cut(chance.choice(("before", "after")), times=chance.randint(1, 4))
            if chance.random() < 0.2:
                proxy.drop()
        reached(load, EACH)
        proxy._armed.clear()
    assert proxy.cuts >= ROUNDS * 10
    load.check()
    assert load.told.keys() <= {"outcome_unknown", "database_unreachable"}


@pytest.fixture
def slow(engine: Engine) -> Iterator[None]:
    """Every statement takes twenty milliseconds longer."""

    def wait(*_: object) -> None:
        time.sleep(0.02)

    event.listen(engine._database, "before_cursor_execute", wait)
    yield
    event.remove(engine._database, "before_cursor_execute", wait)


def test_a_slow_database_is_slow_and_no_more(engine: Engine, slow: None) -> None:
    """With workers whose leases are short: each job is done once, and people are answered."""
    engine.settings = replaced(engine.settings)
    stop = Event()
    workers = [
        Thread(target=serve, args=(engine, How(idle=0.1, tidies=False), stop, lambda _: None))
        for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    try:
        with loaded(engine, clients=4) as load:
            reached(load, EACH)
        end = time.monotonic() + 120
        while any(row.status != "completed" for row in rows(engine, t.job)):
            assert time.monotonic() < end, "the workers came to no end"
            time.sleep(0.2)
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    load.check()
    assert load.slowest < 10
    assert all(row.status == "issued" for row in rows(engine, t.certificate))
    issued = [row.case_id for row in rows(engine, t.event) if row.kind == "certificate.issued"]
    assert len(issued) == len(set(issued)) == len(load.done)
    assert rows(engine, t.incident) == []


def replaced(settings: Settings) -> Settings:
    """The same settings with the shortest leases."""
    return replace(settings, lease_seconds=2)


def test_a_file_that_a_restore_put_in_its_place_is_used_when_people_come_back(
    tmp_path: Path,
) -> None:
    """SQLite: everybody stops, the file is lost, a backup is put back, everybody goes on."""
    settings = load(environ={"MOUQATAA_DATA": str(tmp_path / "house")})
    found(settings, city("casablanca"), "admin", specimen=False)
    engine = Engine(settings)
    deploy(engine, "attestation")
    hiring(engine)("nadia", "guichet", "legalisateur")
    with loaded(engine, clients=4) as before:
        reached(before, EACH)
    before.check()
    backup(settings, tmp_path / "b.tar")
    start(engine, By("nadia", channel="test"))
    engine.close()
    shutil.rmtree(tmp_path / "house")
    restore(settings, tmp_path / "b.tar")
    engine = Engine(settings)
    assert {row.reference for row in rows(engine, t.case)} == {one for one, _ in before.done}
    with loaded(engine, clients=4) as after:
        after.sent += before.sent
        after.done += before.done
        reached(after, 1)
    engine.close()


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of 192 megabytes, for the data of a server."""
    if not POSTGRESQL:
        pytest.skip("no PostgreSQL here")
    with tempfile.TemporaryDirectory(prefix="mouqataa-") as name:
        place = Path(name)
        place.chmod(0o755)
        command = ["mount", "-t", "tmpfs", "-o", "size=192m,mode=1777", "tmpfs", name]
        if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("mounting a disk needs root")
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", name], check=True)


def test_a_server_whose_disk_is_full_loses_nothing(disk: Path, tmp_path: Path) -> None:
    """It may give up for want of room for its log; then it is started again once there is some."""
    with server_of_its_own(disk) as server:
        server.execute("CREATE DATABASE house")
        database = f"{server.address}/house"
        with made_engine(database, tmp_path, present, database_retry_seconds="1") as engine:
            deploy(engine, "attestation")
            hiring(engine)("nadia", "guichet", "legalisateur")
            with loaded(engine, clients=4) as load:
                reached(load, EACH)
                filler = fill(disk, 100_000)
                end = time.monotonic() + 60
                while load.told.total() < 10:
                    assert time.monotonic() < end, "it was never full"
                    time.sleep(0.1)
                filler.unlink()
                if not answers(server):
                    server.start()
                reached(load, EACH)
            load.check()
            known = {"disk_full", "database_unreachable", "outcome_unknown"}
            assert load.told.keys() <= known


def answers(server: Server) -> bool:
    try:
        return bool(server.execute("SELECT 1"))
    except psycopg.OperationalError:
        return False
