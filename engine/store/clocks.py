"""The clocks of the law on cases, the facts that they read, the tokens that wait for them."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from engine.store.metadata import metadata
from engine.store.types import Id, Instant

# The part of a history that clocks read: a handful of rows, however old the case. `seq` is that of
# the event which tells it, `place` its place there; one that was withdrawn stays.
fact = Table(
    "fact",
    metadata,
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String(120), nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("proof", ForeignKey("attachment.id")),
    Column("recorded_at", Instant, nullable=False),
    Column("withdrawn_seq", Integer),
    Column("withdrawn_at", Instant),
    PrimaryKeyConstraint("case_id", "seq", "place"),
)

# What a clock said when it was last dated. `version_id` holds its law, `calendar` is the digest of
# the days it was dated by, `result` the whole answer; `lapse_seq` the event of its lapse, after
# which it is not dated again.
clock = Table(
    "clock",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("each", String(120), nullable=False),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("obliged", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("start", Date),
    Column("due", Date),
    Column("effect_at", Instant),
    Column("version_id", ForeignKey("version.id"), nullable=False),
    Column("calendar", String(64), nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("reminded", Text, nullable=False),
    Column("lapse_seq", Integer),
    Column("closed_on", Date, index=True),
    UniqueConstraint("case_id", "name", "each"),
    Index("ix_clock_office_id_state_effect_at", "office_id", "state", "effect_at"),
)

# A token that waits for the end of a clock, or for a reminder of it. `failed_at`: its way could not
# be gone; the incident says why.
clock_wait = Table(
    "clock_wait",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("token", Integer, nullable=False),
    Column("element", String(120), nullable=False),
    Column("name", String(80), nullable=False),
    Column("each", String(120), nullable=False),
    Column("reminder", String(40), nullable=False),
    Column("failed_at", Instant),
    UniqueConstraint("case_id", "token"),
)
