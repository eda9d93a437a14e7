"""Offices whose clocks are tried: three zones, three weeks, feasts, overrides, seasons, nights."""

from datetime import date, time, timedelta

from decisions.calendars import Calendar, Day, Hours, Season

DAY = timedelta(days=1)


def closed(label: str, estimated: bool = False) -> Day:
    return Day(False, label, estimated=estimated)


def opened(label: str, estimated: bool = False) -> Day:
    return Day(True, label, estimated=estimated)


def week(days: range, *windows: tuple[str, str]) -> Hours:
    """The same windows on those days of the week; "00:00" closes at the end of the day."""
    found = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in windows)
    return dict.fromkeys(days, found)


_OFFICE = week(range(1, 5), ("08:30", "12:00"), ("12:30", "16:30"))
_FRIDAY = week(range(5, 6), ("08:30", "11:30"), ("13:00", "16:30"))

CASABLANCA = Calendar(
    name="Casablanca",
    rest_days=frozenset({6, 7}),
    zone="Africa/Casablanca",
    first=date(2024, 1, 1),
    last=date(2059, 12, 31),
    days={
        date(2026, 1, 1): closed("Nouvel an"),
        date(2026, 1, 14): closed("Nouvel an amazigh"),
        date(2026, 3, 20): closed("Aïd Al-Fitr", estimated=True),
        date(2026, 3, 21): closed("Aïd Al-Fitr", estimated=True),
        date(2026, 3, 23): closed("Jour exceptionnel"),
        date(2026, 5, 1): closed("Fête du travail"),
        date(2026, 5, 27): closed("Aïd Al-Adha", estimated=True),
        date(2026, 5, 28): closed("Aïd Al-Adha", estimated=True),
        date(2026, 5, 30): opened("Samedi travaillé"),
        date(2026, 6, 16): opened("1er moharram retiré", estimated=True),
        date(2026, 6, 17): closed("1er moharram"),
        date(2026, 7, 30): closed("Fête du trône"),
        date(2026, 8, 14): closed("Oued Eddahab"),
        date(2026, 8, 20): closed("Révolution du roi et du peuple"),
        date(2026, 8, 21): closed("Fête de la jeunesse"),
        date(2026, 11, 18): closed("Fête de l'indépendance"),
    },
    hours={**_OFFICE, **_FRIDAY, **week(range(6, 7), ("09:00", "12:00"))},
    seasons=(
        Season("hiver", date(2026, 2, 1), date(2026, 3, 31), {**_OFFICE, **_FRIDAY}),
        Season(
            "ramadan", date(2026, 2, 19), date(2026, 3, 19), week(range(1, 6), ("09:00", "15:00"))
        ),
    ),
)

# A counter open on Saturday, closed on Sunday and, one summer, for three weeks.
PARIS = Calendar(
    name="Paris",
    rest_days=frozenset({7}),
    zone="Europe/Paris",
    first=date(2024, 1, 1),
    last=date(2059, 12, 31),
    days={
        date(2026, 4, 6): closed("Lundi de Pâques"),
        date(2026, 5, 1): closed("Fête du travail"),
        date(2026, 5, 8): closed("Victoire"),
        date(2026, 5, 14): closed("Ascension"),
        date(2026, 5, 17): opened("Dimanche travaillé"),
        date(2026, 5, 25): closed("Lundi de Pentecôte"),
        date(2026, 7, 14): closed("Fête nationale"),
        **{date(2026, 8, 1) + DAY * n: closed("Fermeture d'été") for n in range(21)},
        date(2026, 11, 11): closed("Armistice"),
        date(2026, 12, 25): closed("Noël"),
    },
    hours=week(range(1, 7), ("09:00", "12:15"), ("13:45", "19:00")),
    seasons=(
        Season("été", date(2026, 7, 1), date(2026, 8, 31), week(range(1, 7), ("08:00", "13:00"))),
    ),
)

# Open all days and all nights but one, when the clocks change as well.
AMSTERDAM = Calendar(
    name="Amsterdam",
    rest_days=frozenset(),
    zone="Europe/Amsterdam",
    first=date(2024, 1, 1),
    last=date(2059, 12, 31),
    days={
        date(2026, 4, 27): closed("Koningsdag"),
        date(2026, 5, 5): closed("Bevrijdingsdag", estimated=True),
        date(2026, 12, 31): closed("Oudejaarsdag"),
    },
    hours=week(range(1, 8), ("00:00", "00:00")),
)

# A night office: from the evening until after midnight, with Sunday and Monday free.
NIGHT = Calendar(
    name="Nacht",
    rest_days=frozenset({7, 1}),
    zone="Europe/Amsterdam",
    first=date(2024, 1, 1),
    last=date(2059, 12, 31),
    days={date(2026, 5, 5): closed("Bevrijdingsdag"), date(2026, 6, 7): opened("Zondag open")},
    hours=week(range(1, 8), ("00:00", "03:30"), ("20:15", "00:00")),
)

OFFICES = (CASABLANCA, PARIS, AMSTERDAM, NIGHT)
