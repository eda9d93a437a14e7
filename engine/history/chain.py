"""The chain of a case's events: bodies as bytes, each bound to all that came before.

`hash = SHA-256(0x02 || previous || SHA-256(body))`, beginning from `SHA-256(0x03 || reference)`.
A body is canonical JSON stored as bytes and never written anew; values that JSON has no word for
stand as an object with one key beginning with "@", and a citizen's own object that looks so is
spelled out.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from decisions.values import Months
from engine.runtime.values import Sealed


def genesis(reference: str) -> bytes:
    """What the first event of a case is bound to."""
    return sha256(b"\x03" + reference.encode()).digest()


def link(previous: bytes, body: bytes) -> bytes:
    """The hash of an event that follows `previous`."""
    return sha256(b"\x02" + previous + sha256(body).digest()).digest()


def encode(body: dict[str, Any]) -> bytes:
    """The bytes of an event body."""
    text = json.dumps(_plain(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def decode(body: bytes) -> dict[str, Any]:
    """An event body from its bytes."""
    found: dict[str, Any] = json.loads(body, object_hook=_typed)
    return found


def _plain(value: Any) -> Any:
    match value:
        case dict():
            if any(key.startswith("@") for key in value):
                return {"@map": [[key, _plain(item)] for key, item in sorted(value.items())]}
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    return _tagged(value)


def _tagged(value: Any) -> Any:
    match value:
        case Decimal():
            return {"@decimal": str(value)}
        case datetime():
            return {"@moment": value.isoformat()}
        case date():
            return {"@date": value.isoformat()}
        case time():
            return {"@time": value.isoformat()}
        case timedelta():
            return {"@duration": value // timedelta(microseconds=1)}
        case Months():
            return {"@months": value.count}
        case Sealed():
            return {"@sealed": value.commitment.hex()}
    return value


def _typed(found: dict[str, Any]) -> Any:
    if len(found) != 1:
        return found
    ((key, value),) = found.items()
    match key:
        case "@map":
            return dict(value)
        case "@decimal":
            return Decimal(value)
        case "@moment":
            return datetime.fromisoformat(value)
        case "@date":
            return date.fromisoformat(value)
        case "@time":
            return time.fromisoformat(value)
        case "@duration":
            return timedelta(microseconds=value)
        case "@months":
            return Months(value)
        case "@sealed":
            return Sealed(bytes.fromhex(value))
    return found


def broken(reference: str, events: Iterable[tuple[int, bytes, bytes]]) -> int | None:
    """The sequence number of the first event that does not fit the chain, or None."""
    previous, expected = genesis(reference), 1
    for seq, body, found in events:
        if seq != expected or link(previous, body) != found:
            return seq
        previous, expected = found, seq + 1
    return None
