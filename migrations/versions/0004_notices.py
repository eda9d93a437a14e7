"""Telling people: occasions, contacts, preferences, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _to(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "occasion",
        sa.Column("id", ID, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("incident_id", ID, nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("spread_at", INSTANT, nullable=True),
        _to("occasion", "case_id", "case"),
        _to("occasion", "actor_id", "actor"),
        _to("occasion", "incident_id", "incident"),
        _to("occasion", "by_id", "actor"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
    )
    op.create_index(op.f("ix_occasion_case_id"), "occasion", ["case_id"], unique=False)
    op.create_index("ix_occasion_spread_at_id", "occasion", ["spread_at", "id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("mail", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("failing_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("send_job", ID, nullable=True),
        sa.Column("digest_job", ID, nullable=True),
        _to("contact", "actor_id", "actor", "CASCADE"),
        _to("contact", "person_id", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("actor_id", name=op.f("uq_contact_actor_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_contact_person_id")),
    )
    op.create_table(
        "preference",
        sa.Column("id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("pace", sa.String(length=12), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        _to("preference", "contact_id", "contact", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("contact_id", "topic", name=op.f("uq_preference_contact_id_topic")),
    )
    op.create_table(
        "notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("occasion_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("pace", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("job_id", ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        _to("notice", "occasion_id", "occasion"),
        _to("notice", "contact_id", "contact", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_occasion_id"), "notice", ["occasion_id"], unique=False)
    op.create_index(op.f("ix_notice_job_id"), "notice", ["job_id"], unique=False)
    op.create_index(
        "ix_notice_contact_id_status", "notice", ["contact_id", "status", "id"], unique=False
    )


def downgrade() -> None:
    raise NotImplementedError("the way back is the backup made before the upgrade")
