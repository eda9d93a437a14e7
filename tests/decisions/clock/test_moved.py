"""What the applicant is told when a revision of the calendar moves the end of a clock."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from decisions.calendars import Calendar, Day
from decisions.clock.evaluate import evaluate
from decisions.clock.law import Clock, Fact
from decisions.clock.moved import moved
from decisions.clock.reading import clock
from decisions.clock.result import Result
from tests.decisions.clock.telling import CALENDAR, DECISION, RULES, feast, instant

FILED = [Fact("case.filed", instant("2026-03-09"))]
FEAST = feast("Aïd Al-Fitr", "عيد الفطر", "Eid al-Fitr")


PLAIN = {key: what for key, what in DECISION.items() if key not in ("suspension", "extension")}


def law(**own: Any) -> Clock:
    return clock("decision", {**PLAIN, **own}, RULES)


def changed(days: dict[date, Day | None]) -> Calendar:
    kept = {**CALENDAR.days, **days}
    return replace(CALENDAR, days={day: what for day, what in kept.items() if what is not None})


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def told(made: Clock, before: Calendar, after: Calendar, language: str = "fr") -> str:
    found = [(evaluate(made, FILED, one, instant("2026-03-10")), one) for one in (before, after)]
    return plain(moved(made, found[0], found[1], language))


def test_a_feast_on_the_last_day_moves_it_and_is_named_in_each_language() -> None:
    after = changed({date(2026, 4, 8): FEAST})
    assert told(law(), CALENDAR, after) == (
        "La date du 8 avril 2026 devient le 9 avril 2026 : les bureaux sont fermés "
        "le mercredi 8 avril 2026 (Aïd Al-Fitr)."
    )
    assert told(law(), CALENDAR, after, "en") == (
        "The date of 8 April 2026 becomes 9 April 2026: offices are closed "
        "Wednesday 8 April 2026 (Eid al-Fitr)."
    )
    arabic = told(law(), CALENDAR, after, "ar")
    for part in ("8 أبريل 2026", "9 أبريل 2026", "عيد الفطر", "المكاتب مغلقة"):
        assert part in arabic


def test_of_working_days_each_changed_day_inside_counts_and_those_in_a_row_stand_together() -> None:
    made = law(length=[[10, "working_days"]])
    after = changed({date(2026, 3, day): FEAST for day in (17, 18)})
    assert told(made, CALENDAR, after) == (
        "La date du 25 mars 2026 devient le 27 mars 2026 : les bureaux sont fermés "
        "du 17 au 18 mars 2026 (Aïd Al-Fitr)."
    )


def test_a_day_that_is_open_after_all_and_a_closed_one_without_a_name_are_told_too() -> None:
    made = law(length=[[10, "working_days"]])
    later = changed({date(2026, 3, 20): None, date(2026, 3, 23): None})
    assert told(made, CALENDAR, later) == (
        "La date du 25 mars 2026 devient le 23 mars 2026 : les bureaux sont ouverts "
        "le vendredi 20 mars 2026 et les bureaux sont ouverts le lundi 23 mars 2026."
    )
    unnamed = changed({date(2026, 3, 25): Day(False, "")})
    assert "les bureaux sont fermés le mercredi 25 mars 2026." in told(made, CALENDAR, unnamed)


def test_a_change_inside_plain_days_has_no_part_in_the_end() -> None:
    after = changed({date(2026, 3, 12): FEAST, date(2026, 4, 8): FEAST})
    assert "12 mars" not in told(law(), CALENDAR, after)


def test_an_end_that_did_not_move_or_is_none_is_not_told() -> None:
    assert told(law(), CALENDAR, changed({date(2026, 3, 12): FEAST})) == ""
    waiting = (Result("decision"), CALENDAR)
    assert moved(law(), waiting, waiting, "fr") == ""


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_where_no_day_explains_it_the_calendar_does(language: str) -> None:
    hours = law(length=[[8, "working_hours"]], rule={})
    shorter = replace(
        CALENDAR, hours={day: one[:1] for day, one in CALENDAR.hours.items()}, seasons=()
    )
    sentence = told(hours, CALENDAR, shorter, language)
    assert {"fr": "calendrier officiel", "ar": "العطل الرسمية", "en": "official calendar"}[
        language
    ] in sentence
