"""Telling people: what happened, whom to reach and how, what each was told.

An act writes an `occasion` and nothing more: ids of what happened. Whom it concerns is found by a
worker afterwards, who writes a `notice` for each. All that hangs on a person goes with them.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from engine.store.metadata import metadata
from engine.store.types import Id, Instant

# `token` names a task of the case; `actor_id` whom it is for, where it is for one alone; `by_id`
# who did it and is not told.
occasion = Table(
    "occasion",
    metadata,
    Column("id", Id, primary_key=True),
    Column("topic", String(40), nullable=False),
    Column("case_id", ForeignKey("case.id"), index=True),
    Column("token", Integer),
    Column("actor_id", ForeignKey("actor.id")),
    Column("incident_id", ForeignKey("incident.id")),
    Column("by_id", ForeignKey("actor.id")),
    Column("at", Instant, nullable=False),
    # When its notices were written; empty: nobody was told yet.
    Column("spread_at", Instant),
    Index("ix_occasion_spread_at_id", "spread_at", "id"),
)

# Where an actor or a person is reached. The jobs are those that will send what waits.
contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", ForeignKey("actor.id", ondelete="CASCADE"), unique=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), unique=True),
    Column("mail", String(254)),
    Column("phone", String(40)),
    # By which of the two, where it was chosen.
    Column("channel", String(8)),
    Column("language", String(2), nullable=False),
    # Since when the address is known to be wrong: nothing is sent until it is set again.
    Column("failing_at", Instant),
    Column("sent_at", Instant),
    Column("send_job", Id),
    Column("digest_job", Id),
)

preference = Table(
    "preference",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("topic", String(40), nullable=False),
    Column("pace", String(12), nullable=False),
    Column("set_at", Instant, nullable=False),
    UniqueConstraint("contact_id", "topic"),
)

# `job_id` is the job that sends it: what was given to a job once is sent by that job alone, under
# one Message-ID.
notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("occasion_id", ForeignKey("occasion.id"), nullable=False, index=True),
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("pace", String(12), nullable=False),
    Column("status", String(12), nullable=False),
    Column("job_id", Id, index=True),
    Column("made_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Index("ix_notice_contact_id_status", "contact_id", "status", "id"),
)
