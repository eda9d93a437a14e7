"""The program's own messages in French and Arabic; the English text is the key.

What a procedure says to people is translated in its own folder; here stand the sentences of the
program: errors, remedies, headings, help. `engine/locale/*.po` holds them, complete (a test).
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from processes.translations import read

SOURCE = "en"
# First strong isolate and its end: a Latin reference inside an Arabic sentence stays one piece.
_ISOLATE, _END = "\u2068", "\u2069"


def translate(msgid: str, language: str) -> str:
    """The text in a language; itself where it is English or unknown."""
    return msgid if language == SOURCE else catalogue(language).get(msgid) or msgid


def text(msgid: str, language: str, **params: Any) -> str:
    """A message with its `{named}` values filled in, each isolated where the text is Arabic."""
    if language == "ar":
        params = {name: _isolated(str(value)) for name, value in params.items()}
    return translate(msgid, language).format_map(_Blank(params))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every message of a language."""
    source = files("engine") / "locale" / f"{language}.po"
    return read(source.name, source.read_text(encoding="utf-8")) if source.is_file() else {}


def _isolated(value: str) -> str:
    return f"{_ISOLATE}{value}{_END}" if value else value


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
