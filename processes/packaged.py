"""The public holidays of a country as the package `holidays` lists them, as plain rows.

A package is no law: it lists 5 May for the Netherlands every fifth year only, and the feasts of
the moon by computation. What it says is a proposal.
"""

from datetime import date
from importlib.metadata import version
from typing import Any

from processes.holidays import whole_year

_LANGUAGES = {"fr": "fr", "ar": "ar", "en": "en_US"}
_GUESSED = (" (estimated)", " (estimé)", " (المقدرة)", " (تقديري)")


def calendar(country: str, year: int, read: date) -> dict[str, Any]:
    """The holidays of a country in a year, in the form of `processes.holidays.read`.

    Raises ImportError where the package is not installed, LookupError where it does not know the
    country.
    """
    import holidays

    if country not in holidays.list_supported_countries():
        raise LookupError(country)
    said = holidays.country_holidays(country)
    named = {
        language: holidays.country_holidays(
            country, years=year,
            language=name if name in said.supported_languages else said.default_language,
        )
        for language, name in _LANGUAGES.items()
    }  # fmt: skip
    first, last = whole_year(year)
    source = f"paquet holidays {version('holidays')} ({country}) ; lu le {read}"
    labels = {language: dict(found.items()) for language, found in named.items()}
    days = [
        {
            "day": day, "kind": "closed", "source": source, "known": first, "decided_on": None,
            "status": "estimated" if _guessed(labels["en"][day]) else "decided",
            **{language: _plain(found[day]) for language, found in labels.items()},
        }
        for day in sorted(labels["en"])
    ]  # fmt: skip
    return {"first": first, "last": last, "source": source, "days": days, "hours": []}


def _guessed(label: str) -> bool:
    return any(mark in label for mark in _GUESSED)


def _plain(label: str) -> str:
    for mark in _GUESSED:
        label = label.replace(mark, "")
    return label.replace("; ", " · ")
