"""Histories: in parts of 100,000 cases on PostgreSQL, and moved to files when their time comes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SIZE = 100_000


def upgrade() -> None:
    op.add_column("case", sa.Column("archived_at", INSTANT, nullable=True))
    op.add_column("case", sa.Column("archived_seq", sa.Integer(), nullable=True))
    op.add_column("case", sa.Column("archive_digest", sa.LargeBinary(length=32), nullable=True))
    unarchived = sa.text("archived_at IS NULL")
    op.create_index(
        "ix_case_unarchived", "case", ["version_id", "ended_at"], unique=False,
        postgresql_where=unarchived, sqlite_where=unarchived,
    )  # fmt: skip
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _divide()


def _guard_sqlite() -> None:
    """An event is deleted only once it stands in the file that its case names."""
    op.execute("DROP TRIGGER event_no_delete")
    op.execute(
        "CREATE TRIGGER event_no_delete BEFORE DELETE ON event WHEN NOT EXISTS "
        '(SELECT 1 FROM "case" WHERE id = OLD.case_id AND archived_seq >= OLD.seq '
        "AND archive_digest IS NOT NULL) "
        "BEGIN SELECT RAISE(ABORT, 'the history of a case is only ever appended'); END"
    )


def _divide() -> None:
    """What is there becomes the first part, unmoved; those after it are made ahead of their use."""
    last = int(op.get_bind().scalar(sa.text('SELECT coalesce(max(id), 0) FROM "case"')) or 0)
    first, bound = f"event_p{last // SIZE}", (last // SIZE + 1) * SIZE
    op.execute("DROP TRIGGER event_only_appended ON event")
    op.execute(f"ALTER TABLE event RENAME TO {first}")
    op.execute(f"ALTER TABLE {first} RENAME CONSTRAINT pk_event TO {first}_pkey")
    op.create_table(
        "event",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_event_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_event_case_id")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_event")),
        postgresql_partition_by="RANGE (case_id)",
    )
    op.execute(
        f"ALTER TABLE event ATTACH PARTITION {first} FOR VALUES FROM (MINVALUE) TO ({bound})"
    )
    for statement in (_GUARD, _NOT_TRUNCATED.format(first), _PART, _ROOM, *_TRIGGERS):
        op.execute(statement)
    op.execute(f"SELECT event_part({bound})")


# An event is deleted only once it stands in the file that its case names.
_GUARD = """
CREATE OR REPLACE FUNCTION event_only_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM "case" WHERE id = OLD.case_id AND archived_seq >= OLD.seq
               AND archive_digest IS NOT NULL) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the history of a case is only ever appended';
END $$"""

# Makes the part of a case where there is none. One transaction makes parts at a time; a case that a
# wider, older part holds needs none.
_PART = f"""
CREATE FUNCTION event_part(id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  number bigint := id / {SIZE};
  part text := 'event_p' || number;
BEGIN
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('event_part'));
  IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
  BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE event INCLUDING DEFAULTS)', part);
    EXECUTE format('ALTER TABLE event ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                   part, number * {SIZE}, (number + 1) * {SIZE});
    EXECUTE format('CREATE TRIGGER event_not_truncated BEFORE TRUNCATE ON %I '
                   'FOR EACH STATEMENT EXECUTE FUNCTION event_only_appended()', part);
  EXCEPTION WHEN invalid_object_definition THEN
    RETURN;
  END;
END $$"""

# A case that begins finds room for its history, though no worker made it ahead.
_ROOM = """
CREATE FUNCTION case_has_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM event_part(NEW.id);
  RETURN NEW;
END $$"""

_NOT_TRUNCATED = (
    "CREATE TRIGGER event_not_truncated BEFORE TRUNCATE ON {} "
    "FOR EACH STATEMENT EXECUTE FUNCTION event_only_appended()"
)
_TRIGGERS = (
    "CREATE TRIGGER event_only_appended BEFORE UPDATE OR DELETE ON event "
    "FOR EACH ROW EXECUTE FUNCTION event_only_appended()",
    _NOT_TRUNCATED.format("event"),
    'CREATE TRIGGER case_has_room BEFORE INSERT ON "case" '
    "FOR EACH ROW EXECUTE FUNCTION case_has_room()",
)


def downgrade() -> None:
    raise NotImplementedError("the way back is the backup made before the upgrade")
