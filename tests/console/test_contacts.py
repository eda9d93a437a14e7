"""Where somebody is told, by mail or text message, set and shown at the command line."""

from typing import Any

import pytest

from tests.console.conftest import Call, answer


def contact(call: Call, *options: str) -> Any:
    return answer(call("actor", "contact", "nadia", *options, "--as", "admin", "--json"))


def test_a_telephone_is_kept_as_the_world_writes_it_and_used_where_it_is_alone(call: Call) -> None:
    found = contact(call, "--phone", "06 12 34 56 78")
    assert (found["phone"], found["channel"]) == ("+212612345678", "sms")
    assert contact(call, "--mail", "nadia@commune.example")["channel"] == "mail"


def test_a_channel_is_chosen_for_all_topics_and_shown_with_the_address_that_is_used(
    call: Call,
) -> None:
    contact(call, "--phone", "0612345678", "--mail", "nadia@commune.example")
    chosen = call("notice", "preferences", "--channel", "sms", "--as", "nadia", "--json")
    assert {row["channel"] for row in answer(chosen)["items"]} == {"sms"}
    told, known = call("actor", "contact", "--as", "nadia").output.splitlines()[:2]
    assert told == "nadia is told at +212612345678, in this language: fr."
    assert known == "Known, but not used: nadia@commune.example"


def test_remove_takes_both_back_and_an_empty_answer_one(call: Call) -> None:
    contact(call, "--phone", "0612345678", "--mail", "nadia@commune.example")
    assert contact(call, "--mail", "")["mail"] is None
    found = contact(call, "--remove")
    assert (found["mail"], found["phone"], found["channel"]) == (None, None, None)


@pytest.mark.parametrize(
    "words",
    [("actor", "contact", "--phone", "0522123456"),
     ("actor", "contact", "--remove", "--phone", "1"),
     ("notice", "preferences", "--channel", "sms"), ("notice", "preferences", "--channel", "fax")],
)  # fmt: skip
def test_no_mobile_telephone_and_no_address_for_a_channel_are_said(
    call: Call, words: tuple[str, ...]
) -> None:
    assert call(*words, "--as", "nadia").exit_code == 2
