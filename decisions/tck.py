"""The standard's own tests: `python -m decisions.tck DIR`.

Runs every `*-test-*.xml` of the DMN Technology Compatibility Kit below a folder against the models
beside them, one line for each expected result, `PASS|FAIL directory testCaseId resultNode reason`,
and a last line `N passed, N failed`.
"""

import datetime as dt
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from decisions import dmn, notation
from decisions.errors import DecisionError
from decisions.feel import temporal
from decisions.notation import child, children
from decisions.values import equal

_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_NOW = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)
_PRECISION = Decimal("1e-8")
_DATE_ZONE = re.compile(r"(?<=-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})$")
"""What XML Schema lets stand after a date, and FEEL does not."""
_NUMBERS = frozenset({"decimal", "double", "integer", "int", "long", "short", "float", "byte"})
_TEMPORAL = frozenset(
    {"date", "time", "dateTime", "duration", "dayTimeDuration", "yearMonthDuration"}
)


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
        try:
            document = etree.parse(path, _parser()).getroot()
        except (etree.XMLSyntaxError, OSError) as error:
            yield Result(path.parent.name, path.name, "-", None, _Stopped(), str(error))
            continue
        yield from _results(path, document)


def _results(path: Path, document: Any) -> Iterator[Result]:
    files = {file.name: file.read_bytes() for file in path.parent.glob("*.dmn")}
    named = notation.content(child(document, "modelName"))
    tested = _Tested(files, named or next(iter(sorted(files)), ""))
    for case in children(document, "testCase"):
        inputs = [_Input.read(node) for node in children(case, "inputNode")]
        for node in children(case, "resultNode"):
            found, reason = tested.result(case, node, inputs)
            expected = value_of(child(node, "expected"))
            key, name = str(case.get("id")), str(node.get("name"))
            yield Result(path.parent.name, key, name, expected, found, reason)


@dataclass(frozen=True, slots=True)
class _Input:
    """A value that a test gives: the namespace of what it is for ("" for none), its name."""

    namespace: str
    name: str
    value: Any

    @classmethod
    def read(cls, node: Any) -> "_Input":
        return cls(node.get("namespace") or "", notation.name(node), value_of(node))


class _Tested:
    """The models of a folder, and the one that is tested."""

    def __init__(self, files: dict[str, bytes], name: str) -> None:
        self._files = files
        self._name = name
        self._named = {_namespace(xml): file for file, xml in sorted(files.items())}
        self._named |= {_namespace(files[name]): name} if name in files else {}
        self._named[""] = name
        self._read: dict[str, dmn.Model] = {}

    def _model(self, namespace: str | None) -> dmn.Model:
        name = self._named.get(namespace or "", self._name)
        if name not in self._files:
            raise DecisionError("model", f"there is no file {name}")
        if name not in self._read:
            self._read[name] = dmn.among(self._files, name)
        return self._read[name]

    def result(self, case: Any, node: Any, inputs: list[_Input]) -> tuple[Any, str]:
        """What comes out for a result, and why it is null or nothing."""
        result = notation.name(node)
        wanted = notation.name(case, "invocableName") or result
        try:
            model = self._model(node.get("namespace") or case.get("namespace"))
            decision = _wanted(model, wanted, case.get("type") or "decision")
            if decision is None and wanted in model.broken:
                return None, str(model.broken[wanted])  # what cannot be taken is null
            if decision is None:
                return _Stopped(), f"there is no {wanted}"
            outcome = decision.evaluate(_context(model, inputs))
        except DecisionError as error:
            return _Stopped(), str(error)
        except Exception as error:  # noqa: BLE001 (one fault of ours must not hide the other results)
            return _Stopped(), f"{type(error).__name__}: {error}"
        found = outcome.value
        if len(decision.outputs) > 1 and result in decision.outputs and isinstance(found, dict):
            found = found.get(result)  # a service of several decisions gives all of them
        return found, "; ".join(filter(None, [outcome.fault, *outcome.trace["reasons"]]))


def _wanted(model: dmn.Model, name: str, kind: str) -> dmn.Decision | None:
    """What a test takes; where two of one name are there, that of its kind."""
    named = [one for one in model.decisions.values() if one.name == name]
    if name in model.functions:
        named.append(model.functions[name])
    kinds = {"bkm": "function", "decisionService": "service"}
    return next(
        (one for one in named if one.kind == kinds.get(kind, kind)), named[0] if named else None
    )


def _context(model: dmn.Model, inputs: list[_Input]) -> dict[str, Any]:
    """The inputs where the model looks for them: one of an import stands below its name."""
    context: dict[str, Any] = {"now": _NOW, "today": _NOW.date()}
    for one in inputs:
        alias, name = model.imports.get(one.namespace, ""), one.name
        if one.namespace not in model.imports:
            alias = next((a for a in model.imports.values() if a and name.startswith(f"{a}.")), "")
            name = name[len(alias) + 1 :] if alias else name
        target = context.setdefault(alias, {}) if alias else context
        if not isinstance(target, dict):
            target = context[alias] = {}
        before, value = target.get(name), one.value
        if isinstance(before, dict) and isinstance(value, dict):
            value = {**before, **value}  # below the name of an import, part by part
        target[name] = value
    return context


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )


def _namespace(xml: bytes) -> str:
    try:
        return etree.fromstring(xml, _parser()).get("namespace") or ""
    except etree.XMLSyntaxError:  # told where the file is read
        return ""


def _nil(node: Any) -> bool:
    return node is None or notation.flag(node, f"{_INSTANCE}nil")


def value_of(node: Any) -> Any:
    """The value that an element of a test writes: a list, a context, or a value with its type."""
    if _nil(node):
        return None
    listed = child(node, "list")
    if listed is not None:
        return None if _nil(listed) else [value_of(item) for item in children(listed, "item")]
    parts = children(node, "component")
    if parts and not (len(parts) == 1 and parts[0].get("name") is None and _nil(parts[0])):
        return {notation.name(part): value_of(part) for part in parts}
    value = child(node, "value")
    if _nil(value):
        return None
    kind = (value.get(f"{_INSTANCE}type") or "string").strip().rpartition(":")[2]
    return _simple(kind, value.text or "")


def _simple(kind: str, written: str) -> Any:
    """The value of a text by its type in XML Schema; a text where it has none."""
    plain = written.strip()
    try:
        if kind == "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(plain, plain)
        if kind in _NUMBERS or kind.lower().endswith("integer"):
            return Decimal(plain)
    except ArithmeticError:
        return f"not readable: {written}"
    if kind in _TEMPORAL:
        found = temporal.temporal(_DATE_ZONE.sub("", plain) if kind == "date" else plain)
        return f"not readable: {written}" if found is None else found
    return written


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


def main(folder: str = ".") -> int:
    """Print every result and how many passed; the exit code says whether all did."""
    passed = failed = 0
    for result in results(Path(folder)):
        passed, failed = passed + result.passed, failed + (not result.passed)
        sys.stdout.write(f"{result.line}\n")
    sys.stdout.write(f"{passed} passed, {failed} failed\n")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
