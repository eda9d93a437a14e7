"""The table of elements in the reference is what the tests give, and nothing is ignored."""

from pathlib import Path

import pytest

from tests.bpmn import cells

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "bpmn.md"


def test_the_table_of_the_reference_is_what_the_tests_give() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert cells.page(written) == written


@pytest.mark.parametrize("element", ["choreographyTask", "subChoreography", "callChoreography"])
@pytest.mark.parametrize("where", cells.PLACES)
def test_what_is_not_executable_is_refused(element: str, where: str) -> None:
    assert cells.refused((element, "", where))


def test_a_proven_cell_is_not_refused() -> None:
    known = set(cells.cells())
    assert [cell for cell in cells.proven() if cell in known and cells.refused(cell)] == []
