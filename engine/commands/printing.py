"""What a certificate says beside the variables of its case: choices by their labels, the receipt.

Everything is told in French and in Arabic, from the procedure's own words and those of the clock.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from decisions.calendars import Calendar
from decisions.clock.result import Key, Result
from engine.commands import dating, delays
from engine.store.types import Record
from engine.transaction import Version
from forms.form import generic

LANGUAGES = ("fr", "ar")


def told(version: Version, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in each language: what was chosen from a list stands there by its label."""
    labels = _labels(version)
    translations = version.bundle.translations
    return {
        language: _told(values, "", labels, partial(translations.text, language=language))
        for language in LANGUAGES
    }


def _labels(version: Version) -> dict[str, Mapping[str, str]]:
    """The labels of every choice that the forms of a version offer, by pointer."""
    names = [n for n in version.bundle.files if n.startswith("forms/") and n.count("/") == 1]
    return {p: labels for name in sorted(names) for p, labels in version.form(name).labels.items()}


def _told(
    value: Any, where: str, labels: Mapping[str, Mapping[str, str]], text: Callable[[str], str]
) -> Any:
    if isinstance(value, Mapping):
        return {k: _told(v, f"{where}/{k}".lstrip("/"), labels, text) for k, v in value.items()}
    if isinstance(value, list):
        return [_told(item, f"{where}/{i}", labels, text) for i, item in enumerate(value)]
    label = labels.get(generic(where), {}).get(value) if isinstance(value, str) else None
    return value if label is None else text(label)


def signer(version: Version, frozen: Mapping[str, str]) -> dict[str, str]:
    """Who signs, as it was frozen: name, quality in each language, order of delegation."""
    role, told = frozen.get("role", ""), version.bundle.translations
    return {
        "name": frozen.get("name", ""), "name_ar": frozen.get("name_ar", ""),
        "order": frozen.get("order", ""),
        "quality_fr": role, "quality_ar": told.text(role, "ar"),
    }  # fmt: skip


def receipt(version: Version, values: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What a deposit receipt says (law 55-19: the papers, the delay, the appeal).

    `day` is the day of deposit; the variable `papers` lists the keys of what was brought.
    """
    facts, told = version.bundle.procedure, version.bundle.translations
    brought = set(values.get("papers") or ())
    papers = [({"name_fr": p.name, "name_ar": told.text(p.name, "ar")}, p) for p in facts.papers]
    found: dict[str, Any] = {
        "deposited": day,
        "received": [names for names, paper in papers if paper.key in brought],
        "missing": [n for n, paper in papers if paper.required and paper.key not in brought],
        "applicant": _applicant(facts.subject, values),
    }
    said = {"procedure": facts.name}
    if facts.delay is not None:
        said["delay"] = facts.delay.text
    if facts.appeal is not None:
        said["appeal"] = facts.appeal.text
    for name, text in said.items():
        found |= {f"{name}_{language}": told.text(text, language) for language in LANGUAGES}
    return found


def clock(version: Version, results: Mapping[Key, Result], calendar: Calendar) -> dict[str, Any]:
    """What a receipt says of the delay against the office: the last day, and the sentences.

    A clock that is stopped has no day. Nothing where a procedure has no such clock.
    """
    first = against_office(version, results, calendar)
    if first is None:
        return {}
    told: dict[str, Any] = {"until": first.due} if first.state == "running" else {}
    for language in LANGUAGES:
        names = delays.names_of(version.bundle, language)
        said = delays.said(version.clocks, results, first, calendar, language, names)
        told[f"clock_{language}"] = said
    return told


def against_office(
    version: Version, results: Mapping[Key, Result], calendar: Calendar
) -> Result | None:
    """The clock that a receipt tells: the first against the office that runs.

    Where none does, the first that is stopped; then the first that waits for its start.
    """
    order = ("running", "suspended", "waiting")
    found = [
        result
        for result in results.values()
        if result.state in order
        and dating.in_force(version.clocks, result, calendar).obliged == "office"
    ]
    return min(found, key=lambda result: order.index(result.state), default=None)


def titles(office: Record, city: Mapping[str, str]) -> tuple[str, str]:
    """What an office is called in a letterhead: a district says that it is one."""
    names = office.name_fr, office.name_ar
    if office.parent_id is None:
        return names
    return f"{city['district_fr']} {names[0]}", f"{city['district_ar']} {names[1]}"


def _applicant(subject: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The names of the person whom the case is about, by script."""
    found: Any = values
    for step in subject.split("/") if subject else ():
        found = found.get(step) if isinstance(found, Mapping) else None
    names = found if isinstance(found, Mapping) else {}
    return {"fr": str(names.get("name_fr") or ""), "ar": str(names.get("name_ar") or "")}
