"""Clocks, the timers that name them, the facts they need: each fault by its code and place."""

from datetime import date

import pytest

from decisions.errors import DecisionError
from engine.deployment import clocks
from processes.bundle import Bundle
from tests.deployment.law import APPEAL, FILES, SOURCE, TOML, found

LONG = ('length = [[30, "days"]]\nrule = "ma.default"', '{}\nrule = "ma.default"')
TIMER = 'clock("decision").end'
RECEIVED = 'mq:fact="complement.received"'
OPINION = f"""
[clock.opinion]
{SOURCE}length = [[10, "working_days"]]
obliged = "other"
start = ["complement.received"]
each = "motive"
"""


def swap(length: str, rule: str = "ma.default") -> tuple[str, str]:
    return LONG[0], f'length = {length}\nrule = "{rule}"'


@pytest.mark.parametrize(
    ("change", "code", "element"),
    [
        ((TIMER, 'clock("decisions").end'), "clock.unknown", "Over"),
        ((TIMER, f'{TIMER} + duration("P1D")'), "clock.longer", "Over"),
        ((f"<timeDate>{TIMER}</timeDate>", f"<timeDuration>{TIMER}</timeDuration>"),
         "clock.timer_kind", "Over"),
        ((f"<timeDate>{TIMER}</timeDate>", f"<timeCycle>{TIMER}</timeCycle>"),
         "clock.timer_kind", "Over"),
        ((TIMER, 'clock("decision").reminder("80%")'),
         "clock.silence_unheard", "clock.decision.silence"),
        (('reminder("80%")', 'reminder("70%")'), "clock.reminder", "Soon"),
        ((TIMER, 'clock("decision", n).end'), "clock.once", "Over"),
        ((APPEAL, APPEAL + OPINION), "clock.each", "Bring"),
        (('mq:fact-with="motive"', ""), "clock.motive", "Extend"),
        (('"ma.default"', '"ma.defaut"'), "clock.rule", "clock.decision.rule"),
        (('obliged = "office"\n', ""), "clock.obliged", "clock.decision"),
        (("reminders =", "reminder ="), "clock.invalid", "clock.decision.reminder"),
        (swap('[[0, "days"]]'), "clock.invalid", "clock.decision.length"),
        ((APPEAL, APPEAL.replace("[clock.appeal]", "[[clock.appeal]]") * 2),
         "clock.in_force", "clock.appeal"),
        (('stop = ["complement.received"]',
          'stop = ["complement.received", "clock.decision.lapsed"]'),
         "clock.cycle", "clock.decision"),
        (('"clock.complement.lapsed"', '"clock.complements.lapsed"'),
         "clock.unknown", "clock.decision"),
        ((RECEIVED, 'mq:fact="complement.come"'), "clock.fact_unreachable", "clock.decision"),
        ((RECEIVED, 'mq:fact="complement.come"'), "fact.unread", "Bring"),
        (('"case.cancelled"', '"case.withdrawn"'), "clock.fact_unheard", "clock.decision"),
        ((RECEIVED, ""), "clock.fact_unreachable", "clock.decision"),
        ((RECEIVED, 'mq:fact-with="n"'), "fact.alone", "Bring"),
        ((RECEIVED, 'mq:fact="case.filed"'), "fact.kind", "Bring"),
        ((RECEIVED, 'mq:fact="clock.decision.lapsed"'), "fact.kind", "Bring"),
        ((RECEIVED, 'mq:fact="received"'), "fact.kind", "Bring"),
        ((RECEIVED, f'{RECEIVED} mq:fact-with="n m"'), "fact.variable", "Bring"),
        ((RECEIVED, f'{RECEIVED} mq:fact-with="born"'), "fact.personal", "Bring"),
        ((RECEIVED, f'{RECEIVED} mq:fact-at="n"'), "fact.proof", "Bring"),
        ((RECEIVED, f'{RECEIVED} mq:fact-at="n" mq:fact-proof="slip"'), "fact.proof", "Bring"),
        ((RECEIVED, f'{RECEIVED} mq:fact-at="born" mq:fact-proof="plan"'),
         "fact.personal", "Bring"),
        (('id="How" name="How"', 'id="How" name="How" mq:fact="decision.notified"'),
         "fact.place", "How"),
        (('id="E1" name="E1"', 'id="E1" name="E1" mq:fact="delay.extended" mq:fact-with="motive"'),
         "", ""),
        (('id="E" name="E"', 'id="E" name="E" mq:outcome="grant"'), "attribute", "E"),
        (('jurisdiction = "morocco"', 'jurisdiction = "marocco"'), "jurisdiction", "jurisdiction"),
    ],
)  # fmt: skip
def test_each_fault_of_a_clock_is_found_where_it_stands(
    change: tuple[str, str], code: str, element: str
) -> None:
    told = found(change)
    assert told.get(code) == element if code else told == {}


@pytest.mark.parametrize(
    "change",
    [
        (APPEAL, APPEAL + OPINION.replace("motive", "n")),
        (RECEIVED, f'{RECEIVED} mq:fact-at="n" mq:fact-proof="plan"'),
        (RECEIVED, f'{RECEIVED} mq:fact-with="n"'),
        ('"case.cancelled", ', ""),
    ],
)
def test_what_is_complete_is_accepted(change: tuple[str, str]) -> None:
    carried = (RECEIVED, f'{RECEIVED} mq:fact-with="n"')
    assert found(change, *([carried] if change[0] == APPEAL else [])) == {}


def test_the_nearest_rule_is_named() -> None:
    toml = TOML.replace('"ma.default"', '"ma.defaut"')
    told = [f for f in clocks.check(Bundle({"procedure.toml": toml.encode()})) if f.words]
    assert "ma.default" in told[0].remedy


def test_tables_in_force_one_after_the_other_leave_no_day_open() -> None:
    first = APPEAL.replace("[clock.appeal]", "[[clock.appeal]]")
    before = first + "in_force = { to = 2026-06-30 }\n"
    after = first + "in_force = { from = 2026-07-01 }\n"
    assert found((APPEAL, after + before)) == {}
    late = after.replace("2026-07-01", "2026-07-02")
    assert found((APPEAL, before + late)) == {"clock.in_force": "clock.appeal"}
    early = after.replace("2026-07-01", "2026-06-30")
    assert found((APPEAL, before + early)) == {"clock.in_force": "clock.appeal"}


def test_after_an_end_that_means_nothing_nothing_is_granted_but_by_a_person() -> None:
    silent = ('effect = "consent"', 'effect = "none"')
    granted = ('sourceRef="Over" targetRef="Attest"', 'sourceRef="Over" targetRef="Permit"')
    cut = '<sequenceFlow id="Attest_E1" sourceRef="Attest" targetRef="E1"></sequenceFlow>'
    dropped = (cut, '<sequenceFlow id="Over_Attest2" sourceRef="Soon" targetRef="Attest">'
                    "</sequenceFlow>" + cut)  # fmt: skip
    assert found(silent, granted, dropped)["clock.lapse_grants"] == "Over"
    decided = (granted[0], 'sourceRef="Over" targetRef="Refuse"')
    assert "clock.lapse_grants" not in found(silent, decided, dropped)


def test_what_stops_a_clock_is_drawn_where_it_runs() -> None:
    late = 'start = ["case.filed"]', 'start = ["decision.notified"]'
    assert found(late)["clock.fact_order"] == "clock.decision"


@pytest.mark.parametrize(
    ("length", "rule", "told"),
    [
        ('[[90, "days"]]', "nl.awb", set()),
        ('[[91, "days"]]', "nl.awb", {"clock.rule_at_most"}),
        ('[[12, "weeks"]]', "nl.awb", set()),
        ('[[13, "weeks"]]', "nl.awb", {"clock.rule_at_most"}),
        ('[[3, "months"]]', "nl.awb", set()),
        ('[[4, "months"]]', "nl.awb", {"clock.rule_at_most"}),
        ('[[1, "years"]]', "nl.awb", {"clock.rule_at_most"}),
        ('[[48, "hours"]]', "nl.awb", {"clock.rule_at_most"}),
        ('[[2, "months"], [20, "days"]]', "nl.awb", set()),
        ('[[2, "months"], [40, "days"]]', "nl.awb", {"clock.rule_at_most"}),
        ('[[1, "years"]]', "nl.long", set()),
    ],
)
def test_the_dutch_minimum_holds_for_short_delays_only(
    length: str, rule: str, told: set[str]
) -> None:
    toml = TOML.replace('"morocco"', '"netherlands"').replace("ma.full", "nl.awb")
    toml = toml.replace(LONG[0], f'length = {length}\nrule = "{rule}"')
    toml = toml.replace("[clock.decision.extension]", "[clock.x]\n[clock.decision.extension]")
    bundle = Bundle({"procedure.toml": _without_extension(toml)})
    assert {fault.code for fault in clocks.check(bundle)} == told


def _without_extension(toml: str) -> bytes:
    before, _, rest = toml.partition("[clock.x]")
    return (before + "[clock.decision.silence]" + rest.partition("[clock.decision.silence]")[2]
            ).encode()  # fmt: skip


def test_rules_that_a_bundle_brings_are_kept_and_told() -> None:
    own = (
        b'name = "morocco"\n[rules."ma.default"]\narticle = "A"\nsource = "b"\nread = 2026-11-23\n'
    )
    toml = TOML.replace('rule = "ma.full"\n', "")
    files = {**FILES, "procedure.toml": toml.encode(), "rules/morocco.toml": own}
    told = list(clocks.check(Bundle(files)))
    assert [(fault.code, fault.severity) for fault in told] == [("rules_differ", "warning")]


def test_the_clocks_of_a_bundle_count_by_the_rules_of_its_jurisdiction() -> None:
    decision, complement, appeal = clocks.clocks(Bundle({"procedure.toml": TOML.encode()}))
    assert (decision.rule_name, decision.rule.roll) == ("ma.default", "next")
    assert appeal.rule.franc
    assert (complement.on_revision, decision.article) == ("never_earlier", "A 1")


def test_a_clock_that_cannot_be_read_is_refused_by_its_key() -> None:
    toml = TOML.replace('"days"]]\nrule', '"fortnights"]]\nrule', 1)
    with pytest.raises(DecisionError, match=r"clock\.decision\.length"):
        clocks.clocks(Bundle({"procedure.toml": toml.encode()}))


def test_a_calendar_reaches_to_the_end_of_the_longest_delay() -> None:
    granted = clocks.clocks(Bundle({"procedure.toml": TOML.encode()}))
    today = date(2026, 11, 1)
    assert list(clocks.horizon(granted, date(2026, 12, 31), today)) == []
    told = list(clocks.horizon(granted, date(2026, 12, 30), today))
    assert [(f.code, f.element) for f in told] == [("clock.horizon", "clock.decision")]
    assert "2026-12-31" in told[0].message
