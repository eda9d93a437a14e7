"""The parts that forms share, found the same from a checkout and from a wheel."""

from functools import cache
from importlib.resources import files


@cache
def part(name: str) -> bytes | None:
    """The text of a shared file ("shared/identity.json"), or None where there is none."""
    folder, _, file = name.partition("/")
    if folder != "shared" or "/" in file or not file.endswith(".json"):
        return None
    found = files("forms") / "shared" / file
    return found.read_bytes() if found.is_file() else None
