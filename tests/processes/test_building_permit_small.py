"""What the scenarios of the building permit do not say: each fact is the same in every place."""

import json
from decimal import Decimal

from decisions import dmn
from tests.conftest import bundle

OPENED = bundle("building_permit_small")
FILES = OPENED.files
PAPERS = [paper.key for paper in OPENED.procedure.papers]
WORDS = {15: ("quinze jours", "خمسة عشر يوما"), 30: ("trente jours", "ثلاثين يوما")}


def length(name: str) -> int:
    """The days that the only table of a clock grants."""
    [table] = OPENED.procedure.clocks[name]
    [[days, unit]] = table["length"]
    assert unit == "days"
    return int(days)


def test_the_words_of_the_letters_are_the_lengths_of_the_clocks() -> None:
    french, arabic = WORDS[length("complement")]
    for name in ("complement", "classement"):
        template = FILES[f"templates/{name}.html"].decode()
        assert french in template, name
        assert arabic in template, name
    [decision] = OPENED.procedure.clocks["decision"]
    [[added, _]] = decision["extension"]["length"]
    for word in WORDS[added]:
        assert word in FILES["templates/prolongation.html"].decode()
    delay, appeal = OPENED.procedure.delay, OPENED.procedure.appeal
    assert delay is not None
    assert appeal is not None
    assert (delay.text.lower(), OPENED.translations.text(delay.text, "ar")) == WORDS[
        length("decision")
    ]
    assert appeal.text.count(WORDS[length("appeal")][0]) == 2
    assert length("appeal_answer") == length("appeal")


def test_the_motives_of_an_extension_are_those_that_its_form_offers() -> None:
    [decision] = OPENED.procedure.clocks["decision"]
    asked = json.loads(FILES["forms/extension.json"])["properties"]["motive"]["enum"]
    assert asked == decision["extension"]["motives"]


def test_the_papers_of_the_forms_and_of_the_table_are_those_of_the_facts() -> None:
    for name in ("application", "examination"):
        form = json.loads(FILES[f"forms/{name}.json"])["properties"]["papers"]
        assert form["items"]["enum"] == PAPERS, name
    listed = json.dumps(PAPERS)
    assert f"every paper in {listed} satisfies" in FILES["recevabilite.dmn"].decode()


def test_the_tax_of_the_table_is_the_fee_of_the_facts() -> None:
    fees = {fee.key: fee.amount for fee in OPENED.procedure.fees}
    table = dmn.read(FILES["taxe_construction.dmn"]).decisions["construction_tax"]
    for use, key in (
        ("habitat_individuel", "habitat_individuel"), ("recasement", "recasement"),
        ("habitat_collectif", "autres"), ("commerce", "autres"), ("industrie", "autres"),
        ("bureau", "autres"), ("administratif", "autres"),
    ):  # fmt: skip
        given = {"project_kind": "construction", "use": use, "floor_area": Decimal("99.5"),
                 "overhang": Decimal(0)}  # fmt: skip
        assert table.evaluate(given).value == {"area": 100, "amount": 100 * fees[key]}, use
    given = {"project_kind": "restauration", "use": "commerce", "floor_area": Decimal(9),
             "overhang": Decimal(0)}  # fmt: skip
    assert table.evaluate(given).value == {"area": 9, "amount": fees["restauration"]}


def test_each_service_of_the_table_has_its_words_on_the_permit_and_its_task() -> None:
    template, model = FILES["templates/permis.html"].decode(), FILES["opinion.bpmn"].decode()
    table = dmn.read(FILES["services.dmn"]).decisions["services"]
    services = table.evaluate({"public_access": True, "use": "commerce"}).value
    assert isinstance(services, list)
    assert len(services) == 3
    for service in services:
        assert template.count(f'"{service}":') == 2, service
    default = "agence_urbaine"
    assert all(f'service = "{one}"' in model for one in services if one != default)


def test_each_reserve_of_the_form_has_its_words_on_the_permit() -> None:
    form = json.loads(FILES["forms/opinion.json"])
    template = FILES["templates/permis.html"].decode()
    for reserve in form["then"]["properties"]["reserves"]["items"]["enum"]:
        assert template.count(f'"{reserve}":') == 2, reserve
