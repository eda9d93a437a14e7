"""Cells and results of a type, or of a value, that can never be right."""

from collections.abc import Iterable, Iterator

from decisions.checking import cells
from decisions.checking.axes import Axis
from decisions.checking.findings import Finding, Severity
from decisions.checking.points import group, groups
from decisions.checking.sheet import Result, Sheet
from decisions.checking.survey import Survey
from decisions.checking.texts import literal
from decisions.values import Value, kind


def cells_at_fault(survey: Survey) -> Iterator[Finding]:
    """Cells that compare what never compares, ask for what is not allowed, or take nothing."""
    for axis in survey.axes:
        wrong = list(_allowed_at_fault(axis))
        yield from wrong
        if not wrong:
            yield from _mixed(survey, axis)
            for line in range(len(survey.sheet.lines)):
                yield from _cells(survey, axis, line)


def results_at_fault(sheet: Sheet) -> Iterator[Finding]:
    """Results and defaults that do not fit their output; a missing order of results."""
    if sheet.policy in "PO" and not any(result.allowed for result in sheet.results):
        yield Finding("order", "error")
    for number, result in enumerate(sheet.results):
        if result.default is not None:
            yield from _result(sheet, result, result.default, "default", None)
        for line in sheet.lines:
            yield from _result(sheet, result, line.results[number], "result", line.number)


def _allowed_at_fault(axis: Axis) -> Iterator[Finding]:
    details = {"column": axis.column.text, "allowed": axis.column.allowed}
    constants = [value for cell in axis.allowed for value in cell.constants]
    wrong = _wrong(constants, axis.column.type)
    if wrong is not None:
        details |= _typed(wrong, axis.column.type)
        yield Finding("allowed-type", "error", details=details)
    elif not axis.usual:
        yield Finding("nothing-allowed", "error", details=details)


def _mixed(survey: Survey, axis: Axis) -> Iterator[Finding]:
    """Constants of several groups where the type forbids none of them."""
    texts = {line.tests[c] for line in survey.sheet.lines for c in axis.columns}
    constants = [v for text in texts for v in cells.read(text, survey.sheet.known).constants]
    found = {group(value) for value in constants if value is not None}
    expected = groups(axis.column.type)
    if len(found) > 1 and (not expected or found <= expected):
        details = {"column": axis.column.text, "kinds": ", ".join(sorted(found))}
        yield Finding("mixed", "warning", details=details)


def _cells(survey: Survey, axis: Axis, line: int) -> Iterator[Finding]:
    """What is wrong with a line's cells of one axis: the first thing of each cell."""
    number, before = survey.sheet.lines[line].number, False
    texts = [survey.sheet.lines[line].tests[column] for column in axis.columns]
    for text in texts:
        finding = _cell(survey, axis, number, text)
        if finding is not None:
            before = True
            yield finding
    if not before and not axis.possible[line]:
        details = {"rule": str(number), "cell": "; ".join(texts), "column": axis.column.text}
        yield Finding("contradiction", "error", (number,), details)


def _cell(survey: Survey, axis: Axis, number: int, text: str) -> Finding | None:
    cell = cells.read(text, survey.sheet.known)
    details = {"rule": str(number), "cell": text, "column": axis.column.text}
    taken = axis.separately(cell)
    nothing = not cell.any and not cell.opaque and not any(bits & axis.usual for bits in taken)
    severity: Severity = "error" if nothing else "warning"
    wrong = _wrong(cell.constants, axis.column.type)
    if wrong is not None:
        return _finding("type", severity, number, details | _typed(wrong, axis.column.type))
    if any(bits and not bits & axis.all for bits in taken):
        details["allowed"] = axis.column.allowed
        return _finding("not-allowed", severity, number, details)
    if not all(taken) or any(part.void for part in cell.parts or ()):
        return _finding("contradiction", severity, number, details)
    if any(bits and not bits & axis.usual for bits in taken):
        return _finding("only-null", "warning", number, details)
    return None


def _finding(code: str, severity: Severity, number: int, details: dict[str, str]) -> Finding:
    return Finding(code, severity, (number,), details)


def _wrong(constants: Iterable[Value], type_name: str) -> Value | None:
    """The first constant that is not of the type; None when all are, or the type is not simple."""
    expected = groups(type_name)
    wrong = (value for value in constants if value is not None and group(value) not in expected)
    return next(wrong, None) if expected else None


def _typed(value: Value, wanted: str) -> dict[str, str]:
    return {"value": literal(value), "found": kind(value), "wanted": wanted}


def _result(
    sheet: Sheet, result: Result, text: str, what: str, number: int | None
) -> Iterator[Finding]:
    fixed, value = cells.constant(text, sheet.known)
    if not fixed or value is None:
        return
    rules = () if number is None else (number,)
    details = {"rule": str(number or ""), "output": result.name, "allowed": result.allowed}
    wrong = None if isinstance(value, list) else _wrong([value], result.type)
    allowed = cells.read(result.allowed, sheet.known)
    if wrong is not None:
        details |= _typed(wrong, result.type)
        yield Finding(f"{what}-type", "error", rules, details)
    elif not isinstance(value, list) and not allowed.possibly()(value):
        details["value"] = literal(value)
        yield Finding(f"{what}-not-allowed", "error", rules, details)
