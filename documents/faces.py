"""The vendored fonts as the worker loads them: one glyph for one Arabic letter.

The Arabic font splits أ إ آ into an alef and a mark, though it has a glyph for each. Split, they
cannot be read back from the file: a PDF gives one text to a glyph, so every alef would be read as
the first one, and readers put a lone mark before its letter. The split is taken out of the copy in
memory, and with it the font's second set of rules (Graphite), which some builds of HarfBuzz follow
and others do not. The vendored file stays as its authors made it.
"""

import io
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
_SPLIT = ("uni0622", "uni0623", "uni0625")
_GRAPHITE = ("Feat", "Glat", "Gloc", "Silf", "Sill", "Silt")
_MULTIPLE = 2  # a lookup that puts several glyphs for one (OpenType, GSUB type 2)


def names() -> frozenset[str]:
    """The file names of the fonts."""
    return frozenset(path.name for path in FONTS.glob("*.ttf"))


@cache
def read(name: str) -> bytes:
    """The font of this file name."""
    content = (FONTS / name).read_bytes()
    return _whole_letters(content) if name.startswith("Scheherazade") else content


def _whole_letters(content: bytes) -> bytes:
    with TTFont(io.BytesIO(content), recalcTimestamp=False, lazy=True) as font:
        for lookup in font["GSUB"].table.LookupList.Lookup:
            if lookup.LookupType == _MULTIPLE:
                for rules in lookup.SubTable:
                    for glyph in [name for name in rules.mapping if name.startswith(_SPLIT)]:
                        del rules.mapping[glyph]
        for table in _GRAPHITE:
            if table in font:
                del font[table]
        written = io.BytesIO()
        font.save(written, reorderTables=None)
    return written.getvalue()
