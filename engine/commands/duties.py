"""Who acts where: to see an office is not yet to act there."""

from engine.errors import EngineError
from engine.permissions import ADMINISTRATOR
from engine.store.types import Record
from engine.transaction import Transaction


def work_case(tx: Transaction, reference: str) -> Record:
    """Hold a case to change it; refused to whoever only looks at its office."""
    case = tx.lock_case(reference)
    works_on(tx, case)
    return case


def open_case(tx: Transaction, reference: str) -> Record:
    """Hold a case to move it; refused once it has ended and while it is suspended."""
    case = work_case(tx, reference)
    goes_on(tx, case)
    return case


def goes_on(tx: Transaction, case: Record) -> None:
    """Refuse where a case has ended, or is suspended."""
    if case.ended_at is not None:
        raise EngineError("case_ended", case=case.reference)
    tx.awake(case)


def reasoned(reason: str, act: str) -> None:
    """Refuse an act for which no reason is given."""
    if not reason.strip():
        raise EngineError("reason_missing", act=act)


def works_on(tx: Transaction, case: Record) -> None:
    """Refuse whoever holds none of the roles of a case's procedure in its office."""
    roles = tx.version(case.version_id).bundle.procedure.roles.values()
    if not any(tx.actor.holds(role.key, case.office_id) for role in roles):
        lanes = ", ".join(role.lane for role in roles)
        raise EngineError("not_your_role", role=lanes, office=case.name_fr)


def cares_for(tx: Transaction, case: Record) -> None:
    """Refuse whoever neither works on a case nor administers its office."""
    if not tx.actor.holds(ADMINISTRATOR, case.office_id):
        works_on(tx, case)


def administers(tx: Transaction, office: Record) -> None:
    """Refuse whoever is no administrator of an office or of one above it."""
    if not tx.actor.holds(ADMINISTRATOR, office.id):
        raise EngineError("not_your_role", role=ADMINISTRATOR, office=office.name_fr)
