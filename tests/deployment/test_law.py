"""What the law of Morocco asks: each check finds its fault, and nothing in the sound twin."""

import pytest

from processes import jurisdictions
from tests.deployment.law import TOML, found

SILENT = ('effect = "consent"', 'effect = "none"')


def test_a_procedure_that_keeps_the_law_is_accepted_without_a_word() -> None:
    assert found() == {}


def test_a_procedure_that_names_no_jurisdiction_is_asked_nothing_of_its_law() -> None:
    bare = TOML.partition("[clock.decision]")[0].replace('jurisdiction = "morocco"\n', "")
    faults = found(toml=bare)
    assert {code for code in faults if code.startswith(("law", "clock"))} == {"clock.unknown"}


@pytest.mark.parametrize(
    ("changes", "code", "element"),
    [
        # A clock against the office on every request.
        ([('start = ["case.filed"]', 'start = ["complement.received"]')], "law.no_clock", "clock"),
        ([('obliged = "office"', 'obliged = "other"')], "law.no_clock", "clock"),
        # No longer than the law allows.
        ([('length = [[30, "days"]]\nrule = "ma.default"',
           'length = [[61, "days"]]\nrule = "ma.default"')],
         "law.delay_too_long", "clock.decision.length"),
        ([('length = [[30, "days"]]\nrule = "ma.default"',
           'length = [[2, "months"]]\nrule = "ma.default"')],
         "law.delay_too_long", "clock.decision.length"),
        ([('act = "building_permit"', 'act = "building_permit"\ninvestment = true'),
          ('length = [[30, "days"]]\nrule = "ma.default"',
           'length = [[31, "days"]]\nrule = "ma.default"')],
         "law.delay_too_long", "clock.decision.length"),
        # One complement, once, with an end.
        ([("at_most = 1\n", "")], "law.second_complement", "clock"),
        ([("at_most = 1\n", "at_most = 2\n")], "law.second_complement", "clock"),
        ([('sourceRef="Bring" targetRef="Extend"', 'sourceRef="Bring" targetRef="Look"'),
          ('sourceRef="Extend" targetRef="Decide"', 'sourceRef="Look" targetRef="Extend"'),
          ('sourceRef="Look" targetRef="G"', 'sourceRef="Extend" targetRef="G"')],
         "law.second_complement", "Ask"),
        ([('"clock.complement.lapsed"', '"case.cancelled"')],
         "law.complement_without_end", "clock"),
        # One extension, for a motive of the law.
        ([('motives = ["expertise"]', "motives = []")],
         "law.extension_open", "clock.decision.extension"),
        ([('motives = ["expertise"]', 'motives = ["expertise"]\nat_most = 2')],
         "law.extension_open", "clock.decision.extension"),
        # Silence grants nine acts, and the commune prints nothing after it.
        ([('act = "building_permit"', 'act = "marriage"')],
         "law.silence_not_listed", "clock.decision.silence"),
        ([('>"attestation"<', '>"permit"<')], "law.silence_prints_permit", "Over"),
        # A refusal says why.
        ([("forms/refuse.json", "forms/loose.json")], "law.refusal_without_motive", "Refusal"),
        ([('motive = "motive"\n', "")], "law.refusal_without_motive", "Refusal"),
        # An appeal is opened, by whom and on both occasions.
        ([('start = ["decision.notified", "clock.decision.lapsed"]',
           'start = ["clock.decision.lapsed"]')], "law.appeal_missing", "clock"),
        ([SILENT, ('start = ["decision.notified", "clock.decision.lapsed"]',
                   'start = ["decision.notified"]')], "law.appeal_missing", "clock.decision"),
        ([('[appeal]\nauthority = "Gouverneur"\ntext = "Un recours est ouvert."\n'
           'source = "a book"\nread = 2026-11-23\n', "")], "law.appeal_missing", "appeal"),
        # A receipt comes first.
        ([('sourceRef="S" targetRef="Receive"', 'sourceRef="S" targetRef="Wait"'),
          ('<serviceTask id="Receive"',
           '<userTask id="Wait" name="Wait"/><sequenceFlow id="W" sourceRef="Wait" '
           'targetRef="Receive"/><serviceTask id="Receive"'),
          ("<flowNodeRef>Receive</flowNodeRef>",
           "<flowNodeRef>Receive</flowNodeRef><flowNodeRef>Wait</flowNodeRef>")],
         "law.no_receipt", "certificates"),
        ([('kind = "receipt"', 'kind = "notice"')], "law.no_receipt", "certificates"),
        # Papers.
        ([('name = "Plan"', 'name = "Plan"\nform = "legalised"')],
         "law.legalised_paper", "papers.plan"),
        ([('name = "Plan"', 'name = "Plan"\nform = "certified_copy"')],
         "law.legalised_paper", "papers.plan"),
        ([('name = "Plan"', 'name = "Plan"\ncopies = 3')], "law.legalised_paper", "papers.plan"),
        ([('name = "Plan"', 'name = "Plan"\nissuer = "commune"')],
         "law.paper_held", "papers.plan"),
    ],
)  # fmt: skip
def test_what_breaks_the_law_is_found_where_it_stands(
    changes: list[tuple[str, str]], code: str, element: str
) -> None:
    assert found(*changes).get(code) == element


@pytest.mark.parametrize(
    "changes",
    [
        [('length = [[30, "days"]]\nrule = "ma.default"',
          'length = [[60, "days"]]\nrule = "ma.default"')],
        [('act = "building_permit"', 'act = "building_permit"\ninvestment = true')],
        [('name = "Plan"', 'name = "Plan"\nform = "declaration"\nissuer = "dgsn"')],
        [SILENT],
    ],
)  # fmt: skip
def test_what_the_law_allows_is_accepted(changes: list[tuple[str, str]]) -> None:
    assert found(*changes) == {}


AGAIN = (
    ('sourceRef="Bring" targetRef="Extend"', 'sourceRef="Bring" targetRef="Look"'),
    ('sourceRef="Extend" targetRef="Decide"', 'sourceRef="Look" targetRef="Extend"'),
    ('sourceRef="Look" targetRef="G"', 'sourceRef="Extend" targetRef="G"'),
    ("n = 1", "motive = null"),
)


def test_a_way_back_that_knows_it_was_asked_asks_no_second_time() -> None:
    assert found(*AGAIN)["law.second_complement"] == "Ask"
    remembered = ('id="Ask" name="Ask"', 'id="Ask" name="Ask" mq:form="forms/loose.json"')
    assert "law.second_complement" not in found(*AGAIN, remembered)


def test_a_receipt_beside_the_first_task_comes_first_and_an_alternative_does_not() -> None:
    def split(kind: str) -> dict[str, str]:
        both = (
            f'<{kind} id="B" name="B" default="B_Receive"/><sequenceFlow id="B_Receive" '
            'sourceRef="B" targetRef="Receive"/><sequenceFlow id="B_Wait" sourceRef="B" '
            'targetRef="Wait">'
        ).replace(
            ' default="B_Receive"', "" if kind == "parallelGateway" else ' default="B_Receive"'
        )
        asks = (
            "" if kind == "parallelGateway" else "<conditionExpression>n = 1</conditionExpression>"
        )
        beside = '</sequenceFlow><userTask id="Wait" name="Wait"/><serviceTask id="Receive"'
        return found(
            ('sourceRef="S" targetRef="Receive"', 'sourceRef="S" targetRef="B"'),
            ('<serviceTask id="Receive"', both + asks + beside),
            ("<flowNodeRef>Receive</flowNodeRef>",
             "<flowNodeRef>Receive</flowNodeRef><flowNodeRef>Wait</flowNodeRef>"),
        )  # fmt: skip

    assert "law.no_receipt" not in split("parallelGateway")
    assert split("exclusiveGateway")["law.no_receipt"] == "certificates"


def test_a_receipt_prints_what_the_order_asks() -> None:
    faults = found(templates__receipt=b"{{ receipt.deposited_fr }}")
    assert faults == {"law.no_receipt": "certificates.receipt"}


def test_a_refusal_prints_its_motive_and_the_appeal() -> None:
    silent = found(templates__refusal=b"{{ receipt.appeal_fr }}")
    assert silent == {"law.refusal_without_motive": "certificates.refusal"}
    alone = found(templates__refusal=b"{{ data.motive }}")
    assert alone == {"law.appeal_missing": "certificates.refusal"}


def test_a_form_asks_for_no_paper_that_is_not_listed() -> None:
    asks = b"""{"title": "P", "type": "object", "additionalProperties": false, "properties": {
        "papers": {"title": "P", "type": "array", "items": {"type": "string", "enum": ["plan"]}},
        "%s": {"title": "F", "type": "string", "x-widget": "file"}}}"""
    at = 'id="Tell" name="Tell"', 'id="Tell" name="Tell" mq:form="forms/tell.json"'
    assert found(at, **{"forms/tell.json": asks % b"plan"}) == {}
    assert found(at, **{"forms/tell.json": asks % b"will"}) == {"law.unlisted_paper": "will"}
    listed = asks.replace(b'["plan"]', b'["plan", "deed"]') % b"plan"
    assert found(at, **{"forms/tell.json": listed}) == {"law.unlisted_paper": "deed"}


def test_a_signature_depends_on_no_tax() -> None:
    taxed = ('key = "plan"', 'key = "quitus_fiscal"')
    assert "law.tax_condition" not in found(taxed)
    legalisation = ('act = "building_permit"', 'act = "signature_legalisation"')
    assert found(taxed, legalisation, SILENT) == {"law.tax_condition": "papers.quitus_fiscal"}
    assert found(legalisation, SILENT) == {}


def test_the_article_of_the_law_is_told() -> None:
    text = jurisdictions.part("morocco") or b""
    asked = jurisdictions.read("morocco", text).requirements
    assert asked["law.refusal_without_motive"].basis.article == "loi 03-01 ; loi 55-19"
    assert {"law.no_receipt", "law.no_clock", "law.tax_condition"} <= asked.keys()
