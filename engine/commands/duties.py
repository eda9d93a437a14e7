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


def works_on(tx: Transaction, case: Record) -> None:
    """Refuse whoever holds none of the roles of a case's procedure in its office."""
    roles = tx.version(case.version_id).bundle.procedure.roles.values()
    if not any(tx.actor.holds(role.key, case.office_id) for role in roles):
        lanes = ", ".join(role.lane for role in roles)
        raise EngineError("not_your_role", role=lanes, office=case.name_fr)


def administers(tx: Transaction, office: Record) -> None:
    """Refuse whoever is no administrator of an office or of one above it."""
    if not tx.actor.holds(ADMINISTRATOR, office.id):
        raise EngineError("not_your_role", role=ADMINISTRATOR, office=office.name_fr)
