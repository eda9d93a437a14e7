"""What can go wrong while a document is made."""


class DocumentError(Exception):
    """The document cannot be made from this template, these files and these data.

    `code` is stable and meant for programs, `place` names the file, line or key when known, and
    `remedy` says what to change.
    """

    def __init__(
        self, message: str, *, remedy: str, code: str = "document", place: str = ""
    ) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.message = message
        self.remedy = remedy
        self.code = code
        self.place = place

    @property
    def told(self) -> str:
        """What may be kept of it: where, which fault, what to do.

        The message itself may quote the data, and with them a person.
        """
        return f"{self.place}: {self.code} ({self.remedy})" if self.place else self.remedy


class DocumentUnavailable(DocumentError):
    """The worker died, ran out of time or memory, or cannot start."""

    @property
    def told(self) -> str:
        """The message: it is about the machine and quotes no data."""
        return f"{self.message} ({self.remedy})"
