"""A foreign model becomes a procedure's folder, and every foreign word is told."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deployment.importing.folders import Imported, imported
from engine.operations.registry import OPERATIONS

HERE = Path(__file__).parent
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:signavio="http://www.signavio.com" id="D" targetNamespace="urn:x">'
)
MODEL = f"""{HEAD}<process id="Process_1" name="Permis" isExecutable="true">
<startEvent id="Begin"/>
<sequenceFlow id="f1" sourceRef="Begin" targetRef="Check"/>
<userTask id="Check" name="Examiner" camunda:candidateGroups="clerks" camunda:dueDate="P3D"
 camunda:assignee="demo" signavio:bgcolor="#fff"/>
<sequenceFlow id="f2" sourceRef="Check" targetRef="Way"/>
<exclusiveGateway id="Way"/>
<sequenceFlow id="f3" sourceRef="Way" targetRef="Call">
<conditionExpression>${{amount &gt; 10}}</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="Way" targetRef="Done"/>
<serviceTask id="Call"><extensionElements><zeebe:taskDefinition type="Cadastre.search" retries="3"/>
</extensionElements></serviceTask>
<sequenceFlow id="f5" sourceRef="Call" targetRef="Done"/>
<endEvent id="Done"/></process></definitions>"""


def bring(xml: str | bytes) -> Imported:
    data = xml.encode() if isinstance(xml, str) else xml
    return imported(data, {}, "model", OPERATIONS)


def test_every_foreign_word_is_told_once() -> None:
    notes = bring(MODEL).notes
    told = {(n.element, n.name) for n in (*notes.changes, *notes.todo)}
    assert {
        ("Check", "camunda:candidateGroups"), ("Check", "camunda:dueDate"),
        ("Check", "camunda:assignee"), ("Check", "signavio:bgcolor"), ("f3", "condition"),
        ("Call", "zeebe:taskDefinition"), ("Way", "default"),
        ("process_1", "id"),
    } <= told  # fmt: skip


def test_what_is_understood_is_said_in_our_words() -> None:
    done = bring(MODEL)
    model = done.folders["process_1"]["procedure.bpmn"].decode()
    assert done.result == "draft"
    assert "(amount &gt; 10)" in model
    assert 'default="f4"' in model
    assert 'due="P3D"' in model
    assert 'operation="external.work"' in model
    assert '"cadastre.search"' in model
    assert 'name="clerks"' in model
    assert " camunda:" not in model


def test_a_model_that_lacks_nothing_is_executable() -> None:
    plain = f"""{HEAD}<process id="permit" isExecutable="true"><startEvent id="Begin"/>
    <userTask id="Check" camunda:candidateGroups="clerks"/><endEvent id="Done"/>
    <sequenceFlow id="f1" sourceRef="Begin" targetRef="Check"/>
    <sequenceFlow id="f2" sourceRef="Check" targetRef="Done"/></process></definitions>"""
    done = bring(plain)
    assert done.result == "executable"
    assert not done.notes.todo


def test_a_second_import_changes_nothing_and_still_tells_what_is_left() -> None:
    first = bring(MODEL)
    files = first.folders["process_1"]
    second = imported(files["procedure.bpmn"], files, "procedure", OPERATIONS)
    assert second.notes.changes == []
    assert second.notes.todo == first.notes.todo
    assert second.folders["process_1"] == files


C8 = f"""{HEAD}<process id="Order" isExecutable="true">
<userTask id="Ask"><extensionElements><camunda:formData>
<camunda:formField id="amount" label="Montant" type="long"><camunda:validation>
<camunda:constraint name="required"/></camunda:validation></camunda:formField>
<camunda:formField id="color" label="Couleur" type="enum"><camunda:value id="r" name="Rouge"/>
</camunda:formField></camunda:formData>
<zeebe:assignmentDefinition candidateGroups="clerks"/>
<zeebe:taskSchedule dueDate="=@&quot;P2D&quot;"/>
</extensionElements></userTask><scriptTask id="Sum"><extensionElements>
<zeebe:script expression="=amount * 2" resultVariable="total"/></extensionElements></scriptTask>
<sequenceFlow id="f1" sourceRef="Ask" targetRef="Sum"/></process></definitions>"""


def test_what_a_model_leaves_out_is_put_in_and_forms_become_ours() -> None:
    done = bring(C8)
    files = done.folders["order"]
    assert done.notes.todo == []
    assert done.result == "executable"
    form = json.loads(files["forms/Ask.json"])
    assert form["required"] == ["amount"]
    assert form["properties"]["amount"] == {"title": "Montant", "type": "integer"}
    assert form["properties"]["color"]["x-labels"] == {"r": "Rouge"}
    assert '<startEvent id="order_start"' in files["procedure.bpmn"].decode()
    assert "{ total: amount * 2 }" in files["procedure.bpmn"].decode()
    again = imported(files["procedure.bpmn"], files, "procedure", OPERATIONS)
    assert again.notes.changes == []


@pytest.mark.parametrize(
    ("language", "text", "ours"),
    [
        ("javascript", "a &gt; 1 &amp;&amp; b", "((a &gt; 1) and b)"),
        ("http://www.w3.org/1999/XPath", "a &gt; 1", ""),
        ("", "getDataObject('a') = 1", ""),
        ("", "= a &gt; 1", "a &gt; 1"),
        ("", "a == 1", "(a = 1)"),
        ("", "a.startsWith('b')", 'starts with(a, "b")'),
    ],
)
def test_a_condition_is_never_read_in_a_language_it_is_not_written_in(
    language: str, text: str, ours: str
) -> None:
    said = f'<conditionExpression language="{language}">{text}</conditionExpression>'
    old = "<conditionExpression>${amount &gt; 10}</conditionExpression>"
    done = bring(MODEL.replace(old, said))
    model = done.folders["process_1"]["procedure.bpmn"].decode()
    left = [note for note in done.notes.todo if (note.element, note.name) == ("f3", "condition")]
    assert len(left) == (not ours)
    assert f">{ours or text}</conditionExpression>".replace("&amp;", "&") in model


POOLS = f"""{HEAD}<collaboration id="K"><participant id="A" processRef="One"/>
<participant id="B" processRef="Two"/><participant id="C"/>
<messageFlow id="m" sourceRef="T1" targetRef="T2"/></collaboration>
<process id="One"><task id="T1"/></process><process id="Two"><task id="T2"/></process>
</definitions>"""


def test_each_pool_that_holds_something_is_a_procedure_of_its_own() -> None:
    done = bring(POOLS)
    assert set(done.folders) == {"one", "two"}
    model = done.folders["one"]["procedure.bpmn"].decode()
    assert 'processRef="one"' in model
    assert 'processRef="two"' not in model
    assert 'id="T2"' not in model


@pytest.mark.parametrize(
    "loop",
    [
        '<multiInstanceLoopCharacteristics camunda:collection="papers"'
        ' camunda:elementVariable="paper">{end}</multiInstanceLoopCharacteristics>',
        "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics"
        ' inputCollection="=papers" inputElement="paper"/></extensionElements>{end}'
        "</multiInstanceLoopCharacteristics>",
    ],
)
def test_many_at_once_read_their_list_and_their_end(loop: str) -> None:
    end = "<completionCondition>${nrOfCompletedInstances &gt; 1}</completionCondition>"
    tasks = f'<task id="T">{loop.format(end=end)}</task>'
    done = bring(f'{HEAD}<process id="one">{tasks}</process></definitions>')
    model = done.folders["one"]["procedure.bpmn"].decode()
    assert "<loopDataInputRef>papers</loopDataInputRef>" in model
    assert '<inputDataItem name="paper"/>' in model
    assert "(numberOfCompletedInstances &gt; 1)" in model
    left = {note.code for note in done.notes.todo}
    assert left <= {"kind", "whose", "check"}
    again = imported(model.encode(), done.folders["one"], "one", OPERATIONS)
    assert again.notes.changes == []


def test_an_id_that_cannot_stand_is_renamed_wherever_it_is_named() -> None:
    done = bring(MODEL.replace('"Way"', '"the way\'s"'))
    model = done.folders["process_1"]["procedure.bpmn"].decode()
    assert ("renamed", "the way's", "the_way_s") in {
        (note.code, note.value, note.ours) for note in done.notes.changes
    }
    assert "the way's" not in model
    assert 'sourceRef="the_way_s"' in model


def test_a_receive_task_that_begins_a_case_needs_no_start_event() -> None:
    task = '<receiveTask id="R" instantiate="true"/>'
    done = bring(f'{HEAD}<process id="one">{task}</process></definitions>')
    assert "startEvent" not in done.folders["one"]["procedure.bpmn"].decode()


def test_a_reference_to_nothing_is_left_to_do() -> None:
    task = '<receiveTask id="R" messageRef="a\'b"/>'
    done = bring(f'{HEAD}<process id="one">{task}</process></definitions>')
    assert "R" in {note.element for note in done.notes.todo}


NESTED = POOLS.replace('<task id="T1"/></process>', "").replace(
    "</definitions>", "</process></definitions>"
)
MANY = MODEL.replace("<endEvent", '<sequenceFlow id="x"/>' * 2500 + "<endEvent")


@pytest.mark.parametrize(
    "xml",
    [
        b"", b"\x00\xff", b"<a/>", b"<!DOCTYPE x><a/>", b"{}", b"x" * 3_000_000,
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        b'<definitions><process id="a"><task id="b"/></process></definitions>',
        b"<a>" * 5000, MANY.encode(),
        NESTED.encode(),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_model_is_refused_with_a_reason(xml: bytes) -> None:
    done = bring(xml)
    assert done.result == "refused"
    assert done.notes.findings[0].value


@settings(max_examples=150, deadline=None)
@given(st.integers(), st.integers(1, 6))
def test_a_broken_model_never_breaks_the_import(seed: int, cuts: int) -> None:
    chance = random.Random(seed)
    text = MODEL
    words = ["Check", "Way", "Done", "f1", "f3", "userTask", "sequenceFlow", "exclusiveGateway"]
    words += ['id="', "sourceRef", "targetRef", "endEvent", "startEvent", "process", "Process_1"]
    others = ["End", "subProcess", "boundaryEvent", "task", "", "x.y", "Way", "f1", "lane", "é"]
    for _ in range(cuts):
        old = chance.choice(words)
        text = text.replace(old, chance.choice(others), chance.choice([1, 2, -1]))
    assert bring(text).result in ("executable", "draft", "refused")
