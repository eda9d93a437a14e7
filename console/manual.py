"""The manual, made of the same help that the commands print: Markdown for docs/, roff for man."""

from collections.abc import Iterator

import click

from console.group import Told
from console.pages import TOPICS
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
    from console.options import GLOBAL

    lines += _options(list(GLOBAL), root)
    for ctx in tree(root):
        command = ctx.command
        assert isinstance(command, Told)  # noqa: S101 (the tree holds no other)
        usage = " ".join(command.collect_usage_pieces(ctx))
        lines += ["", f"## {ctx.command_path}", "", command.sentences(), ""]
        lines += ["```", f"{ctx.command_path} {usage}", *command.examples(), "```"]
        lines += _options(command.params, ctx, before=[""])
    for topic, said in TOPICS.items():
        lines += ["", f"## {topic}", "", *(f"- {line.format()}" for line in said)]
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
