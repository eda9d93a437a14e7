"""What cannot be executed faithfully is refused: element, reason, remedy."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.commands.procedures import examine
from engine.deployment.preparation import prepare
from engine.operations.registry import OPERATIONS
from engine.runtime.model import Model
from processes.bundle import Bundle
from processes.errors import BundleError
from tests.deployment.bundles import FORM, SOUND, bpmn, bundle
from tests.runtime.models import START, cycle, duration, ends, flows, node, user


def found(*parts: str, **how: Any) -> dict[str, str]:
    """The errors of a bundle: element -> code."""
    errors = [f for f in examine(bundle(*parts, **how)) if f.severity == "error"]
    return {finding.element: finding.code for finding in reversed(errors)}


def test_a_sound_bundle_is_accepted_and_its_model_runs() -> None:
    assert examine(bundle()) == ()
    assert Model.read(prepare(bundle(), OPERATIONS).model).elements["A"].lane == "Desk"


def task(kind: str, inside: str = "", **own: str) -> tuple[str, ...]:
    return START, node(kind, "X", inside, **own), user("A"), ends("E"), flows("S > X > A > E")


@pytest.mark.parametrize(
    "kind",
    ["globalTask", "dataStore",
     "callConversation"],
)  # fmt: skip
def test_an_element_that_is_not_executed_is_refused_by_name(kind: str) -> None:
    assert found(*task(kind))["X"] == "unsupported"


@pytest.mark.parametrize("event", ["escalation", "compensate", "cancel", "error", "terminate"])
def test_a_catching_event_that_is_not_executed_is_refused(event: str) -> None:
    inside = f"<{event}EventDefinition/>"
    assert found(*task("intermediateCatchEvent", inside))["X"] == "unsupported"


@pytest.mark.parametrize("event", ["timer", "conditional", "link"])
def test_an_end_event_that_is_not_executed_is_refused(event: str) -> None:
    thrown = node("endEvent", "X", f"<{event}EventDefinition/>")
    assert found(START, user("A"), thrown, flows("S > A > X"))["X"] == "unsupported"


def test_an_endless_loop_a_quantity_of_none_and_a_join_without_condition_are_refused() -> None:
    assert found(*task("userTask", startQuantity="0"))["X"] == "unsupported"
    join = node("complexGateway", "X")
    parts = START, node("parallelGateway", "G"), user("A", "B"), join, ends("E")
    refused = found(*parts, flows("S > G", "G > A > X", "G > B > X", "X > E"))
    assert refused == {"X": "unsupported"}


def test_a_loop_without_end_is_refused() -> None:
    assert found(*task("userTask", "<standardLoopCharacteristics/>"))["X"] == "unsupported"


@pytest.mark.parametrize("key", ["Start", "End", "X.split"])
def test_an_id_that_the_engine_uses_itself_is_refused(key: str) -> None:
    parts = START, user(key), ends("E"), flows(f"S > {key} > E")
    assert found(*parts)[key] == "reserved"


def test_a_task_that_no_path_reaches_is_refused() -> None:
    assert found(*SOUND, user("Lost"))["Lost"] == "unreachable"


def test_a_cycle_that_cannot_wait_is_refused_at_an_element_of_it() -> None:
    parts = (
        START, node("exclusiveGateway", "G", default="G_A"), user("A"), ends("E"),
        node("scriptTask", "T", "<script>{ n: n + 1 }</script>"),
        flows("S > G", "G > T if n > 0", "T > G", "G > A > E"),
    )  # fmt: skip
    assert "endless" in found(*parts).values()
    waiting = (*parts[:1], node("userTask", "T"), *parts[1:4], parts[5])
    assert "endless" not in found(*waiting).values()


def test_a_join_that_waits_for_itself_is_refused() -> None:
    parts = (
        START, node("parallelGateway", "J"), user("A"), ends("E"),
        node("exclusiveGateway", "X", default="X_E"),
        flows("S > J > A > X", "X > J if n > 0", "X > E"),
    )  # fmt: skip
    assert found(*parts)["J"] == "deadlock"


def test_two_flows_between_the_same_nodes_are_refused() -> None:
    second = '<sequenceFlow id="Twin" sourceRef="G" targetRef="A"/>'
    parts = START, node("exclusiveGateway", "G", default="Twin"), user("A"), ends("E")
    assert found(*parts, flows("S > G", "G > A if n > 0", "A > E"), second) == {"Twin": "flow"}


def test_a_flow_without_condition_or_default_is_refused() -> None:
    parts = START, node("exclusiveGateway", "G"), user("A", "B"), ends("E")
    wrong = found(*parts, flows("S > G", "G > A if n > 0", "G > B", "A > E", "B > E"))
    assert wrong == {"G_B": "condition"}


def test_a_condition_that_is_no_feel_is_refused_with_its_flow() -> None:
    parts = START, node("exclusiveGateway", "G", default="G_B"), user("A", "B"), ends("E")
    wrong = found(*parts, flows("S > G", "G > A if n > > 0", "G > B", "A > E", "B > E"))
    assert wrong["G_A"] == "expression"


def test_a_variable_that_nothing_sets_is_refused() -> None:
    parts = START, node("exclusiveGateway", "G", default="G_B"), user("A", "B"), ends("E")
    wrong = found(*parts, flows("S > G", "G > A if m > 0", "G > B", "A > E", "B > E"))
    assert wrong["G_A"] == "variable"


def test_python_is_no_script() -> None:
    reads = node("scriptTask", "X", "<script>open('/etc/passwd').read()</script>")
    parts = START, reads, user("A"), ends("E"), flows("S > X > A > E")
    assert found(*parts)["X"] == "script"
    script = node("scriptTask", "X", "<script>{ n: 1 }</script>", scriptFormat="python")
    assert found(START, script, user("A"), ends("E"), flows("S > X > A > E"))["X"] == "script"


def test_what_is_made_from_a_personal_value_must_be_declared() -> None:
    script = node("scriptTask", "X", "<script>{ adult: born &lt; today }</script>")
    parts = START, script, user("A"), ends("E"), flows("S > X > A > E")
    assert found(*parts)["X"] == "personal_undeclared"
    assert found(*parts, toml='[data]\nfacts = ["adult"]\n') == {}


def test_a_condition_reads_no_personal_value() -> None:
    parts = START, node("exclusiveGateway", "G", default="G_B"), user("A", "B"), ends("E")
    arrows = flows("S > G", "G > A if born > today", "G > B", "A > E", "B > E")
    assert found(*parts, arrows)["G_A"] == "personal_shown"


def handing(script: str, toml: str = "") -> dict[str, str]:
    """The errors of a process that assigns, and then decides on `alias`."""
    assign = node("scriptTask", "X", f"<script>{script}</script>")
    gate = node("exclusiveGateway", "G", default="G_B")
    arrows = flows("S > X > G", 'G > A if alias = "x"', "G > B", "A > E", "B > E")
    return found(START, assign, gate, user("A", "B"), ends("E"), arrows, toml=toml)


def test_a_personal_value_that_is_handed_on_stays_personal() -> None:
    assert handing("{ other: name, alias: other }") == {"G_A": "personal_shown"}
    assert handing("{ alias: n }") == {}
    assert handing("{ alias: name }", toml='[data]\nfacts = ["alias"]\n') == {}


def test_an_item_of_a_personal_collection_is_personal() -> None:
    loop = "<multiInstanceLoopCharacteristics><loopDataInputRef>name</loopDataInputRef>"
    loop += '<inputDataItem id="who" name="who"/></multiInstanceLoopCharacteristics>'
    many = node("receiveTask", "X", loop, messageRef="M", mq__key="who")
    parts = START, many, user("A"), ends("E"), flows("S > X > A > E")
    assert found(*parts, beside='<message id="M" name="news"/>')["X"] == "personal_shown"


def test_a_task_outside_every_lane_is_refused() -> None:
    assert found(*SOUND, lanes=False)["A"] == "lane"


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ({"mq__operation": "file.read"}, "operation"),
        ({"mq__operation": "register.take"}, "input"),
    ],
)
def test_an_operation_must_be_known_and_have_its_inputs(own: dict[str, str], code: str) -> None:
    assert found(*task("serviceTask", **own))["X"] == code


def test_a_decision_a_form_a_message_and_a_process_must_be_there() -> None:
    assert found(*task("businessRuleTask", mq__decision="d"))["X"] == "decision"
    assert found(*task("userTask", mq__form="forms/none.json"))["X"] == "form_missing"
    assert found(*task("receiveTask"))["X"] == "message"
    assert found(*task("callActivity", calledElement="q"))["X"] == "called"


def test_a_timer_that_says_nothing_is_refused() -> None:
    for text in ("", "every day", "R/"):
        assert found(*task("intermediateCatchEvent", cycle(text)))["X"] in ("timer", "expression")
    assert found(*task("intermediateCatchEvent", duration("P2D"))) == {}


@pytest.mark.parametrize(
    "xml",
    [
        b"no xml",
        b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" + b" " * 2_000_001 + b"</a>",
    ],
)
def test_xml_that_attacks_or_is_none_is_refused(xml: bytes) -> None:
    broken = bundle(files={"procedure.bpmn": xml})
    assert [f.code for f in examine(broken) if f.severity == "error"] == ["xml"]


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_the_house_s_own_words(junk: bytes) -> None:
    for name in ("procedure.bpmn", "forms/start.json", "table.dmn", "procedure.toml"):
        with suppress(BundleError):
            assert isinstance(examine(bundle(files={name: junk})), tuple)


def test_several_flows_out_of_a_task_are_a_gateway() -> None:
    parts = START, user("A", "B", "C"), ends("E"), flows("S > A > B > E", "A > C > E")
    model = Model.read(prepare(bundle(*parts), OPERATIONS).model)
    assert model.elements["A.split"].kind == "parallelGateway"


def test_a_path_that_simply_stops_ends_there() -> None:
    parts = START, user("A"), flows("S > A")
    assert "A.end" in Model.read(prepare(bundle(*parts), OPERATIONS).model).elements


def test_a_bundle_is_closed_over_the_shared_parts_it_uses() -> None:
    form = (
        b'{"type": "object", "title": "X", "additionalProperties": false, "properties": '
        b'{"who": {"$ref": "shared/identity.json", "title": "Qui"}}}'
    )
    made = prepare(bundle(files={"forms/start.json": form}), OPERATIONS)
    assert "forms/shared/identity.json" in made.bundle.files


def test_a_missing_translation_is_a_warning_that_names_the_text() -> None:
    spoken = bundle(toml="")
    files = dict(spoken.files)
    files["procedure.toml"] = files["procedure.toml"].replace(b'["fr"]', b'["fr", "ar"]')
    warnings = examine(Bundle(files))
    assert {f.severity for f in warnings} == {"warning"}
    assert "Essai" in {f.element for f in warnings}


def test_the_check_of_a_model_is_quick() -> None:
    import time

    names = [f"T{number}" for number in range(30)]
    long = bundle(START, user(*names), ends("E"), flows(" > ".join(["S", *names, "E"])))
    began = time.process_time()
    assert examine(long) == ()
    assert time.process_time() - began < 0.5
    assert bpmn(START)


THROWN = node("endEvent", "T", '<errorEventDefinition errorRef="e"/>')
ERROR = '<error id="e" errorCode="full"/><error id="o" errorCode="other"/>'


def caught(reference: str, to: str) -> str:
    inside = f'<errorEventDefinition errorRef="{reference}"/>'
    return node("boundaryEvent", "B", inside, attachedToRef=to)


@pytest.mark.parametrize(("reference", "refused"), [("e", False), ("o", True)])
def test_an_error_end_needs_a_boundary_event_for_its_error(reference: str, refused: bool) -> None:
    inner = node("startEvent", "S2") + user("A") + THROWN + flows("S2 > A > T")
    sub = node("subProcess", "X", inner)
    parts = START, sub, caught(reference, "X"), ends("E", "E2"), flows("S > X > E", "B > E2")
    assert found(*parts, beside=ERROR) == ({"T": "uncaught"} if refused else {})


@pytest.mark.parametrize("refused", [False, True])
def test_an_error_end_of_a_called_process_needs_one_at_every_call(refused: bool) -> None:
    called = bpmn(node("startEvent", "S2"), user("A"), THROWN, flows("S2 > A > T"), beside=ERROR)
    called = called.replace(b'<process id="test">', b'<process id="called">')
    called = called.replace(b'id="L', b'id="K').replace(b'id="e"', b'id="e2"')
    called = called.replace(b'errorRef="e"', b'errorRef="e2"').replace(b'id="o"', b'id="o2"')
    calls = node("callActivity", "X", calledElement="called")
    twice = node("callActivity", "Y", calledElement="called") if refused else user("Y")
    parts = START, calls, twice, caught("e", "X"), ends("E", "E2"), flows("S > X > Y > E", "B > E2")
    faults = found(*parts, beside=ERROR, files={"called.bpmn": called})
    assert faults == ({"T": "uncaught"} if refused else {})


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("userTask", {"mq__notby": "A"}),  # not-by, mistyped
        ("userTask", {"mq__result": "x"}),
        ("scriptTask", {"mq__form": "x"}),
        ("exclusiveGateway", {"mq__form": "forms/start.json"}),
    ],
)
def test_a_word_of_ours_that_the_element_does_not_read_is_refused(
    kind: str, own: dict[str, str]
) -> None:
    inside = "<script>{ n: 1 }</script>" if kind == "scriptTask" else ""
    assert found(*task(kind, inside, **own))["X"] == "attribute"


def test_a_task_that_is_kept_apart_from_no_task_of_a_person_is_refused() -> None:
    apart = node("userTask", "X", mq__notby="Nobody").replace("notby", "not-by")
    assert found(START, apart, user("A"), ends("E"), flows("S > X > A > E"))["X"] == "attribute"
    right = apart.replace("Nobody", "A")
    assert found(START, right, user("A"), ends("E"), flows("S > X > A > E")) == {}


def test_an_input_that_nobody_reads_is_refused() -> None:
    inside = '<extensionElements><mq:input name="n">1</mq:input></extensionElements>'
    assert found(*task("userTask", inside))["X"] == "attribute"
    unnamed = '<extensionElements><mq:input>"r"</mq:input></extensionElements>'
    assert found(*task("serviceTask", unnamed, mq__operation="register.take"))["X"] == "attribute"


def total(text: str, **more: Any) -> dict[str, str]:
    """The errors of a start form with an answer that is computed."""
    field = {"title": "Total", "type": "number", "x-compute": text, **more}
    form = {**FORM, "properties": {**FORM["properties"], "total": field}}
    return found(*SOUND, files={"forms/start.json": json.dumps(form).encode()})


@pytest.mark.parametrize(
    ("text", "code"),
    [("n * 2", None), ("n *", "expression"), ("m * 2", "variable"),
     ("string length(name)", "personal_undeclared")],
)  # fmt: skip
def test_a_computed_answer_reads_the_answers_of_its_form(text: str, code: str | None) -> None:
    assert total(text).get("total") == code


def test_an_answer_computed_from_personal_ones_may_be_personal_itself() -> None:
    assert total("string length(name)", **{"x-personal": True}) == {}


def test_a_list_that_nobody_knows_is_refused() -> None:
    field = {"title": "Rue", "type": "string", "x-source": "streets"}
    form = {**FORM, "properties": {**FORM["properties"], "street": field}}
    assert found(*SOUND, files={"forms/start.json": json.dumps(form).encode()}) == {
        "street": "source"
    }


def test_a_token_that_waits_once_waits_for_no_cycle() -> None:
    assert found(*task("intermediateCatchEvent", cycle("R3/P1D")))["X"] == "timer"
    assert found(*task("intermediateCatchEvent", duration("P1D"))) == {}


def asking(text: str, toml: str = "", **more: str) -> dict[str, str]:
    """What is found in a model that asks a service with this address."""
    inputs = {"method": '"GET"', "url": text, **more}
    given = "".join(f'<mq:input name="{k}">{v}</mq:input>' for k, v in inputs.items())
    inside = f"<extensionElements>{given}</extensionElements>"
    asked = node("serviceTask", "X", inside, mq__operation="http.request", mq__result="answer")
    return found(START, asked, user("A"), ends("E"), flows("S > X > A > E"), toml=toml)


def test_an_input_that_is_always_the_same_must_be_of_its_type() -> None:
    assert asking('"https://a.example/"') == {}
    assert asking("string(n)") == {}
    assert asking("7")["X"] == "input"
    assert asking("null")["X"] == "input"
    assert asking('"https://a.example/"', headers="[1]")["X"] == "input"
    assert asking('"https://a.example/"', json="null") == {}


def test_what_a_service_answers_to_personal_values_must_be_declared() -> None:
    address = '"https://a.example/" + name'
    assert asking(address)["X"] == "personal_undeclared"
    assert asking(address, toml='[data]\npersonal = ["answer"]\n') == {}
    assert asking(address, toml='[data]\nfacts = ["answer"]\n') == {}


@pytest.mark.parametrize(
    ("code", "expected"),
    [("http.404", {}), ("http.4O4", {"B": "error_code"}), ("http.503", {"B": "error_code"})],
)
def test_an_error_that_the_operation_never_gives_is_not_waited_for(
    code: str, expected: dict[str, str]
) -> None:
    given = "".join(
        f'<mq:input name="{k}">"{v}"</mq:input>'
        for k, v in {"method": "GET", "url": "https://a.example/"}.items()
    )
    inside = f"<extensionElements>{given}</extensionElements>"
    asked = node("serviceTask", "X", inside, mq__operation="http.request")
    caught = node("boundaryEvent", "B", '<errorEventDefinition errorRef="e"/>', attachedToRef="X")
    arrows = flows("S > X > E", "B > A > E")
    beside = f'<error id="e" errorCode="{code}"/>'
    assert found(START, asked, caught, user("A"), ends("E"), arrows, beside=beside) == expected
