"""Who acts, confirmations, rehearsals, repetition, and what is said after a change."""

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.console.conftest import REFERENCE, Call, answer, environment
from tests.console.test_json import APPLICATION, SETS


def digest(folder: Path) -> str:
    """What the database holds, whatever its file looks like."""
    with sqlite3.connect(folder / "mouqataa.db") as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def begin(call: Call, *more: str) -> str:
    done = call("case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
                "--data", "-", "--json", *more, stdin=json.dumps(APPLICATION))  # fmt: skip
    return str(answer(done)["reference"])


@pytest.mark.parametrize(
    "args",
    [
        ["procedure", "withdraw", "signature_legalisation", "1", "--reason", "x", "--as", "admin"],
        ["procedure", "deploy", "signature_legalisation", "--as", "admin"],
        ["db", "upgrade"],
    ],
)
def test_a_rehearsal_changes_nothing(args: list[str], call: Call, folder: Path) -> None:
    before = digest(folder)
    assert call(*args, "--dry-run").exit_code == 0
    assert digest(folder) == before


def test_a_rehearsal_of_a_cancellation_checks_and_changes_nothing(call: Call, folder: Path) -> None:
    reference = begin(call)
    before = digest(folder)
    done = call("case", "cancel", reference, "--reason", "x", "-n", "--as", "nadia")
    assert "would" in done.stdout
    assert digest(folder) == before
    done = call("case", "cancel", REFERENCE, "--reason", "x", "-n", "--as", "nadia")
    assert done.exit_code == 5


def test_without_a_terminal_a_confirmation_names_its_option(call: Call) -> None:
    reference = begin(call)
    done = call("case", "cancel", reference, "--reason", "x", "--as", "nadia")
    assert done.exit_code == 2
    assert "--yes" in done.stderr
    done = call("procedure", "withdraw", "signature_legalisation", "1", "--reason", "x",
                "--as", "admin")  # fmt: skip
    assert done.exit_code == 2
    assert "--confirm=signature_legalisation" in done.stderr


def test_the_same_command_with_the_same_key_is_answered_alike(call: Call) -> None:
    assert begin(call, "--key", "k1") == begin(call, "--key", "k1")
    assert begin(call) != begin(call)


def test_a_change_says_what_changed_and_what_comes_next(call: Call) -> None:
    done = call("case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
                "--data", "-", stdin=json.dumps(APPLICATION))  # fmt: skip
    assert done.stdout == "Case SPECIMEN-LEG-MAR-2026-000002 has begun.\n"
    assert done.stderr == "Next: mouqataa task show 5\n"


def test_quiet_says_nothing_of_a_success(call: Call) -> None:
    done = call("actor", "grant", "nadia", "auditor", "MAR", "--as", "admin", "--quiet")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")


def test_in_a_real_database_only_named_accounts_act_as_others(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "real"
    for name, value in environment(real).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    assert call("init", "--administrator", "root").exit_code == 0
    assert call("actor", "add", "nadia", "--name", "Nadia").exit_code == 0
    done = call("office", "list", "--as", "nadia")
    assert (done.exit_code, "act_as" in done.stderr) == (3, True)
    monkeypatch.setenv("MOUQATAA_ACT_AS", "other")
    assert call("office", "list", "--as", "nadia").exit_code == 3
    monkeypatch.setenv("MOUQATAA_ACT_AS", "root other")
    done = call("office", "list", "--as", "nadia", "--json")
    assert json.loads(done.stderr)["code"] != "not_as_other"
    shutil.rmtree(real)


def test_an_event_keeps_the_actor_the_channel_and_the_system_account(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "machine")
    reference = begin(call)
    event = answer(call("case", "history", reference, "--as", "nadia", "--json"))["items"][0]
    assert event["actor"] == "nadia"
    assert event["body"]["channel"] == "cli"
    assert event["body"]["system_user"] == "machine"


def test_the_actor_may_come_from_the_settings(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOUQATAA_ACTOR", "nadia")
    assert answer(call("case", "list", "--json"))["items"]


def test_nothing_but_the_data_folder_is_written(call: Call, folder: Path) -> None:
    before = {path for path in folder.rglob("*") if path.is_dir()}
    call("case", "list", "--as", "nadia")
    assert {path for path in folder.rglob("*") if path.is_dir()} == before


def test_marks_of_direction_around_a_pasted_reference_do_no_harm(call: Call) -> None:
    done = call("case", "show", f"\u2068{REFERENCE}\u2069", "--as", "nadia")
    assert done.exit_code == 0


def test_verbose_says_who_acts_and_where_on_the_error_stream(call: Call, folder: Path) -> None:
    done = call("office", "list", "--as", "nadia", "-v")
    assert done.stderr == f"Acting as nadia on sqlite:///{folder}/mouqataa.db\n"


def test_the_worker_does_all_that_is_due_and_says_how_much(call: Call) -> None:
    for _ in range(2):
        begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--data", "-"]
        begun = answer(call(*begin, "--as", "nadia", "--json", stdin=json.dumps(APPLICATION)))
        call("task", "complete", str(begun["tasks"][0]), "--as", "nadia", *SETS)
    assert answer(call("work", "--once", "--json")) == {
        "finished": 2, "put_off": 0, "incidents": 0,
    }  # fmt: skip
    assert answer(call("work", "--once", "--json"))["finished"] == 0
