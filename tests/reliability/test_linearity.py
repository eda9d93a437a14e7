"""Twenty clients at once, some answers lost: what each was told fits one order of the events.

Three runs on each database; MOUQATAA_RUNS says another number. The check itself is tried first on
histories that cannot have happened.
"""

import math
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Table

from engine.engine import Engine
from engine.store import tables as t
from engine.store.store import Store
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy
from tests.reliability.invariants import broken
from tests.reliability.lifecycle import Asked
from tests.reliability.linearity import (
    OK,
    REFUSED,
    UNKNOWN,
    Event,
    Lease,
    Op,
    anomalies,
    fencing,
    numbers,
)
from tests.reliability.recording import MESSAGE, PARTS, checked, played

RUNS = int(os.environ.get("MOUQATAA_RUNS", "3"))
CLIENTS, COMMANDS = 20, 25

# -- the check, on histories that were made up --


def op(
    name: str, kind: str, sent: float, answered: float, element: str = "", *, actor: str = "x",
    number: int = 0, outcome: str = OK, told: object = None, value: object = None,
) -> Op:  # fmt: skip
    return Op(name, Asked(kind, actor, element, number, value), sent, answered, outcome, told)


START = op("s", "start", 0, 1, told=None)
CLAIM = op("c", "claim", 2, 3, "A")
DONE = op("d", "complete", 4, 5, "A", told=())
WRITTEN = [Event("s", "case.started"), Event("c", "task.claimed"), Event("d", "task.completed")]


def test_what_happened_one_after_the_other_is_right() -> None:
    late = op("l", "complete", 6, 7, "A", actor="y", outcome=REFUSED, told="already_completed")
    seen = op("k", "look", 6, 7, told=("open", (("B", 0),), 1))
    assert anomalies([START, CLAIM, DONE, late, seen], WRITTEN) == []


def test_an_answer_may_be_of_any_moment_between() -> None:
    for told in ("claimed_by_other", "already_completed"):
        during = op("l", "complete", 3.5, 4.5, "A", actor="y", outcome=REFUSED, told=told)
        assert anomalies([START, CLAIM, DONE, during], WRITTEN) == []


@pytest.mark.parametrize("written", [WRITTEN, WRITTEN[:2]])
def test_what_was_not_answered_may_be_done_or_not(written: list[Event]) -> None:
    lost = replace(DONE, outcome=UNKNOWN, answered=math.inf)
    assert anomalies([START, CLAIM, lost], written) == []


def told(ops: list[Op], events: list[Event], *words: str) -> None:
    found = anomalies(ops, events)
    assert found
    assert all(word in " ".join(found) for word in words), found


def test_a_lost_update_is_seen() -> None:
    told([START, CLAIM, DONE], WRITTEN[:2], "d complete", "at no moment")


def test_a_command_that_was_done_twice_is_seen() -> None:
    note = op("n", "note", 6, 7)
    events = [*WRITTEN, *[Event("n", "case.noted")] * 2]
    told([START, CLAIM, DONE, note], events, "n note: done 2 times")


def test_a_refusal_that_was_done_all_the_same_is_seen() -> None:
    refused = replace(DONE, outcome=REFUSED, told="claimed_by_other")
    told([START, CLAIM, refused], WRITTEN, "refused with claimed_by_other, and done")


def test_a_refusal_that_comes_too_early_is_seen() -> None:
    early = op("l", "complete", 1.5, 1.8, "A", outcome=REFUSED, told="already_completed")
    told([START, CLAIM, DONE, early], WRITTEN, "l complete", "at no moment")


def test_a_refusal_of_a_state_that_is_past_is_seen() -> None:
    stale = op("l", "complete", 6, 7, "A", actor="y", outcome=REFUSED, told="claimed_by_other")
    told([START, CLAIM, DONE, stale], WRITTEN, "l complete", "at no moment")


def test_a_reader_that_sees_the_past_is_seen() -> None:
    stale = op("k", "look", 6, 7, told=("open", (("A", 0), ("B", 0)), 1))
    told([START, CLAIM, DONE, stale], WRITTEN, "k look", "at no moment")


def test_two_readers_of_whom_the_later_sees_less_are_seen() -> None:
    """Each of them alone would be right: the completion is not answered before they end."""
    slow = replace(DONE, answered=9)
    after = op("k", "look", 5, 6, told=("open", (("B", 0),), 1))
    before = op("m", "look", 7, 8, told=("open", (("A", 0), ("B", 0)), 1))
    assert anomalies([START, CLAIM, slow, replace(after, sent=7, answered=8)], WRITTEN) == []
    assert anomalies([START, CLAIM, slow, replace(before, sent=5, answered=6)], WRITTEN) == []
    told([START, CLAIM, slow, after, before], WRITTEN, "m look", "at no moment")


def test_events_in_another_order_than_their_commands_are_seen() -> None:
    first, second = op("n", "note", 6, 7), op("o", "note", 8, 9)
    events = [*WRITTEN, Event("o", "case.noted"), Event("n", "case.noted")]
    told([START, CLAIM, DONE, first, second], events, "n was answered before o was sent")


def test_a_task_that_two_have_is_seen() -> None:
    second = op("e", "claim", 2, 3, "A", actor="y")
    events = [*WRITTEN[:2], Event("e", "task.claimed")]
    told([START, CLAIM, second], events, "e claim: done where the answer is already_claimed")


def test_tasks_that_were_told_and_not_opened_are_seen() -> None:
    wrong = replace(DONE, told=(("C", 0),))
    told([START, CLAIM, wrong], WRITTEN, "d complete: told")


def test_an_event_of_nobody_is_seen() -> None:
    told([START, CLAIM], WRITTEN, "of nobody")


def test_a_worker_that_was_overtaken_and_fires_is_seen() -> None:
    leases = [Lease(7, 1, 0, 1), Lease(7, 2, 2, 3)]
    assert fencing(op("f", "fire", 4, 5), 7, 1, leases)
    assert fencing(op("f", "fire", 1.5, 2.5), 7, 1, leases) is None
    assert fencing(op("f", "fire", 4, 5), 7, 2, leases) is None


def test_numbers_out_of_the_order_of_time_are_seen() -> None:
    assert numbers([(1, 0, 1), (2, 2, 3)]) == []
    assert numbers([(1, 2, 3), (2, 0, 1)])


# -- the engine --


@pytest.fixture
def clerks(engine: Engine, hire: Hire, clock: Clock) -> list[str]:
    clock.now = datetime.now(UTC)
    deploy(engine, *PARTS, beside=MESSAGE)
    return [hire(f"clerk{number}", "desk").actor for number in range(CLIENTS)]


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_what_twenty_clients_were_told_fits_one_order_of_events(
    engine: Engine, clerks: list[str]
) -> None:
    kinds: set[str] = set()
    for run in range(RUNS):
        board = played(engine.settings, clerks, COMMANDS, f"run{run}")
        assert checked(engine, board) == [], f"run {run}"
        done = Counter(raw.outcome for raw in board.record)
        kinds |= {raw.kind for raw in board.record if raw.outcome == OK}
        assert min(done[OK], done[REFUSED], done[UNKNOWN]) > 5, done
    assert kinds >= {"start", "claim", "complete", "fire", "look", "note", "rectify"}, kinds
    assert broken(engine) == []


@pytest.mark.slow
def test_an_engine_that_forgets_its_keys_is_found_out(
    engine: Engine, clerks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add = Store.add

    def forgetful(store: Store, table: Table, **values: object) -> object:
        return None if table is t.answer else add(store, table, **values)

    monkeypatch.setattr(Store, "add", forgetful)
    board = played(engine.settings, clerks, COMMANDS, "forgetful")
    assert any("done 2 times" in what or "of nobody" in what for what in checked(engine, board))
