"""QR codes (ISO/IEC 18004) for the page."""

import segno

from documents.errors import DocumentError

_MASK = 3  # any mask is valid; trying all eight costs four times as long


def qr(text: str) -> str:
    """Return `text` as a QR code: a PNG in a data URI, error correction M, with quiet zone."""
    try:
        code = segno.make(text, error="m", mask=_MASK, boost_error=False, micro=False)
    except ValueError as error:
        raise DocumentError(
            f"a text of {len(text)} characters does not fit into a QR code",
            remedy="shorten it",
            code="qr",
        ) from error
    return str(code.png_data_uri(scale=4, border=4))
