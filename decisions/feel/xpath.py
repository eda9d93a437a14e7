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
_CATEGORY = regex.compile(r"\\([pP])\{([LMNPZSC][a-z]?)\}")
_BLOCK = regex.compile(r"\\([pP])\{(Is[A-Za-z0-9-]+)\}")
_LINE_START = r"(?:\A|(?<=\n)(?!\Z))"
"""A line break at the end of the text begins no line of its own."""
_PART = regex.compile(
    r"\\[pP]\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\{(?P<times>[0-9]+(?:,[0-9]*)?)\}|.",
    regex.DOTALL,
)


class Untranslatable(Exception):
    """This is no pattern of XPath, or one that is too large."""


def translated(pattern: str, flags: str) -> str:
    """The pattern in the words of our library: classes, subtraction, end of text, references."""
    if "x" in flags:
        pattern = _unspaced(pattern)
    _weigh(pattern)
    return _Translation(pattern, flags).text()


class _Translation:
    """One pattern on its way, with the classes and groups that are open at this place."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._caseless = "i" in flags
        self._groups = 0
        self._open: list[int] = []
        self._signs = {
            "^": _LINE_START if "m" in flags else "^",
            "$": "$" if "m" in flags else r"\Z",
            ".": "." if "s" in flags else r"[^\n\r]",
        }

    def text(self) -> str:
        """The whole of it; raises Untranslatable."""
        out: list[str] = []
        while self._at < len(self._pattern):
            if self._pattern[self._at] == "\\":
                out.append(self._escape())
            elif self._depth:
                out.append(self._in_class())
            else:
                out.append(self._outside())
        return "".join(out)

    def _next(self, count: int = 1) -> str:
        """Take so many characters."""
        self._at += count
        return self._pattern[self._at - count : self._at]

    def _outside(self) -> str:
        """One character outside of classes."""
        character = self._next()
        if character == "[":
            self._depth = 1
        elif character == ")" and self._open:
            self._open.pop()
        elif character == "(":
            return self._group()
        return self._signs.get(character, character)

    def _group(self) -> str:
        """The opening of a group; 0 stands for one that is not counted."""
        if not self._pattern.startswith("?", self._at):
            self._groups += 1
            self._open.append(self._groups)
            return "("
        if self._next(2) != "?:":
            raise Untranslatable("only groups and (?: ) are known in patterns")
        self._open.append(0)
        return "(?:"

    def _in_class(self) -> str:
        """One character inside square brackets; `-[` subtracts a class."""
        before = self._pattern[self._at - 1]
        character = self._next()
        if character == "]":
            self._depth -= 1
        elif character == "[" and before == "-":
            self._depth += 1
        elif character == "-" and self._pattern.startswith("[", self._at):
            return "--"
        elif character in "[&|~":
            return f"\\{character}"
        return character

    def _escape(self) -> str:
        """An escape: `\\d`, `\\p{Lu}`, `\\p{IsArabic}`, `\\1`."""
        for known in (_BLOCK, _CATEGORY):
            if (match := known.match(self._pattern, self._at)) is not None:
                self._next(len(match[0]))
                return self._category(rf"\{match[1]}{{{match[2].replace('Is', 'In', 1)}}}")
        letter = self._next(2)[1:]
        if letter.isdigit():
            return self._reference(letter)
        if letter and letter.lower() in _CLASSES:
            inside = _CLASSES[letter.lower()]
            negated = "^" if letter.isupper() else ""
            return inside if self._depth and not negated else f"[{negated}{inside}]"
        if letter not in _ESCAPES:
            raise Untranslatable(f"\\{letter} is unknown in patterns")
        return f"\\{letter}"

    def _category(self, text: str) -> str:
        """A category of characters; the flag for letters of both cases does not touch it."""
        return f"(?-i:{text})" if self._caseless and not self._depth else text

    def _reference(self, number: str) -> str:
        """What a group before it matched, nothing when it did not; as many digits as there are."""
        while self._pattern[self._at : self._at + 1].isdigit():
            longer = number + self._pattern[self._at]
            if int(longer) > self._groups:
                break
            number = longer
            self._next()
        group = int(number)
        if self._depth or not 0 < group <= self._groups or group in self._open:
            raise Untranslatable("no group can be referred to here")
        return f"(?({group})\\{group})"


def _unspaced(pattern: str) -> str:
    """The pattern without white space, which counts inside square brackets only."""
    out: list[str] = []
    depth = 0
    for character in pattern:
        depth += (character == "[") - (character == "]" and depth > 0)
        if depth or not character.isspace():
            out.append(character)
    return "".join(out)


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
