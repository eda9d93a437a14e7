"""Long dates as Moroccan administrations write them, with Western digits."""

import datetime as dt

FRENCH = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
ARABIC = (
    "يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو",
    "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر",
)  # fmt: skip


def french(date: dt.date) -> str:
    """`1er janvier 2026`, `23 novembre 2026`."""
    day = "1er" if date.day == 1 else str(date.day)
    return f"{day} {FRENCH[date.month - 1]} {date.year}"


def arabic(date: dt.date) -> str:
    """`23 نونبر 2026`, with the month names used in Morocco."""
    return f"{date.day} {ARABIC[date.month - 1]} {date.year}"
