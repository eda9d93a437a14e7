"""The clock dates as a second program does that walks, over thousands of clocks by chance."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import pytest

from decisions.calendars import Calendar
from decisions.clock import several, vectors
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Fact
from decisions.clock.result import Ignored, Result
from tests.decisions.clock.chance import Trial, trial
from tests.decisions.clock.walk import Told, walk

DATA = os.environ.get("MOUQATAA_TEST_DATA")
# All of a night: MOUQATAA_CLOCKS=100000.
CLOCKS = int(os.environ.get("MOUQATAA_CLOCKS", "2000"))


def told(result: Result) -> Told:
    """What `evaluate` says, in the words of the walk."""
    return Told(
        state=result.state,
        start=result.start,
        due=result.due,
        effect_at=result.effect_at,
        nominal=result.nominal,
        remaining=result.remaining,
        extended=result.extended,
        ended_on=result.ended_on,
        late_by=result.late_by,
        ignored=tuple((one.seq, one.reason) for one in result.ignored),
        estimated=result.estimated,
        promised=result.promised,
    )


def pasted(seed: int, one: Trial, found: Told, expected: Told) -> str:
    """A disagreement as lines of a test; `import datetime`, the words of law and offices."""
    facts = "".join(f"    {fact!r},\n" for fact in sorted(one.facts, key=lambda fact: fact.seq))
    differing = {
        name: (getattr(found, name), getattr(expected, name))
        for name in Told.__dataclass_fields__
        if getattr(found, name) != getattr(expected, name)
    }
    return (
        f"\n# trial({seed}): evaluate, walk: {differing}\n"
        f"clock = {one.clock!r}\nfacts = [\n{facts}]\n"
        f"calendar = {one.calendar.name.upper()}\nnow = {one.now!r}\n"
        f"found = evaluate(clock, facts, calendar, now, {one.not_before!r})\n"
        f"assert told(found) == {expected!r}\n# found: {found!r}"
    )


@pytest.mark.timeout(300 + CLOCKS // 20)
def test_the_clock_agrees_with_a_second_program_that_walks_day_by_day_and_minute_by_minute():
    zones: Counter[str] = Counter()
    for seed in range(CLOCKS):
        one = trial(seed)
        asked = (one.clock, one.facts, one.calendar, one.now, one.not_before)
        zones[one.calendar.zone] += 1
        found, expected = told(evaluate(*asked)), walk(*asked)
        assert found == expected, pasted(seed, one, found, expected)
    sys.stdout.write(f"{CLOCKS} clocks, {dict(zones.most_common())}\n")


def walked(
    clock: Clock,
    facts: Iterable[Fact],
    calendar: Calendar,
    now: datetime,
    not_before: date | None = None,
) -> Result:
    """What the walk says, in the place of what `evaluate` does."""
    said = vars(walk(clock, facts, calendar, now, not_before))
    ignored = tuple(Ignored(seq, "", reason) for seq, reason in said["ignored"])
    return Result(clock.name, **{**said, "ignored": ignored})


@pytest.mark.skipif(not DATA, reason="MOUQATAA_TEST_DATA is not set")
def test_the_walk_agrees_with_the_vectors_of_the_law(monkeypatch, tmp_path):
    monkeypatch.setattr(vectors, "evaluate", walked)
    monkeypatch.setattr(several, "evaluate", walked)
    file = Path(DATA or "") / "legal-clock-vectors.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    # The walk has no reminders, and nothing to say of what moved.
    suites = [
        {key: value for key, value in suite.items() if key != "reminders"}
        for suite in content["suites"]
    ]
    without = {**content, "suites": suites, "revisions": []}
    (tmp_path / "walked.json").write_text(json.dumps(without), encoding="utf-8")
    found = list(vectors.outcomes(tmp_path / "walked.json"))
    assert len(found) == len(content["vectors"]) + len(suites) > 60
    assert [one.line for one in found if not one.passed] == []
