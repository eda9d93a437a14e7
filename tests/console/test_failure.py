"""How the command line fails: one line, a remedy, the right exit status, nothing on stdout."""

import json
from pathlib import Path
from typing import Any

import click
import pytest

from console.context import Face
from console.failure import report
from engine.errors import CODES, EngineError
from tests.console.conftest import REFERENCE, Call

FAILURES = [
    (["case", "list", "--status", "lost"], 2),
    (["task", "claim", "one"], 2),
    (["case", "start", "signature_legalisation", "--as", "admin"], 2),
    (["case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia"], 2),
    (["case", "list", "--limit", "0", "--as", "nadia"], 2),
    (["case", "list", "--cursor", "x", "--as", "nadia"], 2),
    (["procedure", "deploy", "no/such/folder", "--as", "admin"], 2),
    (["procedure", "deploy", "signature_legalisation", "--as", "nadia"], 3),
    (["case", "list", "--as", "nobody"], 3),
    (["case", "list", "--as", "system"], 3),
    (["case", "show", "X", "--as", "nadia"], 4),
    (["task", "claim", "99", "--as", "youssef"], 4),
    (["task", "complete", "1", "--as", "nadia"], 5),
    (["case", "cancel", REFERENCE, "--reason", "x", "--yes", "--as", "nadia"], 5),
    (["actor", "add", "nadia", "--name", "Nadia", "--as", "admin"], 5),
]


@pytest.mark.parametrize(("args", "status"), FAILURES)
def test_each_failure_has_its_status_a_line_and_a_remedy(
    args: list[str], status: int, call: Call
) -> None:
    done = call(*args)
    assert done.exit_code == status, done.output
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0].startswith("Error: ")
    assert len(lines) >= 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("args", "status"), FAILURES)
def test_each_failure_is_a_problem_object_for_machines(
    args: list[str], status: int, call: Call
) -> None:
    done = call(*args, "--json")
    assert (done.exit_code, done.stdout) == (status, "")
    problem = json.loads(done.stderr)
    assert set(problem) >= {"type", "title", "code", "kind", "exit", "remedy", "errors"}
    assert problem["exit"] == status
    assert problem["type"].endswith(problem["code"])


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_failure_speaks_the_language_asked(language: str, call: Call) -> None:
    expected = {"fr": "Il n'y a pas de dossier", "ar": "لا يوجد ملف", "en": "There is no case"}
    assert (
        expected[language] in call("case", "show", "X", "--as", "nadia", "--lang", language).stderr
    )


def test_fields_at_fault_are_named_one_by_one(call: Call) -> None:
    done = call("case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
                "--set", "copies=3", "--json")  # fmt: skip
    pointers = {row["pointer"] for row in json.loads(done.stderr)["errors"]}
    assert {"/applicant", "/quality"} <= pointers
    assert all(row["message"] for row in json.loads(done.stderr)["errors"])


def test_an_answer_out_of_bounds_is_told_with_the_bound(call: Call) -> None:
    done = call("case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
                "--set", "copies=99", "--json")  # fmt: skip
    told = {row["pointer"]: row["message"] for row in json.loads(done.stderr)["errors"]}
    assert told["/copies"] == "The value is at most 10."


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_has_a_remedy_to_read(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = report(EngineError(code, hint="Try the other."), Face())
    lines = capsys.readouterr().err.splitlines()
    assert status in (2, 3, 4, 5, 6)
    assert len(lines) == 2


def test_a_database_that_is_not_there_is_unavailable_and_is_not_made(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOUQATAA_DATA", str(tmp_path / "none"))
    done = call("case", "list")
    assert done.exit_code == 6
    assert "mouqataa init" in done.stderr
    assert not (tmp_path / "none").exists()


def test_an_unexpected_error_is_one_line_with_a_reference_and_a_log(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("BX000001 sec" + "ret")

    broken.__module__, broken.__name__ = "engine.commands.offices", "listing"
    monkeypatch.setattr("engine.commands.offices.listing", broken)
    done = call("office", "list", "--as", "admin")
    assert done.exit_code == 1
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    [log] = (folder / "logs").glob("error-*.log")
    assert str(log) in done.stderr
    kept = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in kept
    assert "secret" not in kept
    assert "Traceback" in call("office", "list", "--as", "admin", "--debug").stderr


def test_settings_that_cannot_be_read_are_a_usage_error(call: Call, folder: Path) -> None:
    (folder / "mouqataa.toml").write_text('databse = "x"', encoding="utf-8")
    done = call("config", "show", "--lang", "fr")
    assert done.exit_code == 2
    assert "database" in done.stderr


def test_an_interruption_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(KeyboardInterrupt(), Face()) == 130
    assert report(click.Abort(), Face()) == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["case", "list", "--status", "lost"],
            "--status must be one of open, suspended, completed",
        ),
        (["task", "show", "one"], "TASK must be a number"),
        (["delegation", "add", "a", "b", "--office", "M", "--order", "1", "--since", "x"], "date"),
        (["certificate", "verify", "none.pdf"], "FILE: the file cannot be opened"),
        (["case", "cancel", "X"], "--reason is missing"),
        (["case", "show"], "REFERENCE is missing"),
    ],
)
def test_a_slip_of_usage_says_what_was_expected(args: list[str], said: str, call: Call) -> None:
    done = call(*args)
    assert done.exit_code == 2
    assert said in done.stderr
    assert f"mouqataa {args[0]} {args[1]} --help" in done.stderr
