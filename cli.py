"""The command line: `mouqataa NOUN VERB`.  Nothing here knows SQL, BPMN or forms."""

import sys

import click

from console.context import Face
from console.group import Root
from engine.version import VERSION


def _version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    face = ctx.find_object(Face) or Face()
    if face.choices.json:
        import sqlite3
        from importlib.metadata import version

        from engine.store.schema import REVISION

        face.show(
            {
                "mouqataa": VERSION,
                "python": sys.version.split()[0],
                "sqlite": sqlite3.sqlite_version,
                "spiffworkflow": version("SpiffWorkflow"),
                "schema": REVISION,
            }
        )
    else:
        click.echo(f"mouqataa {VERSION}")
    ctx.exit()


@click.group(
    cls=Root,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Print the version; with --json, those of its parts too.")  # fmt: skip
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run the administrative procedures of a city.

    Example: mouqataa demo
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


if __name__ == "__main__":
    main()
