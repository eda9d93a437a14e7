"""Frames between the renderer and its worker: four bytes of length, then msgpack."""

import struct
from typing import IO, Any

import msgpack

MAX_FRAME = 64 * 1024 * 1024
"""Bytes. More than any certificate needs, little enough not to exhaust the machine."""

_LENGTH = struct.Struct(">I")


def pack(message: dict[str, Any]) -> bytes:
    """Return `message` as one frame; ValueError when it is larger than `MAX_FRAME`."""
    body: bytes = msgpack.packb(message, use_bin_type=True)
    if len(body) > MAX_FRAME:
        raise ValueError(f"a message of {len(body)} bytes exceeds {MAX_FRAME}")
    return _LENGTH.pack(len(body)) + body


def receive(stream: IO[bytes]) -> dict[str, Any] | None:
    """Read one frame; None when the other side is gone or speaks nonsense."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    if size > MAX_FRAME:
        return None
    body = stream.read(size)
    if len(body) < size:
        return None
    message: dict[str, Any] = msgpack.unpackb(body, raw=False)
    return message
