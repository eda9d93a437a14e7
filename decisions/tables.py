"""Decision tables (DMN 1.5 §8) as they are written: columns, rules, hit policy."""

from dataclasses import dataclass
from typing import Any

from decisions import expressions
from decisions.boxed import Reader
from decisions.errors import DecisionError
from decisions.expressions import UnaryTests
from decisions.feel import tree
from decisions.notation import child, children, content, name, text

_NAMED = {
    "UNIQUE": "U", "FIRST": "F", "PRIORITY": "P", "ANY": "A", "COLLECT": "C", "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
}  # fmt: skip
_AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")
ANYTHING = ("", "-")


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions: what is tested, its type ("" for any), the values it may have."""

    text: str
    label: str
    type: str
    allowed: UnaryTests | None
    node: tree.Node


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; `order` are its allowed values, the first before the second."""

    name: str
    label: str
    type: str
    allowed: UnaryTests | None
    order: tree.Node | None
    default: tree.Node | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: tests (None: any value), results, how both are written, and the note beside them."""

    id: str
    tests: tuple[UnaryTests | None, ...]
    results: tuple[tree.Node, ...]
    texts: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Table(tree.Node):
    """A table as it is read; `place` is the decision it belongs to."""

    place: str
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


def read(node: Any, reader: Reader) -> Table:
    """The table of a decisionTable element; raises DecisionError with rule and cell."""
    policy, aggregation = node.get("hitPolicy") or "UNIQUE", node.get("aggregation") or ""
    aggregation = aggregation if policy == "COLLECT" else ""  # elsewhere it means nothing (§8.2.8)
    if policy not in _NAMED:
        raise DecisionError("hit-policy", f"no hit policy {policy}", place=reader.place)
    if aggregation and aggregation not in _AGGREGATIONS:
        raise DecisionError("hit-policy", f"no aggregation {aggregation}", place=reader.place)
    columns, results = children(node, "input"), children(node, "output")
    _refuse_outputs(results, aggregation, reader)
    inputs = tuple(_input(column, reader) for column in columns)
    wanted = _wanted(policy, results, reader)
    ranked = policy in ("PRIORITY", "OUTPUT ORDER")
    outputs = tuple(
        _output(column, of if ranked else None, reader)
        for column, of in zip(results, wanted, strict=True)
    )
    rules = tuple(
        _rule(row, number, inputs, outputs, results, reader)
        for number, row in enumerate(children(node, "rule"), 1)
    )
    return Table(0, reader.place, _NAMED[policy], aggregation, inputs, outputs, rules)


def _refuse_outputs(results: list[Any], aggregation: str, reader: Reader) -> None:
    """Raise DecisionError where the columns of results can make no result together."""
    names = {name(column) for column in results}
    if not results:
        reason, remedy = "a table needs an output", "Add a column for the result."
    elif aggregation and len(results) > 1:
        reason = "only one output can be aggregated"
        remedy = "Leave one output, or collect without aggregation."
    elif len(results) > 1 and ("" in names or len(names) < len(results)):
        reason = "several outputs need names, each one of its own"
        remedy = "Name every output."
    else:
        return
    raise DecisionError("table", reason, place=reader.place, remedy=remedy)


def _wanted(policy: str, results: list[Any], reader: Reader) -> list[tree.Type]:
    """The type of each output as the element around the table says it: it may give an order.

    An only output has no type of its own, but that of the table (§8.3.3).
    """
    whole = reader.wanted
    if policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
        whole = reader.types.item(whole)
    if len(results) == 1:
        return [whole]
    return [reader.types.component(whole, name(column)) for column in results]


def _input(node: Any, reader: Reader) -> Input:
    expression = child(node, "inputExpression")
    here = reader.at(f"input {text(expression) or node.get('label') or node.get('id')}")
    source = here.text(expression)
    if not source:
        raise DecisionError(
            "table", "the input has no expression", place=here.place,
            remedy="Write what the column tests.",
        )  # fmt: skip
    kind, allowed = _type(expression, here)
    values = here.text(child(node, "inputValues")) or allowed
    found = here.typed(here.literal(source), expression, source)
    label = node.get("label") or source
    return Input(source, label, kind, _tests(values, here) if values else None, found)


def _output(node: Any, wanted: tree.Type | None, reader: Reader) -> Output:
    """A column of results; `wanted` is its type where the results are put in order."""
    key = name(node) or node.get("id") or ""
    here = reader.at(f"output {key}")
    kind, allowed = _type(node, here)
    values = here.text(child(node, "outputValues")) or allowed
    order = (values or reader.types.allowed(wanted)) if wanted else ""
    default = here.text(child(node, "defaultOutputEntry"))
    return Output(
        key, node.get("label") or key, kind, _tests(values, here) if values else None,
        here.literal(f"[{order}]") if order else None,
        here.typed(here.literal(default), node, key) if default else None,
    )  # fmt: skip


def _type(node: Any, reader: Reader) -> tuple[str, str]:
    """The name of the type that a column refers to, and the values that its definition allows."""
    found = reader.named(node)
    base = reader.types.base(found)
    return "" if base == "Any" else base, reader.types.allowed(found)


def _rule(
    node: Any, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...],
    results: list[Any], reader: Reader,
) -> Rule:  # fmt: skip
    key = node.get("id") or f"rule {number}"
    here = reader.at(key)
    tests = tuple(here.text(cell) for cell in children(node, "inputEntry"))
    cells = tuple(here.text(cell) for cell in children(node, "outputEntry"))
    if len(tests) != len(inputs) or len(cells) != len(outputs):
        raise DecisionError(
            "rule",
            f"it has {len(tests)} conditions for {len(inputs)} inputs "
            f"and {len(cells)} results for {len(outputs)} outputs",
            place=here.place,
            remedy="Fill every cell; a dash means any value.",
        )
    notes = [text(cell) for cell in children(node, "annotationEntry")]
    notes.append(content(child(node, "description")))
    return Rule(
        key, tuple(None if cell in ANYTHING else _tests(cell, here) for cell in tests),
        tuple(
            here.typed(here.literal(cell or "null"), column, output.name)
            for cell, column, output in zip(cells, results, outputs, strict=True)
        ),
        tests, cells, " ".join(note for note in notes if note),
    )  # fmt: skip


def _tests(source: str, reader: Reader) -> UnaryTests:
    try:
        return expressions.compile_unary(source, reader.known | {"?"}, reader.types, reader.entries)
    except DecisionError as error:
        raise reader.fault(error, source) from error
