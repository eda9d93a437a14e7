"""The standard's own tests (DMN TCK), run on a folder that holds them.

`python -m tests.decisions.tck DIR` prints each failure and, for each level, how many passed.
"""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from decisions import dmn
from decisions.errors import DecisionError
from decisions.feel import temporal
from decisions.values import equal

NAMESPACE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
NOW = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)
PRECISION = Decimal("1e-8")


@dataclass(frozen=True)
class Result:
    """One expected result of one test case, and what came out."""

    level: str
    folder: str
    case: str
    name: str
    expected: Any
    found: Any

    @property
    def passed(self) -> bool:
        return same(self.found, self.expected)

    @property
    def key(self) -> str:
        return f"{self.folder} {self.case} {self.name}"


def read(node: Any) -> Any:
    """The value that an element of a test writes."""
    listed = node.find(f"{NAMESPACE}list")
    if listed is not None and listed.get(f"{INSTANCE}nil") != "true":
        return [read(item) for item in listed.findall(f"{NAMESPACE}item")]
    components = node.findall(f"{NAMESPACE}component")
    if components:
        return {component.get("name"): read(component) for component in components}
    value = node.find(f"{NAMESPACE}value")
    if value is None or value.get(f"{INSTANCE}nil") == "true":
        return None
    kind = (value.get(f"{INSTANCE}type") or "xsd:string").rpartition(":")[2]
    text = value.text or ""
    match kind:
        case "boolean":
            return text.strip() in ("true", "1")
        case "decimal" | "double" | "integer" | "int":
            return Decimal(text.strip())
        case "date" | "time" | "dateTime" | "duration":
            found = temporal.temporal(text.strip())
            return f"not readable: {text}" if found is None else found
    return text


def same(found: Any, expected: Any) -> bool:
    """Equality of the tests: numbers to eight digits after the point."""
    match found, expected:
        case Decimal(), Decimal():
            return abs(found - expected) < PRECISION
        case list(), list():
            return len(found) == len(expected) and all(map(same, found, expected))
        case dict(), dict():
            return found.keys() == expected.keys() and all(
                same(value, expected[key]) for key, value in found.items()
            )
    return equal(found, expected) is True


def results(root: Path) -> Iterator[Result]:
    """All results of all tests below a folder."""
    for path in sorted(root.glob("**/compliance-level-*/*/*-test-*.xml")):
        yield from _results(path)


def _results(path: Path) -> Iterator[Result]:
    document = etree.parse(path)
    model = dmn.read((path.parent / document.findtext(f"{NAMESPACE}modelName")).read_bytes())
    left_out = faulty(model)
    for case in document.findall(f"{NAMESPACE}testCase"):
        given = {node.get("name"): read(node) for node in case.findall(f"{NAMESPACE}inputNode")}
        context = {"now": NOW, "today": NOW.date(), **given}
        for node in case.findall(f"{NAMESPACE}resultNode"):
            expected = read(node.find(f"{NAMESPACE}expected"))
            name = case.get("invocableName") or node.get("name")
            yield Result(
                path.parts[-3],
                path.parts[-2],
                case.get("id"),
                node.get("name"),
                expected,
                _found(model, left_out, name, context),
            )


def faulty(model: dmn.Model) -> set[str]:
    """The names of the decisions that cannot be taken; the tests want null of them."""
    return {fault.place.removeprefix("decision ").partition(",")[0] for fault in model.faults}


def _found(model: dmn.Model, left_out: set[str], name: str, context: dict[str, Any]) -> Any:
    if name in left_out:
        return None
    if name not in model.by_name:
        return f"there is no decision {name}"
    try:
        return model.by_name[name].evaluate(context).value
    except DecisionError as error:
        return f"stopped: {error}"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(folder: str) -> int:
    """Print the figures; the exit code says whether all passed."""
    figures: Counter[tuple[str, bool]] = Counter()
    for result in results(Path(folder)):
        figures[result.level, result.passed] += 1
        if not result.passed:
            say(f"{result.key}: {result.found!r}, not {result.expected!r}")
    for level in sorted({level for level, _ in figures}):
        say(f"{level}: {figures[level, True]} passed, {figures[level, False]} failed")
    return 0 if all(passed for _, passed in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
