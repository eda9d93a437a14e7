"""How a decision came about, in lines for people: inputs, rules, reasons, findings."""

from collections.abc import Iterable, Iterator
from typing import Any

from console import output
from console.context import Face
from console.story import shown


def explained(one: Any, face: Face) -> Iterator[str]:
    """A decision of a case's history, with those that it required before it."""
    moment = output.cell(one.at, face.words, face.settings.zone)
    yield f"{one.seq:>4}  {moment}  {output.isolated(one.element)}"
    for part in one.parts:
        yield from (f"      {output.isolated(line)}" for line in _part(part, face))
    if one.erased:
        yield "      " + face.text("What it rested on was erased; its result stays.")


def _part(part: Any, face: Face) -> Iterator[str]:
    value = shown(part.value, face, part.labels)
    yield face.text("“{name}” decided: {value}", name=part.name, value=value)
    for label, value in part.inputs:
        yield f"  {label}{face.colon}{shown(value, face)}"
    for rule in part.rules:
        asked = _cells(rule.conditions, face) or face.text("in every case")
        given = _cells((cell for cell in rule.results if cell[1] != "null"), face) or "-"
        yield "  " + face.text("rule {number}: {asked} → {given}", number=rule.number,
                               asked=asked, given=given)  # fmt: skip
        if rule.note:
            yield f"    {rule.note}"
    for reason in part.reasons:
        yield "  " + face.text("no value: {reason}", reason=reason)


def _cells(cells: Iterable[tuple[str, str]], face: Face) -> str:
    return face.semicolon.join(f"{label}{face.colon}{cell}" for label, cell in cells)


def outcome(parts: Iterable[Any], fault: str, face: Face) -> Iterator[str]:
    """A decision that was tried: what it gave, with each part that it required."""
    for part in parts:
        yield from _part(part, face)
    if fault:
        yield face.text("The table contradicts itself: {reason}", reason=fault)


def report(name: str, found: Any) -> dict[str, Any]:
    """How examples went, as JSON has it."""
    rows = [
        {
            "file": one.file, "line": one.example.line, "note": one.example.note,
            "passed": not one.differences,
            "differences": [
                {
                    "decision": wrong.expectation.decision.id,
                    "expected": wrong.expectation.value, "found": wrong.found,
                    "trace": wrong.outcome.trace,
                }
                for wrong in one.differences
            ],
        }
        for one in found.tried
    ]  # fmt: skip
    return {"name": name, "passed": found.passed, "examples": rows, "rules": found.rules}


def difference(wrong: Any, face: Face) -> Iterator[str]:
    """An expectation that did not come true, and the rules that fitted instead."""
    name = ".".join([wrong.expectation.decision.id, *wrong.expectation.path])
    yield "    " + face.text("{name}: {found} instead of {expected}", name=name,
                             found=shown(wrong.found, face),
                             expected=shown(wrong.expectation.value, face))  # fmt: skip
    rules = ", ".join(rule for rule, _, _ in wrong.outcome.trace["rules"]) or "-"
    yield "    " + face.text("rules that fit: {rules}", rules=rules)
    for reason in filter(None, [wrong.outcome.fault, *wrong.outcome.trace["reasons"]]):
        yield "    " + face.text("no value: {reason}", reason=reason)


def document(found: Any, face: Face) -> dict[str, Any]:
    """A finding of a check, as JSON has it and a refusal tells it, in the reader's language."""
    finding = found.finding
    return {
        "file": found.file, "element": found.element, "rules": list(found.rules),
        "severity": finding.severity, "code": finding.code,
        "message": face.text(finding.template, **finding.details),
        "remedy": face.text(finding.remedy_template, **finding.details),
        "example": dict(finding.example),
    }  # fmt: skip


def finding(row: dict[str, Any], face: Face) -> Iterator[str]:
    """A finding in lines: how grave, where, what, and what to do."""
    grave = output.state(row["severity"], face.words)
    yield f"{grave}  {row['file']} {row['element']}{face.colon}{row['message']}"
    if row["example"]:
        row_of = (f"{name} = {value}" for name, value in row["example"].items())
        example = face.semicolon.join(row_of)
        yield "    " + face.text("for example: {row}", row=example)
    yield f"    {row['remedy']}"
