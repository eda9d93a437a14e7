"""Dating the clocks of a procedure without a case: for whoever writes the law of one, or reads it.

Days are those of the shipped calendar; nothing of a database is asked.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from decisions.clock.law import Fact
from decisions.clock.several import evaluate_all
from engine.commands import delays
from engine.commands.delays import ClocksView, FactView
from engine.deployment import clocks
from engine.errors import EngineError
from engine.work import deciding
from processes.bundle import Bundle


def tried(bundle: Bundle, told: Sequence[str], on: datetime | None, language: str) -> ClocksView:
    """The clocks of a procedure after these facts ("case.filed=2026-09-01"), at a moment.

    Raises EngineError where the procedure has no clock, a fact cannot be read, or a date lies
    outside the calendar.
    """
    laws = clocks.clocks(bundle)
    if not laws:
        raise EngineError("no_clocks", procedure=bundle.procedure.key)
    calendar, _ = deciding.surroundings()
    facts = [_fact(text, number, calendar.tz) for number, text in enumerate(told, 1)]
    moment = on or max(fact.at for fact in facts)
    results = evaluate_all(laws, facts, calendar, moment)
    names = delays.fact_names(bundle, language)
    return ClocksView(
        bundle.procedure.key, moment, calendar.digest,
        delays.told(laws, results, calendar, language, names),
        tuple(
            FactView(f.seq, f.kind, names.get(f.kind, f.kind), f.at, dict(f.data), None, False)
            for f in facts
        ),
    )  # fmt: skip


def _fact(text: str, number: int, zone: ZoneInfo) -> Fact:
    """A fact as it is written on a command line: kind, moment, and what is told of it."""
    told, *pairs = text.split(",")
    kind, _, moment = told.partition("=")
    try:
        at = datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
        data = dict(pair.split("=", 1) for pair in pairs)
    except ValueError as error:
        expected = "Write it as case.filed=2026-09-01 or case.filed=2026-09-01T10:00,name=value."
        raise EngineError("bad_value", name="fact", value=text, expected=expected) from error
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(), zone)
    return Fact(kind, at if at.tzinfo else at.replace(tzinfo=zone), number, data)
