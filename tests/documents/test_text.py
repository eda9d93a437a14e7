"""What poppler reads from a file is what the template says, letter for letter."""

import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from documents.render import render
from tests.documents import examples

MARKS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
LETTERS = (
    "أسفله أدناه الاسم الإدارية الإمضاء أن الدار الآن آمنة لأن لإن الأداء مؤسسة هيئة لآل بإذن "
    "مأمور فآتى لله سلأ عسلإ مسألة المملكة المستخلصة محمد الجماعة عبد المجيد بنمحمد مقاطعة"
)
RECEIPT = examples.files('{% extends "receipt.html" %}')

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler is not installed"
)


def folded(text: str) -> str:
    """One line, without presentation forms and bidi marks."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(MARKS).split())


def extracted(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True)
    return folded(done.stdout)


def test_the_text_of_the_file_is_the_text_of_the_template(tmp_path: Path) -> None:
    made = render(examples.TEMPLATE, examples.files(), examples.data())
    text = extracted(made.pdf, tmp_path)
    for phrase in (
        "Légalisation de signature",
        "تصحيح الإمضاء",
        "المملكة المغربية",
        "جماعة الدار البيضاء",
        "حرر بالدار البيضاء",
        "Fait à Casablanca,",
        "الاسم الكامل",
        "الرسوم المستخلصة",
        "فاطمة الزهراء بناني",
        "الملحقة الإدارية رقم",
        "التوقيع والخاتم",
        "التحقق من هذه الوثيقة",
        "ⵜⴰⴳⵍⴷⵉⵜ",
        "ANX7/2026/000042",
        "23 novembre 2026",
        examples.URL,
        *examples.FRENCH.split(),
        *examples.ARABIC.split(),
    ):
        assert folded(phrase) in text, (phrase, text)


def test_a_receipt_names_papers_delay_and_appeal_in_both_languages(tmp_path: Path) -> None:
    text = extracted(render(examples.TEMPLATE, RECEIPT, examples.receipt()).pdf, tmp_path)
    for phrase in (
        "Récépissé de dépôt", "وصل إيداع", "LEG-2026-000042", "ANX7/2026/000042", examples.URL,
        "Carte nationale d’identité", "البطاقة الوطنية للتعريف", "Plan de situation",
        "trente jours", "23 décembre 2026", "Recours : le gouverneur, dans les trente jours.",
        "تصميم الموقع", "ثلاثون", "رخصة", "احتلال", "الطعن", "أمام", "العامل", "أجل",
    ):  # fmt: skip
        assert folded(phrase) in text, (phrase, text)
    assert "manquante" not in text


def test_a_receipt_of_an_incomplete_file_names_what_is_missing_and_no_delay(tmp_path: Path) -> None:
    paper = {"name_fr": "Certificat de propriété", "name_ar": "شهادة الملكية"}
    text = extracted(render(examples.TEMPLATE, RECEIPT, examples.receipt(paper)).pdf, tmp_path)
    for phrase in ("Pièce manquante", "وثيقة ناقصة", "Certificat de propriété", "شهادة الملكية"):
        assert phrase in text
    assert "trente jours" not in text.replace("dans les trente jours", "")
    assert "Le dossier est incomplet" in text


@pytest.mark.parametrize("weight", [400, 700])
def test_no_letter_is_taken_for_another(weight: int, tmp_path: Path) -> None:
    """An alef with and without its hamza, in every order and joined in every way."""
    for words in (LETTERS.split(), LETTERS.split()[::-1]):
        body = "".join(f"<p lang='ar' dir='rtl'>{word}</p>" for word in words)
        page = f"<html lang='fr'><title>x</title><body style='font-weight:{weight}'>{body}</body>"
        made = render(examples.TEMPLATE, examples.files(page), {})
        assert sorted(extracted(made.pdf, tmp_path).split()) == sorted(words)
