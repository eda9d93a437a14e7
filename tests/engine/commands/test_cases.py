"""Cases: begun by who may, found by who sees them, corrected and ended with a reason."""

import json
from typing import Any

import pytest

from engine.commands import actors, cases, procedures, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import APPLICATION, FORM, Hire, bundle, deploy, start
from tests.engine.test_engine import refused, rows
from tests.runtime.models import START, duration, ends, flows, node, user

ALL = (
    START, node("parallelGateway", "P"), user("A"),
    node("intermediateCatchEvent", "T", duration("P1D")), node("receiveTask", "M", messageRef="m"),
    node("parallelGateway", "J"), ends("E"),
    flows("S > P > A > J > E", "P > T > J", "P > M > J"),
)  # fmt: skip
PAPERS = '<message id="m" name="papers"/>'


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine)
    return hire("nadia", "desk")


def found(engine: Engine, by: By, text: str, **asked: Any) -> list[str]:
    return [row.reference for row in engine.read(by, cases.search, text, **asked).items]


# -- start --


def test_a_case_begins_with_what_it_was_told(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    shown = engine.read(desk, cases.show, begun.reference)
    assert shown.values == APPLICATION
    assert (shown.reference, shown.version, shown.status) == ("TST-MAR-2026-000001", 1, "open")
    assert shown.tasks == ((begun.tasks[0], "A", "desk"),)


def test_numbers_run_by_procedure_office_and_year(
    engine: Engine, desk: By, hire: Hire, clock: Clock
) -> None:
    deploy(engine, key="autre", code="AUT")
    anfa = hire("anas", "desk", office="ANF")
    told = [start(engine, desk).reference, start(engine, desk).reference]
    told += [start(engine, anfa, office="ANF").reference, start(engine, desk, "autre").reference]
    clock.now = clock.now.replace(month=12, day=31, hour=23, minute=30)  # the 1st in Casablanca
    told.append(start(engine, desk).reference)
    assert told == [
        "TST-MAR-2026-000001", "TST-MAR-2026-000002", "TST-ANF-2026-000001",
        "AUT-MAR-2026-000001", "TST-MAR-2027-000001",
    ]  # fmt: skip


def test_what_cannot_begin_is_refused_and_takes_no_number(
    engine: Engine, desk: By, hire: Hire
) -> None:
    chief = hire("chloe", "chief")
    refused("unknown_office", lambda: start(engine, desk, office="XXX"))
    refused("unknown_procedure", lambda: start(engine, desk, "nothing"))
    refused("not_your_role", lambda: start(engine, desk, office="ANF"))
    refused("not_your_role", lambda: start(engine, chief))
    refused("form_invalid", lambda: start(engine, desk, n=99))
    refused("form_invalid", lambda: start(engine, desk, other=1))
    engine.run(ADMIN, procedures.withdraw, "essai", 1, "tarif")
    refused("withdrawn", lambda: start(engine, desk))
    assert rows(engine, t.case) == []
    assert rows(engine, t.register) == []


def about_people(engine: Engine, hire: Hire) -> By:
    """A procedure whose cases are about the person who has a card."""
    form = FORM | {"properties": {**FORM["properties"], "who": {  # type: ignore[dict-item]
        "type": "object", "title": "Qui", "additionalProperties": False, "properties": {
            "cin": {"title": "CIN", "type": "string", "x-personal": True, "x-index": True},
        }}}}  # fmt: skip
    made = bundle(key="qui", code="QUI", files={"forms/start.json": json.dumps(form).encode()})
    facts = made.files["procedure.toml"].replace(b'identity = ""', b'identity = "who"')
    engine.run(ADMIN, procedures.deploy, type(made)({**made.files, "procedure.toml": facts}))
    return hire("nadia", "desk")


def test_a_person_is_known_again_by_their_card(engine: Engine, hire: Hire) -> None:
    desk = about_people(engine, hire)
    for cin in ("BX1", "BX1", "BX2"):
        start(engine, desk, "qui", who={"cin": cin})
    start(engine, desk, "qui")
    people = [row.person_id for row in rows(engine, t.case)]
    assert people[0] == people[1] != people[2]
    assert people[3] is None
    assert [row.identifier for row in rows(engine, t.person)] == ["BX1", "BX2"]


def test_a_corrected_card_number_is_another_person_s(engine: Engine, hire: Hire) -> None:
    desk = about_people(engine, hire)
    begun = start(engine, desk, "qui", who={"cin": "BX1"})
    engine.run(desk, cases.rectify, begun.reference, "who", {"cin": "BX9"}, "erreur")
    [person] = rows(engine, t.person)
    assert person.identifier == "BX9"
    assert {row.person_id for row in rows(engine, t.personal)} == {person.id}
    assert [row.person_id for row in rows(engine, t.case)] == [person.id]
    assert engine.read(desk, cases.replay, begun.reference).ok


def test_a_person_of_other_cases_stays_when_one_is_corrected(engine: Engine, hire: Hire) -> None:
    desk = about_people(engine, hire)
    first, _ = (start(engine, desk, "qui", who={"cin": "BX1"}) for _ in range(2))
    engine.run(desk, cases.rectify, first.reference, "who", {"cin": "BX2"}, "erreur")
    one, other = (row.person_id for row in rows(engine, t.case))
    assert one != other
    assert {row.identifier for row in rows(engine, t.person)} == {"BX1", "BX2"}


# -- lists and searches --


@pytest.mark.parametrize(
    "text",
    ["Bennani", "BENNANI  zahra", "benn", "بناني", "فاطمه الزهرا", "bx000001", "BX0000", "tf 4211",
     "tst-mar-2026-000001", " TST-MAR-2026-000001 ", "fatimazahrabennani"],
)  # fmt: skip
def test_a_case_is_found_by_reference_name_in_either_script_and_card(
    engine: Engine, desk: By, text: str
) -> None:
    begun = start(engine, desk)
    start(engine, desk, name="Omar Alami", name_ar="عمر العلمي", cin="BK2", parcel="TF 1")
    assert found(engine, desk, text) == [begun.reference]


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "alaoui", "bennani omar", "\0", "ennani"])
def test_nothing_is_found_by_what_no_field_begins_with(engine: Engine, desk: By, text: str) -> None:
    start(engine, desk)
    start(engine, desk, name="Omar Alami")
    assert found(engine, desk, text) == []


def test_a_long_name_is_found_too(engine: Engine, desk: By) -> None:
    name = "Abderrahmane " * 12
    begun = start(engine, desk, name=name)
    assert found(engine, desk, name) == [begun.reference]


def test_an_office_sees_its_own_cases_and_those_below(engine: Engine, desk: By, hire: Hire) -> None:
    anfa, town = hire("anas", "desk", office="ANF"), hire("cas", "auditor", office="CAS")
    here, there = start(engine, desk).reference, start(engine, anfa, office="ANF").reference
    listed = lambda by, **asked: {  # noqa: E731
        row.reference for row in engine.read(by, cases.listing, **asked).items
    }
    assert (listed(desk), listed(anfa), listed(town)) == ({here}, {there}, {here, there})
    assert found(engine, desk, "bennani") == [here]
    assert found(engine, desk, there) == []
    assert set(found(engine, town, "bennani")) == {here, there}
    for question in (cases.show, cases.history, cases.replay):
        refused("unknown_case", lambda q=question: engine.read(desk, q, there))  # type: ignore[misc]


def test_a_list_goes_by_status_and_procedure_newest_first(engine: Engine, desk: By) -> None:
    deploy(engine, key="autre", code="AUT")
    one, two = start(engine, desk), start(engine, desk, "autre")
    engine.run(desk, tasks.complete, one.tasks[0], {})
    listed = lambda *a, **k: [r.reference for r in engine.read(desk, cases.listing, *a, **k).items]  # noqa: E731
    assert listed() == [two.reference, one.reference]
    assert listed("open") == [two.reference]
    assert listed("completed") == [one.reference]
    assert listed(procedure="essai") == [one.reference]
    assert listed("open", procedure="essai") == []


def test_pages_follow_one_another_while_cases_come_in(engine: Engine, desk: By) -> None:
    begun = [start(engine, desk).reference for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = engine.read(desk, cases.search, "bennani", cursor=cursor, limit=2)
        seen += [row.reference for row in page.items]
        if (cursor := page.next) is None:
            break
        start(engine, desk)
    assert seen == begun[::-1]


@pytest.mark.parametrize("cursor", ["WyJhIl0", "WzEsMl0", "WzFlMzBd", "Wy0xXQ", "e30", "x"])
def test_a_cursor_that_was_not_given_is_refused(engine: Engine, desk: By, cursor: str) -> None:
    refused("bad_cursor", lambda: engine.read(desk, cases.listing, cursor=cursor))
    refused("bad_value", lambda: engine.read(desk, cases.listing, limit=0))


# -- cancel --


def test_a_cancelled_case_waits_for_nothing(engine: Engine, hire: Hire) -> None:
    deploy(engine, *ALL, beside=PAPERS)
    desk = hire("nadia", "desk")
    begun = start(engine, desk)
    assert len(rows(engine, t.subscription)) == len(rows(engine, t.job)) == 1
    done = engine.run(desk, cases.cancel, begun.reference, "désistement")
    assert done == cases.Changed(begun.reference, 2)
    assert [row.status for row in rows(engine, t.task)] == ["cancelled"]
    assert [row.status for row in rows(engine, t.job)] == ["cancelled"]
    assert rows(engine, t.subscription) == []
    shown = engine.read(desk, cases.show, begun.reference)
    assert (shown.status, shown.tasks) == ("cancelled", ())
    assert shown.ended_at is not None
    assert engine.read(desk, cases.replay, begun.reference).ok


def test_a_case_ends_once_and_with_a_reason(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    refused("reason_missing", lambda: engine.run(desk, cases.cancel, begun.reference, " "))
    refused("unknown_case", lambda: engine.run(desk, cases.cancel, "TST-MAR-2026-000009", "x"))
    engine.run(desk, cases.cancel, begun.reference, "désistement")
    refused("case_ended", lambda: engine.run(desk, cases.cancel, begun.reference, "encore"))
    correct = (cases.rectify, begun.reference, "n", 2, "erreur")
    refused("case_ended", lambda: engine.run(desk, *correct))


# -- rectify --


def test_a_value_is_corrected_and_found_by_what_it_is_now(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    done = engine.run(desk, cases.rectify, begun.reference, "name", "Fatima Alaoui", "état civil")
    assert done.seq == 2
    assert engine.read(desk, cases.show, begun.reference).values["name"] == "Fatima Alaoui"
    assert found(engine, desk, "alaoui") == [begun.reference]
    assert found(engine, desk, "zahra") == []
    assert found(engine, desk, "بناني") == [begun.reference]
    engine.run(desk, cases.rectify, begun.reference, "parcel", "TF 9/D", "erreur")
    assert (found(engine, desk, "9"), found(engine, desk, "4211")) == ([begun.reference], [])
    assert engine.read(desk, cases.replay, begun.reference).ok


def test_the_words_of_a_value_inside_another_go_with_it(engine: Engine, hire: Hire) -> None:
    inside = {"cin": {"title": "CIN", "type": "string", "x-personal": True, "x-index": True},
              "lot": {"title": "Lot", "type": "string", "x-index": True}}  # fmt: skip
    whole = {"n": FORM["properties"]["n"],  # type: ignore[index]
             "who": {"title": "Qui", "type": "object", "properties": inside,
                     "additionalProperties": False}}  # fmt: skip
    form = json.dumps(FORM | {"properties": whole}).encode()
    engine.run(ADMIN, procedures.deploy, bundle(files={"forms/start.json": form}))
    desk = hire("nadia", "desk")
    given = {"n": 1, "who": {"cin": "AA11", "lot": "K7"}}
    begun = engine.run(desk, cases.start, "essai", given, "MAR")
    assert (found(engine, desk, "aa11"), found(engine, desk, "k7")) == ([begun.reference],) * 2
    new = {"cin": "BB22", "lot": "L8"}
    engine.run(desk, cases.rectify, begun.reference, "who", new, "erreur")
    assert (found(engine, desk, "bb22"), found(engine, desk, "l8")) == ([begun.reference],) * 2
    assert (found(engine, desk, "aa11"), found(engine, desk, "k7")) == ([], [])


def test_the_reason_of_a_correction_stays_private(engine: Engine, desk: By) -> None:
    begun = start(engine, desk)
    reason = "Monsieur Tazi l'a signalé"
    engine.run(desk, cases.rectify, begun.reference, "n", 3, reason)
    event = engine.read(desk, cases.history, begun.reference)[-1]
    assert (event.kind, event.body["reason"]) == ("case.rectified", reason)
    for table in (t.event, t.case, t.case_field):
        assert not [row for row in rows(engine, table) if "Tazi" in str(tuple(row))]


def test_a_correction_is_checked_like_the_first_answer(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    correct = lambda name, value, why="erreur": engine.run(  # noqa: E731
        desk, cases.rectify, case, name, value, why
    )
    refused("reason_missing", lambda: correct("n", 2, "  "))
    refused("unknown_variable", lambda: correct("other", 2))
    refused("unknown_variable", lambda: correct("ok", True))
    refused("form_invalid", lambda: correct("n", 99))
    refused("form_invalid", lambda: correct("name", 3))
    refused("form_invalid", lambda: correct("n", ""))
    assert engine.read(desk, cases.show, case).values == APPLICATION


@pytest.mark.parametrize(("name", "word"), [("name", "zahra"), ("parcel", "4211")])
def test_an_answer_that_need_not_be_given_is_taken_back_by_an_empty_one(
    engine: Engine, desk: By, name: str, word: str
) -> None:
    case = start(engine, desk).reference
    engine.run(desk, cases.rectify, case, name, "", "ne veut plus")
    assert engine.read(desk, cases.show, case).values == APPLICATION | {name: None}
    assert found(engine, desk, word) == []
    assert engine.read(desk, cases.replay, case).ok


# -- note --


def test_a_remark_is_kept_as_personal_data(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    assert engine.run(desk, cases.note, case, "Mme Chraïbi a rappelé").seq == 2
    assert engine.read(desk, cases.history, case)[-1].body["text"] == "Mme Chraïbi a rappelé"
    assert not [row for row in rows(engine, t.event) if b"Chra" in row.body]
    refused("reason_missing", lambda: engine.run(desk, cases.note, case, "\n"))


def test_a_case_that_has_ended_takes_a_remark(engine: Engine, desk: By) -> None:
    case = start(engine, desk).reference
    engine.run(desk, cases.cancel, case, "retrait")
    assert engine.run(desk, cases.note, case, "document rendu").seq == 3
    assert engine.read(desk, cases.replay, case).ok


# -- who --

CHANGES = [(cases.cancel, ("x",)), (cases.note, ("x",)), (cases.rectify, ("n", 2, "x"))]


@pytest.mark.parametrize(("act", "given"), CHANGES, ids=lambda p: getattr(p, "__name__", ""))
def test_who_only_looks_at_an_office_changes_nothing_there(
    engine: Engine, desk: By, hire: Hire, act: Any, given: tuple[Any, ...]
) -> None:
    """A clerk of Anfa who also audits the whole commune sees the cases of Maârif, no more."""
    case = start(engine, desk).reference
    both = hire("anas", "desk", office="ANF")
    refused("unknown_case", lambda: engine.run(both, act, case, *given))
    engine.run(ADMIN, actors.grant, "anas", "auditor", "CAS")
    assert engine.read(both, cases.show, case).status == "open"
    refused("not_your_role", lambda: engine.run(both, act, case, *given))
    assert engine.read(desk, cases.show, case).status == "open"
