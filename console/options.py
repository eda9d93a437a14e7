"""The options that every command takes, before the noun or after the verb."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from engine.settings import LANGUAGES

# What terminals and pasted text put around a reference; it is never part of a word typed here.
_BIDI = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass
class Choices:
    """What the global options of one call say."""

    config: Path | None = None
    actor: str | None = None
    key: str | None = None
    lang: str | None = None
    json: bool = False
    fields: str | None = None
    plain: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    no_input: bool = False
    no_pager: bool = False
    color: str = "auto"


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if ctx.get_parameter_source(str(param.name)) is click.core.ParameterSource.COMMANDLINE:
        setattr(ctx.obj.choices, str(param.name), value)


def _option(*names: str, **more: Any) -> click.Option:
    return click.Option(list(names), expose_value=False, callback=_keep, is_eager=True, **more)


GLOBAL = (
    _option("--config", type=click.Path(path_type=Path), metavar="FILE",
            help="Settings file, in place of ./mouqataa.toml."),
    _option("--as", "actor", metavar="ACTOR", help="Who acts; default: your system account."),
    _option("--key", metavar="KEY", help="Idempotency key: the same command again does nothing."),
    _option("--lang", type=click.Choice(LANGUAGES), help="Language of messages."),
    _option("--json", is_flag=True, help="Print JSON; --json=a,b prints these fields only."),
    _option("--fields", hidden=True),
    _option("--plain", is_flag=True, help="Print lists as tab-separated values."),
    _option("-q", "--quiet", is_flag=True, help="Say nothing when a change succeeds."),
    _option("-v", "--verbose", is_flag=True, help="Say more, on the error stream."),
    _option("--debug", is_flag=True, help="Print the trace of an unexpected error."),
    _option("--no-input", is_flag=True, help="Never ask; name the missing option instead."),
    _option("--no-pager", is_flag=True, help="Print long output at once."),
    _option("--color", type=click.Choice(["auto", "always", "never"]), help="Colours."),
)  # fmt: skip


def prepared(args: list[str]) -> list[str]:
    """The arguments without marks of direction, `--json=a,b` written as two options."""
    found: list[str] = []
    for number, arg in enumerate(args):
        if arg == "--":
            return found + args[number:]
        if arg.startswith("--json="):
            found += ["--json", f"--fields={arg.removeprefix('--json=')}"]
        elif arg.isascii():
            found.append(arg)
        else:
            found.append(arg.translate(_BIDI))
    return found
