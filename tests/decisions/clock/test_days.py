"""The days of a delay, each with its reason, and what a revision of them moved."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from decisions.clock import lengths
from decisions.clock.days import Row, days_of, difference, ends_of
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Fact, Rule, Suspension
from decisions.clock.reasons import closing
from decisions.clock.stretches import stretches_of
from tests.decisions.clock import telling, vectors_of

DAY = timedelta(days=1)
ALL = vectors_of.names()
pytestmark = pytest.mark.skipif(not ALL, reason="MOUQATAA_TEST_DATA is not set")


def told(rows: list[Row]) -> dict[str, str]:
    return {day.isoformat(): str(why) for day, why in rows}


def days(key: str) -> dict[str, str]:
    return told(days_of(*vectors_of.dated(key)))


@pytest.mark.parametrize("key", ALL)
def test_every_day_from_the_start_to_the_end_has_one_reason(key: str) -> None:
    clock, result, calendar = vectors_of.dated(key)
    rows = [day for day, _ in days_of(clock, result, calendar)]
    assert rows[0] == result.start
    assert all(b - a == DAY for a, b in pairwise(rows))
    if result.due:
        assert rows[-1] == result.due
    else:
        assert rows[-1] == min(stop.first for stop in result.stops if stop.last is None)


@pytest.mark.parametrize("key", [key for key in ALL if not key.startswith("HR")])
def test_the_counted_days_add_up_to_the_delay(key: str) -> None:
    clock, result, calendar = vectors_of.dated(key)
    counted = sum(why.what == "counted" for _, why in days_of(clock, result, calendar))
    if result.due:
        assert counted == result.total
    elif result.state == "suspended":
        assert counted + (result.remaining or 0) == result.total


@pytest.mark.parametrize("key", [key for key in ALL if key.startswith("HR")])
def test_the_counted_hours_add_up_to_the_delay(key: str) -> None:
    clock, result, calendar = vectors_of.dated(key)
    found = stretches_of(clock, result, calendar)
    assert found[0].first == result.since
    assert found[-1].last == result.effect_at
    assert all(a.last == b.first for a, b in pairwise(found))
    counted = [one.length for one in found if one.reason.what == "counted"]
    assert sum(counted, timedelta()) == timedelta(seconds=result.total)


def test_a_delay_in_working_days_names_weekends_feasts_and_the_motive_of_a_stop() -> None:
    found = days("MA-35")
    assert found["2026-08-10"] == "start"
    assert found["2026-08-11"] == found["2026-08-12"] == "counted"
    assert found["2026-08-13"] == found["2026-08-16"] == "stopped:complement.requested"
    assert found["2026-08-20"] == "closed:La révolution du roi et du peuple"
    assert found["2026-08-22"] == found["2026-08-30"] == "weekend"
    assert found["2026-09-04"] == "counted"


def test_in_a_delay_of_plain_days_closed_days_count() -> None:
    assert set(days("DOM-7").values()) == {"start", "counted"}


def test_a_full_period_that_ends_on_a_feast_moves_on() -> None:
    found = days("MA-7")
    assert found["2026-11-17"] == "counted"
    assert found["2026-11-18"] == "full_period"
    assert found["2026-11-19"] == "rolled"


def test_days_stepped_over_on_the_way_to_a_working_day_say_why_they_are_closed() -> None:
    found = days("DE-1")  # 28 February 2026 is a Saturday
    assert (found["2026-02-28"], found["2026-03-01"], found["2026-03-02"]) == (
        "counted", "weekend", "rolled",
    )  # fmt: skip


def test_days_added_for_the_minimum_of_working_days_are_told() -> None:
    found = days("NL-3")
    assert list(found.values()) == [
        "start", "counted", "counted", "counted", "weekend", "minimum",
    ]  # fmt: skip


def test_the_day_of_the_fact_counts_where_the_rule_says_so() -> None:
    found = days("FR-15")
    assert found["2022-04-23"] == "counted"
    assert len(found) == 61


def test_a_stopped_clock_ends_with_the_first_day_of_the_stop() -> None:
    found = days("MA-12")
    assert list(found)[-1] == "2026-09-11"
    assert found["2026-09-11"] == "stopped:complement.requested"


def test_of_two_motives_that_overlap_the_first_is_told() -> None:
    found = days("MA-36")
    assert found["2026-09-20"] == "stopped:complement.requested"
    assert found["2026-09-21"] == found["2026-09-30"] == "stopped:enquiry.opened"


def test_a_restart_counts_from_the_answer() -> None:
    found = days("FR-8")
    assert next(iter(found)) == "2026-04-15"
    assert "stopped:complement.requested" not in found.values()


def test_a_day_that_was_promised_is_told_apart() -> None:
    clock, result, calendar = vectors_of.dated("MA-29", not_before=date(2026, 6, 19))
    found = told(days_of(clock, result, calendar))
    assert found["2026-06-17"] == "counted"
    assert found["2026-06-18"] == found["2026-06-19"] == "promised"


def test_a_period_that_is_counted_back_goes_back_from_its_event() -> None:
    clock, result, calendar = vectors_of.notice(10, "2026-09-25", franc=True, roll="previous")
    rows = days_of(clock, result, calendar)
    assert [day for day, _ in rows] == [date(2026, 9, 25) - DAY * n for n in range(12)]
    assert str(rows[11][1]) == "full_period"
    assert sum(why.what == "counted" for _, why in rows) == 10
    assert result.due == date(2026, 9, 14)


def test_a_period_that_is_counted_back_moves_away_from_its_event() -> None:
    rows = days_of(*vectors_of.notice(12, "2026-09-24", roll="previous"))
    assert [str(why) for _, why in rows[-2:]] == ["counted", "rolled"]
    assert rows[-1][0] == date(2026, 9, 11)


def test_a_clock_that_has_not_started_has_no_days() -> None:
    clock, _, calendar = vectors_of.dated("DOM-1")
    assert days_of(clock, vectors_of.waiting(clock), calendar) == []
    assert stretches_of(clock, vectors_of.waiting(clock), calendar) == []


def test_the_days_of_a_clock_in_hours_say_where_it_ran() -> None:
    found = days("HR-3")
    assert found == {
        "2026-03-19": "counted",
        "2026-03-20": "closed:Fête de la rupture du jeûne (estimé)",
        "2026-03-21": "closed:Fête de la rupture du jeûne (estimé)",
        "2026-03-22": "weekend",
        "2026-03-23": "closed:Aïd Al-Fitr, jour exceptionnel",
        "2026-03-24": "counted",
    }


def test_office_hours_that_are_stopped_are_told_with_their_motive() -> None:
    clock, result, calendar = vectors_of.dated("HR-6")
    found = [
        (
            one.first.strftime("%d %H:%M"),
            one.last and one.last.strftime("%d %H:%M"),
            str(one.reason),
        )
        for one in stretches_of(clock, result, calendar)
    ]
    assert found == [
        ("21 08:00", "21 10:00", "counted"),
        ("21 10:00", "22 13:00", "stopped:complement.requested"),
        ("22 13:00", "22 15:30", "counted"),
        ("22 15:30", "23 07:30", "closed_hours"),
        ("23 07:30", "23 11:00", "counted"),
    ]


@pytest.mark.parametrize("key", [key for key in ALL if not key.startswith("HR")])
def test_the_last_step_is_the_end(key: str) -> None:
    clock, result, calendar = vectors_of.dated(key)
    ends = ends_of(clock, result, calendar)
    if ends is None:
        assert result.due is None
        return
    assert ends.rolled == ends.last == result.due
    assert ends.nominal <= ends.full <= ends.minimum <= ends.rolled
    working = lengths.counted(clock.length) == "working_days"
    assert not (working and result.total and closing(ends.nominal, calendar))


@pytest.mark.parametrize("key", vectors_of.names("revisions"))
def test_a_revision_tells_which_days_moved(key: str) -> None:
    clock, before, after, expected = vectors_of.revision(key)
    found = difference(clock, before, after)
    assert [day and day.isoformat() for day in found.due] == expected["due"]
    moved = {day.isoformat(): list(pair) for day, pair in found.days.items()}
    assert moved == expected["days"]
    assert found.moved


def test_nothing_moved_where_nothing_is_different() -> None:
    clock, result, calendar = vectors_of.dated("MA-35")
    found = difference(clock, (result, calendar), (result, calendar))
    assert not found.moved
    assert found.days == {}


def test_an_answer_that_comes_moves_a_stopped_clock() -> None:
    clock, stopped, calendar = vectors_of.dated("MA-12")
    _, running, _ = vectors_of.dated("MA-10")
    found = difference(clock, (stopped, calendar), (running, calendar))
    assert found.due == (None, date(2026, 11, 10))
    assert found.state == ("suspended", "running")
    assert date(2026, 9, 11) not in found.days
    assert found.days[date(2026, 9, 21)] == (None, "counted")


def test_a_stop_behind_the_days_of_the_delay_leaves_them_as_many_as_they_are() -> None:
    """Two days and a full period; the minimum of working days is not yet reached."""
    rule = Rule(franc=True, min_working_days=3, roll="next")
    made = Clock("c", ((2, "days"),), ("s",), (), (), rule, (Suspension("a", ("b",)),))
    asked = [
        Fact("s", telling.instant("2026-09-03"), 0),
        Fact("a", telling.instant("2026-09-07"), 1),
    ]
    now = telling.instant("2026-09-09")
    result = evaluate(made, asked, telling.CALENDAR, now)
    assert (result.state, result.remaining) == ("suspended", 0)
    assert told(days_of(made, result, telling.CALENDAR)) == {
        "2026-09-03": "start",
        "2026-09-04": "counted",
        "2026-09-05": "counted",
        "2026-09-06": "full_period",
        "2026-09-07": "minimum",
        "2026-09-08": "stopped:a",
    }
