"""A tree is written in one form, which reads back as the same tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.errors import ExpressionInvalid
from decisions.feel import compiler, tree
from decisions.feel.parser import parse, parse_tests
from decisions.feel.printing import _WRITERS, printed
from tests.decisions.feel.test_safety import TEXTS
from tests.decisions.feel.trees import CELLS, NAMES, NODES, bare

assert compiler.FORMS  # the built-in names are known once it is imported


@given(NODES)
@settings(max_examples=300, deadline=None)
def test_a_printed_expression_reads_back_as_the_same(node: tree.Node) -> None:
    text = printed(node, NAMES)
    assert bare(parse(text, NAMES)) == bare(node), text


@given(CELLS)
@settings(max_examples=300, deadline=None)
def test_a_printed_cell_reads_back_as_the_same(node: tree.Tests) -> None:
    text = printed(node, NAMES)
    assert bare(parse_tests(text, NAMES)) == bare(node), text


@given(TEXTS | st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_whatever_text_can_be_read_is_printed_and_read_again(text: str) -> None:
    for read in (parse, parse_tests):
        try:
            node = read(text, NAMES)
        except ExpressionInvalid:
            continue
        assert bare(read(printed(node, NAMES), NAMES)) == bare(node)


def test_every_form_of_the_tree_can_be_printed() -> None:
    classes = (found for found in vars(tree).values() if isinstance(found, type))
    forms = {found for found in classes if issubclass(found, tree.Node)}
    assert set(_WRITERS) == forms - {tree.Node}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((1+2))*(3)", "(1 + 2) * 3"),
        ("(a and b) or (c)", "a and b or c"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("(1-2)-3", "1 - 2 - 3"),
        ("-(a**b)", "-(a ** b)"),
        ("(date) and time", "(date) and time"),
        ("(x instance of date) and time", "(x instance of date) and time"),
        ("{a-b:1,c:(a)-b,d:a-b}", '{"a-b": 1, c: (a) - b, d: a-b}'),
        ("x in ((<5))", "x in ((< 5))"),
        ("x in ([1 .. 5])", "x in [1..5]"),
        ("]1..5[", "(1..5)"),
        ("if(a)then(b)else(c)", "if a then b else c"),
        ("1 + if a then b else c", "1 + (if a then b else c)"),
        ('"a\u00a0\\n\\"\\u00e9"', '"a\\u00a0\\n\\"é"'),
        ("1e3", "1000"),
        ("1.50e50", "1.50E+50"),
        ('@"P14M"', '@"P1Y2M"'),
        ("f( b : 1 , c : 2 )", "f(b: 1, c: 2)"),
        ("a // why", "a"),
    ],
)
def test_an_expression_has_one_form_with_few_brackets(text: str, expected: str) -> None:
    assert printed(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<(5)", "< 5"),
        ("not( 1,2 )", "not(1, 2)"),
        ("(not(x))", "(not(x))"),
        ("not(x),y", "not(x), y"),
        ("(? in [1..2]) and ?>3", "? in [1..2] and ? > 3"),
    ],
)
def test_a_cell_has_one_form(text: str, expected: str) -> None:
    assert printed(parse_tests(text)) == expected
