"""What a check of the database found, for people and for machines."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from console.context import Face
from engine.i18n import text


def document(report: Any) -> dict[str, Any]:
    """The findings as JSON has them, in English: what machines read is not translated."""
    english = partial(text, language="en")
    rows = [
        {"code": v.code, "where": v.where, "message": v.message(english),
         "remedy": v.remedy(english)}
        for v in (report.violations if report else ())
    ]  # fmt: skip
    checked = dict(report.checked) if report else {}
    return {"checked": checked, "violations": rows, "complete": bool(report and report.complete)}


def lines(report: Any, face: Face) -> Iterator[str]:
    """Each finding with its remedy, and what was looked at; nothing where nobody looked."""
    if report is None:
        return
    for one in report.violations:
        yield f"✗ {one.where}: {one.message(face.text)}"
        yield f"    {one.remedy(face.text)}"
    if not report.checked:
        yield face.text("The schema is not right, so nothing else was checked.")
        return
    if not report.complete:
        yield face.text("There may be more: the check ended after {count} findings.",
                        count=len(report.violations))  # fmt: skip
    seen = report.checked
    yield face.text("Checked {cases} cases, {events} events, {registers} registers, {files} files.",
                    cases=seen.get("case", 0), events=seen.get("event", 0),
                    registers=seen.get("register", 0), files=seen.get("file", 0))  # fmt: skip
    if not report.violations:
        yield face.text("Nothing is wrong.")
