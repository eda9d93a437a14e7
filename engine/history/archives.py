"""The history of a case as a file: what is left of it to read once it has left the database.

One line of JSON says whose history it is and how it ends; each line after it is the body of one
event, byte for byte as it was recorded. So the chain of digests can be followed with a few lines of
any language (docs/how-to/keep-and-archive.md), in ten years and without this program.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from engine.history import chain

FORMAT = "mouqataa-history 1"
FOLDER = "histories"


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the table has it, read from a file."""

    case_id: int
    seq: int
    kind: str
    at: datetime
    actor_id: int
    body: bytes
    hash: bytes


class Damaged(ValueError):
    """A file that does not hold the history that its case says."""


def name(reference: str, seq: int) -> str:
    """What the file of a history is called, that ends with this event."""
    return f"{reference}-{seq}.jsonl"


def file(files: Path, case: Any) -> Path:
    """Where the file of an archived case lies."""
    return files / FOLDER / name(case.reference, case.archived_seq)


def written(reference: str, procedure: str, version: str, events: Sequence[Any]) -> bytes:
    """The bytes of a file; the same history gives the same bytes. Raises Damaged."""
    broken = chain.broken(reference, ((row.seq, row.body, row.hash) for row in events))
    if broken is not None or not events:
        raise Damaged(f"event {broken} does not fit the chain")
    head = {
        "format": FORMAT, "case": reference, "procedure": procedure, "version": version,
        "events": len(events), "head": events[-1].hash.hex(),
    }  # fmt: skip
    first = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join(line + b"\n" for line in (first, *(row.body for row in events)))


def read(files: Path, case: Any) -> list[Event]:
    """The events of an archived case. Raises OSError, or Damaged where they are not those that it
    had when they were archived."""
    content = file(files, case).read_bytes()
    if sha256(content).digest() != case.archive_digest:
        raise Damaged("its digest differs")
    return list(_events(case, content))


def _events(case: Any, content: bytes) -> Iterator[Event]:
    head = chain.genesis(case.reference)
    for seq, body in enumerate(content.split(b"\n")[1:-1], 1):
        head, said = chain.link(head, body), chain.decode(body)
        yield Event(case.id, seq, said["kind"], said["at"], said["actor"], body, head)
