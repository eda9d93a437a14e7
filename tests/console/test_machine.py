"""The machine: doctor's checks, settings, where things are written."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from console import checkup
from engine.commands import operations
from engine.i18n import catalogue
from tests.console.conftest import Call, answer


def checks(call: Call) -> dict[str, dict[str, Any]]:
    done = call("doctor", "--json")
    return {row["check"]: row for row in json.loads(done.stdout)["items"]}


def test_a_sound_machine_has_nothing_to_mend(call: Call) -> None:
    done = call("doctor")
    assert done.exit_code == 0, done.output
    assert "✗" not in done.stdout


def no_zone(*_: Any) -> None:
    raise KeyError


BREAKS: dict[str, Any] = {
    "Python": ("console.checkup.sys.version_info", (3, 10)),
    "SQLite": ("console.checkup.sqlite3.sqlite_version_info", (3, 30)),
    "Pango": ("ctypes.util.find_library", lambda _: None),
    "Time zones": ("zoneinfo.ZoneInfo", no_zone),
    "Fonts": ("importlib.resources.files", lambda _: "/nowhere"),
    "Disk": ("console.checkup._ROOM", 10**18),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_is_found_and_has_a_remedy(
    name: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*BREAKS[name])
    if name == "SQLite":
        monkeypatch.setattr(checkup, "_search", lambda _: checkup.Found("FTS5", True, "ok"))
    row = checks(call)[name]
    assert row["ok"] is False
    assert row["remedy"]
    assert row["remedy"] in catalogue("fr")
    assert call("doctor").exit_code == 1


def test_a_sqlite_without_search_is_found(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    class Without:
        def execute(self, _: str) -> None:
            raise sqlite3.OperationalError

    connect = sqlite3.connect

    def refused(place: str, *args: Any, **more: Any) -> Any:
        return Without() if place == ":memory:" else connect(place, *args, **more)

    monkeypatch.setattr("console.checkup.sqlite3.connect", refused)
    assert checks(call)["FTS5"]["ok"] is False


def test_a_database_of_another_schema_is_found(call: Call, folder: Path) -> None:
    with sqlite3.connect(folder / "mouqataa.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    row = checks(call)["Schema"]
    assert (row["ok"], bool(row["remedy"])) == (False, True)


def test_a_variable_that_sets_nothing_is_found(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOUQATAA_DATABSE", "x")
    row = checks(call)["Environment"]
    assert (row["ok"], "MOUQATAA_DATABSE" in row["result"]) == (False, True)


def test_a_machine_without_a_database_is_told_how_to_make_one(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOUQATAA_DATA", str(tmp_path / "none"))
    assert "mouqataa init" in checks(call)["Schema"]["remedy"]


def test_a_flag_beats_the_environment_and_both_are_named(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def origin(*args: str) -> str:
        rows = answer(call(*args, "config", "show", "--json"))["items"]
        return next(str(row["origin"]) for row in rows if row["name"] == "language")

    assert origin() == "MOUQATAA_LANGUAGE"
    assert origin("--lang", "ar") == "flag"
    monkeypatch.delenv("MOUQATAA_LANGUAGE")
    assert origin() == "default"
    own = folder / "config/mouqataa/config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('language = "ar"', encoding="utf-8")
    assert origin() == str(own)
    assert answer(call("config", "path", "--json"))["read"] == [str(own)]
    named = folder / "named.toml"
    named.write_text('language = "en"', encoding="utf-8")
    assert origin("--config", str(named)) == str(named)


def test_passwords_are_not_shown(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOUQATAA_DATABASE", "postgresql://me:hush@127.0.0.1:1/x")
    for args in (["config", "show"], ["config", "show", "--json"], ["doctor"], ["case", "list"]):
        done = call(*args)
        assert "hush" not in done.output


def test_without_a_data_folder_the_user_s_own_is_taken_and_nothing_else_is_written(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    here.chmod(0o555)
    monkeypatch.chdir(here)
    monkeypatch.delenv("MOUQATAA_DATA")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    assert call("init", "--specimen").exit_code == 0
    assert list(here.iterdir()) == []
    assert {path.name for path in home.rglob("*") if path.is_file()} >= {"mouqataa.db"}
    assert [path.relative_to(home).as_posix() for path in home.iterdir()] == [".local"]


def test_founding_twice_mends_and_never_changes_what_the_database_is(call: Call) -> None:
    first = answer(call("init", "--json"))
    assert first["specimen"] is True
    assert first["offices"] == 17


def test_the_demonstration_keeps_away_from_the_real_data(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MOUQATAA_DATA")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    done = call("demo")
    assert done.exit_code == 0, done.output
    place = tmp_path / ".local/share/mouqataa/demo"
    assert str(place) in done.stdout
    assert {path.name for path in place.parent.iterdir()} == {"demo"}


def test_a_temporary_demonstration_leaves_nothing(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    done = call("demo", "--temporary")
    assert done.exit_code == 0, done.output
    assert "SPECIMEN/legalisation" in done.stdout
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_demonstration_refuses_a_real_database(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOUQATAA_DATA", str(tmp_path / "real"))
    assert call("init").exit_code == 0
    done = call("demo")
    assert done.exit_code == 2
    assert "MOUQATAA_DATA=" in done.stderr


def test_a_founded_folder_is_its_owner_s_alone(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOUQATAA_DATA", str(tmp_path / "house"))
    assert call("init", "--administrator", "admin").exit_code == 0
    for folder in (tmp_path / "house", tmp_path / "house" / "files"):
        assert folder.stat().st_mode & 0o077 == 0


def test_what_a_deployed_procedure_needs_of_outside_is_told(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def used(tx: Any) -> tuple[operations.Used, ...]:
        return tuple(operations.Used(name, "essai") for name in ("mail.send", "odd.gone"))

    used.__module__ = operations.__name__
    monkeypatch.setattr(operations, "used", used)
    row = checks(call)["Outside services"]
    assert row["ok"] is False
    assert row["result"].endswith("mail.send: mail_server, mail_from; odd.gone")
