"""Our decisions against the standard's own tests: nothing fails but what `tck_known.txt` names."""

import os
from pathlib import Path

import pytest

from decisions.tck import results

DATA = os.environ.get("MOUQATAA_TEST_DATA")
KNOWN = Path(__file__).parent / "tck_known.txt"


@pytest.mark.skipif(not DATA, reason="MOUQATAA_TEST_DATA is not set")
def test_the_standards_own_tests_pass_but_for_the_known_ones() -> None:
    known = {
        line
        for line in KNOWN.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    found = list(results(Path(DATA or "") / "tck"))
    assert len(found) > 2000
    assert {f"{r.folder} {r.case} {r.name}" for r in found if not r.passed} <= known
