"""mouqataa completion."""

import click
from click.shell_completion import get_completion_class

from console.context import Face, pass_face
from console.group import Verb


@click.command(cls=Verb)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@pass_face
def command(face: Face, shell: str) -> None:
    """Print the completion script of your shell.

    Example: mouqataa completion bash
    """
    root = click.get_current_context().find_root().command
    made = get_completion_class(shell)
    if made is not None:
        script = made(root, {}, "mouqataa", "_MOUQATAA_COMPLETE").source()
        face.show({"shell": shell, "script": script}, [script])
