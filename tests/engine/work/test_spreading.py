"""What goes wrong on the way: two workers at once, one that dies, settings and addresses."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import wraps
from typing import Any

import pytest
from sqlalchemy import event

from engine.commands import incidents, notices, sending, tasks
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM, spread
from tests.conftest import ADMIN, Clock
from tests.engine.work.conftest import Office, begun, plain, rows, told

Desk = tuple[By, By]


def test_two_workers_that_look_at_once_write_each_notice_once_and_one_job(
    engine: Engine, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    nadia, omar = desk
    engine.run(omar, notices.prefer, {"task.opened": "at_once"})
    for _ in range(8):
        begun(engine, nadia)
    monkeypatch.setattr(sending, "_MANY", 4)
    event.listen(engine._database, "commit", lambda _: time.sleep(0.1))

    def look(_: int) -> int:
        seen = 0
        while found := engine.run(SYSTEM, sending.spread, 8).occasions:
            seen += found
        return seen

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(look, range(2))) == 16
    told_of = Counter(row.occasion_id for row in rows(engine, t.notice))
    assert len(told_of) == 8
    assert set(told_of.values()) == {1}
    assert [row.kind for row in rows(engine, t.job)] == ["notice.send"]


def test_a_worker_that_dies_after_the_server_took_it_sends_it_again_under_the_same_id(
    engine: Engine, office: Office, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    nadia, _ = desk
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    spread(engine)

    @wraps(sending.sent)
    def dies(*_: Any) -> Any:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "sent", dies)
        with pytest.raises(MemoryError):
            told(engine)
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    clock.move(minutes=2)
    told(engine)
    told(engine)
    first, again, other = office.letters
    assert (first["Message-ID"], plain(first)) == (again["Message-ID"], plain(again))
    assert other["Message-ID"] != first["Message-ID"]
    assert {row.status for row in rows(engine, t.notice) if row.pace == "at_once"} == {"sent"}


def test_settings_without_mail_are_one_incident_and_nothing_is_lost(
    engine: Engine, office: Office, desk: Desk, clock: Clock
) -> None:
    nadia, omar = desk
    whole = engine.settings
    engine.settings = replace(whole, mail_server="")
    for by, other in ((nadia, "omar"), (omar, "nadia")):
        engine.run(by, tasks.assign, begun(engine, by)[1], other)
    for _ in range(7):
        told(engine)
        clock.move(minutes=61)
    [incident] = engine.read(ADMIN, incidents.listing)
    assert incident.message == "the settings lack mail_server"
    engine.settings = whole
    told(engine)
    assert sorted(letter["To"] for letter in office.letters) == [
        "nadia@commune.ma", "omar@commune.ma",
    ]  # fmt: skip


def test_an_address_that_could_never_be_one_is_left_alone_like_one_that_is_refused(
    engine: Engine, office: Office, desk: Desk
) -> None:
    nadia, omar = desk
    with engine._begin(writes=True) as connection:
        connection.execute(t.contact.update().values(mail="omar@@commune"))
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    told(engine)
    assert engine.read(omar, notices.contact).failing_at is not None
    [incident] = engine.read(ADMIN, incidents.listing)
    assert "omar" not in incident.message
    engine.run(omar, notices.reach, "omar@commune.ma")
    assert engine.read(omar, notices.contact).failing_at is None


def test_an_address_that_was_taken_back_gets_nothing_any_more(
    engine: Engine, office: Office, desk: Desk
) -> None:
    nadia, omar = desk
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    spread(engine)
    engine.run(omar, notices.reach, "")
    told(engine)
    assert office.letters == []
    assert {row.status for row in rows(engine, t.notice)} == {"dropped"}


def test_the_questions_of_a_look_do_not_grow_with_what_happened(engine: Engine, desk: Desk) -> None:
    asked: list[str] = []
    event.listen(engine._database, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    counts = []
    for cases in (2, 20):
        for _ in range(cases):
            begun(engine, desk[0])
        asked.clear()
        engine.run(SYSTEM, sending.spread, 8)
        counts.append(len(asked))
    assert counts[1] <= counts[0]
