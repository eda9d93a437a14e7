"""The one way in.

Every change of a case is a command run by `Engine.run`, every question goes through `Engine.read`.
Here, and only here:

* a transaction begins and ends.  A command is whole or not at all: state, tasks, jobs, history and
  numbers are rows of one transaction, and nothing else is ever written before it commits;
* permission is looked up, in one table, before the command runs;
* a lost race is tried again.  Two clerks, two processes, two machines may run the same command: one
  is first, the others find out under the case's lock and are told so;
* a refusal is recorded, in a transaction and a table of its own (names of fields, never values).
  Slips of the pen are not: a mistyped form, an unknown reference;
* a repeated command with the same key is answered as the first time and changes nothing;
* a command can be rehearsed: run to its end, permission and all, and taken back;
* the clock is read.  Everyone else is given the time.

A command is a function `f(tx, …)`. It locks the case first, reads after the lock, and calls only
what `tx` offers. It may call other commands: they run in the same transaction.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from secrets import token_bytes
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from decisions import dmn
from decisions.dmn import Decision
from engine.commands.lines import line
from engine.deployment.findings import DeploymentRefused
from engine.errors import EngineError, mapped
from engine.permissions import RULES, Actor, permitted
from engine.runtime.errors import RuntimeRefusal
from engine.runtime.model import Model
from engine.runtime.values import pack, unpack
from engine.settings import Settings
from engine.store import database, schema, trouble
from engine.store import tables as t
from engine.store.store import Store
from engine.transaction import By, Process, Transaction, Version
from processes.bundle import Bundle

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 5
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
        self._process = Process(clock, settings.files, self._version, self._facts)
        self._kept: Mapping[str, str] = {}
        self._database = database.connect(settings.database)
        self._versions: dict[int, Version] = {}
        try:
            schema.require(self._database)
        except DBAPIError as error:
            raise EngineError("database_unreachable", reason=type(error.orig).__name__) from error

    def close(self) -> None:
        """Give the connections back."""
        self._database.dispose()

    def run(
        self, by: By, command: Callable[Concatenate[Transaction, P], R],
        *args: P.args, **kwargs: P.kwargs,
    ) -> R:  # fmt: skip
        """Run a command, whole or not at all; raises EngineError where it is refused."""
        return self._tried(by, command, args, kwargs, keeps=True)

    def rehearse(
        self, by: By, command: Callable[Concatenate[Transaction, P], R],
        *args: P.args, **kwargs: P.kwargs,
    ) -> R:  # fmt: skip
        """Run a command as `run` would, and take all of it back: a refusal is told, not recorded.

        A key is not looked at: a rehearsal is no repetition.
        """
        return self._tried(replace(by, key=None), command, args, kwargs, keeps=False)

    def _tried(
        self, by: By, command: Callable[..., R], args: Any, kwargs: Any, *, keeps: bool
    ) -> R:
        for _ in range(ATTEMPTS):
            begun: list[Transaction] = []
            try:
                with self._begin(writes=True, keeps=keeps) as connection:
                    result: R = self._command(connection, begun, by, command, args, kwargs)
                return result
            except DBAPIError as error:
                if not database.lost_race(error):
                    raise _database_error(error) from error
                last = error
            except Exception as error:
                refusal = _refusal(error)
                if refusal is None:
                    raise
                if keeps:
                    self._reject(by, _name(command), begun, refusal)
                raise refusal from error
        raise EngineError("busy") from last

    def read(
        self, by: By, question: Callable[Concatenate[Transaction, P], R],
        *args: P.args, **kwargs: P.kwargs,
    ) -> R:  # fmt: skip
        """Answer a question; nothing is changed.  The only door to personal data."""
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
        try:
            with begin() as connection:
                tx = self._transaction(connection, by, _name(question))
                return question(tx, *args, **kwargs)
        except DBAPIError as error:
            raise _database_error(error) from error
        except Exception as error:
            refusal = _refusal(error)
            if refusal is None or refusal is error:
                raise
            raise refusal from error

    @contextmanager
    def _begin(
        self, *, writes: bool, steady: bool = False, keeps: bool = True
    ) -> Iterator[Connection]:
        with self._database.connect() as connection:
            if steady:
                database.steady(connection)
            if writes:
                database.writing(connection)
            with connection.begin() as transaction:
                yield connection
                if not (writes and keeps):
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

    def _command(
        self,
        connection: Connection,
        begun: list[Transaction],
        by: By,
        command: Any,
        args: Any,
        kwargs: Any,
    ) -> Any:
        name = _name(command)
        tx = self._transaction(connection, by, name)
        begun.append(tx)
        arguments = None
        if by.key is not None:
            line("key", by.key, LONGEST_KEY)
            arguments = _canonical(name, args, kwargs)
            first = tx.store.one(t.answer, actor_id=tx.actor.id, key=by.key)
            if first is not None:
                if sha256(first.salt + arguments).digest() != first.arguments:
                    raise EngineError("key_reused")
                return get_type_hints(command)["return"](**unpack(first.result))
        result = command(tx, *args, **kwargs)
        if arguments is not None:
            salt = token_bytes(16)
            tx.store.add(
                t.answer, actor_id=tx.actor.id, case_id=tx.touched, key=by.key, command=name,
                salt=salt,
                arguments=sha256(salt + arguments).digest(), result=pack(asdict(result)), at=tx.now,
            )  # fmt: skip
        return result

    def _reject(self, by: By, command: str, begun: list[Transaction], error: EngineError) -> None:
        """Record a refusal in a transaction of its own; a fault of the model is an incident too."""
        if error.code in _SLIPS:
            return
        tx = begun[0] if begun else None
        with self._begin(writes=True) as connection:
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
                row.id, row.procedure, row.number, row.digest, bundle, model
            )
        return self._versions[key]

    def _facts(self, store: Store) -> Mapping[str, str]:
        """What the database is does not change once it was founded."""
        if "founded" not in self._kept:
            self._kept = {row.name: row.value for row in store.rows(t.installation)}
        return self._kept


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


def _database_error(error: DBAPIError) -> Exception:
    if database.disk_full(error):
        return EngineError("disk_full", reason=str(error.orig))
    if error.connection_invalidated:
        return EngineError("database_unreachable", reason=type(error.orig).__name__)
    return error
