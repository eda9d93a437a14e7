"""Names with spaces and signs, and what an expression needs from its context."""

from decimal import Decimal

import pytest

from decisions import expressions
from decisions.errors import ExpressionInvalid
from tests.decisions.feel.examples import value


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("age", {"age"}),
        ("first name", {"first name"}),
        ("applicant age > 18 and approved", {"applicant age", "approved"}),
        ("case.office.name", {"case"}),
        ("for x in xs return x + y", {"xs", "y"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("function(x) x + y", {"y"}),
        ("count(papers)", {"papers"}),
        ("today()", {"today"}),
        ("date", {"date"}),
        ('date("2026-01-01")', set()),
        ("papers[pages > most]", {"papers", "pages", "most"}),
        ("some p in papers satisfies p.pages > 2", {"papers"}),
        ("العمر > 18", {"العمر"}),
    ],
)
def test_an_expression_says_which_names_it_needs(text: str, names: set[str]) -> None:
    assert expressions.compile(text).names == names


def test_a_name_inside_a_filter_is_needed_but_not_certain() -> None:
    expression = expressions.compile("papers[pages > most]")
    assert expression.certain == {"papers"}
    assert expressions.compile("sort(papers, before)").certain == {"papers"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("age", ("age",)),
        ("case.office.name", ("case", "office", "name")),
        ("first name.last part", ("first name", "last part")),
        ("age + 1", None),
        ("count(a)", None),
    ],
)
def test_a_bare_path_is_known_as_one(text: str, path: tuple[str, ...] | None) -> None:
    assert expressions.compile(text).path == path


def test_a_known_name_may_hold_signs_and_the_longest_wins() -> None:
    context = {"net-price": Decimal(7), "net": Decimal(5), "price": Decimal(1)}
    assert expressions.compile("net-price", context).evaluate(context) == 7
    assert expressions.compile("net - price", ["net", "price"]).evaluate(context) == 4


def test_a_context_knows_its_own_names() -> None:
    assert value("{tax rate: 0.2, a/b: tax rate * 10}.a/b") == 2
    assert value('{"quoted key": 3}.quoted key') == 3


def test_a_variable_may_be_called_as_a_function_is() -> None:
    assert value("date.year", {"date": {"year": Decimal(3)}}) == 3
    assert value('date("2026-01-01").year', {"date": {"year": Decimal(3)}}) == 2026


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("1 +", 1, 4, "end of the expression"),
        ("if a then b", 1, 12, "'else'"),
        ("(1", 1, 3, "')'"),
        ('"open', 1, 1, "'\"'"),
        ("1 +\n+ 2", 2, 1, "'+'"),
        ("{a: 1, a: 2}", 1, 13, "two entries"),
        ('@"yesterday"', 1, 2, "no date"),
        ("1 2", 1, 3, "'2'"),
        ("function(x) external {}", 1, 13, "external"),
        ("#", 1, 1, "'#'"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, line: int, column: int, word: str) -> None:
    with pytest.raises(ExpressionInvalid) as refused:
        expressions.compile(text)
    assert (refused.value.line, refused.value.column) == (line, column)
    assert word in refused.value.message
