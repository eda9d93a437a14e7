"""All forms and all built-in functions together: from the text to its closure."""

from decisions.feel import (  # noqa: F401  (each registers its forms)
    arithmetic,
    basics,
    boxes,
    calls,
    comparisons,
    kinds,
    loops,
    tree,
)
from decisions.feel.builder import Builder
from decisions.feel.builtins import booleans  # noqa: F401  (each registers its functions)
from decisions.feel.frame import Closure


def compiled(text: str, node: tree.Node, names: frozenset[str]) -> tuple[Closure, Builder]:
    """The closure of a tree, and the builder that knows the names it uses."""
    builder = Builder(text, names)
    return builder.build(node), builder
