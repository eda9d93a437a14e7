"""Forgetting what execution no longer needs, after every command.

SpiffWorkflow keeps every task a case ever had and searches them all; a case that loops gets slower
each turn and freezes at depth 1,000. Only unfinished tasks, the parents they take their data from,
and the places where kept branches part can still matter: the rest goes, and the tree is contracted
over the holes.
"""

from typing import Any

from SpiffWorkflow.util.task import TaskState


def prune(scope: Any) -> None:
    """Keep the unfinished tasks of a scope, their parents and their branching points."""
    tasks = scope.tasks
    needed = {t.id for t in tasks.values() if t._state & TaskState.NOT_FINISHED_MASK}
    if not needed:
        return
    needed |= {tasks[key]._parent for key in needed if tasks[key]._parent in tasks}
    kept = _contracted(scope, needed)
    root = next(key for key, (parent, _) in kept.items() if parent is None)
    for key, (parent, children) in kept.items():
        tasks[key]._parent, tasks[key]._children = parent, children
    scope.tasks = {key: task for key, task in tasks.items() if key in kept}
    scope.task_tree = tasks[root]
    scope.last_task = None


def _contracted(scope: Any, needed: set[int]) -> dict[int, tuple[int | None, list[int]]]:
    """Each kept task's new parent and children: needed ones, and where kept branches meet."""
    tasks = scope.tasks
    order = [scope.task_tree.id]
    for key in order:
        order.extend(tasks[key]._children)
    fronts: dict[int, list[int]] = {}
    children: dict[int, list[int]] = {}
    for key in reversed(order):
        front = [leaf for child in tasks[key]._children for leaf in fronts.pop(child)]
        if key in needed or len(front) > 1:
            children[key], front = front, [key]
        fronts[key] = front
    parents = {child: key for key, below in children.items() for child in below}
    return {key: (parents.get(key), children[key]) for key in order if key in children}
