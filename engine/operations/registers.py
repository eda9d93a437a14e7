"""register.take: the next number of a register, without gaps.

One series per register, office and year. The number is given under the lock of the register's row
in the transaction of the command: rolled back, it is given again.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.operations.place import Place
from engine.store import tables as t
from engine.transaction import Transaction


def take(tx: Transaction, place: Place, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Enter the case in a register of its procedure; the number as text and in its parts."""
    register = str(inputs["register"])
    text, number, year = enter(tx, place, register)
    return {
        "number": text,
        "sequence": Decimal(number),
        "year": Decimal(year),
        "register": register,
    }


def enter(tx: Transaction, place: Place, register: str) -> tuple[str, int, int]:
    """The next number of a register: text, number, year (of the city's own calendar day)."""
    case, year = place.case, tx.today.year
    number = tx.store.next_number(register, case.office_id, year)
    text = f"{tx.mark('/')}{register}/{case.short}/{year}/{number:06d}"
    tx.store.add(
        t.register_entry, register=register, office_id=case.office_id, year=year, number=number,
        text=text, case_id=case.id, at=tx.now,
    )  # fmt: skip
    return text, number, year
