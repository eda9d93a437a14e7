"""Everything to be told of a decision: its tables, what it reads undrawn, what is not standard."""

from collections.abc import Iterator

from decisions.checking.check import SEVERITIES, check
from decisions.checking.findings import Finding
from decisions.checking.reading import sheet
from decisions.dmn import Decision

AMBIENT = frozenset({"case", "now", "today"})
"""What every expression may read without being given it."""


def findings(decision: Decision) -> list[tuple[tuple[str, ...], Finding]]:
    """Everything to be told of a decision, the worst first, with the ids of the rules concerned."""
    found: list[tuple[tuple[str, ...], Finding]] = [((), one) for one in _drawn(decision)]
    for table in decision.tables.get(decision.id, ()):
        for finding in check(sheet(table)):
            rules = tuple(table.rules[number - 1].id for number in finding.rules)
            found.append((rules, finding))
    return sorted(found, key=lambda pair: SEVERITIES.index(pair[1].severity))


def _drawn(decision: Decision) -> Iterator[Finding]:
    if decision.unseen:
        yield Finding("unseen", "error", details={"names": _named(decision.unseen)})
    if undrawn := decision.undrawn - AMBIENT:
        yield Finding("unrequired", "note", details={"names": _named(undrawn)})
    if decision.library:
        yield Finding("library", "note", details={"names": _named(decision.library)})


def _named(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
