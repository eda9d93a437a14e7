"""What is wrong with a procedure's folder."""


class BundleError(Exception):
    """The folder or archive cannot be a procedure: names the file and the remedy."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason
