"""What a clock tells a person: golden texts in three languages, and what they rest on."""

import re
from dataclasses import replace
from datetime import date

import pytest

from decisions.clock import run
from decisions.clock.explain import explain
from decisions.clock.receipt import receipt
from decisions.clock.result import Ignored
from decisions.clock.wording import LANGUAGES, texts
from tests.decisions.clock import telling
from tests.decisions.clock.telling import CALENDAR, CASES, FOLDER

REASONS = (
    "already_suspended", "after_the_end", "not_allowed_again", "asked_too_late",
    "motive_not_allowed",
)  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_clock_tells_what_its_golden_text_says(name: str) -> None:
    golden = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert CASES[name].text() == golden, "read, then run: python -m tests.decisions.clock.telling"


def test_every_golden_text_has_its_case() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_languages_say_the_same_number_of_things(name: str) -> None:
    parts = re.split(r"== \w+: \w+\n", CASES[name].text())[1:]
    sizes = [len(part.strip().split("\n")) for part in parts]
    assert sizes[0] == sizes[2] == sizes[4]
    assert sizes[1] == sizes[3] == sizes[5]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_told_somewhere(language: str) -> None:
    """A sentence that no golden case tells is one that nobody has read in its place."""
    told = "\n".join(one.text() for one in CASES.values())
    plain = re.sub("[\u2066-\u2069]", "", told).replace("\u00a0", " ").lower()
    untold = [
        f"{group}.{key}"
        for group in ("explain", "receipt", "rule", "ignored")
        for key, text in texts(language)[group].items()
        if not re.search(re.sub(r"\\\{\w+\\\}", ".*?", re.escape(text.lower())), plain)
    ]
    assert untold == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_a_fact_without_effect_is_told_with_its_reason(language: str, reason: str) -> None:
    told = CASES["running"]
    found = replace(told.result, ignored=(Ignored(1, "complement.requested", reason),))
    last = explain(told.clock, found, CALENDAR, language, telling.NAMES[language])[-1]
    assert telling.NAMES[language]["complement.requested"] in last
    assert last != explain(told.clock, told.result, CALENDAR, language)[-1]


def test_every_reason_of_an_ignored_fact_has_its_text() -> None:
    source = run.__loader__.get_source(run.__name__)  # type: ignore[union-attr]
    found = set(re.findall(r'_ignore\(fact, "(\w+)"\)', source or ""))
    assert found == set(REASONS) == texts("fr")["ignored"].keys()


def test_what_has_no_name_is_told_in_words_of_the_house() -> None:
    told = CASES["suspended"]
    french = explain(told.clock, told.result, CALENDAR, "fr")
    assert any("une demande de l’administration" in line for line in french)
    assert not any("complement" in line for line in french)


def test_a_stopped_clock_names_no_date_to_come() -> None:
    told = CASES["suspended"]
    lines = receipt(told.clock, told.result, CALENDAR, "fr")
    assert any("Il reste 21 jours" in line for line in lines)
    assert not any("au plus tard" in line for line in lines)


def test_without_suspensions_a_receipt_does_not_speak_of_papers() -> None:
    told = replace(CASES["running"], own={"suspension": ()})
    lines = receipt(told.clock, told.result, CALENDAR, "en")
    assert "You will have a decision by Thursday 1 October 2026 at midnight." in lines


def test_a_certifier_without_a_name_is_the_authority_in_charge() -> None:
    silence = {"effect": "consent", "certified_by": "someone"}
    told = replace(CASES["running"], own={"silence": silence})
    lines = receipt(told.clock, told.result, CALENDAR, "en")
    assert "Who attests it: the authority in charge." in lines
    named = receipt(told.clock, told.result, CALENDAR, "en", {"someone": "the mayor"})
    assert "Who attests it: the mayor." in named


def test_a_language_that_is_not_known_is_told_in_french() -> None:
    told = CASES["running"]
    for say in (explain, receipt):
        assert say(told.clock, told.result, CALENDAR, "de") == say(
            told.clock, told.result, CALENDAR, "fr"
        )


def test_a_receipt_tells_of_an_undecided_feast_but_not_of_one_behind_the_end() -> None:
    told = CASES["working_days_with_an_estimate"]
    assert any("official calendar" in line for line in receipt(
        told.clock, told.result, CALENDAR, "en"))  # fmt: skip
    early = replace(told, facts=[("case.filed", date(2026, 3, 1).isoformat())])
    assert not early.result.estimated
    assert not any("official calendar" in line for line in receipt(
        early.clock, early.result, CALENDAR, "en"))  # fmt: skip
