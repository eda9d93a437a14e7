"""Calendars in layers: nation, commune, office; with status, hours, seasons and the years known."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("calendar", sa.Column("parent", sa.String(length=40), nullable=True))
    _days()
    op.create_table(
        "calendar_hours",
        sa.Column("calendar", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar"], ["calendar.name"], name=op.f("fk_calendar_hours_calendar")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["actor.id"], name=op.f("fk_calendar_hours_recorded_by")
        ),
        sa.PrimaryKeyConstraint("calendar", "name", "recorded_at", name=op.f("pk_calendar_hours")),
    )
    op.create_table(
        "calendar_span",
        sa.Column("calendar", sa.String(length=40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar"], ["calendar.name"], name=op.f("fk_calendar_span_calendar")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["actor.id"], name=op.f("fk_calendar_span_recorded_by")
        ),
        sa.PrimaryKeyConstraint("calendar", "recorded_at", name=op.f("pk_calendar_span")),
    )
    op.create_table(
        "office_calendar",
        sa.Column("office_id", ID, nullable=False),
        sa.Column("calendar", sa.String(length=40), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar"], ["calendar.name"], name=op.f("fk_office_calendar_calendar")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_office_calendar_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["actor.id"], name=op.f("fk_office_calendar_recorded_by")
        ),
        sa.PrimaryKeyConstraint("office_id", "recorded_at", name=op.f("pk_office_calendar")),
    )
    _spans()


def _days() -> None:
    """What was set by the program was brought in, what a person set was not; words change."""
    for old, new in (("set_at", "recorded_at"), ("set_by", "recorded_by")):
        op.execute(f"ALTER TABLE calendar_day RENAME COLUMN {old} TO {new}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE calendar_day RENAME CONSTRAINT fk_calendar_day_set_by "
            "TO fk_calendar_day_recorded_by"
        )
    decided = sa.Column("status", sa.String(length=12), nullable=False, server_default="decided")
    op.add_column("calendar_day", decided)
    op.add_column(
        "calendar_day",
        sa.Column("label_en", sa.String(length=200), nullable=False, server_default=""),
    )
    op.add_column("calendar_day", sa.Column("decided_on", sa.Date(), nullable=True))
    op.add_column(
        "calendar_day",
        sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE calendar_day SET kind = 'closed' WHERE kind = 'holiday'")
    op.execute("UPDATE calendar_day SET kind = 'open' WHERE kind = 'working'")
    # A day on which a fixed holiday falls too begins with the law, and is certain.
    op.execute(
        "UPDATE calendar_day SET status = 'estimated' WHERE source LIKE 'estimé, non confirmé%'"
    )
    day = sa.table("calendar_day", sa.column("imported", sa.Boolean()), sa.column("recorded_by"))
    actor = sa.table("actor", sa.column("id"), sa.column("login"))
    system = sa.select(actor.c.id).where(actor.c.login == "system")
    op.execute(sa.update(day).where(day.c.recorded_by.in_(system)).values(imported=sa.true()))


def _spans() -> None:
    """A calendar answers for the years of which the program brought the days."""
    connection = op.get_bind()
    day = sa.table(
        "calendar_day", *(sa.column(n) for n in ("calendar", "source", "recorded_by", "imported")),
        sa.column("day", sa.Date()), sa.column("recorded_at", INSTANT),
    )  # fmt: skip
    span = sa.table(
        "calendar_span", *(sa.column(n) for n in ("calendar", "source", "recorded_by")),
        sa.column("first", sa.Date()), sa.column("last", sa.Date()), sa.column("recorded_at", INSTANT),
    )  # fmt: skip
    found = sa.select(
        day.c.calendar, sa.func.min(day.c.day), sa.func.max(day.c.day),
        sa.func.min(day.c.recorded_at), sa.func.min(day.c.recorded_by),
    ).where(day.c.imported == sa.true()).group_by(day.c.calendar)  # fmt: skip
    for name, first, last, at, by in connection.execute(found).all():
        values = {
            "calendar": name, "first": first.replace(month=1, day=1),
            "last": last.replace(month=12, day=31), "source": "", "recorded_at": at,
            "recorded_by": by,
        }  # fmt: skip
        connection.execute(sa.insert(span).values(values))


def downgrade() -> None:
    raise NotImplementedError("the way back is the backup made before the upgrade")
