"""The one group class: commands loaded by name, errors mapped once, exit codes of the house.

0 done, 1 unexpected, 2 invalid, 3 forbidden, 4 not found, 5 conflict, 6 unavailable, 130
interrupted.
"""

import json
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

EXIT = {"invalid": 2, "forbidden": 3, "not_found": 4, "conflict": 5, "unavailable": 6}

NOUNS = {
    "init": "Found a database: city, offices, first administrator.",
    "procedure": "Procedures: check, deploy, list, withdraw.",
    "case": "Cases: start, list, search, show, history, replay, cancel, note.",
    "task": "Tasks: list, show, claim, release, complete.",
    "certificate": "Certificates: list, show, verify.",
    "actor": "Who acts: add, list, grant, revoke.",
    "office": "Offices: list.",
    "work": "Run the jobs that are due.",
    "db": "The database: upgrade, check.",
    "demo": "Play a case from deposit to certificate in a specimen database.",
}


class Root(click.Group):
    """The root: each noun is a module of console/, imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The nouns, in the order of the house."""
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The noun's command; a typing mistake gets a suggestion, never a guess."""
        if cmd_name not in NOUNS:
            near = get_close_matches(cmd_name, NOUNS, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"No such command {cmd_name!r}.{hint}")
        command: click.Command = import_module(f"console.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the nouns without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(NOUNS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and give every refusal its words and its exit code."""
        try:
            return super().invoke(ctx)
        except click.ClickException:
            raise
        except BrokenPipeError:
            sys.stderr.close()  # the reader has seen enough
            ctx.exit(0)
        except KeyboardInterrupt:
            ctx.exit(130)
        except Exception as error:
            from engine.errors import EngineError
            from engine.settings import SettingsError

            if isinstance(error, SettingsError):
                click.echo(f"Error: {error}", err=True)
                ctx.exit(2)
            if not isinstance(error, EngineError):
                raise
            _say(ctx, error)
            ctx.exit(EXIT[error.kind.value])


def _say(ctx: click.Context, error: Any) -> None:
    details = error.details
    if ctx.params.get("json"):
        problem = {
            "type": f"urn:mouqataa:error:{error.code}",
            "title": error.text(),
            "kind": error.kind.value,
            "code": error.code,
            "remedy": error.remedy(),
            "errors": details.get("errors", details.get("findings", [])),
        }
        click.echo(json.dumps(problem, ensure_ascii=False, default=str), err=True)
        return
    click.echo(f"Error: {error.text()}", err=True)
    if "form_errors" in details:
        from forms.messages import message

        language = ctx.params.get("lang") or "fr"
        for row in details["form_errors"]:
            click.echo(f"  {row.pointer}: {message(row.code, language)}", err=True)
    for found in details.get("findings", ()):
        place = f"{found['file']} {found['element']}".strip()
        click.echo(f"  {place}: {found['message']}. {found['remedy']}", err=True)
    click.echo(error.remedy(), err=True)
