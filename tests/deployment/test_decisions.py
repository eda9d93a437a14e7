"""Decision tables at deployment: what is proven wrong refuses, what is only doubtful warns."""

from engine.commands.procedures import examine
from engine.deployment.findings import Finding
from tests.decisions.models import decision, given, model, table, text
from tests.deployment.bundles import bundle


def told(*elements: str) -> list[Finding]:
    return list(examine(bundle(files={"rules.dmn": model(*elements)})))


def ruled(*rules: tuple[str, str]) -> list[Finding]:
    return told(given("n", "number"), decision("fee", table("UNIQUE", ["n"], rules), ["#i_n"]))


def test_a_table_that_contradicts_itself_is_refused_with_a_row_that_proves_it() -> None:
    (fault,) = [f for f in ruled(("<= 5", "1"), (">= 5", "2")) if f.severity == "error"]
    assert (fault.file, fault.element, fault.code) == ("rules.dmn", "fee", "dmn-overlap")
    assert "the rules 1, 2 both fit, but only one may (unique): n: 5" in fault.message


def test_a_combination_without_a_rule_is_a_warning() -> None:
    (warning,) = ruled(("<= 5", "1"))
    assert (warning.severity, warning.code) == ("warning", "dmn-gap")


def test_a_complete_table_says_nothing() -> None:
    assert ruled(("<= 5", "1"), ("> 5", "2")) == []


def test_a_decision_that_reads_what_it_does_not_require_is_refused() -> None:
    (fault,) = told(decision("base", text("1")), decision("fee", text("base + 1")))
    assert (fault.element, fault.code) == ("fee", "dmn-unseen")
