"""Where personal values flow: what is made from them is declared, and no path shows them.

A value that a form marks personal stays sealed as long as it is only handed on. What an expression
makes of it must go into a variable that procedure.toml declares: a harmless fact (`[data] facts`)
or personal again (`personal`). A condition is not such a variable: the way a case takes can be read
by everyone, so it decides on declared facts.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.deployment.findings import Finding
from engine.deployment.meaning import Use
from engine.deployment.trees import Scope
from engine.runtime.notation import Details
from forms.form import Form
from processes.procedure import Procedure

_SHOWN = ("condition", "timer", "due", "key", "completionCondition")


def personal_variables(
    forms: Iterable[Form], procedure: Procedure, found: Iterable[Use]
) -> frozenset[str]:
    """The variables that hold something personal: by the forms, by declaration, or because a bare
    path hands on what another holds (an assignment, the items of a collection, an input)."""
    pointers = [pointer.replace("/*", "").split("/") for form in forms for pointer in form.personal]
    whole = set(procedure.personal)
    handed = [(use.variable, list(use.expression.path or ())) for use in found if use.variable]

    def holds(path: list[str]) -> bool:
        return path[0] in whole or any(
            pointer[: len(path)] == path[: len(pointer)] for pointer in pointers
        )

    while more := {n for n, path in handed if path and holds(path)} - whole - procedure.facts:
        whole |= more
    return frozenset(whole) | {pointer[0] for pointer in pointers}


def check(
    scope: Scope, found: Iterable[Use], procedure: Procedure, personal: frozenset[str]
) -> Iterator[Finding]:
    """Every expression that makes something undeclared of personal values."""
    declared = procedure.facts | procedure.personal
    for use in found:
        read = sorted(use.expression.names & personal)
        if not read or (use.expression.path is not None and use.slot not in _SHOWN):
            continue
        names = ", ".join(read)
        if use.slot in _SHOWN:
            yield scope.told("personal_shown", use.element, slot=use.slot, names=names)
        elif not use.slot.startswith("input ") and use.variable not in declared:
            yield scope.told("personal_undeclared", use.element, variable=use.variable, names=names)


def check_decisions(
    scope: Scope, details: Mapping[str, Details], decisions: Mapping[str, frozenset[str]],
    procedure: Procedure, personal: frozenset[str],
) -> Iterator[Finding]:  # fmt: skip
    """Every decision on personal values whose result is not declared."""
    declared = procedure.facts | procedure.personal
    for key, found in details.items():
        name = found.own.get("decision", "")
        read = sorted(decisions.get(name, frozenset()) & personal)
        variable = found.own.get("result", name)
        if read and variable not in declared:
            yield scope.told(
                "personal_undeclared/decided", key, variable=variable, names=", ".join(read)
            )


def check_operations(
    scope: Scope, details: Mapping[str, Details], operations: Mapping[str, Any],
    found: Iterable[Use], procedure: Procedure, personal: frozenset[str],
) -> Iterator[Finding]:  # fmt: skip
    """Every answer that can tell what personal inputs said, in a variable that is not declared."""
    declared = procedure.facts | procedure.personal
    for key, node in details.items():
        operation, variable = operations.get(node.own.get("operation", "")), node.own.get("result")
        read = {
            name
            for use in found
            if use.element == key and use.slot.startswith("input ")
            for name in use.expression.names & personal
        }
        if operation and operation.shows and read and variable and variable not in declared:
            yield scope.told("personal_undeclared/answered", key, variable=variable,
                             names=", ".join(sorted(read)))  # fmt: skip
