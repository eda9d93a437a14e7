"""People are told by text message, through a gateway that is a real web server."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import event

from engine.commands import cases, incidents, notices, procedures, sending, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import bundle
from tests.engine.operations import servers
from tests.engine.operations.servers import Web
from tests.engine.work.conftest import Office, begun, rows, told
from tests.engine.work.test_digests import URGENT
from tests.engine.work.test_telling_persons import asking

Desk = tuple[By, By]
OMAR = "+212612345678"


@pytest.fixture
def gateway(engine: Engine) -> Iterator[Web]:
    with servers.web() as web:
        web.answers["/send"] = 202, {}, b""
        engine.settings = replace(
            engine.settings, sms_url=f"http://{web.host}/send", sms_key_header="X-Message",
            private_hosts=(web.host,),
        )  # fmt: skip
        yield web


@pytest.fixture
def texted(engine: Engine, desk: Desk) -> Desk:
    """Two clerks of whom omar, who reads Arabic, chose to be told by text message."""
    engine.run(desk[1], notices.reach, phone="06 12 34 56 78", country="212")
    engine.run(desk[1], notices.prefer, {}, channel="sms")
    return desk


def sent(web: Web) -> list[tuple[str, str]]:
    """To whom each text went, and what it says."""
    bodies = [json.loads(seen.body) for seen in web.seen]
    return [(body["to"], body["text"]) for body in bodies]


def test_who_chose_it_is_told_by_text_message_and_no_longer_by_mail(
    engine: Engine, office: Office, gateway: Web, texted: Desk
) -> None:
    nadia, omar = texted
    reference, task = begun(engine, nadia)
    engine.run(nadia, tasks.assign, task, "omar")
    told(engine)
    [(to, text)] = sent(gateway)
    assert to == OMAR
    assert text.startswith("أُسندت إليكم المهمة")
    assert reference in text
    assert "\n" not in text
    assert office.letters == []
    assert {row.channel for row in engine.read(omar, notices.show)} == {"sms"}


def test_who_goes_back_to_mail_is_told_by_mail(
    engine: Engine, office: Office, gateway: Web, texted: Desk
) -> None:
    nadia, omar = texted
    engine.run(omar, notices.prefer, {"task.opened": "never"}, channel="mail")
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    told(engine)
    assert len(office.to("omar@commune.ma")) == 1
    assert gateway.seen == []


def test_a_text_message_in_french_says_what_happened_the_reference_and_the_office(
    engine: Engine, office: Office, gateway: Web, texted: Desk
) -> None:
    nadia, omar = texted
    engine.run(omar, notices.reach, language="fr")
    reference, task = begun(engine, nadia)
    engine.run(nadia, tasks.assign, task, "omar")
    told(engine)
    name = next(row.name_fr for row in rows(engine, t.office) if row.short == "MAR")
    assert sent(gateway) == [
        (OMAR, f"La tâche « A » vous a été confiée. - {reference} - {name}"),
    ]  # fmt: skip


def test_a_digest_of_many_notices_is_one_counted_text_message(
    engine: Engine, gateway: Web, texted: Desk, clock: Clock
) -> None:
    nadia, omar = texted
    engine.run(omar, notices.reach, language="fr")
    references = [begun(engine, nadia)[0] for _ in range(5)]
    told(engine)
    assert sent(gateway) == []
    clock.move(hours=23)
    told(engine)
    [(_, text)] = sent(gateway)
    assert text.startswith(f"5 avis - {', '.join(references[:3])} - ")
    assert references[3] not in text


def test_a_text_message_that_is_tried_again_has_the_same_key_and_words(
    engine: Engine, gateway: Web, texted: Desk, clock: Clock
) -> None:
    nadia, _ = texted
    gateway.answers["/send"] = 503, {}, b""
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    told(engine)
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    gateway.answers["/send"] = 202, {}, b""
    clock.move(minutes=2)
    told(engine)
    first, again, *_ = gateway.seen
    assert first.headers["x-message"] == again.headers["x-message"]
    assert first.body == again.body


def test_settings_without_a_gateway_are_one_incident_and_nothing_is_lost(
    engine: Engine, gateway: Web, texted: Desk, clock: Clock
) -> None:
    nadia, _ = texted
    whole = engine.settings
    engine.settings = replace(whole, sms_url="")
    for _ in range(3):
        engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
        told(engine)
        clock.move(minutes=61)
    [incident] = engine.read(ADMIN, incidents.listing)
    assert incident.message == "the settings lack sms_url"
    engine.settings = whole
    told(engine)
    assert sum("3" in text.split(" - ")[0] for _, text in sent(gateway)) == 1
    assert {row.status for row in rows(engine, t.notice) if row.pace == "at_once"} == {"sent"}


def test_a_number_that_is_none_is_left_alone_with_one_incident(
    engine: Engine, gateway: Web, texted: Desk
) -> None:
    nadia, omar = texted
    with engine._begin(writes=True) as connection:
        connection.execute(t.contact.update().values(phone="0522 12 34 56"))
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    told(engine)
    assert gateway.seen == []
    assert engine.read(omar, notices.contact).failing_at is not None
    [incident] = engine.read(ADMIN, incidents.listing)
    assert "0522" not in incident.message
    engine.run(omar, notices.reach, phone="0612345678", country="212")
    assert engine.read(omar, notices.contact).failing_at is None


def test_a_refusal_of_the_gateway_is_tried_again_and_condemns_no_number(
    engine: Engine, gateway: Web, texted: Desk
) -> None:
    nadia, omar = texted
    gateway.answers["/send"] = 400, {}, b""
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    told(engine)
    assert engine.read(omar, notices.contact).failing_at is None
    assert {row.status for row in rows(engine, t.notice) if row.pace == "at_once"} == {"waiting"}


def test_a_person_with_a_telephone_alone_is_told_by_text_message(
    engine: Engine, office: Office, gateway: Web, desk: Desk
) -> None:
    notice = '[notice]\nphone = "phone"\nlanguage = "language"\n'
    engine.run(ADMIN, procedures.deploy, asking(notice, key="appel", code="TEL"))
    salma = {"applicant": {"cin": "BX000001"}, "phone": "0612345678", "language": "ar"}
    reference = engine.run(desk[0], cases.start, "appel", salma, "MAR").reference
    told(engine)
    [(to, text)] = sent(gateway)
    assert to == OMAR
    assert reference in text
    assert "BX000001" not in text
    shown = engine.read(desk[0], notices.show, case=reference)
    assert {row.channel for row in shown} == {"sms"}
    engine.run(desk[0], cases.rectify, reference, "phone", "", "ne veut plus")
    [contact] = [row for row in rows(engine, t.contact) if row.person_id]
    assert contact.phone is None


def test_a_person_with_both_is_told_by_mail_until_the_office_says_otherwise(
    engine: Engine, office: Office, gateway: Web, desk: Desk, clock: Clock
) -> None:
    engine.run(ADMIN, procedures.deploy, asking(key="deux", code="DEU"))
    salma = {"applicant": {"cin": "BX1"}, "mail": "salma@exemple.ma", "phone": OMAR}
    found = engine.run(desk[0], cases.start, "deux", salma, "MAR")
    told(engine)
    assert len(office.to("salma@exemple.ma")) == 1
    engine.run(desk[0], notices.prefer, {}, case=found.reference, channel="sms")
    engine.run(desk[0], tasks.complete, found.tasks[0], {})
    clock.move(minutes=2)
    told(engine)
    assert [to for to, _ in sent(gateway)] == [OMAR]
    assert len(office.to("salma@exemple.ma")) == 1


@pytest.mark.parametrize(
    ("wrong", "name"),
    [({"channel": "sms"}, "channel"), ({"channel": "pigeon"}, "channel")],
)
def test_a_channel_without_an_address_and_one_that_nobody_knows_are_refused(
    engine: Engine, desk: Desk, wrong: dict[str, str], name: str
) -> None:
    with pytest.raises(EngineError) as caught:
        engine.run(desk[0], notices.prefer, {}, **wrong)
    assert (caught.value.code, caught.value.details["name"]) == ("bad_value", name)


@pytest.mark.parametrize("typed", ["0522123456", "12", "nadia"])
def test_what_is_no_mobile_telephone_is_not_kept(engine: Engine, desk: Desk, typed: str) -> None:
    with pytest.raises(EngineError) as caught:
        engine.run(desk[0], notices.reach, phone=typed, country="212")
    assert (caught.value.code, caught.value.details["name"]) == ("bad_value", "phone")
    assert engine.read(desk[0], notices.contact).phone is None


def test_two_workers_that_tidy_at_once_note_a_late_task_once(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    engine.run(ADMIN, procedures.deploy, bundle(*URGENT, key="delai", code="DEL"))
    for _ in range(3):
        begun(engine, desk[0], "delai")
    clock.move(hours=2)
    event.listen(engine._database, "commit", lambda _: time.sleep(0.2))
    with ThreadPoolExecutor(2) as pool:
        noted = [
            done.notices for done in pool.map(lambda _: engine.run(SYSTEM, sending.late), "ab")
        ]
    assert sorted(noted) == [0, 3]
    assert [row.topic for row in rows(engine, t.occasion)].count("task.due") == 3
