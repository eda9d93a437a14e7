"""How long a length is: months and weeks become days, by the rule and from a day on."""

from calendar import monthrange
from datetime import date, timedelta

from decisions.clock.law import Length, Rule
from decisions.errors import DecisionError

# What each unit is counted in. Lengths that are added must be counted in the same.
COUNTED = {
    "years": "days", "months": "days", "weeks": "days", "days": "days",
    "working_days": "working_days", "hours": "hours", "working_hours": "working_hours",
}  # fmt: skip
_MONTHS = {"years": 12, "months": 1}
_DAYS = {"weeks": 7, "days": 1, "working_days": 1}
_SECONDS = 3600


def counted(length: Length) -> str:
    """What a length is counted in: days, working_days, hours or working_hours.

    Raises DecisionError where the parts cannot be added: a month and five working days.
    """
    found = {COUNTED.get(unit, "") for _, unit in length}
    if len(found) != 1 or "" in found:
        raise DecisionError(
            "clock.length", f"{length} cannot be counted in one way",
            remedy="Give it in years, months, weeks and days, or in working_days, or in hours,"
            " or in working_hours.",
        )  # fmt: skip
    return found.pop()


def before(start: date, rule: Rule) -> date:
    """The day after which days are counted: the start, or the day before where it counts itself.

    Of a period that is counted back: the day before which they are counted.
    """
    if rule.first_day == "excluded":
        return start
    return start + timedelta(days=1 if rule.backward else -1)


def days(length: Length, rule: Rule, start: date) -> int:
    """How many days a length has from the day of a fact on, months first, then days."""
    months = sum(number * _MONTHS.get(unit, 0) for number, unit in length)
    plain = sum(number * _DAYS.get(unit, 0) for number, unit in length)
    if not months:
        return plain
    if rule.month == "thirty":
        years = sum(number for number, unit in length if unit == "years")
        return 365 * years + 30 * (months - 12 * years) + plain
    sign = -1 if rule.backward else 1
    origin = before(start, rule)
    first = origin + timedelta(days=sign)
    if rule.month_end == "first":
        end = add_months(first, sign * months)
    elif rule.month_end == "eve" or rule.first_day == "included":
        end = add_months(first, sign * months) - timedelta(days=sign)
    else:
        end = add_months(start, sign * months)
    return sign * (end - origin).days + plain


def seconds(length: Length) -> int:
    """How many seconds a length in hours has."""
    return sum(number * _SECONDS for number, _ in length)


def add_months(day: date, months: int) -> date:
    """The day of that number so many months later, or the last of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
