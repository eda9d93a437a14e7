"""The cases find faults: each of these, put into a copy of the clock, makes a case come out wrong.

A fault replaces a text that stands in a module once. One that no case finds is a missing case; one
whose text is gone says nothing any more: both fail.
"""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.decisions.clock import (
    test_backward,
    test_extensions,
    test_horizon,
    test_hours,
    test_months,
    test_reminders,
    test_several,
    test_suspensions,
)
from tests.decisions.clock.cases import NAMES, Case, Modules, found

ROOT = Path(__file__).parents[3]
ALIAS = "mutant"
CASES: list[Case] = [
    *test_months.CASES, *test_months.INSTANTS, *test_suspensions.CASES, *test_extensions.CASES,
    *test_hours.CASES, *test_backward.CASES, *test_backward.FACTS, *test_several.CHAINS,
    *test_several.EACH, *test_several.IN_FORCE, *test_several.PROMISED, *test_horizon.CASES,
    *test_reminders.CASES,
]  # fmt: skip

FAULTS = [
    # numbering working days
    ("workdays", "if works != (day", "if works == (day"),
    ("workdays", "1 if works else -1", "-1 if works else 1"),
    ("workdays", "bisect_right(self._days, ordinal)", "bisect_left(self._days, ordinal)"),
    ("workdays", "bisect_left(self._numbers, number)", "bisect_right(self._numbers, number)"),
    ("workdays", "self._more[place] - 1", "self._more[place]"),
    ("workdays", "else min(regular, exception)", "else regular"),
    # the calendar
    ("calendars", "if not self.first <= day <= self.last:", "if not self.first <= day:"),
    ("calendars", "if not self.first <= day <= self.last:", "if not day <= self.last:"),
    ("calendars", "number(first.toordinal() - 1)", "number(first.toordinal())"),
    ("calendars", "(count if count > 0 else count + 1)", "count"),
    ("calendars", "return self._instant(day + _DAY, time())", "return self._instant(day, time())"),
    ("calendars", "instant.astimezone(self.tz).date()", "instant.astimezone(UTC).date()"),
    ("calendars", "in reversed(self.seasons) if", "in self.seasons[:0] if"),
    ("calendars", "day + _DAY if closes == time() else day", "day"),
    ("calendars", "if what.estimated", "if not what.works"),
    # lengths
    ("lengths", '"years": 12, "months": 1', '"years": 1, "months": 1'),
    ("lengths", '"weeks": 7', '"weeks": 5'),
    ("lengths", "return 365 * years", "return 366 * years"),
    ("lengths", "30 * (months - 12 * years)", "31 * (months - 12 * years)"),
    ("lengths", "min(day.day, monthrange(year, month + 1)[1])", "min(day.day, 28)"),
    ("lengths", 'if rule.month_end == "first":', 'if rule.month_end == "last":'),
    ("lengths", 'rule.month_end == "eve" or', ""),
    ("lengths", ' or rule.first_day == "included"', ""),
    ("lengths", "- timedelta(days=sign)\n", "\n"),
    ("lengths", "return sign * (end - origin).days + plain", "return sign * (end - origin).days"),
    ("lengths", "days=1 if rule.backward else -1", "days=-1"),
    ("lengths", "sign = -1 if rule.backward else 1", "sign = 1"),
    ("lengths", "_SECONDS = 3600", "_SECONDS = 60"),
    # walking over stopped days
    ("walking", "first = max(first, after + DAY)", "pass"),
    ("walking", "ended is None or last is None else max(ended, last)", "ended is None else last"),
    ("walking", "and day > hole[1] + DAY", ""),
    ("walking", "(last - first).days + 1)", "(last - first).days)"),
    ("walking", "if left <= before:", "if left < before:"),
    ("walking", "        at = last\n", "        at = last - DAY\n"),
    ("walking", "path.step(end) if rule.franc", "end + DAY if rule.franc"),
    ("walking", "path.step(end) if rule.franc else end", "end"),
    ("walking", "(first, last) - sum(lost)", "(first, last)"),
    ("walking", "while day and missing > 0:", "while day and missing > 1:"),
    ("walking", 'if rule.roll == "previous":', 'if rule.roll == "back":'),
    ("walking", 'rule.roll == "next" and not', 'rule.roll == "on" and not'),
    ("walking", "                day = last + DAY\n", "                day = last\n"),
    ("walking", "return day and calendar.known(day)", "return day"),
    # days
    ("dating", "Stop(first, last, asked.kind, asked.at, answered.at)",
     "Stop(first, last, asked.kind, answered.at, asked.at)"),
    ("dating", 'if suspension.counted_from == "same_day":', "if False:"),
    ("dating", "if last < first:", "if last <= first:"),
    ("dating", 'suspension.stopped_from == "same_day" else', 'suspension.stopped_from == "x" else'),
    ("dating", "max(asked.at, self._calendar.midnight_after(self._first(suspension, asked) - DAY))",
     "asked.at"),
    ("dating", "today + DAY, dated.due)", "today, dated.due)"),
    ("dating", "if total else start", ""),
    ("dating", "last = self._calendar.local_date(effect_at) - DAY",
     "last = self._calendar.local_date(effect_at)"),
    # hours
    ("hours", "if answered.at <= asked.at:", "if answered.at < asked.at:"),
    ("hours", "max(now, dated.begin)", "dated.begin"),
    ("hours", "- past + _HOUR", "- past"),
    ("hours", "local = since.astimezone(self._calendar.tz)", "local = since.astimezone(UTC)"),
    ("hours", "if left <= closes - opens:", "if left < closes - opens:"),
    ("hours", "(max(opens, at), closes)", "(opens, closes)"),
    ("hours", "            at = again\n", "            at = stopped\n"),
    ("hours", "else max(ended, last)", "else last"),
    ("hours", "min(window[1], last)", "window[1]"),
    ("hours", "first, last = max(stop.since, begin), stop.until",
     "first, last = stop.since + _HOUR, stop.until"),
    # counted back
    ("backward", "nominal - DAY if rule.franc", "nominal + DAY if rule.franc"),
    ("backward", "calendar.working_day(origin, -total)", "origin - DAY * total"),
    ("backward", "if have < rule.min_working_days:", "if have > rule.min_working_days:"),
    ("backward", 'if rule.roll == "previous" and', 'if rule.roll == "next" and'),
    ("backward", "if announced is None:", "if True:"),
    ("backward", "today + DAY, dated.due)", "today, dated.due)"),
    # the run
    ("run", "key=lambda fact: (fact.at, fact.seq, fact.kind)", "key=lambda fact: fact.seq"),
    ("run", "(first is None or first <= day)", "(first is None or first < day)"),
    ("run", "(last is None or day <= last)", "(last is None or day < last)"),
    ("law", 'CANCELLED = "case.cancelled"', 'CANCELLED = "case.closed"'),
    ("run", "        elif self._act is not None:\n            return\n", ""),
    ("run", "        if not self._over(fact.at):\n            self._act, self._cancelled",
     "        if True:\n            self._act, self._cancelled"),
    ("run", "self._clock.rule.backward and self._act is None", "False"),
    ("run", "self._extended >= extension.at_most", "self._extended > extension.at_most"),
    ("run", "elif extension.motives and fact", "elif fact"),
    ("run", 'own = fact.data.get("length", extension.length)', "own = extension.length"),
    ("run", "lengths.counted(self._length)", "None"),
    ("run", "if number in self._asked:\n", "if False:\n"),
    ("run", "most is not None and used >= most", "most is not None and used > most"),
    ("run", "elif suspension.within and", "elif False and"),
    ("run", 'franc=False, roll="none"', 'franc=True, roll="none"'),
    ("run", ".dated(self._origin, within, ())", ".dated(self._from or fact, within, ())"),
    ("run", "fact.at >= last.effect_at", "fact.at > last.effect_at"),
    ("run", "self._from, self._stops = fact, []", "self._stops = []"),
    ("run", "self._from, self._stops = fact, []", "self._from = fact"),
    ("run", "end is not None and instant >= end", "end is not None and instant > end"),
    ("run", "self._not_before\n            if", "None\n            if"),
    ("run", "dated.due >= promised:", "dated.due > promised:"),
    ("run", "(end is None or act.at < end)", "(end is None or act.at <= end)"),
    ("run", '"cancelled" if self._cancelled else "ended"', '"ended"'),
    ("run", "if now >= end:", "if now > end:"),
    ("run", "first <= day <= last and", "first < day < last and"),
    ("run", "(day != start or counts)", "True"),
    ("evaluate", "if fact.at <= now", "if fact.at < now"),
    ("evaluate", "if fact.at <= now", "if True"),
    ("evaluate", 'if clock.on_revision == "never_earlier" else None', ""),
    # several
    ("several", ' if clock.silence.dated == "last_day" else timedelta()', ""),
    ("several", "_JUST_BEFORE = timedelta(microseconds=1)", "_JUST_BEFORE = timedelta()"),
    ("several", "and not any(fact.kind == clock.lapse for fact in heard)", ""),
    ("several", "if not needed & waiting.keys()", "if True"),
    ("several", "kinds += [clock.extension.on] if clock.extension else []", "pass"),
    ("several", "kinds += [one.on, *one.until]", "pass"),
    ("several", "value not in found and", ""),
    ("several", "if found is None else found == value", "if found is None else True"),
    ("several", "data = {clock.each: value} if clock.each else {}", "data = {}"),
    ("several", "replace(result, each=value)", "result"),
    ("several", "not_before.get(key)", "None"),
    # reminders
    ("reminders", 'if result.state != "running" or', "if"),
    ("reminders", "day >= result.start else None", "True else None"),
    ("reminders", "-(-days * percent // 100)", "days * percent // 100"),
    ("reminders", "calendar.working_day(result.due, -int(number))", "result.due"),
    ("reminders", "key=lambda one: one[1]", "key=lambda one: one[0]"),
    ("reminders", "day = calendar.working_day(day, -1)", "pass"),
    # reading
    ("reading", '"never_earlier" if applicant else', '"recompute" if applicant else'),
]  # fmt: skip


def path_of(name: str) -> Path:
    return ROOT / "decisions" / Path(*name.split(".")).with_suffix(".py")


@cache
def compiled(name: str, old: str = "", new: str = "") -> CodeType:
    """A module of the copy, with its fault if it has one."""
    text = path_of(name).read_text(encoding="utf-8")
    if old:
        assert text.count(old) == 1, f"{name} has the text {text.count(old)} times"
        text = text.replace(old, new)
    for folder in ("clock", "calendars", "workdays"):
        text = text.replace(f"from decisions.{folder}", f"from {ALIAS}.{folder}")
    return compile(text, f"{ALIAS}/{name}", "exec")


@pytest.fixture
def clean() -> Iterator[None]:
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == ALIAS]:
        del sys.modules[name]


def load(fault: tuple[str, str, str] | None) -> Modules:
    """A copy of the clock, in modules of its own."""
    for package in (ALIAS, f"{ALIAS}.clock"):
        sys.modules[package] = ModuleType(package)
        sys.modules[package].__path__ = []
    faulty = fault and (fault[0] if fault[0] in NAMES else f"clock.{fault[0]}")
    for name in NAMES:
        code = compiled(name, *fault[1:]) if fault and name == faulty else compiled(name)
        module = sys.modules[f"{ALIAS}.{name}"] = ModuleType(f"{ALIAS}.{name}")
        parent, _, last = f"{ALIAS}.{name}".rpartition(".")
        setattr(sys.modules[parent], last, module)
        exec(code, module.__dict__)
    return Modules(ALIAS)


def test_a_copy_without_a_fault_passes_every_case(clean: None) -> None:
    modules = load(None)
    assert modules.run is not Modules().run
    assert [case.name for case in CASES if found(case, modules) != case.expected] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault[0]}: {fault[1].strip()[:40]}")
def test_a_fault_is_found(fault: tuple[str, str, str], clean: None) -> None:
    modules = load(fault)
    assert any(found(case, modules) != case.expected for case in CASES)


def test_there_are_many_faults_and_every_module_has_one() -> None:
    assert len(set(FAULTS)) == len(FAULTS) >= 45
    named = {name if name in NAMES else f"clock.{name}" for name, _, _ in FAULTS}
    assert named == set(NAMES) - {"clock.result"}
