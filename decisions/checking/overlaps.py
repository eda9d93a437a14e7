"""Rules that fit together although the hit policy forbids it: any two of UNIQUE, two of ANY with
different results. The other policies say which of them decides, or take them all.
"""

from collections.abc import Iterator
from itertools import combinations

from decisions.checking import cells
from decisions.checking.cover import Box
from decisions.checking.findings import Finding
from decisions.checking.survey import Survey, meeting
from decisions.checking.texts import numbers
from decisions.values import equal

SHOWN = 10


def overlaps(survey: Survey) -> Iterator[Finding]:
    """The pairs of rules that fit together, each with a row that both take."""
    if survey.sheet.policy not in "UA":
        return
    found, computed = 0, set[int]()
    for one, other in combinations(range(len(survey.sheet.lines)), 2):
        box = meeting(survey.sure(one), survey.sure(other))
        differ = True if survey.sheet.policy == "U" else _differ(survey, one, other)
        if box is not None and differ is None:
            computed |= {one, other}
        finding = _overlap(survey, one, other, box) if box is not None and differ else None
        found += finding is not None
        if finding is not None and found <= SHOWN:
            yield finding
    if found > SHOWN:
        yield Finding("more", "error", details={"count": str(found - SHOWN)})
    if computed:
        rules = survey.numbers(sorted(computed))
        yield Finding("not-compared", "note", rules, {"rules": numbers(rules)})


def _overlap(survey: Survey, one: int, other: int, box: Box) -> Finding | None:
    """The finding; None where the table, when it is tried, does not bear it out."""
    row = survey.row(box)
    rules = survey.numbers([one, other])
    if not set(rules) <= set(survey.fitting(row) or ()):
        return None
    code = "overlap" if survey.sheet.policy == "U" else "conflict"
    if code == "overlap" and survey.possible(one) == survey.possible(other):
        code = "duplicate"
    details = {"rules": numbers(rules), "where": survey.where(box)}
    return Finding(code, "error", rules, details, row.texts)


def _differ(survey: Survey, one: int, other: int) -> bool | None:
    """Whether the results differ; None when they are computed, and that cannot be known."""
    left, right = survey.sheet.lines[one].results, survey.sheet.lines[other].results
    known, unknown = survey.sheet.known, False
    for first, second in zip(left, right, strict=True):
        (fixed, value), (also, against) = (
            cells.constant(first, known),
            cells.constant(second, known),
        )
        if fixed and also and equal(value, against) is not True:
            return True
        unknown = unknown or (not (fixed and also) and first != second)
    return None if unknown else False
