"""What the receipt of a case says of its clock: how long, until when, what silence means, appeal.

It is written for the person who gets it. A clock that is stopped says how many days are left, not
a date: there is none yet.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from decisions.calendars import Calendar
from decisions.clock import lengths
from decisions.clock.explain import what_counts
from decisions.clock.law import FILED, Clock
from decisions.clock.reasons import lasting
from decisions.clock.result import Result
from decisions.clock.wording import Wording, wording

_NAMELESS: Mapping[str, str] = {}


def receipt(
    clock: Clock,
    result: Result,
    calendar: Calendar,
    language: str,
    names: Mapping[str, str] = _NAMELESS,
    appeal: tuple[Clock, Result | None] | None = None,
) -> list[str]:
    """The sentences, in French where the language is not known.

    `names`: as Wording has them; `appeal`: the clock of the appeal, and what it says once it runs;
    its name in `names` is the way of appeal and the authority.
    """
    words = wording(language, names)
    return [
        *_delay(words, clock, result),
        *_until(words, clock, result, calendar),
        *_rule(words, clock, result, calendar),
        *_silence(words, clock, result),
        *(_appeal(words, *appeal, calendar) if appeal else ()),
    ]


def _delay(words: Wording, clock: Clock, result: Result) -> Iterator[str]:
    length = words.length(clock.length)
    if clock.rule.backward and result.start:
        yield words.say("receipt.notice", length=length, day=words.day(result.start))
    elif _same_day(clock):
        yield words.say(f"receipt.{clock.obliged}_today")
    else:
        yield words.say(f"receipt.{clock.obliged}", length=length)
    yield from _article(words, clock)
    if result.extended:
        yield words.say("receipt.extended", times=words.amount(result.extended, "times"))


def _same_day(clock: Clock) -> bool:
    return not any(number for number, _ in clock.length)


def _article(words: Wording, clock: Clock) -> Iterator[str]:
    if clock.article:
        yield words.say("receipt.article", article=words.names.get(clock.article, clock.article))


def _until(words: Wording, clock: Clock, result: Result, calendar: Calendar) -> Iterator[str]:
    if result.state == "waiting":
        yield words.say("receipt.waiting")
    elif result.state == "suspended":
        yield from _suspended(words, clock, result, calendar)
    elif result.state in ("ended", "cancelled") and result.ended_on:
        yield words.say(f"receipt.{result.state}", day=words.day(result.ended_on))
    elif result.state == "lapsed":
        yield _end(words, "receipt.lapsed", clock, result, calendar)
    else:
        unless = "_unless" if clock.obliged == "office" and clock.suspensions else ""
        who = "notice" if clock.rule.backward else clock.obliged
        yield _end(words, f"receipt.{who}_until", clock, result, calendar, unless)
        if result.estimated:
            yield words.say("receipt.estimated")


def _suspended(words: Wording, clock: Clock, result: Result, calendar: Calendar) -> Iterator[str]:
    stop = lasting(result.stops)
    assert stop is not None  # noqa: S101 (it is suspended)
    motive = words.named(stop.on, "names.suspension")
    if clock.in_hours:
        since = words.instant(stop.since, calendar)
        yield words.say("receipt.suspended_at", instant=since, motive=motive)
    else:
        yield words.say("receipt.suspended", day=words.day(stop.first), motive=motive)
    yield words.say("receipt.left", left=left(words, clock, result.remaining or 0))


def left(words: Wording, clock: Clock, number: int) -> str:
    """What is left of a clock: days, days on which offices are open, hours and minutes."""
    counted = lengths.counted(clock.length)
    if clock.in_hours:
        return words.hours(number, counted == "working_hours")
    return words.amount(number, counted)


def _end(
    words: Wording, key: str, clock: Clock, result: Result, calendar: Calendar, unless: str = ""
) -> str:
    """A sentence with the end: a day, or an instant of a clock in hours."""
    day, instant = _dated(result)
    if clock.in_hours:
        return words.say(f"{key}_at{unless}", instant=words.instant(instant, calendar))
    return words.say(f"{key}{unless}", day=words.day(day))


def _dated(result: Result) -> tuple[date, datetime]:
    assert result.due is not None  # noqa: S101 (a clock that runs or has lapsed has its end)
    assert result.effect_at is not None  # noqa: S101 (as above)
    return result.due, result.effect_at


def _silence(words: Wording, clock: Clock, result: Result) -> Iterator[str]:
    """What silence means, or has meant; of the applicant's own silence only what has an effect."""
    if result.state in ("ended", "cancelled"):
        return
    silence = clock.silence
    if silence.effect == "none" and (clock.obliged != "office" or clock.rule.backward):
        return
    prefix = "" if result.state == "lapsed" else "silence_"
    yield words.say(f"receipt.{prefix}{silence.effect}")
    if silence.certified_by:
        known = silence.certified_by in words.texts["names"]
        default = f"names.{silence.certified_by}" if known else "names.certifier"
        yield words.say("receipt.certified", certifier=words.named(silence.certified_by, default))


def _appeal(
    words: Wording, clock: Clock, result: Result | None, calendar: Calendar
) -> Iterator[str]:
    yield words.say("receipt.appeal", appeal=words.named(clock.name, "names.appeal"))
    yield words.say("receipt.appeal_within", length=words.length(clock.length))
    yield from _article(words, clock)
    if result is None or result.state == "waiting":
        yield words.say("receipt.appeal_from")
    elif result.state == "running":
        yield _end(words, "receipt.appeal_until", clock, result, calendar)


def _rule(words: Wording, clock: Clock, result: Result, calendar: Calendar) -> Iterator[str]:
    """How the delay is counted: what starts it, what counts, where it may end."""
    if result.state in ("ended", "cancelled"):
        return
    if _same_day(clock):
        return
    yield what_counts(words, clock, calendar)
    if clock.in_hours:
        return
    first = "filing" if FILED in clock.start else "first"
    yield words.say(f"rule.{first}_{clock.rule.first_day}")
    if clock.rule.franc:
        yield words.say("rule.franc")
    if clock.rule.min_working_days:
        least = words.amount(clock.rule.min_working_days, "working_days")
        yield words.say("rule.minimum", least=least)
    if clock.rule.franc or lengths.counted(clock.length) == "days":
        yield words.say(f"rule.{clock.rule.roll}")
