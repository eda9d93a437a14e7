"""What a scenario writes is compared with a case's values as people mean it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from decisions.values import Months
from engine.work.outcome import MESSAGES, Fault, same
from engine.work.printing import text

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EQUAL: list[tuple[Any, Any]] = [
    (2, Decimal("2.00")), (2.5, Decimal("2.5")), ("2.00", Decimal(2)), (True, True), (None, None),
    ("a", "a"), ("2026-03-02", date(2026, 3, 2)), ("2026-03-02T10:00:00+01:00", MOMENT),
    ("P3D", timedelta(days=3)), ("P1Y2M", Months(14)), ([1, "a"], [Decimal(1), "a"]),
    ({"a": 1}, {"a": Decimal(1), "b": 2}), ({"a": None}, {}), ("9", Decimal(9)),
]  # fmt: skip
DIFFERENT: list[tuple[Any, Any]] = [
    (2, Decimal(3)), (1, True), (True, Decimal(1)), ("true", True), (None, False), (2, "2"),
    ("a", "b"), ("a", None), ("x", Decimal(1)), ("2026-03-03", date(2026, 3, 2)),
    ("soon", MOMENT), ([1], [Decimal(1), Decimal(2)]), ([1], Decimal(1)), ({"a": 1}, {"a": 2}),
    ({"a": 1}, None), ("P3D", timedelta(days=4)), (False, None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "found"), EQUAL)
def test_values_that_mean_the_same_are_equal(written: Any, found: Any) -> None:
    assert same(written, found)


@pytest.mark.parametrize(("written", "found"), DIFFERENT)
def test_values_that_mean_something_else_are_not(written: Any, found: Any) -> None:
    assert not same(written, found)


def test_what_a_certificate_says_is_read_without_its_marks() -> None:
    page = (
        "<html><head><title>no</title><style>p {}</style></head><body><h1>Un</h1><p>Vu pour "
        "<b>Fatima</b>, <bdi>n° 1</bdi>.</p><table><tr><td>a</td><td>b</td></tr></table></body>"
    )
    assert text(page).split() == ["Un", "Vu", "pour", "Fatima,", "n°", "1.", "a", "b"]


def test_every_message_can_be_filled() -> None:
    for code, message in MESSAGES.items():
        names = [piece.split("}")[0] for piece in message.split("{")[1:]]
        assert Fault("", code, dict.fromkeys(names, "x")).text
