"""Acts on many cases: what was asked for, and what came of it for each one."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
)

from engine.store.metadata import metadata
from engine.store.types import Id, Instant

# `arguments` goes when the batch has ended: what it said stands in the history of each case.
batch = Table(
    "batch",
    metadata,
    Column("id", Id, primary_key=True),
    Column("act", String(20), nullable=False),
    Column("arguments", LargeBinary),
    Column("status", String(12), nullable=False),
    Column("total", Integer, nullable=False),
    Column("undoes", ForeignKey("batch.id")),
    Column("created_at", Instant, nullable=False),
    Column("created_by", ForeignKey("actor.id"), nullable=False),
    Column("ended_at", Instant),
)

# `target` is a task or an incident where the act is on one; `seq` the event that the act made;
# `before` what an undoing needs.
batch_item = Table(
    "batch_item",
    metadata,
    Column("batch_id", ForeignKey("batch.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("case_id", ForeignKey("case.id"), index=True),
    Column("target", Id),
    Column("status", String(12), nullable=False),
    Column("code", String(40)),
    Column("seq", Integer),
    Column("before", LargeBinary),
    Column("at", Instant),
    PrimaryKeyConstraint("batch_id", "number"),
    Index("ix_batch_item_status", "batch_id", "status", "number"),
)
