"""What an event names, in the words of the procedure: elements, questions, choices.

A history is read by people who were not there: they know the questions of the forms, not the names
of the variables.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.runtime.model import Element
from engine.transaction import Version
from forms.form import Form, generic

Text = Callable[[str], str]


def labels(version: Version, body: Mapping[str, Any], text: Text) -> dict[str, tuple[str, str]]:
    """The elements that an event names: id -> name and role."""
    outcome = body.get("outcome", {})
    named = {body.get("task"), body.get("element"), body.get("timer"), *outcome.get("flows", ())}
    named |= {body.get("from"), body.get("to")}
    named |= {row[1] for row in (*outcome.get("opened", ()), *outcome.get("closed", ()))}
    named |= {row[0] for row in (*outcome.get("decisions", ()), *outcome.get("replies", ()))}
    elements, procedure = version.model.elements, version.bundle.procedure
    legal = {**procedure.fact_names, **procedure.clock_names}
    called = {
        key: (text(legal[key]), "") for key in (body.get("clock"), body.get("fact")) if key in legal
    }
    return called | {
        key: (text(elements[key].name), text(elements[key].lane or ""))
        for key in sorted(named & elements.keys())
        if elements[key].name
    }


def answers(
    version: Version, kind: str, body: Mapping[str, Any], text: Text
) -> tuple[tuple[str, Any], ...]:
    """The questions that an event answers, each with the answer; None where it was erased."""
    form = _form(version, kind, body)
    values = body.get("values")
    if form is None or not isinstance(values, Mapping):
        return ()
    return tuple(_answers(form, values, "", (), text))


def values(version: Version, found: Mapping[str, Any], text: Text) -> tuple[tuple[str, Any], ...]:
    """What a case holds: answers by their questions, results by the name of their step."""
    elements = version.model.elements.values()
    steps = {e.attributes["result"]: e.name for e in elements if "result" in e.attributes}
    told: list[tuple[str, Any]] = []
    for name, value in found.items():
        form = _asking(version, name)
        if form is not None:
            told += _answers(form, value, name, (), text)
        else:
            told.append((text(steps.get(name) or name), value))
    return tuple(told)


def answer(version: Version, name: str, value: Any, text: Text) -> tuple[str, Any]:
    """A variable as its form puts it: the question, and a choice by its label."""
    form = _asking(version, name)
    if form is None:
        return name, value
    return text(form.titles.get(name) or name), _label(form.labels.get(name, {}), value, text)


def _asking(version: Version, name: str) -> Form | None:
    """The form that asks for a variable, the first one first; None where none does."""
    files = sorted(file for file in version.bundle.files if file.startswith("forms/"))
    every = (version.bundle.procedure.start, *(file for file in files if file.count("/") == 1))
    return next((form for form in map(version.form, every) if name in form.names), None)


def rules(body: Mapping[str, Any], text: Text) -> tuple[tuple[str, int, str], ...]:
    """The rules that fitted in the decisions of an event: element, number, note beside the rule."""
    return tuple(
        (element, int(number), text(note))
        for element, _, _, trace in body.get("outcome", {}).get("decisions", ())
        for _, number, note in opened(trace).get("rules", ())
    )


def opened(trace: Mapping[str, Any]) -> Mapping[str, Any]:
    """A trace, also where it was sealed; empty where it was erased since."""
    found: Mapping[str, Any] = trace.get("sealed", trace) or {}
    return found


def _form(version: Version, kind: str, body: Mapping[str, Any]) -> Form | None:
    if kind == "case.started":
        return version.form(version.bundle.procedure.start)
    element: Element | None = version.model.elements.get(
        body.get("task") or body.get("element", "")
    )
    name = element.attributes.get("form") if element is not None else None
    return version.form(name) if name else None


def _answers(
    form: Form, value: Any, where: str, above: tuple[str, ...], text: Text
) -> Iterator[tuple[str, Any]]:
    title = form.titles.get(generic(where))
    names = (*above, text(title)) if title else above
    if isinstance(value, Mapping):
        inside = {f"{where}/{key}".lstrip("/"): item for key, item in value.items()}
        for place in sorted(inside, key=form.order):
            yield from _answers(form, inside[place], place, names, text)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value):
            yield from _answers(form, item, f"{where}/{number}", names, text)
    elif isinstance(value, list):
        chosen = form.labels.get(f"{generic(where)}/*", {})
        yield _named(names, where), [_label(chosen, item, text) for item in value]
    else:
        yield _named(names, where), _label(form.labels.get(generic(where), {}), value, text)


def _named(names: tuple[str, ...], where: str) -> str:
    return " · ".join(names) or where


def _label(known: Mapping[str, str], value: Any, text: Text) -> Any:
    label = known.get(value) if isinstance(value, str) else None
    return value if label is None else text(label)
