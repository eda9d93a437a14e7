"""When people are told: digests by the calendar, late tasks, incidents, a flood in a few mails."""

from datetime import date

import pytest

from engine.commands import calendars, notices, procedures, sending, tasks
from engine.engine import Engine
from engine.errors import EngineError
from engine.store import tables as t
from engine.store import trouble
from engine.store.store import Store
from engine.transaction import By
from engine.work.worker import SYSTEM, tidy
from tests.conftest import ADMIN, Clock
from tests.engine.commands.house import bundle
from tests.engine.work.conftest import Office, begun, plain, rows, told
from tests.runtime.models import START, ends, flows

Desk = tuple[By, By]
URGENT = (START, '<userTask id="A" name="A" mq:due="PT1H"/>', ends("E"), flows("S > A > E"))


def _days(engine: Engine, clock: Clock, office: Office, count: int) -> list[int]:
    """On which of the next days, looked at in the middle of the morning, omar got a mail."""
    found = []
    for day in range(1, count + 1):
        clock.move(days=1)
        before = len(office.to("omar@commune.ma"))
        told(engine)
        found += [day] * (len(office.to("omar@commune.ma")) - before)
    return found


def test_a_weekly_digest_comes_on_the_first_working_day_of_the_next_week(
    engine: Engine, office: Office, desk: Desk, clock: Clock
) -> None:
    nadia, omar = desk
    engine.run(omar, notices.prefer, {"task.opened": "weekly"})
    begun(engine, nadia)  # a Monday
    told(engine)
    clock.move(days=2)
    begun(engine, nadia)
    told(engine)
    assert _days(engine, clock, office, 14) == [5]
    assert plain(office.letters[0]).count("TST-MAR-2026-") == 2


def test_a_digest_waits_for_the_end_of_holidays_and_of_the_week(
    engine: Engine, office: Office, desk: Desk, clock: Clock
) -> None:
    name = engine.read(ADMIN, calendars.show).name
    engine.run(ADMIN, calendars.add, name, date(2026, 3, 3), kind="closed", label="Deuil",
               source="décret")  # fmt: skip
    begun(engine, desk[0])
    told(engine)
    assert _days(engine, clock, office, 4) == [2]  # not Tuesday, Wednesday
    begun(engine, desk[0])  # on Friday
    told(engine)
    assert _days(engine, clock, office, 4) == [3]


def test_a_task_that_became_late_is_told_once_to_who_may_do_it(
    engine: Engine, office: Office, desk: Desk, clock: Clock
) -> None:
    nadia, _omar = desk
    engine.run(ADMIN, procedures.deploy, bundle(*URGENT, key="delai", code="DEL"))
    for by in desk:
        engine.run(by, notices.prefer, {"task.due": "at_once", "task.opened": "never"})
    reference, _ = begun(engine, nadia, "delai")
    _, done = begun(engine, nadia, "delai")
    engine.run(nadia, tasks.complete, done, {})
    tidy(engine)
    told(engine)
    assert office.letters == []
    for _ in range(3):
        clock.move(hours=1, minutes=1)
        tidy(engine)
        told(engine)
    assert sorted(letter["To"] for letter in office.letters) == [
        "nadia@commune.ma", "omar@commune.ma",
    ]  # fmt: skip
    [letter] = office.to("nadia@commune.ma")
    assert letter["Subject"] == f"La tâche « A » est en retard. – {reference}"


def test_an_incident_is_told_to_the_administrators_at_once(
    engine: Engine, office: Office, desk: Desk, clock: Clock
) -> None:
    engine.run(ADMIN, notices.reach, "admin@commune.ma")
    with engine._begin(writes=True) as connection:
        trouble.failed(Store(connection), at=clock(), version=1, case=None, element="A", reason="x")
    told(engine)
    [letter] = office.letters
    assert letter["To"] == "admin@commune.ma"
    assert "incident 1" in letter["Subject"]


def test_two_thousand_notices_are_a_few_mails(
    engine: Engine, office: Office, desk: Desk, clock: Clock
) -> None:
    nadia, _omar = desk
    _, task = begun(engine, nadia)
    engine.run(nadia, tasks.assign, task, "omar")
    told(engine)
    [row] = [row for row in rows(engine, t.occasion) if row.topic == "task.assigned"]
    one = {name: row._mapping[name] for name in ("topic", "case_id", "token", "actor_id", "by_id")}
    for _ in range(20):
        clock.move(seconds=6)
        with engine._begin(writes=True) as connection:
            Store(connection).add_all(t.occasion, [one | {"at": clock()}] * 100)
        told(engine)
    clock.move(minutes=1)
    told(engine)
    letters = office.to("omar@commune.ma")
    assert len(letters) <= 4
    sent = [row for row in rows(engine, t.notice) if row.status == "sent"]
    assert len(sent) == 2_001
    assert any("200" not in plain(letter) and "MAR" in plain(letter) for letter in letters)
    assert max(plain(letter).count("TST-MAR-2026-") for letter in letters) == 200


def test_a_list_shows_one_s_own_and_all_to_an_administrator_page_by_page(
    engine: Engine, office: Office, desk: Desk
) -> None:
    nadia, omar = desk
    references = [begun(engine, nadia)[0] for _ in range(3)]
    told(engine)
    assert engine.read(nadia, notices.listing).items == ()
    page = engine.read(omar, notices.listing, limit=2)
    assert [row.case for row in page.items] == references[:0:-1]
    assert {(row.login, row.topic, row.status) for row in page.items} == {
        ("omar", "task.opened", "waiting")
    }
    last = engine.read(ADMIN, notices.listing, True, cursor=page.next, limit=2)
    assert [row.case for row in last.items] == references[:1]
    assert last.next is None
    with pytest.raises(EngineError) as caught:
        engine.read(omar, notices.listing, limit=501)
    assert caught.value.code == "bad_value"


def test_a_notice_is_kept_90_days_from_when_it_was_sent(
    engine: Engine, office: Office, desk: Desk, clock: Clock
) -> None:
    nadia, omar = desk
    engine.run(omar, notices.prefer, {"task.opened": "weekly"})
    begun(engine, nadia)
    told(engine)
    clock.move(days=7)
    told(engine)
    assert len(office.letters) == 1
    clock.move(days=89)
    engine.run(SYSTEM, sending.tidy)
    assert [row.status for row in rows(engine, t.notice)] == ["sent"]
    clock.move(days=2)
    engine.run(SYSTEM, sending.tidy)
    assert rows(engine, t.notice) == []
    assert rows(engine, t.occasion) == []
