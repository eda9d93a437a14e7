"""temp"""

from decisions.clock import reading
from decisions.clock.law import Clock
from processes.bundle import Bundle

_OURS = ("article", "source", "read", "verified", "note")


def clocks(bundle: Bundle) -> tuple[Clock, ...]:
    """temp"""
    where = bundle.jurisdiction
    rules = {
        name: reading.rule({k: v for k, v in row.items() if k not in _OURS})
        for name, row in (where.rules if where else {}).items()
    }
    return tuple(
        reading.clock(
            name,
            {k: v for k, v in row.items() if k not in ("source", "read", "verified", "note")},
            rules,
        )
        for name, rows in bundle.procedure.clocks.items()
        for row in rows
    )
