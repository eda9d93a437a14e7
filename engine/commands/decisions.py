"""Why a case was decided as it was: inputs, rules and reasons of each decision, for people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from decisions.dmn import Decision
from decisions.tables import ANYTHING, Table
from engine.commands import cases, telling
from engine.errors import EngineError
from engine.transaction import Transaction, Version

Text = Callable[[str], str]
Asked = Callable[[str, Any], tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class RuleTold:
    """A rule that fitted: its number in the table, what it asks, what it gives, its source."""

    id: str
    number: int
    note: str
    conditions: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """How one element of the requirements graph came to its value.

    `labels` are what people call the entries of a value of several.
    """

    decision: str
    name: str
    value: Any
    inputs: tuple[tuple[str, Any], ...]
    rules: tuple[RuleTold, ...]
    reasons: tuple[str, ...]
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision of a case's history with what it required, those before it first.

    `erased` where it rested on personal values that are gone: then only its result is left.
    """

    seq: int
    at: datetime
    element: str
    erased: bool
    parts: tuple[Part, ...]


def explain(
    tx: Transaction, reference: str, decision: str = "", language: str = "fr"
) -> tuple[Explained, ...]:
    """Every decision of a case in the order they were taken, or those of one name or id."""
    version = tx.version(tx.see_case(reference).version_id)
    text = partial(version.bundle.translations.text, language=language)
    known = version.model.decisions
    names = {known[key].name for key in known} | known.keys()
    if decision and decision not in names:
        raise EngineError("unknown_decision", decision=decision, known=", ".join(sorted(known)))
    return tuple(
        told
        for event in cases.history(tx, reference, language)
        for told in _explained(event, version, text)
        if not decision
        or decision in (told.parts[-1].decision, known[told.parts[-1].decision].name)
    )


def _explained(event: Any, version: Version, text: Text) -> Iterator[Explained]:
    def asked(name: str, value: Any) -> tuple[str, Any]:
        return telling.answer(version, name, value, text)

    for element, key, value, trace in event.body.get("outcome", {}).get("decisions", ()):
        opened = telling.opened(trace)
        found = parts(version.model.decisions[key], value, opened, text, asked)
        name = event.labels.get(element, (element, ""))[0]
        yield Explained(event.seq, event.at, name, not opened, found)


def parts(
    decision: Decision, value: Any, trace: Mapping[str, Any], text: Text = str,
    asked: Asked = lambda name, value: (name, value),
) -> tuple[Part, ...]:  # fmt: skip
    """A trace in words, part by part; the decision itself comes last.

    `text` translates what the model says; `asked` puts a variable as its form does: the question,
    and the answer that was chosen.
    """
    notes = [*trace.get("before", ()), {"decision": decision.id, **trace}]
    notes[-1] = notes[-1] | {"name": decision.name, "value": value}
    return tuple(_part(decision, note, text, asked) for note in notes)


def _part(decision: Decision, note: Mapping[str, Any], text: Text, asked: Asked) -> Part:
    tables = decision.tables.get(note["decision"], ())
    heads = {column.text: text(column.label) for table in tables for column in table.inputs}
    given = note.get("inputs", {})
    inputs = []
    for name in (*(head for head in heads if head in given), *(given.keys() - heads.keys())):
        question, answer = asked(name, given[name])
        head = heads.get(name, name)
        inputs.append((question if head == name else head, answer))
    rules = (_rule(tables, *rule, text=text) for rule in note.get("rules", ()))
    return Part(
        note["decision"], text(note["name"]), note["value"], tuple(inputs), tuple(rules),
        tuple(note.get("reasons", ())),
        {column.name: text(column.label) for table in tables for column in table.outputs},
    )  # fmt: skip


def _rule(tables: tuple[Table, ...], key: str, number: Any, note: str, *, text: Text) -> RuleTold:
    """A rule as its table writes it; what is under a dash asks nothing."""
    for table in tables:
        for rule in table.rules:
            if rule.id == key:
                asked = zip(table.inputs, rule.texts, strict=True)
                given = zip(table.outputs, rule.outputs, strict=True)
                conditions = ((text(c.label), cell) for c, cell in asked if cell not in ANYTHING)
                results = ((text(c.label), cell) for c, cell in given)
                return RuleTold(key, int(number), text(note), tuple(conditions), tuple(results))
    return RuleTold(key, int(number), text(note), (), ())
