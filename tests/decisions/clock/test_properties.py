"""What holds of every legal clock, whatever it is: the properties of the law, not of examples."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from decisions.clock.days import days_of
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Fact
from decisions.clock.result import Result
from decisions.clock.stretches import stretches_of
from tests.decisions.clock.strategies import (
    DAY,
    DAYS,
    HOURS,
    NAMED,
    SECONDS,
    Asked,
    later,
    revised,
    stories,
)

NEVER = datetime.max.replace(tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def ends(result: Result) -> datetime:
    """The instant of the end; that of a stopped clock is after all others."""
    return result.effect_at or NEVER


def dated(result: Result) -> tuple[object, ...]:
    """All that the facts decide, and the moment does not."""
    return (
        result.start, result.since, result.due, result.effect_at, result.nominal, result.total,
        result.stops, result.extended, result.ignored, result.estimated,
    )  # fmt: skip


def span(first: date, last: date) -> Iterator[date]:
    return (first + DAY * number for number in range((last - first).days + 1))


@given(stories(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_given_is_indifferent(one: Asked, chance):
    facts = list(one.facts)
    chance.shuffle(facts)
    assert one.result(facts=tuple(facts)) == one.result()


@given(stories(), SECONDS)
def test_the_moment_of_asking_never_moves_the_end(one: Asked, seconds):
    assert dated(one.result(now=one.now + timedelta(seconds=seconds))) == dated(one.result())


@given(stories(), SECONDS)
def test_what_is_not_yet_known_changes_nothing(one: Asked, seconds):
    moment = one.facts[0].at + timedelta(seconds=seconds)
    known = tuple(fact for fact in one.facts if fact.at <= moment)
    assert one.result(now=moment) == one.result(facts=known, now=moment)


@given(stories(), st.lists(SECONDS, min_size=1, max_size=3))
def test_facts_that_the_clock_does_not_name_change_nothing(one: Asked, moments):
    more = (
        Fact("photographed", one.facts[0].at + timedelta(seconds=seconds), 100 + number)
        for number, seconds in enumerate(moments)
    )
    known = tuple(fact for fact in more if fact.at <= one.now)
    assert one.result(facts=(*one.facts, *known)) == one.result()


@given(stories(), st.integers(1, 20))
def test_a_longer_delay_never_ends_earlier(one: Asked, more):
    number, unit = one.clock.length[0]
    longer = replace(one.clock, length=((number + more, unit), *one.clock.length[1:]))
    assert ends(one.result(clock=longer)) >= ends(one.result())


@given(stories(most=0), SECONDS)
def test_a_later_start_never_ends_earlier(one: Asked, seconds):
    start = one.facts[0]
    moved = replace(start, at=start.at + timedelta(seconds=seconds))
    assert ends(one.result(facts=(moved,), now=NEVER - DAY)) >= ends(one.result())


PLAIN = {"roll": "none", "franc": False, "min_working_days": 0, "whole_hours": False}


@given(stories(units=("days", "weeks", "months"), then=("continue",), **PLAIN))
def test_suspensions_add_exactly_their_stopped_days(one: Asked):
    found = one.result()
    assume(found.due is not None)
    stopped = {
        day
        for stop in found.stops
        for day in span(stop.first, min(stop.last or found.due, found.due))
    }
    first = found.start if one.clock.rule.first_day == "included" else found.start + DAY
    assert len(list(span(first, found.due))) == found.total + len(
        {day for day in stopped if day >= first}
    )


@given(stories(units=("hours",), then=("continue",), **PLAIN))
def test_suspensions_add_exactly_their_stopped_seconds(one: Asked):
    found = one.result()
    assume(found.effect_at is not None)
    clock, lost = found.since, timedelta()
    for stop in sorted(found.stops, key=lambda stop: stop.since):
        until = min(stop.until or found.effect_at, found.effect_at)
        lost += max(until - max(stop.since, clock), timedelta())
        clock = max(clock, until)
    assert found.effect_at - found.since == timedelta(seconds=found.total) + lost


@given(stories(units=DAYS))
def test_the_end_is_never_a_stopped_day_and_where_it_rolls_a_working_day(one: Asked):
    found = one.result()
    assume(found.due is not None)
    if one.clock.rule.roll != "previous":
        assert not any(
            stop.first <= found.due and (stop.last is None or found.due <= stop.last)
            for stop in found.stops
        )
    assert one.clock.rule.roll == "none" or one.calendar.is_working_day(found.due)


@given(
    stories().filter(lambda one: one.clock.rule.roll != "previous"),
    st.lists(st.integers(-5, 120), max_size=8),
)
def test_more_closed_days_never_end_earlier(one: Asked, closed):
    first = one.calendar.local_date(one.facts[0].at)
    days = {first + DAY * number: False for number in closed}
    assert ends(one.result(calendar=revised(one.calendar, days))) >= ends(one.result())


# Where the end goes back to a working day, days beside those of the delay decide as well.
@given(
    stories().filter(lambda one: one.clock.rule.roll != "previous"),
    st.integers(1, 60),
    st.booleans(),
    st.booleans(),
)
def test_a_revision_before_the_start_or_after_the_end_changes_nothing(
    one: Asked, far, before, works
):
    found = one.result()
    if before:
        day = one.calendar.local_date(one.facts[0].at) - DAY * far
    else:
        assume(found.due is not None)
        day = found.due + DAY * far
    assert one.result(calendar=revised(one.calendar, {day: works})) == found


@given(stories(), st.data())
def test_facts_after_the_end_move_nothing(one: Asked, data):
    found = one.result()
    end = found.ended_at or found.effect_at
    assume(end is not None)
    more = data.draw(later(max(end, one.facts[-1].at), 100))
    now = max(one.now, *(fact.at for fact in more)) if more else one.now
    after = one.result(facts=(*one.facts, *more), now=now)
    assert dated(after)[:-2] == dated(found)[:-2]
    assert after.state == one.result(now=now).state


# An end that goes back leaves days behind that were counted.
@given(stories(units=DAYS).filter(lambda one: one.clock.rule.roll != "previous"))
def test_the_counted_days_of_the_justification_add_up_to_the_delay(one: Asked):
    found = one.result()
    assume(found.due is not None)
    rows = days_of(one.clock, found, one.calendar)
    assert sum(why.what == "counted" for _, why in rows) == found.total


@given(stories(units=HOURS))
def test_the_counted_stretches_of_the_justification_add_up_to_the_delay(one: Asked):
    found = one.result()
    assume(found.effect_at is not None)
    rows = stretches_of(one.clock, found, one.calendar)
    counted = [row.length for row in rows if row.reason.what == "counted"]
    assert sum(counted, timedelta()) == timedelta(seconds=found.total)


@given(stories())
def test_the_end_takes_effect_at_the_first_instant_at_which_its_last_day_is_over(one: Asked):
    found = one.result()
    assume(found.effect_at is not None)
    assert one.calendar.local_date(found.effect_at - INSTANT) == found.due
    assert one.clock.in_hours or one.calendar.local_date(found.effect_at) == found.due + DAY


@given(stories(units=DAYS, most=0, **{**PLAIN, "franc": True}), st.booleans())
def test_a_full_period_is_one_day_longer(one: Asked, backward):
    one = one.ruled(backward=backward)
    bare = one.ruled(franc=False).result()
    assert one.result().due == bare.due + (-DAY if backward else DAY)
    assert one.result().nominal == bare.nominal


@given(stories(units=("days", "weeks", "months", *HOURS)))
def test_what_remains_is_never_negative_and_nothing_only_at_the_end(one: Asked):
    found = one.result()
    if found.state == "running":
        today = one.calendar.local_date(one.now)
        ahead = found.effect_at > one.now if one.clock.in_hours else found.due > today
        assert (found.remaining > 0) == ahead
    elif found.state == "suspended":
        assert found.remaining >= 0
    else:
        assert found.remaining == (0 if found.state == "lapsed" else None)


@given(stories())
def test_a_clock_has_ended_by_its_end_or_has_lapsed_never_both(one: Asked):
    found = one.result()
    if found.state in ("ended", "cancelled"):
        assert found.ended_at < ends(found)
        assert found.late_by == 0
    elif found.state == "lapsed":
        assert found.effect_at <= one.now
        assert found.ended_at is None or found.ended_at >= found.effect_at
    else:
        assert found.ended_at is None
        assert one.now < ends(found)


@given(stories(kinds=NAMED[:5]), st.integers(-40, 90))
def test_a_communicated_end_never_gives_an_earlier_one(one: Asked, far):
    clock = replace(one.clock, on_revision="never_earlier")
    bare = one.result()
    assume(bare.due is not None)
    told = bare.due + DAY * far
    found = evaluate(clock, one.facts, one.calendar, one.now, told)
    assert ends(found) >= ends(bare)
    assert found.due is None or found.due >= told
