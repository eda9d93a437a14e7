"""What can go wrong with an expression or a decision."""


class DecisionError(Exception):
    """An expression or a decision cannot be used.

    `code` is stable and meant for programs; `place` says where ("line 1, column 5", or an element
    of a model); `remedy` says what to change.
    """

    def __init__(self, code: str, message: str, *, place: str = "", remedy: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.code = code
        self.message = message
        self.place = place
        self.remedy = remedy


class ExpressionInvalid(DecisionError):
    """The text is not FEEL; found when it is compiled, never when it is evaluated."""

    def __init__(self, message: str, *, line: int, column: int, remedy: str = "") -> None:
        place = f"line {line}, column {column}"
        super().__init__("expression-invalid", message, place=place, remedy=remedy)
        self.line = line
        self.column = column

    @property
    def reach(self) -> tuple[int, int]:
        """How far the text could be read."""
        return self.line, self.column


class LimitExceeded(DecisionError):
    """An evaluation asks for more steps, length or time than one evaluation may have."""
