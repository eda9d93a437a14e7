"""Every finding is told in the reader's language, with its blanks filled."""

from dataclasses import asdict

import pytest

from console import faults
from engine.commands.procedures import examine
from engine.i18n import catalogue
from tests.deployment.bundles import SOUND, bundle
from tests.runtime.models import START, ends, flows, node, user


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "aucun chemin ne mène ici"), ("ar", "لا طريق يؤدي إلى هنا"), ("en", "no path")],
)
def test_a_fault_of_a_model_is_told_in_the_language_of_the_reader(language: str, said: str) -> None:
    (found,) = examine(bundle(*SOUND, user("Lost")))
    row = faults.translated(asdict(found), language)
    assert row["message"].startswith(said)
    assert row.keys() == {"file", "element", "code", "message", "remedy", "severity"}
    assert (row["code"], row["severity"]) == ("unreachable", "error")


def test_a_row_of_a_table_is_told_inside_the_sentence() -> None:
    loose = node("serviceTask", "X", mq__operation="nowhere")
    (found,) = examine(bundle(START, loose, user("A"), ends("E"), flows("S > X > A > E")))
    row = faults.translated(asdict(found), "fr")
    assert row["message"] == "aucune opération nowhere"
    assert "register.take" in row["remedy"]


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_what_no_table_holds_is_told_as_it_was_written(language: str) -> None:
    plain = {"file": "f", "element": "x", "code": "own", "message": "a b", "remedy": "c d"}
    assert faults.translated(plain | {"words": {}, "sentence": ""}, language)["message"] == "a b"
    assert "a b" not in catalogue(language)
