"""Operations that other packages bring, by entry points of the group `mouqataa.operations`.

Each entry point names one `Operation`, under the operation's own name. It is outside: code from
elsewhere runs in no transaction. One that cannot be used is refused with its package; nothing runs
while a house does not know what its models would call.
"""

import re
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from engine.errors import EngineError
from engine.operations.operation import Operation

GROUP = "mouqataa.operations"
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def found(shipped: Mapping[str, Operation]) -> dict[str, Operation]:
    """Every operation of installed packages; raises EngineError `plugin_refused`."""
    operations: dict[str, Operation] = {}
    for point in entry_points(group=GROUP):
        if point.name in operations:
            raise _refused(point, "another package brings an operation of this name")
        operations[point.name] = _read(point, shipped)
    return operations


def _read(point: EntryPoint, shipped: Mapping[str, Operation]) -> Operation:
    if point.name in shipped:
        raise _refused(point, "Mouqataa ships an operation of this name")
    if _NAME.fullmatch(point.name) is None:
        raise _refused(point, "a name is two words in small letters with a dot between them")
    try:
        operation = point.load()
    except Exception as error:
        raise _refused(point, f"it cannot be loaded ({type(error).__name__})") from error
    if not isinstance(operation, Operation) or operation.name != point.name:
        raise _refused(point, "it is no Operation of this name")
    if operation.inside or operation.call is None:
        raise _refused(point, "it is no outside operation")
    return operation


def _refused(point: EntryPoint, reason: str) -> EngineError:
    package = point.dist.name if point.dist else point.value
    return EngineError("plugin_refused", operation=point.name, package=package, reason=reason)
