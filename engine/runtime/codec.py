"""One document per case: rows of the pruned task tree, never the specification.

A list of rows, parents before children, since SpiffWorkflow's task data is kept as the difference
to the parent; integers for ids; values by engine.runtime.values. The format number comes first: a
reader of the future knows what it reads.
"""

from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.task import Task

from engine.runtime.model import Model
from engine.runtime.values import pack, unpack

FORMAT = 1


def save(workflow: Any, last_id: int) -> bytes:
    """The document of a workflow."""
    rows, order = [], [workflow.task_tree.id]
    for key in order:
        task = workflow.tasks[key]
        order.extend(task._children)
        rows.append(_row(task))
    return pack([FORMAT, last_id, bool(workflow.completed), workflow.data, rows])


def _row(task: Any) -> list[Any]:
    parent = task.parent
    before = parent.data if parent is not None else {}
    changed = {k: v for k, v in task.data.items() if k not in before or before[k] != v}
    gone = [k for k in before if k not in task.data]
    moment = repr(task.last_state_change)
    spec = task.task_spec.name
    return [task.id, task._parent, moment, task._state, spec, task.triggered, changed, gone]


def load(model: Model, document: bytes) -> tuple[Any, int]:
    """The workflow of a document on the shared specification, and the last id given out."""
    number, last_id, completed, data, rows = unpack(document)
    if number != FORMAT:
        raise ValueError(f"state document of format {number}; this program reads {FORMAT}")
    workflow = BpmnWorkflow(model.spec, model.subprocesses, deserializing=True)
    for row in rows:
        _task(workflow, row)
    workflow.task_tree = workflow.tasks[rows[0][0]]
    workflow.data, workflow.completed, workflow.last_task = data, completed, None
    return workflow, last_id


def _task(workflow: Any, row: list[Any]) -> None:
    key, parent, moment, state, spec, triggered, changed, gone = row
    task = Task.__new__(Task)
    task.id, task.workflow, task._parent, task._children = key, workflow, parent, []
    task._state, task.triggered, task.thread_id = state, triggered, 0
    task.task_spec = workflow.spec.task_specs[spec]
    task.internal_data, task.last_state_change = {}, float(moment)
    data = {}
    if parent is not None:
        above = workflow.tasks[parent]
        above._children.append(key)
        data = {k: v for k, v in above.data.items() if k not in gone}
    task.data = data | changed
    workflow.tasks[key] = task
