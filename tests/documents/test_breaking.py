"""Lines are filled: no word stands alone because of the blank behind a text."""

import shutil
import subprocess
from pathlib import Path

import pytest

from documents.render import render
from tests.documents import examples

TEXT = (
    "Nous attestons qu’aucun acte de naissance concernant telle personne n’a été trouvé aux "
    "registres de ce bureau, après recherche <b>par numéro, par nom et par date de naissance.</b>"
)
WIDTHS = [width / 2 for width in range(120, 160)]  # millimetres

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler is not installed"
)


def test_a_text_that_fills_its_line_but_for_its_last_blank_is_not_broken(tmp_path: Path) -> None:
    columns = "".join(f'<div style="width: {w}mm"><p>{TEXT}</p></div>' for w in WIDTHS)
    page = f'<!DOCTYPE html><html lang="fr"><title>x</title><body>{columns}</body></html>'
    path = tmp_path / "document.pdf"
    path.write_bytes(render(examples.TEMPLATE, examples.files(page), {}).pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True)
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    ends = [line for line in lines if line.endswith("naissance.")]
    assert len(ends) == len(WIDTHS)
    assert [line for line in lines if " " not in line and not line.endswith("naissance.")] == []
