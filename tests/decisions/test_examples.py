"""Tables of examples beside a model: read strictly, and every difference is explained."""

from decimal import Decimal

import pytest

from decisions import dmn, examples
from decisions.errors import DecisionError
from tests.decisions.models import decision, given, model, table, text

FEE = table("UNIQUE", ["copies"], [("[1..5]", "copies * 2"), ("> 5", "0")])
MODEL = dmn.read(
    model(
        given("copies", "number"),
        decision("fee", FEE, ["#i_copies"]),
        decision("bill", text("{amount: fee, unit: {name: \"MAD\"}}"), ["#fee"]),
    )
)  # fmt: skip


def tried(content: str) -> list[tuple[int, str]]:
    """The line and decision of each difference."""
    return [
        (example.line, wrong.expectation.decision.id)
        for example in examples.read(content.encode(), MODEL)
        for wrong in examples.differences(example, {})
    ]


def test_an_example_that_comes_true_has_no_difference() -> None:
    assert tried('note,copies,fee,bill.unit.name\nfew,2,4,"""MAD"""\nmany,9,0,\n') == []


def test_an_example_that_does_not_is_told_with_its_line() -> None:
    assert tried("copies,fee,bill.amount\n2,5,4\n3,6,7\n") == [(2, "fee"), (3, "bill")]


def test_a_spreadsheet_may_write_semicolons_and_a_mark_of_order() -> None:
    assert tried("\ufeffcopies;fee\n\n2;4\n") == []


def test_a_difference_holds_the_trace_of_the_decision() -> None:
    (example,) = examples.read(b"copies,fee\n2,5", MODEL)
    (wrong,) = examples.differences(example, {})
    assert wrong.found == Decimal(4)
    assert wrong.outcome.trace["rules"] == [["r1", Decimal(1), "note 1"]]


def test_null_may_be_expected() -> None:
    assert tried("copies,fee\n0,null\n1,null\n") == [(3, "fee")]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b"copies\n1", "line 1", "no column names a decision"),
        (b"", "line 1", "no line of headings"),
        (b"copies,fee\n1,2,3", "line 2", "3 cells for 2 headings"),
        (b"copies,fee\n1,two", "line 2, column fee", "two is not known"),
        (b"copies,fee\n1,1 +", "line 2, column fee", "a value is expected"),
        (b'copies,fee\n1,"2', "line 2", "no CSV"),
        (b"\xff", "line 1", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(
    content: bytes, place: str, message: str
) -> None:
    with pytest.raises(DecisionError, match=message) as refused:
        examples.read(content, MODEL)
    assert refused.value.place == place
