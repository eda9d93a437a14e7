"""The only addresses a document may use: files of its procedure and images in the page."""

import hashlib
import mimetypes
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents import faces

OWN = "mouqataa/"
"""Addresses below asset:mouqataa/ are the fonts of this package."""


class Assets(URLFetcher):
    """Answers `asset:<path>` from memory and `data:image/...`; refuses all else, for good."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(
            allowed_protocols=("asset", "data"), allow_redirects=False, fail_on_errors=True
        )
        self._files = files
        self._used: dict[str, bytes] = {}
        self.refused: FatalURLFetchingError | None = None

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the content, or stop the whole rendering with FatalURLFetchingError."""
        try:
            return self._fetch(url, headers)
        except FatalURLFetchingError as error:
            self.refused = self.refused or error
            raise

    def _fetch(self, url: str, headers: Any) -> URLFetcherResponse:
        if url.startswith("data:image/"):
            try:
                return super().fetch(url, headers)
            except (ValueError, OSError) as error:
                raise FatalURLFetchingError(url[:80]) from error
        if not url.startswith("asset:"):
            raise FatalURLFetchingError(url[:200])
        path = unquote(url.removeprefix("asset:").partition("#")[0])
        content = self._read(path)
        if content is None:
            raise FatalURLFetchingError(url[:200])
        self._used[path] = content
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return URLFetcherResponse(url, content, {"Content-Type": kind})

    def digest(self) -> bytes:
        """A digest of every file that the document used so far."""
        total = hashlib.sha256()
        for path, content in sorted(self._used.items()):
            total.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
        return total.digest()

    def _read(self, path: str) -> bytes | None:
        if not path.startswith(OWN):
            return self._files.get(path)
        name = path.removeprefix(OWN)
        return faces.read(name) if name in faces.names() else None
