"""What a jurisdiction says of all procedures: how it counts, how long an act may take, what may be
asked.  One file each, frozen into the bundle that names it; each figure with article and source.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from processes.errors import BundleError
from processes.reading import Facts, Source, source

FOLDER = "rules/"


@dataclass(frozen=True, slots=True)
class Basis:
    """The text of law that something rests on."""

    article: str
    source: Source


@dataclass(frozen=True, slots=True)
class Limit:
    """In how many days an act is decided at most; of acts of investment, or of all."""

    days: int
    investment: bool
    basis: Basis


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the law asks of a procedure, by the code of the check that proves it.

    `acts`: of which acts it is asked; of all where there are none. `words` are what the check
    compares with; each requirement says in its file what they are.
    """

    basis: Basis
    acts: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The rules of a jurisdiction.

    `rules` are plain tables by name; `consents` the acts that silence grants, by key, each since
    its text; `limits` and `requirements` what the checks of a procedure compare with.
    """

    name: str
    rules: Mapping[str, Mapping[str, Any]]
    limits: tuple[Limit, ...]
    consents: Mapping[str, Basis]
    requirements: Mapping[str, Requirement]


def names() -> tuple[str, ...]:
    """The jurisdictions that are shipped."""
    folder = files("processes") / "jurisdictions"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir()))


def part(name: str) -> bytes | None:
    """The file of a jurisdiction as it is shipped, or None where there is none."""
    if name not in names():
        return None
    return (files("processes") / "jurisdictions" / f"{name}.toml").read_bytes()


def read(file: str, text: bytes) -> Jurisdiction:
    """Read the file of a jurisdiction; BundleError names the key at fault."""
    try:
        facts = Facts(file, tomllib.loads(text.decode()))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BundleError(file, str(error)) from error
    found = Jurisdiction(
        name=facts.text("name"),
        rules={name: _rule(row) for name, row in facts.named("rules").items()},
        limits=tuple(_limit(row) for row in facts.tables("limits")),
        consents={act: _consent(row) for act, row in facts.named("consents").items()},
        requirements={code: _requirement(row) for code, row in facts.named("requires").items()},
    )
    facts.done()
    return found


def _basis(row: Facts) -> Basis:
    return Basis(row.text("article"), source(row))


def _rule(row: Facts) -> Mapping[str, Any]:
    _basis(row)
    row.text("note", "")
    return row.whole()


def _limit(row: Facts) -> Limit:
    limit = Limit(row.get("days", int), row.get("investment", bool, False), _basis(row))
    row.done()
    return limit


def _consent(row: Facts) -> Basis:
    row.text("name")
    basis = _basis(row)
    row.done()
    return basis


def _requirement(row: Facts) -> Requirement:
    acts, words = frozenset(row.texts("acts")), frozenset(row.texts("words"))
    requirement = Requirement(_basis(row), acts, words)
    row.text("note", "")
    row.done()
    return requirement
