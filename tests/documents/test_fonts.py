import hashlib
import tomllib
from pathlib import Path

import pytest

import documents
from documents.coverage import Coverage

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
