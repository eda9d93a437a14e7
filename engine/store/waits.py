"""What waits to be done: jobs and the attempts at them, messages awaited, incidents."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.metadata import metadata
from engine.store.priorities import USUAL, of_kind
from engine.store.types import Id, Instant

job = Table(
    "job",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("case_id", ForeignKey("case.id"), index=True),
    Column("token", Integer),
    Column("payload", LargeBinary, nullable=False),
    Column("status", String(12), nullable=False),
    # When it became work to do; what is put off keeps it, and waits for `retry_at` besides.
    Column("due_at", Instant, nullable=False),
    Column("retry_at", Instant),
    Column(
        "priority", SmallInteger, nullable=False, default=of_kind, server_default=text(str(USUAL))
    ),
    Column("attempts", Integer, nullable=False),
    # Fencing: each claim takes the next number, and only the holder of the last one may finish.
    Column("lease", Integer, nullable=False),
    Column("leased_until", Instant),
    Column("owner", String(120)),
    Column("last_error", Text),
    Column("created_at", Instant, nullable=False),
    # Work for a program outside, which fetches it by this name; our own workers leave it alone.
    Column("topic", String(80)),
    Index("ix_job_topic", "topic", "status", "due_at", "id"),
    Index("ix_job_status_due_at_id", "status", "due_at", "id"),
    Index("ix_job_claim", "status", "priority", "due_at", "id"),
)

# What failed, one row an attempt: it quotes no value, as `last_error` does not.
attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("owner", String(120)),
    Column("error", Text, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("token", Integer, nullable=False),
    Column("element", String(120), nullable=False),
    Column("name", String(120), nullable=False),
    Column("key", String(200), nullable=False),
    UniqueConstraint("case_id", "token"),
    Index("ix_subscription_name_key", "name", "key"),
)

incident = Table(
    "incident",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("version_id", ForeignKey("version.id")),
    Column("case_id", ForeignKey("case.id")),
    Column("job_id", ForeignKey("job.id", ondelete="SET NULL")),
    Column("element", String(120)),
    Column("code", String(60), nullable=False),
    # What incidents of one cause share: a digest of version, element, kind of work and message.
    Column("cause", String(16), nullable=False, server_default="", index=True),
    Column("message", Text, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", ForeignKey("actor.id")),
    Column("resolution", Text),
)
