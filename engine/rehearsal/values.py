"""Values as JSON or YAML have them, made those of a case: every number exact."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from decisions import expressions


def typed(value: Any) -> Any:
    """A value of JSON or YAML as a case holds it; a text that begins with `=` is FEEL.

    Raises DecisionError where such a text is no FEEL.
    """
    match value:
        case str() if value.startswith("="):
            return expressions.compile(value[1:]).evaluate({})
        case bool() | None | str() | Decimal() | date() | datetime():
            return value
        case int() | float():
            return Decimal(str(value))
        case list() | tuple():
            return [typed(item) for item in value]
        case dict():
            return {str(key): typed(item) for key, item in value.items()}
    return str(value)


def variables(value: Any) -> dict[str, Any]:
    """An object of JSON as the variables of a case; anything else is no variables."""
    return typed(value) if isinstance(value, dict) else {}
