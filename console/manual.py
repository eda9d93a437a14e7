"""The manual, made of the same help that the commands print: Markdown for docs/, roff for man."""

from collections.abc import Iterator

import click

from console.fields import FIELDS
from console.group import Told
from console.options import GLOBAL
from console.topics import TOPICS
from engine.settings import PREFIX, SETTINGS
from engine.version import VERSION


def tree(root: click.Context) -> Iterator[click.Context]:
    """A context for every verb of the tree, in the order of the help."""
    group = root.command
    assert isinstance(group, click.Group)  # noqa: S101 (the root is one)
    for name in group.list_commands(root):
        found = group.get_command(root, name)
        if found is None:
            continue
        ctx = click.Context(found, info_name=name, parent=root)
        if isinstance(found, click.Group):
            for verb, command in found.commands.items():
                yield click.Context(command, info_name=verb, parent=ctx)
        else:
            yield ctx


def markdown(root: click.Context) -> str:
    """The page docs/reference/commands.md."""
    lines = [
        "# Commands",
        "",
        "Made by `mouqataa help reference`; a test compares. Every command takes the global",
        "options, before the noun or after the verb.",
        "",
        "## Global options",
        "",
    ]
    lines += _options(list(GLOBAL), root)
    for ctx in tree(root):
        command = ctx.command
        assert isinstance(command, Told)  # noqa: S101 (the tree holds no other)
        usage = " ".join(command.collect_usage_pieces(ctx))
        lines += ["", f"## {ctx.command_path}", "", command.sentences(), ""]
        lines += ["```", f"{ctx.command_path} {usage}", *command.examples(), "```"]
        lines += _options(command.params, ctx, before=[""])
        lines += _fields(" ".join(ctx.command_path.split()[1:]))
    for topic, said in TOPICS.items():
        lines += ["", f"## {topic}", "", *(f"- {line.format()}" for line in said)]
    return "\n".join(lines) + "\n"


def _fields(path: str) -> list[str]:
    names = [f"`{name}`" for name in FIELDS.get(path, "").split()]
    rows = names[:1] == ["`items`"]
    told = f"`items` of {', '.join(names[1:])}; `next`" if rows else ", ".join(names)
    return ["", f"JSON: {told}."] if names else []


def settings() -> str:
    """The page docs/reference/settings.md."""
    lines = [
        "# Settings",
        "",
        "Made by `mouqataa help settings-reference`; a test compares.",
        "",
        "Each of these beats those above it: the defaults below, `/etc/mouqataa/config.toml`,",
        "`$XDG_CONFIG_HOME/mouqataa/config.toml` (`~/.config`), `./mouqataa.toml` or the file that",
        "`--config` or `MOUQATAA_CONFIG` names, the variables below, flags. An unknown name in a",
        "file is refused. `mouqataa config show` tells every value and where it came from.",
        "",
        "| Setting | Variable | Default | Meaning |",
        "|---|---|---|---|",
    ]
    for name, setting in SETTINGS.items():
        default = f"`{setting.default}`" if setting.default else "empty"
        variable = f"`{PREFIX}{name.upper()}`"
        lines.append(f"| `{name}` | {variable} | {default} | {setting.meaning} |")
    lines += [
        "",
        "`{data}` is the data folder, by default `$XDG_DATA_HOME/mouqataa` (`~/.local/share`).",
        "`act_as`, `service_hosts` and `private_hosts` are lists in a file and separated by",
        "spaces in the environment. The language is taken from `LC_ALL`, `LC_MESSAGES` or `LANG`",
        "where no setting gives it. The file of secrets: [call a",
        "service](../how-to/call-a-service.md).",
    ]
    return "\n".join(lines) + "\n"


def _options(
    params: list[click.Parameter], ctx: click.Context, before: list[str] | None = None
) -> list[str]:
    rows = []
    for param in params:
        record = param.get_help_record(ctx)
        if record and isinstance(param, click.Option):
            rows.append(f"- `{record[0]}` {record[1]}".rstrip())
    return [*(before or []), *rows] if rows else []


def roff(root: click.Context) -> str:
    """The manual page mouqataa(1)."""
    name = r"mouqataa \- run the administrative procedures of a city"
    lines = [f'.TH MOUQATAA 1 "" "mouqataa {VERSION}"', ".SH NAME", name, ".SH COMMANDS"]
    for ctx in tree(root):
        command = ctx.command
        assert isinstance(command, Told)  # noqa: S101 (the tree holds no other)
        usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
        lines += [".TP", f".B {_escaped(usage)}", _escaped(command.sentences())]
        for example in command.examples():
            lines += [".br", _escaped(example)]
    lines.append(".SH EXIT STATUS")
    for line in TOPICS["exit-codes"]:
        number, _, told = line.partition(" ")
        lines += [".TP", f".B {number}", _escaped(told)]
    return "\n".join(lines) + "\n"


def _escaped(said: str) -> str:
    safe = said.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{safe}" if safe.startswith((".", "'")) else safe
