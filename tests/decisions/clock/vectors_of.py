"""The public vectors as values: a clock, what it says, and the calendar by which it is dated."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from decisions.calendars import Calendar
from decisions.clock import vectors
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Fact, Rule
from decisions.clock.result import Result

Dated = tuple[Clock, Result, Calendar]
DATA = os.environ.get("MOUQATAA_TEST_DATA")
FILE = (
    json.loads((Path(DATA) / "legal-clock-vectors.json").read_text(encoding="utf-8"))
    if DATA
    else {"vectors": [], "revisions": []}
)
READER = vectors._File(FILE)


def names(kind: str = "vectors") -> list[str]:
    return [one["id"] for one in FILE[kind]]


def case(key: str, kind: str = "vectors") -> Mapping[str, Any]:
    return next(one for one in FILE[kind] if one["id"] == key)


def dated(key: str, *, not_before: date | None = None, **changed: Any) -> Dated:
    """A vector at its moment; `changed`: other values of the table of its clock."""
    one = case(key)
    table = {**one["clock"], **changed}
    if not_before:
        table["on_revision"] = "never_earlier"
    clock, calendar = vectors._clock(table), READER.calendar(one["calendar"])
    now = vectors._instant(one["now"])
    return clock, evaluate(clock, vectors._facts(one), calendar, now, not_before), calendar


def revision(
    key: str,
) -> tuple[Clock, tuple[Result, Calendar], tuple[Result, Calendar], Mapping[str, Any]]:
    one = case(key, "revisions")
    clock, facts = vectors._clock(one["clock"]), vectors._facts(one)
    now = max(fact.at for fact in facts)
    before, after = (READER.calendar(one[when]) for when in ("before", "after"))
    return (
        clock,
        (evaluate(clock, facts, before, now), before),
        (evaluate(clock, facts, after, now), after),
        one["expect"],
    )


def notice(days: int, event: str, **rule: Any) -> Dated:
    """A notice that is counted back from a day, in Morocco."""
    clock = Clock("notice", ((days, "days"),), ("convened",), rule=Rule(backward=True, **rule))
    calendar = READER.calendar("MA")
    at = datetime.combine(date.fromisoformat(event), time(9), UTC)
    facts = [Fact("convened", at - timedelta(days=60), 0, {"day": event})]
    return clock, evaluate(clock, facts, calendar, at - timedelta(days=50)), calendar


def waiting(clock: Clock) -> Result:
    return Result(clock.name)
