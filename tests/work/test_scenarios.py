"""Scenarios are played by the real engine; what goes otherwise is said at its place."""

from pathlib import Path
from typing import Any

import pytest

from documents.errors import DocumentUnavailable
from documents.render import Renderer
from engine.errors import EngineError
from engine.work import scenarios
from engine.work.scenarios import Report
from processes.bundle import Bundle
from tests.conftest import bundle as shipped
from tests.deployment.bundles import bundle
from tests.runtime.models import START, cycle, duration, ends, flows, node, user

GIVEN = "title: Essai\ngiven: {at: 2026-03-02T10:00:00+01:00}\n"
START_HERE = "start: {as: desk}\n"
OPEN = "then: {status: open}\n"
FORM = 'mq:form="forms/start.json"'
START_FORM = f'<userTask id="A" name="A" {FORM}/>'


def played(made: Bundle, *stories: str) -> Report:
    """A bundle played with these scenarios."""
    texts = {f"scenarios/{n}.yaml": text.encode() for n, text in enumerate(stories)}
    own = {name: text for name, text in made.files.items() if not name.startswith("scenarios/")}
    return scenarios.run(Bundle(own | texts))


def story(when: str = "", then: str = OPEN, start: str = START_HERE) -> str:
    return GIVEN + start + (f"when:\n{when}" if when else "") + then


def fault(report: Report) -> tuple[str, str]:
    """The place and the code of the first fault of the one scenario."""
    found = report.results[0].faults[0]
    return found.place, found.code


# -- what can be done --


def test_a_scenario_that_comes_true_passes() -> None:
    report = scenarios.run(shipped("attestation"))
    assert [result.faults for result in report.results] == [()]
    assert report.passed
    assert report.complete


def test_every_scenario_has_a_database_of_its_own() -> None:
    text = shipped("attestation").files["scenarios/delivered.yaml"].decode()
    report = played(shipped("attestation"), text, text)
    assert report.passed  # both are number 000001 of the register


def test_a_case_is_claimed_rectified_reopened_attached_and_cancelled() -> None:
    when = """
  - {claim: A, as: desk}
  - {complete: A, as: desk.2, refused: claimed_by_other}
  - {complete: A, as: desk, with: {n: 2}}
  - {reopen: A, as: desk, reason: trop vite}
  - {rectify: n, to: 5, as: desk, reason: faute de frappe}
  - {attach: other, as: desk}
  - {cancel: Le demandeur se désiste, as: desk}
"""
    kinds = (
        "case.started, task.claimed, task.completed, task.reopened, case.rectified, "
        "case.attached, case.cancelled"
    )
    then = f"then: {{status: cancelled, tasks: [], values: {{n: 5}}, history: [{kinds}]}}\n"
    made = bundle(START, START_FORM, user("B"), ends("E"), flows("S > A > B > E"))
    report = played(made, story(when, then, "start: {as: desk, with: {n: 1}}\n"))
    assert report.results[0].faults == ()


def test_a_message_is_sent_to_the_case_or_to_a_key() -> None:
    beside = '<message id="M" name="papers"/>'
    event = '<messageEventDefinition messageRef="M"/>'
    for key, given in (("case.reference", ""), ("&quot;k7&quot;", ", key: k7")):
        catch = node("intermediateCatchEvent", "C", event, mq__key=key)
        made = bundle(START, catch, ends("E"), flows("S > C > E"), beside=beside)
        sent = f"  - {{send: papers, as: desk{given}}}\n"
        assert played(made, story(sent, "then: {status: completed}\n")).results[0].faults == ()


def test_a_wait_stops_at_all_that_falls_due_on_the_way() -> None:
    first = node("boundaryEvent", "T1", duration("P3D"), attachedToRef="A")
    second = node("boundaryEvent", "T2", duration("P2D"), attachedToRef="B")
    made = bundle(
        START, user("A", "B", "C"), first, second, ends("E", "F", "G"),
        flows("S > A > E", "T1 > B > F", "T2 > C > G"),
    )  # fmt: skip
    early = story("  - wait: P4DT23H\n", "then: {tasks: [B], through: [T1_B]}\n")
    due = story("  - wait: P5D\n", "then: {tasks: [C], through: [T1, T2, T2_C]}\n")
    moment = story("  - wait: 2026-03-07T10:00:00+01:00\n", "then: {tasks: [C]}\n")
    assert [result.faults for result in played(made, early, due, moment).results] == [()] * 3


def test_a_cycle_fires_each_time_during_one_wait() -> None:
    often = node("boundaryEvent", "T", cycle("R3/P1D"), attachedToRef="A", cancelActivity="false")
    made = bundle(START, user("A", "N"), often, ends("E", "F"), flows("S > A > E", "T > N > F"))
    report = played(made, story("  - wait: P10D\n", "then: {tasks: [A, N, N, N]}\n"))
    assert report.results[0].faults == ()
    second = "  - wait: P10D\n  - {complete: N, as: desk, nth: 3}\n"
    assert played(made, story(second, "then: {tasks: [A, N, N]}\n")).passed


def test_a_wait_that_never_ends_is_told() -> None:
    often = node("boundaryEvent", "T", cycle("R/PT1S"), attachedToRef="A", cancelActivity="false")
    made = bundle(START, user("A"), often, ends("E", "F"), flows("S > A > E", "T > F"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.work.playing._FIRINGS", 20)
        assert fault(played(made, story("  - wait: P1D\n"))) == ("when 1 (wait P1D)", "endless")


# -- what goes otherwise --

SPOILT = [
    ("status: completed", "status: open", "then.status"),
    ("tasks: []", "tasks: [Sign]", "then.tasks"),
    ("path: [F1, F2, F3]", "path: [F1, F2]", "then.path"),
    ("path: [F1, F2, F3]", "path: [F2, F1, F3]", "then.path"),
    ("through: [Sign, F2, Issue, Delivered]", "through: [Issue, Sign]", "then.through (Sign)"),
    ("copies: 1, name_fr", "copies: 2, name_fr", "then.values.copies"),
    ("values: {copies: 1,", "values: {absent: 1,", "then.values.absent"),
    ("registers: [attestation/MAR/2026/000001]", "registers: []", "then.registers"),
    ("task.completed, certificate.issued", "task.completed", "then.history"),
    ("status: completed", "status: completed\n  incidents: [job_failed]", "then.incidents"),
    ("status: completed", "status: completed\n  certificates: {attestation: [Omar]}",
     "then.certificates.attestation"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "spoilt", "place"), SPOILT)
def test_what_does_not_come_true_is_named(said: str, spoilt: str, place: str) -> None:
    made = shipped("attestation")
    text = made.files["scenarios/delivered.yaml"].decode()
    assert said in text
    report = played(made, text.replace(said, spoilt))
    assert not report.passed
    assert [found.place for found in report.results[0].faults] == [place]


@pytest.mark.parametrize(
    ("step", "place", "code"),
    [
        ("{complete: B, as: desk}", "when 1 (complete B)", "no_task"),
        ("{complete: A, as: desk, nth: 2}", "when 1 (complete A)", "no_task"),
        ("{complete: A, as: desk, with: {n: x}}", "when 1 (complete A)", "refused"),
        ("{complete: A, as: desk, refused: form_invalid}", "when 1 (complete A)", "accepted"),
        ("{complete: A, as: desk, with: {n: x}, refused: not_yours}", "when 1 (complete A)",
         "other"),
        ("{complete: A, as: desk, with: {n: x}, refused: form_invalid, fields: [name]}",
         "when 1 (complete A)", "fields"),
        ("{send: nothing, as: desk}", "when 1 (send nothing)", "refused"),
        ("{reopen: A, as: desk, reason: x}", "when 1 (reopen A)", "no_task"),
        ("wait: 2026-01-01T00:00:00Z", "when 1 (wait 2026-01-01T00:00:00Z)", "file"),
        ("wait: P", "when 1 (wait P)", "file"),
        ("{complete: Aa, as: desk}", "when 1 (complete Aa)", "unknown"),
        ("{complete: A, as: desk, refused: form_wrong}", "when 1 (complete A).refused", "unknown"),
    ],
)  # fmt: skip
def test_a_step_that_goes_otherwise_is_named(step: str, place: str, code: str) -> None:
    made = bundle(START, START_FORM, user("B"), ends("E"), flows("S > A > B > E"))
    report = played(made, story(f"  - {step}\n"))
    assert fault(report) == (place, code)
    assert report.results[0].faults[0].text


def test_an_expected_refusal_names_its_fields() -> None:
    made = bundle(START, START_FORM, ends("E"), flows("S > A > E"))
    step = "{complete: A, as: desk, with: {n: x, born: y}, refused: form_invalid, fields: "
    assert played(made, story(f"  - {step}[n, born]}}\n")).results[0].faults == ()
    assert fault(played(made, story(f"  - {step}[n]}}\n")))[1] == "fields"


def test_an_application_may_be_refused_and_then_there_is_no_case() -> None:
    refused = "start: {as: desk, with: {n: x}, refused: form_invalid, fields: [n]}\n"
    assert played(bundle(), story("", "", refused)).passed
    late = story("  - {complete: A, as: desk}\n", "", refused)
    assert fault(played(bundle(), late)) == ("when 1 (complete A)", "no_case")
    assert fault(played(bundle(), story("", OPEN, refused))) == ("then.status", "differs")


@pytest.mark.parametrize("name", ["tasks", "path", "through", "decisions", "certificates"])
def test_an_expectation_of_what_is_not_there_is_named(name: str) -> None:
    value = "{Zz: 1}" if name in ("decisions", "certificates") else "[Zz]"
    found = played(bundle(), story("", f"then: {{{name}: {value}}}\n"))
    assert fault(found) == (f"then.{name}", "unknown")


def test_a_certificate_that_cannot_be_rendered_fails_where_it_is_due() -> None:
    made = shipped("attestation")
    template = "templates/attestation.html"
    broken = Bundle(made.files | {template: made.files[template].replace(b"data.cin", b"data.no")})
    text = made.files["scenarios/delivered.yaml"].decode()
    report = played(broken, text)
    assert fault(report) == ("when 1 (complete Sign)", "work")
    assert template in report.results[0].faults[0].details["reason"]
    head = text[: text.index("then:")]
    left = "  - wait: P1D\nthen: {status: open, incidents: [job_failed]}\n"
    assert played(broken, head + left).results[0].faults == ()
    unsaid = "  - wait: P1D\nthen: {status: open}\n"
    assert fault(played(broken, head + unsaid)) == ("when 1 (complete Sign)", "work")


def test_a_history_that_does_not_replay_fails_the_scenario(monkeypatch: Any) -> None:
    monkeypatch.setattr("engine.history.chain.broken", lambda reference, events: 1)
    assert fault(scenarios.run(shipped("attestation"))) == ("then", "replay")


def test_what_cannot_be_deployed_is_refused_as_deployment_refuses_it() -> None:
    with pytest.raises(EngineError) as refused:
        scenarios.run(bundle(START, user("A"), ends("E"), flows("S > A")))
    assert refused.value.code == "deployment_refused"


def test_the_settings_of_whoever_tests_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mouqataa.toml").write_text(
        f'data = "{tmp_path}/mine"\ndatabase = "sqlite:///{tmp_path}/mine.db"\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOUQATAA_DATA", str(tmp_path / "other"))
    assert scenarios.run(shipped("attestation")).passed
    assert [path.name for path in tmp_path.iterdir()] == ["mouqataa.toml"]


def test_a_machine_that_cannot_print_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(*_: Any) -> Any:
        raise DocumentUnavailable("no Pango", remedy="install Pango", code="unavailable")

    monkeypatch.setattr(Renderer, "render", lacking)
    report = scenarios.run(shipped("attestation"))
    assert fault(report) == ("when 1 (complete Sign)", "work")
    assert "no Pango" in report.results[0].faults[0].text
