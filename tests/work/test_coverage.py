"""Coverage counts the author's own flows and every rule of every table."""

from engine.work import coverage
from processes.bundle import Bundle
from tests.deployment.bundles import bundle
from tests.runtime.models import START, duration, ends, flows, node, user
from tests.work.test_scenarios import OPEN, played, story

DMN = """
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="t" namespace="urn:t">
  <inputData id="i" name="{input}"/>
  <decision id="base" name="base"><informationRequirement><requiredInput href="#i"/>
    </informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression><text>{input}</text></inputExpression></input><output name="o"/>
      <rule id="low"><inputEntry><text>{low}</text></inputEntry>
        <outputEntry><text>"low"</text></outputEntry></rule>
      <rule id="rest"><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"rest"</text></outputEntry></rule>
    </decisionTable></decision>
  <decision id="top" name="top">
    <informationRequirement><requiredDecision href="#base"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression><text>base</text></inputExpression></input><output name="o"/>
      <rule id="low"><inputEntry><text>"low"</text></inputEntry>
        <outputEntry><text>1</text></outputEntry></rule>
      <rule id="rest"><inputEntry><text>"rest"</text></inputEntry>
        <outputEntry><text>2</text></outputEntry></rule>
    </decisionTable></decision>
</definitions>
"""


def deciding(toml: str = "", **filled: str) -> Bundle:
    decide = node("businessRuleTask", "D", mq__decision="top", mq__result="o")
    return bundle(
        START, decide, user("A"), ends("E"), flows("S > D > A > E"), toml=toml,
        files={"rules.dmn": DMN.format(**filled).encode()},
    )  # fmt: skip


def test_flows_that_deployment_adds_are_not_counted_and_the_author_s_keep_their_ids() -> None:
    timer = node("boundaryEvent", "T", duration("P3D"), attachedToRef="A", cancelActivity="false")
    made = bundle(
        START, user("A", "B", "C", "N"), timer, flows("S > A", "A > B", "A > C", "T > N")
    )  # fmt: skip
    assert list(coverage.drawn(made).flows) == ["S_A", "A_B", "A_C", "T_N"]
    done = story("  - {complete: A, as: desk}\n", "then: {tasks: [B, C], path: [S_A, A_B, A_C]}\n")
    report = played(made, done)
    assert report.results[0].faults == ()
    assert (report.flows.reached, report.flows.total) == (3, 4)
    assert report.flows.missing == ("T_N (T → N)",)
    late = story("  - wait: P3D\n")
    assert played(made, done, late).complete


def test_a_failed_scenario_counts_for_what_it_reached() -> None:
    made = bundle(START, user("A", "B"), ends("E"), flows("S > A > B > E"))
    report = played(made, story("  - {complete: A, as: desk}\n", "then: {status: completed}\n"))
    assert not report.passed
    assert report.flows.missing == ("B_E (B → E)",)


def test_rules_count_in_required_decisions_too() -> None:
    made = deciding(input="n", low="&lt; 5")
    low = story("", "then: {decisions: {top: 1}}\n", "start: {as: desk, with: {n: 1}}\n")
    high = story("", "then: {decisions: {top: 2}}\n", "start: {as: desk, with: {n: 9}}\n")
    report = played(made, low)
    assert report.results[0].faults == ()
    assert (report.rules.reached, report.rules.total) == (2, 4)
    assert report.rules.missing == ("base rest", "top rest")
    assert played(made, low, high).rules.missing == ()


def test_rules_on_personal_values_count_although_no_trace_is_kept() -> None:
    made = deciding('[data]\nfacts = ["o"]\n', input="born", low='&lt; date("2000-01-01")')
    begin = "start: {as: desk, with: {born: 1990-05-01}}\n"
    report = played(made, story("", "then: {decisions: {top: 1}}\n", begin))
    assert report.results[0].faults == ()
    assert report.rules.missing == ("base rest", "top rest")


def test_without_scenarios_nothing_is_reached() -> None:
    report = played(bundle())
    assert (report.results, report.passed, report.complete) == ((), True, False)
    assert report.flows.reached == 0
    assert played(bundle(), story("", OPEN)).flows.reached == 1


def test_flows_inside_subprocesses_and_called_processes_count() -> None:
    inner = node("startEvent", "S2") + user("B") + ends("E2") + flows("S2 > B > E2")
    called = (
        '<process id="called"><laneSet id="L2"><lane id="L3" name="Desk">'
        "<flowNodeRef>C</flowNodeRef></lane></laneSet>"
        + node("startEvent", "S3") + user("C") + ends("E3") + flows("S3 > C > E3") + "</process>"
    )  # fmt: skip
    loop = "multiInstanceLoopCharacteristics"
    many = f"<{loop}><loopCardinality>2</loopCardinality></{loop}>"
    made = bundle(
        START, node("subProcess", "P", inner), node("callActivity", "K", calledElement="called"),
        node("userTask", "M", many), ends("E"), flows("S > P > K > M > E"), beside=called,
    )  # fmt: skip
    steps = "".join(f"  - {{complete: {element}, as: desk}}\n" for element in "BCMM")
    report = played(made, story(steps, "then: {status: completed}\n"))
    assert report.results[0].faults == ()
    assert (report.flows.reached, report.flows.missing) == (8, ())
