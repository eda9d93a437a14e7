"""mouqataa role."""

from console.context import Face, pass_face
from console.group import noun

command = noun("role")


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the roles: those of the house, and the lanes of the procedures.

    Example: mouqataa role list
    """
    from engine.commands import actors

    face.rows(face.read(actors.roles), "key name")
