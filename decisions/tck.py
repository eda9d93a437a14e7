"""The standard's own tests: `python -m decisions.tck DIR`.

Runs every `*-test-*.xml` of the DMN Technology Compatibility Kit below a folder against the models
beside them, one line for each expected result, `PASS|FAIL directory testCaseId resultNode reason`,
and a last line `N passed, N failed`.
"""

import datetime as dt
import sys
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

_NAMESPACE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_NOW = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)
_PRECISION = Decimal("1e-8")


@dataclass(frozen=True, slots=True)
class Result:
    """One expected result of one test case, what came out, and why it was null or stopped."""

    folder: str
    case: str
    name: str
    expected: Any
    found: Any
    reason: str

    @property
    def passed(self) -> bool:
        """Whether what came out is what is expected."""
        return not isinstance(self.found, _Stopped) and same(self.found, self.expected)

    @property
    def line(self) -> str:
        """The result as the program prints it, on one line."""
        named = f"{self.folder} {self.case} {self.name}"
        if self.passed:
            return f"PASS {named}"
        told = f"{self.found!r} instead of {self.expected!r}; {self.reason}"
        return " ".join(f"FAIL {named} {told}".split())


class _Stopped:
    """What comes out of a decision that was not taken."""

    def __repr__(self) -> str:
        return "nothing"


def results(root: Path) -> Iterator[Result]:
    """All results of all tests below a folder."""
    for path in sorted(root.rglob("*-test-*.xml")):
        yield from _results(path)


def _results(path: Path) -> Iterator[Result]:
    document = etree.parse(path)
    files = {file.name: file.read_bytes() for file in path.parent.glob("*.dmn")}
    model = dmn.among(files, str(document.findtext(f"{_NAMESPACE}modelName")))
    for case in document.findall(f"{_NAMESPACE}testCase"):
        given = {
            str(node.get("name")): _read(node) for node in case.findall(f"{_NAMESPACE}inputNode")
        }
        context = {"now": _NOW, "today": _NOW.date(), **given}
        for node in case.findall(f"{_NAMESPACE}resultNode"):
            name = str(node.get("name"))
            found, reason = _found(model, case.get("invocableName") or name, context)
            if case.get("type") == "decisionService" and isinstance(found, dict):
                found = found.get(name, found)  # a service of several decisions gives all of them
            expected = _read(node.find(f"{_NAMESPACE}expected"))
            yield Result(path.parent.name, str(case.get("id")), name, expected, found, reason)


def _found(model: dmn.Model, name: str, context: dict[str, Any]) -> tuple[Any, str]:
    faulty = {f.place.removeprefix("decision ").partition(",")[0]: f for f in model.faults}
    if name in faulty:  # a decision that cannot be taken is null
        return None, str(faulty[name])
    decision = model.by_name.get(name) or model.functions.get(name)
    if decision is None:
        return _Stopped(), f"there is no {name}"
    try:
        outcome = decision.evaluate(context)
    except DecisionError as error:
        return _Stopped(), str(error)
    return outcome.value, "; ".join(filter(None, [outcome.fault, *outcome.trace["reasons"]]))


def _read(node: Any) -> Any:
    """The value that an element of a test writes."""
    if node is None:
        return None
    listed = node.find(f"{_NAMESPACE}list")
    if listed is not None and listed.get(f"{_INSTANCE}nil") != "true":
        return [_read(item) for item in listed.findall(f"{_NAMESPACE}item")]
    components = node.findall(f"{_NAMESPACE}component")
    if components:
        return {component.get("name"): _read(component) for component in components}
    value = node.find(f"{_NAMESPACE}value")
    if value is None or value.get(f"{_INSTANCE}nil") == "true":
        return None
    kind = (value.get(f"{_INSTANCE}type") or "xsd:string").rpartition(":")[2]
    text = value.text or ""
    match kind:
        case "boolean":
            return text.strip() in ("true", "1")
        case "decimal" | "double" | "integer" | "int" | "long" | "float":
            return Decimal(text.strip())
        case "date" | "time" | "dateTime" | "duration":
            found = temporal.temporal(text.strip())
            return f"not readable: {text}" if found is None else found
    return text


def same(found: Any, expected: Any) -> bool:
    """Equality of the tests: numbers to eight digits after the point."""
    match found, expected:
        case Decimal(), Decimal():
            return abs(found - expected) < _PRECISION
        case list(), list():
            return len(found) == len(expected) and all(map(same, found, expected))
        case dict(), dict():
            return found.keys() == expected.keys() and all(
                same(value, expected[key]) for key, value in found.items()
            )
    return equal(found, expected) is True


def main(folder: str) -> int:
    """Print every result and how many passed; the exit code says whether all did."""
    passed = failed = 0
    for result in results(Path(folder)):
        passed, failed = passed + result.passed, failed + (not result.passed)
        sys.stdout.write(f"{result.line}\n")
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
