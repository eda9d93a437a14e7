"""How large an expression, and what it makes, may become."""

TEXT = 20_000
"""Characters of one expression."""

TOKENS = 6_000
"""Words, numbers, strings and signs of one expression: what compiles within 50 ms."""

NAME_PARTS = 30
"""Words and signs of a name that is read as one."""

NESTING = 40
"""Brackets, conditions and loops within each other, as written."""

DEPTH = 100
"""Forms below each other in the tree: that many filters one after another."""

CALLS = 40
"""Calls of user-defined functions within each other."""

STEPS = 300_000
"""Steps of one evaluation: what it does, each thing weighed by the time that it takes.

A step is about a fifth of a microsecond, so that the count alone, which is the same on every
machine, ends an evaluation after some 60 ms.
"""

SECONDS = 0.07
"""Time of the processor for one evaluation, where the count weighed something too lightly."""

STEPS_BETWEEN_LOOKS = 1_000
"""Steps after which the time is looked at again."""

ITEM = 3
"""Steps for one item that a function, path or comparison goes through."""

ROUND = 3
"""Steps for one round of a loop or filter, and one more for each form of its body."""

OWN_CALL = 6
"""Steps for a call of a user-defined function, and one more for each form of its body."""

BUILTIN_CALL = 12
"""Steps for a call of a built-in function."""

HEAVY = {
    "log": 150, "exp": 60, "**": 50, "range": 400,
    **dict.fromkeys(("date and time", "duration", "number", "matches", "replace", "split"), 20),
    **dict.fromkeys(("before", "after", "meets", "met by", "includes", "during", "starts"), 20),
    **dict.fromkeys(("overlaps", "overlaps before", "overlaps after", "finishes"), 30),
    **dict.fromkeys(("finished by", "started by", "coincides"), 30),
}  # fmt: skip
"""Further steps for functions and operators that take longer than others."""

CHARACTERS = 25
"""Characters or items of an argument or result that count as one step."""

MONTHS = 12 * 2_000_000_000
"""Months of one duration: from the first year that FEEL has beyond the last one."""

LIST = 100_000
"""Items of one list."""

STRING = 100_000
"""Characters of one string."""

PATTERN = 1_000
"""Characters of one regular expression."""

PATTERN_PARTS = 5_000
"""Parts of one regular expression once its repetitions are written out."""

REASONS = 50
"""Reasons told by one explanation."""
