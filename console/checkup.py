"""What `mouqataa doctor` looks at: each check says what it found and, where it is bad, a remedy."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from console.context import Face
from engine.settings import PREFIX, SETTINGS

_ROOM = 500_000_000  # bytes free below which a demonstration or an upgrade may fail
_OTHER = {"CONFIG", "TEST_DATA", "COMPLETE"}  # variables that are no settings


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: in words, whether it is well, and the remedy where it is not."""

    check: str
    ok: bool
    result: str
    remedy: str = ""

    def told(self, face: Face) -> "Found":
        """The same in the reader's language."""
        result = self.result if self.ok else f"✗ {self.result}"
        return replace(self, check=face.text(self.check), result=result,
                       remedy="" if self.ok else face.text(self.remedy))  # fmt: skip


def examine(face: Face) -> list[Found]:
    """Every check, in the order in which faults should be mended; one that breaks is a fault."""
    checks: list[Callable[[Face], Found]] = [
        _python, _sqlite, _search, _zones, _pango, _fonts, _variables, _disk, _schema, _services,
        _incidents, _calendars,
    ]  # fmt: skip
    return list(_run(checks, face))


def _run(checks: list[Callable[[Face], Found]], face: Face) -> Iterator[Found]:
    from engine.errors import EngineError

    for check in checks:
        try:
            yield check(face)
        except EngineError as error:
            yield Found(_title(check), False, face.words(error.text()), error.remedy(face.words))
        except Exception as error:  # noqa: BLE001 (a broken check must not hide the others)
            yield Found(_title(check), False, type(error).__name__,
                        "Run it again with --debug to see the trace.")  # fmt: skip


def _title(check: Callable[[Face], Found]) -> str:
    return check.__name__.strip("_").capitalize()


def _python(_face: Face) -> Found:
    version = sys.version.split()[0]
    return Found("Python", sys.version_info >= (3, 11), version, "Install Python 3.11 or newer.")


def _sqlite(_face: Face) -> Found:
    version = sqlite3.sqlite_version
    good = sqlite3.sqlite_version_info >= (3, 38)
    return Found("SQLite", good, version, "Install SQLite 3.38 or newer.")


def _search(_face: Face) -> Found:
    remedy = "Install a Python whose SQLite has FTS5, for example Debian's python3."
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    except sqlite3.OperationalError:
        return Found("FTS5", False, "-", remedy)
    return Found("FTS5", True, "ok")


def _zones(_face: Face) -> Found:
    from zoneinfo import ZoneInfo

    try:
        zone = str(ZoneInfo("Africa/Casablanca"))
    except Exception:  # noqa: BLE001 (no data, or data that cannot be read)
        return Found("Time zones", False, "-", "Install the package tzdata: pip install tzdata")
    return Found("Time zones", True, zone)


def _pango(_face: Face) -> Found:
    from ctypes.util import find_library

    missing = [lib for lib in ("pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")
               if find_library(lib) is None]  # fmt: skip
    remedy = "All but PDF works. Debian: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0"
    return Found("Pango", not missing, ", ".join(missing) or "ok", remedy)


def _fonts(_face: Face) -> Found:
    from importlib.resources import files

    folder = Path(str(files("documents"))) / "fonts"
    count = sum(path.suffix in (".ttf", ".otf") for path in folder.rglob("*"))
    return Found("Fonts", count >= 3, str(count), "Install Mouqataa again: its fonts are missing.")


def _variables(_face: Face) -> Found:
    known = {name.upper() for name in SETTINGS} | _OTHER
    names = [v for v in os.environ if v.startswith(PREFIX)]
    strange = sorted(name for name in names if name.removeprefix(PREFIX) not in known)
    remedy = "These variables set nothing; the names are in: mouqataa config show"
    return Found("Environment", not strange, ", ".join(strange) or "ok", remedy)


def _disk(face: Face) -> Found:
    place = face.settings.data
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    writable = os.access(place, os.W_OK)
    remedy = "Free some room, or choose another folder with the setting data."
    return Found("Disk", writable and free >= _ROOM, f"{free // 1_000_000} MB, {place}", remedy)


def _schema(face: Face) -> Found:
    from engine.store.schema import REVISION

    _ = face.engine
    return Found("Schema", True, REVISION)


def _services(face: Face) -> Found:
    from engine.commands import operations
    from engine.operations.registry import OPERATIONS
    from engine.transaction import By

    used = {row.operation for row in face.engine.read(By("system"), operations.used)}
    missing = [
        f"{name}: {', '.join(lacking)}"
        for name in sorted(used & OPERATIONS.keys())
        if (lacking := OPERATIONS[name].check_config(face.settings))
    ] + sorted(used - OPERATIONS.keys())
    remedy = "Complete the settings, or install what brings them: docs/how-to/call-a-service.md"
    return Found("Outside services", not missing, "; ".join(missing) or "ok", remedy)


def _incidents(face: Face) -> Found:
    from engine.commands import incidents
    from engine.transaction import By

    waiting = len(face.engine.read(By("system"), incidents.listing))
    return Found("Incidents", waiting == 0, str(waiting), "See them with: mouqataa incident list")


def _calendars(face: Face) -> Found:
    """A delay that ends after the last day of a calendar cannot be dated."""
    from engine.commands import calendars
    from engine.transaction import By

    found = face.engine.read(By("system"), calendars.horizon)
    told = ", ".join(f"{row.calendar}: {row.last}" for row in found) or "-"
    remedy = "Import the year after the next, as each year: docs/how-to/add-a-holiday.md"
    return Found("Calendars", not any(row.short for row in found), told, remedy)
