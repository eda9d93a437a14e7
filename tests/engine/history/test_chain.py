"""Bodies of events: every value of a case survives, and what a citizen types is only text."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from decisions.values import Months
from engine.history import chain
from engine.runtime.values import Sealed, pack, unpack

VALUES: list[Any] = [
    None, True, "é", Decimal("1.50"), date(2026, 3, 2), time(9, 30),
    datetime(2026, 3, 2, 9, tzinfo=UTC), timedelta(days=-2, microseconds=3), Months(-14),
    Sealed(b"\x00" * 32), [Decimal(1), {"deep": [date(2026, 1, 1)]}],
    {"@date": "2026-03-02"}, {"@map": [["a", "b"]]}, {"@duration": "1", "other": Months(1)}, {},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_a_case_may_hold_an_event_holds_too(value: Any) -> None:
    assert unpack(pack(value)) == value
    body = chain.encode({"value": value})
    assert chain.decode(body) == {"value": value}
    assert chain.encode(chain.decode(body)) == body


def test_equal_bodies_have_the_same_bytes_whatever_the_order_of_their_names() -> None:
    assert chain.encode({"b": 1, "a": {"d": 1, "c": 2}}) == chain.encode(
        {"a": {"c": 2, "d": 1}, "b": 1}
    )


def chained(*bodies: bytes) -> list[tuple[int, bytes, bytes]]:
    head, rows = chain.genesis("T-1"), []
    for seq, body in enumerate(bodies, 1):
        head = chain.link(head, body)
        rows.append((seq, body, head))
    return rows


def test_a_whole_chain_is_not_broken() -> None:
    assert chain.broken("T-1", chained(b"one", b"two", b"three")) is None


@pytest.mark.parametrize(
    ("spoil", "seq"),
    [
        (lambda rows: rows[1:], 2),
        (lambda rows: [rows[0], rows[2]], 3),
        (lambda rows: [rows[1], rows[0], rows[2]], 2),
        (lambda rows: [rows[0], (2, b"TWO", rows[1][2]), rows[2]], 2),
        (lambda rows: [*rows, (4, b"four", rows[2][2])], 4),
    ],
    ids=["first gone", "middle gone", "swapped", "changed", "added"],
)
def test_what_was_done_to_a_chain_is_named(spoil: Any, seq: int) -> None:
    assert chain.broken("T-1", spoil(chained(b"one", b"two", b"three"))) == seq


def test_the_events_of_one_case_do_not_pass_for_those_of_another() -> None:
    assert chain.broken("T-2", chained(b"one")) == 1
