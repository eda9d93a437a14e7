"""The life of one case as a sequential model: what each command answers in each state.

Written from what the pages say, not from the code: `S > (A, B) > T > M > C > E`, where A, B and C
are tasks of a person, T is a timer that is due at once, M a message. It is what a recorded history
of many clients is compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PARALLEL = ("A", "B")
FIELD = "n"


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands; `number` counts how often its element was opened before."""

    number: int = 0
    status: str = "open"
    assignee: str | None = None
    closed_by: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A case; `last` is the task whose completion was the last thing that moved it."""

    status: str = "open"
    tasks: Mapping[str, Task] = field(default_factory=lambda: {key: Task() for key in PARALLEL})
    timers: int = 0
    timer: bool = False
    message: bool = False
    value: int = 1
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A command: its kind, who gave it, the element it names and which of its tasks, and a value.

    `number` of a timer's firing says which of the case's timers.
    """

    kind: str
    actor: str
    element: str = ""
    number: int = 0
    value: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: the code of a refusal, or nothing; the state that it leaves.

    `opened` are the elements of the tasks that it opened; `moved` is false where an event would be
    one too many.
    """

    code: str | None
    state: State
    opened: tuple[str, ...] = ()
    moved: bool = True


def answer(state: State, asked: Asked) -> Answer:
    """What a case in this state answers."""
    return _ANSWERS[asked.kind](state, asked)


def _refused(state: State, code: str) -> Answer:
    return Answer(code, state, moved=False)


def _with(state: State, element: str, task: Task, **more: Any) -> State:
    return replace(state, tasks={**state.tasks, element: task}, **more)


def _open(state: State, asked: Asked) -> tuple[Task | None, str | None]:
    """The open task that is asked for, or why there is none."""
    task = state.tasks.get(asked.element)
    if task is None or asked.number > task.number:
        return None, "unknown_task"
    if asked.number < task.number:  # it was taken back since
        return None, "task_cancelled"
    codes = {"completed": "already_completed", "cancelled": "task_cancelled", "open": None}
    return task, codes[task.status]


def _claim(state: State, asked: Asked) -> Answer:
    task, code = _open(state, asked)
    if task is None or code is not None:
        return _refused(state, str(code))
    if task.assignee == asked.actor:
        return Answer(None, state, moved=False)
    if task.assignee is not None:
        return _refused(state, "already_claimed")
    return Answer(None, _with(state, asked.element, replace(task, assignee=asked.actor)))


def _release(state: State, asked: Asked) -> Answer:
    task, code = _open(state, asked)
    if task is None or code is not None:
        return _refused(state, str(code))
    if task.assignee != asked.actor:
        return _refused(state, "not_yours")
    return Answer(None, _with(state, asked.element, replace(task, assignee=None)))


def _complete(state: State, asked: Asked) -> Answer:
    task, code = _open(state, asked)
    if task is None or code is not None:
        return _refused(state, str(code))
    if task.assignee not in (None, asked.actor):
        return _refused(state, "claimed_by_other")
    done = replace(task, status="completed", closed_by=asked.actor)
    after = _with(state, asked.element, done, last=asked.element)
    if asked.element == "C":
        return Answer(None, replace(after, status="completed"))
    if all(after.tasks[key].status == "completed" for key in PARALLEL):
        after = replace(after, timer=True, timers=state.timers + 1)
    return Answer(None, after)


def _reopen(state: State, asked: Asked) -> Answer:
    task = state.tasks.get(asked.element)
    if task is None or asked.number > task.number:
        return _refused(state, "unknown_task")
    mine = (
        asked.number == task.number and task.status == "completed" and task.closed_by == asked.actor
    )
    if not mine or state.last != asked.element or state.status != "open":
        return _refused(state, "cannot_reopen")
    again = Task(number=task.number + 1)
    return Answer(
        None, _with(state, asked.element, again, timer=False, last=None), (asked.element,)
    )


def _cancel(state: State, asked: Asked) -> Answer:
    if state.status != "open":
        return _refused(state, "case_ended")
    tasks = {
        key: replace(task, status="cancelled") if task.status == "open" else task
        for key, task in state.tasks.items()
    }
    after = replace(state, status="cancelled", tasks=tasks, timer=False, message=False, last=None)
    return Answer(None, after)


def _note(state: State, _asked: Asked) -> Answer:
    return Answer(None, state)


def _rectify(state: State, asked: Asked) -> Answer:
    if state.status != "open":
        return _refused(state, "case_ended")
    return Answer(None, replace(state, value=asked.value, last=None))


def _message(state: State, _asked: Asked) -> Answer:
    if not state.message:
        return _refused(state, "nobody_waits")
    return Answer(None, _with(state, "C", Task(), message=False, last=None), ("C",))


def _fire(state: State, asked: Asked) -> Answer:
    if not state.timer or asked.number != state.timers - 1:
        return _refused(state, "busy")
    return Answer(None, replace(state, timer=False, message=True, last=None))


def _look(state: State, _asked: Asked) -> Answer:
    return Answer(None, state, moved=False)


def shown(state: State) -> tuple[str, tuple[tuple[str, int], ...], int]:
    """What a reader sees of a case: its status, its open tasks, a value."""
    open_ = sorted((key, task.number) for key, task in state.tasks.items() if task.status == "open")
    return state.status, tuple(open_), state.value


_ANSWERS = {
    "claim": _claim, "release": _release, "complete": _complete, "reopen": _reopen,
    "cancel": _cancel, "note": _note, "rectify": _rectify, "message": _message, "fire": _fire,
    "look": _look,
}  # fmt: skip
EVENTS = {
    "claim": "task.claimed", "release": "task.released", "complete": "task.completed",
    "reopen": "task.reopened", "cancel": "case.cancelled", "note": "case.noted",
    "rectify": "case.rectified", "message": "message.received", "fire": "timer.fired",
    "start": "case.started",
}  # fmt: skip
