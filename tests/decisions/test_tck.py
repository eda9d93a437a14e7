"""Our decisions against the standard's own tests (DMN TCK): every result agrees."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from decisions.tck import results

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
