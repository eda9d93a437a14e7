"""Where things lie and how long things take: read once, at the door, and passed in.

A TOML file with the environment over it: `MOUQATAA_DATABASE` beats `database` in the file.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


class SettingsError(Exception):
    """A setting that is not known or cannot be read."""


# name: (default below the data folder or as is, meaning)
MEANINGS: Mapping[str, tuple[str, str]] = {
    "data": ("", "folder that holds the rest unless they are set; default: the user's data folder"),
    "database": ("sqlite:///{data}/mouqataa.db", "address of the database (SQLite or PostgreSQL)"),
    "files": ("{data}/files", "folder of attachments and issued certificates"),
    "verify_url": ("https://verify.example/", "what the code on a certificate is appended to"),
    "language": ("fr", "language of messages: fr, ar or en"),
    "lease_seconds": ("60", "how long a worker holds a job before another may take it"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, complete."""

    data: Path
    database: str
    files: Path
    verify_url: str
    language: str
    lease_seconds: int


def load(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the file (where given) with the environment over it."""
    found = _file(file) if file else {}
    for name in MEANINGS:
        if value := environ.get(f"MOUQATAA_{name.upper()}"):
            found[name] = value
    data = Path(found.get("data") or _data_folder()).absolute()
    whole = {n: found.get(n, default.format(data=data)) for n, (default, _) in MEANINGS.items()}
    try:
        lease = int(whole["lease_seconds"])
    except ValueError as error:
        raise SettingsError("lease_seconds is a number of seconds, for example 60") from error
    return Settings(
        data, whole["database"], Path(whole["files"]), whole["verify_url"], whole["language"], lease
    )


def _file(file: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: {error}") from error
    for name in found:
        if name not in MEANINGS:
            near = get_close_matches(name, MEANINGS, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise SettingsError(f"{file}: unknown setting {name}{hint}")
    return {name: str(value) for name, value in found.items()}


def _data_folder() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("mouqataa", appauthor=False)
