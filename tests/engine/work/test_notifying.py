"""People are told by mail of what happened, by preference, through a real mail server."""

import pytest

from engine.commands import incidents, notices, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.transaction import By
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import APPLICATION
from tests.engine.work.conftest import Office, begun, told


def test_who_is_given_a_task_is_told_at_once_in_arabic(
    engine: Engine, office: Office, desk: tuple[By, By]
) -> None:
    nadia, _ = desk
    reference, task = begun(engine, nadia)
    engine.run(nadia, tasks.assign, task, "omar")
    told(engine)
    [letter] = office.letters
    assert letter["To"] == "omar@commune.ma"
    assert letter["Subject"].startswith("أُسندت إليكم المهمة")
    assert reference in letter["Subject"]
    html, plain = letter.get_body(("html",)), letter.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert 'dir="rtl"' in html.get_content()
    assert reference in plain.get_content()
    whole = letter.as_string() + plain.get_content() + html.get_content()
    assert all(str(value) not in whole for value in APPLICATION.values() if len(str(value)) > 1)


def test_who_acts_is_not_told_of_it_and_others_in_the_morning(
    engine: Engine, office: Office, desk: tuple[By, By], clock: Clock
) -> None:
    for _ in range(3):
        begun(engine, desk[0])
    told(engine)
    assert office.letters == []
    clock.move(hours=23)  # 8:00 UTC of the next day: 8:00 or 9:00 in Casablanca
    told(engine)
    [letter] = office.letters
    assert letter["To"] == "omar@commune.ma"
    plain = letter.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().count("TST-MAR-2026-") == 3
    clock.move(days=1)
    told(engine)
    assert len(office.letters) == 1


def test_many_notices_are_one_mail_and_the_next_comes_a_minute_later(
    engine: Engine, office: Office, desk: tuple[By, By], clock: Clock
) -> None:
    nadia, omar = desk
    engine.run(omar, notices.prefer, {"task.opened": "at_once"})
    for _ in range(20):
        begun(engine, nadia)
    told(engine)
    assert len(office.letters) == 1
    for _ in range(20):
        begun(engine, nadia)
        told(engine)
    assert len(office.letters) == 1
    clock.move(seconds=61)
    told(engine)
    assert len(office.letters) == 2


def test_never_is_never(engine: Engine, office: Office, desk: tuple[By, By]) -> None:
    nadia, omar = desk
    engine.run(omar, notices.prefer, {"task.assigned": "never"})
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    told(engine)
    assert office.letters == []
    kept = {row.topic: row.pace for row in engine.read(omar, notices.show)}
    assert kept["task.assigned"] == "never"


def test_a_mail_that_was_put_off_comes_again_under_the_same_id(
    engine: Engine, office: Office, desk: tuple[By, By], clock: Clock
) -> None:
    nadia, _ = desk
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    office.cut = 1
    told(engine)
    engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
    clock.move(seconds=40)
    told(engine)
    first, second, *_ = office.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Subject"] == second["Subject"]


def test_an_address_that_is_none_is_left_alone_with_one_incident(
    engine: Engine, office: Office, desk: tuple[By, By], clock: Clock
) -> None:
    nadia, _ = desk
    office.refused.add("omar@commune.ma")
    for _ in range(3):
        engine.run(nadia, tasks.assign, begun(engine, nadia)[1], "omar")
        told(engine)
        clock.move(minutes=2)
    assert office.letters == []
    [incident] = engine.read(ADMIN, incidents.listing)
    assert "omar" not in incident.message
    with engine._begin(writes=False) as connection:
        statuses = connection.execute(t.notice.select()).all()
    assert {row.status for row in statuses} == {"dropped"}


def test_a_command_looks_nobody_up_and_sends_nothing(engine: Engine, desk: tuple[By, By]) -> None:
    begun(engine, desk[0])
    with engine._begin(writes=False) as connection:
        topics = [row.topic for row in connection.execute(t.occasion.select())]
        assert sorted(topics) == ["case.started", "task.opened"]
        assert connection.execute(t.notice.select()).all() == []


def test_another_s_preferences_are_the_administrators_to_set(
    engine: Engine, desk: tuple[By, By]
) -> None:
    engine.run(ADMIN, notices.prefer, {"task.opened": "weekly"}, "omar")
    with pytest.raises(EngineError) as caught:
        engine.run(desk[0], notices.prefer, {"task.opened": "never"}, "omar")
    assert caught.value.code == "not_your_role"
