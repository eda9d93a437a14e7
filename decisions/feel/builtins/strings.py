"""Functions of strings (DMN 1.5 §10.3.4.3); a character is a Unicode code point."""

from decimal import Decimal

from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run
from decisions.values import Value


@builtin("substring(string: string, start position: number, length?: number|null)")
def substring(text: str, start: Decimal, length: Decimal | None) -> str:
    """The part from a position, counted from 1, or from the end when negative."""
    at, count = int(start), None if length is None else int(length)
    if not at or abs(at) > len(text):
        raise Impossible(f"there is no position {start}")
    if count is not None and count < 1:
        raise Impossible("the length is less than 1")
    begin = at - 1 if at > 0 else len(text) + at
    return text[begin:] if count is None else text[begin : begin + count]


@builtin("string length(string: string)")
def string_length(text: str) -> Decimal:
    """The number of characters."""
    return Decimal(len(text))


@builtin("upper case(string: string)")
def upper_case(text: str) -> str:
    """All letters as capitals."""
    return text.upper()


@builtin("lower case(string: string)")
def lower_case(text: str) -> str:
    """All letters as small letters."""
    return text.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> str:
    """What stands before the match; empty when there is none."""
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> str:
    """What stands after the match; empty when there is none."""
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def contains(text: str, match: str) -> bool:
    """Whether the match stands somewhere in the string."""
    return match in text


@builtin("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> bool:
    """Whether the string begins with the match."""
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> bool:
    """Whether the string ends with the match."""
    return text.endswith(match)


@builtin("trim(string: string)")
def trim(text: str) -> str:
    """The string without white space around it."""
    return text.strip()


@builtin("string join(list: list, delimiter?: string|null)")
def string_join(run: Run, items: list[Value], delimiter: str | None) -> str:
    """The strings of a list in one, nulls left out."""
    parts = [item for item in items if item is not None]
    if not all(isinstance(part, str) for part in parts):
        raise Impossible("the list holds more than strings")
    between = delimiter or ""
    run.sized(range(sum(map(len, parts)) + len(between) * len(parts)))
    return between.join(parts)
