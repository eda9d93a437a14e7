"""What a revision of the calendar moved, in one sentence: from which day to which, and why.

It is written for the person whose receipt bears the first of the two.
"""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from decisions.calendars import Calendar
from decisions.clock.days import difference
from decisions.clock.law import Clock
from decisions.clock.reasons import Reason, closing
from decisions.clock.result import Result
from decisions.clock.walking import DAY
from decisions.clock.wording import Wording, wording

_OPEN = Reason("open")


def moved(
    clock: Clock,
    before: tuple[Result, Calendar],
    after: tuple[Result, Calendar],
    language: str,
) -> str:
    """The sentence; empty where the end is the same, or one of the two has none."""
    found = difference(clock, before, after)
    old, new = found.due
    if not found.moved or old is None or new is None:
        return ""
    words = wording(language)
    reasons = list(_reasons(words, _changed(clock, before, after)))
    why = words.joined(reasons or [str(words.texts["moved"]["calendar"])])
    return words.say("moved.day", before=_end(words, *before), after=_end(words, *after), why=why)


def _end(words: Wording, result: Result, calendar: Calendar) -> str:
    assert result.due is not None  # noqa: S101 (its caller looked)
    if result.effect_at is not None and calendar.midnight_after(result.due) != result.effect_at:
        return words.instant(result.effect_at, calendar)
    return words.plain_day(result.due)


def _changed(
    clock: Clock, before: tuple[Result, Calendar], after: tuple[Result, Calendar]
) -> list[tuple[date, Reason]]:
    """The days that were opened or closed, or named anew, and have part in the end.

    These are days that now have another reason in the delay, and those about which its end moved:
    from the last day of the delay itself on.
    """
    others = difference(clock, before, after).days
    ends = [result.nominal for result, _ in (before, after) if result.nominal is not None]
    start, last = before[0].start, max(filter(None, (before[0].due, after[0].due)))
    assert start is not None  # noqa: S101 (a clock with an end has begun)
    edge = start if clock.rule.min_working_days or clock.rule.backward else min(ends, default=start)
    found = []
    first = min(start, last)
    for number in range((max(start, last) - first).days + 1):
        day = first + DAY * number
        was, now = (_closing(day, calendar) for _, calendar in (before, after))
        if was != now and (day in others or day >= edge):
            found.append((day, now))
    return found


def _closing(day: date, calendar: Calendar) -> Reason:
    return closing(day, calendar) or _OPEN


def _reasons(words: Wording, days: list[tuple[date, Reason]]) -> Iterator[str]:
    """Days that follow each other and are closed for one reason stand together."""
    for (why, _), group in groupby(
        enumerate(days), key=lambda one: (one[1][1], one[1][0].toordinal() - one[0])
    ):
        rows = [day for _, (day, _) in group]
        when = words.on(rows[0], rows[-1])
        if why.what == "open":
            yield _said(words, "opened", when=when)
        elif label := words.label(why):
            yield _said(words, "closed", when=when, label=label)
        else:
            yield _said(words, "closed_unnamed", when=when)


def _said(words: Wording, name: str, **values: str) -> str:
    """A part of the sentence: no capital, and in Arabic one piece of it for all that it holds."""
    return str(words.texts["moved"][name]).format_map(values)
