"""The shipped calendars: rules and dates of processes/calendars, as days with their source.

A fixed holiday is a rule with its law; a feast of the moon is written year by year, with whether it
was announced or is only estimated. Nothing is computed beyond the years that a file answers for.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

from processes.catalogue import root

# How far a day is certain, as its source tells it to people.
_CERTAIN = {"law": "", "announced": "annoncé", "estimated": "estimé, non confirmé"}


def calendar(name: str) -> dict[str, Any]:
    """A calendar as `calendars.load` takes it: one row a day, in order.

    `known` of a day is the date from which it counts: a computation made before does not see it.
    """
    text = (root() / "calendars" / f"{name}.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    days: dict[date, dict[str, Any]] = {}
    for row in sorted([*_fixed(found), *_moving(found)], key=lambda row: row["known"]):
        before = days.get(row["day"])
        days[row["day"]] = row if before is None else _both(before, row)
    kept = {key: found[key] for key in ("name", "zone", "rest_days", "source")}
    return kept | {"days": [days[day] for day in sorted(days)]}


def _fixed(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    first, last = found["first"], found["last"]
    said = {"source": found["law"], "certainty": "law", "read": found["read"]}
    for row in found["fixed"]:
        for year in range(max(first.year, row.get("since", first.year)), last.year + 1):
            day = date(year, row["month"], row["day"])
            if first <= day <= last:
                yield _day(said | row, day, first)


def _moving(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in found["moving"]:
        for day in row["days"]:
            yield _day(row, day, found["first"])


def _day(row: dict[str, Any], day: date, first: date) -> dict[str, Any]:
    said = [_CERTAIN[row["certainty"]], row["source"], f"lu le {row['read']}"]
    return {
        "day": day, "fr": row["fr"], "ar": row["ar"], "known": row.get("known", first),
        "source": " ; ".join(word for word in said if word),
    }  # fmt: skip


def _both(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two feasts on one date."""
    joined = {key: f"{one[key]} · {other[key]}" for key in ("fr", "ar")}
    return one | joined | {"source": f"{one['source']} · {other['source']}"}
