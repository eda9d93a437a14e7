"""Cases that other cases ask for: begun, and their reference handed over, in one transaction."""

from engine.commands import cases, operations
from engine.commands.operations import Answered
from engine.errors import EngineError
from engine.operations import beginnings
from engine.transaction import Transaction
from forms.errors import FormInvalid


def begin(tx: Transaction, job: int, lease: int) -> Answered:
    """Begin the case that a job asks for; fenced by its lease, so that it begins once.

    Values that its start form does not accept are the business error `case_refused`. What was
    personal in the case that asks is sealed anew, as the form of the new case says.
    """
    asking = tx.hold_case(tx.held_job(job, lease).case_id)
    asked = operations.material(tx, job, lease)
    wrong = "; ".join(beginnings.TAKES.misfits(asked.inputs))
    if wrong:
        raise EngineError(
            "bad_value", name="values", value=wrong, expected="Correct the model, or the case."
        )
    procedure, values = asked.inputs["procedure"], asked.inputs["values"]
    try:
        begun = cases.start(tx, procedure, values, asked.inputs.get("office") or asking.short)
    except FormInvalid:  # nothing was written yet
        return operations.failed(tx, beginnings.REFUSED, job, lease)
    tx.record(tx.lock_case(begun.reference), "case.asked", {"origin": asking.reference})
    return operations.answered(tx, {"reference": begun.reference}, job, lease)
