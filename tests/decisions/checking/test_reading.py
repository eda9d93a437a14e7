"""Tables of real models: read, checked, and nothing untrue said of them."""

from pathlib import Path

import pytest

from decisions import dmn
from decisions.checking import reading
from decisions.checking.check import check
from tests.decisions.checking.sheets import tables
from tests.decisions.models import decision, given, model

PROCESSES = Path(__file__).parents[3] / "processes"
TABLE = (
    '<decisionTable hitPolicy="UNIQUE"><input><inputExpression typeRef="tKind"><text>copy kind'
    '</text></inputExpression></input><output name="fee" typeRef="number">{default}</output>'
    '<rule><inputEntry><text>"extract"</text></inputEntry><outputEntry><text>{fee}</text>'
    "</outputEntry></rule></decisionTable>"
)
KIND = (
    '<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"extract", "full"'
    "</text></allowedValues></itemDefinition>"
)


def codes(fee: str = "2", default: str = "") -> list[str]:
    text = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    body = TABLE.format(fee=fee, default=text)
    read = dmn.read(model(KIND, given("copy kind", "tKind"), decision("Fee", body)))
    assert read.faults == ()
    return [finding.code for finding in check(reading.sheet(*read.by_name["Fee"].tables["Fee"]))]


def test_a_table_is_read_with_the_type_and_values_of_its_definitions() -> None:
    body = TABLE.format(fee="2", default="")
    read = dmn.read(model(KIND, given("copy kind", "tKind"), decision("Fee", body)))
    sheet = reading.sheet(*read.by_name["Fee"].tables["Fee"])
    (column,) = sheet.columns
    assert (column.text, column.type, column.allowed) == (
        "copy kind",
        "string",
        '"extract", "full"',
    )
    assert column.names == {"copy kind"}
    assert sheet.evaluate(["extract"]) == [1]
    gap = next(finding for finding in check(sheet) if finding.code == "gap")
    assert gap.example == {"copy kind": '"full"'}


def test_a_column_that_is_a_path_reads_what_it_leads_to() -> None:
    body = TABLE.format(fee="2", default="").replace("copy kind", "person.kind")
    read = dmn.read(model(KIND, given("person"), decision("Fee", body)))
    (column,) = reading.sheet(*read.by_name["Fee"].tables["Fee"]).columns
    assert column.names == {"person.kind"}


def test_a_default_is_read_and_held_to_the_type() -> None:
    assert codes() == ["gap", "missing"]
    assert codes(default="0") == []
    assert codes(default='"0"') == ["default-type"]
    assert codes(fee='"2"', default="0") == ["result-type"]


@pytest.mark.parametrize("path", sorted(PROCESSES.rglob("*.dmn")), ids=lambda path: path.stem)
def test_the_tables_of_the_catalogue_have_no_errors(path: Path) -> None:
    sheets = list(tables(path))
    assert sheets
    for _, sheet in sheets:
        assert [finding.message for finding in check(sheet) if finding.severity == "error"] == []
