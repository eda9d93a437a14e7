"""What every command needs: the settings, the engine, who acts, and how to print."""

import getpass
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from console import output


class Face:
    """The command line in one call: made by the root, handed to each command."""

    def __init__(self, config: Path | None, actor: str | None, key: str | None, json: bool) -> None:
        self._config, self._actor, self._key, self._json = config, actor, key, json

    @cached_property
    def settings(self) -> Any:
        """The settings, read on first use."""
        from engine.settings import load

        return load(self._config)

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
        return By(self._actor or user, key=self._key, channel="cli", system_user=user)

    def run(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a command of the engine."""
        return self.engine.run(self.by, command, *args, **kwargs)

    def read(self, question: Any, *args: Any, **kwargs: Any) -> Any:
        """Ask the engine a question."""
        return self.engine.read(self.by, question, *args, **kwargs)

    def show(self, value: Any, sentence: str = "") -> None:
        """Print a result: JSON where asked, else its sentence."""
        if self._json:
            output.as_json(value)
        else:
            click.echo(sentence)

    def rows(self, rows: Sequence[Any]) -> None:
        """Print a list."""
        if self._json:
            output.as_json(rows)
        else:
            output.table(rows)


pass_face = click.make_pass_decorator(Face)
