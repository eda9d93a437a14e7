"""Numbers of mobile telephones, and how many messages a text is (3GPP TS 23.038, 23.040)."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # each with an escape before it
_LOCAL = re.compile(r"0[1-9][0-9]{6,11}")
_WORLDWIDE = re.compile(r"\+[1-9][0-9]{7,14}")


def international(text: str, country: str) -> str | None:
    """A number as E.164 has it (+212612345678); None for what is none that takes messages.

    `country` is the calling code to which a number that begins with 0 belongs.
    """
    digits = "".join(_digit(c) for c in text if c not in " .-/()\u00a0\u200e\u200f\u202a\u202c")
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if country and _LOCAL.fullmatch(digits):
        digits = f"+{country}{digits[1:]}"
    mobile = next((rule for code, rule in _mobile() if digits.startswith(f"+{code}")), None)
    return digits if (mobile or _WORLDWIDE).fullmatch(digits) else None


@cache
def _mobile() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The calling codes of countries whose mobile numbers we know, each with what they are like."""
    text = files("engine.operations").joinpath("telephones.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["mobile"]
    return tuple((row["code"], re.compile(rf"\+{row['code']}{row['national']}")) for row in rows)


def _digit(sign: str) -> str:
    """A digit of any script as ours."""
    found = unicodedata.decimal(sign, None)
    return sign if found is None else str(found)


def segments(text: str) -> int:
    """How many messages a text is: 160 signs of the basic alphabet, 70 of any other (Arabic).

    In a text of several each loses the room that says which one it is.
    """
    if set(text) <= _BASIC | _EXTENDED:
        return _packed([1 + (sign in _EXTENDED) for sign in text], 160, 153)
    return _packed([len(sign.encode("utf-16-le")) // 2 for sign in text], 70, 67)


def _packed(sizes: Iterable[int], alone: int, each: int) -> int:
    """How many parts these signs fill; none is cut in two."""
    sizes = list(sizes)
    if sum(sizes) <= alone:
        return 1
    parts, room = 1, each
    for size in sizes:
        if size > room:
            parts, room = parts + 1, each
        room -= size
    return parts
