"""The clocks of a case together: the lapse of one is a fact for the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from decisions.calendars import Calendar
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Fact
from decisions.clock.result import Key, Result
from decisions.clock.run import in_order, starts
from decisions.errors import DecisionError

# A lapse comes after all that was recorded at the same instant.
_LAST = 1 << 62
_JUST_BEFORE = timedelta(microseconds=1)
_NOTHING: Mapping[Key, date] = {}


def evaluate_all(
    clocks: Sequence[Clock],
    facts: Sequence[Fact],
    calendar: Calendar,
    now: datetime,
    not_before: Mapping[Key, date] = _NOTHING,
) -> dict[Key, Result]:
    """Date the clocks of a case, in whatever order they are given.

    Of several clocks of one name the day of the start decides which is in force. A clock with
    `each` has a result for each value with which it was started, and none before. A lapse that is
    among the facts already is not made again: what has taken effect stays.
    Raises DecisionError where clocks wait for each other (clock.cycle), and as evaluate does.
    """
    results: dict[Key, Result] = {}
    known = in_order(fact for fact in facts if fact.at <= now)
    for name in order(clocks):
        named = [clock for clock in clocks if clock.name == name]
        lapses = []
        for value, clock in _running(named, known, calendar).items():
            key = (name, value)
            heard = [fact for fact in known if _concerns(clock, value, fact)]
            result = evaluate(clock, heard, calendar, now, not_before.get(key))
            results[key] = replace(result, each=value)
            if result.state == "lapsed" and not any(fact.kind == clock.lapse for fact in heard):
                assert result.effect_at is not None  # noqa: S101 (it has lapsed)
                lapses.append(lapse(clock, result.effect_at, value))
        if lapses:
            known = in_order([*known, *lapses])
    return results


def order(clocks: Sequence[Clock]) -> list[str]:
    """The names, each after those whose lapse it hears; DecisionError (clock.cycle) in a circle."""
    names = {clock.lapse: clock.name for clock in clocks}
    waiting: dict[str, set[str]] = {clock.name: set() for clock in clocks}
    for clock in clocks:
        waiting[clock.name] |= {names[kind] for kind in heard_by(clock) if kind in names}
    found: list[str] = []
    while waiting:
        ready = [name for name, needed in waiting.items() if not needed & waiting.keys()]
        if not ready:
            raise DecisionError(
                "clock.cycle", f"these clocks wait for each other: {', '.join(sorted(waiting))}",
                remedy="Let one of them start, stop and be cancelled without the lapse of another.",
            )  # fmt: skip
        for name in ready:
            del waiting[name]
        found += ready
    return found


def heard_by(clock: Clock) -> tuple[str, ...]:
    """The kinds of the facts that a clock names, each once."""
    kinds = [*clock.start, *clock.stop, *clock.cancel]
    for one in clock.suspensions:
        kinds += [one.on, *one.until]
    kinds += [clock.extension.on] if clock.extension else []
    return tuple(dict.fromkeys(kinds))


def _running(named: Iterable[Clock], known: Iterable[Fact], calendar: Calendar) -> dict[str, Clock]:
    """For each value ("" for all) the clock of a name that its first start takes."""
    found: dict[str, Clock] = {}
    for fact in known:
        for clock in named:
            value = _value(clock, fact)
            if value is not None and value not in found and starts(clock, fact, calendar):
                found[value] = clock
    waiting = next((clock for clock in named if not clock.each), None)
    return found or ({"": waiting} if waiting else {})


def _value(clock: Clock, fact: Fact) -> str | None:
    """For which of its values a fact is; "" of a clock that has one for all; None: for every."""
    if not clock.each:
        return ""
    value = fact.data.get(clock.each)
    return None if value in (None, "") else str(value)


def _concerns(clock: Clock, value: str, fact: Fact) -> bool:
    """Whether a fact is for that value; one without a value ends or stops all, but starts none."""
    found = _value(clock, fact)
    return fact.kind not in clock.start if found is None else found == value


def lapse(clock: Clock, effect_at: datetime, value: str, seq: int = _LAST) -> Fact:
    """The fact that the time has passed, on the day that the tacit act bears."""
    early = _JUST_BEFORE if clock.silence.dated == "last_day" else timedelta()
    data = {clock.each: value} if clock.each else {}
    return Fact(clock.lapse, effect_at - early, seq, data)
