"""Translations of a procedure: gettext files (`locale/ar.po`) from its French texts."""

import re
from collections.abc import Mapping

from processes.errors import BundleError

_LINE = re.compile(r'(msgid|msgstr)?\s*"((?:[^"\\]|\\.)*)"')
_ESCAPES = {r"\n": "\n", r"\"": '"', r"\\": "\\", r"\t": "\t"}


def read(file: str, text: str) -> dict[str, str]:
    """The translations of a file: French text -> text; BundleError names the line at fault.

    Entries that are fuzzy or empty count as not translated; plurals and contexts are refused.
    """
    found: dict[str, str] = {}
    entry = {"msgid": "", "msgstr": ""}
    target, fuzzy = "", False
    for number, raw in enumerate([*text.splitlines(), ""], 1):
        line = raw.strip()
        if line.startswith("#"):
            fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        if not line:
            if entry["msgid"] and entry["msgstr"] and not fuzzy:
                found[entry["msgid"]] = entry["msgstr"]
            entry, target, fuzzy = {"msgid": "", "msgstr": ""}, "", False
            continue
        matched = _LINE.fullmatch(line)
        if matched is None or not (matched[1] or target):
            raise BundleError(file, f"line {number}: neither msgid nor msgstr nor their text")
        target = matched[1] or target
        entry[target] += re.sub(r"\\.", lambda m: _ESCAPES.get(m[0], m[0]), matched[2])
    return found


class Translations:
    """All the translations of a bundle; French is the source and stands for what is missing."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._languages: dict[str, dict[str, str]] = {}
        for name, content in files.items():
            if name.startswith("locale/") and name.endswith(".po"):
                language = name.removeprefix("locale/").removesuffix(".po")
                try:
                    text = content.decode()
                except UnicodeDecodeError as error:
                    raise BundleError(name, "it is not UTF-8") from error
                self._languages[language] = read(name, text)

    def text(self, french: str, language: str) -> str:
        """The text in a language, or the French one."""
        return self._languages.get(language, {}).get(french, french)

    def missing(self, texts: tuple[str, ...], language: str) -> tuple[str, ...]:
        """Which of these texts have no translation."""
        known = self._languages.get(language, {})
        return tuple(text for text in texts if text not in known)
