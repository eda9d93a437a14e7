"""The kinds of events and what their bodies hold: written once, read for as long as a case is kept.

A kind is frozen by the files of tests/golden/events. What has to be told otherwise becomes a new
version of its kind, at the end of its line, and the versions before it stay readable.

Words of a shape: `text`, `integer`, `moment`; `sealed`, the commitment of a personal text; `value`,
any value of a case; `values`, such values by name; `[text]`, a list; `[integer text text]`, a list
of rows; a word of PARTS. `name?` may be missing, `text?` may be null.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from engine.runtime.values import Sealed

Shape = Mapping[str, str]

# What every event holds, whatever its kind. `actor` is the id of the account; `build` the version
# of the program that wrote it.
ENVELOPE: Shape = {
    "kind": "text", "v": "integer", "case": "text", "seq": "integer", "at": "moment",
    "actor": "integer", "channel": "text", "system_user": "text", "build": "text",
}  # fmt: skip

PARTS: Mapping[str, Shape] = {
    # What a case is from its beginning to its end.
    "facts": {"reference": "text", "started": "moment", "office": "text", "procedure": "text"},
    # What a step made of a case: elements entered and flows taken; waits opened and closed (token,
    # element, kind); the digest of the public state after it; decisions (element, decision, result,
    # trace); answers of operations (element, operation, result, error); what evaluations gave that
    # opened a personal value (element, slot, result); variables that two branches both changed;
    # facts that clocks of the law read (kind, when in law, what is told of it).
    "outcome": {
        "flows": "[text]", "opened": "[integer text text]", "closed": "[integer text text]",
        "ended": "text?", "digest": "text", "decisions?": "[text text value values]",
        "replies?": "[text text value text]", "derived?": "[text text value]",
        "conflicts?": "[text]", "facts?": "[text moment values]",
    },
}  # fmt: skip

_TASK = {"task": "text", "token": "integer"}
_OUTCOME = {"outcome": "outcome"}
# A clock as it was dated at `moment` by the days of a calendar; days are written as 2026-10-12.
_CLOCK = {
    "clock": "text", "each": "text", "state": "text", "start": "text?", "due": "text?",
    "effect_at": "moment?", "remaining": "integer?", "moment": "moment", "calendar": "text",
}  # fmt: skip

KINDS: Mapping[str, tuple[Shape, ...]] = {
    "case.started": (
        {"values": "values", "case_facts": "facts", "zone": "text", "version": "text", **_OUTCOME},
        # `start`: the start event, where the model has several; `due`: when a schedule began it.
        {"values": "values", "case_facts": "facts", "zone": "text", "version": "text",
         "start?": "text", "due?": "moment", **_OUTCOME},
    ),
    "case.cancelled": ({"reason": "sealed", **_OUTCOME},),
    "case.suspended": ({"reason": "sealed"},),
    "case.resumed": ({"since": "moment", "reason": "sealed", **_OUTCOME},),
    "case.restarted": ({"to": "integer", "reason": "sealed", **_OUTCOME},),
    "case.moved": (
        {"token": "integer", "from": "text", "to": "text", "reason": "sealed", **_OUTCOME},
    ),
    "case.rectified": ({"name": "text", "value": "value", "reason": "sealed", **_OUTCOME},),
    "case.asked": ({"origin": "text"},),
    "case.noted": ({"text": "sealed"},),
    "case.attached": (
        {"attachment": "text", "what": "text", "media_type": "text", "size": "integer",
         "digest": "text"},
    ),
    "task.claimed": (_TASK,),
    "task.released": (_TASK,),
    "task.assigned": ({**_TASK, "to": "integer"},),
    "task.completed": ({**_TASK, "values": "values", "order?": "text", **_OUTCOME},),
    "task.reopened": ({"task": "text", "of": "integer", "reason": "sealed", **_OUTCOME},),
    "timer.fired": ({"timer": "text", "token": "integer", "due": "moment", **_OUTCOME},),
    "message.received": (
        {"message": "text", "element": "text", "token": "integer", "values": "values", **_OUTCOME},
        # `sent`: when a message was sent that came early and was kept.
        {"message": "text", "element": "text", "token": "integer", "values": "values",
         "sent?": "moment", **_OUTCOME},
    ),
    "message.withdrawn": (
        {"message": "text", "key": "text", "sent": "moment", "reason": "sealed"},
    ),
    "signal.received": (
        {"signal": "text", "element": "text", "token": "integer", "values": "values", **_OUTCOME},
    ),
    "certificate.issued": (
        {"token": "integer", "result": "values", "what": "text", "sha256": "text", **_OUTCOME},
    ),
    "operation.answered": (
        {"task": "text", "token": "integer", "operation": "text", "result": "value", **_OUTCOME},
    ),
    "operation.supplied": (
        {"task": "text", "token": "integer", "operation": "text", "result": "value",
         "incident": "integer", "reason": "sealed", **_OUTCOME},
    ),
    "operation.failed": (
        {"task": "text", "token": "integer", "operation": "text", "code": "text", **_OUTCOME},
    ),
    "fact.recorded": (
        {"fact": "text", "happened": "moment", "data": "values", "proof": "text?",
         "reason": "sealed"},
    ),
    "fact.withdrawn": ({"of": "integer", "fact": "text", "reason": "sealed"},),
    "clock.started": (_CLOCK,),
    "clock.suspended": (_CLOCK,),
    "clock.resumed": (_CLOCK,),
    "clock.extended": (_CLOCK,),
    "clock.moved": ({**_CLOCK, "from": "text?", "cause": "text"},),
    "clock.ended": (_CLOCK,),
    "clock.cancelled": (_CLOCK,),
    "clock.lapsed": (
        {**_CLOCK, "legal_date": "text", "silence": "text", "article": "text",
         "explanation": "[text]"},
    ),
    "clock.reminded": ({"clock": "text", "each": "text", "reminder": "text", "moment": "moment"},),
    "clock.reached": (
        {"clock": "text", "each": "text", "reminder": "text", "element": "text",
         "token": "integer", "moment": "moment", **_OUTCOME},
    ),
    "incident.raised": ({"incident": "integer", "code": "text", "work": "text"},),
    "incident.retried": ({"incident": "integer", "work": "text", "changed": "[text]"},),
    "incident.resolved": ({"incident": "integer", "reason": "sealed"},),
}  # fmt: skip


def version(kind: str) -> int:
    """The version in which a kind is written today; ValueError for one that is not declared."""
    try:
        return len(KINDS[kind])
    except KeyError:
        raise ValueError(f"no kind of event is called {kind}") from None


def misfits(body: Mapping[str, Any]) -> list[str]:
    """Where the body of an event is not of the shape of its kind and version."""
    versions = KINDS.get(str(body.get("kind")), ())
    number = body.get("v")
    if not isinstance(number, int) or not 1 <= number <= len(versions):
        return [f"kind {body.get('kind')}, version {number}"]
    return list(_misfits(body, {**ENVELOPE, **versions[number - 1]}, ""))


def _misfits(found: Any, shape: Shape, place: str) -> Iterator[str]:
    if not isinstance(found, Mapping):
        yield place
        return
    names = {name.rstrip("?"): word for name, word in shape.items()}
    yield from (f"{place}{name}" for name in found.keys() - names.keys())
    for name, word in names.items():
        if name in found:
            yield from _word(found[name], word, f"{place}{name}")
        elif f"{name}?" not in shape:
            yield f"{place}{name}"


def _word(found: Any, word: str, place: str) -> Iterator[str]:
    if word in PARTS:
        yield from _misfits(found, PARTS[word], f"{place}.")
    elif not _fits(found, word):
        yield place


def _fits(found: Any, word: str) -> bool:
    if word.startswith("["):
        words = word[1:-1].split()
        rows = found if isinstance(found, list) else [None]
        return all(_row(row if len(words) > 1 else [row], words) for row in rows)
    if word.endswith("?"):
        return found is None or _fits(found, word[:-1])
    return _PLAIN[word](found)


def _row(row: Any, words: list[str]) -> bool:
    if not isinstance(row, list) or len(row) != len(words):
        return False
    return all(_fits(item, word) for item, word in zip(row, words, strict=True))


_PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda found: isinstance(found, str),
    "integer": lambda found: type(found) is int,
    "moment": lambda found: isinstance(found, datetime) and found.tzinfo is not None,
    "sealed": lambda found: isinstance(found, Sealed),
    "value": lambda found: not isinstance(found, bytes),
    "values": lambda found: isinstance(found, dict),
}
