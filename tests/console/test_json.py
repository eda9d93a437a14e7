"""What each command gives to machines: names that stay, one document, nothing translated."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import REFERENCE, VERBS, Call, answer

CASE = {"reference", "procedure", "status", "started_at", "ended_at"}
TASK = {"task", "name", "case", "procedure", "role", "opened_at", "assignee"}
CERTIFICATE = {"certificate", "number", "kind", "status", "case", "issued_at", "sha256"}
NUMBER = "SPECIMEN/legalisation/MAR/2026/000001"
APPLICATION = {
    "name_fr": "Omar Alami",
    "name_ar": "عمر العلمي",
    "cin": "BK000002",
    "document_type": "procuration",
    "copies": 1,
}

# command: names that its document holds at least, "items" for those of each row
ANSWERS: dict[str, tuple[str, set[str]]] = {
    "case list": ("--as nadia", {"items", "next"}),
    "case search": ("bennani --as nadia", {"items", "next"}),
    "case show": (f"{REFERENCE} --as nadia", {"reference", "procedure", "version", "status",
                  "started_at", "ended_at", "values", "tasks"}),
    "case history": (f"{REFERENCE} --as nadia", {"items", "next"}),
    "case replay": (f"{REFERENCE} --as nadia", {"reference", "ok", "events", "differences"}),
    "case note": (f"{REFERENCE} rappel --as nadia", {"reference", "seq"}),
    "case attach": (f"{REFERENCE} - --as nadia", {"case", "attachment"}),
    "task list": ("--as youssef", {"items", "next"}),
    "certificate list": ("--as nadia", {"items", "next"}),
    "certificate show": (f"{NUMBER} --as nadia", CERTIFICATE | {"file"}),
    "procedure new": ("ma_procedure", {"procedure", "folder"}),
    "procedure check": ("signature_legalisation", {"procedure", "findings"}),
    "procedure show": ("signature_legalisation --as admin", {"procedure", "version", "name",
                       "digest", "effective", "deployed_at", "withdrawn_at", "files", "form"}),
    "procedure export": ("signature_legalisation --as admin",
                         {"procedure", "version", "digest", "file"}),
    "procedure deploy": ("signature_legalisation --as admin", {"procedure", "version", "digest"}),
    "procedure list": ("--as admin", {"items", "next"}),
    "procedure withdraw": (
        "signature_legalisation 1 --reason tarif --confirm signature_legalisation --as admin",
        {"procedure", "version", "digest"},
    ),
    "actor add": ("salma --name Salma --as admin", {"login", "name", "kind", "roles"}),
    "actor list": ("--as admin", {"items", "next"}),
    "actor grant": ("nadia auditor ANF --as admin", {"login", "role", "office"}),
    "actor revoke": ("nadia guichet MAR --as admin", {"login", "role", "office"}),
    "office list": ("--as admin", {"items", "next"}),
    "delegation add": (
        "legalisation youssef --office MAR --order 1/26 --since 2026-01-02 --as admin", {"id"}
    ),
    "delegation list": ("--as admin", {"items", "next"}),
    "incident list": ("--as admin", {"items", "next"}),
    "init": ("--specimen", {"city", "offices", "specimen"}),
    "demo": ("", {"reference", "number", "file", "history"}),
    "work": ("--once", {"finished", "put_off", "incidents"}),
    "db upgrade": ("", {"current", "needed", "drift"}),
    "db current": ("", {"current", "needed", "drift"}),
    "db check": ("", {"current", "needed", "drift"}),
    "config show": ("", {"items", "next"}),
    "config path": ("", {"read", "user"}),
    "doctor": ("", {"items", "next"}),
    "completion": ("bash", {"shell", "script"}),
    "help": ("exit-codes", {"topic", "lines"}),
}  # fmt: skip
# These need a case that is under way: they have tests of their own below.
FLOW = {"case start", "case rectify", "task assign", "task reopen",
        "case cancel", "task show", "task claim", "task release", "task complete",
        "message send", "certificate verify", "incident retry", "incident resolve"}  # fmt: skip


def test_every_command_has_its_test_here() -> None:
    assert set(ANSWERS) | FLOW == set(VERBS)


@pytest.mark.parametrize("path", ANSWERS)
def test_the_names_of_an_answer_stay(path: str, call: Call) -> None:
    arguments, names = ANSWERS[path]
    paper = b"%PDF-1.7" if path == "case attach" else None
    found = answer(call(*path.split(), *arguments.split(), "--json", stdin=paper))
    assert set(found) == names
    assert found == answer_in(call, path, arguments) or path not in _UNCHANGING


_UNCHANGING = {"case list", "case show", "case history", "task list", "office list", "actor list"}


def answer_in(call: Call, path: str, arguments: str) -> Any:
    """The same, asked in Arabic."""
    done = call("--lang", "ar", *path.split(), *arguments.split(), "--json")
    return json.loads(done.stdout) if done.stdout else None


@pytest.mark.parametrize(
    ("path", "names"),
    [("case list", CASE), ("certificate list", CERTIFICATE),
     ("case history", {"seq", "kind", "at", "actor", "body"})],
)  # fmt: skip
def test_the_names_of_rows_stay(path: str, names: set[str], call: Call) -> None:
    arguments, _ = ANSWERS[path]
    rows = answer(call(*path.split(), *arguments.split(), "--json"))["items"]
    assert rows
    assert all(set(row) >= names for row in rows)


def test_a_case_is_begun_claimed_released_and_completed(call: Call, folder: Path) -> None:
    data = folder / "application.json"
    data.write_text(json.dumps(APPLICATION), encoding="utf-8")
    begun = answer(call("case", "start", "signature_legalisation", "--office", "MAR", "--as",
                        "nadia", "--data", str(data), "--json"))  # fmt: skip
    assert set(begun) >= {"reference", "tasks"}
    rows = answer(call("task", "list", "--as", "youssef", "--json"))["items"]
    assert [row["task"] for row in rows] == begun["tasks"]
    assert set(rows[0]) >= TASK
    task = str(begun["tasks"][0])
    shown = answer(call("task", "show", task, "--as", "youssef", "--json"))
    assert set(shown) >= {"task", "name", "case", "status", "form"}
    assert answer(call("task", "claim", task, "--as", "youssef", "--json"))["assignee"] == "youssef"
    assert answer(call("task", "release", task, "--as", "youssef", "--json"))["assignee"] is None
    done = call("task", "complete", task, "--as", "youssef", "--set", "present=true",
                "--set", "identity_checked=true", "--json")  # fmt: skip
    assert set(answer(done)) >= {"task", "case", "opened", "ended"}


def test_a_value_is_rectified_and_a_task_assigned_and_reopened(call: Call) -> None:
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--data", "-", "--json"]
    begun = answer(call(*begin, "--as", "nadia", stdin=json.dumps(APPLICATION)))
    reference, task = begun["reference"], str(begun["tasks"][0])
    done = call("case", "rectify", reference, "copies=3", "--reason", "erreur", "--as", "nadia",
                "--json")  # fmt: skip
    assert set(answer(done)) == {"reference", "seq"}
    shown = answer(call("case", "show", reference, "--as", "nadia", "--json"))
    assert shown["values"]["copies"] == 3
    done = call("task", "assign", task, "youssef", "--as", "youssef", "--json")
    assert answer(done)["assignee"] == "youssef"
    done = call("task", "reopen", task, "--reason", "erreur", "--as", "youssef", "--json")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, "cannot_reopen")


def test_answers_come_from_standard_input_too(call: Call) -> None:
    begun = call("case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
                 "--data", "-", "--json", stdin=json.dumps(APPLICATION))  # fmt: skip
    cancelled = call("case", "cancel", answer(begun)["reference"], "--reason", "retrait", "--yes",
                     "--as", "nadia", "--json")  # fmt: skip
    assert set(answer(cancelled)) == {"reference", "seq"}


def test_a_certificate_is_verified_from_a_file_and_from_standard_input(call: Call) -> None:
    shown = answer(call("certificate", "show", NUMBER, "--as", "nadia", "--json"))
    content = Path(shown["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == shown["sha256"]
    by_file = answer(call("certificate", "verify", shown["file"], "--as", "nadia", "--json"))
    by_pipe = answer(call("certificate", "verify", "-", "--as", "nadia", "--json", stdin=content))
    assert by_file == by_pipe
    assert by_file["number"] == NUMBER


def test_a_message_that_no_case_waits_for_is_not_found(call: Call) -> None:
    done = call("message", "send", "Piece", REFERENCE, "--as", "nadia", "--json")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (4, "nobody_waits")


@pytest.mark.parametrize("verb", ["retry", "resolve"])
def test_an_incident_that_is_not_there_is_not_found(verb: str, call: Call) -> None:
    more = ["--reason", "fait"] if verb == "resolve" else []
    done = call("incident", verb, "9", *more, "--as", "admin", "--json")
    assert done.exit_code == 4
    assert json.loads(done.stderr)["code"] == "unknown_incident"


def test_fields_are_picked_and_a_wrong_one_lists_the_right_ones(call: Call) -> None:
    done = call("case", "list", "--as", "nadia", "--json=reference,status")
    assert all(set(row) == {"reference", "status"} for row in answer(done)["items"])
    done = call("case", "show", REFERENCE, "--as", "nadia", "--json=status")
    assert answer(done) == {"status": "completed"}
    done = call("case", "list", "--as", "nadia", "--json=refrence")
    assert done.exit_code == 2
    assert "reference, " in json.loads(done.stderr)["remedy"]


def test_times_are_utc_and_end_in_z(call: Call) -> None:
    row = answer(call("case", "list", "--as", "nadia", "--json"))["items"][0]
    assert row["started_at"].endswith("Z")


def test_pages_follow_one_another(call: Call) -> None:
    for _ in range(2):
        call("case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
             "--data", "-", stdin=json.dumps(APPLICATION))  # fmt: skip
    whole = answer(call("case", "list", "--as", "nadia", "--json"))
    assert whole["next"] is None
    seen, cursor = [], []
    while True:
        found = answer(call("case", "list", "--as", "nadia", "--json", "--limit", "1", *cursor))
        seen += found["items"]
        if found["next"] is None:
            break
        cursor = ["--cursor", found["next"]]
    assert seen == whole["items"]


def test_tabs_for_pipes(call: Call) -> None:
    lines = call("case", "list", "--as", "nadia", "--plain").stdout.splitlines()
    assert lines[0].split("\t")[0] == "reference"
    assert lines[1].split("\t")[0] == REFERENCE
