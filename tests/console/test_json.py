"""What each command gives to machines: names that stay, one document, nothing translated."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from console.fields import FIELDS
from processes.catalogue import folders
from tests.console.conftest import REFERENCE, VERBS, Call, answer

NUMBER = "SPECIMEN/certificats/MAR/2026/000001"
APPLICATION = {
    "applicant": {"name_fr": "Omar Alami", "name_ar": "عمر العلمي", "cin": "BK000002"},
    "quality": "soi_meme",
    "document_type": "procuration",
    "document_language": "ar",
    "copies": 1,
    "destination": "prive",
}
# An answer to the first task: no paper is missing, and the signatory is there.
CHECKED = ("papers_complete=true", "card_valid=true", "identity_proven=true", "signer=present",
           "blank=false", "content=ordinaire")  # fmt: skip
SETS = [f"--set={answer}" for answer in CHECKED]

# What is typed after each command.
ARGUMENTS: dict[str, str] = {
    "case list": "--as nadia",
    "case search": "bennani --as nadia",
    "case show": f"{REFERENCE} --as nadia",
    "case history": f"{REFERENCE} --as nadia",
    "case replay": f"{REFERENCE} --as nadia",
    "case note": f"{REFERENCE} rappel --as nadia",
    "case attach": f"{REFERENCE} - --as nadia",
    "task list": "--as youssef",
    "certificate list": "--as nadia",
    "certificate show": f"{NUMBER} --as nadia",
    "certificate render": f"{NUMBER} --as nadia",
    "clock show": f"{REFERENCE} --as nadia",
    "clock try": "signature_legalisation --fact case.filed=2026-09-01",
    "clock list": "--as nadia",
    "clock report": "--since 2026-01-01 --until 2026-12-31 --as nadia",
    "clock letter": f"{REFERENCE} --as nadia",
    "clock record": f"{REFERENCE} case.filed --reason tampon --as nadia",
    "clock withdraw": f"{REFERENCE} 1 --reason erreur --as admin",
    "bpmn run": "-",
    "decision check": "signature_legalisation",
    "decision eval": "signature_legalisation --decision legalisation_tarif --set copies=2",
    "decision test": "signature_legalisation",
    "decision explain": f"{REFERENCE} --as nadia",
    "procedure new": "ma_procedure",
    "procedure check": "signature_legalisation",
    "procedure import": str(folders()["signature_legalisation"] / "procedure.bpmn"),
    "procedure test": "signature_legalisation",
    "procedure show": "signature_legalisation --as admin",
    "procedure export": "signature_legalisation --as admin",
    "procedure deploy": "signature_legalisation --as admin",
    "procedure list": "--as admin",
    "procedure withdraw": "signature_legalisation 1 --reason tarif --as admin "
    "--confirm signature_legalisation",
    "actor add": "salma --name Salma --as admin",
    "actor list": "--as admin",
    "actor grant": "nadia auditor ANF --as admin",
    "actor revoke": "nadia guichet MAR --as admin",
    "actor disable": "nadia --yes --as admin",
    "actor contact": "nadia --mail nadia@commune.example --phone 0612345678 --as admin",
    "role list": "--as admin",
    "office list": "--as admin",
    "office calendar": "MAR morocco --as admin",
    "delegation add": "legalisation youssef --office MAR --order 1/26 --since 2026-01-02 "
    "--as admin",
    "delegation list": "--as admin",
    "calendar show": "--year 2026 --as admin",
    "calendar add": "2026-03-20 --label Aïd --source communiqué --as admin",
    "calendar withdraw": "2026-06-16 --source lune --as admin",
    "calendar create": "casablanca --parent morocco --source arrêté --as admin",
    "calendar import": "--package MA --year 2029 --yes --as admin",
    "calendar diff": "2026-12-24 --as admin",
    "incident list": "--as admin",
    "notice preferences": "nadia --set task.opened=weekly --as admin",
    "notice list": "--as admin",
    "job list": "--as admin",
    "message list": "--as nadia",
    "signal send": "inondation --as admin",
    "procedure schedule": "--as admin",
    "batch list": "--as admin",
    "init": "--specimen",
    "demo": "",
    "work": "--once",
    "db upgrade": "",
    "db current": "",
    "db check": "",
    "db backup": "backup.tar",
    "db retain": "--yes --as admin",
    "config show": "",
    "config path": "",
    "doctor": "",
    "completion": "bash",
    "help": "exit-codes",
}
# These need a case that is under way: they have tests of their own below.
FLOW = {"case start", "case rectify", "case suspend", "case resume",
        "case restart", "case move", "incident skip", "incident answer",
        "task assign", "task reopen",
        "case cancel", "task show", "task claim", "task release", "task complete",
        "task draft",
         "message send", "message withdraw", "delegation end", "certificate verify", "db restore",
         "payment notice", "payment simulate", "job fetch", "job extend", "job complete",
         "job fail", "job error", "job return",
         "batch cancel", "batch suspend", "batch resume", "batch retry", "batch reassign",
         "batch rectify", "batch undo", "batch show", "batch items", "batch pause",
         "batch continue", "batch stop",
         "incident show", "incident retry", "incident resolve"}  # fmt: skip


def test_every_command_has_its_test_here() -> None:
    assert set(ARGUMENTS) | FLOW == set(VERBS) == set(FIELDS)


def named(path: str, found: dict[str, Any]) -> None:
    """Check that an answer has the names that are promised, and no other."""
    names = FIELDS[path].split()
    if names[0] != "items":
        assert set(found) == set(names)
        return
    assert set(found) == {"items", "next"}
    for row in found["items"]:
        assert set(row) == set(names[1:])


@pytest.mark.parametrize("path", ARGUMENTS)
def test_the_names_of_an_answer_stay(path: str, call: Call) -> None:
    model = folders()["certified_copy"] / "procedure.bpmn"
    given = {"case attach": b"%PDF-1.7", "bpmn run": model.read_bytes()}
    typed = [*path.split(), *ARGUMENTS[path].split(), "--json"]
    named(path, answer(call(*typed, stdin=given.get(path))))


@pytest.mark.parametrize("path", ["case list", "case show", "case history", "office list"])
def test_machine_output_is_never_translated(path: str, call: Call) -> None:
    typed = [*path.split(), *ARGUMENTS[path].split(), "--json"]
    assert answer(call(*typed, "--lang", "ar")) == answer(call(*typed, "--lang", "fr"))


def test_a_case_is_begun_claimed_released_and_completed(call: Call, folder: Path) -> None:
    data = folder / "application.json"
    data.write_text(json.dumps(APPLICATION), encoding="utf-8")
    begun = answer(call("case", "start", "signature_legalisation", "--office", "MAR", "--as",
                        "nadia", "--data", str(data), "--json"))  # fmt: skip
    named("case start", begun)
    worklist = answer(call("task", "list", "--as", "nadia", "--json"))
    named("task list", worklist)
    rows = worklist["items"]
    assert [row["task"] for row in rows] == begun["tasks"]
    task = str(begun["tasks"][0])
    shown = answer(call("task", "show", task, "--as", "nadia", "--json"))
    named("task show", shown)
    assert answer(call("task", "claim", task, "--as", "nadia", "--json"))["assignee"] == "nadia"
    assert answer(call("task", "release", task, "--as", "nadia", "--json"))["assignee"] is None
    drafted = call(
        "task", "draft", task, "--as", "nadia", "--set", "papers_complete=true", "--json"
    )
    named("task draft", answer(drafted))
    shown = answer(call("task", "show", task, "--as", "nadia", "--json"))
    assert shown["draft"] == {"papers_complete": True}
    done = call("task", "complete", task, "--as", "nadia", *SETS, "--json")
    named("task complete", answer(done))


def test_a_value_is_rectified_and_a_task_assigned_and_reopened(call: Call) -> None:
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--data", "-", "--json"]
    begun = answer(call(*begin, "--as", "nadia", stdin=json.dumps(APPLICATION)))
    reference, task = begun["reference"], str(begun["tasks"][0])
    done = call("case", "rectify", reference, "copies=3", "--reason", "erreur", "--as", "nadia",
                "--json")  # fmt: skip
    named("case rectify", answer(done))
    shown = answer(call("case", "show", reference, "--as", "nadia", "--json"))
    assert shown["values"]["copies"] == 3
    done = call("task", "assign", task, "nadia", "--as", "nadia", "--json")
    assert answer(done)["assignee"] == "nadia"
    done = call("task", "reopen", task, "--reason", "erreur", "--as", "nadia", "--json")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, "cannot_reopen")


def test_a_case_is_suspended_told_as_such_and_resumed(call: Call) -> None:
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--data", "-", "--json"]
    case = answer(call(*begin, "--as", "nadia", stdin=json.dumps(APPLICATION)))["reference"]
    shown = ["case", "show", case, "--as", "nadia"]
    done = call("case", "suspend", case, "--reason", "tribunal", "--as", "nadia", "--json")
    named("case suspend", answer(done))
    assert answer(call(*shown, "--json"))["suspended_at"].endswith("Z")
    assert "suspended since" in call(*shown, "--lang", "en").stdout
    listed = call("case", "list", "--status", "suspended", "--as", "nadia", "--json")
    assert [row["reference"] for row in answer(listed)["items"]] == [case]
    assert answer(call("task", "list", "--as", "nadia", "--json"))["items"] == []
    done = call("case", "suspend", case, "--reason", "encore", "--as", "nadia", "--json")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, "case_suspended")
    done = call("case", "resume", case, "--reason", "jugement", "--as", "admin", "--json")
    named("case resume", answer(done))
    assert answer(call(*shown, "--json"))["suspended_at"] is None


def test_answers_come_from_standard_input_too(call: Call) -> None:
    begun = call("case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
                 "--data", "-", "--json", stdin=json.dumps(APPLICATION))  # fmt: skip
    cancelled = call("case", "cancel", answer(begun)["reference"], "--reason", "retrait", "--yes",
                     "--as", "nadia", "--json")  # fmt: skip
    named("case cancel", answer(cancelled))


def test_a_certificate_is_verified_from_a_file_and_from_standard_input(call: Call) -> None:
    shown = answer(call("certificate", "show", NUMBER, "--as", "nadia", "--json"))
    content = Path(shown["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == shown["sha256"]
    by_file = answer(call("certificate", "verify", shown["file"], "--as", "nadia", "--json"))
    by_pipe = answer(call("certificate", "verify", "-", "--as", "nadia", "--json", stdin=content))
    assert by_file == by_pipe
    assert by_file["number"] == NUMBER


def test_a_backup_is_restored_into_another_folder_and_verified(call: Call, folder: Path) -> None:
    made = answer(call("db", "backup", "backup.tar", "--json"))
    done = answer(call("db", "restore", "backup.tar", "--into", "other", "--verify", "--json"))
    named("db restore", done)
    assert {name: done[name] for name in made} == made | {"file": "backup.tar"}
    assert done["database"] == f"sqlite:///{folder}/other/mouqataa.db"
    assert (done["violations"], done["complete"]) == ([], True)
    assert done["checked"]["file"] == made["files"] == 2


def test_what_a_check_finds_is_named_with_its_remedy(call: Call, folder: Path) -> None:
    done = answer(call("db", "check", "--files", "--replay", "--json"))
    assert (done["violations"], done["drift"]) == ([], [])
    assert done["checked"]["case"] == 1
    file, *_ = (folder / "files" / "certificates").iterdir()
    file.unlink()
    assert call("db", "check").exit_code == 0
    done = call("db", "check", "--files", "--case", REFERENCE, "--json", "--lang", "ar")
    [found] = json.loads(done.stdout)["violations"]
    assert (done.exit_code, found["code"], found["where"]) == (1, "file_unreadable", REFERENCE)
    assert found["message"].startswith(f"The file certificates/{file.name} cannot be read")
    told = call("db", "check", "--files", "--lang", "en")
    assert told.exit_code == 1
    assert f"✗ {REFERENCE}: {found['message']}\n    {found['remedy']}" in told.stdout


def test_a_delegation_is_registered_and_ended(call: Call) -> None:
    typed = ["delegation", "add", *ARGUMENTS["delegation add"].split(), "--json"]
    key = str(answer(call(*typed))["id"])
    ended = ["delegation", "end", key, "--on", "2026-06-30", "--reason", "mutation"]
    named("delegation end", answer(call(*ended, "--as", "admin", "--json")))
    rows = answer(call("delegation", "list", "--as", "admin", "--json"))["items"]
    assert rows[-1]["ended"] == "2026-06-30"


def test_a_lost_certificate_comes_back_the_same(call: Call) -> None:
    file = Path(answer(call("certificate", "show", NUMBER, "--as", "nadia", "--json"))["file"])
    before = file.read_bytes()
    file.unlink()
    assert answer(call("certificate", "render", NUMBER, "--as", "nadia", "--json"))["same"] is True
    assert file.read_bytes() == before


def test_a_message_that_no_case_waits_for_is_not_found(call: Call) -> None:
    done = call("message", "send", "Piece", REFERENCE, "--as", "nadia", "--json")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (4, "nobody_waits")


def test_a_case_is_moved_and_set_back(call: Call) -> None:
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--data", "-", "--json"]
    case = answer(call(*begin, "--as", "nadia", stdin=json.dumps(APPLICATION)))["reference"]
    history = answer(call("case", "history", case, "--as", "nadia", "--json"))["items"]
    source = history[0]["body"]["outcome"]["opened"][0][1]
    end = [*["case", "cancel", case, "--reason", "erreur", "--yes"], "--as", "nadia"]
    move = ["case", "move", case, source, source, "--reason", "à refaire", "--as", "admin"]
    assert answer(call(*move, "--dry-run", "--json"))["ended"] is None
    named("case move", answer(call(*move, "--json")))
    told = call("case", "history", case, "--as", "nadia", "--lang", "en").stdout
    assert "let the case go on at “" in told
    call(*end)
    back = ["case", "restart", case, "3", "--reason", "annulé par erreur", "--as", "admin"]
    assert "would be set back" in call(*back, "--dry-run", "--lang", "en").stdout
    named("case restart", answer(call(*back, "--yes", "--json")))
    told = call("case", "history", case, "--as", "nadia", "--lang", "en").stdout
    assert "set the case back before event 3: annulé par erreur" in told
    assert answer(call("case", "show", case, "--as", "nadia", "--json"))["status"] == "open"
    done = call("case", "move", case, "nowhere", source, "--reason", "x", "--as", "admin",
                "--lang", "fr")  # fmt: skip
    assert done.exit_code == 5
    assert "aucun jeton n'y attend" in done.stderr


@pytest.mark.parametrize("verb", ["show", "retry", "resolve", "skip", "answer"])
def test_an_incident_that_is_not_there_is_not_found(verb: str, call: Call) -> None:
    more = ["--reason", "fait"] if verb in ("resolve", "skip", "answer") else []
    more = ["Signer", *more] if verb == "skip" else more
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


CHANGES = ["case note", "case attach", "actor add", "actor grant", "actor revoke",
           "delegation add", "procedure deploy", "procedure withdraw"]  # fmt: skip


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_with_the_same_key_is_made_once(path: str, call: Call) -> None:
    typed = [*path.split(), *ARGUMENTS[path].split(), "--json", "--key", "k1"]
    paper = b"%PDF-1.7" if path == "case attach" else None
    assert answer(call(*typed, stdin=paper)) == answer(call(*typed, stdin=paper))


def test_a_key_is_not_for_another_command(call: Call) -> None:
    call("case", "note", REFERENCE, "un", "--as", "nadia", "--key", "k1")
    done = call("case", "note", REFERENCE, "deux", "--as", "nadia", "--key", "k1", "--json")
    assert (done.exit_code, json.loads(done.stderr)["code"]) == (5, "key_reused")
