"""How large an expression, and what it makes, may become."""

TEXT = 50_000
"""Characters of one expression."""

NESTING = 40
"""Brackets, conditions and loops within each other, as written."""

DEPTH = 100
"""Operators below each other in the tree: a chain of that many additions."""

CALLS = 20
"""Calls of user-defined functions within each other."""

STEPS = 500_000
"""Iterations and calls of one evaluation, each counting more when it does more."""

PER_STEP = 10
"""Forms of a loop's body that count as one step."""

LENGTH_PER_STEP = 50
"""Characters or items of an argument that count as one step."""

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

PATTERN_SECONDS = 0.25
"""Time for one regular expression on one string."""

REASONS = 50
"""Reasons told by one explanation."""
