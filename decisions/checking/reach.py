"""Rules that never decide: FIRST, behind the rules before them; PRIORITY, behind those whose
results come first. Under the other policies every rule that fits has its part in the result.
"""

from collections.abc import Iterator

from decisions.checking import cells
from decisions.checking.cover import Box, Steps, TooLargeError
from decisions.checking.findings import Finding
from decisions.checking.sheet import Sheet
from decisions.checking.survey import STEPS, Survey, inside, meeting
from decisions.checking.texts import numbers
from decisions.values import Value, equal

_MINIMISED = 12


def masked(survey: Survey) -> Iterator[Finding]:
    """The rules that never decide, and those that decide for missing values only."""
    before = _before(survey)
    yield from _not_ranked(survey)
    steps = Steps(STEPS)
    try:
        for line, rules in enumerate(before):
            if all(survey.possible(line)):
                yield from _masked(survey, line, rules, steps)
    except TooLargeError:
        number = str(survey.sheet.lines[line].number)
        yield Finding("too-large-rules", "note", details={"rule": number})


def _before(survey: Survey) -> list[list[int]]:
    """For each line those that decide before it wherever both fit; empty where none can."""
    lines = range(len(survey.sheet.lines))
    if survey.sheet.policy == "F":
        return [list(range(line)) for line in lines]
    if survey.sheet.policy != "P":
        return []
    ranks = [_rank(survey.sheet, line) for line in lines]
    return [
        [o for o in lines if (mine := ranks[n]) and (its := ranks[o]) and (its, o) < (mine, n)]
        for n in lines
    ]


def _not_ranked(survey: Survey) -> Iterator[Finding]:
    """The rules whose rank is computed, where ranks decide."""
    sheet, lines = survey.sheet, range(len(survey.sheet.lines))
    if sheet.policy == "P" and any(result.allowed for result in sheet.results):
        rules = survey.numbers(line for line in lines if not _rank(sheet, line))
        if rules:
            yield Finding("not-compared", "note", rules, {"rules": numbers(rules)})


def _rank(sheet: Sheet, line: int) -> tuple[int, ...]:
    """The places of a line's results in the order of those allowed; empty where not known."""
    places = []
    for result, text in zip(sheet.results, sheet.lines[line].results, strict=True):
        if not result.allowed:
            continue
        known, order = cells.constant(f"[{result.allowed}]", sheet.known)
        fixed, value = cells.constant(text, sheet.known)
        if not (known and fixed):
            return ()
        places.append(_place(order, value))
    return tuple(places)


def _place(order: list[Value], value: Value) -> int:
    found = (n for n, allowed in enumerate(order) if equal(allowed, value) is True)
    return next(found, len(order))


def _masked(survey: Survey, line: int, rules: list[int], steps: Steps) -> Iterator[Finding]:
    box = survey.possible(line)
    meeting_it = [other for other in rules if meeting(survey.sure(other), box)]
    blockers = _covering(survey, box, meeting_it, steps)
    number = survey.sheet.lines[line].number
    if blockers:
        code = "unreachable" if survey.sheet.policy == "F" else "outranked"
        by = survey.numbers(blockers)
        details = {"rule": str(number), "by": numbers(by)}
        yield Finding(code, "warning", (number, *by), details)
        return
    usual = meeting(box, survey.usual)
    by = survey.numbers(_covering(survey, usual, meeting_it, steps) if usual else [])
    if by:
        details = {"rule": str(number), "by": numbers(by)}
        yield Finding("only-missing", "note", (number, *by), details)


def _covering(survey: Survey, box: Box, rules: list[int], steps: Steps) -> list[int]:
    """Those of the rules that take the whole box between them, no more than needed; else none."""
    alone = next((rule for rule in rules if inside(box, survey.sure(rule))), None)
    if alone is not None:
        return [alone]
    cover = survey.cover(box, steps, surely=True)
    if cover.first(_bits(rules)) is not None:
        return []
    if len(rules) <= _MINIMISED:
        for rule in list(rules):
            fewer = [other for other in rules if other != rule]
            if cover.first(_bits(fewer)) is None:
                rules = fewer
    return rules


def _bits(lines: list[int]) -> int:
    return sum(1 << line for line in lines)
