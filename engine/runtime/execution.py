"""Running a case: bytes in, a `Step` out.

Each function loads one document, runs, prunes and saves one document. It knows no database and
keeps nothing: whatever raises leaves the caller with the bytes it came with.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.runtime import (
    adhoc,
    catching,
    codec,
    looking,
    migrating,
    moving,
)
from engine.runtime.activities import OperationTask
from engine.runtime.advancing import advance, left, named, run
from engine.runtime.command import Command, running
from engine.runtime.errors import ModelError, TaskNotOpen
from engine.runtime.evaluating import element_of
from engine.runtime.events import Catch, begin_at
from engine.runtime.looking import View
from engine.runtime.model import Model
from engine.runtime.pruning import prune
from engine.runtime.tokens import Case, active, find, scopes, sweep
from engine.runtime.world import Step, Wait, World

# At DEBUG these dump all the data of a case.
for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.ERROR)

LARGEST_STATE = 1_000_000


def start(model: Model, data: Mapping[str, Any], world: World, at: str | None = None) -> Step:
    """Begin a case with these values, at one of the model's `starts`.

    Without `at`: at the start event without an event, else at the only one.
    """
    command = Command(world, model, 0)
    with running(command):
        case = Case(model.spec, model.scopes)
        case.task_tree.data = dict(data)
        begin_at(case, at)
        return _finished(command, case, frozenset())


def complete(
    model: Model, state: bytes, token: int, values: Mapping[str, Any], world: World
) -> Step:
    """Complete a person's task with these values and go on."""

    def move(task: Any) -> None:
        task.data = {**task.data, **values}
        run(command, task)

    command = Command(world, model, 0)
    return _moved(command, state, token, "task", move)


def answer(model: Model, state: bytes, token: int, result: Any, world: World) -> Step:
    """Take what an outside operation gave and go on."""

    def move(task: Any) -> None:
        task.task_spec.keep(task, result)
        task.complete()
        left(command, task)

    command = Command(world, model, 0)
    return _moved(command, state, token, "operation", move)


def fail(model: Model, state: bytes, token: int, code: str, message: str, world: World) -> Step:
    """Take an outside operation's business error: to the boundary event that catches it."""
    command = Command(world, model, 0)
    throw = catching.throw
    return _moved(command, state, token, "operation", lambda task: throw(task, code, message))


def catches(model: Model, state: bytes, token: int, code: str) -> bool:
    """Whether a boundary event catches this error of what a token waits for."""
    case, _ = codec.load(model, state)
    task = find(case, token)
    return task is not None and catching.catching(task, code) is not None


def fire(model: Model, state: bytes, token: int, world: World) -> Step:
    """A timer is due."""
    command = Command(world, model, 0)
    return _moved(command, state, token, "timer", lambda task: task.task_spec.fire(task, {}))


def reach(model: Model, state: bytes, token: int, world: World) -> Step:
    """A clock of the law has come to its end, or to the reminder that a token waits for."""
    command = Command(world, model, 0)
    return _moved(command, state, token, "clock", lambda task: task.task_spec.fire(task, {}))


def receive(
    model: Model, state: bytes, token: int, payload: Mapping[str, Any], world: World
) -> Step:
    """A message has come for a waiting token."""
    command = Command(world, model, 0)
    given = dict(payload)
    return _moved(command, state, token, "message", lambda task: task.task_spec.fire(task, given))


def signal(
    model: Model, state: bytes, token: int, payload: Mapping[str, Any], world: World
) -> Step:
    """A signal of another case has come for a waiting token."""
    command = Command(world, model, 0)
    given = dict(payload)
    return _moved(command, state, token, "signal", lambda task: task.task_spec.fire(task, given))


def choose(model: Model, state: bytes, token: int, world: World) -> Step:
    """Begin an activity that an ad-hoc subprocess offers."""
    command = Command(world, model, 0)
    return _moved(command, state, token, "offer", lambda task: task.task_spec.take(task))


def leave(model: Model, state: bytes, token: int, world: World) -> Step:
    """End the ad-hoc subprocess that offers this activity, where no condition does."""
    return _moved(Command(world, model, 0), state, token, "offer", adhoc.leave)


def rectify(model: Model, state: bytes, name: str, value: Any, world: World) -> Step:
    """Put another value into a variable, in every branch that holds it."""
    case, last = codec.load(model, state)
    command = Command(world, model, last)
    with running(command):
        before = looking.waits(case)
        for scope in scopes(case):
            for task in scope.tasks.values():
                if name in task.data:
                    task.data = {**task.data, name: value}
        return _finished(command, case, before)


def resume(model: Model, state: bytes, since: datetime, world: World) -> Step:
    """Go on after a suspension: what delays had left then, they have left now."""
    case, last = codec.load(model, state)
    command = Command(world, model, last)
    with running(command):
        before = looking.waits(case)
        for task in active(case):
            if isinstance(task.task_spec, Catch):
                task.task_spec.put_off(task, since, world.now - since)
        return looking.step(command, case, before, looking.waits(case), looking.data(case), None)


def move(model: Model, state: bytes, token: int, to: str, world: World) -> Step:
    """Put a token before another element of its level; raises Immovable."""
    case, last = codec.load(model, state)
    command = Command(world, model, last)
    with running(command):
        before = looking.waits(case)
        moving.move(case, model, token, to)
        return _finished(command, case, before)


def holder(model: Model, state: bytes, source: str) -> tuple[int, str]:
    """The token that waits at an element, or that has this number, and the element.

    Raises Immovable where there is none, or several.
    """
    case, _ = codec.load(model, state)
    return moving.holder(case, source)


def cancel(model: Model, state: bytes, world: World) -> Step:
    """End a case before its time."""
    case, last = codec.load(model, state)
    command = Command(world, model, last)
    with running(command):
        before, data = looking.waits(case), looking.data(case)
        case.completed, case.data = True, data
        case.subprocesses.clear()
        return looking.step(command, case, before, frozenset(), data, "cancelled")


def restore(
    model: Model, before: bytes, state: bytes, world: World, now: Model | None = None
) -> Step:
    """Go back to an earlier document of the case; ids that were given since are not given again.

    `now`: the model on which the case runs today, where it was another one then.
    """
    today, _ = codec.load(now or model, state)
    case, last = codec.load(model, codec.rewound(before, state))
    command = Command(world, model, last)
    with running(command):
        then = looking.waits(case)
        back = looking.step(command, case, looking.waits(today), then, looking.data(case), None)
    return _going_on(back) if now is not None else back


def migrate(old: Model, new: Model, renamed: Mapping[str, str], state: bytes, world: World) -> Step:
    """Let a case go on from where it is on another version of its model; raises Unmigratable."""
    between = migrating.checked(old, new, renamed)
    before = look(old, state).waits
    command = Command(world, new, 0)
    with running(command):
        return _going_on(_finished(command, migrating.converted(command, between, state), before))


def _going_on(step: Step) -> Step:
    """Tell apart what ended and began from what only bears another element's id."""
    now = {replace(wait, element=""): wait for wait in step.opened}
    found = [(was, now.get(replace(was, element=""))) for was in step.closed]
    kept = tuple((was, wait) for was, wait in found if wait is not None)
    gone, come = {was for was, _ in kept}, {wait for _, wait in kept}
    return replace(
        step, renamed=kept, opened=tuple(wait for wait in step.opened if wait not in come),
        closed=tuple(wait for wait in step.closed if wait not in gone),
    )  # fmt: skip


def look(model: Model, state: bytes) -> View:
    """The waits and the values of a stored case."""
    case, _ = codec.load(model, state)
    return View(looking.waits(case), looking.data(case), case.completed)


def _moved(
    command: Command, state: bytes, token: int, kind: str, move: Callable[[Any], None]
) -> Step:
    case, command.last = codec.load(command.model, state)
    with running(command):
        before = looking.waits(case)
        task = find(case, token)
        if task is None or not any(w.token == token and w.kind == kind for w in before):
            raise TaskNotOpen(str(token), "the token no longer waits for this")
        with named(task):
            move(task)
        return _finished(command, case, before)


def _finished(command: Command, case: Any, before: frozenset[Wait]) -> Step:
    advance(command, case)
    sweep(case)
    after, data = looking.waits(case), looking.data(case)
    if not case.completed:
        if not after:
            stuck = ", ".join(sorted({element_of(task) for task in active(case)}))
            raise ModelError(stuck, "the case would wait for nothing: tokens that never meet")
        for scope in scopes(case):
            prune(scope)
    ended = "completed" if case.completed else None
    done = looking.step(command, case, before, after, data, ended)
    if len(done.state) > LARGEST_STATE:
        raise ModelError("", f"the case would hold more than {LARGEST_STATE} bytes")
    return done


__all__ = [
    "Catch", "OperationTask", "Step", "View", "Wait", "answer", "cancel", "catches", "choose",
    "complete", "fail", "fire", "holder", "leave", "look", "migrate", "move", "reach", "receive",
    "rectify", "restore", "resume", "signal", "start",
]  # fmt: skip
