"""Values that no rule takes.

Where the hit policy gives one result (UNIQUE, ANY, FIRST, PRIORITY) and there is no default, such
a row has the result null, which nobody meant. COLLECT, RULE ORDER and OUTPUT ORDER answer it with
an empty list, and a count with 0: that is a normal answer. A sum, least or greatest of nothing is
null again.
"""

from collections.abc import Iterator
from itertools import islice

from decisions.checking.cover import Box, Steps, TooLargeError
from decisions.checking.findings import Finding
from decisions.checking.survey import STEPS, Survey

SHOWN = 5
_LOOKED_AT = 200


def gaps(survey: Survey) -> Iterator[Finding]:
    """The gaps, the widest told first, then what is not covered when a value is missing."""
    if not _must_answer(survey):
        return
    rules = (1 << len(survey.sheet.lines)) - 1
    try:
        yield from _gaps(survey, rules)
        yield from _missing(survey, rules)
    except TooLargeError:
        yield Finding("too-large", "note")


def _must_answer(survey: Survey) -> bool:
    sheet = survey.sheet
    summed = sheet.policy == "C" and sheet.aggregation in ("SUM", "MIN", "MAX")
    return not sheet.has_default and (sheet.policy in "UAFP" or summed)


def _gaps(survey: Survey, rules: int) -> Iterator[Finding]:
    cover = survey.cover(survey.usual, Steps(STEPS), surely=False)
    try:
        boxes = list(islice(cover.boxes(cover.rest(rules)), _LOOKED_AT + 1))
    except TooLargeError:
        yield from _one_gap(survey, rules)
        raise
    found = [finding for box in boxes if (finding := _gap(survey, box))]
    found.sort(key=lambda finding: finding.code)  # "gap" comes before "gap-fractions"
    yield from found[:SHOWN]
    if len(found) > SHOWN:
        count = f"{len(found) - SHOWN}{'+' if len(boxes) > _LOOKED_AT else ''}"
        yield Finding("more", found[SHOWN].severity, details={"count": count})


def _one_gap(survey: Survey, rules: int) -> Iterator[Finding]:
    """Where not all can be seen, one gap is worth telling."""
    box = survey.cover(survey.usual, Steps(STEPS), surely=False).first(rules)
    finding = None if box is None else _gap(survey, box)
    if finding is not None:
        yield finding


def _gap(survey: Survey, box: Box) -> Finding | None:
    """The finding of a box; None where the table, when it is tried, does not bear it out."""
    row = survey.row(box)
    if survey.fitting(row) != []:
        return None
    details = {"where": survey.where(box)}
    fractions = any(axis.fractional(bits) for axis, bits in zip(survey.axes, box, strict=True))
    if fractions:
        return Finding("gap-fractions", "note", details=details, example=row.texts)
    return Finding("gap", "warning", details=details, example=row.texts)


def _missing(survey: Survey, rules: int) -> Iterator[Finding]:
    columns, examples = [], []
    for number, axis in enumerate(survey.axes):
        null = 1 << len(axis.atoms) - 1
        if axis.usual & null or not axis.tested:
            continue
        box = (*survey.usual[:number], null, *survey.usual[number + 1 :])
        hole = survey.cover(box, Steps(STEPS), surely=False).first(rules)
        if hole is not None and survey.fitting(row := survey.row(hole)) == []:
            columns.append(axis.column.text)
            examples.append(row.texts)
    if columns:
        yield Finding(
            "missing", "note", details={"columns": ", ".join(columns)}, example=examples[0]
        )
