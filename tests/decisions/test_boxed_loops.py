"""Boxed expressions that walk a list mean what the same words of FEEL mean."""

import pytest

from decisions import dmn

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="t" namespace="t">'


def evaluated(boxed: str) -> object:
    """The value of a decision that is this boxed expression."""
    model = dmn.read(f'{HEAD}<decision id="d" name="D">{boxed}</decision></definitions>'.encode())
    assert model.faults == ()
    return model.decisions["d"].evaluate({}).value


def filtered(items: str, condition: str) -> object:
    """The value of a boxed filter."""
    literal = "<literalExpression><text>{}</text></literalExpression>"
    return evaluated(
        f"<filter><in>{literal.format(items)}</in>"
        f"<match>{literal.format(condition)}</match></filter>"
    )


def settled(kind: str, items: str, condition: str) -> object:
    """The value of a boxed `for`, `some` or `every` over items, each called x in the condition."""
    literal = "<literalExpression><text>{}</text></literalExpression>"
    part = "return" if kind == "for" else "satisfies"
    return evaluated(
        f'<{kind} iteratorVariable="x"><in>{literal.format(items)}</in>'
        f"<{part}>{literal.format(condition)}</{part}></{kind}>"
    )


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
        ("some", "[1..3]", "x = 2", True),
        ("some", "null", "true", None),
        ("every", "null", "true", None),
        ("for", "null", "x", None),
        ("for", "[1..3)", "x", [1, 2]),
        ("for", "5", "x", [5]),
    ],
)
def test_a_boxed_loop_is_the_loop_of_feel(
    kind: str, items: str, condition: str, expected: object
) -> None:
    assert settled(kind, items, condition) == expected


@pytest.mark.parametrize(
    ("items", "condition", "expected"),
    [
        ("[1, 2]", "item = 2", [2]),
        ("[1, 2]", "null", []),
        ("[1, 2]", '"no"', None),
        ("[]", "true", []),
        ("null", "true", None),
        ("5", "item = 5", [5]),
        ("[{a: 1}, {a: 2}]", "a = 2", [{"a": 2}]),
        ("[{item: 1}, {item: 2}]", "item = 2", [{"item": 2}]),
    ],
)
def test_a_filter_takes_truth_only(items: str, condition: str, expected: object) -> None:
    assert filtered(items, condition) == expected
