"""The tables, as SQLAlchemy Core knows them; migrations/ holds how they came to be.

Three laws shape them.  A command writes the rows that lists and searches read (`case`, `task`,
`case_field`), so that no list opens a state document.  Values that a form marks personal lie in
`personal` alone, with what was made from them hanging on its rows by ON DELETE CASCADE.  `event`
is only ever inserted: triggers on both databases refuse anything else, but for events that stand in
the file of an archived history.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
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
    false,
    text,
)

from engine.store.batches import batch as batch
from engine.store.batches import batch_item as batch_item
from engine.store.clocks import clock as clock
from engine.store.clocks import clock_wait as clock_wait
from engine.store.clocks import fact as fact
from engine.store.days import calendar as calendar
from engine.store.days import calendar_day as calendar_day
from engine.store.days import calendar_hours as calendar_hours
from engine.store.days import calendar_span as calendar_span
from engine.store.days import office_calendar as office_calendar
from engine.store.metadata import metadata as metadata
from engine.store.notices import contact as contact
from engine.store.notices import notice as notice
from engine.store.notices import occasion as occasion
from engine.store.notices import preference as preference
from engine.store.types import Id, Instant, Token
from engine.store.waits import attempt as attempt
from engine.store.waits import incident as incident
from engine.store.waits import job as job
from engine.store.waits import message as message
from engine.store.waits import schedule as schedule
from engine.store.waits import subscription as subscription

# What this database is: one row a fact (`specimen`, `city_fr`, `city_ar`, `created`).
installation = Table(
    "installation",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# -- who and where ---------------------------------------------------------------------------

office = Table(
    "office",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("short", String(12), nullable=False, unique=True),
    Column("parent_id", ForeignKey("office.id")),
    # Ids from the root down to this office, "/1/7/": an office sees what begins with its path.
    Column("path", String(200), nullable=False, index=True),
    Column("name_fr", String(200), nullable=False),
    Column("name_ar", String(200), nullable=False),
    Column("source", Text, nullable=False),
)

role = Table(
    "role",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("name", String(200), nullable=False),
)

actor = Table(
    "actor",
    metadata,
    Column("id", Id, primary_key=True),
    Column("login", String(80), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("name_ar", String(200)),
    Column("kind", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

# A grant that was revoked stays: who could do what, and when, is asked years later.
actor_role = Table(
    "actor_role",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", ForeignKey("actor.id"), nullable=False),
    Column("role", ForeignKey("role.key"), nullable=False),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("granted_by", ForeignKey("actor.id")),
    Column("revoked_at", Instant),
    Column("revoked_by", ForeignKey("actor.id")),
    Index("ix_actor_role_actor_id", "actor_id"),
)

delegation = Table(
    "delegation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("act", String(60), nullable=False),
    Column("actor_id", ForeignKey("actor.id"), nullable=False),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("order_number", String(80), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("ended_on", Date),
    Column("end_reason", Text),
    Column("registered_at", Instant, nullable=False),
    Column("registered_by", ForeignKey("actor.id"), nullable=False),
    Index("ix_delegation_actor_id_act", "actor_id", "act"),
)

# -- procedures ------------------------------------------------------------------------------

version = Table(
    "version",
    metadata,
    Column("id", Id, primary_key=True),
    Column("procedure", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("bundle", LargeBinary, nullable=False),
    Column("model", LargeBinary, nullable=False),
    Column("model_digest", String(64), nullable=False),
    Column("effective", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", ForeignKey("actor.id"), nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", ForeignKey("actor.id")),
    Column("withdraw_reason", Text),
    UniqueConstraint("procedure", "number"),
)

# -- cases -----------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("identifier", String(40), unique=True),
    Column("created_at", Instant, nullable=False),
)

case = Table(
    "case",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", String(60), nullable=False, unique=True),
    Column("procedure", String(80), nullable=False),
    Column("version_id", ForeignKey("version.id"), nullable=False),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("person_id", ForeignKey("person.id", ondelete="SET NULL"), index=True),
    Column("status", String(12), nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", LargeBinary(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # Since when it is suspended; its status says so too, for lists.
    Column("suspended_at", Instant),
    # When its clocks have something to say next: before anything is done later, they say it.
    Column("settle_at", Instant),
    # When the nearest clock against the administration ends, and its name.
    Column("lapses_at", Instant),
    Column("lapse_clock", String(80)),
    # When its events up to which one went into a file, and the SHA-256 of that file.
    Column("archived_at", Instant),
    Column("archived_seq", Integer),
    Column("archive_digest", LargeBinary(32)),
    Index("ix_case_office_id_status_id", "office_id", "status", "id"),
    Index(
        "ix_case_unarchived",
        "version_id",
        "ended_at",
        postgresql_where=text("archived_at IS NULL"),
        sqlite_where=text("archived_at IS NULL"),
    ),
)

personal = Table(
    "personal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("commitment", LargeBinary(32), nullable=False),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), index=True),
    Column("name", String(200), nullable=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("value", LargeBinary, nullable=False),
    UniqueConstraint("case_id", "commitment"),
)

# One row a word: search is an equality or a prefix on `token`, the same on both databases.
case_field = Table(
    "case_field",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("token", Token, nullable=False),
    Column("personal_id", ForeignKey("personal.id", ondelete="CASCADE"), index=True),
    Index("ix_case_field_token_case_id", "token", "case_id"),
)

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("token", Integer, nullable=False),
    Column("element", String(120), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(60), nullable=False),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("status", String(12), nullable=False),
    Column("assignee_id", ForeignKey("actor.id")),
    Column("draft", LargeBinary),
    Column("opened_at", Instant, nullable=False),
    # When it is due, or far away: one sort key, so that a page of the worklist is one index range.
    Column("rank_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("closed_at", Instant),
    Column("closed_by", ForeignKey("actor.id")),
    UniqueConstraint("case_id", "token"),
    Index("ix_task_worklist", "status", "role", "office_id", "rank_at", "id"),
    Index("ix_task_assignee_id_status", "assignee_id", "status"),
)

event = Table(
    "event",
    metadata,
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_id", ForeignKey("actor.id"), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    PrimaryKeyConstraint("case_id", "seq"),
    postgresql_partition_by="RANGE (case_id)",
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False, index=True),
    Column("kind", String(60), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size", Integer, nullable=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", ForeignKey("actor.id"), nullable=False),
)

# -- commands --------------------------------------------------------------------------------

rejection = Table(
    "rejection",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("command", String(80), nullable=False),
    Column("case_id", ForeignKey("case.id")),
    Column("kind", String(12), nullable=False),
    Column("code", String(40), nullable=False),
    Column("fields", Text, nullable=False),
)

# `arguments` is a digest of what was asked, and could be guessed: it goes when the case is erased.
answer = Table(
    "answer",
    metadata,
    Column("actor_id", ForeignKey("actor.id"), nullable=False),
    Column("case_id", ForeignKey("case.id"), index=True),
    Column("key", String(120), nullable=False),
    Column("command", String(80), nullable=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("arguments", LargeBinary(32), nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    PrimaryKeyConstraint("actor_id", "key"),
)

# -- numbers ---------------------------------------------------------------------------------

register = Table(
    "register",
    metadata,
    Column("register", String(80), nullable=False),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("register", "office_id", "year"),
)

register_entry = Table(
    "register_entry",
    metadata,
    Column("register", String(80), nullable=False),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", String(80), nullable=False),
    Column("case_id", ForeignKey("case.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("register", "office_id", "year", "number"),
)

certificate = Table(
    "certificate",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False, index=True),
    Column("token", Integer, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("number", String(80), nullable=False, unique=True),
    Column("status", String(12), nullable=False),
    Column("specimen", Boolean, nullable=False, server_default=false()),
    Column("code_digest", LargeBinary(32), nullable=False, unique=True),
    Column("data", LargeBinary, nullable=False),
    Column("template", String(120), nullable=False),
    Column("sha256", String(64), unique=True),
    Column("pages", Integer),
    Column("size", Integer),
    Column("build", Text),
    Column("reserved_at", Instant, nullable=False),
    Column("issued_at", Instant),
    Column("cancelled_at", Instant),
    Column("cancel_reason", Text),
    CheckConstraint("status <> 'issued' OR sha256 IS NOT NULL", name="issued_has_digest"),
)
