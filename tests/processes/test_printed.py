"""What poppler reads from every certificate of the catalogue is what its template says.

The scenarios of each procedure are played; every certificate they issue is compared, word for word.
"""

import html
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from documents.filling import fill
from documents.render import Rendered, render
from engine.work import scenarios, worker
from processes.bundle import Bundle
from processes.catalogue import folders
from tests.documents.test_text import MARKS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed"),
]
_INLINE = re.compile(r"</?(b|bdi)\b[^>]*>")
_UNSEEN = re.compile(r"<(style|title)\b.*?</\1>|<[^>]+>", re.DOTALL)


def words(text: str) -> Counter[str]:
    """The words of a text, whatever stands between them.

    Lines end where they must, also after a hyphen, which poppler then leaves out; it marks each
    change of direction, where a space may be.
    """
    text = text.replace("-", "")
    apart = unicodedata.normalize("NFKC", text).translate(dict.fromkeys(MARKS, " "))
    return Counter(re.findall(r"\w+", apart))


def said(template: str, files: Mapping[str, bytes], data: Mapping[str, Any]) -> Counter[str]:
    filled = fill(template, dict(files), dict(data))
    return words(html.unescape(_UNSEEN.sub(" ", _INLINE.sub("", filled))))


def _read(pdf: bytes, path: Path) -> str:
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", path, "-"], capture_output=True, check=True, text=True
    ).stdout


@pytest.mark.parametrize("procedure", sorted(folders()))
def test_every_certificate_reads_as_written(
    procedure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[tuple[str, Counter[str], Counter[str], int]] = []

    def recorded(template: str, files: dict[str, bytes], data: Mapping[str, Any]) -> Rendered:
        made = render(template, files, data)
        read = words(_read(made.pdf, tmp_path / "printed.pdf"))
        printed.append((template, said(template, files, data), read, made.pages))
        return made

    monkeypatch.setattr(worker, "render", recorded)
    bundle = Bundle.read(folders()[procedure])
    assert scenarios.run(bundle).passed
    assert {kind.template for kind in bundle.procedure.certificates.values()} == {
        template for template, *_ in printed
    }
    for template, written, read, pages in printed:
        assert (written - read, read - written) == (Counter(), Counter()), template
        assert pages == 1, template
