"""The runner of files of vectors: python -m decisions.clock."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from decisions.clock.vectors import outcomes

DATA = os.environ.get("MOUQATAA_TEST_DATA")
ROOT = Path(__file__).parent.parent.parent.parent
DAYS = {"zone": "Africa/Casablanca", "first": "2026-01-01", "last": "2026-12-31"}
CLOCK = {"length": [[30, "days"]], "start": ["filed"], "stop": ["decided"]}
FILED = [["filed", "2026-09-01T09:00:00+01:00"]]
ONE = {
    "id": "A-1", "title": "thirty days", "calendar": "MA", "clock": CLOCK, "facts": FILED,
    "now": "2026-09-05T10:00:00+01:00",
    "expect": {"state": "running", "due": "2026-10-01", "effect_at": "2026-10-01T23:00Z"},
}  # fmt: skip


def write(folder: Path, **parts: Any) -> Path:
    file = folder / "some.json"
    file.write_text(json.dumps({"calendars": {"MA": DAYS}} | parts), encoding="utf-8")
    return file


def lines(file: Path) -> list[str]:
    return [one.line.replace(str(file), "FILE") for one in outcomes(file)]


@pytest.mark.skipif(not DATA, reason="MOUQATAA_TEST_DATA is not set")
def test_every_vector_of_the_file_comes_out_as_expected() -> None:
    file = Path(DATA or "") / "legal-clock-vectors.json"
    found = list(outcomes(file))
    assert [one.line for one in found if not one.passed] == []
    assert len(found) == sum(
        len(json.loads(file.read_text(encoding="utf-8"))[kind])
        for kind in ("vectors", "suites", "revisions")
    )


def test_the_program_prints_a_line_for_each_vector_and_the_count(tmp_path: Path) -> None:
    wrong = ONE | {"id": "A-2", "expect": {"state": "running", "due": "2026-10-02"}}
    file = write(tmp_path, vectors=[ONE, wrong])
    done = subprocess.run(
        [sys.executable, "-m", "decisions.clock", str(file)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "ok    A-1  thirty days",
        'FAIL  A-2  thirty days  expected {"due": "2026-10-02"}  found {"due": "2026-10-01"}',
        "1 passed, 1 failed",
    ]
    assert (done.returncode, done.stderr) == (1, "")


def test_the_exit_code_says_whether_all_passed(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "decisions.clock"]
    file = str(write(tmp_path, vectors=[ONE]))
    assert (
        subprocess.run([*asked, file], capture_output=True, check=False, cwd=ROOT).returncode == 0
    )
    assert subprocess.run(asked, capture_output=True, check=False, cwd=ROOT).returncode == 1


def test_a_source_that_says_otherwise_is_a_failure(tmp_path: Path) -> None:
    file = write(tmp_path, vectors=[ONE | {"gold": {"due": "2026-10-05"}}])
    assert lines(file) == [
        'FAIL  A-1  thirty days  expected {"due": "2026-10-05"}  found {"due": "2026-10-01"}'
    ]


def test_an_error_may_be_what_is_expected(tmp_path: Path) -> None:
    late = ONE | {"facts": [["filed", "2026-12-20T09:00:00+01:00"]], "now": "2026-12-21T00:00Z"}
    beyond = late | {"expect": {"error": "calendar.horizon"}}
    assert [one.passed for one in outcomes(write(tmp_path, vectors=[late, beyond]))] == [
        False, True
    ]  # fmt: skip
    assert [one.passed for one in outcomes(write(tmp_path, vectors=[ONE | {"expect": {
        "error": "calendar.horizon"}}]))] == [False]  # fmt: skip


DECISION = CLOCK | {"name": "decision", "silence": "refusal", "lapse_on": "day_after",
                    "reminders": ["50%"]}  # fmt: skip
APPEAL = CLOCK | {"name": "appeal", "start": ["decision.lapsed"], "stop": None,
                  "silence": "opinion_favourable"}  # fmt: skip
SUITE = {
    "id": "S-1", "title": "a chain", "calendar": "MA", "clocks": [APPEAL, DECISION],
    "facts": FILED, "now": "2026-10-05T10:00:00+01:00",
    "expect": {"decision": {"state": "lapsed"}, "appeal": {"start": "2026-10-02"}},
}  # fmt: skip


def test_clocks_of_a_suite_feed_each_other_and_another_suite_may_borrow_them(
    tmp_path: Path,
) -> None:
    running = SUITE | {
        "id": "S-2", "clocks": "S-1", "now": "2026-09-05T10:00:00+01:00",
        "expect": {"decision": {"remaining": 26}}, "reminders": ["2026-09-17"],
    }  # fmt: skip
    assert lines(write(tmp_path, suites=[SUITE, running])) == [
        "ok    S-1  a chain",
        'FAIL  S-2  a chain  expected {"reminders": ["2026-09-17"]}'
        '  found {"reminders": ["2026-09-16"]}',
    ]


def test_a_revision_dates_the_same_facts_twice(tmp_path: Path) -> None:
    closed = DAYS | {"closed": {"2026-09-14": "exceptional"}}
    revision = {
        "id": "R-1", "clock": CLOCK | {"length": [[15, "working_days"]]}, "facts": FILED,
        "before": "MA", "after": "MA+", "expect": {"due": ["2026-09-22", "2026-09-23"], "days": {
            "2026-09-14": ["counted", "closed:exceptional"], "2026-09-23": [None, "counted"]}},
    }  # fmt: skip
    calendars = {"MA": DAYS, "MA+": closed}
    assert lines(write(tmp_path, calendars=calendars, revisions=[revision])) == ["ok    R-1"]


BROKEN = [
    ({"vectors": [{"title": "nameless"}]}, "FAIL  FILE: vectors[1]  FILE: vectors[1]: id is"),
    ({"vectors": [ONE, {"id": "A-2"}]}, "FAIL  A-2  FILE: vectors[2]: clock is missing"),
    ({"vectors": [ONE | {"calendar": "XX"}]},
     "FAIL  A-1  thirty days  FILE: vectors[1]: XX is missing"),
    ({"vectors": [ONE | {"clock": CLOCK | {"length": [[3, "day"]]}}]},
     "FAIL  A-1  thirty days  FILE: vectors[1]: clock.vector.length[1][2]: 'day' is unknown"),
    ({"vectors": [ONE | {"expect": {"dew": 1}}]}, "FAIL  A-1  thirty days  FILE: vectors[1]: "),
    ({"vectors": [ONE | {"now": "2026-09-05"}]}, "FAIL  A-1  thirty days  FILE: vectors[1]: "),
    ({"vectors": []}, "FAIL  FILE  there are no vectors, suites, revisions in it"),
    ({"suites": [SUITE | {"clocks": "S-9"}]}, "FAIL  S-1  a chain  FILE: suites[1]: there is no"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "told"), BROKEN)
def test_what_is_broken_is_named_with_its_place_and_ends_nothing(
    parts: dict[str, Any], told: str, tmp_path: Path
) -> None:
    assert lines(write(tmp_path, **parts))[-1].startswith(told)


@pytest.mark.parametrize("text", ["{", "[]", "7"])
def test_a_file_that_cannot_be_read_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "some.json"
    file.write_text(text, encoding="utf-8")
    assert lines(file)[0].startswith("FAIL  FILE  the file cannot be read")
    assert lines(tmp_path / "gone.json")[0].startswith("FAIL  ")
