"""The templates of a bundle: readable, with every layout that they extend beside them."""

from collections.abc import Iterator

import jinja2

from documents import layouts
from engine.deployment.findings import WARNING, Finding
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
            yield Finding(
                name, "", "layout_differs", "it differs from the layout of this Mouqataa",
                "Remove the file to take this one's; keep it to print as before.", WARNING,
            )  # fmt: skip


def _template(bundle: Bundle, name: str) -> Iterator[Finding]:
    text = bundle.files[name]
    try:
        jinja2.Environment(autoescape=True).parse(text.decode())
    except (jinja2.TemplateSyntaxError, UnicodeDecodeError, RecursionError) as error:
        yield Finding(name, "", "template", str(error), "Correct the template.")
        return
    if f"{layouts.FOLDER}{name}" in bundle.files:
        yield Finding(
            name, "", "template_name", "this name belongs to a base layout",
            "Put the template into a folder, as templates/<name>.html.",
        )  # fmt: skip
    for other in layouts.references(text):
        if other is None:
            yield Finding(
                name, "", "template_computed", "it names another template by a computed name",
                "Write the name in quotes.",
            )  # fmt: skip
        elif other not in bundle.files and f"{layouts.FOLDER}{other}" not in bundle.files:
            yield Finding(
                name, "", "template_missing", f"no template {other}", "Add it, or name another."
            )
