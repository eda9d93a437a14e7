"""Combinations that no rule takes: found, told in FEEL, and only where an answer is due."""

import datetime as dt

import pytest

from decisions.checking import gaps
from decisions.checking.check import check
from decisions.checking.cover import Steps
from decisions.checking.sheet import Column, Result
from decisions.checking.survey import Survey
from tests.decisions.checking.sheets import found, only, sheet


def test_a_gap_is_told_with_a_row_and_the_whole_region() -> None:
    gap = only(
        sheet("U", ["age: number", "resident: boolean"], ["< 18 | -", ">= 18 | true"]), "gap"
    )
    assert gap.severity == "warning"
    assert gap.message == "no rule fits here: age: >= 18; resident: false"
    assert gap.example == {"age": "18", "resident": "false"}
    assert gap.remedy.startswith("Add a rule")


def test_a_table_that_covers_everything_has_no_gap() -> None:
    rules = ["< 18 | -", ">= 18 | true", ">= 18 | false"]
    assert "gap" not in found(sheet("U", ["age: number", "resident: boolean"], rules))


@pytest.mark.parametrize(
    ("kind", "cells", "where", "example"),
    [
        ("number", ["< 1", "> 5"], "[1..5]", "1"),
        ("number", ["< 1", "> 1"], "1", "1"),
        ("number", ["< 1.5", "> 1.75"], "[1.5..1.75]", "1.5"),
        ("number", ["<= 1.5", ">= 1.75"], "(1.5..1.75)", "1.6"),
        ("string", ['"a"', '"b"'], 'not("a", "b")', '"other"'),
        ("string", ['not("a", "b")', '"a"'], '"b"', '"b"'),
        ("string", ['"a"', '"other"'], 'not("a", "other")', '"other 2"'),
        ("boolean", ["true"], "false", "false"),
        ("date", ['< @"2026-01-01"', '> @"2026-01-01"'], '@"2026-01-01"', '@"2026-01-01"'),
        (
            "date",
            ['<= date("2026-01-01")', '>= date("2026-01-04")'],
            '(@"2026-01-01"..@"2026-01-04")',
            '@"2026-01-02"',
        ),
        ("time", ['>= @"08:30:00"'], '< @"08:30:00"', '@"04:15:00"'),
        (
            "date and time",
            ['<= @"2026-01-01T08:00:00"', '>= @"2026-01-01T10:00:00"'],
            '(@"2026-01-01T08:00:00"..@"2026-01-01T10:00:00")',
            '@"2026-01-01T09:00:00"',
        ),
        ("days and time duration", ['< @"P3D"'], '>= @"P3D"', '@"P3D"'),
        ("years and months duration", ['< @"P1Y"', '> @"P1Y"'], '@"P1Y"', '@"P1Y"'),
    ],
)
def test_values_of_every_type_are_written_as_feel(
    kind: str, cells: list[str], where: str, example: str
) -> None:
    gap = only(sheet("U", [f"x: {kind}"], cells), "gap")
    assert gap.details["where"] == f"x: {where}"
    assert gap.example == {"x": example}


def test_dates_and_months_that_follow_each_other_have_no_gap_between() -> None:
    dates = ['<= @"2026-01-31"', '>= @"2026-02-01"']
    assert "gap" not in found(sheet("U", ["day: date"], dates))
    months = ['<= @"P11M"', '>= @"P1Y"']
    assert "gap" not in found(sheet("U", ["length: years and months duration"], months))


def test_the_ends_of_the_day_and_the_calendar_are_ends() -> None:
    assert "gap" not in found(sheet("U", ["at: time"], ['>= @"00:00:00"']))
    assert "gap" not in found(sheet("U", ["day: date"], [f'<= @"{dt.date.max}"']))


def test_moments_with_and_without_zone_are_kept_apart() -> None:
    cells = ['< @"2026-01-01T00:00:00Z"', '>= @"2026-01-01T01:00:00+01:00"']
    assert "gap" not in found(sheet("U", ["at: date and time"], cells))
    assert "mixed" in found(sheet("F", ["at: date and time"], [cells[0], '@"2026-01-01T00:00:00"']))


def test_a_gap_between_whole_numbers_is_only_a_note() -> None:
    table = sheet("U", ["copies: number"], ["<= 5", ">= 6"])
    assert "gap" not in found(table)
    gap = only(table, "gap-fractions")
    assert (gap.severity, gap.example) == ("note", {"copies": "5.5"})


def test_allowed_values_are_all_that_must_be_covered() -> None:
    column = Column("copies", "number", "[1..10]")
    assert "gap" not in found(sheet("U", [column], ["[1..4]", "(4..10]"]))
    assert only(sheet("U", [column], ["[1..4]"]), "gap").message.endswith("copies: (4..10]")


def test_columns_of_one_expression_are_one_value() -> None:
    rules = [">= 18 | < 65", "< 18 | -", "- | >= 65"]
    assert "gap" not in found(sheet("U", ["age: number", "age: number"], rules))


def test_neighbouring_gaps_are_one() -> None:
    rules = ['1 | "a"', '2 | "a"', '3 | "a"']
    where = [f.details["where"] for f in check(sheet("U", ["n: number", "s: string"], rules))[:2]]
    assert where[0] == "n: < 1, (1..2), (2..3), > 3"
    assert where[1] == 'n: 1, 2, 3; s: not("a")'


def test_only_the_first_gaps_are_told() -> None:
    rules = [f'{n} | "{n}"' for n in range(9)]
    findings = check(sheet("U", ["n: number", "s: string"], rules))
    assert [f.code for f in findings if f.code == "gap"] == ["gap"] * gaps.SHOWN
    assert next(f for f in findings if f.code == "more").details == {"count": "5"}


def test_a_default_or_a_policy_that_lists_needs_no_complete_rules() -> None:
    default = [Result("out", default='"none"')]
    assert found(sheet("U", ["n: number"], ["< 5"], default)) == []
    for policy in "RC":
        assert found(sheet(policy, ["n: number"], ["< 5"])) == []
    assert found(sheet("C", ["n: number"], ["< 5"], aggregation="COUNT")) == []


def test_a_sum_of_nothing_is_null() -> None:
    assert "gap" in found(sheet("C", ["n: number"], ["< 5"], aggregation="SUM"))


def test_a_missing_value_is_a_softer_finding_of_its_own() -> None:
    table = sheet("U", ["a: number", "b: boolean"], ["< 5 | -", ">= 5 | -"])
    assert found(table) == ["missing"]
    missing = only(table, "missing")
    assert (missing.severity, missing.details["columns"]) == ("note", "a")
    assert missing.example == {"a": "null"}


def test_where_a_cell_names_null_a_missing_value_must_be_covered() -> None:
    assert found(sheet("U", ["a: boolean"], ["true", "false", "null"])) == []
    assert only(sheet("F", ["a: boolean"], ["true", "not(null)"]), "gap").example == {"a": "null"}


def test_a_column_of_no_known_type_goes_by_its_cells() -> None:
    assert only(sheet("U", ["x"], ['"a"']), "gap").example == {"x": '"other"'}


def test_what_reads_other_data_is_never_called_a_gap() -> None:
    known = frozenset({"limit"})
    table = sheet("U", ["n: number", "b: boolean"], ["> limit | -", "< 0 | true"], known=known)
    assert found(table) == ["not-proven"]
    assert only(table, "not-proven").rules == (1,)
    assert "> limit" in only(table, "not-proven").message
    table = sheet("U", ["n: number", "b: boolean"], ["> limit | true"], known=known)
    assert only(table, "gap").message == "no rule fits here: b: false"


def test_a_gap_is_not_told_when_the_table_itself_answers_there() -> None:
    table = sheet("U", ["n: number"], ["< 5"])
    answering = type(table)(
        table.policy, "", table.columns, table.results, table.lines, lambda values: [1]
    )
    assert "gap" not in found(answering)


def test_columns_computed_from_the_same_data_are_told() -> None:
    columns = [
        Column("age >= 18", "boolean", "", frozenset({"age"})),
        Column("age < 65", "boolean", "", frozenset({"age"})),
    ]
    table = sheet("U", columns, ["true | true", "true | false", "false | true"])
    assert only(table, "gap").example == {"age >= 18": "false", "age < 65": "false"}
    assert only(table, "dependent").details["columns"] == "age >= 18, age < 65"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("person.age", "person.kind"), False),
        (("person.age", "person"), True),
        (("a", "ab"), False),
    ],
)
def test_two_entries_of_one_context_are_free_of_each_other(
    names: tuple[str, str], told: bool
) -> None:
    columns = [Column(f"c {name}", "boolean", "", frozenset({name})) for name in names]
    assert ("dependent" in found(sheet("U", columns, ["true | true"]))) == told


def test_a_table_too_large_says_so_and_still_tells_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "STEPS", 30)
    rules = [f"{n} | {n} | {n}" for n in range(6)]
    findings = check(sheet("U", ["a: number", "b: number", "c: number"], rules))
    assert [f.code for f in findings] == ["gap", "too-large"]
    assert Survey(sheet("U", ["a: number"], ["1"])).cover((1,), Steps(0), surely=True)
