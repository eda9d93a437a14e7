"""Attachments: papers that a citizen brings.  A file under a random id, a salted digest in a row.

The file is written, and made to last, before the row that names it: a crash between the two leaves
a file that nothing names (removed by `tidy`), never a row without its file.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes, token_hex

from engine.commands import duties
from engine.errors import EngineError
from engine.store import tables as t
from engine.store.types import Record
from engine.transaction import Transaction

LARGEST = 10_000_000
# What the house wrote to the applicant, or had from them.
LETTER = "letter"
_BEGINNINGS = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
_ORPHANED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attached:
    """A paper that was brought in: its random id."""

    case: str
    attachment: str


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """What is known of a paper; its content is asked for apart."""

    attachment: str
    kind: str
    media_type: str
    size: int
    at: datetime


def add(tx: Transaction, reference: str, kind: str, content: bytes) -> Attached:
    """Bring a paper in; `kind`: the key of a required paper of the procedure, "letter" or "other".

    PDF, JPEG and PNG are known by how they begin, up to 10 MB; nothing else is taken.
    """
    case = duties.work_case(tx, reference)
    papers = tx.version(case.version_id).bundle.procedure.papers
    kinds = [*(paper.key for paper in papers), "other", LETTER]
    if kind not in kinds:
        expected = f"The procedure asks for: {', '.join(kinds)}."
        raise EngineError("bad_value", name="kind", value=kind, expected=expected)
    return keep(tx, case, kind, content)


def keep(tx: Transaction, case: Record, kind: str, content: bytes) -> Attached:
    """Keep a paper with a case that is held."""
    media_type = _media_type(content)
    key, salt = token_hex(16), token_bytes(16)
    digest = sha256(salt + content).digest()
    _write(file(tx.files, key), content)
    tx.store.add(
        t.attachment, id=key, case_id=case.id, kind=kind, media_type=media_type,
        size=len(content), salt=salt, digest=digest, at=tx.now, by=tx.actor.id,
    )  # fmt: skip
    body = {"attachment": key, "what": kind, "media_type": media_type, "size": len(content)}
    tx.record(case, "case.attached", body | {"digest": digest.hex()})
    return Attached(case.reference, key)


def listing(tx: Transaction, reference: str) -> tuple[AttachmentRow, ...]:
    """The papers of a case, in the order in which they came."""
    case = tx.see_case(reference)
    rows = tx.store.rows(t.attachment, t.attachment.c.case_id == case.id, order=[t.attachment.c.at])
    return tuple(AttachmentRow(r.id, r.kind, r.media_type, r.size, r.at) for r in rows)


def content(tx: Transaction, attachment: str) -> bytes:
    """The bytes of a paper, refused where they are not those that were brought in."""
    row = _row(tx, attachment)
    try:
        found = file(tx.files, row.id).read_bytes()
    except FileNotFoundError as error:
        raise EngineError("erased") from error
    if sha256(row.salt + found).digest() != row.digest:
        raise EngineError("attachment_invalid", reason="its bytes have changed on the disk")
    return found


def tidy(tx: Transaction) -> int:
    """Remove files that a crash left without a row; how many."""
    removed, oldest = 0, (tx.now - _ORPHANED).timestamp()
    for path in file(tx.files, "").parent.glob("*"):
        orphaned = tx.store.one(t.attachment, id=path.name) is None
        if orphaned and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def file(files: Path, attachment: str) -> Path:
    """Where the file of an attachment lies."""
    return files / "attachments" / (attachment or "x")


def _row(tx: Transaction, attachment: str) -> Record:
    row = tx.store.one(t.attachment, id=attachment)
    if row is None or not tx.actor.sees(tx.store.case_by_id(row.case_id).office_id):
        raise EngineError("unknown_attachment", attachment=attachment)
    return row


def _media_type(content: bytes) -> str:
    if len(content) > LARGEST:
        raise EngineError("attachment_invalid", reason=f"more than {LARGEST:,} bytes")
    for media_type, beginning in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    raise EngineError("attachment_invalid", reason="neither PDF nor JPEG nor PNG")


def _write(path: Path, content: bytes) -> None:
    """Write a file and make it last; where there is no room for it, nothing of it stays."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise EngineError("disk_full", reason=error.strerror or str(error)) from error
