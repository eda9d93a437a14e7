"""The program as a process: on a terminal, in a pipe, interrupted."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.console.conftest import REFERENCE, environment
from tests.console.test_json import APPLICATION

CLI = [sys.executable, str(Path(__file__).parent.parent.parent / "cli.py")]
ESCAPE = "\x1b"


def terminal(args: list[str], folder: Path, typed: str = "", **variables: str) -> tuple[int, str]:
    """Run on a terminal of our own: exit status and all that it showed."""
    around = {**environment(folder), "TERM": "xterm", "COLUMNS": "80", "LINES": "24", **variables}
    child, place = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(CLI[0], [*CLI, *args], around)
    shown, sent = b"", not typed
    while True:
        ready, _, _ = select.select([place], [], [], 20)
        if not ready:
            os.kill(child, signal.SIGKILL)
            break
        try:
            piece = os.read(place, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if not sent and re.search(rb"\?|confirm|:\s*$", shown):
            os.write(place, typed.encode())
            sent = True
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), shown.decode()


def process(args: list[str], folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*CLI, *args], cwd=folder, env=environment(folder), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_an_error_is_red_on_a_terminal_and_says_error_too(folder: Path) -> None:
    status, shown = terminal(["case", "show", "X", "--as", "nadia"], folder)
    assert status == 4
    assert ESCAPE in shown
    assert "Error:" in shown


@pytest.mark.parametrize(
    ("flags", "variables"),
    [([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}), (["--color", "never"], {})],
)
def test_colours_can_be_switched_off(
    flags: list[str], variables: dict[str, str], folder: Path
) -> None:
    _, shown = terminal(["case", "show", "X", "--as", "nadia", *flags], folder, **variables)
    assert ESCAPE not in shown


def test_colours_can_be_forced_in_a_pipe(folder: Path) -> None:
    done = process(["case", "show", "X", "--as", "nadia", "--color", "always"], folder)
    assert ESCAPE in done.communicate()[1]
    done = process(["case", "show", "X", "--as", "nadia"], folder)
    assert ESCAPE not in done.communicate()[1]


def test_a_table_is_cut_to_the_terminal_and_whole_in_a_pipe(folder: Path) -> None:
    status, shown = terminal(["config", "show"], folder, COLUMNS="60", LINES="60")
    assert status == 0
    assert "…" in shown
    assert all(len(line) <= 60 for line in shown.splitlines())
    piped = process(["config", "show"], folder).communicate()[0]
    assert "how long a worker holds a job before another may take it, in seconds" in piped


def test_long_output_goes_through_the_pager_of_the_user(folder: Path) -> None:
    pager = folder / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\ncat >/dev/null\n", encoding="utf-8")
    pager.chmod(0o755)
    _, shown = terminal(["config", "show"], folder, PAGER=str(pager), LINES="5")
    assert "PAGED" in shown
    _, shown = terminal(["config", "show", "--no-pager"], folder, PAGER=str(pager), LINES="5")
    assert "PAGED" not in shown
    assert "lease_seconds" in shown


def test_a_confirmation_is_asked_on_a_terminal(folder: Path) -> None:
    args = [
        "procedure",
        "withdraw",
        "signature_legalisation",
        "1",
        "--reason",
        "x",
        "--as",
        "admin",
    ]
    status, shown = terminal(args, folder, typed="no\n")
    assert status == 2
    assert "Type signature_legalisation to confirm" in shown
    status, shown = terminal([*args, "--no-input"], folder)
    assert status == 2
    assert "--confirm" in shown
    status, shown = terminal(args, folder, typed="signature_legalisation\n")
    assert status == 0
    assert "is withdrawn" in shown


def test_a_reader_that_stops_reading_is_no_failure(folder: Path) -> None:
    line = f"{' '.join(CLI)} help reference | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], env=environment(folder), cwd=folder,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# Commands")


def _until_it_listens(running: "subprocess.Popen[str]") -> None:
    """Wait until the process handles SIGTERM: how long it takes to start says nothing here."""
    until = time.monotonic() + 30
    told = Path(f"/proc/{running.pid}/status")
    while running.poll() is None and time.monotonic() < until:
        caught = int(re.search(r"SigCgt:\s*(\w+)", told.read_text())[1], 16)  # type: ignore[index]
        if caught >> signal.SIGTERM - 1 & 1:
            return
        time.sleep(0.05)
    running.kill()
    raise AssertionError(f"The worker never handled SIGTERM: {running.communicate()}")


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 0)])
def test_the_worker_stops_when_asked(sent: signal.Signals, status: int, folder: Path) -> None:
    running = process(["work", "--idle", "30"], folder)
    _until_it_listens(running)
    time.sleep(1.5)
    assert running.poll() is None
    begun = time.monotonic()
    running.send_signal(sent)
    _, told = running.communicate(timeout=25)
    assert running.returncode == status
    assert time.monotonic() - begun < 20  # and not at the end of its thirty
    assert "Traceback" not in told


def test_arabic_on_a_terminal_keeps_its_columns(folder: Path) -> None:
    status, shown = terminal(["office", "list", "--as", "nadia", "--lang", "ar"], folder)
    assert status == 0
    lines = [re.sub("[\u2066-\u2069]", "", line) for line in shown.splitlines()]
    assert "الاسم بالعربية" in lines[0]
    assert {line[:3] for line in lines[1:]} >= {"MAR", "ANF"}


def test_the_history_is_told_in_three_languages(folder: Path) -> None:
    said = {
        "fr": "Nadia Alaoui a ouvert le dossier",
        "ar": "الملف",
        "en": "Nadia Alaoui opened the case",
    }
    for language, sentence in said.items():
        args = ["case", "history", REFERENCE, "--as", "nadia", "--lang", language]
        assert sentence in process(args, folder).communicate()[0]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_proposes_nouns_and_verbs(shell: str, folder: Path) -> None:
    around = {
        **environment(folder), "_MOUQATAA_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "mouqataa case ca", "COMP_CWORD": "ca" if shell == "fish" else "2",
    }  # fmt: skip
    done = subprocess.run(CLI, env=around, capture_output=True, text=True, check=False)
    assert "cancel" in done.stdout


def test_completion_proposes_cases_tasks_and_procedures(folder: Path) -> None:
    for typed, expected in [
        ("case show ", REFERENCE), ("case start ", "signature_legalisation"),
        ("case start signature_legalisation --office M", "MAR"),
    ]:  # fmt: skip
        around = {
            **environment(folder), "_MOUQATAA_COMPLETE": "bash_complete", "MOUQATAA_ACTOR": "nadia",
            "COMP_WORDS": f"mouqataa {typed}", "COMP_CWORD": str(len(typed.split(" "))),
        }  # fmt: skip
        done = subprocess.run(CLI, env=around, capture_output=True, text=True, check=False)
        assert expected in done.stdout
        assert done.stderr == ""


def pairs(values: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every answer with its path: ("applicant/cin", "BK000002")."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from pairs(value, f"{above}{name}/")
        else:
            yield f"{above}{name}", value


def test_a_form_is_asked_in_the_terminal(folder: Path) -> None:
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
             "--json"]  # fmt: skip
    given = [f"--set={name}={value}" for name, value in pairs(APPLICATION)]
    told = process([*begin, *given], folder).communicate()[0]
    task = str(json.loads(told)["tasks"][0])
    complete = ["task", "complete", task, "--as", "nadia"]
    status, shown = terminal(complete, folder, typed="perhaps\nnon\n2\n")
    assert "All papers are there (yes/no):" in shown
    assert "2. National electronic identity card" in shown
    assert status == 0, shown
    assert "is completed" in shown
    assert shown.count("All papers are there") == 2


def test_a_form_is_not_asked_where_nobody_is_there(folder: Path) -> None:
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--as", "nadia",
             "--json"]  # fmt: skip
    given = [f"--set={name}={value}" for name, value in pairs(APPLICATION)]
    task = str(json.loads(process([*begin, *given], folder).communicate()[0])["tasks"][0])
    running = process(["task", "complete", task, "--as", "nadia"], folder)
    assert "/papers_complete" in running.communicate(timeout=20)[1]
    assert running.returncode == 2
