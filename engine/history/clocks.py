"""How a clock of the law is told: what its row keeps, and which event says what became of it.

Pure: a result in, plain values out; days are written as 2026-10-12.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from decisions.clock import measures
from decisions.clock.result import Ignored, Result, Stop

OVER = ("ended", "lapsed", "cancelled")


def summary(result: Result, used: int | None) -> dict[str, Any]:
    """A result as the row of its clock keeps it: what is left is told at reading, where it runs.

    `used`: the counted days that an act took (`decisions.clock.measures`).
    """
    kept = plain(result) | {
        "nominal": text(result.nominal), "total": result.total, "extended": result.extended,
        "ended_on": text(result.ended_on), "ended_at": result.ended_at, "since": result.since,
        "late_by": result.late_by, "used": used, "stopped": measures.stopped(result),
        "estimated": result.estimated, "promised": result.promised,
        "stops": [
            [text(s.first), text(s.last), s.on, s.since, s.until] for s in result.stops
        ],
        "ignored": [[one.seq, one.kind, one.reason] for one in result.ignored],
    }  # fmt: skip
    if result.state == "running":
        kept["remaining"] = None
    return kept


def plain(result: Result) -> dict[str, Any]:
    """What every event of a clock says of it."""
    return {
        "clock": result.clock, "each": result.each, "state": result.state,
        "start": text(result.start), "due": text(result.due), "effect_at": result.effect_at,
        "remaining": result.remaining,
    }  # fmt: skip


def text(day: date | None) -> str | None:
    """A day as it is written."""
    return day.isoformat() if day is not None else None


def change(result: Result, before: Mapping[str, Any]) -> str:
    """Which event tells what became of a clock that said `before`, as `summary` keeps it."""
    was = before.get("state", "waiting")
    if result.state in OVER and result.state != was:
        return f"clock.{result.state}"
    if was == "waiting":
        return "clock.started"
    if result.state == "suspended" and was != "suspended":
        return "clock.suspended"
    if was == "suspended" and result.state == "running":
        return "clock.resumed"
    return "clock.extended" if result.extended > before.get("extended", 0) else "clock.moved"


def restored(kept: Mapping[str, Any]) -> Result:
    """The result that `summary` kept."""
    days = {name: _day(kept[name]) for name in ("start", "due", "nominal", "ended_on")}
    return Result(
        kept["clock"], kept["state"], kept["each"], since=kept["since"],
        effect_at=kept["effect_at"], total=kept["total"], remaining=kept["remaining"],
        stops=tuple(
            Stop(date.fromisoformat(first), _day(last), on, since, until)
            for first, last, on, since, until in kept["stops"]
        ),
        extended=kept["extended"], ended_at=kept["ended_at"], late_by=kept["late_by"],
        ignored=tuple(Ignored(*row) for row in kept["ignored"]), estimated=kept["estimated"],
        promised=kept["promised"], **days,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
