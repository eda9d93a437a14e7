"""The clocks of the law: facts, clocks, the tokens that wait for them, when a case is next dated."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.add_column("case", sa.Column("settle_at", INSTANT, nullable=True))
    op.add_column("case", sa.Column("lapses_at", INSTANT, nullable=True))
    op.add_column("case", sa.Column("lapse_clock", sa.String(length=80), nullable=True))
    op.create_table(
        "fact",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("proof", sa.String(length=32), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("withdrawn_seq", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        _to("fact", "case_id", "case"),
        _to("fact", "proof", "attachment"),
        sa.PrimaryKeyConstraint("case_id", "seq", "place", name=op.f("pk_fact")),
    )
    op.create_table(
        "clock",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("each", sa.String(length=120), nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("obliged", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("effect_at", INSTANT, nullable=True),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("calendar", sa.String(length=64), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.Column("reminded", sa.Text(), nullable=False),
        sa.Column("lapse_seq", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _to("clock", "case_id", "case"),
        _to("clock", "office_id", "office"),
        _to("clock", "version_id", "version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint("case_id", "name", "each", name=op.f("uq_clock_case_id_name_each")),
    )
    op.create_index(
        "ix_clock_office_id_state_effect_at", "clock", ["office_id", "state", "effect_at"]
    )
    op.create_index("ix_clock_closed_on", "clock", ["closed_on"])
    op.create_table(
        "clock_wait",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("each", sa.String(length=120), nullable=False),
        sa.Column("reminder", sa.String(length=40), nullable=False),
        sa.Column("failed_at", INSTANT, nullable=True),
        _to("clock_wait", "case_id", "case"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_wait")),
        sa.UniqueConstraint("case_id", "token", name=op.f("uq_clock_wait_case_id_token")),
    )


def downgrade() -> None:
    raise NotImplementedError("the way back is the backup made before the upgrade")
