"""The classes of the command tree: nouns loaded on first use, help in three languages, one exit.

A verb's docstring is its help: sentences, then lines `Example: mouqataa …` that a test runs.
"""

import inspect
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from console.context import Face
from console.options import GLOBAL, Choices, prepared
from console.sections import NOUNS, SECTIONS, UNDER

DOCUMENTATION = "docs/reference/commands.md"
PROGRAM = "mouqataa"
_EXAMPLE = "Example:"


class Told(click.Command):
    """Help in the reader's language: usage, sentences, examples, own options, where to read on."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own parameters and those that every command takes."""
        return [*super().get_params(ctx), *GLOBAL]

    def sentences(self) -> str:
        """The help without its examples, on one line: the key of its translation."""
        return " ".join(inspect.cleandoc(self.help or "").partition(_EXAMPLE)[0].split())

    def examples(self) -> list[str]:
        """The commands that the help shows."""
        lines = inspect.cleandoc(self.help or "").splitlines()
        return [li.partition(_EXAMPLE)[2].strip() for li in lines if li.startswith(_EXAMPLE)]

    def get_short_help_str(self, limit: int = 45) -> str:
        """The sentences, for the list of verbs."""
        return self.sentences()

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The whole help."""
        face = ctx.find_object(Face) or Face()
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)),
                              f"{face.text('Usage:')} ")  # fmt: skip
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(face.text(self.sentences()))
        if self.examples():
            with formatter.section(face.text("Example")):
                for example in self.examples():
                    formatter.write(f"{' ' * formatter.current_indent}{example}\n")
        self.format_options(ctx, formatter)
        self.format_end(face, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The command's own options; those of every command stand in the root's help."""
        face = ctx.find_object(Face) or Face()
        rows = [_row(p, ctx, face) for p in self.params if _shown(p)]
        if rows:
            with formatter.section(face.text("Options")):
                formatter.write_dl(rows)

    def format_end(self, face: Face, formatter: click.HelpFormatter) -> None:
        """Where to read on, and where to report."""
        formatter.write_paragraph()
        formatter.write_text(face.text("Options of every command: mouqataa --help"))
        formatter.write_text(
            face.text("Documentation: {page}. Faults: {report}", page=DOCUMENTATION,
                      report="CONTRIBUTING.md")
        )  # fmt: skip


class Verb(Told):
    """What is done with a noun."""


class Noun(Told, click.Group):
    """A noun: its verbs are functions of one module."""

    command_class = Verb

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs."""
        face = ctx.find_object(Face) or Face()
        rows = [
            (n, face.text(c.get_short_help_str()).rstrip(".")) for n, c in self.commands.items()
        ]
        with formatter.section(face.text("Commands")):
            formatter.write_dl(rows)


def noun(name: str) -> Noun:
    """The group of a noun, with the help that the root shows."""
    return Noun(name, help=NOUNS[name], no_args_is_help=True)


class Root(Told, click.Group):
    """The root: each noun is a module of console/, imported when it is called."""

    command_class = Verb

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The nouns, in the order of the house."""
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The noun's command; nothing is guessed."""
        if cmd_name not in NOUNS:
            return None
        command: click.Command = import_module(f"console.{UNDER.get(cmd_name, cmd_name)}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the noun; a typing mistake gets a suggestion."""
        if args[0] not in NOUNS and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=NOUNS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The nouns, grouped, without importing any, and the options of every command."""
        face = ctx.find_object(Face) or Face()
        for title, nouns in SECTIONS.items():
            with formatter.section(face.text(title)):
                formatter.write_dl([(name, face.text(told)) for name, told in nouns.items()])
        with formatter.section(face.text("Options of every command")):
            rows = [_row(p, ctx, face) for p in (*GLOBAL, *self.params) if _shown(p)]
            formatter.write_dl(rows)

    def format_end(self, face: Face, formatter: click.HelpFormatter) -> None:
        """Where to read on, and where to report."""
        formatter.write_paragraph()
        formatter.write_text(face.text("More: mouqataa help exit-codes, json, settings, people"))
        formatter.write_text(
            face.text("Documentation: {page}. Faults: {report}", page=DOCUMENTATION,
                      report="CONTRIBUTING.md")
        )  # fmt: skip

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run one call and leave with its exit status."""
        given = prepared(list(sys.argv[1:] if args is None else args))
        face = Face(Choices(json="--json" in given, debug="--debug" in given))
        extra.setdefault("obj", face)
        try:
            result = super().main(given, PROGRAM, complete_var, standalone_mode=False, **extra)
            sys.stdout.flush()
            status = result if isinstance(result, int) else 0
        except (_ClosedPipe, BrokenPipeError):
            status = _quiet()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (the one door out)
            from console.failure import report

            status = report(error, face)
        sys.exit(status)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; a reader that has seen enough (`| head`) is no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ClosedPipe from error


class _ClosedPipe(Exception):
    """Nobody reads any more; click would make exit status 1 of it."""


def _quiet() -> int:
    """Let the interpreter's last flush fall into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _shown(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and not param.hidden


def _row(param: click.Parameter, ctx: click.Context, face: Face) -> tuple[str, str]:
    record = param.get_help_record(ctx)
    help_text = getattr(param, "help", None) or ""
    names = record[0] if record else param.opts[0]
    return names, face.text(help_text) if help_text else ""
