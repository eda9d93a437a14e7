"""What execution itself can refuse; the engine gives it the words of engine.errors."""


class RuntimeRefusal(Exception):
    """The step cannot be taken; the command is refused whole and the loaded case thrown away."""

    def __init__(self, element: str, reason: str) -> None:
        super().__init__(f"{element}: {reason}")
        self.element = element
        self.reason = reason
        self.done: tuple[str, ...] = ()


class TaskNotOpen(RuntimeRefusal):
    """The token is unknown or no longer waits: running it would break the token flow."""


class LoopWithoutWait(RuntimeRefusal):
    """The command took more steps than one command may: a cycle with no wait in it."""


class ModelError(RuntimeRefusal):
    """The model cannot say how to go on: a condition that is neither true nor false, a table whose
    rules contradict each other, an error that no boundary event catches."""


class Immovable(Exception):
    """A token cannot be moved so: a reason of engine.runtime.moving, the tokens it speaks of."""

    def __init__(self, reason: str, tokens: tuple[int, ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.tokens = reason, tokens


class Unmigratable(Exception):
    """A case cannot go over to another version: reasons of engine.runtime.migrating, each with the
    element that it speaks of."""

    def __init__(self, findings: tuple[tuple[str, str], ...]) -> None:
        super().__init__(", ".join(f"{element}: {reason}" for reason, element in findings))
        self.findings = findings


class Erased(Exception):
    """A personal value was asked for that has been erased."""


class BusinessError(Exception):
    """An operation's own way to fail, by a code that a boundary error event may catch."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
