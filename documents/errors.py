"""What rendering can refuse."""


class DocumentError(Exception):
    """The document cannot be rendered: says why, and what mends it."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.remedy = remedy


class DocumentUnavailable(DocumentError):
    """This machine cannot render: a library is missing."""
