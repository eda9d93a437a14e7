"""What a form asks of the engine: answers computed from others, choices from its lists."""

from collections.abc import Iterator, Mapping

from decisions import expressions
from decisions.errors import DecisionError
from engine.deployment.findings import Finding
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
                yield Finding(name, pointer, "source", f"no list {source}", f"Known: {known}.")
        for pointer, text in form.computed.items():
            yield from _computed(name, form, pointer, text, procedure)


def _computed(
    name: str, form: Form, pointer: str, text: str, procedure: Procedure
) -> Iterator[Finding]:
    if "/" in pointer:
        yield Finding(name, pointer, "computed_inside", "only an answer of the form itself is "
                      "computed", "Move it out of the group.")  # fmt: skip
        return
    try:
        read = expressions.compile(text).names
    except DecisionError as error:
        yield Finding(name, pointer, "expression", f"{text}: {error}",
                      error.remedy or "Write it in FEEL.")  # fmt: skip
        return
    for unknown in sorted(read - form.names - _AMBIENT):
        yield Finding(name, pointer, "variable", f"{text} reads {unknown}, which the form does not "
                      "ask", "Compute it from answers of this form.")  # fmt: skip
    personal = {path.split("/")[0] for path in form.personal}
    if read & personal and pointer not in form.personal and pointer not in procedure.facts:
        names = ", ".join(sorted(read & personal))
        yield Finding(name, pointer, "personal_undeclared",
                      f"{pointer} is made from personal values ({names}) and not declared",
                      "Mark it x-personal, or name it in [data] facts.")  # fmt: skip
