"""Incidents at the command line: by cause, whole, tried again by the many, with another input."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.engine import Engine
from engine.runtime.values import pack, unpack
from engine.settings import load
from engine.work import worker
from tests.console.conftest import Call, answer
from tests.console.test_json import APPLICATION, SETS


@pytest.fixture
def cases(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two cases whose certificates cannot be rendered, and a message that nobody waits for."""
    begun = [_begun(call) for _ in range(2)]

    def broken(engine: Engine, job: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setitem(worker._KINDS, "certificate.issue", broken)
    engine = Engine(load())
    with engine._database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO job (kind, payload, status, due_at, attempts, lease, created_at) "
                "VALUES ('message.deliver', :payload, 'due', :at, 0, 0, :at)"
            ),
            {
                "payload": pack(
                    {"message": "m", "key": "k", "payload": {}, "from": 1, "keep": "P0D"}
                ),
                "at": "2026-01-01 00:00:00.000000",
            },
        )
    for _ in range(5):
        worker.work(engine)
        with engine._database.begin() as connection:
            connection.execute(text("UPDATE job SET retry_at = NULL"))
    engine.close()
    return begun


def _begun(call: Call) -> str:
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--data", "-"]
    begun = answer(call(*begin, "--as", "nadia", "--json", stdin=json.dumps(APPLICATION)))
    call("task", "complete", str(begun["tasks"][0]), "--as", "nadia", *SETS)
    return str(begun["reference"])


def listed(call: Call, *args: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = answer(
        call("incident", "list", "--as", "admin", "--json", *args)
    )["items"]
    return found


def test_incidents_of_one_fault_are_one_cause(call: Call, cases: list[str]) -> None:
    first, second = listed(call, "--by-cause")
    assert (first["count"], first["work"], first["message"]) == (
        2, "certificate.issue", "the disk is gone",
    )  # fmt: skip
    assert (second["count"], second["work"]) == (1, "message.deliver")
    assert len(listed(call, "--cause", str(first["cause"]))) == 2
    assert [row["case"] for row in listed(call, "--case", cases[1])] == [cases[1]]
    assert len(listed(call, "--procedure", "signature_legalisation")) == 2
    assert listed(call, "--code", "model_failed") == []
    assert "signature_legalisation v1" in call("incident", "list", "--as", "admin").stdout


def test_an_incident_is_shown_with_every_attempt(call: Call, cases: list[str]) -> None:
    found = answer(call("incident", "show", "2", "--as", "admin", "--json"))
    assert [row["number"] for row in found["attempts"]] == [1, 2, 3, 4, 5]
    assert {row["error"] for row in found["attempts"]} == {"the disk is gone"}
    assert (found["work"], found["status"]) == ("certificate.issue", "incident")
    assert found["element"]
    assert found["inputs"] == {}
    told = call("incident", "show", "2", "--as", "admin").stdout
    assert "attempt 5: the disk is gone" in told


def test_a_case_shows_its_work_that_failed(call: Call, cases: list[str]) -> None:
    [failed] = answer(call("case", "show", cases[0], "--as", "nadia", "--json"))["failing"]
    assert (failed["kind"], failed["attempts"], failed["retry_at"]) == (
        "certificate.issue", 5, None,
    )  # fmt: skip
    told = call("case", "show", cases[0], "--as", "nadia").stdout
    assert "failed 5 times" in told
    assert f"incident {failed['incident']}" in told


def test_all_of_a_cause_are_tried_again_after_a_rehearsal(
    call: Call, cases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cause = str(listed(call, "--by-cause")[0]["cause"])
    retry = ["incident", "retry", "--cause", cause, "--as", "admin"]
    assert "2 would be tried again" in call(*retry, "--dry-run").stdout
    assert len(listed(call)) == 3
    done = answer(call(*retry, "--json", "--key", "k"))
    assert (len(done["retried"]), done["refused"]) == (2, [])
    assert len(listed(call)) == 1
    told = call("case", "history", cases[0], "--as", "nadia").stdout
    assert "had the work that failed tried again" in told
    assert answer(call("case", "show", cases[0], "--as", "nadia", "--json"))["failing"] == []


def test_one_that_cannot_be_tried_again_is_left_out(call: Call, cases: list[str]) -> None:
    call("case", "cancel", cases[0], "--reason", "retrait", "--yes", "--as", "nadia")
    done = answer(call("incident", "retry", "--all", "--as", "admin", "--json"))
    assert len(done["retried"]) == 2
    assert [row["code"] for row in done["refused"]] == ["bad_value"]


def test_work_is_tried_again_with_another_input(call: Call, cases: list[str]) -> None:
    [row] = [row for row in listed(call) if row["work"] == "message.deliver"]
    key = str(row["id"])
    shown = answer(call("incident", "show", key, "--as", "admin", "--json"))
    assert shown["inputs"] == {"message": "m", "key": "k", "payload": {}}
    retry = ["incident", "retry", key, "--as", "admin"]
    for wrong in ("from=2", "key=3", "other=x"):
        assert call(*retry, "--set", wrong).exit_code == 2
    assert call(*retry, "--set", "key=k2", "--dry-run").exit_code == 0
    assert answer(call(*retry, "--set", "key=k2", "--json")) == {"id": int(key)}
    engine = Engine(load())
    with engine._database.connect() as connection:
        query = text("SELECT payload FROM job WHERE kind = 'message.deliver'")
        payload = unpack(connection.execute(query).scalar())
    engine.close()
    assert payload == {"message": "m", "key": "k2", "payload": {}, "from": 1, "keep": "P0D"}


def test_work_that_holds_a_personal_value_takes_no_other_input() -> None:
    from engine.commands import incidents
    from engine.errors import EngineError
    from engine.runtime.values import Sealed

    payload = {"key": "k", "payload": {"name": Sealed(b"x" * 32)}}
    assert dict(incidents._inputs(payload)) == {}
    with pytest.raises(EngineError):
        incidents._changed(payload, {"key": "k2"})
    inside = {"operation": "o", "element": "E", "inputs": {"url": "a", "n": None}}
    assert incidents._changed(inside, {"url": "b", "n": 1})["inputs"] == {"url": "b", "n": 1}
    with pytest.raises(EngineError):
        incidents._changed(inside, {"operation": "p"})


@pytest.mark.parametrize("typed", [[], ["1", "--all"], ["--all", "--set", "a=b"]])
def test_one_or_many_and_not_both(typed: list[str], call: Call) -> None:
    done = call("incident", "retry", *typed, "--as", "admin")
    assert done.exit_code == 2
    assert "--all" in done.stderr


def test_what_a_case_waits_for_is_neither_closed_nor_skipped_nor_answered_at_will(
    call: Call, cases: list[str]
) -> None:
    [row] = listed(call, "--case", cases[0])
    key, why = str(row["id"]), ["--reason", "vu", "--as", "admin", "--json"]
    for verb, more, code in (
        ("resolve", [], "token_waits"), ("skip", ["Signer"], "cannot_skip"),
        ("answer", ["--set", "n=1"], "bad_value"),
    ):  # fmt: skip
        done = call("incident", verb, key, *more, *why)
        assert json.loads(done.stderr)["code"] == code
        assert done.exit_code == (2 if code == "bad_value" else 5)
    told = call("incident", "resolve", key, "--reason", "vu", "--as", "admin", "--lang", "fr")
    assert f"mouqataa case move {cases[0]}" in told.stderr
    assert len(listed(call, "--case", cases[0])) == 1
