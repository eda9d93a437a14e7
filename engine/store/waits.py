"""What waits to be done: jobs and the attempts at them, messages awaited, incidents."""

from sqlalchemy import (
    Boolean,
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
    # message, signal, condition or offer: a case that waits for none of the last two is not moved
    # by anybody else, but it has a row that says what it waits for.
    Column("kind", String(12), nullable=False, server_default="message"),
    UniqueConstraint("case_id", "token"),
    Index("ix_subscription_name_key", "name", "key"),
)

# A message for which no case waited when it was sent. Its job holds what it brings and is due when
# its time is over; whoever begins to wait for it before then takes it from here.
message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("key", String(200), nullable=False),
    Column("status", String(12), nullable=False),
    Column("outside", Boolean, nullable=False),
    Column("job_id", ForeignKey("job.id"), nullable=False, unique=True),
    # The case that sent it, or whose reference is its key: there its personal values are sealed.
    Column("origin_id", ForeignKey("case.id"), index=True),
    Column("sent_by", ForeignKey("actor.id"), nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    # The case that got it.
    Column("case_id", ForeignKey("case.id")),
    Column("ended_at", Instant),
    Index("ix_message_name_key_status_id", "name", "key", "status", "id"),
)

# The timer of a start event of a version in effect: when cases begin next, and how often still
# (null: without end). One that ended stays, for the version after it goes on from there.
schedule = Table(
    "schedule",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version_id", ForeignKey("version.id"), nullable=False),
    Column("element", String(120), nullable=False),
    Column("timer", Text, nullable=False),
    Column("due_at", Instant),
    Column("left", Integer),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    UniqueConstraint("version_id", "element"),
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
