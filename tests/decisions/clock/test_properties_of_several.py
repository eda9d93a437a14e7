"""What holds of the clocks of a case together."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from decisions.clock.law import Clock, Fact, Rule, Silence
from decisions.clock.several import evaluate_all
from tests.decisions.clock.strategies import NAMED, Asked, lengths, stories

SERVICES = ("fire", "roads", "water")
# Each opens the next, by its lapse or by the act that ends it.
CHAIN = ("decision", "appeal", "answer", "court")


@given(stories(), st.lists(st.sampled_from((*SERVICES, None)), min_size=7, max_size=7))
def test_a_clock_for_each_value_is_as_many_separate_clocks(one: Asked, values):
    facts = tuple(
        replace(fact, data={"service": value} if value else {})
        for fact, value in zip(one.facts, values, strict=False)
    )
    found = evaluate_all([replace(one.clock, each="service")], facts, one.calendar, one.now)
    apart = {}
    for service in {fact.data["service"] for fact in facts if fact.kind == "filed" and fact.data}:
        # What names no service is for all.
        heard = tuple(fact for fact in facts if fact.data.get("service", service) == service)
        result = one.result(facts=heard)
        apart["decision", service] = replace(result, each=service)
    assert found == apart


@given(stories(), st.sampled_from(SERVICES), st.sampled_from(NAMED))
def test_what_happens_for_one_value_does_not_touch_another(one: Asked, service, kind):
    clock = replace(one.clock, each="service")
    facts = tuple(replace(fact, data={"service": "mine"}) for fact in one.facts)
    other = tuple(
        replace(fact, kind=kind if number else "filed", seq=100 + number, data={"service": service})
        for number, fact in enumerate(one.facts)
    )
    alone = evaluate_all([clock], facts, one.calendar, one.now)
    together = evaluate_all([clock], (*facts, *other), one.calendar, one.now)
    assert together["decision", "mine"] == alone["decision", "mine"]
    assert set(together) == {("decision", "mine"), ("decision", service)}


@st.composite
def chains(draw: st.DrawFn) -> list[Clock]:
    """The clock of a story, and those that are opened by the end of the one before."""
    found = []
    for before, name in pairwise(CHAIN):
        unit = draw(st.sampled_from(("days", "working_days", "weeks", "hours")))
        silence = Silence(dated=draw(st.sampled_from(("last_day", "day_after"))))
        rule = Rule(roll=draw(st.sampled_from(("none", "next"))))
        start = (f"clock.{before}.lapsed", *draw(st.sampled_from(((), ("decided",)))))
        found.append(Clock(name, draw(lengths(unit)), start, rule=rule, silence=silence))
    return found


@given(stories(), chains(), st.randoms(use_true_random=False), st.integers(0, 120))
def test_the_order_in_which_clocks_are_given_is_indifferent(one: Asked, chain, chance, days):
    clocks, now = [one.clock, *chain], one.now + timedelta(days=days)
    expected = evaluate_all(clocks, one.facts, one.calendar, now)
    chance.shuffle(clocks)
    assert evaluate_all(clocks, one.facts, one.calendar, now) == expected


@given(stories(), chains(), st.integers(0, 120))
def test_a_lapse_that_is_recorded_gives_what_it_gave_before_it_was(one: Asked, chain, days):
    clocks, now = [one.clock, *chain], one.now + timedelta(days=days)
    derived = evaluate_all(clocks, one.facts, one.calendar, now)
    recorded = list(one.facts)
    for clock in clocks:
        result = derived.get((clock.name, ""))
        if result is not None and result.state == "lapsed":
            early = clock.silence.dated == "last_day"
            at = result.effect_at - timedelta(microseconds=int(early))
            recorded.append(Fact(clock.lapse, at, 1000))
    assert evaluate_all(clocks, recorded, one.calendar, now) == derived
