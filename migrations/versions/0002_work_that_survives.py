"""Priority and putting off of jobs, attempts that failed, causes of incidents."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("job", sa.Column("retry_at", INSTANT, nullable=True))
    op.add_column(
        "job",
        sa.Column("priority", sa.SmallInteger(), nullable=False, server_default=sa.text("50")),
    )
    op.create_index("ix_job_claim", "job", ["status", "priority", "due_at", "id"], unique=False)
    op.execute("UPDATE job SET priority = 10 WHERE kind = 'certificate.issue'")
    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_attempt_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_job_id"), "attempt", ["job_id"], unique=False)
    op.add_column(
        "incident", sa.Column("cause", sa.String(length=16), nullable=False, server_default="")
    )
    op.create_index(op.f("ix_incident_cause"), "incident", ["cause"], unique=False)
    _complete_incidents()


def _complete_incidents() -> None:
    """Give the incidents that are there their version and their cause, as the program does."""
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT i.id, i.code, i.message, i.element, j.kind, "
            "COALESCE(i.version_id, c.version_id) AS version "
            "FROM incident i LEFT JOIN job j ON j.id = i.job_id "
            'LEFT JOIN "case" c ON c.id = i.case_id'
        )
    ).all()
    for row in found:
        shared = (row.code, row.version, row.element, row.kind, row.message)
        cause = sha256(repr(shared).encode()).hexdigest()[:8]
        connection.execute(
            sa.text("UPDATE incident SET cause = :cause, version_id = :version WHERE id = :id"),
            {"cause": cause, "version": row.version, "id": row.id},
        )


def downgrade() -> None:
    raise NotImplementedError("the way back is the backup made before the upgrade")
