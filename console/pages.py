"""mouqataa help: pages that belong to no command, and the manual of all of them."""

import click

from console.context import Face, pass_face
from console.group import Verb
from console.topics import TOPICS

_MANUAL = ("reference", "settings-reference", "man")


@click.command(cls=Verb)
@click.argument("topic", type=click.Choice([*TOPICS, *_MANUAL]), required=False)
@pass_face
def command(face: Face, topic: str | None) -> None:
    """Show a page: exit statuses, JSON, settings, people; or the whole manual.

    Example: mouqataa help exit-codes
    """
    root = click.get_current_context().find_root()
    if topic in _MANUAL:
        from console import manual

        pages = {"man": lambda: manual.roff(root), "settings-reference": manual.settings}
        click.echo(pages.get(topic, lambda: manual.markdown(root))(), nl=False)
    elif topic:
        lines = [face.text(line) for line in TOPICS[topic]]
        face.show({"topic": topic, "lines": lines}, lines)
    else:
        click.echo(root.get_help())
