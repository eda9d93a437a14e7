"""Cases that begin by themselves: a schedule has come to its moment, or a signal was sent."""

from engine.commands import cases
from engine.commands.cases import Started
from engine.runtime.values import unpack
from engine.transaction import Transaction


def begin(tx: Transaction, job: int, lease: int) -> Started:
    """Begin the case that a job asks for; fenced by its lease, so that it begins once."""
    given = unpack(tx.finish_job(job, lease).payload)
    brings = given.get("payload") or {}
    if given.get("from") is not None:
        brings = tx.unseal(given["from"], {"": brings})[""] or {}
    version = tx.version(given["version"])
    return cases.begun(tx, version, given["office"], brings, given["start"], due=given["due"])
