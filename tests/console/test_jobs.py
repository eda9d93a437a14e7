"""Programs outside at the command line: the script of the guide, run; every verb's answer."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from console.fields import FIELDS
from engine.commands import cases, procedures
from engine.engine import Engine
from engine.settings import load
from engine.transaction import By
from tests.console.conftest import Call, answer, environment
from tests.engine.commands.house import APPLICATION, bundle
from tests.runtime.models import START, ends, flows, user

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/how-to/work-from-another-program.md").read_text(encoding="utf-8")
ROBOT = ("--as", "cadastre", "--json")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def engine(call: Call) -> Any:
    """The procedure of the page, its account, and who works there."""
    [model], made = blocks("xml"), Engine(load())
    beside, _, task = model.partition("\n\n")
    arrows = flows("S > AskCadastre > A > E", "Unknown > R > E")
    parts = (START, task, user("A", "R"), ends("E"), arrows)
    made.run(By("admin"), procedures.deploy, bundle(*parts, beside=beside))
    for line in blocks("sh")[0].splitlines():
        typed = [word.strip('"') for word in line.split()[1:]]
        assert call(*typed, "--as", "admin").exit_code == 0, line
    call("actor", "add", "samir", "--name", "Samir", "--as", "admin")
    call("actor", "grant", "samir", "desk", "MAR", "--as", "admin")
    yield made
    made.close()


def begin(engine: Engine, parcel: str) -> str:
    values = APPLICATION | {"parcel": parcel}
    return engine.run(By("samir"), cases.start, "essai", values, "MAR").reference


def tasks(engine: Engine, case: str) -> list[str]:
    return [name for _, name, _ in engine.read(By("samir"), cases.show, case).tasks]


def test_the_script_of_the_guide_is_a_worker(engine: Engine, folder: Path) -> None:
    assert shutil.which("jq") or not os.environ.get("CI")
    if not shutil.which("jq"):
        pytest.skip("no jq here")
    program = folder / "bin" / "mouqataa"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/cli.py" "$@"\n')
    program.chmod(0o755)
    around = environment(folder) | {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    script = next(block for block in blocks("sh") if block.startswith("#!"))
    known, unknown = begin(engine, "TF 4211/C"), begin(engine, "TF 9/X")

    def run() -> None:
        done = subprocess.run(["sh", "-c", script], env=around, cwd=folder, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), done.stdout

    (folder / "parcels.csv").write_text("TF 4211/C;240.50\n", encoding="utf-8")
    run()
    assert (tasks(engine, known), tasks(engine, unknown)) == (["A"], ["R"])
    land = engine.read(By("samir"), cases.show, known).values["land"]
    assert str(land["area"]) == "240.50"
    (folder / "parcels.csv").unlink()
    waits = begin(engine, "TF 1/C")
    run()
    assert tasks(engine, waits) == []
    [failing] = engine.read(By("samir"), cases.show, waits).failing
    assert failing.error == "the table of parcels is away"


def named(path: str, found: Any) -> Any:
    assert set(found) == set(FIELDS[path].split())
    return found


def test_each_verb_answers_with_its_names(engine: Engine, call: Call) -> None:
    for _ in range(4):
        begin(engine, "TF 1/C")
    found = answer(call("job", "fetch", "cadastre.parcel", "--most", "2", *ROBOT))["items"]
    assert set(found[0]) == set(FIELDS["job fetch"].split()[1:])
    assert found[0]["inputs"] == {"number": "TF 1/C"}
    one, two = ([str(row["job"]), str(row["lease"])] for row in found)
    rows = answer(call("job", "list", "--as", "admin", "--json"))["items"]
    assert set(rows[0]) == set(FIELDS["job list"].split()[1:])
    assert [row["owner"] is None for row in rows] == [False, False, True, True]
    named("job extend", answer(call("job", "extend", *one, "--seconds", "60", *ROBOT)))
    done = named("job complete", answer(call("job", "complete", *one, "--result", "-", *ROBOT,
                                             stdin='{"area": 1.50}')))  # fmt: skip
    assert done["case"] == found[0]["case"]
    named("job return", answer(call("job", "return", *two, *ROBOT)))
    found = answer(call("job", "fetch", "cadastre.parcel", "--most", "2", *ROBOT))["items"]
    one, two = ([str(row["job"]), str(row["lease"])] for row in found)
    failed = answer(call("job", "fail", *one, "--message", "closed", "--left", "0", *ROBOT))
    assert named("job fail", failed)["incident"] is True
    ended = answer(call("job", "error", *two, "cadastre.unknown", *ROBOT))
    assert named("job error", ended)["incident"] is False
    late = call("job", "complete", *two, *ROBOT)
    assert (late.exit_code, json.loads(late.stderr)["code"]) == (5, "work_lost")


@pytest.mark.parametrize("result", ["[1]", "{", '{"n": NaN}'])
def test_a_result_that_is_no_json_object_is_refused(call: Call, result: str) -> None:
    done = call("job", "complete", "1", "1", "--result", "-", *ROBOT, stdin=result)
    assert done.exit_code == 2


def test_the_lists_are_told_to_people_too(engine: Engine, call: Call) -> None:
    case = begin(engine, "TF 1/C")
    told = call("job", "fetch", "cadastre.parcel", "--as", "cadastre", "--lang", "en").stdout
    assert case in told
    told = call("job", "list", "--as", "admin", "--lang", "en").stdout
    assert "cadastre.parcel" in told
    assert "Held by" in told
