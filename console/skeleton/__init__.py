"""The files of a new procedure, with blanks for its key, its code and its name."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from xml.sax.saxutils import escape

from console.failure import Usage

_FILES = (
    "procedure.toml", "procedure.bpmn", "README.md", "forms/application.json", "forms/review.json",
    "locale/ar.po", "locale/en.po", "scenarios/examined.yaml",
)  # fmt: skip


def write(parent: Path, key: str, name: str) -> Path:
    """Write the folder `parent/key`; nothing that exists is touched."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,50}", key):
        raise Usage(
            "{name} cannot be the key of a procedure.",
            "Write small letters, digits and _, for example: ma_procedure", name=key,
        )  # fmt: skip
    folder = parent / key
    if folder.exists():
        raise Usage("{place} exists already.", "Choose another key or --folder.", place=folder)
    code = "".join(word[0] for word in key.split("_") if word).upper()
    blanks = {"__KEY__": key, "__CODE__": (code + key.upper())[:3], "__NAME__": _safe(name)}
    for path in _FILES:
        content = _source(path).read_text(encoding="utf-8")
        for blank, value in blanks.items():
            said = escape(value) if path.endswith(".bpmn") else value
            content = content.replace(blank, said)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return folder


def _source(path: str) -> Traversable:
    return files("console") / "skeleton" / path


def _safe(name: str) -> str:
    """A name that is itself between the quotes of XML and of TOML."""
    return " ".join(name.split()).replace('"', "”").replace("\\", "/")
