"""The operations that a service task may ask for: named, typed, and nothing else.

An operation is *inside* (done at once, in the command's transaction, no input or output but the
database's own) or *outside* (the token waits; a job is written with the state, and the worker's
answer comes back as a command). What each one takes and gives is data, so that deployment can
check a model against it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.operations import certificates, messages, registers
from engine.operations.place import Place
from engine.transaction import Transaction

Run = Callable[[Transaction, Place, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation is called, takes and gives.

    `required` and `optional` are names of inputs; `open` lets a model hand in any others besides.
    `errors` are the codes that a boundary error event may catch.
    """

    name: str
    inside: bool
    run: Run
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    open: bool = False
    gives: frozenset[str] = frozenset()
    errors: frozenset[str] = field(default_factory=frozenset)


OPERATIONS: Mapping[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "register.take",
            inside=True,
            run=registers.take,
            required=frozenset({"register"}),
            gives=frozenset({"number", "sequence", "year", "register"}),
        ),
        Operation(
            "certificate.issue",
            inside=False,
            run=certificates.reserve,
            required=frozenset({"kind"}),
            open=True,
            gives=frozenset({"certificate", "number"}),
        ),
        Operation(
            "message.send",
            inside=True,
            run=messages.send,
            required=frozenset({"message", "key"}),
            optional=frozenset({"payload"}),
            gives=frozenset({"sent"}),
        ),
    )
}
