"""How the tests of this folder evaluate: a text, in a context of plain Python values."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from decisions import expressions
from decisions.errors import ExpressionInvalid

NOW = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)
CONTEXT: dict[str, Any] = {
    "now": NOW,
    "today": NOW.date(),
    "age": Decimal(20),
    "name": "Fatima",
    "papers": [
        {"kind": "cin", "pages": Decimal(2)},
        {"kind": "deed", "pages": Decimal(9)},
        {"kind": "deed", "pages": Decimal(1)},
    ],
}
NAMES: dict[str, Any] = {
    "a": Decimal(1),
    "b": Decimal(2),
    "x y": Decimal(5),
    "net-price": Decimal(7),
    "in stock": True,
    "order or date": Decimal(4),
}


def outcome(text: str) -> str:
    """The value of a text that may use NAMES, as FEEL writes it inside a list; or "refused"."""
    try:
        found = expressions.compile(text, NAMES).evaluate(NAMES)
    except ExpressionInvalid:
        return "refused"
    return str(expressions.compile("string([it])").evaluate({"it": found}))[1:-1]


def value(text: str, more: Mapping[str, Any] | None = None) -> Any:
    """The value, with int made Decimal on both sides of the comparison by `plain`."""
    return plain(expressions.compile(text).evaluate({**CONTEXT, **(more or {})}))


def plain(found: Any) -> Any:
    """Decimals as int or float, so that expected values are short to write."""
    if isinstance(found, Decimal):
        return int(found) if found == found.to_integral_value() else float(found)
    if isinstance(found, list):
        return [plain(item) for item in found]
    if isinstance(found, dict):
        return {key: plain(item) for key, item in found.items()}
    return found


def reasons(text: str) -> str:
    """All reasons of a text that gives null."""
    found, why = expressions.compile(text).explain(CONTEXT)
    assert found is None
    return "; ".join(why)
