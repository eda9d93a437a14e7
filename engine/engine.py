"""The one way in.

Every change of a case is a command run by `Engine.run`, every question goes through `Engine.read`.
Here, and only here:

* a transaction begins and ends.  A command is whole or not at all: state, tasks, jobs, history and
  numbers are rows of one transaction, and nothing else is ever written before it commits;
* permission is looked up, in one table, before the command runs;
* a lost race is tried again.  Two clerks, two processes, two machines may run the same command: one
  is first, the others find out under the case's lock and are told so;
* a lost connection is tried again for a while, for before its commit a command has written nothing.
  A commit whose answer is lost is repeated only with a key; without one, it is said that nobody
  knows (`engine/store/faults.py`);
* a refusal is recorded, in a transaction and a table of its own (names of fields, never values).
  Slips of the pen are not: a mistyped form, an unknown reference; nor is a disk without room;
* a clock of the law that has run out is settled before anything else is done with its case;
* a repeated command with the same key is answered as the first time and changes nothing;
* a command can be rehearsed: run to its end, permission and all, and taken back;
* the clock is read.  Everyone else is given the time.

A command is a function `f(tx, …)`. It locks the case first, reads after the lock, and calls only
what `tx` offers. It may call other commands: they run in the same transaction.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from secrets import token_bytes
from typing import Any, Concatenate, ParamSpec, TypeVar, cast, get_type_hints

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from decisions import dmn
from decisions.dmn import Decision
from engine.commands import clocks
from engine.commands.lines import line
from engine.deployment import clocks as law
from engine.deployment.findings import DeploymentRefused
from engine.errors import EngineError, Kind, mapped
from engine.permissions import MAY_BE_OLD, RULES, Actor, permitted
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.model import Model
from engine.runtime.values import pack, unpack
from engine.settings import Settings
from engine.store import database, faults, schema, trouble
from engine.store import tables as t
from engine.store.calendars import Books
from engine.store.faults import FAULTS, Tries, Uncertain
from engine.store.replicas import Behind, Replica
from engine.store.store import Store
from engine.transaction import By, Process, Transaction, Unsettled, Version
from processes.bundle import Bundle

P = ParamSpec("P")
R = TypeVar("R")

ANSWERS_KEPT = timedelta(days=30)
LONGEST_KEY = 120
# A slip of the pen is not a refused act.
_SLIPS = frozenset({"form_invalid", "unknown_case", "unknown_task", "bad_cursor"})


def present() -> datetime:
    """What the machine's clock says: read here and nowhere else, given to whoever needs it."""
    return datetime.now(UTC)


class Engine:
    """A database at the right schema, ready to run commands and answer questions."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = present) -> None:
        self.settings = settings
        self._clock = clock
        self._process = Process(
            clock, settings.files, self._version, self._facts, Books()
        )  # fmt: skip
        self._kept: Mapping[str, str] = {}
        self._database = database.connect(settings.database, database.Limits.of(settings))
        self._versions: dict[int, Version] = {}
        try:
            schema.require(self._database)
        except DBAPIError as error:
            raise faults.unreachable(error) from error
        self._replica = Replica(settings, self._database) if settings.database_replica else None

    def close(self) -> None:
        """Give the connections back."""
        self._database.dispose()
        if self._replica is not None:
            self._replica.close()

    def run(
        self, by: By, command: Callable[Concatenate[Transaction, P], R],
        *args: P.args, **kwargs: P.kwargs,
    ) -> R:  # fmt: skip
        """Run a command, whole or not at all; raises EngineError where it is refused."""
        tries = Tries(self.settings.database_retry_seconds, repeatable=by.key is not None)
        while True:
            try:
                return self._attempt(by, command, args, kwargs)
            except Unsettled as found:
                self._settle(found.case)
            except FAULTS as fault:
                tries.again(fault)
            finally:
                if self._replica is not None:
                    self._replica.wrote(by.actor)

    def rehearse(
        self, by: By, command: Callable[Concatenate[Transaction, P], R],
        *args: P.args, **kwargs: P.kwargs,
    ) -> R:  # fmt: skip
        """Run a command as `run` would, and take all of it back: a refusal is told, not recorded.

        A key is not looked at: a rehearsal is no repetition.
        """
        return self._asked(
            partial(self._begin, writes=True, keeps=False), by, command, args, kwargs
        )

    def read(
        self, by: By, question: Callable[Concatenate[Transaction, P], R],
        *args: P.args, **kwargs: P.kwargs,
    ) -> R:  # fmt: skip
        """Answer a question; nothing is changed.  The only door to personal data.

        A question that may be answered a little late goes to the copy, where there is one.
        """
        if self._replica is not None and _name(question) in MAY_BE_OLD:
            answer = self._copied(self._replica, by, question, args, kwargs)
            if answer is not None:
                return answer[0]
        return self._asked(partial(self._begin, writes=False), by, question, args, kwargs)

    def survey(
        self, by: By, question: Callable[Concatenate[Transaction, P], R],
        *args: P.args, **kwargs: P.kwargs,
    ) -> R:  # fmt: skip
        """Answer a question that asks much: all that it reads is of one moment, while others write.

        It holds nobody up; but a database keeps what it shows until it has ended.
        """
        return self._asked(
            partial(self._begin, writes=False, steady=True), by, question, args, kwargs
        )

    def _asked(
        self, begin: Callable[[], AbstractContextManager[Connection]], by: By,
        question: Callable[..., R], args: Any, kwargs: Any,
    ) -> R:  # fmt: skip
        tries = Tries(self.settings.database_retry_seconds, repeatable=True)
        while True:
            try:
                with begin() as connection:
                    tx = self._transaction(connection, by, _name(question))
                    return question(tx, *args, **kwargs)
            except Unsettled as found:  # only a rehearsal holds a case
                self._settle(found.case)
            except FAULTS as fault:
                tries.again(fault)
            except Exception as error:
                refusal = _refusal(error)
                if refusal is None or refusal is error:
                    raise
                raise refusal from error

    def _copied(
        self, replica: Replica, by: By, question: Callable[..., R], args: Any, kwargs: Any
    ) -> tuple[R] | None:
        """The answer of the copy; None where it must not, or cannot, give one.

        It refuses nothing: it may not know yet what the primary knows.
        """
        try:
            with replica.reading(by.actor) as connection:
                tx = self._transaction(connection, by, _name(question))
                return (question(tx, *args, **kwargs),)
        except Behind:
            return None
        except Exception as error:
            if _refusal(error) is None and not isinstance(error, FAULTS):
                raise
            return None

    @contextmanager
    def _begin(
        self, *, writes: bool, steady: bool = False, keeps: bool = True
    ) -> Iterator[Connection]:
        with self._database.connect() as connection:
            if steady:
                database.steady(connection)
            if writes:
                database.writing(connection)
            with faults.committing(connection) as reached, connection.begin() as transaction:
                if steady:
                    database.patient(connection, self.settings.database_survey_seconds)
                yield connection
                if writes and keeps:
                    reached()
                else:
                    transaction.rollback()

    def _transaction(self, connection: Connection, by: By, command: str) -> Transaction:
        store = Store(connection)
        found = store.actor(by.actor)
        if found is None:
            raise EngineError("unknown_actor", login=by.actor)
        row, grants = found
        if row.disabled_at is not None:
            raise EngineError("actor_disabled", login=by.actor)
        actor = Actor(row.id, row.login, row.kind, grants)
        if not permitted(actor, command):
            roles = ", ".join(sorted(RULES[command]))
            raise EngineError("not_permitted", login=by.actor, command=command, roles=roles)
        return Transaction(by, actor, store, self._process)

    def _attempt(self, by: By, command: Callable[..., R], args: Any, kwargs: Any) -> R:
        """Run a command once, in one transaction; a refusal is recorded in another."""
        begun: list[Transaction] = []
        try:
            with self._begin(writes=True) as connection:
                return self._command(connection, begun, by, command, args, kwargs)
        except (*FAULTS, Unsettled):
            raise
        except Exception as error:
            refusal = _refusal(error)
            if refusal is None:
                raise
            # Its twin may have done it meanwhile, which is then why this one is refused.
            answer = self._answered(by, command, args, kwargs)
            if answer is not None:
                return answer
            self._reject(by, _name(command), begun, refusal)
            raise refusal from error

    def _settle(self, case: int) -> None:
        """What the law's clocks of a case have to say comes before whatever is done with it."""
        self.run(By("system", channel="clock"), clocks.settle, case)

    def _command(
        self, connection: Connection, begun: list[Transaction], by: By, command: Callable[..., R],
        args: Any, kwargs: Any,
    ) -> R:  # fmt: skip
        name = _name(command)
        tx = self._transaction(connection, by, name)
        begun.append(tx)
        if by.key is None:
            return command(tx, *args, **kwargs)
        arguments = _canonical(name, args, kwargs)
        answer = _kept(tx, by.key, command, arguments)
        if answer is not None:
            faults.confirm(connection)
            return answer
        result: Any = command(tx, *args, **kwargs)
        salt = token_bytes(16)
        tx.store.add(
            t.answer, actor_id=tx.actor.id, case_id=tx.touched, key=by.key, command=name, salt=salt,
            arguments=sha256(salt + arguments).digest(), result=pack(asdict(result)), at=tx.now,
        )  # fmt: skip
        return cast(R, result)

    def _answered(self, by: By, command: Callable[..., R], args: Any, kwargs: Any) -> R | None:
        """What a command with this key has answered already; None where it has not, or may not."""
        if by.key is None:
            return None
        name = _name(command)
        try:
            with self._begin(writes=True) as connection:
                tx = self._transaction(connection, by, name)
                answer = _kept(tx, by.key, command, _canonical(name, args, kwargs))
                if answer is not None:
                    faults.confirm(connection)
                return answer
        except EngineError:
            return None

    def _reject(self, by: By, command: str, begun: list[Transaction], error: EngineError) -> None:
        """Record a refusal in a transaction of its own; a fault of the model is an incident too."""
        if error.code in _SLIPS or error.kind is Kind.UNAVAILABLE:
            return
        tx = begun[0] if begun else None
        # Where the answer of this commit is lost, the command is refused all the same.
        with suppress(Uncertain), self._begin(writes=True) as connection:
            store, at = Store(connection), self._clock()
            case = trouble.standing(store, tx.touched if tx else None)
            trouble.rejected(
                store, at=at, actor=by.actor, channel=by.channel, command=command, case=case,
                kind=error.kind.value, code=error.code, fields=error.fields,
            )  # fmt: skip
            if error.code == "model_failed" and tx is not None and tx.running is not None:
                trouble.failed(
                    store, at=at, version=tx.running, case=case,
                    element=str(error.details["element"]), reason=str(error.details["reason"]),
                )  # fmt: skip

    def _version(self, store: Store, key: int) -> Version:
        """Deployed versions never change, so the process keeps what it has read."""
        if key not in self._versions:
            row = store.one(t.version, id=key)
            if row is None:
                raise EngineError("unknown_version", version=key, procedure="?")
            bundle = Bundle.unzip(row.bundle)
            model = Model.read(row.model, decisions(bundle), facts=bundle.procedure.facts)
            self._versions[key] = Version(
                row.id, row.procedure, row.number, row.digest, bundle, model,
                law.clocks(bundle),
            )  # fmt: skip
        return self._versions[key]

    def _facts(self, store: Store) -> Mapping[str, str]:
        """What the database is does not change once it was founded."""
        if "founded" not in self._kept:
            self._kept = {row.name: row.value for row in store.rows(t.installation)}
        return self._kept


def _kept(tx: Transaction, key: str, command: Callable[..., R], arguments: bytes) -> R | None:
    """What the same command with the same key answered; refused where it was another one."""
    line("key", key, LONGEST_KEY)
    first = tx.store.one(t.answer, actor_id=tx.actor.id, key=key)
    if first is None:
        return None
    if sha256(first.salt + arguments).digest() != first.arguments:
        raise EngineError("key_reused")
    return cast(R, get_type_hints(command)["return"](**unpack(first.result)))


def decisions(bundle: Bundle) -> dict[str, Decision]:
    """Every decision of a bundle's tables, by its id."""
    found: dict[str, Decision] = {}
    for name in sorted(bundle.files):
        if name.endswith(".dmn"):
            found |= dmn.among(bundle.files, name).decisions
    return found


def _name(command: Any) -> str:
    """The command's word in the table of permissions: "tasks.complete"."""
    return f"{command.__module__.rsplit('.', 1)[-1]}.{command.__name__}"


def _canonical(name: str, args: Any, kwargs: Any) -> bytes:
    def plain(value: Any) -> str:
        return value.digest if isinstance(value, Bundle) else repr(value)

    return json.dumps([name, args, kwargs], sort_keys=True, default=plain).encode()


def _refusal(error: Exception) -> EngineError | None:
    if isinstance(error, DeploymentRefused):
        rows = [asdict(finding) for finding in error.findings]
        return EngineError(
            "deployment_refused", procedure=error.procedure, count=len(rows), findings=rows
        )
    if isinstance(error, RuntimeRefusal):
        return EngineError("model_failed", element=error.element, reason=error.reason)
    return mapped(error)
