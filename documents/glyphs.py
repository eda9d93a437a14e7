"""Which characters a reader of the file gets for each Arabic glyph.

WeasyPrint 70 notes, for every glyph, the characters of the place where it met the glyph first. An
Arabic font draws أ as an alef and a hamza above, and shares that alef with every other alef: so the
first one met decided what all of them were copied, searched and read aloud as (اسفله for أسفله,
الإسم for الاسم). The font itself knows better: a glyph is named after its characters (Adobe Glyph
List Specification, section 2).
"""

from functools import cache
from pathlib import Path
from typing import Any

from fontTools import agl
from fontTools.ttLib import TTFont
from weasyprint.pdf.fonts import Font

FAMILY = "Mouqataa Arabic"
_FILE = Path(__file__).parent / "fonts" / "Scheherazade-Regular.ttf"
_ARABIC = range(0x0600, 0x0700)
_init = Font.__init__


class _Characters(dict[int, str]):
    """Glyph number to characters; those that the font names are not to be written over."""

    def __setitem__(self, glyph: int, met: str) -> None:
        super().__setitem__(glyph, names().get(glyph, met))


def install() -> None:
    """Teach the loaded library; doing it twice changes nothing."""
    Font.__init__ = _with_characters


@cache
def names() -> dict[int, str]:
    """The Arabic glyphs by number. Both weights of the family have the same order (tested)."""
    with TTFont(_FILE, lazy=True) as font:
        named = {number: agl.toUnicode(name) for number, name in enumerate(font.getGlyphOrder())}
    return {
        number: text
        for number, text in named.items()
        if text and all(ord(character) in _ARABIC for character in text)
    }


def _with_characters(self: Any, *arguments: Any) -> None:
    _init(self, *arguments)
    if self.family == FAMILY:
        self.to_unicode = _Characters()
