"""Calling outside operations: outside any transaction, the answer brought back as a command.

The job says what to call and with what. Its inputs are opened, the call is made under a limit of
time that the lease outlives, and whatever comes of it is told: a result, a business error, or why
there was no answer. What another worker may have done before it died is called again only where the
other side knows it by its key.
"""

from collections.abc import Mapping
from typing import Any

from engine.commands import beginnings, jobs, operations
from engine.commands.operations import Asked
from engine.engine import Engine
from engine.errors import EngineError
from engine.operations.operation import Call, Operation, Paper, Pending, Unanswered
from engine.operations.registry import OPERATIONS
from engine.runtime.errors import BusinessError
from engine.runtime.values import pack
from engine.settings import Settings, SettingsError
from engine.transaction import By

_SYSTEM = By("system", channel="worker")
_SHARE_OF_LEASE = 0.8
_NO_BEGINNING = frozenset(
    {"bad_value", "erased", "unknown_office", "unknown_procedure", "withdrawn"}
)
_UNTOLD = "an earlier attempt ended without a word: see whether it was done, then try again"


class PutOff(Exception):
    """A call got no answer and was given back under its operation's own policy: all is noted."""

    def __init__(self, incident: bool) -> None:
        super().__init__()
        self.incident = incident


def call(engine: Engine, job: jobs.Job) -> None:
    """Make the call of a job and hand in what came of it."""
    try:
        asked = engine.read(_SYSTEM, operations.material, job.id, job.lease)
        reply = asked.reply or _reply(engine, job, asked)
    except Unanswered as error:
        _put_off(engine, job, error)
    except Pending as wait:
        held = job.id, job.lease
        engine.run(_SYSTEM, operations.pending, *held, wait.after, wait.until, wait.kept)
        raise PutOff(incident=False) from wait
    except EngineError as error:
        if error.code != "erased":
            raise
        _put_off(engine, job, Unanswered(str(error), hopeless=True))
    else:
        _hand_in(engine, job, reply)


def open_case(engine: Engine, job: jobs.Job) -> None:
    """Begin the case that another asks for; what no repetition mends is an incident at once."""
    try:
        engine.run(_SYSTEM, beginnings.begin, job.id, job.lease)
    except EngineError as error:
        if error.code not in _NO_BEGINNING:
            raise
        _put_off(engine, job, Unanswered(str(error), hopeless=True))


def _reply(engine: Engine, job: jobs.Job, asked: Asked) -> dict[str, Any]:
    """What the operation answers: `{"result": …}` or `{"code": …}`; raises Unanswered."""
    operation = OPERATIONS.get(asked.operation)
    if operation is None or operation.call is None:
        raise Unanswered(f"no operation {asked.operation} is installed", hopeless=True)
    repeats = operation.repeats(engine.settings)
    if asked.untold and not repeats:
        raise Unanswered(_UNTOLD, hopeless=True)
    _ready(engine.settings, operation, asked)
    if not repeats:
        engine.run(_SYSTEM, operations.begun, job.id, job.lease)
    try:
        result = operation.call(_call(engine, operation, asked))
    except BusinessError as error:
        if error.code not in operation.errors:
            raise Unanswered(f"{operation.name} does not declare {error.code}") from error
        return {"code": error.code}
    except Unanswered as error:
        # Not known to the other side by its key: a repetition could be a second one.
        error.hopeless = error.hopeless or (error.perhaps_done and not repeats)
        raise
    return {"result": _fitting(operation, result, repeats=repeats)}


def _ready(settings: Settings, operation: Operation, asked: Asked) -> None:
    """Whether settings and inputs are complete; a person must mend them where they are not."""
    try:
        missing = operation.check_config(settings)
    except SettingsError as error:
        raise Unanswered(str(error), hopeless=True) from error
    if missing:
        reason = f"the settings lack {', '.join(missing)} for {operation.name}"
        raise Unanswered(reason, hopeless=True)
    if wrong := list(operation.takes.misfits(asked.inputs)):
        reason = f"the inputs of {operation.name} do not fit: {'; '.join(wrong)}"
        raise Unanswered(reason, hopeless=True)


def _call(engine: Engine, operation: Operation, asked: Asked) -> Call:
    settings = engine.settings

    def secret(name: str, host: str) -> str:
        found = settings.secrets().get(name)
        if found is None:
            raise Unanswered(f"the settings hold no secret {name}", hopeless=True)
        if host not in found.hosts:
            raise Unanswered(f"the secret {name} is not for {host}", hopeless=True)
        return found.value

    def paper(key: str) -> Paper:
        try:
            return engine.read(_SYSTEM, operations.paper, asked.case, key)
        except EngineError as error:
            raise Unanswered(str(error)) from error

    timeout = min(operation.retry.timeout, settings.lease_seconds * _SHARE_OF_LEASE)
    return Call(
        asked.inputs, asked.key, asked.now, timeout, settings, secret, paper, asked.order,
        asked.since, asked.kept,
    )  # fmt: skip


def _fitting(operation: Operation, result: Mapping[str, Any], *, repeats: bool) -> dict[str, Any]:
    """A result as the operation declares it; one that does not fit is no answer."""
    values = dict(result)
    wrong = list(operation.gives.misfits(values))
    if not wrong:
        try:
            pack(values)
        except (TypeError, ValueError) as error:
            wrong = [type(error).__name__]
    if wrong:
        reason = f"the answer of {operation.name} does not fit: {'; '.join(wrong)}"
        raise Unanswered(reason, perhaps_done=True, hopeless=not repeats)
    return values


def _hand_in(engine: Engine, job: jobs.Job, reply: dict[str, Any]) -> None:
    """Bring an answer back. A case that cannot take it keeps it for when a person tries again."""
    try:
        if "code" in reply:
            engine.run(_SYSTEM, operations.failed, reply["code"], job.id, job.lease)
        else:
            engine.run(_SYSTEM, operations.answered, reply["result"], job.id, job.lease)
    except EngineError as error:
        if error.code != "model_failed":
            raise
        _put_off(engine, job, Unanswered(str(error), hopeless=True), reply)


def _put_off(
    engine: Engine, job: jobs.Job, error: Unanswered, reply: dict[str, Any] | None = None
) -> None:
    raised = engine.run(
        _SYSTEM, operations.put_off, job.id, job.lease, error.reason, after=error.after,
        hopeless=error.hopeless, reply=reply,
    )  # fmt: skip
    raise PutOff(raised)
