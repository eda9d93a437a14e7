"""Founding a database: schema, the system's own account, city, calendar, first administrator."""

from pathlib import Path
from typing import Any

from engine.commands import installation
from engine.engine import Engine
from engine.settings import Settings
from engine.store import schema
from engine.store.database import connect
from engine.transaction import By
from processes import holidays

FOUNDER = By("system", channel="founding")


def found(
    settings: Settings, city: dict[str, Any], administrator: str, *, specimen: bool
) -> installation.Initialised:
    """Create what is missing; run again, it completes what an interruption left."""
    for folder in (settings.data, settings.files):  # they hold personal data
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    database = connect(settings.database)
    try:
        schema.upgrade(database)
    finally:
        database.dispose()
    engine = Engine(settings)
    try:
        days = holidays.calendar(city["calendar"])
        return engine.run(FOUNDER, installation.initialise, city, days, administrator, specimen)
    finally:
        engine.close()
