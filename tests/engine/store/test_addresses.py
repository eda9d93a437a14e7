"""Addresses of several servers, as libpq has them and as SQLAlchemy does."""

import socket
import threading
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from engine.settings import load
from engine.store import addresses
from engine.store.database import connect
from engine.store.waking import Bell

SEVERAL = {"host": "one,two", "port": "5432,5433", "target_session_attrs": "read-write"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://u@one,two:5433/city", SEVERAL),
        ("postgres://u@one:5432,two:5433/city", SEVERAL),
        ("postgresql+psycopg://u@/city?host=one:5432&host=two:5433", SEVERAL),
        ("postgresql://u@/city?host=one,two&port=5432,5433", SEVERAL),
        ("postgresql://u@one,two:5433/city?target_session_attrs=any",
         SEVERAL | {"target_session_attrs": "any"}),
        ("postgresql://u@[::1]:1,[fe80::2]/city", SEVERAL | {"host": "::1,fe80::2",
         "port": "1,5432"}),
        ("postgresql://u@one/city", {"host": "one"}),
        ("postgresql://u@/city?host=/run/postgresql", {"host": "/run/postgresql"}),
    ],
)  # fmt: skip
def test_the_driver_is_told_every_server(address: str, expected: dict[str, str]) -> None:
    found = addresses.arguments(addresses.parsed(address))
    assert found == {"user": "u", "dbname": "city"} | expected


def test_a_password_may_hold_what_separates_servers() -> None:
    url = addresses.parsed("postgresql://u:a,b%40c@one:1,two:2/city?sslmode=verify-full")
    assert url.password == "a,b@c"
    assert url.query["host"] == "one,two"
    assert url.query["sslmode"] == "verify-full"


def test_a_standby_is_preferred_where_it_may_be_one() -> None:
    url = addresses.parsed("postgresql://one,two/city", addresses.STANDBY)
    assert url.query["target_session_attrs"] == "prefer-standby"


@pytest.mark.parametrize("wrong", ["postgresql://one,two:x/city", "postgresql://one,,two/city"])
def test_an_address_that_names_no_server_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="one,"):
        addresses.parsed(wrong)


def test_sqlite_is_left_as_it_is() -> None:
    assert addresses.parsed("sqlite:////srv/a,b.db").database == "/srv/a,b.db"


def test_the_password_of_several_servers_is_not_shown(tmp_path: Path) -> None:
    environ = {"MOUQATAA_DATA": str(tmp_path), "MOUQATAA_DATABASE": "postgresql://u:secret@a,b:1/c"}
    assert load(environ=environ).shown("database") == "postgresql://u:***@a,b:1/c"


@pytest.fixture
def several(postgresql: str) -> str:
    """A server that is not there, and the one that is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dead = free.getsockname()[1]
    user, _, host = postgresql.rpartition("/")[2].partition("@")
    return f"postgresql://{user}@127.0.0.1:{dead},{host}/postgres"


def test_a_dead_server_is_passed_over(several: str) -> None:
    engine = connect(several)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW transaction_read_only")).scalar() == "off"
    engine.dispose()


def test_work_is_heard_of_through_such_an_address(several: str, postgresql: str) -> None:
    bell = Bell(several)
    assert bell.wait(0.05) is False

    def ring() -> None:
        with psycopg.connect(f"{postgresql}/postgres", autocommit=True) as connection:
            connection.execute("NOTIFY mouqataa_work")

    timer = threading.Timer(0.2, ring)
    timer.start()
    rang = bell.wait(10)
    timer.join()
    bell.close()
    assert rang
