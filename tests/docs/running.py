"""Pages of documentation as programs: the files that they write, the commands that they type."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from tests.console.conftest import environment

DOCS = Path(__file__).parents[2] / "docs"
HOME = "/home/you/hall"
_BLOCK = re.compile(r"^ *```(\w+)(?: ([^\n]+))?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """The fenced blocks of a page: language, the name of the file (or a remark), content."""
    yield from _BLOCK.findall(text)


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it prints."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(command, printed) for command, _, printed in (p.partition("\n") for p in parts)]


def plain(text: str) -> list[str]:
    """Lines without what differs from run to run: moments, random ids, digests."""
    text = re.sub("[\u2066-\u2069]", "", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text)
    text = re.sub(r"\b[0-9a-f]{12,64}\b", "HEX", text)
    return [line.rstrip() for line in text.strip().splitlines()]


def settle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder, as its administrator, in English, with no settings but its own."""
    monkeypatch.chdir(folder)
    for name, value in environment(folder / "data").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOUQATAA_ACTOR", "admin")


def run(command: str, folder: Path) -> str:
    """What a command prints, the folder told as the page has it."""
    for found in folder.glob("data/files/certificates/*.pdf"):
        command = re.sub(r"[0-9a-f]{32}(?=\.pdf)", found.stem, command)
    program, *arguments = shlex.split(command)
    assert program == "mouqataa"
    return CliRunner().invoke(main, arguments).output.replace(str(folder), HOME)


def write(folder: Path, name: str, body: str) -> None:
    """A file that the page tells the reader to write."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
