import base64
import io

import pytest
import zxingcpp
from PIL import Image

from documents.codes import qr
from documents.errors import DocumentError


def test_a_code_reads_back() -> None:
    text = "https://verif.example.ma/7K4M9QTX2HPDW3"
    uri = qr(text)
    kind, _, content = uri.partition(",")
    assert kind == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        found = zxingcpp.read_barcodes(image.convert("L"))
    assert [code.text for code in found] == [text]
    assert qr(text) == uri


def test_a_text_too_long_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        qr("x" * 5000)
    assert caught.value.code == "qr"
