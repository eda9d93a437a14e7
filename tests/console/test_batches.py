"""Batches at the command line: chosen, tried, ordered, followed, steered, undone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from engine.engine import Engine
from engine.settings import load
from engine.work.worker import work
from tests.console.conftest import Call, answer
from tests.console.test_json import APPLICATION, named

CANCEL = ("batch", "cancel", "--as", "nadia", "--reason", "doublons")


@pytest.fixture
def references(call: Call) -> list[str]:
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--data", "-"]
    return [
        answer(call(*begin, "--as", "nadia", "--json", stdin=json.dumps(APPLICATION)))["reference"]
        for _ in range(3)
    ]


@contextmanager
def working() -> Iterator[None]:
    """A worker beside the command line."""
    over, engine = Event(), Engine(load())

    def turn() -> None:
        while not over.wait(0.05):
            work(engine)

    thread = Thread(target=turn)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        engine.close()


def status(call: Call, reference: str) -> str:
    return str(answer(call("case", "show", reference, "--as", "nadia", "--json"))["status"])


def test_a_dry_run_tells_each_refusal_changes_nothing_and_exits_with_1(
    call: Call, references: list[str]
) -> None:
    call("case", "cancel", references[1], "--reason", "retrait", "--yes", "--as", "nadia")
    done = call(*CANCEL, *references, "--dry-run", "--json")
    assert done.exit_code == 1
    rows = json.loads(done.stdout)["items"]
    assert [row["code"] for row in rows] == [None, "case_ended", None]
    assert status(call, references[0]) == "open"
    done = call(*CANCEL, references[0], "--dry-run")
    assert done.exit_code == 0
    assert "1 would be done, 0 refused." in done.stderr


def test_names_come_from_standard_input_and_the_end_is_waited_for(
    call: Call, references: list[str]
) -> None:
    lines = "\n".join([*references, ""])
    with working():
        done = call(*CANCEL, "--file", "-", "--yes", "--wait", "--json", stdin=lines)
    found = answer(done)
    named("batch cancel", found)
    assert (found["status"], found["done"], found["total"]) == ("ended", 3, 3)
    assert {status(call, reference) for reference in references} == {"cancelled"}
    again = call(*CANCEL, *references, "--yes", "--json")
    with working():
        done = call("batch", "cancel", "--as", "nadia", "--reason", "x", *references, "--yes",
                    "--wait")  # fmt: skip
    assert answer(again)["status"] == "running"
    assert done.exit_code == 1
    assert "0 of 3 done, 3 refused" in done.stdout


def test_without_a_terminal_an_order_needs_yes(call: Call, references: list[str]) -> None:
    done = call(*CANCEL, *references)
    assert done.exit_code == 2
    assert "--yes" in done.stderr
    assert answer(call("batch", "list", "--as", "nadia", "--json"))["items"] == []


def test_a_batch_is_shown_steered_and_undone(call: Call, references: list[str]) -> None:
    suspend = ("batch", "suspend", "--procedure", "signature_legalisation", "--reason", "eau")
    made = answer(call(*suspend, "--as", "nadia", "--yes", "--json"))
    named("batch suspend", made)
    batch = str(made["id"])
    for verb, state in (("pause", "paused"), ("continue", "running")):
        found = answer(call("batch", verb, batch, "--as", "nadia", "--json"))
        named(f"batch {verb}", found)
        assert found["status"] == state
    with working():
        waited = call("work", "--once")
    assert waited.exit_code == 0
    named("batch show", answer(call("batch", "show", batch, "--as", "nadia", "--json")))
    rows = answer(call("batch", "items", batch, "--as", "nadia", "--json"))
    named("batch items", rows)
    assert [(row["case"], row["status"]) for row in rows["items"]] == [
        (reference, "done") for reference in references
    ]
    told = call("batch", "show", batch, "--as", "nadia", "--lang", "fr").stdout
    assert "terminé" in told
    undo = ("batch", "undo", batch, "--reason", "erreur", "--as", "nadia")
    assert call(*undo, "--dry-run").exit_code == 0
    undone = answer(call(*undo, "--yes", "--json"))
    named("batch undo", undone)
    assert undone["undoes"] == int(batch)
    stopped = answer(call("batch", "stop", str(undone["id"]), "--as", "nadia", "--json"))
    named("batch stop", stopped)
    assert {status(call, reference) for reference in references} == {"suspended"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["retry", "x"], "usage"),
        (["retry"], "nothing_chosen"),
        (["rectify", "--set", "applicant=x", "--reason", "r", "--office", "MAR"], "personal_value"),
    ],
)
def test_what_cannot_be_ordered_is_refused_at_once(
    call: Call, references: list[str], typed: list[str], code: str
) -> None:
    who = "admin" if typed[0] == "retry" else "nadia"
    done = call("batch", *typed, "--yes", "--as", who, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stderr)["code"] == code


def test_tasks_of_one_are_given_to_another_and_a_value_to_many(
    call: Call, references: list[str], folder: Path
) -> None:
    give = ("batch", "reassign", "--to", "nadia", "--office", "MAR", "--as", "nadia", "--yes")
    made = answer(call(*give, "--json"))
    named("batch reassign", made)
    assert made["total"] == 3
    mend = ("batch", "rectify", "--set", "copies=4", "--reason", "erreur", "--file",
            "list.txt")  # fmt: skip
    (folder / "list.txt").write_text("\n".join(references))
    named("batch rectify", answer(call(*mend, "--as", "nadia", "--yes", "--json")))
    assert call("work", "--once").exit_code == 0
    shown = answer(call("case", "show", references[2], "--as", "nadia", "--json"))
    assert shown["values"]["copies"] == 4
    row = answer(call("task", "list", "--mine", "--as", "nadia", "--json"))["items"]
    assert len(row) == 3
