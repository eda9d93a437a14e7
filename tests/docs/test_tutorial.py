"""The tutorial is run as it is written: its files, its commands, and what it says they print."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from tests.console.conftest import environment

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELSEWHERE = "/home/you/hall"
MISTAKE = ("hall_loan/procedure.bpmn", ">granted<", ">grantd<")


def _text() -> str:
    """The page as if written this year: references and register numbers bear the year."""
    year = datetime.now(UTC).year
    return (
        PAGE.read_text(encoding="utf-8").replace("2026", str(year)).replace("2030", f"{year + 4}")
    )


def _plain(text: str) -> list[str]:
    """Lines without what differs from run to run: moments, random ids, digests."""
    text = re.sub("[\u2066-\u2069]", "", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text)
    text = re.sub(r"\b[0-9a-f]{12,64}\b", "HEX", text)
    return [line.rstrip() for line in text.strip().splitlines()]


def _steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it prints."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(command, printed) for command, _, printed in (p.partition("\n") for p in parts)]


def _run(command: str, folder: Path) -> str:
    for found in folder.glob("data/files/certificates/*.pdf"):
        command = re.sub(r"[0-9a-f]{32}(?=\.pdf)", found.stem, command)
    program, *arguments = shlex.split(command)
    assert program == "mouqataa"
    return CliRunner().invoke(main, arguments).output.replace(str(folder), ELSEWHERE)


def _swap(folder: Path, before: str, after: str) -> None:
    path = folder / MISTAKE[0]
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.slow
def test_the_tutorial_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environment(tmp_path / "data").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOUQATAA_ACTOR", "admin")
    for language, name, body in BLOCK.findall(_text()):
        if language == "console":
            if name == "mistake":
                _swap(tmp_path, MISTAKE[1], MISTAKE[2])
            for command, printed in _steps(body):
                assert _plain(_run(command, tmp_path)) == _plain(printed), command
            if name == "mistake":
                _swap(tmp_path, MISTAKE[2], MISTAKE[1])
        elif "." in name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(body, encoding="utf-8")
