"""Values of a case as JSON, and JSON as values of a case: numbers keep every digit."""

import json
from decimal import Decimal
from typing import Any

from decisions.feel.writing import temporal_text

_LARGEST = 6144  # the exponent of a FEEL number (IEEE 754 decimal128)


def written(value: Any) -> str:
    """The JSON text of a value; dates, times and durations as ISO 8601 texts."""
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return format(value, "f") if abs(value.adjusted()) < 34 else str(value)
        case dict():
            rows = (f"{json.dumps(k, ensure_ascii=False)}:{written(v)}" for k, v in value.items())
            return "{" + ",".join(rows) + "}"
        case list():
            return "[" + ",".join(written(item) for item in value) + "]"
    return json.dumps(temporal_text(value))


def read(text: str) -> Any:
    """The value of a JSON text; raises ValueError for what is none, or what no case can hold."""
    try:
        return json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_none)
    except (ArithmeticError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > _LARGEST:
        raise ValueError("a number beyond all measure")
    return number


def _none(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")
