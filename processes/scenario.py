"""Scenarios of a procedure: given, when, then.  `scenarios/*.yaml` of its folder, read strictly.

What a file says is checked here against itself and against procedure.toml; whether the elements it
names are in the model, and whether it comes true, is found out by whoever plays it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from processes import plain_yaml
from processes.bundle import Bundle
from processes.errors import BundleError

OFFICE = "MAR"
_ROLE = re.compile(r"([a-z][a-z0-9_]*)(?:\.([2-9]|[1-9][0-9]))?")
_CODE = re.compile(r"[a-z_]+")
_DURATION = re.compile(r"P(?=[0-9T])(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?")
_STATUSES = ("open", "completed", "cancelled")
_TEXTS = frozenset({"tasks", "path", "through", "registers", "history", "incidents"})
_TABLES = frozenset({"decisions", "values", "certificates"})
EXPECTED = ("status", *sorted(_TEXTS | _TABLES))
_REFUSAL = frozenset({"refused", "fields"})
DELEGATION = ("to", "act", "order", "since", "until")
# Keys beside a verb that are handed on as they are written.
_BESIDE = (
    "to", "key", "reason", "worker", "due", "each", "late_by", "remaining", "state", "at", "proof",
)  # fmt: skip
# Of each verb the keys that must stand beside it, and those that may.
VERBS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "complete": (frozenset({"as"}), frozenset({"with", "nth"}) | _REFUSAL),
    "claim": (frozenset({"as"}), frozenset({"nth", "refused"})),
    "wait": (frozenset(), frozenset({"worker"})),
    "clock": (frozenset(), frozenset({"due", "each", "late_by", "remaining", "state"})),
    "record": (frozenset({"as", "reason"}), frozenset({"at", "proof", "refused", "with"})),
    "send": (frozenset({"as"}), frozenset({"with", "key"}) | _REFUSAL),
    "cancel": (frozenset({"as"}), frozenset({"refused"})),
    "rectify": (frozenset({"as", "to", "reason"}), _REFUSAL),
    "reopen": (frozenset({"as", "reason"}), frozenset({"refused"})),
    "attach": (frozenset({"as"}), frozenset({"refused"})),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One act: what is done to what, and by whom (a role, or `role.2` for its second actor).

    `place` is where it stands, for messages; `more` holds the keys beside the verb; `refused` is
    the code of the error that is expected, `fields` are those that it must name (None: any).
    """

    place: str
    verb: str
    what: str
    by: str
    values: Mapping[str, Any]
    more: Mapping[str, Any]
    refused: str
    fields: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes from outside: a result (`gives`) or an error, `after` so long (`PT2H`)."""

    place: str
    gives: Mapping[str, Any]
    error: str
    after: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story of a case: the moment and place, the steps with the application first, the end."""

    file: str
    title: str
    at: datetime
    office: str
    delegations: tuple[Mapping[str, str], ...]
    answers: Mapping[str, tuple[Answer, ...]]
    steps: tuple[Step, ...]
    then: Mapping[str, Any]


def files(bundle: Bundle) -> list[str]:
    """The scenarios of a bundle, in the order in which they are played."""
    return sorted(n for n in bundle.files if n.startswith("scenarios/") and n.endswith(".yaml"))


def read(bundle: Bundle, file: str) -> Scenario:
    """Read one scenario; BundleError names the place in the file and what may stand there."""
    try:
        return _scenario(file, plain_yaml.load(bundle.files[file]), bundle.procedure.roles)
    except (plain_yaml.Unreadable, _Wrong) as error:
        raise BundleError(file, str(error)) from error


class _Wrong(Exception):
    """What is wrong, where in the file."""


# -- the parts --


def _scenario(file: str, content: Any, roles: Iterable[str]) -> Scenario:
    found = _table("", content)
    _keys("", found, ("title", "given", "start"), ("when", "then"))
    given = _table("given", found["given"])
    _keys("given", given, ("at",), ("office", "delegations", "answers"))
    steps = [_start(found["start"], roles)]
    for number, row in enumerate(_list("when", found.get("when", [])), 1):
        steps.append(_step(f"when {number}", row, roles))
    orders = _list("given.delegations", given.get("delegations", []))
    then = _then(found.get("then"), needed=not steps[0].refused)
    return Scenario(
        file, _text("title", found["title"]), _moment(given["at"]),
        _text("given.office", given.get("office", OFFICE)),
        tuple(_delegation(number, row, roles) for number, row in enumerate(orders, 1)),
        _answers(given.get("answers", {})),
        tuple(steps), then,
    )  # fmt: skip


def _start(row: Any, roles: Iterable[str]) -> Step:
    found = _table("start", row)
    _keys("start", found, ("as",), ("with", *_REFUSAL))
    return _made("start", "start", "", found, roles)


def _step(place: str, row: Any, roles: Iterable[str]) -> Step:
    found = _table(place, row)
    verbs = [key for key in found if key in VERBS]
    if len(verbs) != 1:
        near = "" if verbs else _near(next(iter(found), ""), VERBS)
        found_verbs = " and ".join(verbs) or "none"
        raise _Wrong(f"{place}: a step has one of {', '.join(VERBS)}, not {found_verbs}{near}")
    verb = verbs[0]
    must, may = VERBS[verb]
    _keys(f"{place} ({verb})", found, (verb, *sorted(must)), sorted(may))
    what = found[verb]
    if verb == "attach" and isinstance(what, Mapping):
        _keys(f"{place} (attach)", what, ("kind",), ())
        what = what["kind"]
    what = _text(f"{place}.{verb}", what)
    return _made(f"{place} ({verb} {what})", verb, what, found, roles)


def _made(place: str, verb: str, what: str, row: Mapping[str, Any], roles: Iterable[str]) -> Step:
    refused = _text(f"{place}.refused", row.get("refused", ""))
    if refused and not _CODE.fullmatch(refused):
        raise _Wrong(f"{place}: refused is the code of an error, as form_invalid")
    if "fields" in row and not refused:
        raise _Wrong(f"{place}: fields go with refused; say which error is expected")
    nth = row.get("nth", 1)
    if type(nth) is not int or nth < 1:
        raise _Wrong(f"{place}: nth counts from 1, not {nth}")
    by = _role(place, row["as"], roles) if "as" in row else ""
    fields = tuple(_list(f"{place}.fields", row["fields"])) if "fields" in row else None
    return Step(
        place, verb, what, by, _table(f"{place}.with", row.get("with", {})),
        {key: row[key] for key in _BESIDE if key in row} | {"nth": nth},
        refused, fields,
    )  # fmt: skip


def _delegation(number: int, row: Any, roles: Iterable[str]) -> Mapping[str, str]:
    place = f"given.delegations {number}"
    found = _table(place, row)
    _keys(place, found, DELEGATION[:2], DELEGATION[2:])
    _role(place, found["to"], roles)
    return {key: _text(f"{place}.{key}", value) for key, value in found.items()}


def _answers(row: Any) -> Mapping[str, tuple[Answer, ...]]:
    """What each element hears: one answer, or one after another."""
    found = {}
    for element, given in _table("given.answers", row).items():
        place = f"given.answers.{element}"
        rows = given if isinstance(given, list) else [given]
        if not rows:
            raise _Wrong(f"{place}: say at least one answer")
        found[element] = tuple(_answer(place, one) for one in rows)
    return found


def _answer(place: str, row: Any) -> Answer:
    found = _table(place, row)
    _keys(place, found, (), ("gives", "error", "after"))
    if ("gives" in found) == ("error" in found):
        raise _Wrong(f"{place}: an answer gives a result, or is an error")
    after = _text(f"{place}.after", found.get("after", ""))
    if after and not _DURATION.fullmatch(after):
        raise _Wrong(f"{place}.after: write a duration, as PT2H or P3D")
    error = _text(f"{place}.error", found.get("error", ""))
    return Answer(place, _table(f"{place}.gives", found.get("gives", {})), error, after)


def _then(row: Any, *, needed: bool) -> Mapping[str, Any]:
    found = _table("then", row or {})
    _keys("then", found, (), EXPECTED)
    if needed and not found:
        raise _Wrong("then: it expects nothing; say at least the status of the case")
    if found.get("status", "open") not in _STATUSES:
        raise _Wrong(f"then.status: a case is {', '.join(_STATUSES)}, not {found['status']}")
    for name, value in found.items():
        if name in _TEXTS:
            for item in _list(f"then.{name}", value):
                _text(f"then.{name}", item)
        elif name in _TABLES:
            _table(f"then.{name}", value)
    return found


# -- kinds of values --


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_text("given.at", value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _Wrong(f"given.at: {value} is no moment; write 2026-03-02T10:00:00+01:00")
    return moment


def _role(place: str, value: Any, roles: Iterable[str]) -> str:
    text = _text(f"{place}.as", value)
    matched = _ROLE.fullmatch(text)
    if matched is None or matched[1] not in roles:
        known = ", ".join(sorted(roles))
        raise _Wrong(f"{place}: procedure.toml has no role {text}; its roles: {known}")
    return text


def _keys(place: str, found: Mapping[str, Any], must: Iterable[str], may: Iterable[str]) -> None:
    where = f"{place}: " if place else ""
    known = (*must, *may)
    for key in found:
        if key not in known:
            raise _Wrong(f"{where}no key {key} is known here{_near(key, known)}")
    for key in must:
        if key not in found:
            raise _Wrong(f"{where}the key {key} is missing")


def _near(key: str, known: Iterable[str]) -> str:
    near = get_close_matches(str(key), list(known), 1)
    return f"; did you mean {near[0]}?" if near else f"; known: {', '.join(known)}"


def _table(place: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(f"{place or 'the file'}: write keys with values here")
    return value


def _list(place: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _Wrong(f"{place}: write a list here")
    return value


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"{place}: write a text here; put {value} between quotes")
    return value
