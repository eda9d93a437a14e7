"""Letters on the legal clock as PDF: rendered outside any transaction, in the layout of the house.

No file of a procedure is needed: the layout and the fonts are those of the program.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from documents import dates, layouts
from documents.render import Rendered, render
from engine.commands import jobs, letters
from engine.commands.letters import Letter, Told
from engine.engine import Engine
from engine.transaction import By

_SYSTEM = By("system", channel="worker")
_TEMPLATE = "templates/letter.html"
_FILES = {_TEMPLATE: b'{% extends "clock_letter.html" %}'}


def written(letter: Letter) -> Rendered:
    """The letter as a file; the same letter gives the same bytes."""
    return render(_TEMPLATE, layouts.closed(_FILES), data(letter))


def write(engine: Engine, job: jobs.Job) -> None:
    """Write the letter that a job owes, and keep it with the papers of its case."""
    made = engine.read(_SYSTEM, letters.owed, job.id, job.lease)
    engine.run(_SYSTEM, letters.attach, job.id, job.lease, written(made).pdf)


def data(letter: Letter) -> Mapping[str, Any]:
    """Everything that the layout prints."""
    return {
        "letter": {
            "at": letter.at.isoformat(),
            "day_fr": dates.french(letter.day),
            "day_ar": dates.arabic(letter.day),
        },
        "case": {"reference": letter.case},
        "procedure": letter.procedure,
        "office": {f"name_{one}": name for one, name in letter.office.items()},
        "city": {f"name_{one}": name for one, name in letter.city.items()},
        "place": letter.place,
        "specimen": letter.specimen,
        "moved": letter.moved,
        "clocks": [_clock(one) for one in letter.clocks],
    }


def _clock(told: Told) -> dict[str, Any]:
    return {"name": told.name, "receipt": _pairs(told.receipt), "why": _pairs(told.why)}


def _pairs(sentences: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Sentences side by side: both languages say the same, in the same order."""
    columns = zip(*sentences.values(), strict=True)
    return [dict(zip(sentences, pair, strict=True)) for pair in columns]
