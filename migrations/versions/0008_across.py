"""Across cases: messages that came early, what a subscription is for, schedules that begin cases."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.add_column(
        "subscription",
        sa.Column("kind", sa.String(length=12), nullable=False, server_default="message"),
    )
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("origin_id", ID, nullable=True),
        sa.Column("sent_by", ID, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        _to("message", "job_id", "job"),
        _to("message", "origin_id", "case"),
        _to("message", "sent_by", "actor"),
        _to("message", "case_id", "case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("job_id", name=op.f("uq_message_job_id")),
    )
    op.create_index("ix_message_origin_id", "message", ["origin_id"])
    op.create_index("ix_message_name_key_status_id", "message", ["name", "key", "status", "id"])
    op.create_table(
        "schedule",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("timer", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("left", sa.Integer(), nullable=True),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        _to("schedule", "version_id", "version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("version_id", "element", name=op.f("uq_schedule_version_id_element")),
    )


def downgrade() -> None:
    raise NotImplementedError("the way back is the backup made before the upgrade")
