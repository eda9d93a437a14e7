"""The data of a certificate's template: text only, dates in words, the QR code as an image.

The names that a template may use are documented in documents/templates/README.md.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import html

from documents import dates
from documents.codes import qr
from engine.commands.certificates import Material

_DATES: Mapping[str, Callable[[date], str]] = {"fr": dates.french, "ar": dates.arabic}


def data(made: Material, verify_url: str) -> Mapping[str, Any]:
    """Everything that a template may print."""
    url = f"{verify_url}{made.code}"
    return {
        "certificate": {
            "number": made.number,
            "code": made.code,
            "verify_url": url,
            "issued_at": made.at.isoformat(),
            "issued_fr": dates.french(made.day),
            "issued_ar": dates.arabic(made.day),
            "title": made.title,
        },
        "office": {"name_fr": made.office[0], "name_ar": made.office[1]},
        "city": {"name_fr": made.city[0], "name_ar": made.city[1]},
        "place": {"name_fr": made.place[0], "name_ar": made.place[1]},
        "signer": made.signer,
        "case": {"reference": made.case},
        "data": _printed(made.data, dates.french),
        **{language: _printed(made.told[language], _DATES[language]) for language in _DATES},
        "receipt": _receipt(made.receipt),
        "qr": qr(url),
        "specimen": made.specimen,
    }


def _receipt(made: Mapping[str, Any]) -> dict[str, Any]:
    applicant = made["applicant"]
    days = {"deposited": made["deposited"], "until": made.get("until")}
    return {
        **{name: value for name, value in made.items() if name not in ("applicant", *days)},
        "applicant": applicant["fr"],
        "applicant_ar": applicant["ar"] or applicant["fr"],
        **{
            f"{name}_{language}": written(day)
            for name, day in days.items()
            if day is not None
            for language, written in _DATES.items()
        },
    }


def _printed(value: Any, day: Callable[[date], str]) -> Any:
    """Values as a template gets them: text, lists and objects of text; dates in one language."""
    match value:
        case dict():
            return {key: _printed(item, day) for key, item in value.items()}
        case list():
            return [_printed(item, day) for item in value]
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return day(value.date())
        case date():
            return day(value)
    return value


_INLINE = frozenset({"a", "abbr", "b", "bdi", "bdo", "em", "i", "small", "span", "strong", "sub",
                     "sup", "time", "u"})  # fmt: skip


def text(page: str) -> str:
    """What a filled template says, without its marks; parts that stand apart stay apart."""
    found: list[str] = []
    _say(html.fromstring(page), found)
    return "".join(found)


def _say(node: Any, found: list[str]) -> None:
    if node.tag not in ("head", "style", "script") and isinstance(node.tag, str):
        gap = "" if node.tag in _INLINE else "\n"
        found += [gap, node.text or ""]
        for inner in node:
            _say(inner, found)
        found.append(gap)
    found.append(node.tail or "")
