"""What execution itself can refuse; the engine gives it the words of engine.errors."""


class RuntimeRefusal(Exception):
    """The step cannot be taken; the command is refused whole and the loaded case thrown away."""

    def __init__(self, element: str, reason: str) -> None:
        super().__init__(f"{element}: {reason}")
        self.element = element
        self.reason = reason


class TaskNotOpen(RuntimeRefusal):
    """The token is unknown or no longer waits: running it would break the token flow."""


class LoopWithoutWait(RuntimeRefusal):
    """The command took more steps than one command may: a cycle with no wait in it."""
