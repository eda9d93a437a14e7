"""A load that goes on: nothing grows. Seconds here; `tests.reliability.soak` takes an hour."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.reliability.soak import Minutes, drift, leaks, p99, run


def test_what_grows_is_told() -> None:
    flat, grows = [60.0] * 30, [60.0 + 0.5 * minute for minute in range(30)]
    assert leaks(Minutes({"client0": flat}, [0.01] * 30)) == []
    assert leaks(Minutes({"client0": grows}, [0.01] * 30)) != []
    slower = [0.01 + 0.01 * minute for minute in range(30)]
    assert leaks(Minutes({"client0": flat}, slower)) != []


def test_a_busy_minute_and_a_cold_start_are_no_leak() -> None:
    values = [40.0, 50.0, *[60.0] * 10, 90.0, *[60.0] * 10]
    assert drift(values) == (60.0, 60.0)


def test_times_are_those_of_commands_that_were_answered_in_the_slice() -> None:
    lines = [line.split() for line in (
        "start a 1.0", "started a R 1 1.5", "completed a R 1 1.7", "start b 2.0",
        "unanswered b busy 2.1", "started b R 2 3.0",
    )]  # fmt: skip
    slowest, many = p99(lines, since=0)
    assert (round(slowest, 3), many) == (0.5, 2)
    assert p99(lines, since=1.6)[1] == 1


@pytest.mark.slow
def test_seconds_of_load_leave_nothing_behind(database: str, tmp_path: Path) -> None:
    before = datetime.now(UTC)
    found = run(6, 1.0, tmp_path, database)
    assert found.commands > 20
    assert set(found.memory) == {"client0", "client1", "client2", "worker0"}
    assert leaks(found) == []
    assert (datetime.now(UTC) - before).total_seconds() < 120
