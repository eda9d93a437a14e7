"""Messages in French and Arabic: complete, with the same blanks, nothing left over."""

import re

import pytest

from engine.i18n import catalogue, text, translate
from tests.console.messages import messages

MESSAGES = messages()
# Names, commands and addresses stay as they are.
SAME = re.compile(r"[A-Z0-9 ]*|\{\w+\}|Python|SQLite|Pango|Message|Incidents|Options|Code|Source|"
                  r"Version|.*sqlite:///.*|Schema|Id|No\.|Procedures?")  # fmt: skip


def blanks(message: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", message))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_message_lacks_a_translation(language: str) -> None:
    assert [message for message in MESSAGES if message not in catalogue(language)] == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_translation_is_left_over(language: str) -> None:
    assert set(catalogue(language)) - set(MESSAGES) == set()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_translation_has_the_blanks_of_its_message(language: str) -> None:
    wrong = [m for m, told in catalogue(language).items() if blanks(m) != blanks(told)]
    assert wrong == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_translation_names_the_same_commands_and_options(language: str) -> None:
    def typed(message: str) -> list[str]:
        return sorted(re.findall(r"mouqataa [a-z]+ [a-z]+|--[a-z][a-z-]+", message))

    assert [m for m, told in catalogue(language).items() if typed(m) != typed(told)] == []


def test_arabic_is_written_in_arabic() -> None:
    latin = [m for m, told in catalogue("ar").items() if not re.search("[\u0621-\u064a]", told)]
    assert [m for m in latin if not SAME.fullmatch(m)] == []


def test_french_is_not_the_english() -> None:
    same = [m for m, told in catalogue("fr").items() if m == told]
    assert [m for m in same if not SAME.fullmatch(m)] == []


def test_english_and_unknown_messages_are_told_as_they_are() -> None:
    assert translate("Nothing found.", "en") == "Nothing found."
    assert text("No such sentence {n}", "fr", n=1) == "No such sentence 1"


def test_a_latin_value_inside_arabic_is_isolated() -> None:
    told = text("There is no case {reference}.", "ar", reference="LEG-1")
    assert "\u2068LEG-1\u2069" in told


def test_a_value_that_is_missing_does_not_break_the_sentence() -> None:
    assert text("There is no case {reference}.", "en") == "There is no case ?."
