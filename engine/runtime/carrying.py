"""What a fact of the law carries: `mq:fact-with`, by names of variables or as a FEEL context.

`mq:fact-with="motive service"` hands two variables on under their own names;
`mq:fact-with='{service: "fire"}'` says what it is where no variable holds it.
"""

from decisions import expressions
from decisions.expressions import Expression


def entries(text: str) -> tuple[tuple[str, Expression], ...]:
    """Each name with what gives its value; raises DecisionError where a context is no FEEL."""
    text = text.strip()
    if text.startswith("{"):
        return tuple(expressions.compile_context(text))
    return tuple((name, expressions.compile(name)) for name in text.split())
