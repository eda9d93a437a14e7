"""The person of a case is told where their procedure says how they are reached."""

import json

import pytest

from engine.commands import cases, notices, procedures, tasks
from engine.commands.procedures import examine
from engine.engine import Engine
from engine.errors import EngineError
from engine.history.occasions import PERSONS
from engine.store import tables as t
from engine.transaction import By
from processes import procedure
from processes.bundle import Bundle
from processes.errors import BundleError
from processes.procedure import TOPICS
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import TOML, bundle
from tests.engine.work.conftest import Hire, Office, plain, rows, told

SECRET = {"type": "string", "x-personal": True}
FORM = {
    "title": "Demande", "type": "object", "additionalProperties": False,
    "properties": {
        "applicant": {"title": "Demandeur", "type": "object", "additionalProperties": False,
                      "properties": {"cin": {"title": "CIN", **SECRET}}},
        "mail": {"title": "Courriel", **SECRET},
        "phone": {"title": "Téléphone", **SECRET},
        "language": {"title": "Langue", "type": "string"},
        "open": {"title": "Ouvert", "type": "string"},
    },
}  # fmt: skip
NOTICE = '[notice]\nmail = "mail"\nphone = "phone"\nlanguage = "language"\n'
ADDRESS = "salma@exemple.ma"
SALMA = {"applicant": {"cin": "BX000001"}, "mail": ADDRESS, "language": "ar"}


def asking(notice: str = NOTICE, identity: str = "applicant", **how: str) -> Bundle:
    files = dict(bundle(toml=notice, **how).files)
    subject = f'identity = "{identity}"'.encode()
    files["procedure.toml"] = files["procedure.toml"].replace(b'identity = ""', subject)
    files["forms/start.json"] = json.dumps(FORM).encode()
    return Bundle(files)


@pytest.fixture
def nadia(engine: Engine, hire: Hire) -> By:
    engine.run(ADMIN, procedures.deploy, asking())
    return hire("nadia", "desk")


def started(engine: Engine, by: By, key: str = "essai", **more: object) -> tuple[str, int]:
    found = engine.run(by, cases.start, key, SALMA | more, "MAR")
    return found.reference, found.tasks[0]


def address(engine: Engine) -> dict[str, str | None]:
    """Where each person is reached, by the number of their card."""
    names = {row.id: row.identifier for row in rows(engine, t.person)}
    return {names[row.person_id]: row.mail for row in rows(engine, t.contact) if row.person_id}


def test_a_person_is_told_that_their_case_began_and_ended_in_their_language(
    engine: Engine, office: Office, nadia: By, clock: Clock
) -> None:
    reference, task = started(engine, nadia)
    told(engine)
    clock.move(minutes=2)
    engine.run(nadia, tasks.complete, task, {})
    told(engine)
    first, last = office.to(ADDRESS)
    assert first["Content-Language"] == "ar"
    assert first["Subject"].startswith("سُجل طلبكم") or reference in first["Subject"]
    assert reference in plain(last)
    for letter in (first, last):
        assert "BX000001" not in letter.as_string() + plain(letter)


def test_only_the_topics_of_the_procedure_are_told(
    engine: Engine, office: Office, hire: Hire
) -> None:
    few = asking(NOTICE + 'topics = ["case.ended"]\n')
    engine.run(ADMIN, procedures.deploy, few)
    nadia = hire("nadia", "desk")
    _, task = started(engine, nadia)
    told(engine)
    assert office.letters == []
    engine.run(nadia, tasks.complete, task, {})
    told(engine)
    assert len(office.letters) == 1


def test_a_procedure_that_says_nothing_tells_nothing_even_where_the_address_is_known(
    engine: Engine, office: Office, nadia: By
) -> None:
    engine.run(ADMIN, procedures.deploy, asking("", key="muet", code="MUE"))
    started(engine, nadia)
    told(engine)
    started(engine, nadia, "muet")
    told(engine)
    assert len(office.letters) == 1


def test_who_wants_to_be_told_no_more_says_so_at_the_office(
    engine: Engine, office: Office, nadia: By, hire: Hire
) -> None:
    reference, task = started(engine, nadia)
    told(engine)
    engine.run(nadia, notices.prefer, {"case.ended": "never"}, case=reference)
    kept = {row.topic: row.pace for row in engine.read(nadia, notices.show, case=reference)}
    assert kept == {"case.started": "at_once", "case.ended": "never",
                    "certificate.issued": "at_once", "clock.moved": "at_once"}  # fmt: skip
    engine.run(nadia, tasks.complete, task, {})
    told(engine)
    assert len(office.letters) == 1
    with pytest.raises(EngineError) as caught:
        engine.run(hire("driss", "chief"), notices.prefer, {"case.ended": "never"}, case="TST-X")
    assert caught.value.code == "unknown_case"


def test_an_address_is_corrected_and_taken_back_with_the_answer(engine: Engine, nadia: By) -> None:
    reference, _ = started(engine, nadia)
    engine.run(nadia, cases.rectify, reference, "mail", "s.alami@exemple.ma", "erreur")
    assert address(engine) == {"BX000001": "s.alami@exemple.ma"}
    started(engine, nadia, mail="")  # says nothing of it
    assert address(engine) == {"BX000001": "s.alami@exemple.ma"}


def test_a_corrected_subject_takes_the_address_along(engine: Engine, nadia: By) -> None:
    mine = {"mail": "karima@exemple.ma", "applicant": {"cin": "KA1"}}
    started(engine, nadia, **mine)
    reference, _ = started(engine, nadia, applicant={"cin": "KA1"})  # Salma's, under a wrong number
    assert address(engine) == {"KA1": ADDRESS}
    engine.run(nadia, cases.rectify, reference, "applicant", {"cin": "BX000001"}, "erreur")
    assert address(engine) == {"KA1": None, "BX000001": ADDRESS}


def test_an_erased_person_takes_address_preferences_and_notices_along(
    engine: Engine, office: Office, nadia: By
) -> None:
    reference, _ = started(engine, nadia)
    engine.run(nadia, notices.prefer, {"case.ended": "never"}, case=reference)
    told(engine)
    assert len(rows(engine, t.notice)) == 1
    with engine._begin(writes=True) as connection:
        connection.execute(t.person.delete())
    for table in (t.contact, t.preference, t.notice):
        assert rows(engine, table) == [], table.name
    told(engine)


@pytest.mark.parametrize(
    ("notice", "identity", "place"),
    [
        ('[notice]\nmail = "courriel"\n', "applicant", "notice.mail"),
        ('[notice]\nmail = "open"\n', "applicant", "notice.mail"),
        (NOTICE, "", "notice"),
        ('[notice]\nmail = "mail"\nlanguage = "tongue"\n', "applicant", "notice.language"),
    ],
)
def test_a_pointer_that_leads_nowhere_or_to_what_everybody_reads_is_refused(
    notice: str, identity: str, place: str
) -> None:
    found = examine(asking(notice, identity))
    assert [(f.element, f.code) for f in found if f.severity == "error"] == [(place, "notice")]


def test_a_topic_that_nobody_knows_is_refused() -> None:
    text = f'key = "essai"\ncode = "TST"\n{TOML}[notice]\nmail = "mail"\ntopics = ["case.lost"]\n'
    with pytest.raises(BundleError, match="knows only"):
        procedure.read(text.encode())
    assert tuple(PERSONS) == TOPICS
