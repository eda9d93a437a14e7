"""The clocks in procedure.toml and the rules of a jurisdiction, as plain tables with sources."""

from datetime import date

import pytest

from processes import jurisdictions, procedure
from processes.bundle import Bundle
from processes.errors import BundleError
from tests.deployment.bundles import TOML

SOURCE = 'article = "A 1"\nsource = "a book"\nread = 2026-11-23\n'
CLOCK = f"""
[clock.decision]
{SOURCE}length = [[30, "days"]]
rule = "ma.default"
obliged = "office"
start = ["case.filed"]
in_force = {{ from = 2023-07-13 }}
[[clock.decision.suspension]]
on = "complement.requested"
until = ["complement.received"]
"""
HEAD = 'jurisdiction = "morocco"\n'


def read(toml: str) -> procedure.Procedure:
    return procedure.read((HEAD + TOML + toml).encode())


def test_a_clock_is_kept_as_it_is_written() -> None:
    (table,) = read(CLOCK).clocks["decision"]
    assert table["length"] == [[30, "days"]]
    assert table["in_force"] == {"from": date(2023, 7, 13)}
    assert table["suspension"][0]["on"] == "complement.requested"
    assert (table["article"], table["read"]) == ("A 1", date(2026, 11, 23))


def test_several_tables_of_one_clock_are_kept_in_their_order() -> None:
    first = CLOCK.partition("in_force")[0].replace("[clock.decision]", "[[clock.decision]]")
    second = first.replace("30", "15")
    lengths = [table["length"] for table in read(first + second).clocks["decision"]]
    assert lengths == [[[30, "days"]], [[15, "days"]]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('article = "A 1"\n', "", "clock.decision.article is missing"),
        ('source = "a book"\n', "", "clock.decision.source is missing"),
        ("read = 2026-11-23\n", "", "clock.decision.read is missing"),
        ("clock.decision", "clock.Decision", "must match"),
        ("30", "30.5", "clock.decision.length must be a text, a whole number or a date"),
        ("2023-07-13", "2023-07-13T00:00:00", "clock.decision.in_force.from must be"),
        ("[clock.decision]", "[clock]\ndecision = 1\n[other]", "clock.decision must be a table"),
    ],
)
def test_a_clock_of_the_wrong_shape_is_refused_by_name(old: str, new: str, told: str) -> None:
    with pytest.raises(BundleError, match=told):
        read(CLOCK.partition("[[clock")[0].replace(old, new))


def test_a_clock_needs_the_rules_of_a_jurisdiction() -> None:
    with pytest.raises(BundleError, match="jurisdiction is missing"):
        procedure.read((TOML + CLOCK).encode())


def test_the_kinds_of_facts_have_names_that_are_translated() -> None:
    found = read('[facts."complement.requested"]\nname = "demande de pièces"\n')
    assert found.fact_names == {"complement.requested": "demande de pièces"}
    assert "demande de pièces" in found.texts


@pytest.mark.parametrize("kind", ["complement", "Complement.requested", "a..b", "a.b.c.d.e"])
def test_a_name_that_is_no_kind_of_fact_is_refused(kind: str) -> None:
    with pytest.raises(BundleError, match="must match"):
        read(f'[facts."{kind}"]\nname = "x"\n')


@pytest.mark.parametrize("name", ["european_union", "france", "morocco", "netherlands"])
def test_every_shipped_rule_says_its_article_its_source_and_when_it_was_read(name: str) -> None:
    text = jurisdictions.part(name)
    assert text is not None
    found = jurisdictions.read(name, text)
    assert found.name == name
    assert found.rules
    for row in found.rules.values():
        assert {"article", "source", "read"} <= row.keys()


def test_nothing_else_is_shipped_and_other_names_are_none() -> None:
    assert jurisdictions.names() == ("european_union", "france", "morocco", "netherlands")
    assert jurisdictions.part("atlantis") is None
    assert jurisdictions.part("../cities/casablanca") is None


def test_morocco_lists_nine_acts_and_two_limits() -> None:
    found = jurisdictions.read("morocco", jurisdictions.part("morocco") or b"")
    assert len(found.consents) == 9
    assert {(limit.days, limit.investment) for limit in found.limits} == {(60, False), (30, True)}


@pytest.mark.parametrize(
    "broken", ["name = 1", 'name = "x"\n[rules.a]\nroll = "next"', 'name = "x"\nother = 1', "\xff"]
)
def test_a_file_of_rules_is_read_strictly(broken: str) -> None:
    with pytest.raises(BundleError, match=r"rules/x\.toml"):
        jurisdictions.read("rules/x.toml", broken.encode("latin-1"))


def test_the_rules_that_a_bundle_brings_count_before_those_that_are_shipped() -> None:
    files = {"procedure.toml": (HEAD.replace("morocco", "france") + TOML).encode()}
    shipped = Bundle(files).jurisdiction
    assert shipped is not None
    assert "fr.641" in shipped.rules
    own = Bundle(files | {"rules/france.toml": b'name = "france of old"'}).jurisdiction
    assert own is not None
    assert own.rules == {}


def test_a_procedure_without_jurisdiction_has_no_rules() -> None:
    assert Bundle({"procedure.toml": TOML.encode()}).jurisdiction is None
