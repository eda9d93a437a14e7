"""The layouts that templates extend, and how a procedure takes its own copies of them along.

Rendering uses nothing but the files of a procedure and the fonts: `closed` gives a procedure the
layouts that its templates name and the style sheet of all documents, below `layout/`. A template
names a layout without that folder: `{% extends "certificate.html" %}`. The fonts stay with the
program; fonts/fonts.toml records their files and versions.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, meta

FOLDER = "layout/"
SHEET = "layout/certificate.css"
_TEMPLATES = Path(__file__).parent / "templates"


@cache
def part(name: str) -> bytes | None:
    """A layout or style sheet of this program ("certificate.html"), or None where there is none."""
    path = _TEMPLATES / name
    known = "/" not in name and path.suffix in (".html", ".css") and name != "fonts.css"
    return path.read_bytes() if known and path.is_file() else None


@cache
def references(template: bytes) -> tuple[str | None, ...]:
    """The templates that one extends, includes or imports; None for a name that is computed.

    Empty where it cannot be read: who fills it will say why.
    """
    try:
        # Parsed and never run: what a page escapes does not matter here.
        tree = Environment(autoescape=True).parse(template.decode())
    except (TemplateSyntaxError, UnicodeDecodeError, RecursionError):
        return ()
    return tuple(meta.find_referenced_templates(tree))


def closed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with a copy of every layout that they use; a copy they bring is kept as it is."""
    found = dict(files)
    todo = [content for path, content in files.items() if path.endswith(".html")]
    if todo and (sheet := part(SHEET.removeprefix(FOLDER))) is not None:
        found.setdefault(SHEET, sheet)
    while todo:
        for name in references(todo.pop()):
            layout = part(name) if name is not None else None
            if layout is not None and f"{FOLDER}{name}" not in found:
                found[f"{FOLDER}{name}"] = layout
                todo.append(layout)
    return found
