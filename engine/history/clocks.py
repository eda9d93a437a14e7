"""How a clock of the law is told: what its row keeps, and which event says what became of it.

Pure: a result in, plain values out; days are written as 2026-10-12.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from decisions.calendars import Calendar
from decisions.clock import measures
from decisions.clock.law import CANCELLED, Clock, Fact
from decisions.clock.result import Ignored, Key, Result, Stop
from decisions.clock.several import evaluate_all, lapse

# Facts of one event have places in it, fewer than this.
PLACES = 1000
OVER = ("ended", "lapsed", "cancelled")


def summary(result: Result, used: int | None) -> dict[str, Any]:
    """A result as the row of its clock keeps it: what is left is told at reading, where it runs.

    `used`: the counted days that an act took (`decisions.clock.measures`).
    """
    kept = plain(result) | {
        "nominal": text(result.nominal), "total": result.total, "extended": result.extended,
        "ended_on": text(result.ended_on), "ended_at": result.ended_at, "since": result.since,
        "late_by": result.late_by, "used": used, "stopped": measures.stopped(result),
        "stopped_by": measures.stopped_by(result),
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


def said(kept: Mapping[str, Any]) -> str:
    """A clock in few words, for whoever looks for a fault."""
    return f"{kept['state']} {kept.get('due') or '-'}"


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


def promised(never: Collection[str], bodies: Iterable[Mapping[str, Any]]) -> dict[Key, date]:
    """The last end that these events told of each clock that `never` ends earlier than that."""
    found: dict[Key, date | None] = {}
    for body in bodies:
        if body["kind"].startswith("clock.") and "state" in body and body["clock"] in never:
            runs = body["state"] == "running"
            found[body["clock"], body["each"]] = _day(body["due"]) if runs else None
    return {key: day for key, day in found.items() if day is not None}


def differences(
    laws: Sequence[Clock], calendar: Callable[[datetime, str], Calendar],
    bodies: Iterable[Mapping[str, Any]],
) -> Iterator[str]:  # fmt: skip
    """Every clock event of a history that its facts, counted again, do not give.

    `calendar` gives the days as they were known at a moment, by their digest.
    """
    known: list[Fact] = []
    never = {law.name for law in laws if law.on_revision == "never_earlier"}
    before: list[Mapping[str, Any]] = []
    for body in bodies:
        known = _after(known, body, laws)
        if not body["kind"].startswith("clock.") or "state" not in body:
            continue
        key, days = (body["clock"], body["each"]), calendar(body["at"], body["calendar"])
        told = promised(never, before)
        result = evaluate_all(laws, known, days, body["moment"], told).get(key)
        again = plain(result) if result is not None else {}
        wrong = [name for name, value in again.items() if body[name] != value]
        if wrong or result is None or body["calendar"] != days.digest:
            names = ", ".join(wrong) or "the calendar"
            yield f"event {body['seq']} ({body['kind']}): counted again, {names} differ"
        before.append(body)


def _after(known: Sequence[Fact], body: Mapping[str, Any], laws: Sequence[Clock]) -> list[Fact]:
    """The facts that count after an event."""
    seq, found = body["seq"] * PLACES, list(known)
    match body["kind"]:
        case "fact.recorded":
            found.append(Fact(body["fact"], body["happened"], seq, body["data"]))
        case "fact.withdrawn":
            found = [
                fact for fact in found
                if fact.seq // PLACES != body["of"] or fact.kind.startswith("clock.")
            ]  # fmt: skip
        case "case.restarted":
            found = [fact for fact in found if fact.kind != CANCELLED]
        case "clock.lapsed":
            law = next(law for law in laws if law.name == body["clock"])
            found.append(lapse(law, body["effect_at"], body["each"], seq))
    for place, (kind, at, data) in enumerate(body.get("outcome", {}).get("facts", ())):
        found.append(Fact(kind, at, seq + place, data))
    return found
