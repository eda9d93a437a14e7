"""How the scenarios of a procedure went, for people and for machines."""

from collections.abc import Iterator
from typing import Any

from console.context import Face
from console.output import isolated
from engine.work.coverage import Covered
from engine.work.outcome import MESSAGES
from engine.work.scenarios import Report


def document(report: Report) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "procedure": report.procedure,
        "passed": report.passed,
        "scenarios": [
            {
                "file": result.file,
                "title": result.title,
                "passed": result.passed,
                "faults": [
                    {"place": f.place, "code": f.code, "message": f.text} for f in result.faults
                ],
            }
            for result in report.results
        ],
        "flows": report.flows,
        "rules": report.rules,
    }


def lines(report: Report, face: Face) -> Iterator[str]:
    """One line for each scenario, its faults below it, then what was reached."""
    for result in report.results:
        word = face.text("✓ passed") if result.passed else face.text("✗ failed")
        yield f"{word}  {result.file}  {isolated(result.title)}"
        for fault in result.faults:
            place = f"{fault.place}: " if fault.place else ""
            yield f"    {place}{face.text(MESSAGES[fault.code], **fault.details)}"
    if not report.results:
        yield face.text("The procedure has no scenarios.")
    flows, rules = report.flows, report.rules
    yield face.text(
        "Flows {flows}/{all_flows}, rules {rules}/{all_rules}",
        flows=flows.reached, all_flows=flows.total, rules=rules.reached, all_rules=rules.total,
    )  # fmt: skip
    yield from missing(flows, face.text("Flows that no scenario takes:"))
    yield from missing(rules, face.text("Rules that no scenario meets:"))


def missing(covered: Covered, title: str) -> Iterator[str]:
    """What was not reached, below its title; nothing where all was."""
    if covered.missing:
        yield title
        yield from (f"    {name}" for name in covered.missing)
