"""The process that makes documents: reads requests on standard input until it is closed."""

import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

from documents import wire
from documents.errors import DocumentError


def main() -> None:
    """Serve requests; the first argument is the memory limit in bytes."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whatever a library prints must not end up between two frames.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="mouqataa-documents-") as folder:
        config = Path(folder, "fonts.conf")
        config.write_text('<?xml version="1.0"?><fontconfig/>', encoding="utf-8")
        # Read when the library loads: with no system fonts, a missing glyph cannot be filled in
        # by whatever happens to be installed.
        os.environ["FONTCONFIG_FILE"] = str(config)
        try:
            from documents.layout import Layout
        except (OSError, ImportError) as error:  # cffi finds no Pango, or WeasyPrint is missing
            _refuse(replies, error)
            return

        layout = Layout()
        while (request := wire.receive(sys.stdin.buffer)) is not None:
            replies.write(wire.pack(_answer(layout, request)))
            replies.flush()


def _refuse(replies: Any, error: Exception) -> None:
    """Say once, to the first request, what the machine lacks."""
    if wire.receive(sys.stdin.buffer) is not None:
        lacking = {
            "message": f"the library that prints is not there: {error}"[:300],
            "remedy": "install Pango (Debian: libpango-1.0-0 libpangoft2-1.0-0), then try again",
            "code": "unavailable",
            "place": "",
        }
        replies.write(wire.pack({"error": lacking}))
        replies.flush()


def _answer(layout: Any, request: dict[str, Any]) -> dict[str, Any]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    # The limit counts from the start of the process, so it moves on with every request.
    resource.setrlimit(
        resource.RLIMIT_CPU, (spent + request["cpu_seconds"], resource.RLIM_INFINITY)
    )
    try:
        pdf, sha256, pages = layout.make(
            request["template"], request["files"], request["data"], request["pages"]
        )
    except DocumentError as error:
        return {
            "error": {
                "message": error.message,
                "remedy": error.remedy,
                "code": error.code,
                "place": error.place,
            }
        }
    return {"pdf": pdf, "sha256": sha256, "pages": pages}


if __name__ == "__main__":
    main()
