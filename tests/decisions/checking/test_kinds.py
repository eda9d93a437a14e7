"""Cells, results and defaults of a wrong type or value."""

import re
from string import Formatter

import pytest

from decisions.checking.check import check
from decisions.checking.findings import MESSAGES, Finding
from decisions.checking.sheet import Column, Result
from tests.decisions.checking.sheets import found, only, sheet


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("number", '"18"'),
        ("number", 'not("18")'),
        ("number", '? = "18"'),
        ("date", '> @"2026-01-01T00:00:00"'),
        ("date and time", '>= date("2026-01-01")'),
        ("string", "5"),
        ("boolean", '"true"'),
        ("days and time duration", '< @"P1M"'),
    ],
)
def test_a_cell_of_another_type_than_its_column_is_an_error(kind: str, cell: str) -> None:
    errors = [f for f in check(sheet("F", [f"x: {kind}"], [cell, "-"])) if f.severity == "error"]
    assert [f.code for f in errors] == ["type"]
    assert errors[0].details["wanted"] == kind


def test_one_value_of_another_type_among_good_ones_is_a_warning() -> None:
    finding = only(sheet("F", ["n: number"], ['5, "6"', "-"]), "type")
    assert finding.severity == "warning"
    assert finding.message == 'rule 1: "6" in the column n is a string, but the column is a number'


def test_allowed_values_have_the_type_of_the_column() -> None:
    assert "allowed-type" in found(sheet("F", [Column("n", "number", '"a", "b"')], ["-"]))


def test_an_untyped_column_of_several_types_is_told() -> None:
    assert only(sheet("F", ["x"], ["5", '"5"', "-"]), "mixed").details["kinds"] == "number, string"
    assert "mixed" not in found(sheet("F", ["x"], ["5", "6", "-"]))


def test_a_column_of_lists_is_not_analysed() -> None:
    table = sheet("U", ["xs: list<string>"], ['list contains(?, "a")'])
    assert found(table) == ["not-proven"]


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ('"low"', []),
        ("null", []),
        ("", []),
        ("upper case(x)", []),
        ('"lwo"', ["result-not-allowed"]),
        ("5", ["result-type"]),
    ],
)
def test_a_result_is_of_the_type_and_the_values_of_its_output(result: str, code: list[str]) -> None:
    outputs = [Result("risk", "string", '"high", "low"')]
    assert found(sheet("F", ["x"], [f"- -> {result}"], outputs)) == code


def test_a_default_is_held_to_the_same() -> None:
    assert found(sheet("F", ["x"], ["-"], [Result("n", "number", "", '"0"')])) == ["default-type"]
    wrong = [Result("n", "number", "1, 2", "3")]
    assert "default-not-allowed" in found(sheet("F", ["x"], ["- -> 1"], wrong))


@pytest.mark.parametrize("policy", ["P", "O"])
def test_a_policy_by_order_needs_an_order(policy: str) -> None:
    assert only(sheet(policy, ["x"], ["-"]), "order").severity == "error"
    assert "order" not in found(sheet(policy, ["x"], ["-"], [Result("r", "", '"a", "b"')]))


def test_the_worst_is_told_first() -> None:
    severities = [f.severity for f in check(sheet("U", ["n: number"], ["< 5", "< 6", '"x"']))]
    assert severities == sorted(severities, key=("error", "warning", "note").index)
    assert len(set(severities)) == 3


def test_every_message_names_details_that_its_findings_have() -> None:
    tables = [
        sheet("U", ["n: number"], ["< 5", "< 6", "[9..3]", '"x"', "< 5"]),
        sheet("F", ["n: number", "s"], ["- | 5", "- | -", '- | "a"']),
        sheet(
            "F", [Column("b", "boolean", '"x", true')], ["true", "false", "-", "not(true, false)"]
        ),
        sheet("A", ["n: number"], ["<= 5 -> 1", "5 -> 2", "[6..8] -> 3"]),
        sheet(
            "P", ["n: number"], ["> 5 -> 1", "> 4 -> 2", "7 -> 3"], [Result("o", "string", "2, 1")]
        ),
        sheet("U", ["n: number"], ["> m"], known=frozenset("m")),
    ]
    findings = [finding for table in tables for finding in check(table)]
    assert len({finding.code for finding in findings}) > 12
    for finding in findings:
        assert finding.message
        assert finding.remedy


def test_messages_are_templates_of_named_details() -> None:
    for message, remedy in MESSAGES.values():
        names = [name for text in (message, remedy) for _, name, _, _ in Formatter().parse(text)]
        assert all(re.fullmatch("[a-z]+", name) for name in names if name is not None)
    assert Finding("order", "error").template == MESSAGES["order"][0]
