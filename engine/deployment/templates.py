"""The templates of a bundle: readable, with every layout that they extend beside them."""

from collections.abc import Iterator

import jinja2

from documents import layouts
from engine.deployment.findings import Finding
from engine.deployment.sentences import finding
from processes.bundle import Bundle


def check(bundle: Bundle) -> Iterator[Finding]:
    """Every fault of the templates of a closed bundle, and each layout that is not this program's.

    A layout of its own is a warning and no fault: a version that was exported from an older
    Mouqataa must close to the same digest.
    """
    for name in sorted(bundle.files):
        if name.endswith(".html"):
            yield from _template(bundle, name)
        own = layouts.part(name.removeprefix(layouts.FOLDER))
        if name.startswith(layouts.FOLDER) and own not in (None, bundle.files[name]):
            yield finding("layout_differs", name, "")


def _template(bundle: Bundle, name: str) -> Iterator[Finding]:
    text = bundle.files[name]
    try:
        jinja2.Environment(autoescape=True).parse(text.decode())
    except (jinja2.TemplateSyntaxError, UnicodeDecodeError, RecursionError) as error:
        yield finding("template", name, "", reason=error)
        return
    if f"{layouts.FOLDER}{name}" in bundle.files:
        yield finding("template_name", name, "")
    for other in layouts.references(text):
        if other is None:
            yield finding("template_computed", name, "")
        elif other not in bundle.files and f"{layouts.FOLDER}{other}" not in bundle.files:
            yield finding("template_missing", name, "", name=other)
