import hashlib
import tomllib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import documents
from documents.coverage import Coverage
from documents.glyphs import names

FOLDER = Path(documents.__file__).parent / "fonts"
FONTS = tomllib.loads((FOLDER / "fonts.toml").read_text(encoding="utf-8"))["font"]


def test_every_font_file_is_listed() -> None:
    assert {font["file"] for font in FONTS} == {path.name for path in FOLDER.glob("*.ttf")}


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font["file"])
def test_a_font_is_the_file_it_says(font: dict[str, str]) -> None:
    assert hashlib.sha256((FOLDER / font["file"]).read_bytes()).hexdigest() == font["sha256"]
    assert font["licence"] == "OFL-1.1"
    assert font["version"]
    assert font["file"] in (FOLDER / "OFL.txt").read_text(encoding="utf-8")


def test_french_arabic_and_tifinagh_are_covered() -> None:
    text = (
        "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿ«»’–—…€°\u00a0\u202f"
        "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ،؛؟ـگڭڤپ"
        "ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥⵯ"
    )
    points = Coverage.read(FOLDER).points
    assert {character for character in text if ord(character) not in points} == set()


def test_both_weights_of_the_arabic_font_number_their_glyphs_alike() -> None:
    orders = [TTFont(FOLDER / f"Scheherazade-{w}.ttf").getGlyphOrder() for w in ("Regular", "Bold")]
    assert orders[0] == orders[1]
    assert "ا" in names().values()
