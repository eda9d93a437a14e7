"""Calendars as files: rules and dates of processes/calendars, as days and hours with their source.

A fixed holiday is a rule with its law; a feast of the moon is computed by its Hijri day and stays
an estimate, unless the file says for that year what was announced. Nothing is said of a day beyond
the years that a file answers for.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from processes import hijri
from processes.catalogue import root
from processes.errors import BundleError

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COMPUTED = "calculé d'après Oumm al-Qoura"
_LANGUAGES = ("fr", "ar", "en")


def calendar(name: str) -> dict[str, Any]:
    """A calendar that is shipped, as `read` gives it."""
    path = root() / "calendars" / f"{name}.toml"
    return read(path.read_text(encoding="utf-8"), path.name)


def read(text: str, place: str) -> dict[str, Any]:
    """A calendar as plain rows: `days` in order, one a day, and `hours`; raises BundleError.

    `status` of a row: decided, or estimated. `known`: the date from which it counts, for a
    computation made before does not see it. Of `hours`, the row without a name is the ordinary
    week, the others are seasons.
    """
    try:
        found = tomllib.loads(text)
        days: dict[date, dict[str, Any]] = {}
        for row in sorted([*_fixed(found), *_moving(found)], key=lambda row: row["known"]):
            before = days.get(row["day"])
            days[row["day"]] = row if before is None else _both(before, row)
        kept = {key: found[key] for key in ("name", "zone", "rest_days", "source", "first", "last")}
        return kept | {"days": [days[day] for day in sorted(days)], "hours": list(_hours(found))}
    except KeyError as error:
        raise BundleError(place, f"{error.args[0]} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise BundleError(place, str(error)) from error


def _fixed(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    first, last = found["first"], found["last"]
    for row in found.get("fixed", ()):
        said = {"source": found["law"], "read": found["read"]} | row
        for year in range(max(first.year, row.get("since", first.year)), last.year + 1):
            day = date(year, row["month"], row["day"])
            if first <= day <= last:
                yield _day(said, day, first, "decided")


def _moving(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    first, last = found["first"], found["last"]
    feasts = {row["feast"]: row for row in found.get("lunar", ())}
    said = set()
    for row in found.get("moving", ()):
        said.add((row.get("feast"), row.get("hijri")))
        whole = feasts.get(row.get("feast"), {}) | row
        for day in row["days"]:
            yield _day(whole, day, first, _status(row))
    for name, row in feasts.items():
        for offset in range(row["days"]):
            for year, day in hijri.days(first, last, row["month"], row["day"] + offset):
                if (name, year) not in said:
                    told = {"source": f"{_COMPUTED} (hijridate), {year}", "read": found["read"]}
                    yield _day(row | told, day, first, "estimated")


def _status(row: dict[str, Any]) -> str:
    """Decided where somebody announced it, and that was read."""
    announced = {"announced": "decided", "estimated": "estimated"}[row["certainty"]]
    return announced if row.get("verified", True) else "estimated"


def _day(row: dict[str, Any], day: date, first: date, status: str) -> dict[str, Any]:
    return {
        "day": day, "kind": row.get("kind", "closed"), "status": status,
        **{language: row[language] for language in _LANGUAGES}, "known": row.get("known", first),
        "source": _source(row), "decided_on": row.get("decided_on"),
    }  # fmt: skip


def _source(row: dict[str, Any]) -> str:
    return f"{row['source']} ; lu le {row['read']}"


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two feasts on one date, which is certain where one of them is."""
    keys = (*_LANGUAGES, "source")
    joined = {key: f"{one[key]} · {other[key]}" for key in keys if one[key] != other[key]}
    status = "decided" if "decided" in (one["status"], other["status"]) else "estimated"
    return one | joined | {"status": status}


def _hours(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    first, last = found["first"], found["last"]
    if "hours" in found:
        status = "decided" if found["hours"].get("verified", True) else "estimated"
        yield _week(found["hours"], "", None, None, status, first)
    rules = {row["name"]: row for row in found.get("lunar_season", ())}
    said = set()
    for row in found.get("season", ()):
        name = " ".join(str(row[key]) for key in ("name", "hijri") if key in row)
        said.add(name)
        whole = rules.get(row["name"], {}) | row
        yield _week(whole, name, row["first"], row["last"], _status(row), first)
    for rule in rules.values():
        for year, _ in hijri.days(first, last, rule["month"], 1):
            name = f"{rule['name']} {year}"
            if name not in said:
                begins, ends = hijri.month(year, rule["month"])
                told = {"source": f"{rule['source']} ; {_COMPUTED} (hijridate)"}
                yield _week(rule | told, name, begins, ends, "estimated", first)


def _week(
    row: dict[str, Any], name: str, first: date | None, last: date | None, status: str, known: date
) -> dict[str, Any]:
    """A row of hours: of each day of the week its windows, "1 08:30-12:00 12:30-16:30; 2 …"."""
    days = [
        " ".join([str(number), *row[day]])
        for number, day in enumerate(_WEEK, start=1)
        if row.get(day)
    ]
    return {
        "name": name, "first": first, "last": last, "hours": "; ".join(days), "status": status,
        "source": _source(row), "known": row.get("known", known),
    }  # fmt: skip


def whole_year(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year + 1, 1, 1) - timedelta(days=1)
