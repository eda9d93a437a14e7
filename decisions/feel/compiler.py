"""All forms and all built-in functions together: from the tree to its closure."""

# Each of these modules registers its forms or its functions when it is imported.
from decisions.feel import arithmetic, basics, boxes, calls, comparisons, kinds, loops, tree
from decisions.feel.builder import Builder
from decisions.feel.builtins import (
    booleans,
    contexts,
    conversion,
    dates,
    intervals,
    lists,
    numbers,
    orders,
    patterns,
    ranges,
    statistics,
    strings,
    workdays,
)
from decisions.feel.frame import Closure
from decisions.feel.function_types import Types

FORMS = (arithmetic, basics, boxes, calls, comparisons, kinds, loops)
TEXTS = (conversion, patterns, strings)
NUMBERS = (numbers, statistics)
COLLECTIONS = (booleans, contexts, intervals, lists, orders, ranges)
TIMES = (dates, workdays)


def compiled(
    text: str, node: tree.Node, names: frozenset[str], types: Types = kinds.NO_TYPES
) -> tuple[Closure, Builder]:
    """The closure of a tree, and the builder that knows the names it uses."""
    builder = Builder(text, names, types)
    return builder.build(node), builder
