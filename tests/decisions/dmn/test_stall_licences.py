"""A whole model in the manner of the standard's lending example (§11): everything together.

A market hall lets stalls: who may have one, at which fee, with which papers, in which lane.
"""

import datetime as dt
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from decisions import dmn

MODEL = dmn.read((Path(__file__).parent / "stall_licences.dmn").read_bytes())
DAYS = dt.timedelta(days=1)


def case(born: str, income: int, rates: list[int], years: int, stall: Mapping[str, Any]) -> Any:
    """The values of a case: an applicant with debts of these rates, and a stall."""
    debts = [{"creditor": f"c{rate}", "monthly rate": Decimal(rate)} for rate in rates]
    applicant = {
        "full name": "Amina B.", "date of birth": dt.date.fromisoformat(born), "debts": debts,
        "monthly income": Decimal(income), "years of trade": Decimal(years),
    }  # fmt: skip
    return {"Applicant": applicant, "Stall": stall, "Day of application": dt.date(2026, 11, 23)}


def stall(kind: str, area: int, *days: str, flame: bool = False) -> Mapping[str, Any]:
    area_in_m2 = Decimal(area)
    return {"kind": kind, "area in m2": area_in_m2, "open flame": flame, "days": list(days)}


GRILL = case("1990-05-01", 6000, [900, 50], 6, stall("food", 12, "Mon", "Sat", flame=True))
MINOR = case("2010-01-01", 1000, [], 0, stall("craft", 10, "Wed"))
POOR = case("1986-11-23", 300, [], 3, stall("other", 8, "Mon", "Wed"))
BOOKS = case("1996-11-23", 2000, [120, 300], 10, stall("books", 4, "Mon", "Wed", "Sat"))


def decided(values: Mapping[str, Any], name: str) -> Any:
    return MODEL.by_name[name].evaluate(values).value


def test_the_model_is_read_whole() -> None:
    assert MODEL.faults == ()
    assert MODEL.inputs == {
        "Applicant": "context", "Stall": "context", "Day of application": "date"
    }  # fmt: skip
    assert MODEL.by_name["Answer"].certain == MODEL.inputs.keys()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            GRILL,
            {
                "Age of applicant": 36, "Points": 55, "Risk": "high", "Monthly debts": 950,
                "Fee": {"per month": 240, "deposit": 720}, "Is affordable": True,
                "Papers": ["identity card", "health certificate", "statement of debts",
                           "fire certificate"],
                "Offices": ["hygiene", "fire safety", "market office"],
                "Routing": {"lane": "clerk", "delay": 30 * DAYS}, "Heaviest debts": ["c900: 900"],
                "Best day": "Mon",
            },
        ),
        (
            MINOR,
            {
                "Age of applicant": 16, "Points": -88, "Risk": "high", "Monthly debts": 0,
                "Fee": {"per month": Decimal("68.75"), "deposit": Decimal("206.25")},
                "Is affordable": True, "Admissible": False, "Papers": ["identity card"],
                "Offices": ["market office"], "Routing": {"lane": "refuse", "delay": 10 * DAYS},
            },
        ),
        (
            POOR,
            {
                "Age of applicant": 40, "Points": 40, "Risk": "middle",
                "Fee": {"per month": Decimal("167.2"), "deposit": Decimal("501.6")},
                "Is affordable": False, "Admissible": False, "Heaviest debts": [],
            },
        ),
        (
            BOOKS,
            {
                "Age of applicant": 30, "Points": 67, "Risk": "low",
                "Fee": {"per month": 60, "deposit": 180}, "Admissible": True,
                "Routing": {"lane": "automatic", "delay": 2 * DAYS},
                "Heaviest debts": ["c300: 300", "c120: 120"],
            },
        ),
    ],
)  # fmt: skip
def test_a_case_is_decided(values: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    assert {name: decided(values, name) for name in expected} == expected


def test_the_answer_gathers_what_the_others_decide() -> None:
    assert decided(MINOR, "Answer") == {
        "to": "AMINA B.", "lane": "refuse", "fee": None, "papers": ["identity card"],
        "offices": ["market office"], "debts": [],
    }  # fmt: skip


def test_the_service_gives_both_of_its_decisions() -> None:
    assert decided(BOOKS, "Assess") == {
        "Routing": {"lane": "automatic", "delay": 2 * DAYS},
        "Fee": {"per month": 60, "deposit": 180},
    }


def test_a_value_that_its_type_does_not_allow_is_null_with_its_reason() -> None:
    outcome = MODEL.by_name["Fee"].evaluate({**BOOKS, "Stall": stall("weapons", 4, "Mon")})
    assert outcome.value == {"per month": None, "deposit": None}
    told = [reason for note in outcome.trace["before"] for reason in note["reasons"]]
    assert any("input Stall" in reason for reason in told)


@pytest.mark.parametrize("name", MODEL.by_name)
def test_a_case_without_values_is_decided_without_an_error(name: str) -> None:
    MODEL.by_name[name].evaluate({})


def test_one_model_serves_many_threads() -> None:
    cases = [GRILL, MINOR, POOR, BOOKS]
    expected = [decided(values, "Answer") for values in cases]

    def worker(number: int) -> bool:
        return all(
            decided(cases[n % 4], "Answer") == expected[n % 4] for n in range(number, number + 20)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(worker, range(16)))
