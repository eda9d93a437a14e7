"""The words of the legal clock in a language: numbers with their noun, days, spans, sentences.

`texts/*.toml` holds them, complete for every language (a test). They are written for a person who
has never heard of working days.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from decisions.calendars import Calendar
from decisions.clock.law import Length
from decisions.clock.reasons import Reason

LANGUAGES = ("fr", "ar", "en")
_NAMELESS: Mapping[str, str] = {}

# Inside Arabic: a value stays one piece (first strong isolate), and a number of several parts, as
# 55-19, is read from left to right.
_PIECE, _LEFT_TO_RIGHT, _END = "\u2068", "\u2066", "\u2069"
_PARTS = re.compile(r"[0-9]+(?:[-/.:][0-9]+)+")
_NO_BREAK = "\u00a0"
_HOUR, _MINUTE = 3600, 60


@dataclass(frozen=True)
class Wording:
    """One language, and the names that a procedure gives in it.

    `names`: of kinds of facts, of who attests a silence, of clocks of appeal, and of texts of the
    clock as its article: what is not there is told in words of the house, the article as it stands.
    """

    language: str
    texts: Mapping[str, Any] = field(repr=False)
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, **values: str) -> str:
        """A sentence, with its values in it; `key`: its place in the texts, as "explain.due"."""
        group, _, name = key.partition(".")
        if self.language == "ar":
            values = {one: _isolated(value) for one, value in values.items()}
        told = str(self.texts[group][name]).format_map(values)
        return self._typed(told[0].upper() + told[1:])

    def _typed(self, text: str) -> str:
        """French punctuation keeps to its word: no line begins with a colon."""
        if self.language != "fr":
            return text
        return re.sub(r" ([:;?!»])", _NO_BREAK + r"\1", text).replace("« ", "«" + _NO_BREAK)

    def amount(self, number: int, noun: str) -> str:
        """A number with its noun, in the form that the number asks for."""
        return str(self.texts["nouns"][noun][plural(self.language, number)]).format(n=number)

    def length(self, length: Length) -> str:
        """A length, the largest unit first: 1 month and 15 days."""
        return self.joined([self.amount(number, unit) for number, unit in length])

    def hours(self, seconds: int, working: bool) -> str:
        """Seconds as hours and minutes, rounded down; `working`: of those offices are open."""
        hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
        found = [self.amount(hours, "hours")] if hours else []
        if minutes or not hours:
            found.append(self.amount(minutes, "minutes"))
        told = self.joined(found)
        return self._form("office_time", amount=told) if working else told

    def joined(self, parts: Sequence[str]) -> str:
        """Several things in a row: a, b and c."""
        *most, last = parts
        return f"{self.texts['form']['comma'].join(most)}{self._and}{last}" if most else last

    @property
    def _and(self) -> str:
        return str(self.texts["form"]["and"])

    def day(self, day: date) -> str:
        """A date with the day of the week: Monday 12 October 2026."""
        weekday = self.texts["form"]["weekdays"][day.isoweekday() - 1]
        return self._form("day", weekday=weekday, date=self.plain_day(day))

    def plain_day(self, day: date) -> str:
        """A date: 12 October 2026."""
        return self._form("date", day=self._number(day), month=self._month(day), year=day.year)

    def instant(self, instant: datetime, calendar: Calendar) -> str:
        """A date and the time on the wall of the office."""
        local = instant.astimezone(calendar.tz)
        return self._form("instant", day=self.day(local.date()), time=self._time(local))

    def on(self, first: date, last: date) -> str:
        """A day, or the days from one to another, as they begin a sentence."""
        if first == last:
            return self._form("on", day=self.day(first))
        first, last = sorted((first, last))
        if first.year != last.year:
            begin = self.plain_day(first)
        elif first.month != last.month:
            begin = self._form("day_and_month", day=self._number(first), month=self._month(first))
        else:
            begin = self._number(first)
        return self._form("span", first=begin, last=self.plain_day(last))

    def between(self, first: datetime, last: datetime, calendar: Calendar) -> str:
        """The time from one instant to another, on one day or on several."""
        begin, end = first.astimezone(calendar.tz), last.astimezone(calendar.tz)
        if begin.date() != end.date():
            return self._form(
                "instants", first=self.instant(first, calendar), last=self.instant(last, calendar)
            )
        return self._form(
            "times", day=self.day(begin.date()), first=self._time(begin), last=self._time(end)
        )

    def rest_days(self, calendar: Calendar) -> str:
        """The days of the week on which offices are closed: Saturdays and Sundays."""
        names = self.texts["form"]["rest_days"]
        return self.joined([names[day - 1] for day in sorted(calendar.rest_days)])

    def label(self, reason: Reason) -> str:
        """The name of a closed day, in this language or as the calendar has it; or nothing."""
        return reason.labels.get(self.language) or reason.about

    def named(self, kind: str, default: str) -> str:
        """The name that the procedure gives, or the words of the house at that place."""
        group, _, name = default.partition(".")
        return self.names.get(kind) or str(self.texts[group][name])

    def _number(self, day: date) -> str:
        return str(self.texts["form"]["first"]) if day.day == 1 else str(day.day)

    def _month(self, day: date) -> str:
        return str(self.texts["form"]["months"][day.month - 1])

    def _time(self, local: datetime) -> str:
        return self._form("time", hour=local.hour, minute=f"{local.minute:02}")

    def _form(self, name: str, **values: Any) -> str:
        return str(self.texts["form"][name]).format_map(values)


def wording(language: str, names: Mapping[str, str] = _NAMELESS) -> Wording:
    """The words of a language; of one that is not known, the French."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    return Wording(known, texts(known), names)


@cache
def texts(language: str) -> Mapping[str, Any]:
    """All that stands in the file of a language."""
    source = files("decisions.clock") / "texts" / f"{language}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def plural(language: str, number: int) -> str:
    """The form of a noun after a number, as Unicode CLDR names it."""
    if language == "ar":
        return _arabic(number)
    return "one" if number == 1 or (language == "fr" and number == 0) else "other"


def _arabic(number: int) -> str:
    small = {0: "zero", 1: "one", 2: "two"}
    if number in small:
        return small[number]
    rest = number % 100
    if rest < 3:
        return "other"
    return "few" if rest <= 10 else "many"


def _isolated(value: str) -> str:
    """A value as one piece of an Arabic sentence."""
    inner = _PARTS.sub(lambda found: f"{_LEFT_TO_RIGHT}{found[0]}{_END}", value)
    return f"{_PIECE}{inner}{_END}"
