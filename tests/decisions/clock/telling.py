"""Clocks whose explanation and receipt are kept as they read, in three languages.

`python -m tests.decisions.clock.telling` writes `golden/*.txt` anew: read the difference, of every
language, before it is committed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from decisions.calendars import Calendar, Day, Season
from decisions.clock.evaluate import evaluate
from decisions.clock.explain import explain
from decisions.clock.law import Clock, Fact, Rule
from decisions.clock.reading import clock
from decisions.clock.receipt import receipt
from decisions.clock.result import Result
from decisions.clock.wording import LANGUAGES

FOLDER = Path(__file__).parent / "golden"
ZONE = ZoneInfo("Africa/Casablanca")
JUST_BEFORE = timedelta(microseconds=1)


def feast(french: str, arabic: str, english: str, *, estimated: bool = False) -> Day:
    return Day(False, french, "", {"ar": arabic, "en": english}, estimated)


def hours(*windows: str) -> tuple[tuple[time, time], ...]:
    return tuple(
        (time.fromisoformat(opens), time.fromisoformat(closes))
        for opens, closes in (window.split("-") for window in windows)
    )


PROPHET = feast("Aïd Al-Mawlid", "عيد المولد النبوي", "Birthday of the Prophet")
WEEK = {day: hours("08:30-12:00", "12:30-16:30") for day in range(1, 5)}
CALENDAR = Calendar(
    "MA",
    frozenset({6, 7}),
    {
        date(2026, 3, 20): feast("Aïd Al-Fitr", "عيد الفطر", "Eid al-Fitr", estimated=True),
        date(2026, 3, 23): feast("Aïd Al-Fitr", "عيد الفطر", "Eid al-Fitr", estimated=True),
        date(2026, 8, 20): feast(
            "Révolution du Roi et du Peuple", "ثورة الملك والشعب", "Revolution of King and People"
        ),
        date(2026, 8, 21): feast("Fête de la Jeunesse", "عيد الشباب", "Youth Day"),
        date(2026, 8, 25): PROPHET,
        date(2026, 8, 26): PROPHET,
        date(2026, 11, 6): feast("Marche verte", "المسيرة الخضراء", "Green March"),
        date(2026, 11, 18): feast("Fête de l’Indépendance", "عيد الاستقلال", "Independence Day"),
        date(2027, 1, 1): feast("Nouvel An", "رأس السنة الميلادية", "New Year"),
    },
    "Africa/Casablanca",
    date(2026, 1, 1),
    date(2027, 12, 31),
    {**WEEK, 5: hours("08:30-11:30", "13:00-16:30")},
    (
        Season("ramadan", date(2026, 2, 19), date(2026, 3, 19),
               {day: hours("09:00-15:00") for day in range(1, 6)}),
    ),
)  # fmt: skip

NAMES: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "complement.requested": "demande de pièces complémentaires",
        "delay.extended": "prolongation du délai",
        "appeal": "recours gracieux devant le président de la commune",
    },
    "ar": {
        "complement.requested": "طلب وثائق تكميلية",
        "delay.extended": "تمديد الأجل",
        "appeal": "تظلم أمام رئيس الجماعة",
        "loi 55-19": "القانون رقم 55-19",
        "loi 31-13": "القانون رقم 31-13",
    },
    "en": {
        "complement.requested": "request for more papers",
        "delay.extended": "extension of the time limit",
        "appeal": "appeal to the president of the commune",
        "loi 55-19": "law 55-19",
        "loi 31-13": "law 31-13",
    },
}

RULES = {
    "ma": Rule(roll="next"),
    "full": Rule(franc=True, roll="next"),
    "least": Rule(min_working_days=2, roll="next"),
    "back": Rule(backward=True, franc=True, roll="previous"),
}
DECISION: Mapping[str, Any] = {
    "length": [[30, "days"]],
    "rule": "ma",
    "start": ["case.filed"],
    "stop": ["decision.notified"],
    "cancel": ["case.withdrawn"],
    "article": "loi 55-19",
    "suspension": [
        {"on": "complement.requested", "until": ["complement.received"], "at_most": 1},
        {"on": "enquiry.opened", "until": ["enquiry.closed"]},
    ],
    "extension": {"on": "delay.extended", "length": [[30, "days"]], "motives": ["expertise"]},
    "silence": {"effect": "consent", "certified_by": "wali_or_governor", "next": "appeal"},
}
APPEAL = clock(
    "appeal",
    {
        "length": [[30, "days"]],
        "rule": "full",
        "start": ["decision.notified", "clock.decision.lapsed"],
        "stop": ["appeal.filed"],
        "obliged": "applicant",
        "article": "loi 55-19",
    },
    RULES,
)


SHORT_APPEAL = replace(APPEAL, length=((48, "hours"),), rule=Rule())
SEVEN_DAYS_A_WEEK = replace(
    CALENDAR,
    rest_days=frozenset(),
    days={**CALENDAR.days, date(2026, 9, 1): Day(False, "")},
)


@dataclass(frozen=True)
class Told:
    """A clock, what happened (kind, local day or instant, data), and when it is asked."""

    table: Mapping[str, Any]
    facts: list[tuple[Any, ...]]
    now: str
    appeal: Clock | None = None
    not_before: date | None = None
    name: str = "decision"
    own: Mapping[str, Any] = field(default_factory=dict)
    calendar: Calendar = CALENDAR

    @property
    def clock(self) -> Clock:
        return clock(self.name, {**self.table, **self.own}, RULES)

    @property
    def result(self) -> Result:
        facts = [
            Fact(kind, instant(at), seq, data[0] if data else {})
            for seq, (kind, at, *data) in enumerate(self.facts)
        ]
        return evaluate(self.clock, facts, self.calendar, instant(self.now), self.not_before)

    def appealing(self) -> tuple[Clock, Result | None] | None:
        """The clock of the appeal, which the lapse starts."""
        if self.appeal is None:
            return None
        end = self.result.effect_at
        if self.result.state != "lapsed" or end is None:
            return self.appeal, None
        lapse = Fact("clock.decision.lapsed", end - JUST_BEFORE)
        return self.appeal, evaluate(self.appeal, [lapse], self.calendar, instant(self.now))

    def text(self) -> str:
        """All it says, as a file."""
        made, found = self.clock, self.result
        parts = []
        for language in LANGUAGES:
            names = NAMES[language]
            parts += [
                f"== {language}: explanation",
                *explain(made, found, self.calendar, language, names),
                "",
                f"== {language}: receipt",
                *receipt(made, found, self.calendar, language, names, self.appealing()),
                "",
            ]
        return "\n".join(parts)


def instant(text: str) -> datetime:
    found = datetime.fromisoformat(text if "T" in text else f"{text}T10:00")
    return found.replace(tzinfo=ZONE)


WORKING = {
    "length": [[10, "working_days"]], "start": ["case.filed"], "article": "loi 31-13",
    "silence": {"effect": "refusal"}, "suspension": DECISION["suspension"],
}  # fmt: skip
HOURS = {
    "length": [[8, "working_hours"]], "start": ["opinion.requested"], "obliged": "other",
    "silence": {"effect": "favourable_opinion"}, "suspension": DECISION["suspension"],
}  # fmt: skip
CITIZEN = {
    "length": [[30, "days"]], "rule": "ma", "start": ["complement.requested"],
    "stop": ["complement.received"], "obliged": "applicant",
}  # fmt: skip
FILED = ("case.filed", "2026-09-01")
ASKED = ("complement.requested", "2026-09-10")
ANSWERED = ("complement.received", "2026-09-20")

CASES: Mapping[str, Told] = {
    "running": Told(DECISION, [FILED], "2026-09-02", appeal=APPEAL),
    "suspended": Told(DECISION, [FILED, ASKED], "2026-09-15", appeal=APPEAL),
    "resumed_and_moved_off_a_weekend": Told(
        DECISION, [FILED, ASKED, ANSWERED], "2026-09-25", own={"length": [[31, "days"]]}
    ),
    "two_motives_and_one_more_request": Told(
        DECISION,
        [
            FILED,
            ASKED,
            ("enquiry.opened", "2026-09-15"),
            ANSWERED,
            ("enquiry.closed", "2026-09-30"),
            ("complement.requested", "2026-10-02"),
        ],
        "2026-10-05",
    ),
    "lapsed_and_appeal": Told(DECISION, [FILED], "2026-10-20", appeal=APPEAL),
    "extended_then_too_late": Told(
        DECISION,
        [
            FILED,
            ("delay.extended", "2026-09-20", {"motive": "expertise"}),
            ("delay.extended", "2026-10-10", {"motive": "expertise"}),
            ("decision.notified", "2026-11-04"),
        ],
        "2026-11-05",
    ),
    "months_and_days_ended": Told(
        DECISION,
        [("case.filed", "2026-01-31"), ("decision.notified", "2026-02-27")],
        "2026-03-01",
        own={"length": [[1, "months"], [15, "days"]]},
    ),
    "working_days_with_feasts": Told(
        WORKING,
        [
            ("case.filed", "2026-08-10"),
            ("complement.requested", "2026-08-12"),
            ("complement.received", "2026-08-19"),
        ],
        "2026-08-24",
    ),
    "working_days_with_an_estimate": Told(
        WORKING,
        [("case.filed", "2026-03-16")],
        "2026-03-17",
        own={"length": [[11, "working_days"]]},
    ),
    "full_period_on_a_feast": Told(
        CITIZEN,
        [("complement.requested", "2026-11-02")],
        "2026-11-05",
        own={"length": [[15, "days"]], "rule": "full"},
    ),
    "least_of_working_days": Told(
        CITIZEN,
        [("complement.requested", "2026-11-05")],
        "2026-11-05",
        own={"length": [[2, "days"]], "rule": "least"},
    ),
    "promised": Told(
        CITIZEN,
        [("complement.requested", "2026-09-10")],
        "2026-09-15",
        not_before=date(2026, 10, 14),
    ),
    "office_hours_stopped_once": Told(
        HOURS,
        [
            ("opinion.requested", "2026-09-21T09:00"),
            ("complement.requested", "2026-09-21T11:00"),
            ("complement.received", "2026-09-22T14:00"),
        ],
        "2026-09-22T15:30",
        name="opinion",
    ),
    "office_hours_stopped_now": Told(
        HOURS,
        [("opinion.requested", "2026-09-21T09:00"), ("enquiry.opened", "2026-09-21T11:20")],
        "2026-09-22T15:30",
        name="opinion",
    ),
    "notice_before_a_meeting": Told(
        {"length": [[10, "days"]], "rule": "back", "start": ["meeting.set"]},
        [("meeting.set", "2026-09-01", {"day": "2026-09-24"})],
        "2026-09-02",
        name="notice",
    ),
    "same_day": Told(
        WORKING, [FILED], "2026-09-01", own={"length": [[0, "days"]], "suspension": ()}
    ),
    "waiting": Told(DECISION, [], "2026-09-01"),
    "cancelled": Told(DECISION, [FILED, ("case.withdrawn", "2026-09-08")], "2026-09-09"),
    "decided_while_stopped": Told(
        DECISION, [FILED, ASKED, ("decision.notified", "2026-12-10")], "2026-12-15"
    ),
    "first_day_counts": Told(
        DECISION,
        [FILED],
        "2026-09-02",
        own={"rule": {"first_day": "included"}, "silence": {"effect": "none"}},
    ),
    "requests_without_effect": Told(
        DECISION,
        [
            FILED,
            ("enquiry.opened", "2026-09-02"),
            ("enquiry.opened", "2026-09-03"),
            ("enquiry.closed", "2026-09-04"),
            ASKED,
            ("delay.extended", "2026-09-11", {"motive": "holidays"}),
            ("enquiry.opened", "2026-10-18"),
        ],
        "2026-10-20",
        appeal=SHORT_APPEAL,
        own={
            "silence": {"effect": "none"},
            "suspension": [
                {**DECISION["suspension"][0], "within": [[5, "days"]]},
                DECISION["suspension"][1],
            ],
        },
    ),
    "short_appeal_running": Told(DECISION, [FILED], "2026-10-02T12:00", appeal=SHORT_APPEAL),
    "refused_by_silence": Told(
        WORKING, [("case.filed", "2026-08-24")], "2026-09-30", calendar=SEVEN_DAYS_A_WEEK
    ),
    "moved_over_a_feast": Told(CITIZEN, [("complement.requested", "2026-02-19")], "2026-02-20"),
    "notice_that_meets_feasts": Told(
        {
            "length": [[10, "days"]],
            "start": ["meeting.set"],
            "rule": {"backward": True, "roll": "previous", "first_day": "included"},
        },
        [("meeting.set", "2026-07-01", {"day": "2026-08-30"})],
        "2026-07-02",
        name="notice",
    ),
    "opinion_in_days": Told(
        HOURS,
        [("opinion.requested", "2026-09-01")],
        "2026-09-02",
        name="opinion",
        own={"length": [[10, "days"]], "rule": {"first_day": "included"}},
    ),
    "opinion_given_by_silence": Told(
        HOURS,
        [("opinion.requested", "2026-09-01")],
        "2026-09-05",
        name="opinion",
        own={"length": [[36, "hours"]]},
    ),
    "opinion_on_the_same_day": Told(
        HOURS,
        [("opinion.requested", "2026-09-01")],
        "2026-09-01",
        name="opinion",
        own={"length": [[0, "days"]], "suspension": ()},
    ),
    "citizen_on_the_same_day": Told(CITIZEN, [ASKED], "2026-09-10", own={"length": [[0, "days"]]}),
    "citizen_within_hours": Told(
        CITIZEN, [ASKED], "2026-09-10T12:00", own={"length": [[48, "hours"]], "rule": {}}
    ),
}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, told in CASES.items():
        (FOLDER / f"{name}.txt").write_text(told.text(), encoding="utf-8")
