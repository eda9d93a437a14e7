"""Which characters the vendored fonts can draw."""

import html as entities
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont

from documents.errors import DocumentError

_NOT_TEXT = re.compile(
    r"<(style|script)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE
)
# Controls and format characters (bidi marks, joiners) and plain line breaks leave no ink.
_INKLESS = frozenset({"Cc", "Cf", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """The code points that at least one vendored font has."""

    points: frozenset[int]

    @classmethod
    def read(cls, folder: Path) -> "Coverage":
        """Read the character maps of the fonts in `folder`."""
        points: set[int] = set()
        for path in sorted(folder.glob("*.ttf")):
            with TTFont(path, lazy=True) as font:
                points.update(font.getBestCmap())
        return cls(frozenset(points))

    def check(self, html: str, place: str) -> None:
        """Raise DocumentError for the first character of the page's text that no font has."""
        for character in entities.unescape(_NOT_TEXT.sub(" ", html)):
            if ord(character) in self.points or unicodedata.category(character) in _INKLESS:
                continue
            point, name = f"U+{ord(character):04X}", unicodedata.name(character, "unnamed")
            raise DocumentError(
                f"no font has the character {character!r} ({point} {name})",
                remedy="write it in Arabic, Latin or Tifinagh letters",
                code="character",
                place=f"{place} {point}",
            )
