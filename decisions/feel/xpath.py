"""Patterns as XPath writes them, in the words of our regular-expression library.

XPath functions §5.6.1 and XML Schema part 2, appendix F: classes such as \\i and \\c, subtraction
of classes, the end of the text, flags. What they do not know is refused.
"""

import regex

from decisions.feel import limits

_NAME_START = r"\p{L}\p{Nl}_:"
_CLASSES = {
    "i": _NAME_START,
    "c": _NAME_START + r"\p{M}\p{Nd}\-.·",
    "s": r" \t\n\r",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
}
"""What the escapes of XML Schema stand for, where our library means something else."""
_ESCAPES = frozenset("nrtdD\\|.?*+(){}-[]^$")
_CATEGORY = regex.compile(r"\\[pP]\{[LMNPZSC][a-z]?\}")
_BLOCK = regex.compile(r"\\([pP])\{Is([A-Za-z0-9-]+)\}")
_LINE_START = r"(?:\A|(?<=\n)(?!\Z))"
"""A line break at the end of the text begins no line of its own."""
_PART = regex.compile(
    r"\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\{(?P<times>[0-9]+(?:,[0-9]*)?)\}|.",
    regex.DOTALL,
)


class Untranslatable(Exception):
    """This is no pattern of XPath, or one that is too large."""


def translated(pattern: str, flags: str) -> str:
    """The pattern in the words of our library: classes, subtraction, end of text."""
    if "x" in flags:
        pattern = _unspaced(pattern)
    _weigh(pattern)
    out: list[str] = []
    start, end = (_LINE_START, "$") if "m" in flags else ("^", r"\Z")
    depth, at = 0, 0
    while at < len(pattern):
        character = pattern[at]
        step = 1
        if character == "\\":
            character, step = _escape(pattern, at, depth)
        elif depth:
            character, depth = _in_class(pattern, at, depth)
        elif character == "[":
            depth = 1
        elif character == "^":
            character = start
        elif character == "$":
            character = end
        elif character == "." and "s" not in flags:
            character = r"[^\n\r]"
        elif pattern.startswith("(?", at) and pattern[at + 2 : at + 3] != ":":
            raise Untranslatable("only groups and (?: ) are known in patterns")
        out.append(character)
        at += step
    return "".join(out)


def _unspaced(pattern: str) -> str:
    """The pattern without white space, which counts inside square brackets only."""
    out: list[str] = []
    depth = 0
    for character in pattern:
        depth += (character == "[") - (character == "]" and depth > 0)
        if depth or not character.isspace():
            out.append(character)
    return "".join(out)


def _escape(pattern: str, at: int, depth: int) -> tuple[str, int]:
    """An escape in our words, and how many characters it has: `\\d`, `\\p{Lu}`, `\\p{IsArabic}`."""
    if (block := _BLOCK.match(pattern, at)) is not None:
        return rf"\{block[1]}{{In{block[2]}}}", len(block[0])
    if (category := _CATEGORY.match(pattern, at)) is not None:
        return category[0], len(category[0])
    return _escaped(pattern[at : at + 2], depth), 2


def _escaped(pair: str, depth: int) -> str:
    letter = pair[1:]
    if letter.lower() in _CLASSES and letter:
        inside = _CLASSES[letter.lower()]
        negated = "^" if letter.isupper() else ""
        return inside if depth and not negated else f"[{negated}{inside}]"
    if letter.isdigit() and (depth or letter == "0"):
        raise Untranslatable("no group can be referred to here")
    if not letter.isdigit() and letter not in _ESCAPES:
        raise Untranslatable(f"{pair} is unknown in patterns")
    return pair


def _in_class(pattern: str, at: int, depth: int) -> tuple[str, int]:
    """One character inside square brackets; `-[` subtracts a class."""
    character = pattern[at]
    if character == "]":
        return character, depth - 1
    if character == "[":
        return ("[", depth + 1) if pattern[at - 1] == "-" else (r"\[", depth)
    if character == "-" and pattern[at + 1 : at + 2] == "[":
        return "--", depth
    return (rf"\{character}" if character in "&|~" else character), depth


def _weigh(pattern: str) -> None:
    """Refuse repetitions that make a small pattern a huge one: it is unrolled when compiled."""
    sums = [0]
    last = repeated = 0
    for match in _PART.finditer(pattern):
        part = match[0]
        repeated = repeated + 1 if part in ("?", "*", "+") or match["times"] else 0
        if repeated > 2 or (repeated == 2 and part != "?"):
            raise Untranslatable("what is repeated cannot be repeated once more")
        if part == "(":
            sums.append(0)
        elif part == ")" and len(sums) > 1:
            last = sums.pop()
            sums[-1] += last
        elif part == "{":
            raise Untranslatable("a brace holds how often something is repeated, as in {2,4}")
        elif match["times"]:
            times = max(int(number) for number in match["times"].split(",") if number)
            sums[-1] += last * (times - 1)
            last *= times
        else:
            last = 1
            sums[-1] += 1
        if max(sums) > limits.PATTERN_PARTS:
            raise Untranslatable(f"the pattern repeats more than {limits.PATTERN_PARTS} parts")
        if len(sums) > limits.NESTING:
            raise Untranslatable(f"more than {limits.NESTING} groups within each other")
