"""Our decisions against the standard's own tests (DMN TCK): every result agrees."""

import datetime as dt
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from decisions.tck import results, value_of
from decisions.values import Months
from tests.decisions.models import decision, function, given, model, service, text

DATA = os.environ.get("MOUQATAA_TEST_DATA")
ROOT = Path(__file__).parent.parent.parent

with_data = pytest.mark.skipif(not DATA, reason="MOUQATAA_TEST_DATA is not set")


@with_data
def test_every_result_of_the_standards_own_tests_agrees_as_the_page_says() -> None:
    page = (ROOT / "docs/reference/tck.md").read_text(encoding="utf-8")
    for level in ("2", "3"):
        found = list(results(Path(DATA or "") / "tck" / f"compliance-level-{level}"))
        assert [result.line for result in found if not result.passed] == []
        row = rf"^\| {level} .*\| {len(found):,} of {len(found):,} \|$"
        assert re.search(row, page, re.MULTILINE)


CASES = """
<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>own.dmn</modelName>
  <testCase id="001"><inputNode name="x"><value xsi:type="xsd:decimal">2</value></inputNode>
    <resultNode name="D"><expected><value xsi:type="xsd:decimal">3</value></expected></resultNode>
    <resultNode name="D"><expected><value xsi:type="xsd:decimal">4</value></expected></resultNode>
    <resultNode name="gone"><expected><value xsi:nil="true"/></expected></resultNode>
  </testCase>
</testCases>
"""
MODEL = """
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="own" namespace="urn:own">
  <inputData id="i" name="x"/>
  <decision id="d" name="D"><variable name="D"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>x + 1</text></literalExpression></decision>
</definitions>
"""


def test_the_program_prints_a_line_for_each_result_and_the_count(tmp_path: Path) -> None:
    folder = tmp_path / "0001-own"
    folder.mkdir()
    (folder / "own.dmn").write_text(MODEL.strip(), encoding="utf-8")
    (folder / "0001-own-test-01.xml").write_text(CASES.strip(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "decisions.tck", str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "PASS 0001-own 001 D",
        "FAIL 0001-own 001 D Decimal('3') instead of Decimal('4');",
        "FAIL 0001-own 001 gone nothing instead of None; there is no gone",
        "1 passed, 2 failed",
    ]
    assert done.returncode == 1


READ = [
    ("<value xsi:type='xs:decimal'> 2.50 </value>", Decimal("2.5")),
    ("<value xsi:type='xsd:double'>-INF</value>", Decimal("-Infinity")),
    ("<value xsi:type='xsd:integer'>7</value>", Decimal(7)),
    ("<value xsi:type='xsd:decimal'>seven</value>", "not readable: seven"),
    ("<value xsi:type='xsd:boolean'>1</value>", True),
    ("<value xsi:type='xsd:boolean'> false </value>", False),
    ("<value xsi:type='xsd:string'> a </value>", " a "),
    ("<value xsi:type='xsd:string'/>", ""),
    ("<value>a</value>", "a"),
    ("<value xsi:type='xsd:string'>a<!-- b -->c</value>", "ac"),
    ("<value xsi:nil='true'/>", None),
    ("<value xsi:nil='1' xsi:type='xsd:string'/>", None),
    ("", None),
    ("<value xsi:type='xsd:date'>2026-11-23</value>", dt.date(2026, 11, 23)),
    ("<value xsi:type='xsd:date'>2026-11-23Z</value>", dt.date(2026, 11, 23)),
    ("<value xsi:type='xsd:date'>2026-11-23+01:00</value>", dt.date(2026, 11, 23)),
    ("<value xsi:type='xsd:dayTimeDuration'>P1D</value>", dt.timedelta(days=1)),
    ("<value xsi:type='xsd:duration'>P1Y2M</value>", Months(14)),
    ("<value xsi:type='xsd:duration'>P1Y2D</value>", "not readable: P1Y2D"),
    ("<list/>", []),
    ("<list xsi:nil='true'/>", None),
    ("<list><item><value>a</value></item><item/><item xsi:nil='true'/></list>", ["a", None, None]),
    ("<list><item><list><item><value>a</value></item></list></item></list>", [["a"]]),
    ("<component name='a  b'><value>c</value></component>", {"a b": "c"}),
    ("<component name='a'/><component name='b' xsi:nil='true'/>", {"a": None, "b": None}),
    ("<component name='a'><component name='b'><list/></component></component>", {"a": {"b": []}}),
    ("<list><item><component name='a'><value>c</value></component></item></list>", [{"a": "c"}]),
]


@pytest.mark.parametrize(("inside", "value"), READ)
def test_a_value_is_read_as_its_type_says(inside: str, value: Any) -> None:
    parser = etree.XMLParser(remove_comments=True)
    node = etree.fromstring(
        '<expected xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{inside}</expected>', parser
    )  # fmt: skip
    assert value_of(node) == value


def test_a_year_beyond_the_calendar_of_python_is_read() -> None:
    node = etree.fromstring(
        '<expected xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<value xsi:type="xsd:dateTime">-99999-12-31T23:59:59Z</value></expected>'
    )
    assert not isinstance(value_of(node), str)


def ran(folder: Path, files: dict[str, bytes], cases: str, head: str = "") -> list[str]:
    """The lines for these cases, run against these models."""
    for name, xml in files.items():
        (folder / name).write_bytes(xml)
    (folder / "0-test-01.xml").write_text(
        '<t:testCases xmlns:t="http://www.omg.org/spec/DMN/20160719/testcase" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<t:modelName>{head or next(iter(files))}</t:modelName>{cases}</t:testCases>",
        encoding="utf-8",
    )
    return [" ".join(result.line.split()[2:]) for result in results(folder) if result.passed] + [
        f"FAIL {result.name}: {result.reason}" for result in results(folder) if not result.passed
    ]


def number(value: int) -> str:
    return f'<t:value xsi:type="xsd:decimal">{value}</t:value>'


def node(name: str, value: str, more: str = "", what: str = "input") -> str:
    inside = value if what == "input" else f"<t:expected>{value}</t:expected>"
    return f'<t:{what}Node name="{name}" {more}>{inside}</t:{what}Node>'


def case(*inside: str, more: str = "") -> str:
    return f'<t:testCase id="1" {more}>{"".join(inside)}</t:testCase>'


SERVICES = model(
    given("x", "number"),
    decision("A", text("x + 1"), ["#i_x"]),
    decision("B", text("{A: x + 2}"), ["#i_x"]),
    service("both", ["A", "B"], ["x"]),
    service("one", ["B"], ["x"]),
    service("A again", ["A"], ["x"]).replace('name="A again"', 'name="A"'),
    function("f", {"n": "number"}, text("n * 2")),
)


def test_services_and_functions_are_called_by_the_name_that_a_case_gives(tmp_path: Path) -> None:
    x, two = node("x", number(1)), f'<t:component name="A">{number(3)}</t:component>'
    cases = [
        case(x, node("A", number(2), what="result"), node("B", two, what="result"),
             more='type="decisionService" invocableName="both"'),
        case(x, node("B", two, what="result"), more='type="decisionService" invocableName="one"'),
        case(x, node("A", number(2), what="result"), more='type="decisionService"'),
        case(x, node("A", number(2), what="result"), more='type="decision"'),
        case(node("n", number(4)), node("any", number(8), what="result"),
             more='type="bkm" invocableName="f"'),
    ]  # fmt: skip
    assert ran(tmp_path, {"m.dmn": SERVICES}, "".join(cases)) == [
        "1 A", "1 B", "1 B", "1 A", "1 A", "1 any"
    ]  # fmt: skip


def test_inputs_and_results_may_lie_in_an_imported_model(tmp_path: Path) -> None:
    head = '<import name="p" namespace="urn:p" importType="urn:DMN"/>'
    needs = '<informationRequirement><requiredInput href="urn:p#i_x"/></informationRequirement>'
    files = {
        "m.dmn": model(head, given("x"), decision("D", needs + text("p.x + p.A"), ["urn:p#A"])),
        "p.dmn": model(
            given("x"), decision("A", text("x * 10"), ["#i_x"]).replace("<literal", needs.replace(
                "urn:p", "") + "<literal"), namespace="urn:p",
        ),
    }  # fmt: skip
    within = 'namespace="urn:p"'
    result = node("D", number(22), what="result")
    cases = [
        case(node("x", number(2), within), result, node("A", number(20), within, "result")),
        case(node("p", f'<t:component name="x">{number(2)}</t:component>'), result),
        case(node("p.x", number(2)), result),
    ]
    assert ran(tmp_path, files, "".join(cases)) == ["1 D", "1 A", "1 D", "1 D"]


def test_what_cannot_be_taken_or_read_is_told_and_ends_nothing(tmp_path: Path) -> None:
    files = {
        "m.dmn": model(decision("a, b", text("1 +")), decision("D", text("1"))),
        "z.dmn": b"<broken",
    }
    nil = '<t:value xsi:nil="true"/>'
    cases = [
        case(node("a, b", nil, what="result"), '<t:resultNode name="a, b" errorResult="true"/>'),
        case(node("gone", nil, what="result"), more='name="x"'),
        case(node("D", number(1), what="result")),
    ]
    assert ran(tmp_path, files, "".join(cases)) == [
        "1 a, b", "1 a, b", "1 D", "FAIL gone: there is no gone"
    ]  # fmt: skip
    assert ran(tmp_path, files, case(node("D", nil, what="result")), "gone.dmn") == [
        "FAIL D: there is no file gone.dmn"
    ]
    (tmp_path / "0-test-01.xml").write_text("<testCases", encoding="utf-8")
    assert [result.passed for result in results(tmp_path)] == [False]
