"""A full disk: what was acknowledged is there, what was not says `disk_full`, and room brings it
back without anything being started again.

The disk is a small file system in memory; mounting one needs root, elsewhere this is left out.
"""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread

import pytest

from engine.commands import attachments, cases, certificates, checks, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.settings import load
from engine.store import tables as t
from engine.transaction import By
from engine.work.founding import found
from engine.work.serving import How, serve
from engine.work.worker import SYSTEM, Done, certificate_file, work
from processes.catalogue import city
from tests.conftest import Clock, deploy, hiring
from tests.engine.test_engine import APPLICATION, SIGNED, rows
from tests.reliability.invariants import broken

pytestmark = pytest.mark.slow
CLIENTS, LEFT = 4, 300_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk but for so many bytes."""
    filler = disk / "filler"
    room = os.statvfs(disk)
    with filler.open("wb", buffering=0) as stream:
        os.posix_fallocate(stream.fileno(), 0, room.f_bavail * room.f_frsize - left)
    return filler


@pytest.fixture
def house(disk: Path) -> Iterator[tuple[Engine, By]]:
    settings = load(environ={"MOUQATAA_DATA": str(disk)})
    found(settings, city("casablanca"), "admin", specimen=False)
    engine = Engine(settings)
    deploy(engine, "attestation")
    yield engine, hiring(engine)("nadia", "guichet", "legalisateur")
    engine.close()


def test_a_full_disk_loses_nothing_and_room_brings_all_back(
    disk: Path, house: tuple[Engine, By]
) -> None:
    engine, desk = house
    begun = engine.run(desk, cases.start, "attestation", APPLICATION, "MAR")
    filler = fill(disk, LEFT)
    with ThreadPoolExecutor(CLIENTS) as pool:
        found = list(pool.map(lambda n: _worked(engine, n), range(CLIENTS)))
    acknowledged = [one for answers, _ in found for one in answers]
    told = sum((codes for _, codes in found), Counter[str]())
    assert told.keys() == {"disk_full"}
    _check_no_paper_is_taken_and_none_stays(engine, desk, begun.reference)
    assert engine.read(desk, cases.show, begun.reference).status == "open"
    again = Engine(engine.settings)
    assert again.read(desk, cases.show, begun.reference).status == "open"
    again.close()
    filler.unlink()
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    engine.run(desk, attachments.add, begun.reference, "other", b"%PDF-" + b"x" * 200_000)
    _check_all_is_there(engine, acknowledged)


def _worked(engine: Engine, number: int) -> tuple[list[tuple[str, int]], Counter[str]]:
    """Begin and complete cases until the disk has been full ten times."""
    done: list[tuple[str, int]] = []
    told: Counter[str] = Counter()
    step = 0
    while told.total() < 10:
        step += 1
        try:
            by = By("nadia", key=f"{number}-{step}", channel="test")
            begun = engine.run(by, cases.start, "attestation", APPLICATION, "MAR")
            done.append((begun.reference, 0))
            engine.run(By("nadia", channel="test"), tasks.complete, begun.tasks[0], SIGNED)
            done.append((begun.reference, begun.tasks[0]))
        except EngineError as error:
            told[error.code] += 1
    return done, told


def _check_no_paper_is_taken_and_none_stays(engine: Engine, desk: By, reference: str) -> None:
    with pytest.raises(EngineError) as caught:
        engine.run(desk, attachments.add, reference, "other", b"%PDF-" + b"x" * 1_000_000)
    assert caught.value.code == "disk_full"
    assert list(attachments.file(engine.settings.files, "").parent.glob("*")) == []


def _check_all_is_there(engine: Engine, acknowledged: list[tuple[str, int]]) -> None:
    found = {row.reference for row in rows(engine, t.case)}
    closed = {row.id for row in rows(engine, t.task) if row.status == "completed"}
    assert {reference for reference, _ in acknowledged} <= found
    assert {task for _, task in acknowledged} - {0} <= closed
    depth = checks.Depth(certificate_file, replay=True)
    assert engine.survey(SYSTEM, checks.house, depth).violations == ()
    assert broken(engine) == []


def test_a_worker_rests_while_the_disk_is_full_and_goes_on_by_itself(
    disk: Path, house: tuple[Engine, By]
) -> None:
    engine, desk = house
    begun = engine.run(desk, cases.start, "attestation", APPLICATION, "MAR")
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    filler, stop, troubles = fill(disk, 0), Event(), list[EngineError]()
    given = (engine, How(idle=0.1), stop, lambda _: None, lambda _: None, troubles.append)
    worker = Thread(target=serve, args=given)
    worker.start()
    try:
        _until(lambda: troubles)
        filler.unlink()
        _until(lambda: [c for c in _issued(engine, desk) if c.status == "issued"], seconds=90)
    finally:
        stop.set()
        worker.join()
    assert {error.code for error in troubles} == {"disk_full"}
    _check_all_is_there(engine, [(begun.reference, begun.tasks[0])])
    left = {path.name for path in (engine.settings.files / "certificates").iterdir()}
    assert left == {f"{row.id}.pdf" for row in rows(engine, t.certificate)}


def test_a_certificate_that_finds_no_room_is_put_off_and_leaves_nothing(
    disk: Path, tmp_path: Path, clock: Clock
) -> None:
    """The database has room, the disk of the papers has none."""
    settings = load(environ={"MOUQATAA_DATA": str(tmp_path), "MOUQATAA_FILES": str(disk)})
    found(settings, city("casablanca"), "admin", specimen=False)
    engine = Engine(settings, clock)
    deploy(engine, "attestation")
    desk = hiring(engine)("nadia", "guichet", "legalisateur")
    begun = engine.run(desk, cases.start, "attestation", APPLICATION, "MAR")
    engine.run(desk, tasks.complete, begun.tasks[0], SIGNED)
    filler = fill(disk, 4096)
    assert work(engine) == Done(0, 1, 0)
    assert list((disk / "certificates").iterdir()) == []
    filler.unlink()
    clock.move(minutes=1)
    assert work(engine) == Done(1, 0, 0)
    _check_all_is_there(engine, [(begun.reference, begun.tasks[0])])
    engine.close()


def _issued(engine: Engine, desk: By) -> tuple[certificates.CertificateRow, ...]:
    return engine.read(desk, certificates.listing)


def _until(what: object, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
