"""The expressions and the table that are measured, as FEEL and DMN, and as zen-engine writes them.

zen-engine's language is not FEEL: `==` for equality, `#` for the item of a filter. It has no dates
among its values, so its expression reads the date from a string each time it is evaluated.
"""

import json
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

CONTEXTS: tuple[dict[str, Any], ...] = (
    {
        "amount": 1500, "kind": "family", "age": 30,
        "applicant": {"age": 30, "city": "Casablanca"},
        "papers": [{"k": "b"}, {"k": "a"}, {"k": "a"}], "deposited": date(2026, 3, 2),
    },
    {
        "amount": 1500, "kind": "work", "age": 66, "applicant": {"age": 17, "city": "Casablanca"},
        "papers": [{"k": "b"}], "deposited": date(2027, 1, 1),
    },
    {
        "amount": 1000, "kind": "family", "age": 18, "applicant": {"age": 18, "city": "Rabat"},
        "papers": [], "deposited": date(2026, 1, 1),
    },
)  # fmt: skip
"""The first is timed: every condition is true in it, and reads all it has."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in both languages; both must give the same in every one of its contexts."""

    name: str
    reads: tuple[str, ...]
    feel: str
    zen: str

    def contexts(self) -> list[dict[str, Any]]:
        """CONTEXTS without what it does not read, since some pay for every variable they get."""
        return [{name: context[name] for name in self.reads} for context in CONTEXTS]


CONDITIONS = (
    Condition(
        "amount", ("amount", "kind"),
        'amount > 1000 and kind = "family"',
        'amount > 1000 and kind == "family"',
    ),
    Condition("age", ("age",), "age in [18..65]", "age in [18..65]"),
    Condition(
        "path", ("applicant",),
        'applicant.age >= 18 and applicant.city = "Casablanca"',
        'applicant.age >= 18 and applicant.city == "Casablanca"',
    ),
    Condition(
        "filter", ("papers",),
        'count(papers[k = "a"]) > 0',
        'len(filter(papers, #.k == "a")) > 0',
    ),
    Condition(
        "date", ("deposited",),
        'deposited >= date("2026-01-01") and deposited < date("2027-01-01")',
        'd(deposited) >= d("2026-01-01") and d(deposited) < d("2027-01-01")',
    ),
)  # fmt: skip

_LONG = " and ".join(f'(amount > {n} and kind = "family" or age < {n})' for n in range(100, 139))
LONG = Condition("long", ("amount", "kind", "age"), _LONG, _LONG.replace(" = ", " == "))
"""2,023 characters."""

EVERY = (*CONDITIONS, LONG)

_RULES = tuple(product(('"family"', '"work"', '"study"'), ("< 18", ">= 18"), ("[0..5]", "> 5")))

ROWS: tuple[dict[str, Any], ...] = (
    {"kind": "study", "age": 20, "pages": 7},
    *(
        {"kind": kind, "age": age, "pages": pages}
        for kind, age, pages in product(("family", "work", "study"), (17, 18), (0, 5, 6))
    ),
)
"""Inputs of the table. The first is timed: the last rule fits, so each way looks at all of them."""


def dmn() -> bytes:
    """The table as a DMN model: hit policy UNIQUE, twelve rules, three inputs."""
    inputs = "".join(f'<inputData id="{name}" name="{name}"/>' for name in ROWS[0])
    required = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>'
        for name in ROWS[0]
    )
    columns = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in ROWS[0]
    )
    rules = "".join(_dmn_rule(number, cells) for number, cells in enumerate(_RULES))
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="bench"'
        f' namespace="bench">{inputs}<decision id="d" name="table">{required}'
        f'<decisionTable hitPolicy="UNIQUE">{columns}<output name="rule"/>{rules}</decisionTable>'
        "</decision></definitions>"
    ).encode()


def _dmn_rule(number: int, cells: tuple[str, ...]) -> str:
    escaped = (cell.replace("<", "&lt;").replace(">", "&gt;") for cell in cells)
    entries = "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in escaped)
    output = f"<outputEntry><text>{number}</text></outputEntry>"
    return f'<rule id="r{number}">{entries}{output}</rule>'


def jdm() -> str:
    """The table as zen-engine's JSON model: the first rule that fits, for it has no UNIQUE."""
    place = {"x": 0, "y": 0}
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in ROWS[0]],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": [
            {"_id": f"r{number}", **dict(zip(ROWS[0], cells, strict=True)), "rule": str(number)}
            for number, cells in enumerate(_RULES)
        ],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "t", "type": "decisionTableNode", "name": "t", "position": place,
         "content": content},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]  # fmt: skip
    edges = [
        {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
        for source, target in (("in", "t"), ("t", "out"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})
