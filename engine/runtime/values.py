"""The values of a case and their bytes.

One set of types everywhere: None, bool, str, Decimal (every number), date, time, aware datetime,
timedelta, `Months`, list, dict, and `Sealed` in the place of a personal value.  msgpack extension
types carry them, so nothing a citizen types ("typename") can be taken for a tag.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgpack

from decisions.values import Months


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal value's commitment: what state, events and jobs hold in its place."""

    commitment: bytes


_DECIMAL, _DATE, _TIME, _MOMENT, _DURATION, _SEALED, _MONTHS = range(1, 8)


def _encode(value: Any) -> msgpack.ExtType:
    match value:
        case Decimal():
            return msgpack.ExtType(_DECIMAL, str(value).encode())
        case datetime():
            return msgpack.ExtType(_MOMENT, value.isoformat().encode())
        case date():
            return msgpack.ExtType(_DATE, value.isoformat().encode())
        case time():
            return msgpack.ExtType(_TIME, value.isoformat().encode())
        case timedelta():
            microseconds = value // timedelta(microseconds=1)
            return msgpack.ExtType(_DURATION, str(microseconds).encode())
        case Months():
            return msgpack.ExtType(_MONTHS, str(value.count).encode())
        case Sealed():
            return msgpack.ExtType(_SEALED, value.commitment)
    raise TypeError(f"a case cannot hold {type(value).__name__}")


def _decode(code: int, data: bytes) -> Any:
    match code:
        case 1:
            return Decimal(data.decode())
        case 2:
            return date.fromisoformat(data.decode())
        case 3:
            return time.fromisoformat(data.decode())
        case 4:
            return datetime.fromisoformat(data.decode())
        case 5:
            return timedelta(microseconds=int(data))
        case 6:
            return Sealed(data)
        case 7:
            return Months(int(data))
    raise ValueError(f"unknown kind of value {code}")


def pack(value: Any) -> bytes:
    """The bytes of a value; raises TypeError for what a case may not hold."""
    packed: bytes = msgpack.packb(value, default=_encode, strict_types=True)
    return packed


def unpack(data: bytes) -> Any:
    """The value of these bytes."""
    return msgpack.unpackb(data, ext_hook=_decode, strict_map_key=False)


def canonical(value: Any) -> bytes:
    """The same bytes for equal values, whatever the order of their keys: for digests."""
    return pack(_ordered(value))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def commitments(value: Any) -> Iterator[bytes]:
    """The commitments of all personal values inside a value."""
    match value:
        case Sealed():
            yield value.commitment
        case dict():
            for item in value.values():
                yield from commitments(item)
        case list():
            for item in value:
                yield from commitments(item)
