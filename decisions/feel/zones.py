"""Time zones of the IANA database, from the pinned package and not from the machine."""

import datetime as dt
import re
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from decisions.wide import DateTime, Time

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}")


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """The zone of that name; None when there is none."""
    if not _NAME.fullmatch(name):
        return None
    source = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    try:
        with source.open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError):
        return None


def offset(value: DateTime | Time) -> dt.timedelta | None:
    """How far the value's zone is from UTC; None for a local time, or one whose day is unknown."""
    return value.utcoffset()


def zone_name(value: DateTime | Time) -> str | None:
    """The name of the value's IANA zone."""
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
