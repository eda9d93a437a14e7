"""mouqataa procedure import: what it prints, what it writes, how it ends."""

import json
from pathlib import Path

import pytest

from tests.console.conftest import Call, answer

MODEL = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="urn:x">'
    '<process id="Permit"><startEvent id="S"/><sequenceFlow id="f1" sourceRef="S" targetRef="T"/>'
    '<userTask id="T" camunda:candidateGroups="clerks"{more}/></process></definitions>'
)


def test_an_executable_model_becomes_a_folder_that_passes_its_check(
    call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "model.bpmn"
    file.write_text(MODEL.format(more=""))
    done = call("procedure", "import", str(file), "--to", str(tmp_path / "to"), "--json")
    assert done.exit_code == 0
    found = answer(done)
    assert (found["result"], found["todo"], found["findings"]) == ("executable", [], [])
    assert {row["element"] for row in found["changes"]} == {"permit", "T"}
    assert call("procedure", "check", found["folders"][0]).exit_code == 0
    again = call("procedure", "import", found["folders"][0], "--to", str(tmp_path / "2"), "--json")
    assert answer(again)["changes"] == []


def test_a_draft_says_what_is_left_and_does_not_pass_its_check(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "model.bpmn"
    file.write_text(MODEL.format(more=' camunda:formKey="embedded:x"'))
    done = call("procedure", "import", str(file), "--to", str(tmp_path), "--json")
    assert done.exit_code == 0
    found = answer(done)
    assert found["result"] == "draft"
    assert [(row["element"], row["name"]) for row in found["todo"]] == [("T", "camunda:formKey")]
    assert "camunda:formKey" in Path(found["folders"][0], "README.md").read_text()
    assert call("procedure", "check", found["folders"][0]).exit_code == 2


def test_what_is_left_to_do_hides_no_deadlock(call: Call, tmp_path: Path) -> None:
    def flow(key: str, source: str, target: str, inside: str = "") -> str:
        ends = f'sourceRef="{source}" targetRef="{target}"'
        return f'<sequenceFlow id="{key}" {ends}>{inside}</sequenceFlow>'

    flows = (
        flow("f1", "S", "X"), flow("f3", "X", "B"), flow("f4", "A", "J"), flow("f5", "B", "J"),
        flow("f2", "X", "A", "<conditionExpression>true</conditionExpression>"),
    )  # fmt: skip
    nodes = "".join(f'<userTask id="{key}"/>' for key in "AB") + '<parallelGateway id="J"/>'
    start = MODEL.partition('<startEvent id="S"/>')[0] + '<startEvent id="S"/>'
    text = f'{start}<exclusiveGateway id="X" default="f3"/>{nodes}{"".join(flows)}'
    file = tmp_path / "model.bpmn"
    file.write_text(text + "</process></definitions>")
    found = answer(call("procedure", "import", str(file), "--json"))
    assert found["result"] == "draft"
    assert ("J", "deadlock") in [(row["element"], row["name"]) for row in found["todo"]]


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "Le fichier"), ("ar", "تعذر"), ("en", "The file")]
)
def test_what_is_no_model_is_refused(
    call: Call, tmp_path: Path, language: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOUQATAA_LANGUAGE", language)
    file = tmp_path / "model.bpmn"
    file.write_text("<!DOCTYPE a><a/>")
    done = call("procedure", "import", str(file), "--to", str(tmp_path / "to"), "--json")
    assert done.exit_code == 2
    found = json.loads(done.stdout)
    assert found["result"] == "refused"
    assert found["findings"][0]["message"].startswith(said)
    assert not (tmp_path / "to").exists()
