"""What a command may use: who acts, what time it is, the store, and the history.

Made by `Engine` for one command and thrown away with it.  Personal values pass through here and
nowhere else: `seal` puts one away and gives its commitment, `unseal` opens it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Any
from zoneinfo import ZoneInfo

from decisions.calendars import Calendar
from decisions.clock.law import Clock
from engine.errors import EngineError
from engine.history import archives, chain, kinds, occasions
from engine.permissions import Actor
from engine.runtime.model import Model
from engine.runtime.values import Sealed, commitments, pack, unpack
from engine.store import partitions
from engine.store import tables as t
from engine.store.calendars import Book, Known
from engine.store.folding import tokens
from engine.store.store import Store
from engine.store.types import Record
from engine.version import VERSION
from forms.form import Form, generic
from processes.bundle import Bundle


@dataclass(frozen=True, slots=True)
class By:
    """Who asks, by which way, and the key that makes a repetition harmless.

    `key`: unique per actor, kept 30 days; the same command with the same key answers as it did
    the first time.
    `channel`: "cli", "worker"…; `system_user`: the account of the machine behind it.
    """

    actor: str
    key: str | None = None
    channel: str = "cli"
    system_user: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """A deployed version as execution needs it: read once per process."""

    id: int
    procedure: str
    number: int
    digest: str
    bundle: Bundle
    model: Model
    clocks: tuple[Clock, ...] = ()
    forms: dict[str, Form] = field(default_factory=dict)

    def form(self, name: str) -> Form:
        """A form of the bundle, read once."""
        if name not in self.forms:
            self.forms[name] = Form.read(self.bundle.files[name], self._part)
        return self.forms[name]

    def _part(self, name: str) -> bytes | None:
        """A shared part as it was when the procedure was deployed."""
        return self.bundle.files.get(f"forms/{name}")


@dataclass(frozen=True, slots=True)
class Process:
    """What an engine keeps between commands: the clock, folders, and what never changes."""

    clock: Callable[[], datetime]
    files: Path
    version: Callable[[Store, int], Version]
    facts: Callable[[Store], Mapping[str, str]]
    calendars: Callable[[Store], Book]


class Unsettled(Exception):
    """A clock of the case has run out, and nobody has recorded it: that comes before all else."""

    def __init__(self, case: int) -> None:
        super().__init__(f"the clocks of case {case} come first")
        self.case = case


class Transaction:
    """One command in progress."""

    def __init__(self, by: By, actor: Actor, store: Store, process: Process) -> None:
        self.by, self.actor, self.store, self._process = by, actor, store, process
        self.now = process.clock()
        self.touched: int | None = None
        self.running: int | None = None
        # As of when clocks are dated, while they are settled for moments that have passed.
        self.settling: datetime | None = None

    # -- where and when --

    @property
    def files(self) -> Path:
        """The folder of attachments and certificates."""
        return self._process.files

    @property
    def facts(self) -> Mapping[str, str]:
        """What this database is: city, place, time zone, specimen or not."""
        return self._process.facts(self.store)

    @property
    def today(self) -> date:
        """The day in the city: what registers, dates of effect and delegations go by."""
        return self.now.astimezone(self.zone).date()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the city: what a day is."""
        return ZoneInfo(self.facts["zone"])

    @cached_property
    def calendars(self) -> Book:
        """Every calendar, as this command found them when it first asked."""
        return self._process.calendars(self.store)

    @cached_property
    def calendar(self) -> Known | None:
        """The city's calendar of working days, as it is known now; None where none is set."""
        return self._calendar(None, self.now)

    def calendar_of(self, office: int | None, moment: datetime | None = None) -> Calendar:
        """The calendar of an office, as it is known now or was known at a moment.

        An office without one goes by that of the office above it, the last by the city's. Raises
        EngineError where there is none.
        """
        moment = moment or self.now
        return self.calendars.at(self._calendar_name(office, moment), moment)

    def calendar_dated(self, office: int, moment: datetime, digest: str) -> Calendar:
        """The calendar of an office by which something was counted at a moment."""
        return self.calendars.dated(self._calendar_name(office, moment), moment, digest)

    def _calendar_name(self, office: int | None, moment: datetime) -> str:
        city = self.facts.get("calendar", "")
        name = self.calendars.of_office(office or self.calendars.top, moment) or city
        if name not in self.calendars.heads:
            raise EngineError("unknown_calendar", calendar=name or "-")
        return name

    def calendar_for(self, case: Record) -> Callable[[datetime], Known | None]:
        """The calendar of a case's office as it was known at a moment, read once it is asked."""
        return partial(self._calendar, case.office_id)

    def _calendar(self, office: int | None, moment: datetime) -> Known | None:
        if not self.facts.get("calendar"):
            return None
        return Known(lambda: self.calendar_of(office, moment))

    def mark(self, separator: str) -> str:
        """What begins every number of a specimen database; nothing in a real one."""
        return f"SPECIMEN{separator}" if self.specimen else ""

    @property
    def specimen(self) -> bool:
        """Whether this database is for training or demonstration."""
        return self.facts["specimen"] == "yes"

    def version(self, key: int) -> Version:
        """A deployed version, from the cache of the process."""
        self.running = key
        return self._process.version(self.store, key)

    def see_case(self, reference: str) -> Record:
        """A case to read; unknown where the actor may not see its office."""
        case = self.store.case(reference)
        if case is None or not self.actor.sees(case.office_id):
            raise EngineError("unknown_case", reference=reference)
        return case

    # -- locks: the case first, everything else after it --

    def lock_case(self, reference: str) -> Record:
        """Hold a case to the end of the command; unknown where the actor may not see its office."""
        return self._held(self.store.case(reference, lock=True), reference)

    def hold_case(self, key: int) -> Record:
        """Hold a case that another row names."""
        case = self.store.case_by_id(key, lock=True)
        return self._held(case, case.reference)

    def lock_task(self, key: int) -> tuple[Record, Record]:
        """Hold a task's case and read the task after it."""
        found = self.store.task(key, lock=True)
        if found is None or not self.actor.sees(found[1].office_id):
            raise EngineError("unknown_task", task=key)
        self._held(found[1], found[1].reference)
        return found

    def _held(self, case: Record | None, reference: str) -> Record:
        if case is None or not self.actor.sees(case.office_id):
            raise EngineError("unknown_case", reference=reference)
        self.touched = case.id
        # After the lock, and never before the case's last event: a history does not run backwards.
        self.now = max(self._process.clock(), case.last_at)
        if case.settle_at is not None and case.settle_at <= self.now and self.settling is None:
            raise Unsettled(case.id)
        return case

    def awake(self, case: Record) -> None:
        """Refuse where a case is suspended: nothing moves it before it is resumed."""
        if case.status == "suspended":
            since = case.suspended_at.astimezone(self.zone)
            raise EngineError(
                "case_suspended", case=case.reference, since=f"{since:%Y-%m-%d %H:%M}"
            )

    # -- jobs --

    def held_job(self, key: int, lease: int, *, resting: bool = False) -> Record:
        """A job that is still held under this lease; a worker thought dead comes too late.

        One that was given back or put off is held by nobody: to say so again changes nothing. One
        whose case was suspended meanwhile is refused, unless `resting` says that nothing is done
        about it but to keep it.
        """
        row = self.store.one(t.job, id=key)
        if row is None or row.leased_until is None or row.lease != lease:
            raise EngineError("busy")
        if row.status not in ("due", "held"):
            raise EngineError("busy")
        if row.status == "held" and not resting:
            self.awake(self.store.case_by_id(row.case_id))
        return row

    def finish_job(self, key: int, lease: int) -> Record:
        """Mark a job as done, under its lease."""
        return self.settle_job(key, lease, status="completed", leased_until=None)

    def settle_job(
        self, key: int, lease: int, /, *, resting: bool = False, **columns: Any
    ) -> Record:
        """Change a job that is still held when the change is made, not only when it was read."""
        row = self.held_job(key, lease, resting=resting)
        held = {"id": key, "lease": lease, "status": row.status}
        if self.store.change_at(t.job, held, **columns) != 1:
            raise EngineError("busy")
        return row

    # -- history --

    def record(self, case: Record, kind: str, body: Mapping[str, Any], **columns: Any) -> None:
        """Append an event of a declared kind to a case's chain; `columns` are the case's own."""
        seq = case.seq + 1
        whole = {
            "kind": kind, "v": kinds.version(kind), "case": case.reference, "seq": seq,
            "at": self.now, "actor": self.actor.id, "channel": self.by.channel,
            "system_user": self.by.system_user, "build": VERSION, **body,
        }  # fmt: skip
        encoded = chain.encode(whole)
        head = chain.link(case.head, encoded)
        if case.archived_at is not None:
            partitions.room(self.store, case.id)
        self.store.add(
            t.event, case_id=case.id, seq=seq, kind=kind, at=self.now,
            actor_id=self.actor.id, body=encoded, hash=head,
        )  # fmt: skip
        self.store.change(t.case, case.id, seq=seq, head=head, last_at=self.now, **columns)
        told = {"case_id": case.id, "by_id": self.actor.id, "at": self.now}
        self.store.add_all(t.occasion, [row | told for row in occasions.of_event(kind, body)])

    def history(self, case_id: int) -> list[Any]:
        """The events of a case in order, as the table has them; those that were archived are read
        from their file."""
        event = t.event.c
        rows = self.store.rows(t.event, event.case_id == case_id, order=[event.seq], limit=100_000)
        if rows and rows[0].seq == 1:
            return rows
        case = self.store.case_by_id(case_id)
        if case.archived_at is None:
            return rows
        try:
            return [*archives.read(self.files, case), *rows]
        except (OSError, archives.Damaged) as error:
            name = archives.name(case.reference, case.archived_seq)
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise EngineError(
                "history_unreadable", case=case.reference, file=name, reason=reason
            ) from error

    def events(self, case_id: int) -> list[tuple[int, bytes, bytes]]:
        """The events of a case in order, as the chain has them."""
        return [(row.seq, row.body, row.hash) for row in self.history(case_id)]

    # -- personal values --

    def sealer(
        self, case_id: int, person: int | None, indexed: frozenset[str], prefix: str = ""
    ) -> Callable[[str, Any], Sealed]:
        """A function for `Form.seal`: keeps (salt, value) in `personal`, gives the commitment."""

        def seal(name: str, value: Any) -> Sealed:
            name = f"{prefix}/{name}" if prefix else name
            salt, packed = token_bytes(16), pack(value)
            commitment = sha256(salt + name.encode() + b"\0" + packed).digest()
            row = self.store.add(
                t.personal, case_id=case_id, commitment=commitment, person_id=person,
                name=name, salt=salt, value=packed,
            )  # fmt: skip
            if generic(name) in indexed:
                self.index(case_id, name, value, row)
            return Sealed(commitment)

        return seal

    def private(self, case: Record, name: str, text: str) -> Sealed:
        """Keep what a person wrote about a case; it may name people, so it can be erased."""
        return self.sealer(case.id, case.person_id, frozenset())(name, text)

    def index(self, case_id: int, name: str, value: Any, personal: int | None = None) -> None:
        """Write the words by which a case is found."""
        rows = [
            {"case_id": case_id, "name": name, "token": word, "personal_id": personal}
            for word in sorted(tokens(str(value)))
        ]
        self.store.add_all(t.case_field, rows)

    def unseal(self, case_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with each sealed one opened, wherever it stands; one erased is None."""
        wanted = set(commitments(values))
        if not wanted:
            return dict(values)
        kept = self.store.personal(case_id, wanted)
        opened: dict[str, Any] = _opened(values, kept)
        return opened


def _opened(value: Any, kept: Mapping[bytes, bytes]) -> Any:
    match value:
        case Sealed():
            return unpack(kept[value.commitment]) if value.commitment in kept else None
        case dict():
            return {key: _opened(item, kept) for key, item in value.items()}
        case list():
            return [_opened(item, kept) for item in value]
    return value
