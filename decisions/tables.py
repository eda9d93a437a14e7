"""Decision tables (DMN 1.5 §8): rules tried on the values of the inputs, results by hit policy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from decisions import expressions, watching
from decisions.boxed import Boxed, Evaluation, Reader, Scope, child, children
from decisions.errors import DecisionError
from decisions.expressions import UnaryTests
from decisions.feel.writing import recorded
from decisions.values import Value, compare, equal

_NAMED = {
    "UNIQUE": "U", "FIRST": "F", "PRIORITY": "P", "ANY": "A", "COLLECT": "C", "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions: the text and value tested, and the values it may have."""

    text: str
    value: Boxed
    allowed: UnaryTests | None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; `order` are its allowed values, the first before the second."""

    name: str
    default: Boxed | None
    order: Boxed | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: tests (None: any value), results, and what was written beside them."""

    id: str
    tests: tuple[UnaryTests | None, ...]
    results: tuple[Boxed, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled table; `place` is the decision it belongs to."""

    place: str
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    def evaluate(self, scope: Scope, run: Evaluation) -> Value:
        """The result; a contradiction among the rules is `run.fault`, and the result null."""
        values = [column.value(scope, run) for column in self.inputs]
        for column, value in zip(self.inputs, values, strict=True):
            run.inputs[column.text] = recorded(value)
        for column, value in zip(self.inputs, values, strict=True):
            if not _allowed(column, value, scope, run):
                run.reasons.append(f"{column.text}: the value is not among those allowed")
                return None
        hit = [(n, rule) for n, rule in enumerate(self.rules, 1) if _hit(rule, values, scope, run)]
        if self.policy == "F":
            hit = hit[:1]
        for number, rule in hit:
            run.rules.append([rule.id, Decimal(number), rule.note])
            watching.note(self.place, rule.id)
        found = [self._result(rule, scope, run) for _, rule in hit]
        if not found:
            return self._default(scope, run)
        return self._settled(found, [number for number, _ in hit], scope, run)

    def _settled(self, found: list[Value], hit: list[int], scope: Scope, run: Evaluation) -> Value:
        """One result out of those of the rules that fit, by the hit policy."""
        match self.policy:
            case "U":
                return _unique(found, hit, run)
            case "A":
                return _any(found, hit, run)
            case "F":
                return found[0]
            case "P":
                return self.ranked(found, scope, run)[0]
            case "O":
                return self.ranked(found, scope, run)
        return _AGGREGATIONS[self.aggregation](found, run) if self.aggregation else found

    def _result(self, rule: Rule, scope: Scope, run: Evaluation) -> Value:
        cells = [cell(scope, run) for cell in rule.results]
        if len(self.outputs) == 1:
            return cells[0]
        return {column.name: cell for column, cell in zip(self.outputs, cells, strict=True)}

    def _default(self, scope: Scope, run: Evaluation) -> Value:
        defaults = [column.default for column in self.outputs]
        if all(default is None for default in defaults):
            if self.policy == "C" and self.aggregation == "COUNT":
                return Decimal(0)
            return [] if self.policy in "CRO" and not self.aggregation else None
        cells = [default(scope, run) if default else None for default in defaults]
        if len(cells) == 1:
            return cells[0]
        return {column.name: cell for column, cell in zip(self.outputs, cells, strict=True)}

    def ranked(self, found: Sequence[Value], scope: Scope, run: Evaluation) -> list[Value]:
        """Results by the order of the outputs' allowed values, the first column first."""

        def rank(result: Value) -> tuple[int, ...]:
            cells = [result] if len(self.outputs) == 1 else list(result.values())
            return tuple(
                _place(column.order(scope, run), cell) if column.order else 0
                for column, cell in zip(self.outputs, cells, strict=True)
            )

        return sorted(found, key=rank)


def compiled(node: Any, reader: Reader) -> Boxed:
    """The table of a node; raises DecisionError with the rule and the cell at fault."""
    table = read(node, reader)
    reader.rules.extend(rule.id for rule in table.rules)
    return table.evaluate


def read(node: Any, reader: Reader) -> Table:
    """Compile a decisionTable element."""
    policy = node.get("hitPolicy", "UNIQUE")
    if policy not in _NAMED:
        raise DecisionError("hit-policy", f"no hit policy {policy}", place=reader.place)
    rows, tests = children(node, "rule"), children(node, "input")
    outputs = tuple(_output(column, reader) for column in children(node, "output"))
    if not outputs:
        raise DecisionError("table", "a table needs an output", place=reader.place)
    aggregation = node.get("aggregation", "")
    if aggregation and len(outputs) > 1:
        remedy = "Leave one output, or collect without aggregation."
        reason = "only one output can be aggregated"
        raise DecisionError("table", reason, place=reader.place, remedy=remedy)
    return Table(
        reader.place, _NAMED[policy], aggregation,
        tuple(_input(column, reader) for column in tests), outputs,
        tuple(_rule(row, n, len(tests), len(outputs), reader) for n, row in enumerate(rows, 1)),
    )  # fmt: skip


def _hit(rule: Rule, values: list[Value], scope: Scope, run: Evaluation) -> bool:
    return all(
        test is None
        or test.evaluate(scope, value, calendar=run.calendar, budget=run.budget) is True
        for test, value in zip(rule.tests, values, strict=True)
    )


def _allowed(column: Input, value: Value, scope: Scope, run: Evaluation) -> bool:
    if column.allowed is None or value is None:
        return True
    return column.allowed.evaluate(scope, value, calendar=run.calendar) is True


def _place(order: Value, value: Value) -> int:
    listed = order if isinstance(order, list) else [order]
    places = (n for n, allowed in enumerate(listed) if equal(allowed, value) is True)
    return next(places, len(listed))


def _input(node: Any, reader: Reader) -> Input:
    text = _cell(child(node, "inputExpression"))
    allowed = _cell(child(node, "inputValues"))
    return Input(text, reader.literal(text), _tests(allowed, reader) if allowed else None)


def _output(node: Any, reader: Reader) -> Output:
    default, order = _cell(child(node, "defaultOutputEntry")), _cell(child(node, "outputValues"))
    return Output(
        node.get("name") or node.get("id") or "",
        reader.literal(default) if default else None,
        reader.literal(f"[{order}]") if order else None,
    )


def _rule(node: Any, number: int, inputs: int, outputs: int, reader: Reader) -> Rule:
    tests = [_cell(cell) for cell in children(node, "inputEntry")]
    results = [_cell(cell) for cell in children(node, "outputEntry")]
    key = node.get("id") or f"rule {number}"
    if len(tests) != inputs or len(results) != outputs:
        raise DecisionError(
            "rule",
            f"it has {len(tests)} conditions for {inputs} inputs "
            f"and {len(results)} results for {outputs} outputs",
            place=f"{reader.place}, {key}",
            remedy="Fill every cell; a dash means any value.",
        )  # fmt: skip
    notes = [_cell(cell) for cell in children(node, "annotationEntry")]
    description = child(node, "description")
    if description is not None and description.text:
        notes.append(description.text.strip())
    here = Reader(
        reader.known, reader.types, f"{reader.place}, {key}", reader.read, [], reader.table
    )
    return Rule(
        key, tuple(None if text in ("", "-") else _tests(text, here) for text in tests),
        tuple(here.literal(text or "null") for text in results), " ".join(n for n in notes if n),
    )  # fmt: skip


def _tests(text: str, reader: Reader) -> UnaryTests:
    try:
        found = expressions.compile_unary(text, reader.known | {"?"}, reader.types)
    except DecisionError as error:
        raise DecisionError(
            error.code, f"{text}: {error.message}", place=reader.place, remedy=error.remedy
        ) from error
    reader.read.update(found.names)
    return found


def _cell(node: Any) -> str:
    if node is None:
        return ""
    text = child(node, "text")
    return ((text.text if text is not None else "") or "").strip()


def _unique(found: list[Value], hit: list[int], run: Evaluation) -> Value:
    if len(found) == 1:
        return found[0]
    run.fault = f"the rules {', '.join(map(str, hit))} fit at once, but only one may (unique)"
    return None


def _any(found: list[Value], hit: list[int], run: Evaluation) -> Value:
    if all(equal(found[0], other) is True for other in found[1:]):
        return found[0]
    run.fault = f"the rules {', '.join(map(str, hit))} fit with different results (any)"
    return None


def _sum(found: list[Value], run: Evaluation) -> Value:
    numbers = [value for value in found if isinstance(value, Decimal)]
    if len(numbers) != len(found):
        run.reasons.append("only numbers can be summed")
        return None
    return sum(numbers, Decimal(0))


def _extreme(sign: int) -> Callable[[list[Value], Evaluation], Value]:
    def extreme(found: list[Value], run: Evaluation) -> Value:
        best = found[0]
        for value in found[1:]:
            order = compare(value, best)
            if order is None:
                run.reasons.append("values of different kinds have no order")
                return None
            best = value if order == sign else best
        return best

    return extreme


_AGGREGATIONS: Mapping[str, Callable[[list[Value], Evaluation], Value]] = {
    "SUM": _sum,
    "COUNT": lambda found, _: Decimal(len(found)),
    "MIN": _extreme(-1),
    "MAX": _extreme(1),
}
