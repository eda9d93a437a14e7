"""What holds for every command of the tree."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli import main
from console import manual
from console.group import Told
from console.options import GLOBAL
from console.sections import NOUNS
from tests.console.conftest import VERBS, Call, root

ROOT = Path(__file__).parent.parent.parent
WORDS = {  # the verbs of the house; a new one is a decision (docs/glossary.md)
    "start", "list", "search", "show", "history", "replay", "cancel", "rectify", "note", "attach",
    "claim", "release", "assign", "complete", "reopen", "verify", "render", "send", "add", "grant",
    "revoke", "set", "upgrade", "current", "check", "new", "test", "deploy", "withdraw", "export",
    "path", "retry", "schedule", "resolve", "end", "disable", "draft", "eval", "explain",
    "backup", "restore", "suspend", "resume", "fetch", "extend", "fail", "error", "return",
    "restart", "move", "skip", "answer", "notice", "simulate",
    "reassign", "undo", "items", "pause", "continue", "stop", "retain",
    "preferences", "contact", "try", "report", "record", "letter",
    "calendar", "create", "diff", "import", "run",
}  # fmt: skip


@pytest.mark.parametrize("path", [*VERBS, *NOUNS, ""])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_everywhere_on_stdout(path: str, flag: str) -> None:
    done = CliRunner().invoke(main, [*path.split(), flag])
    assert done.exit_code == 0
    assert "Usage:" in done.stdout or "mouqataa" in done.stdout
    assert done.stderr == ""
    assert "docs/reference/commands.md" in done.stdout
    assert "CONTRIBUTING.md" in done.stdout


@pytest.mark.parametrize("path", VERBS)
def test_h_means_help_and_nothing_else(path: str) -> None:
    ctx = VERBS[path]
    assert all("-h" not in param.opts for param in ctx.command.params)


@pytest.mark.parametrize("path", VERBS)
def test_every_help_has_an_example_of_the_same_command(path: str) -> None:
    command = VERBS[path].command
    assert isinstance(command, Told)
    assert command.examples()
    for example in command.examples():
        words = [word for word in shlex.split(example) if not word.startswith("MOUQATAA_")]
        assert " ".join(words).startswith(f"mouqataa {path}")


@pytest.mark.parametrize("path", VERBS)
def test_every_help_is_a_sentence_and_every_option_is_told(path: str) -> None:
    command = VERBS[path].command
    assert isinstance(command, Told)
    assert command.sentences().endswith((".", "…"))
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help
            assert param.help.endswith(".")


@pytest.mark.parametrize("path", VERBS)
def test_verbs_are_words_of_the_house(path: str) -> None:
    *_, verb = path.split()
    assert verb in WORDS or path in NOUNS


@pytest.mark.parametrize("path", VERBS)
def test_no_secret_is_a_flag(path: str) -> None:
    secret = {"--password", "--secret", "--token", "--pin"}
    assert not secret & {opt for param in VERBS[path].command.params for opt in param.opts}


@pytest.mark.parametrize("path", VERBS)
def test_global_options_are_taken_after_the_verb(path: str) -> None:
    command = VERBS[path].command
    own = {opt for param in command.params for opt in param.opts}
    shared = {opt for param in GLOBAL for opt in param.opts}
    assert not own & shared
    assert set(GLOBAL) <= set(command.get_params(VERBS[path]))


def test_an_option_before_and_after_the_verb_means_the_same(call: Call) -> None:
    assert call("--json", "office", "list").stdout == call("office", "list", "--json").stdout


@pytest.mark.parametrize(
    ("typed", "hint"),
    [(["caes", "list"], "case"), (["case", "lst"], "list"), (["case", "list", "--statu"], "--st")],
)
def test_a_typing_mistake_gets_a_suggestion_and_nothing_runs(typed: list[str], hint: str) -> None:
    done = CliRunner().invoke(main, ["--lang", "en", *typed])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Did you mean" in done.stderr
    assert hint in done.stderr


@pytest.mark.parametrize("typed", ["li", "ca", "t"])
def test_abbreviations_are_not_guessed(typed: str) -> None:
    assert CliRunner().invoke(main, [typed]).exit_code == 2


def test_without_arguments_there_is_a_short_help_in_groups() -> None:
    done = CliRunner().invoke(main, ["--lang", "en"])
    assert done.exit_code == 0
    order = ["Cases:", "Procedures:", "House:", "Running:"]
    places = [done.stdout.index(title) for title in order]
    assert places == sorted(places)
    assert "mouqataa demo" in done.stdout


@pytest.mark.parametrize("args", [["--help"], ["case", "start", "--help"], ["caes"]])
def test_help_and_usage_errors_are_quick_and_need_no_database(args: list[str]) -> None:
    command = [sys.executable, str(ROOT / "cli.py"), *args]
    best = 9.0
    for _ in range(5):
        begun = _spent()
        subprocess.run(command, capture_output=True, check=False)
        best = min(best, _spent() - begun)
    assert best < 0.25


def _spent() -> float:
    """Seconds that finished children computed: how busy the machine is does not count."""
    spent = os.times()
    return spent.children_user + spent.children_system


@pytest.mark.parametrize("path", ["", "case", "case start"])
def test_help_imports_no_engine(path: str) -> None:
    code = (
        "import sys; from cli import main\n"
        f"try: main({[*path.split(), '--help']!r})\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'SpiffWorkflow', 'weasyprint', 'lxml', 'jsonschema_rs'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_reference_pages_are_the_help() -> None:
    page = ROOT / "docs/reference/commands.md"
    assert page.read_text(encoding="utf-8") == manual.markdown(root())
    page = ROOT / "docs/reference/settings.md"
    assert page.read_text(encoding="utf-8") == manual.settings()


def test_the_manual_page_can_be_formatted() -> None:
    written = manual.roff(root())
    assert all(f".B mouqataa {path.replace('-', chr(92) + '-')}" in written for path in VERBS)
    groff = shutil.which("groff")
    if groff:
        options = ["-man", "-Tutf8", "-ww", "-z"]
        done = subprocess.run(
            [groff, *options], input=written, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
