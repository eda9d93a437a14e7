"""mouqataa office."""

from console.context import Face, pass_face
from console.group import noun

command = noun("office")


@command.command(name="list")
@pass_face
def listing(face: Face) -> None:
    """List the offices of the city.

    Example: mouqataa office list
    """
    from engine.commands import offices

    face.rows(face.read(offices.listing), "short code name_fr name_ar")
