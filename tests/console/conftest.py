"""A founded specimen database with one case played, made once and copied for each test."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from cli import main
from console.context import Face
from console.manual import tree

REFERENCE = "SPECIMEN-LEG-MAR-2026-000001"
Call = Callable[..., Result]


def environment(folder: Path) -> dict[str, str]:
    """The variables under which a test runs: no settings but its own, French unless it says so."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MOUQATAA", "LC_", "LANG"))}
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config")}
    return {**kept, **home, "MOUQATAA_DATA": str(folder), "MOUQATAA_LANGUAGE": "en"}


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration: a case that ended, and its certificate."""
    folder = tmp_path_factory.mktemp("specimen")
    done = CliRunner().invoke(main, ["demo"], env=environment(folder))
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration's folder for one test."""
    return Path(shutil.copytree(founded, tmp_path / "data"))


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """A function that runs the command line: `call("case", "list", lang="ar")`."""
    monkeypatch.chdir(folder)
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*args: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, list(args), input=stdin)

    return call


def answer(result: Result) -> Any:
    """The JSON that a call printed."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def root() -> click.Context:
    return click.Context(main, info_name="mouqataa", obj=Face(), **main.context_settings)


VERBS = {" ".join(ctx.command_path.split()[1:]): ctx for ctx in tree(root())}
