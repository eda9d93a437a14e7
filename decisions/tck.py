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
    tested = _Tested(files, str(document.findtext(f"{_NAMESPACE}modelName")))
    for case in document.findall(f"{_NAMESPACE}testCase"):
        context: dict[str, Any] = {"now": _NOW, "today": _NOW.date()}
        for node in case.findall(f"{_NAMESPACE}inputNode"):
            tested.give(context, node)
        for node in case.findall(f"{_NAMESPACE}resultNode"):
            found, reason = tested.result(case, node, context)
            expected = _read(node.find(f"{_NAMESPACE}expected"))
            name = str(node.get("name"))
            yield Result(path.parent.name, str(case.get("id")), name, expected, found, reason)


class _Tested:
    """The models of a folder, and the one that is tested."""

    def __init__(self, files: dict[str, bytes], name: str) -> None:
        self._files = files
        self._name = name
        self._named = {_namespace(xml): file for file, xml in files.items()}
        self._read: dict[str, dmn.Model] = {}

    def _model(self, namespace: str | None = None) -> dmn.Model:
        name = self._named.get(namespace or "", self._name)
        if name not in self._read:
            self._read[name] = dmn.among(self._files, name)
        return self._read[name]

    def give(self, context: dict[str, Any], node: Any) -> None:
        """Put an input where the model looks for it: one of an import stands below its name."""
        name, alias = str(node.get("name")), ""
        try:
            imports = self._model().imports
        except DecisionError:  # told with each result
            imports = {}
        if node.get("namespace") in imports:
            alias = imports[node.get("namespace")]
        else:
            alias = next((a for a in imports.values() if a and name.startswith(f"{a}.")), "")
            name = name[len(alias) + 1 :] if alias else name
        target = context.setdefault(alias, {}) if alias else context
        target[name] = _read(node)

    def result(self, case: Any, node: Any, context: dict[str, Any]) -> tuple[Any, str]:
        """What comes out for a result, and why it is null or nothing."""
        name = str(node.get("name"))
        wanted = case.get("invocableName") or name
        try:
            model = self._model(node.get("namespace"))
            faulty = {_decision(fault): fault for fault in model.faults}
            if wanted in faulty:  # a decision that cannot be taken is null
                return None, str(faulty[wanted])
            decision = model.by_name.get(wanted) or model.functions.get(wanted)
            if decision is None:
                return _Stopped(), f"there is no {wanted}"
            outcome = decision.evaluate(context)
        except DecisionError as error:
            return _Stopped(), str(error)
        except Exception as error:  # noqa: BLE001 (one fault of ours must not hide the other results)
            return _Stopped(), f"{type(error).__name__}: {error}"
        found = outcome.value
        if case.get("type") == "decisionService" and isinstance(found, dict):
            found = found.get(name, found)  # a service of several decisions gives all of them
        return found, "; ".join(filter(None, [outcome.fault, *outcome.trace["reasons"]]))


def _namespace(xml: bytes) -> str:
    return str(etree.fromstring(xml).get("namespace"))


def _decision(fault: DecisionError) -> str:
    return fault.place.removeprefix("decision ").partition(",")[0]


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
        case Decimal(), Decimal() if found.is_finite() and expected.is_finite():
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
