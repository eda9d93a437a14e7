"""Tables of calendars: what is known of days, hours, and the years that are answered for."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from engine.store.metadata import metadata
from engine.store.types import Instant

calendar = Table(
    "calendar",
    metadata,
    Column("name", String(40), primary_key=True),
    # The calendar that counts where this one says nothing: the nation's, the commune's.
    Column("parent", String(40)),
    Column("zone", String(60), nullable=False),
    Column("rest_days", String(20), nullable=False),
    Column("source", Text, nullable=False),
)

# The rows of a calendar are only added to: a delay computed then can be computed again.  What was
# recorded last counts; a row "withdrawn" says that this calendar says nothing of it any more.
calendar_day = Table(
    "calendar_day",
    metadata,
    Column("calendar", ForeignKey("calendar.name"), nullable=False),
    Column("day", Date, nullable=False),
    # closed; open, where the week would leave it free; regular, as the week has it; withdrawn.
    Column("kind", String(12), nullable=False),
    Column("status", String(12), nullable=False),  # estimated, decided
    Column("label_fr", String(200), nullable=False),
    Column("label_ar", String(200), nullable=False),
    Column("label_en", String(200), nullable=False),
    Column("source", Text, nullable=False),
    Column("decided_on", Date),
    # Whether it came with a file or a package; what a person set goes before it.
    Column("imported", Boolean, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", ForeignKey("actor.id"), nullable=False),
    PrimaryKeyConstraint("calendar", "day", "recorded_at"),
)

# When offices are open: in an ordinary week (no name), or in a season from one day to another.
calendar_hours = Table(
    "calendar_hours",
    metadata,
    Column("calendar", ForeignKey("calendar.name"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("first", Date),
    Column("last", Date),
    # "1 08:30-12:00 12:30-16:30; 2 …", 1 for Monday.
    Column("hours", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", ForeignKey("actor.id"), nullable=False),
    PrimaryKeyConstraint("calendar", "name", "recorded_at"),
)

# The days that a calendar answers for: outside them nothing is known.
calendar_span = Table(
    "calendar_span",
    metadata,
    Column("calendar", ForeignKey("calendar.name"), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", ForeignKey("actor.id"), nullable=False),
    PrimaryKeyConstraint("calendar", "recorded_at"),
)

# By which calendar an office goes, and those under it that have none; null: as the one above.
office_calendar = Table(
    "office_calendar",
    metadata,
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("calendar", ForeignKey("calendar.name")),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", ForeignKey("actor.id"), nullable=False),
    PrimaryKeyConstraint("office_id", "recorded_at"),
)
