"""The command line: `mouqataa NOUN VERB`.  Nothing here knows SQL, BPMN or forms."""

from pathlib import Path

import click

from console.context import Face
from console.group import Root
from engine.version import VERSION


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="mouqataa %(version)s")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file (TOML).")
@click.option("--as", "actor", metavar="ACTOR", help="Who acts; default: your system account.")
@click.option("--key", help="Idempotency key: the same command again changes nothing.")
@click.option("--json", is_flag=True, help="Print JSON.")
@click.option("--lang", type=click.Choice(["fr", "ar", "en"]), help="Language of form messages.")
@click.pass_context
def main(
    ctx: click.Context,
    config: Path | None,
    actor: str | None,
    key: str | None,
    json: bool,
    lang: str | None,
) -> None:
    """Run the administrative procedures of a city.

    Example: mouqataa demo
    """
    del lang  # read from the context where a message is made
    ctx.obj = Face(config, actor, key, json)


if __name__ == "__main__":
    main()
