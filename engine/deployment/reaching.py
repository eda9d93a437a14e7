"""Where a procedure says that its person is reached: questions of the start form, and personal."""

from collections.abc import Iterator, Mapping

from engine.deployment.findings import Finding
from engine.deployment.sentences import finding
from forms.form import Form
from processes.procedure import FILE, Procedure


def check(forms: Mapping[str, Form], procedure: Procedure) -> Iterator[Finding]:
    """Every pointer of `[notice]` that the start form does not ask, or not as personal."""
    notice, form = procedure.notice, forms.get(procedure.start)
    if notice is None or form is None:
        return
    if not procedure.subject:
        yield finding("notice/nobody", FILE, "notice")
    for name in ("mail", "phone", "language"):
        pointer = str(getattr(notice, name))
        if not pointer:
            continue
        if pointer not in form.titles:
            yield finding("notice/not_asked", FILE, f"notice.{name}", pointer=pointer)
        elif name != "language" and not _personal(form, pointer):
            yield finding("notice/not_personal", FILE, f"notice.{name}", pointer=pointer)


def _personal(form: Form, pointer: str) -> bool:
    steps = pointer.split("/")
    return any("/".join(steps[:n]) in form.personal for n in range(1, len(steps) + 1))
