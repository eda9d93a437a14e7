"""What can be found in a table, in the words of the person who owns it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]

# Each finding by its code: what is wrong and what to do, English msgids with `{named}` details.
MESSAGES: Mapping[str, tuple[str, str]] = {
    "gap": (
        "no rule fits here: {where}",
        "Add a rule for this, give the table a default result, or narrow the allowed values.",
    ),
    "gap-fractions": (
        "no rule fits between two whole numbers: {where}",
        "If only whole numbers occur, leave it; otherwise let the ranges touch, as in [1..5) and"
        " [5..10].",
    ),
    "missing": (
        "no rule fits where a value is missing: {columns}",
        "Make sure that these are always given, or add a rule whose cell is null.",
    ),
    "overlap": (
        "the rules {rules} both fit, but only one may (unique): {where}",
        "Narrow one of the rules, or change the hit policy to FIRST if the order should decide.",
    ),
    "duplicate": (
        "the rules {rules} have the same conditions, but only one may fit (unique)",
        "Remove one of the rules, or tell their conditions apart.",
    ),
    "conflict": (
        "the rules {rules} both fit, with different results (any): {where}",
        "Give both rules the same result, or narrow one of them.",
    ),
    "unreachable": (
        "rule {rule} never decides: whatever fits it is taken before (rules {by})",
        "Remove the rule, move it up, or narrow the rules that come before it.",
    ),
    "outranked": (
        "rule {rule} never decides: whatever fits it has a result of higher priority (rules {by})",
        "Remove the rule, narrow those that outrank it, or change the order of allowed results.",
    ),
    "only-missing": (
        "rule {rule} decides only where a value is missing or of another type (else rules {by})",
        "Keep it as a safeguard, or remove it.",
    ),
    "only-null": (
        "rule {rule}: {cell} in the column {column} fits a missing value only",
        "Write null if this is meant; otherwise correct the cell.",
    ),
    "contradiction": (
        "rule {rule}: nothing fits {cell} in the column {column}",
        "Correct the cell: its ends may be the wrong way round, or its conditions exclude each"
        " other.",
    ),
    "not-allowed": (
        "rule {rule}: {cell} asks for what the column {column} does not allow ({allowed})",
        "Correct the spelling of the cell, or add the value to those allowed.",
    ),
    "nothing-allowed": (
        "the column {column} allows nothing: {allowed}",
        "Correct the allowed values.",
    ),
    "type": (
        "rule {rule}: {value} in the column {column} is a {found}, but the column is a {wanted}",
        "Write a {wanted}, or correct the type of the column.",
    ),
    "allowed-type": (
        "the column {column} allows {value}, a {found}, but the column is a {wanted}",
        "Write a {wanted}, or correct the type of the column.",
    ),
    "mixed": (
        "the cells of the column {column} are of types that never compare: {kinds}",
        "Write all cells of the column as one type, and give the column that type.",
    ),
    "result-type": (
        "rule {rule}: the result {value} for {output} is a {found}, but {output} is a {wanted}",
        "Write a {wanted}, or correct the type of the output.",
    ),
    "result-not-allowed": (
        "rule {rule}: the result {value} for {output} is not among those allowed ({allowed})",
        "Correct the spelling of the result, or add it to those allowed.",
    ),
    "default-type": (
        "the default {value} for {output} is a {found}, but {output} is a {wanted}",
        "Write a {wanted}, or correct the type of the output.",
    ),
    "default-not-allowed": (
        "the default {value} for {output} is not among those allowed ({allowed})",
        "Correct the spelling of the default, or add it to those allowed.",
    ),
    "order": (
        "the hit policy needs an order of results, but no output has allowed values",
        "List the allowed values of an output, the most important first.",
    ),
    "not-proven": (
        "nothing is proven about what these cells leave open, since they read other data, call"
        " functions or put texts in order: {cells}",
        "Test these rules with scenarios, or move what they compute into an input of its own.",
    ),
    "not-compared": (
        "the results of the rules {rules} are computed: how they compare is not proven",
        "Test these rules with scenarios, or write their results as plain values.",
    ),
    "too-large": (
        "the table is too large to prove that every combination has a rule",
        "Split the table, or test it with scenarios.",
    ),
    "unseen": (
        "it reads {names}, which the model does not draw as required: they are null here",
        "Draw the requirement, or correct the name.",
    ),
    "unrequired": (
        "it reads {names}, which the model draws as no requirement",
        "Draw it as an input of the decision, so that every reader sees what it rests on.",
    ),
    "library": (
        "it calls {names}, which this program brings and the standard does not know",
        "Leave it where the model stays here; another DMN engine would refuse it.",
    ),
    "fault": ("{reason}", "{hint}"),
    "too-large-rules": (
        "the table is too large to prove that every rule can decide, from rule {rule} on",
        "Split the table, or test it with scenarios.",
    ),
    "more": ("and {count} more like these", "Mend the first ones, and check again."),
    "dependent": (
        "the columns {columns} read the same data: a combination told here may never occur",
        "If it cannot occur, leave it; or make one column of them.",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a stable code of MESSAGES with its details.

    `rules` are the numbers of the rules concerned; `example` is a counter-example, the FEEL text of
    a value for the text of each column that matters, and was tried on the table itself.
    """

    code: str
    severity: Severity
    rules: tuple[int, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """What is wrong, for translation: the details are named in it."""
        return MESSAGES[self.code][0]

    @property
    def remedy_template(self) -> str:
        """What to do, for translation: the details are named in it."""
        return MESSAGES[self.code][1]

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.template.format(**self.details)

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return self.remedy_template.format(**self.details)
