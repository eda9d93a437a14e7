"""The words of the clock in three languages: complete, and in the form that a number asks for."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from decisions.clock import lengths, wording
from decisions.clock.wording import LANGUAGES
from tests.decisions.clock.telling import CALENDAR

FORMS = {
    "fr": ["one", "one", *["other"] * 9],
    "en": ["other", "one", *["other"] * 9],
    "ar": ["zero", "one", "two", "few", "few", "many", "many", "other", "other", "other", "few"],
}
NUMBERS = [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103]
NEEDED = {language: set(forms) for language, forms in FORMS.items()}


def keys(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping) and not path.startswith("nouns"):
            yield from keys(value, f"{path}{key}.")
        else:
            yield path + key, value


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_with_the_same_values(language: str) -> None:
    french, found = (dict(keys(wording.texts(one))) for one in ("fr", language))
    assert found.keys() == french.keys()
    for key, text in found.items():
        if isinstance(text, list):
            assert len(text) == len(french[key]), key
            assert all(text), key
        elif isinstance(text, str):
            assert text.strip(), key
            assert blanks(text) == blanks(french[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_noun_has_every_form_of_its_language(language: str) -> None:
    nouns = wording.texts(language)["nouns"]
    assert lengths.COUNTED.keys() <= nouns.keys()
    for noun, forms in nouns.items():
        assert forms.keys() == NEEDED[language], noun


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_asks_for_its_form(language: str) -> None:
    assert [wording.plural(language, number) for number in NUMBERS] == FORMS[language]


@pytest.mark.parametrize(
    ("language", "noun", "told"),
    [
        ("fr", "days", ["0 jour", "1 jour", "2 jours", "3 jours"]),
        ("fr", "months", ["0 mois", "1 mois", "2 mois", "3 mois"]),
        ("en", "days", ["0 days", "1 day", "2 days", "3 days"]),
        ("ar", "days", ["0 يوم", "يوم واحد", "يومين", "3 أيام", "10 أيام", "11 يوما", "99 يوما",
                        "100 يوم", "101 يوم", "102 يوم", "103 أيام"]),
        ("ar", "hours", ["0 ساعة", "ساعة واحدة", "ساعتين", "3 ساعات", "10 ساعات", "11 ساعة"]),
        ("ar", "months", ["0 شهر", "شهر واحد", "شهرين", "3 أشهر", "10 أشهر", "11 شهرا"]),
        ("ar", "weeks", ["0 أسبوع", "أسبوع واحد", "أسبوعين", "3 أسابيع", "10 أسابيع", "11 أسبوعا"]),
        ("ar", "years", ["0 سنة", "سنة واحدة", "سنتين", "3 سنوات", "10 سنوات", "11 سنة"]),
        ("ar", "times", ["0 مرة", "مرة واحدة", "مرتين", "3 مرات", "10 مرات", "11 مرة"]),
    ],
)  # fmt: skip
def test_number_and_noun_agree(language: str, noun: str, told: list[str]) -> None:
    words = wording.wording(language)
    assert [words.amount(number, noun) for number in NUMBERS[: len(told)]] == told


def test_a_language_that_is_not_known_is_told_in_french() -> None:
    assert wording.wording("zgh").say("explain.waiting") == "Le délai n’a pas encore commencé."


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["le lundi 12 octobre 2026", "du 1er au 12 octobre 2026",
                "du 30 septembre au 1er octobre 2026", "du 30 décembre 2026 au 2 janvier 2027"]),
        ("ar", ["يوم الاثنين 12 أكتوبر 2026", "من فاتح إلى 12 أكتوبر 2026",
                "من 30 شتنبر إلى فاتح أكتوبر 2026", "من 30 دجنبر 2026 إلى 2 يناير 2027"]),
        ("en", ["Monday 12 October 2026", "1 to 12 October 2026",
                "30 September to 1 October 2026", "30 December 2026 to 2 January 2027"]),
    ],
)  # fmt: skip
def test_days_and_spans_say_no_more_than_is_needed(language: str, told: list[str]) -> None:
    spans = [
        (date(2026, 10, 12), date(2026, 10, 12)), (date(2026, 10, 1), date(2026, 10, 12)),
        (date(2026, 9, 30), date(2026, 10, 1)), (date(2026, 12, 30), date(2027, 1, 2)),
    ]  # fmt: skip
    words = wording.wording(language)
    assert [words.on(first, last) for first, last in spans] == told
    assert [words.on(last, first) for first, last in spans] == told


def test_months_have_the_names_used_in_morocco() -> None:
    words = wording.wording("ar")
    told = [words.plain_day(date(2026, month, 2)).split()[1] for month in (5, 7, 8, 9, 11, 12)]
    assert told == ["ماي", "يوليوز", "غشت", "شتنبر", "نونبر", "دجنبر"]


def test_french_punctuation_keeps_to_its_word() -> None:
    told = wording.wording("fr").say("explain.start", day="« lundi »")
    assert told == "Il part le «\u00a0lundi\u00a0»\u00a0; ce jour ne compte pas."


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_writes_an_apostrophe_or_a_quote_of_a_typewriter(language: str) -> None:
    for key, text in keys(wording.texts(language)):
        assert not re.search("['\"]", text if isinstance(text, str) else ""), key


def test_in_arabic_a_value_is_one_piece_and_a_number_of_parts_reads_from_the_left() -> None:
    told = wording.wording("ar").say("receipt.article", article="القانون رقم 55-19")
    assert told == "النص الذي يحدد هذا الأجل: \u2068القانون رقم \u206655-19\u2069\u2069."


def test_in_arabic_no_letter_is_written_against_a_value() -> None:
    for key, text in keys(wording.texts("ar")):
        if not key.startswith(("form.", "nouns.")):
            assert not re.search(r"[ء-ي]\{|\}[ء-ي]", text), key


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 minute"), (59, "0 minute"), (60, "1 minute"), (3600, "1 heure"),
        (5400, "1 heure et 30 minutes"), (7260, "2 heures et 1 minute"),
    ],
)  # fmt: skip
def test_seconds_are_told_as_hours_and_minutes(seconds: int, told: str) -> None:
    words = wording.wording("fr")
    assert words.hours(seconds, False) == told
    assert words.hours(seconds, True) == f"{told} d’ouverture des bureaux"


def test_instants_are_told_by_the_clock_on_the_wall_of_the_office() -> None:
    words = wording.wording("fr")
    winter = datetime(2026, 1, 5, 8, 5, tzinfo=UTC)
    ramadan = datetime(2026, 2, 25, 8, 5, tzinfo=UTC)
    assert words.instant(winter, CALENDAR) == "lundi 5 janvier 2026 à 9 h 05"
    assert words.instant(ramadan, CALENDAR) == "mercredi 25 février 2026 à 8 h 05"
