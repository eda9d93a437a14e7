"""What every command needs: the settings, the engine, who acts, the language, and how to print."""

import getpass
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import click

from console import output
from console.options import Choices
from engine import i18n


class Face:
    """The command line in one call: made by the root, handed to each command."""

    def __init__(self, choices: Choices | None = None) -> None:
        self.choices = choices or Choices()

    # -- who and where --

    @cached_property
    def settings(self) -> Any:
        """The settings, read on first use, the flags over them."""
        return self._loaded()

    def settle(self, folder: Path, **more: str) -> None:
        """Keep everything of this call in a folder of its own; `more` are settings by name."""
        self.settings = self._loaded(data=str(folder), **more)

    def _loaded(self, **more: str) -> Any:
        from engine.settings import load

        flags = {"language": self.choices.lang, "actor": self.choices.actor, **more}
        return load(self.choices.config, flags={k: v for k, v in flags.items() if v})

    @cached_property
    def engine(self) -> Any:
        """The engine on the database of the settings."""
        from engine.engine import Engine

        return Engine(self.settings)

    @cached_property
    def by(self) -> Any:
        """Who acts: `--as`, or the account of the machine; events carry both."""
        from engine.transaction import By

        user = getpass.getuser()
        actor = self.settings.actor or user
        if self.choices.verbose:
            place = self.settings.shown("database")
            self.note("Acting as {actor} on {place}", actor=actor, place=place)
        if actor != user:
            self._may_act_as(user, actor)
        return By(actor, key=self.choices.key, channel="cli", system_user=user)

    def _may_act_as(self, user: str, actor: str) -> None:
        """Refuse to act as another unless the machine's settings, or a specimen, allow it."""
        from engine.commands import installation
        from engine.errors import EngineError
        from engine.transaction import By

        trusted = {user, "*"} & set(self.settings.act_as)
        specimen = not trusted and self.engine.read(By("system"), installation.status).specimen
        if actor == "system" or not (trusted or specimen):
            raise EngineError("not_as_other", user=user, login=actor)

    # -- the engine --

    def run(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a command of the engine."""
        return self.engine.run(self.by, command, *args, **kwargs)

    def read(self, question: Any, *args: Any, **kwargs: Any) -> Any:
        """Ask the engine a question."""
        return self.engine.read(self.by, question, *args, **kwargs)

    def rehearse(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a command as `--dry-run` does: all is checked, nothing stays."""
        return self.engine.rehearse(self.by, command, *args, **kwargs)

    # -- words --

    @property
    def language(self) -> str:
        """The language of messages; settings that cannot be read do not take it away."""
        from engine.settings import SettingsError

        if self.choices.lang:
            return self.choices.lang
        try:
            return str(self.settings.language)
        except SettingsError:
            return "fr"

    def text(self, msgid: str, **params: Any) -> str:
        """A message of the program in the reader's language."""
        return i18n.text(msgid, self.language, **params)

    @property
    def words(self) -> Callable[[str], str]:
        """A function that translates single words: headings, states."""
        return partial(i18n.translate, language=self.language)

    @property
    def colon(self) -> str:
        """What stands between a question and its answer."""
        return " : " if self.language == "fr" else ": "

    @property
    def comma(self) -> str:
        """What stands between the members of a list."""
        return "، " if self.language == "ar" else ", "

    @property
    def semicolon(self) -> str:
        """What stands between parts that hold commas themselves."""
        return {"fr": " ; ", "ar": "؛ "}.get(self.language, "; ")

    # -- printing --

    def coloured(self, stream: Any) -> bool:
        """Whether this stream may carry colours: a terminal, unless asked otherwise."""
        if self.choices.color != "auto":
            return self.choices.color == "always"
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()

    def show(self, value: Any, lines: Iterable[str] = ()) -> None:
        """Print an answer: JSON where asked, else its lines, paged on a terminal."""
        if self.choices.json:
            output.as_json(value, self._fields)
        else:
            output.paged("\n".join(lines), pager=not self.choices.no_pager)

    def done(self, value: Any, sentence: str, following: str = "") -> None:
        """Say what changed and, on the error stream, what can be typed next."""
        if self.choices.json:
            output.as_json(value, self._fields)
        elif not self.choices.quiet:
            click.echo(sentence)
            if following:
                click.echo(self.text("Next: {command}", command=following), err=True)

    def rows(self, found: Any, columns: str) -> None:
        """Print a list, or a page of one: JSON, tab-separated, or columns for people."""
        items: Sequence[Any] = getattr(found, "items", found)
        following = getattr(found, "next", None)
        if self.choices.json:
            output.as_json({"items": items, "next": following}, self._fields)
            return
        if self.choices.plain:
            output.tabbed(items, columns.split())
        elif items:
            lines = output.table(items, columns.split(), self.words, self.settings.zone)
            output.paged("\n".join(lines), pager=not self.choices.no_pager)
        else:
            self.note("Nothing found.")
        if following:
            self.note("There is more: --cursor {cursor}", cursor=following)

    def note(self, msgid: str, **params: Any) -> None:
        """Say something beside the result, on the error stream."""
        if not self.choices.quiet:
            click.echo(self.text(msgid, **params), err=True)

    @property
    def _fields(self) -> tuple[str, ...]:
        return tuple((self.choices.fields or "").replace(",", " ").split())

    # -- asking --

    @property
    def asks(self) -> bool:
        """Whether a person is there to answer."""
        return sys.stdin.isatty() and not self.choices.no_input

    def confirm(self, msgid: str, *, sure: bool, **params: Any) -> None:
        """Ask before an act that is hard to undo; `--yes` answers for those who are not there."""
        from console.failure import Usage

        if sure:
            return
        if not self.asks:
            raise Usage("{name} is missing.", "Add --yes to confirm.", name="--yes")
        question = self.text(msgid, **params)
        if not click.confirm(question, default=False, err=True):
            raise click.Abort

    def retyped(self, name: str, typed: str | None) -> None:
        """Ask for a name to be typed again, before an act that touches many."""
        from console.failure import Usage

        if typed is None and self.asks:
            typed = click.prompt(self.text("Type {name} to confirm", name=name), err=True)
        if typed != name:
            remedy = "Add --confirm={expected} to confirm."
            raise Usage("{name} is missing.", remedy, name="--confirm", expected=name)


pass_face = click.make_pass_decorator(Face)
