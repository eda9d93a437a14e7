"""mouqataa config."""

from dataclasses import dataclass

from console.context import Face, pass_face
from console.group import noun

command = noun("config")


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as it is printed: secrets hidden."""

    name: str
    value: str
    origin: str
    meaning: str


@command.command()
@pass_face
def show(face: Face) -> None:
    """Show every setting, its value and where the value came from.

    Example: mouqataa config show
    """
    from engine.settings import SETTINGS

    found = face.settings
    rows = [
        Shown(name, found.shown(name), found.origin(name), face.text(setting.meaning))
        for name, setting in SETTINGS.items()
    ]
    face.rows(rows, "name value origin meaning")


@command.command()
@pass_face
def path(face: Face) -> None:
    """Name the settings files that are read, and the file of your own.

    Example: mouqataa config path
    """
    import os

    from engine.settings import sources, user_file

    read = [str(file) for file in sources(face.choices.config, os.environ)]
    own = user_file(os.environ)
    lines = [*read, face.text("Yours would be {place}", place=own or "-")]
    face.show({"read": read, "user": str(own) if own else None}, lines)
