"""What a form asks of the engine: answers computed from others, choices from its lists."""

from collections.abc import Iterator, Mapping

from decisions import expressions
from decisions.errors import DecisionError
from engine.deployment.findings import Finding
from engine.deployment.sentences import finding
from forms.form import Form
from processes.procedure import Procedure

# The lists that `x-source` may name.
SOURCES = frozenset({"offices"})
_AMBIENT = frozenset({"now", "today"})


def check(forms: Mapping[str, Form], procedure: Procedure) -> Iterator[Finding]:
    """Every computed answer and every list that means nothing, or would show what is personal."""
    for name, form in forms.items():
        for pointer, source in form.sources.items():
            if source not in SOURCES:
                known = ", ".join(sorted(SOURCES))
                yield finding("source", name, pointer, name=source, known=known)
        for pointer, text in form.computed.items():
            yield from _computed(name, form, pointer, text, procedure)


def _computed(
    name: str, form: Form, pointer: str, text: str, procedure: Procedure
) -> Iterator[Finding]:
    if "/" in pointer:
        yield finding("computed_inside", name, pointer)
        return
    try:
        read = expressions.compile(text).names
    except DecisionError as error:
        yield finding("expression", name, pointer, slot=pointer, text=text, reason=error,
                      hint=error.remedy or "Write it in FEEL.")  # fmt: skip
        return
    for unknown in sorted(read - form.names - _AMBIENT):
        yield finding("variable/form", name, pointer, text=text, name=unknown)
    personal = {path.split("/")[0] for path in form.personal}
    if read & personal and pointer not in form.personal and pointer not in procedure.facts:
        names = ", ".join(sorted(read & personal))
        yield finding("personal_undeclared/form", name, pointer, variable=pointer, names=names)
