"""The procedures and cities that are shipped, found the same from a checkout and from a wheel."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any


def root() -> Path:
    """The folder that holds the procedures, cities and calendars that are shipped."""
    return Path(str(files("processes")))


def folders() -> dict[str, Path]:
    """The shipped procedures: key to folder."""
    return {path.parent.name: path.parent for path in sorted(root().glob("*/procedure.toml"))}


def city(name: str) -> dict[str, Any]:
    """The facts of a city: names, offices, where they were read and when."""
    return tomllib.loads((root() / "cities" / f"{name}.toml").read_text(encoding="utf-8"))
