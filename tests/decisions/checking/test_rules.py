"""Rules that fit together, never decide, or can never fit."""

import pytest

from decisions.checking import overlaps
from decisions.checking.check import check
from decisions.checking.sheet import Column, Result
from tests.decisions.checking.sheets import found, only, sheet

ORDER = [Result("out", "string", '"high", "middle", "low"')]


def test_two_rules_of_a_unique_table_that_both_fit_are_an_error() -> None:
    table = sheet("U", ["age: number", "s: string"], ['> 10 | "a"', "< 20 | -", '>= 20 | "b"'])
    overlap = only(table, "overlap")
    assert (overlap.severity, overlap.rules) == ("error", (1, 2))
    assert overlap.example == {"age": "15", "s": '"a"'}
    assert "rules 1, 2 both fit, but only one may (unique): age: (10..20)" in overlap.message


def test_rules_that_touch_do_not_overlap() -> None:
    assert "overlap" not in found(sheet("U", ["n: number"], ["[1..5)", "[5..9]"]))
    assert "overlap" in found(sheet("U", ["n: number"], ["[1..5]", "[5..9]"]))


def test_the_same_conditions_twice_are_a_duplicate() -> None:
    assert only(sheet("U", ["n: number"], ["< 5", "[5..6)", "< 5.0"]), "duplicate").rules == (1, 3)


def test_rules_of_any_may_overlap_when_their_results_agree() -> None:
    assert "conflict" not in found(sheet("A", ["n: number"], ["> 1 -> 2", "> 2 -> 2.0"]))
    assert only(sheet("A", ["n: number"], ["> 1 -> 2", "> 2 -> 3"]), "conflict").rules == (1, 2)


@pytest.mark.parametrize("policy", ["F", "P", "C", "R", "O"])
def test_the_other_policies_let_rules_overlap(policy: str) -> None:
    table = sheet(policy, ["n: number"], ['> 1 -> "high"', '> 2 -> "high"', '- -> "low"'], ORDER)
    assert not {"overlap", "conflict", "duplicate"} & set(found(table))


def test_only_the_first_overlaps_are_told() -> None:
    findings = check(sheet("U", ["n: number"], [f"> {n}" for n in range(6)]))
    assert [f.code for f in findings].count("overlap") == overlaps.SHOWN
    assert next(f for f in findings if f.code == "more").details["count"] == "5"


def test_an_overlap_is_not_told_when_the_rules_do_not_fit_when_tried() -> None:
    table = sheet("U", ["n: number"], ["> 1", "> 2"])
    never = type(table)(table.policy, "", table.columns, table.results, table.lines, lambda _: [])
    assert "overlap" not in found(never)


def test_a_rule_behind_others_that_take_all_of_it_never_decides() -> None:
    rules = ["< 5 | -", "- | true", "> 9 | -", "[5..7] | true", ">= 5 | -"]
    masked = only(sheet("F", ["n: number", "b: boolean"], rules), "unreachable")
    assert masked.rules == (4, 2)
    assert masked.message.startswith("rule 4 never decides")


def test_several_rules_may_cover_one_together() -> None:
    rules = ["[0..5] | -", "99 | -", "(5..10] | true", "(5..10] | false", "[2..8] | -"]
    masked = only(sheet("F", ["n: number", "b: boolean"], [*rules, "- | -"]), "only-missing")
    assert masked.rules == (5, 1, 3, 4)  # b may be missing
    rules[2:4] = ["(5..10] | -"]
    masked = only(sheet("F", ["n: number", "b: boolean"], [*rules, "- | -"]), "unreachable")
    assert (masked.rules, masked.details["by"]) == ((4, 1, 3), "1, 3")


def test_a_last_rule_for_anything_is_a_safeguard_and_no_fault() -> None:
    table = sheet("F", ["b: boolean"], ["true", "false", "-"])
    assert found(table) == ["only-missing"]
    assert only(table, "only-missing").severity == "note"


def test_a_last_rule_of_an_untyped_column_may_take_values_of_other_types() -> None:
    assert "unreachable" not in found(sheet("F", ["x"], ["< 5", ">= 5", "null", "-"]))


def test_a_rule_outranked_everywhere_never_decides() -> None:
    rules = ['[3..5] -> "low"', '> 1 -> "high"', '< 9 -> "middle"']
    table = sheet("P", ["n: number"], rules, ORDER)
    assert only(table, "outranked").rules == (1, 2)


def test_a_result_that_is_computed_has_no_known_rank() -> None:
    rules = ['[3..5] -> "low"', '> 1 -> upper case("high")']
    assert "outranked" not in found(sheet("P", ["n: number"], rules, ORDER))


def test_a_rule_behind_one_that_reads_other_data_is_not_called_unreachable() -> None:
    known = frozenset({"limit"})
    table = sheet("F", ["n: number"], ["> limit", "> 5", "-"], known=known)
    assert found(table) == ["not-proven"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("[9..3]", "contradiction"),
        ("? > 5 and ? < 5 and ? != null", "contradiction"),
        ("> 5", "not-allowed"),
        ("not([1..3])", "not-allowed"),
        ("not(1, null)", ""),
        ("[2..9]", ""),
    ],
)
def test_a_cell_that_nothing_can_fit_is_an_error(cell: str, code: str) -> None:
    table = sheet("F", [Column("n", "number", "[1..3]")], [cell, "-"])
    faults = [f for f in check(table) if f.severity == "error"]
    assert [f.code for f in faults] == ([code] if code else [])


def test_cells_of_one_expression_that_exclude_each_other_are_a_contradiction() -> None:
    table = sheet("F", ["n: number", "n: number"], ["< 3 | > 5", "- | -"])
    assert only(table, "contradiction").details["cell"] == "< 3; > 5"


def test_one_spelling_among_several_that_is_not_allowed_is_a_warning() -> None:
    column = Column("s", "string", '"extrait", "integrale"')
    finding = only(sheet("F", [column], ['"extrait", "integral"', "-"]), "not-allowed")
    assert finding.severity == "warning"
    assert finding.details["allowed"] == '"extrait", "integrale"'


def test_allowed_values_that_allow_nothing_are_an_error() -> None:
    assert found(sheet("F", [Column("n", "number", "[9..3]")], ["-"])) == ["nothing-allowed"]


def test_a_cell_that_fits_only_a_missing_value_is_told() -> None:
    assert "only-null" in found(sheet("F", ["b: boolean"], ["not(true, false)", "-"]))


def test_results_that_are_computed_are_said_not_to_be_compared() -> None:
    table = sheet("A", ["n: number"], ["> 1 -> 2 * n", "> 2 -> 3 * n", "> 5 -> 2 * n", "<= 1 -> 0"])
    assert [code for code in found(table) if code != "missing"] == ["not-compared"]
    assert only(table, "not-compared").rules == (1, 2, 3)
    table = sheet("P", ["n: number"], ['> 1 -> "low"', "- -> f(n)"], ORDER)
    assert only(table, "not-compared").rules == (2,)


def test_allowed_values_that_read_other_data_prove_nothing() -> None:
    column = Column("n", "number", "< limit")
    table = sheet("F", [column], ["> 5", "> 6", "null"], known=frozenset({"limit"}))
    assert found(table) == ["unreachable", "not-proven"]  # but no gap: 5 may be too large
    assert only(table, "not-proven").details["cells"] == "< limit"


def test_a_cell_that_a_list_may_equal_is_left_open() -> None:
    for cell in ("[]", '[["a"]]'):
        assert found(sheet("F", ["x"], [cell, "- "])) == ["not-proven"]


def test_columns_of_one_expression_allow_what_both_allow() -> None:
    columns = [Column("n", "number", "[1..5]"), Column("n", "number", "[3..9]")]
    assert found(sheet("F", columns, ["[3..5] | -"])) == ["missing"]
    assert "not-allowed" in found(sheet("F", columns, ["2 | -", "- | -"]))
