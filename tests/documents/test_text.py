import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from documents.render import render
from tests.documents import examples

MARKS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(MARKS).split())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_the_text_of_the_file_is_the_text_of_the_template(tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(render(examples.TEMPLATE, examples.files(), examples.data()).pdf)
    raw = subprocess.run(
        ["pdftotext", "-raw", path, "-"], capture_output=True, check=True, text=True
    ).stdout
    text = folded(raw)
    for phrase in (
        "Légalisation de signature",
        "تصحيح الإمضاء",
        "المملكة المغربية",
        "الرسوم المستخلصة",
        "فاطمة الزهراء بناني",
        "الملحقة الإدارية رقم",
        "ⵜⴰⴳⵍⴷⵉⵜ",
        "ANX7/2026/000042",
        "23 novembre 2026",
        examples.URL,
        *examples.FRENCH.split(),
        *examples.ARABIC.split(),
    ):
        assert folded(phrase) in text, (phrase, text)
