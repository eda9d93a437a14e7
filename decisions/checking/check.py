"""The check of a decision table: what its owner must be told, the worst first.

Everything told is proven over all values of the inputs, and every example was tried on the table;
where nothing can be proven, that is told.
"""

from collections.abc import Iterator
from itertools import combinations

from decisions.checking.findings import Finding
from decisions.checking.gaps import gaps
from decisions.checking.kinds import cells_at_fault, results_at_fault
from decisions.checking.overlaps import overlaps
from decisions.checking.reach import masked
from decisions.checking.sheet import Column, Sheet
from decisions.checking.survey import Survey

_ORDER = ("error", "warning", "note")


def check(sheet: Sheet) -> tuple[Finding, ...]:
    """All findings of a table."""
    survey = Survey(sheet)
    found = [*results_at_fault(sheet), *cells_at_fault(survey)]
    if all(survey.usual):
        combined = [*gaps(survey), *overlaps(survey)]
        found += [*combined, *masked(survey)]
        found += _dependent(survey) if combined else ()
        found += _not_proven(survey)
    return tuple(sorted(found, key=lambda finding: _ORDER.index(finding.severity)))


def _dependent(survey: Survey) -> Iterator[Finding]:
    """Columns that are computed from the same variables are not free of each other."""
    columns = [axis.column for axis in survey.axes if axis.tested]
    pairs = [(a, b) for a, b in combinations(columns, 2) if _share(a, b)]
    if pairs:
        named = [column.text for column in columns if any(column in pair for pair in pairs)]
        yield Finding("dependent", "note", details={"columns": ", ".join(named)})


def _share(one: Column, other: Column) -> bool:
    """Whether two columns read the same variable, or one a part of what the other reads."""
    return any(
        f"{name}.".startswith(f"{path}.") or f"{path}.".startswith(f"{name}.")
        for name in one.names
        for path in other.names
    )


def _not_proven(survey: Survey) -> Iterator[Finding]:
    """The cells and allowed values that could not be analysed, where a proof would need them."""
    lines, sheet = survey.open_lines(), survey.sheet
    opaque = [
        sheet.lines[line].tests[column]
        for line in lines
        for axis in survey.axes
        if axis.sure[line] != axis.possible[line]
        for column in axis.columns
        if sheet.lines[line].tests[column] not in ("", "-")
    ]
    opaque += [cell.text for axis in survey.axes for cell in axis.allowed if cell.opaque]
    if opaque and sheet.policy in "UAFP":
        told = "; ".join(dict.fromkeys(opaque))
        yield Finding("not-proven", "note", survey.numbers(lines), {"cells": told})
