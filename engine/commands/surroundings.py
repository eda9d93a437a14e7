"""The live world of a case: what its execution may ask of the command in progress."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from engine.operations.place import Place
from engine.operations.registry import OPERATIONS
from engine.runtime.errors import Erased
from engine.runtime.values import Sealed
from engine.runtime.world import MISSING
from engine.store.types import Record
from engine.transaction import Transaction, Version


class Surroundings:
    """The time, the case's facts, personal values and operations, through one transaction."""

    def __init__(
        self, tx: Transaction, case: Record, version: Version, moment: datetime | None = None
    ) -> None:
        self._tx, self._case, self._version = tx, case, version
        self.now = moment or tx.now
        self._seal = tx.sealer(case.id, case.person_id, frozenset())

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the city."""
        return self._tx.zone

    @property
    def case(self) -> Mapping[str, Any]:
        """What expressions see as `case`."""
        return facts(self._case)

    @cached_property
    def calendar(self) -> Any:
        """The calendar of working days of the case's office."""
        return self._tx.calendar_for(self._case)(self.now)

    def open(self, sealed: Sealed) -> Any:
        """The personal value behind a commitment; raises Erased."""
        found = self._tx.unseal(self._case.id, {"value": sealed})["value"]
        if found is None:
            raise Erased
        return found

    def seal(self, name: str, value: Any) -> Sealed:
        """Put a personal value away."""
        sealed: Sealed = self._seal(name, value)
        return sealed

    def recorded(self, element: str, slot: str) -> Any:
        """Nothing: this is the first execution."""
        del element, slot
        return MISSING

    def perform(self, operation: str, inputs: Mapping[str, Any], element: str, token: int) -> Any:
        """Do an inside operation in this transaction."""
        place = Place(self._case, self._version, element, token)
        return OPERATIONS[operation].run(self._tx, place, inputs)

    def is_inside(self, operation: str) -> bool:
        """Whether an operation is done at once."""
        return OPERATIONS[operation].inside


def facts(case: Record) -> dict[str, Any]:
    """What a case is from its beginning to its end."""
    return {
        "reference": case.reference,
        "started": case.started_at,
        "office": case.short,
        "procedure": case.procedure,
    }
