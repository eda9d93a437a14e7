"""On which days to speak before the end."""

import pytest

from tests.decisions.clock.cases import Case, days, found

FILED = ("filed", "2026-09-01T09:00")
TEXTS = ["3 working_days", "80%", "50%", "3 days"]
ASK = [{"on": "asked", "until": ["answered"]}]


def _case(name: str, length: list, reminders: list, *told: tuple[str, str], **more) -> Case:
    facts = more.pop("facts", [])
    now = more.pop("now", "2026-09-02T10:00")
    clock = {"length": length, "reminders": reminders} | more
    return Case(name, clock, [FILED, *facts], now, {"reminders": list(told)})


CASES = [
    _case("shares and days before", days(30), TEXTS, ("50%", "2026-09-16"), ("80%", "2026-09-25"),
          ("3 working_days", "2026-09-28"), ("3 days", "2026-09-28")),
    _case("a share is rounded up to a day", days(9), ["50%"], ("50%", "2026-09-06")),
    _case("days before move back to a working day", days(15), ["3 days", "4 days"],
          ("3 days", "2026-09-11"), ("4 days", "2026-09-11")),
    _case("a share of working days", days(10, "working_days"), ["50%", "2 working_days"],
          ("50%", "2026-09-08"), ("2 working_days", "2026-09-11")),
    _case("a share of what an end was moved by", days(4), ["50%"], ("50%", "2026-09-04"),
          rule={"roll": "next"}),
    _case("stopped days are left aside", days(30), ["50%"], ("50%", "2026-09-26"),
          facts=[("asked", "2026-09-10T10:00"), ("answered", "2026-09-20T10:00")],
          now="2026-09-21T10:00", suspension=ASK),
    _case("what was stopped before a restart is none of its days", days(30), ["50%"],
          ("50%", "2026-09-27"), now="2026-09-21T10:00", facts=[("opened", "2026-09-03T10:00"),
          ("asked", "2026-09-05T10:00"), ("answered", "2026-09-10T10:00"),
          ("closed", "2026-09-12T10:00")],
          suspension=[ASK[0] | {"then": "restart"}, {"on": "opened", "until": ["closed"]}]),
    _case("the first day counts", days(10), ["50%"], ("50%", "2026-09-05"),
          rule={"first_day": "included"}),
    _case("none while it is stopped", days(30), TEXTS, facts=[("asked", "2026-09-10T10:00")],
          now="2026-09-21T10:00", suspension=ASK),
    _case("none when it is over", days(30), TEXTS, now="2026-10-02T00:00"),
    _case("none when it is decided", days(30), TEXTS, facts=[("decided", "2026-09-10T10:00")],
          now="2026-09-21T10:00"),
    _case("none before the start", days(3), ["5 days", "1 days"], ("1 days", "2026-09-03")),
    _case("a share of office hours", days(15, "working_hours"), ["50%", "99%"],
          ("50%", "2026-09-02"), ("99%", "2026-09-03")),
    _case("a share of hours", days(48, "hours"), ["50%", "75%"], ("50%", "2026-09-02"),
          ("75%", "2026-09-02"), now="2026-09-01T10:00"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_reminders_come_in_the_order_of_their_days(case: Case) -> None:
    assert found(case) == case.expected
