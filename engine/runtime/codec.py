"""One document per case: rows of the pruned token tree, never the specification.

A list of rows, parents before children, each with what its data changed against its parent's;
integers for ids, and for each scope its `memory`; values by engine.runtime.values, so nothing a citizen types can be taken for a
tag. The format number comes first: a reader of the future knows what it reads.
"""

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.model import Model
from engine.runtime.tokens import Case, Scope
from engine.runtime.values import pack, unpack

FORMAT = 3


def save(case: Any, last_id: int) -> bytes:
    """The document of a case; of one that has ended, only what it ended with."""
    if case.completed:
        return pack([FORMAT, last_id, True, case.data, [], [], {}])
    inner = [
        [key, scope.spec.name, _rows(scope), scope.memory]
        for key, scope in case.subprocesses.items()
    ]
    return pack([FORMAT, last_id, False, {}, _rows(case), inner, case.memory])


def _rows(scope: Any) -> list[Any]:
    rows, order = [], [scope.task_tree.id]
    for key in order:
        task = scope.tasks[key]
        order.extend(task._children)
        rows.append(_row(task))
    return rows


def _row(task: Any) -> list[Any]:
    parent = task.parent
    before = parent.data if parent is not None else {}
    changed = {k: v for k, v in task.data.items() if k not in before or before[k] != v}
    gone = [k for k in before if k not in task.data]
    spec = task.task_spec.name
    return [
        task.id, task._parent, task._state, spec, task.triggered, changed, gone,
        task.internal_data,
    ]  # fmt: skip


def load(model: Model, document: bytes) -> tuple[Any, int]:
    """The case of a document on the shared specification, and the last id given out."""
    _, last_id, completed, data, rows, inner, memory = _read(document)
    case = Case(model.spec, model.scopes, deserializing=True)
    case.data, case.completed = data, completed
    case.memory = memory
    _fill(case, rows)
    for key, spec, below, kept in inner:
        _open(case, key, spec, below).memory = kept
    return case, last_id


def _read(document: bytes) -> list[Any]:
    """A document as this program writes it; one of format 2 knew no memory of scopes."""
    found: list[Any] = unpack(document)
    if found[0] == 2:
        found = [FORMAT, *found[1:5], [[*scope, {}] for scope in found[5]], {}]
    if found[0] != FORMAT:
        raise ValueError(f"state document of format {found[0]}; this program reads {FORMAT}")
    return found


def rewound(before: bytes, after: bytes) -> bytes:
    """An earlier document that goes on giving out ids after those of a later one.

    What was only foreseen in it has taken place since, under the id that was kept for it: it gets a
    new one.
    """
    document, last = _read(before), _read(after)[1]
    below = [rows for _, _, rows, _ in document[5]]
    rows = [row for rows in (document[4], *below) for row in rows]
    fresh: dict[int, int] = {}
    for row in rows:
        if row[2] < TaskState.WAITING:
            fresh[row[0]] = last = last + 1
    for row in rows:
        row[:2] = [fresh.get(key, key) for key in row[:2]]
    document[1] = last
    return pack(document)


def _open(case: Any, key: int, spec: str, rows: list[Any]) -> Any:
    scope = Scope(case.subprocess_specs[spec], key, case, deserializing=True)
    case.subprocesses[key] = scope
    _fill(scope, rows)
    task = case.get_task_from_id(key)
    scope.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return scope


def _fill(scope: Any, rows: list[Any]) -> None:
    for row in rows:
        _task(scope, row)
    if rows:
        scope.task_tree = scope.tasks[rows[0][0]]


def _task(scope: Any, row: list[Any]) -> None:
    key, parent, state, spec, triggered, changed, gone, internal = row
    task = Task.__new__(Task)
    task.id, task.workflow, task._parent, task._children = key, scope, parent, []
    task._state, task.triggered, task.thread_id = state, triggered, 0
    task.task_spec = scope.spec.task_specs[spec]
    task.internal_data, task.last_state_change = internal, 0.0
    data = {}
    if parent is not None:
        above = scope.tasks[parent]
        above._children.append(key)
        data = {k: v for k, v in above.data.items() if k not in gone}
    task.data = data | changed
    scope.tasks[key] = task
