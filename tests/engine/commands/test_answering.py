"""What the engine adds to a form: its lists, and answers that are computed."""

import json

import pytest

from engine.commands import actors, answering, cases, procedures, wording
from engine.deployment.answers import SOURCES
from engine.engine import Engine
from engine.errors import EngineError
from engine.transaction import By
from engine.work.founding import FOUNDER
from tests.conftest import ADMIN
from tests.engine.commands import house

PLACES = {
    "title": "Demande", "type": "object", "additionalProperties": False, "required": ["n"],
    "properties": {
        "n": {"title": "Nombre", "type": "integer"},
        "total": {"title": "Total", "type": "number", "x-compute": "n * 2.50"},
        "at": {"title": "Lieu", "type": "string", "x-source": "offices"},
        "others": {
            "title": "Autres", "type": "array",
            "items": {"title": "Lieu", "type": "string", "x-source": "offices"},
        },
    },
}  # fmt: skip


@pytest.fixture
def clerk(sqlite: Engine) -> By:
    files = {"forms/start.json": json.dumps(PLACES).encode()}
    sqlite.run(ADMIN, procedures.deploy, house.bundle(files=files))
    sqlite.run(FOUNDER, actors.add, "nadia", "Nadia")
    sqlite.run(FOUNDER, actors.grant, "nadia", "desk", "MAR")
    return By("nadia", channel="test")


def test_every_list_that_deployment_knows_is_there() -> None:
    assert answering.LISTS.keys() == SOURCES


def test_an_answer_is_computed_whatever_was_sent(sqlite: Engine, clerk: By) -> None:
    begun = sqlite.run(clerk, cases.start, "essai", {"n": 3, "total": 1}, "MAR")
    values = sqlite.read(clerk, cases.show, begun.reference).values
    assert str(values["total"]) == "7.50"
    assert sqlite.read(clerk, cases.replay, begun.reference).ok


def test_a_choice_is_one_of_the_list(sqlite: Engine, clerk: By) -> None:
    good = {"n": 1, "at": "ANF", "others": ["MAR", "SBE"]}
    sqlite.run(clerk, cases.start, "essai", good, "MAR")
    for values, pointer in (({"n": 1, "at": "XXX"}, "/at"),
                            ({"n": 1, "others": ["MAR", "XXX"]}, "/others/1")):  # fmt: skip
        with pytest.raises(EngineError) as caught:
            sqlite.run(clerk, cases.start, "essai", values, "MAR")
        assert caught.value.fields == (pointer,)


def test_the_list_is_shown_in_the_reader_s_language(sqlite: Engine, clerk: By) -> None:
    for language, name in (("fr", "Maârif"), ("ar", "المعاريف")):
        form = sqlite.read(clerk, wording.procedure, "essai", language).form
        assert form is not None
        assert form["properties"]["at"]["x-labels"]["MAR"] == name
        assert "MAR" in form["properties"]["others"]["items"]["enum"]
