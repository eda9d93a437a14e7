"""The tutorial and the procedures of the guides are run as they are written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.docs.running import DOCS, blocks, plain, run, settle, steps, write

MISTAKE = ("hall_loan/procedure.bpmn", ">granted<", ">grantd<")


def _this_year(text: str) -> str:
    """A page as if written this year: references and register numbers bear the year."""
    year = datetime.now(UTC).year
    return text.replace("2026", str(year)).replace("2030", str(year + 4))


def _swap(folder: Path, before: str, after: str) -> None:
    path = folder / MISTAKE[0]
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.slow
def test_the_tutorial_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, monkeypatch)
    page = _this_year((DOCS / "tutorial.md").read_text(encoding="utf-8"))
    for language, name, body in blocks(page):
        if "." in name:
            write(tmp_path, name, body)
        if name == "mistake":
            _swap(tmp_path, MISTAKE[1], MISTAKE[2])
        for command, printed in steps(body) if language == "console" else ():
            assert plain(run(command, tmp_path)) == plain(printed), command
        if name == "mistake":
            _swap(tmp_path, MISTAKE[2], MISTAKE[1])


@pytest.mark.parametrize("page", ["ask-for-missing-papers"])
def test_the_procedure_of_a_guide_passes_its_own_scenarios(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(tmp_path, monkeypatch)
    text = (DOCS / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    key = text.partition("procedure new ")[2].partition("`")[0]
    run(f"mouqataa procedure new {key}", tmp_path)
    for language, name, body in blocks(text):
        if name:
            write(tmp_path, name, body)
        for command, printed in steps(body) if language == "console" else ():
            assert plain(run(command, tmp_path)) == plain(printed), command
