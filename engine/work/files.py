"""Files that are written whole or not at all, and outlast a power cut."""

import os
from pathlib import Path
from secrets import token_hex


def write(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file whole or not at all; its name lasts once its folder does (`lasting`).

    `mode`: whose it is to read, as far as the account lets.
    """
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def lasting(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
