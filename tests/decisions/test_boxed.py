"""Boxed expressions that walk a list."""

import pytest

from decisions import dmn

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="t" namespace="t">'


def settled(kind: str, items: str, condition: str) -> object:
    """The value of a boxed `some` or `every` over items, each called x in the condition."""
    literal = "<literalExpression><text>{}</text></literalExpression>"
    model = dmn.read(
        f'{HEAD}<decision id="d" name="D"><{kind} iteratorVariable="x">'
        f"<in>{literal.format(items)}</in><satisfies>{literal.format(condition)}</satisfies>"
        f"</{kind}></decision></definitions>".encode()
    )
    assert model.faults == ()
    return model.decisions["d"].evaluate({}).value


@pytest.mark.parametrize(
    ("kind", "items", "condition", "expected"),
    [
        ("some", "[1, 2]", "x = 2", True),
        ("some", "[1, 2]", "x = 3", False),
        ("some", "[1, 2]", "if x = 2 then true else null", True),
        ("some", "[1, 2]", "if x = 2 then false else null", None),
        ("some", "[1, 2]", 'if x = 2 then true else "no"', None),
        ("some", "[]", "true", False),
        ("every", "[1, 2]", "x = 2", False),
        ("every", "[1, 2]", 'if x = 1 then true else "no"', None),
        ("every", "[]", "false", True),
    ],
)
def test_a_condition_that_is_no_truth_makes_null(
    kind: str, items: str, condition: str, expected: bool | None
) -> None:
    assert settled(kind, items, condition) is expected
