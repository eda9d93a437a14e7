"""A person is erased: nothing personal is left in the database or its files; cases still replay."""

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from string import ascii_lowercase
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands import attachments, cases, certificates, incidents, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.runtime.values import pack, unpack
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import ADMIN, deploy, hiring
from tests.erasure import erasing, playing, searching
from tests.erasure.conftest import House
from tests.erasure.playing import CIN, SECRETS, Played

DESK, CHIEF = By("nadia", channel="test"), By("omar", channel="test")


def rows(engine: Engine, table: Any) -> list[Any]:
    with engine._database.connect() as connection:
        return list(connection.execute(select(table)))


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(EngineError) as caught:
        call()
    assert caught.value.code == code


def references(played: Played) -> list[str]:
    return [played.first, played.second, played.third, played.spoilt, played.plain]


# -- before: the search can be trusted, and the play shows what it claims to show --


def test_before_erasure_every_text_is_found(full: House) -> None:
    found = searching.found(full.engine, full.folder, SECRETS)
    assert set(found) == set(SECRETS)
    if full.engine._database.dialect.name == "sqlite":
        erasing.checkpoint(full.engine)
        found = searching.found(full.engine, full.folder, SECRETS)
        assert {s for s in SECRETS if "file .db" in found[s]} == set(SECRETS) - {
            "Livret de famille"
        }


def test_before_erasure_personal_texts_stand_where_they_can_be_erased(full: House) -> None:
    found = searching.found(full.engine, full.folder, SECRETS)
    kept = {"personal.value", "case_field.token", "person.identifier", "contact.mail",
            "contact.phone", "file attachments"}  # fmt: skip
    assert {place for places in found.values() for place in places} - kept <= {
        "file .db", "file .db-wal", "file .db-shm",
    }  # fmt: skip


def test_the_play_takes_every_way(full: House) -> None:
    kinds = {row.kind for row in rows(full.engine, t.event)}
    assert kinds >= {
        "case.started", "case.noted", "case.rectified", "case.attached", "case.cancelled",
        "task.completed", "task.reopened", "message.received", "certificate.issued",
        "incident.raised", "case.suspended", "case.resumed", "case.moved", "case.restarted",
    }  # fmt: skip
    assert [row.code for row in rows(full.engine, t.rejection)] == ["not_your_role"]
    assert len(rows(full.engine, t.answer)) == 3
    assert {row.status for row in rows(full.engine, t.notice)} == {"waiting"}
    assert any(row.draft for row in rows(full.engine, t.task))
    values = full.engine.read(DESK, cases.show, full.played.second).values
    assert values["told"].startswith("Zoubida Qarmoudi")
    issued = {row.case for row in full.engine.read(DESK, certificates.listing) if row.sha256}
    assert issued == {full.played.first, full.played.plain}


@pytest.mark.parametrize(
    "hide",
    [
        lambda text: text.encode(), lambda text: text.upper().encode(), lambda text: pack([text]),
        lambda text: json.dumps(text).encode(), lambda text: text.encode("utf-16-le"),
        lambda text: text.encode().hex().encode(), lambda text: zlib.compress(text.encode()),
        lambda text: base64.b64encode(b"a" + text.encode() + b"b"),
        lambda text: base64.b64encode(b"ab" + text.encode() + b"b"),
        lambda text: base64.b64encode(text.encode()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("secret", ["Quermoudi", "القرمودي", CIN, "1987-05-23"])
def test_the_search_sees_through_how_a_text_is_written(
    hide: Callable[[str], bytes], secret: str
) -> None:
    found = searching.among([("here", hide(f"…{secret}…"))], [secret, "Zoubida"])
    assert found == {secret: {"here"}}


# -- after --


def test_nothing_personal_is_left_in_the_database_or_its_files(bare: House) -> None:
    assert searching.found(bare.engine, bare.folder, SECRETS) == {}
    folder = bare.engine.settings.files
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_nothing_personal_is_left_where_the_database_keeps_its_tables(
    full: House, bare: House
) -> None:
    erasing.checkpoint(full.engine)
    kept = set(SECRETS) - {"Livret de famille"}  # an attachment is no row
    assert searching.raw(_tables(full), kept) == kept
    assert searching.raw(_tables(bare), kept) == set()


def _tables(house: House) -> Path:
    """The folder of the database's files; the log of PostgreSQL lies elsewhere."""
    if house.engine._database.dialect.name == "sqlite":
        return house.folder
    with house.engine._database.connect() as connection:
        base = connection.exec_driver_sql("SHOW data_directory").scalar_one()
        query = "SELECT oid FROM pg_database WHERE datname = current_database()"
        return Path(base, "base", str(connection.exec_driver_sql(query).scalar_one()))


def test_nothing_that_was_made_from_it_is_left_either(bare: House) -> None:
    for table in (t.person, t.personal, t.case_field, t.attachment, t.answer, t.contact, t.notice):
        assert rows(bare.engine, table) == [], table.name
    assert all(row.draft is None for row in rows(bare.engine, t.task))
    assert all(row.person_id is None for row in rows(bare.engine, t.case))


def test_every_case_of_the_erased_person_replays(bare: House) -> None:
    for reference in references(bare.played):
        replayed = bare.engine.read(DESK, cases.replay, reference)
        assert replayed.ok, (reference, replayed.differences)


def test_the_history_shows_what_was_done_and_nothing_for_what_was_erased(bare: House) -> None:
    events = {
        event.kind: event.body for event in bare.engine.read(DESK, cases.history, bare.played.first)
    }
    applicant = events["case.started"]["values"]["applicant"]
    assert applicant == dict.fromkeys(("name_fr", "name_ar", "cin", "birth_date"))
    assert events["case.noted"]["text"] is None
    assert events["case.rectified"]["reason"] is None
    assert events["task.reopened"]["reason"] is None
    turned = [event.body for event in bare.engine.read(DESK, cases.history, bare.played.third)]
    given = [body["reason"] for body in turned if "reason" in body]
    assert (len(given), set(given)) == (7, {None})
    cancelled = turned[-1]
    assert cancelled["reason"] is None


def test_what_was_declared_a_fact_is_still_told(bare: House) -> None:
    values = bare.engine.read(DESK, cases.show, bare.played.first).values
    assert (values["adult"], values["band"]) == (True, "avant 2000")
    assert values["courtesy"] is None
    assert values["label"] is None
    assert values["statements"] == [None, None]


def test_a_certificate_of_an_erased_person_is_not_rendered_again(bare: House) -> None:
    for row in rows(bare.engine, t.certificate):
        refused("erased", lambda key=row.id: bare.engine.read(SYSTEM, certificates.material, key))
    [row] = [r for r in bare.engine.read(DESK, certificates.listing) if r.case == bare.played.first]
    assert (row.status, row.number) == ("issued", "household/MAR/2026/000001")


def test_papers_drafts_and_search_of_an_erased_person_give_nothing(bare: House) -> None:
    assert bare.engine.read(DESK, attachments.listing, bare.played.first) == ()
    for text in ("Zoubida", "القرمودي", CIN):
        assert bare.engine.read(DESK, cases.search, text).items == ()
    [key] = [key for key, *_ in bare.engine.read(CHIEF, cases.show, bare.played.second).tasks]
    assert bare.engine.read(CHIEF, tasks.show, key).draft == {}


def test_a_case_that_was_open_goes_on_as_far_as_it_needs_nothing_that_was_erased(
    fresh: House,
) -> None:
    erasing.erase(fresh.engine, CIN)
    [key] = [key for key, *_ in fresh.engine.read(CHIEF, cases.show, fresh.played.second).tasks]
    act = lambda: fresh.engine.run(CHIEF, tasks.complete, key, {"statement": "x"})  # noqa: E731
    refused("model_failed", act)  # the certificate's input reads the name
    fresh.engine.run(CHIEF, cases.cancel, fresh.played.second, "Données effacées")
    assert fresh.engine.read(DESK, cases.replay, fresh.played.second).ok


def test_the_case_of_another_person_is_untouched(fresh: House) -> None:
    other = playing.begun_by_another(fresh.engine, DESK)
    erasing.erase(fresh.engine, CIN, fresh.played.plain)
    values = fresh.engine.read(DESK, cases.show, other).values
    assert values["applicant"]["name_fr"] == "Aziza Benhaddou"
    assert fresh.engine.read(DESK, cases.replay, other).ok
    assert set(searching.found(fresh.engine, fresh.folder, ["Benhaddou", "Qarmoudi"])) == {
        "Benhaddou"
    }


def test_an_incident_keeps_the_line_of_the_template_and_the_commitment_of_what_was_said(
    full: House,
) -> None:
    [incident] = full.engine.read(ADMIN, incidents.listing, True)
    assert incident.message.startswith("templates/spoilt.html:4: missing (")
    [row] = rows(full.engine, t.incident)
    with full.engine._begin(writes=False) as connection:
        said = bytes.fromhex(row.resolution)
        value = connection.scalar(select(t.personal.c.value).where(t.personal.c.commitment == said))
    assert unpack(value) == "Rendue à Zoubida Qarmoudi sur papier libre"


def test_what_stays_of_a_value_is_a_commitment_without_its_salt(fresh: House) -> None:
    salts = {row.salt for row in rows(fresh.engine, t.personal)}
    [body, *_] = [row.body for row in rows(fresh.engine, t.event) if row.kind == "case.started"]
    assert b"@sealed" in body
    assert all(salt not in row.state for row in rows(fresh.engine, t.case) for salt in salts)
    erasing.erase(fresh.engine, CIN, fresh.played.plain)
    everything = b"".join(row.body for row in rows(fresh.engine, t.event))
    assert all(salt not in everything and salt.hex().encode() not in everything for salt in salts)


@pytest.mark.parametrize("seed", [0, 4])
def test_nothing_is_left_on_pages_of_sqlite_that_were_split(
    sqlite: Engine, tmp_path: Path, seed: int
) -> None:
    """These leave a word behind where the file is not written anew."""
    deploy(sqlite, "household")
    desk = hiring(sqlite)("nadia", "desk")
    playing.begun_by_another(sqlite, desk)
    playing.begun_again(sqlite, desk)
    chance, personal = Random(seed), rows(sqlite, t.personal)
    for _ in range(300):
        made = [_word(chance, chance.choice(personal), personal[0].case_id) for _ in range(20)]
        with sqlite._begin(writes=True) as connection:
            connection.execute(t.case_field.insert(), made)
    erasing.checkpoint(sqlite)
    assert (tmp_path / "mouqataa.db").read_bytes().count(b"qarmoudi") > 1_000
    erasing.erase(sqlite, CIN)
    assert (tmp_path / "mouqataa.db").read_bytes().count(b"qarmoudi") == 0


def _word(chance: Random, row: Any, other: int) -> dict[str, Any]:
    """A word by which a case is found: one of the person's, or one of somebody else's."""
    letters = "".join(chance.choice(ascii_lowercase) for _ in range(chance.randint(3, 20)))
    token = letters if row.case_id == other else f"qarmoudi{letters}"
    return {"case_id": row.case_id, "name": "x", "token": token, "personal_id": row.id}
