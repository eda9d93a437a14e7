"""Answers as people type them, and as they are kept: cards, telephones, dates, numbers.

The formats of JSON Schema plus `cin` (Moroccan national identity card) and `phone-ma`. What a
person types with blanks and dots is put into one form before it is checked.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

# Marks that turn the direction of a text about: they hide in pasted names and mean nothing there.
_BIDI = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_CIN = re.compile(r"[A-Z]{1,2}[0-9]{4,7}")
_PHONE = re.compile(r"\+212[5-8][0-9]{8}")

FORMATS: Mapping[str, Callable[[str], bool]] = {
    "cin": lambda text: _CIN.fullmatch(text) is not None,
    "phone-ma": lambda text: _PHONE.fullmatch(text) is not None,
}
_READ: Mapping[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "date-time": datetime.fromisoformat,
}


def tidy(value: str, form: str) -> str:
    """A text as it is checked: composed, trimmed, and in the one writing of its format."""
    text = unicodedata.normalize("NFC", value.translate(_BIDI)).strip()
    if form == "cin":
        return re.sub(r"[\s.-]", "", text).upper()
    if form == "phone-ma":
        return _phone(re.sub(r"[\s.()/-]", "", text))
    return text


def kept(value: Any, form: str) -> Any:
    """A checked answer as it is kept: numbers as Decimal, dates as dates."""
    if isinstance(value, str) and form in _READ:
        return _READ[form](value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    return value


def plain(value: Any) -> Any:
    """A kept answer as JSON has it: what a validator can read."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def _phone(text: str) -> str:
    """ITU-T E.164 for Morocco: 0612345678, 00212612345678 and +212612345678 are one number."""
    for prefix in ("+212", "00212"):
        if text.startswith(prefix):
            return "+212" + text.removeprefix(prefix).removeprefix("0")
    return f"+212{text[1:]}" if re.fullmatch(r"0[5-8][0-9]{8}", text) else text
