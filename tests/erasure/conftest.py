"""One play and one erasure of it on each kind of database, for all the tests that only look."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from engine.engine import Engine
from engine.settings import load
from engine.work.founding import found
from processes.catalogue import city
from tests.conftest import Clock, hiring
from tests.erasure import erasing, playing


@dataclass(frozen=True, slots=True)
class House:
    """A database with all its files, and what was played in it."""

    engine: Engine
    folder: Path
    played: playing.Played


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def full(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house in which everything stands that will be erased."""
    yield from _house(kind, request, tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def bare(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The same house after the person was erased."""
    for house in _house(kind, request, tmp_path_factory.mktemp("bare")):
        erasing.erase(house.engine, playing.CIN, house.played.plain)
        yield house


@pytest.fixture
def fresh(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A house of the test's own, to do something in."""
    yield from _house(kind, request, tmp_path)


def _house(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[House]:
    settings = load(
        environ={"MOUQATAA_DATA": str(folder), "MOUQATAA_DATABASE": _address(kind, request, folder)}
    )
    clock = Clock()
    found(settings, city("casablanca"), "admin", specimen=False)
    engine = Engine(settings, clock)
    yield House(engine, folder, playing.play(engine, hiring(engine), clock))
    engine.close()


def _address(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder}/test.db"
    import psycopg

    server, name = request.getfixturevalue("postgresql"), f"t{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"
