"""Regular expressions, as XPath writes them (DMN 1.5 §10.3.4.3, XPath functions §5.6)."""

from functools import lru_cache

import regex

from decisions.errors import LimitExceeded
from decisions.feel import limits
from decisions.feel.builtins.registry import Impossible, builtin
from decisions.feel.frame import Run
from decisions.feel.xpath import Untranslatable, translated

_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0, "q": 0}
_REFERENCE = regex.compile(r"\\\\|\\\$|\$[0-9]+|\$|\\")


@builtin("matches(input: string, pattern: string, flags?: string|null)")
def matches(run: Run, text: str, pattern: str, flags: str | None) -> bool:
    """Whether the pattern is found somewhere in the text."""
    compiled = _compiled(pattern, flags or "")
    try:
        return compiled.search(text, timeout=run.budget.seconds()) is not None
    except TimeoutError:
        raise _too_slow(pattern) from None


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string|null)")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> str:
    """The text with every match replaced; $1 in the replacement is the first group."""
    compiled = _compiled(pattern, flags or "")
    if compiled.fullmatch("") is not None:
        raise Impossible("the pattern matches the empty string")
    literal = "q" in (flags or "")
    parts = [replacement] if literal else _replacement(replacement, compiled.groups)
    length = 0

    def filled(match: regex.Match[str]) -> str:
        nonlocal length
        piece = "".join(part if isinstance(part, str) else _group(match, part) for part in parts)
        length += len(piece)
        run.sized(range(length))
        return piece

    try:
        return str(run.sized(compiled.sub(filled, text, timeout=run.budget.seconds())))
    except TimeoutError:
        raise _too_slow(pattern) from None


@builtin("split(string: string, delimiter: string)")
def split(run: Run, text: str, delimiter: str) -> list[str]:
    """The parts of the text between the matches of a pattern."""
    compiled = _compiled(delimiter, "")
    parts: list[str] = []
    at = 0
    try:
        for match in compiled.finditer(text, timeout=run.budget.seconds()):
            if match.end() == match.start():
                raise Impossible("the pattern matches the empty string")
            parts.append(text[at : match.start()])
            at = match.end()
    except TimeoutError:
        raise _too_slow(delimiter) from None
    run.sized(parts)
    return [*parts, text[at:]]


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> regex.Pattern[str]:
    if len(pattern) > limits.PATTERN:
        raise Impossible(f"the pattern exceeds {limits.PATTERN} characters")
    if not set(flags) <= set(_FLAGS):
        raise Impossible(f"there are no flags {flags}")
    bits = regex.VERSION1
    for flag in flags:
        bits |= _FLAGS[flag]
    try:
        source = regex.escape(pattern) if "q" in flags else translated(pattern, flags)
        return regex.compile(f"(?-f){source}", bits)  # one letter is never two, as ß and ss
    except Untranslatable as error:
        raise Impossible(str(error)) from None
    except (regex.error, RecursionError, OverflowError):
        raise Impossible(f"{pattern!r} is no pattern") from None


def _replacement(text: str, groups: int) -> list[str | int]:
    """The replacement in parts: its own text, and the numbers of the groups that it refers to."""
    parts: list[str | int] = []
    at = 0
    for match in _REFERENCE.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        found = match[0]
        if found in ("$", "\\"):
            raise Impossible("$ and \\ stand in a replacement only as $1, \\$ and \\\\")
        parts.extend(_group_number(found[1:], groups) if found[0] == "$" else [found[1]])
    return [*parts, text[at:]]


def _group_number(digits: str, groups: int) -> list[str | int]:
    """The longest number that is one of a group; the digits after it are text."""
    length = 1
    while length < len(digits) and int(digits[: length + 1]) <= groups:
        length += 1
    return [int(digits[:length]), digits[length:]]


def _group(match: regex.Match[str], number: int) -> str:
    return (match[number] or "") if number <= match.re.groups else ""


def _too_slow(pattern: str) -> LimitExceeded:
    return LimitExceeded(
        "expression-pattern",
        f"the pattern {pattern!r} takes too long: more than {limits.SECONDS} s in one evaluation",
        remedy="Write the pattern without repetitions inside repetitions.",
    )
