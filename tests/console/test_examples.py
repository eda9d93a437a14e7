"""The examples that the help shows are run, each in its own copy of the demonstration."""

import json
import shlex
import shutil
from pathlib import Path

import pytest

from console.group import Told
from processes.catalogue import folders
from tests.console.conftest import REFERENCE, VERBS, Call, answer
from tests.console.test_json import APPLICATION, CHECKED, NUMBER

EXAMPLES = [
    (path, example)
    for path, ctx in VERBS.items()
    if isinstance(ctx.command, Told)
    for example in ctx.command.examples()
]
# Who would type it; the administrator where nothing is said.
ACTORS = {
    "batch": "nadia",
    "case": "nadia",
    "clock": "nadia",
    "decision": "nadia",
    "task": "nadia",
    "certificate": "nadia",
    "message": "nadia",
}
# What is done to a case that was only just begun.
OWN = tuple(
    f"case {verb}"
    for verb in ("cancel", "rectify", "attach", "suspend", "resume", "move", "restart")
)
# What can only be shown where something went wrong first.
REFUSED = {
    "batch retry": 3,
    "incident show": 4,
    "incident retry": 4,
    "incident resolve": 4,
    "incident skip": 4,
    "incident answer": 4,
    "task reopen": 5,
    "message send": 4,
    "message withdraw": 4,
    "payment notice": 3,
    "payment simulate": 2,
    **dict.fromkeys(("job fetch", "job extend", "job complete", "job fail"), 3),
    **dict.fromkeys(("job error", "job return"), 3),
}


@pytest.mark.parametrize(("path", "example"), EXAMPLES)
def test_an_example_of_the_help_runs(
    path: str, example: str, call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noun = path.split()[0]
    monkeypatch.setenv("MOUQATAA_ACTOR", ACTORS.get(noun, "admin"))
    begin = ["case", "start", "signature_legalisation", "--office", "MAR", "--data", "-", "--json"]
    begun = answer(call(*begin, "--as", "nadia", stdin=json.dumps(APPLICATION)))
    words = shlex.split(example)[1:]
    if noun == "task":
        words = [str(begun["tasks"][0]) if word.isdigit() else word for word in words]
        if path == "task release":
            assert call("task", "claim", str(begun["tasks"][0])).exit_code == 0
    if path in OWN:
        words = [begun["reference"] if word == REFERENCE else word for word in words]
    if path in ("case restart", "case move", "clock withdraw"):  # for whoever administers
        monkeypatch.setenv("MOUQATAA_ACTOR", "admin")
    if path == "case restart":
        why = ("--reason", "erreur", "--yes", "--as", "nadia")
        assert call("case", "cancel", begun["reference"], *why).exit_code == 0
    if path == "case resume":
        why = ("--reason", "acte contesté")
        assert call("case", "suspend", begun["reference"], *why).exit_code == 0
    shutil.copyfile(folders()["certified_copy"] / "procedure.bpmn", folder / "model.bpmn")
    (folder / "result.json").write_text("{}", encoding="utf-8")
    (folder / "answer.json").write_text("{}", encoding="utf-8")
    (folder / "application.json").write_text(json.dumps(APPLICATION), encoding="utf-8")
    answers = dict(pair.split("=") for pair in CHECKED)
    typed = {name: value == "true" if value in ("true", "false") else value
             for name, value in answers.items()}  # fmt: skip
    (folder / "answers.json").write_text(json.dumps(typed), encoding="utf-8")
    shown = answer(call("certificate", "show", NUMBER, "--as", "nadia", "--json"))
    shutil.copy(shown["file"], folder / "certificate.pdf")
    if path == "db restore":
        assert call("db", "backup", "backup.tar").exit_code == 0
    if noun == "batch":
        _batched(path, call, begun["reference"])
    if path == "notice preferences":
        assert call("actor", "contact", "nadia", "--phone", "0612345678").exit_code == 0
    done = call(*words)
    refused = 0 if "--all" in words else REFUSED.get(path, 0)
    assert done.exit_code == refused, done.output


def _batched(path: str, call: Call, reference: str) -> None:
    """A batch that can be shown, steered, undone; a case that can be resumed."""
    if path in ("batch cancel", "batch suspend", "batch rectify", "batch reassign"):
        return
    ordered = call("batch", "suspend", reference, "--reason", "inondation", "--yes")
    assert ordered.exit_code == 0, ordered.output
    if path == "batch continue":
        assert call("batch", "pause", "1").exit_code == 0
    if path in ("batch undo", "batch resume"):
        assert call("work", "--once").exit_code == 0
