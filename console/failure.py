"""From what went wrong to words and an exit status: the one place of the command line.

0 done, 1 unexpected, 2 invalid or usage, 3 forbidden, 4 not found, 5 conflict, 6 unavailable,
130 interrupted.  With `--json` the words are a problem object (RFC 9457) on the error stream.
"""

import json
import sys
import traceback
from dataclasses import replace
from secrets import token_hex
from typing import Any

import click

from console import faults
from engine.i18n import text, translate

EXIT = {"invalid": 2, "forbidden": 3, "not_found": 4, "conflict": 5, "unavailable": 6}
INTERRUPTED = 130


class Usage(click.UsageError):
    """A command that cannot be understood: English msgid with `{named}` details."""

    def __init__(self, message: str, remedy: str = "", **details: Any) -> None:
        super().__init__(text(message, "en", **details))
        self.msgid, self.remedy, self.details = message, remedy, details


def report(error: BaseException, face: Any) -> int:
    """Say what went wrong, why, and what can be done; the exit status."""
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    problem = _problem(error, face)
    if problem["code"] == "unexpected":
        problem["remedy"] = _logged(problem, error, face)
    if face.choices.json:
        click.echo(json.dumps(problem, ensure_ascii=False, default=str), err=True)
    else:
        _say(problem, face)
    return int(problem["exit"])


def _problem(error: BaseException, face: Any) -> dict[str, Any]:
    language = face.language
    if isinstance(error, click.ClickException):
        title, remedy = _usage(error, language)
        return _made("usage", "invalid", title, remedy)
    from engine.settings import SettingsError

    if isinstance(error, SettingsError):
        title = text(error.message, language, **error.details)
        return _made("settings", "invalid", title, text(error.remedy, language, **error.details))
    from engine.errors import EngineError, mapped

    known = mapped(error) if isinstance(error, Exception) else None
    if not isinstance(known, EngineError):
        return _made("unexpected", "unexpected", text("Something unexpected happened.", language))
    return _refused(known, language) | {"errors": _details(known, language)}


def _refused(error: Any, language: str) -> dict[str, Any]:
    """A refusal of the engine; what fills its blanks is translated too, where it is a sentence."""
    from engine.errors import CODES

    code = CODES[error.code]
    said = {name: translate(value, language) if isinstance(value, str) else value
            for name, value in error.details.items()}  # fmt: skip
    title = text(code.message, language, **said)
    return _made(error.code, code.kind.value, title, text(code.remedy, language, **said))


def _made(code: str, kind: str, title: str, remedy: str = "") -> dict[str, Any]:
    return {
        "type": f"urn:mouqataa:error:{code}", "title": title, "code": code, "kind": kind,
        "exit": EXIT.get(kind, 1), "remedy": remedy, "errors": [],
    }  # fmt: skip


def _usage(error: click.ClickException, language: str) -> tuple[str, str]:
    command = f"{_path(error)} --help"
    here = text("See what it takes with: {command}", language, command=command)
    match error:
        case Usage():
            title = text(error.msgid, language, **error.details)
            return title, text(error.remedy, language, **error.details) if error.remedy else here
        case click.exceptions.NoSuchCommand():
            title = text("There is no command {name}.", language, name=error.command_name)
            return title, _near(error.possibilities, language) or here
        case click.NoSuchOption():
            title = text("There is no option {name}.", language, name=error.option_name)
            return title, _near(error.possibilities, language) or here
        case click.MissingParameter():
            name = error.param.get_error_hint(error.ctx) if error.param and error.ctx else "?"
            return text("{name} is missing.", language, name=name.strip("'")), here
        case click.BadParameter():
            return _unfit(error, language), here
    return error.format_message(), here


def _unfit(error: click.BadParameter, language: str) -> str:
    """What an option or argument should have been."""
    param, ctx = error.param, error.ctx
    name = param.get_error_hint(ctx).strip("'") if param and ctx else "?"
    kind = param.type if param else None
    if isinstance(kind, click.Choice):
        choices = ", ".join(map(str, kind.choices))
        return text("{name} must be one of {choices}.", language, name=name, choices=choices)
    if kind in (click.INT, click.FLOAT):
        return text("{name} must be a number.", language, name=name)
    if isinstance(kind, click.DateTime):
        return text("{name} must be a date: YYYY-MM-DD.", language, name=name)
    if isinstance(kind, click.File | click.Path):
        return text("{name}: the file cannot be opened.", language, name=name)
    return text("{name} cannot be accepted.", language, name=name)


def _near(possibilities: Any, language: str) -> str:
    found = ", ".join(list(possibilities or [])[:3])
    return text("Did you mean {near}?", language, near=found) if found else ""


def _path(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    return ctx.command_path if ctx is not None else "mouqataa"


def _details(error: Any, language: str) -> list[dict[str, Any]]:
    details = error.details
    if "form_errors" in details:
        from forms.messages import message

        return [
            {
                "pointer": e.pointer,
                "code": e.code,
                "message": message(_general(e, language), language),
            }
            for e in details["form_errors"]
        ]
    rows = details.get("findings", details.get("errors", []))
    return [faults.translated(row, language) if isinstance(row, dict) else row for row in rows]


def _general(error: Any, language: str) -> Any:
    """A field's error as it is told here: its own message is French, and stays with French."""
    return error if language == "fr" else replace(error, text="")


def _say(problem: dict[str, Any], face: Any) -> None:
    label = text("Error:", face.language)
    if face.coloured(sys.stderr):
        label = click.style(label, fg="red", bold=True)
    click.echo(f"{label} {problem['title']}", err=True, color=True)
    for row in problem["errors"]:
        place = row.get("pointer") or f"{row.get('file', '')} {row.get('element', '')}".strip()
        rest = " ".join(str(row[k]) for k in ("message", "remedy") if row.get(k))
        click.echo(f"  {place}: {rest}", err=True)
    if problem["remedy"]:
        click.echo(problem["remedy"], err=True)


def _logged(problem: dict[str, Any], error: BaseException, face: Any) -> str:
    """Keep the places of an unexpected error in a file; a sentence that says where.

    The file holds no message of an exception: one may quote what a person answered.
    """
    reference = token_hex(4)
    trace = "".join([*traceback.format_tb(error.__traceback__), type(error).__name__, "\n"])
    problem["reference"] = reference
    if face.choices.debug:
        click.echo("".join(traceback.format_exception(error)), err=True)
    try:
        folder = face.settings.logs
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = folder / f"error-{reference}.log"
        place.write_text(trace, encoding="utf-8")
    except Exception:  # noqa: BLE001 (saying what happened must not fail)
        return text("Run it again with --debug to see the trace.", face.language)
    return text(
        "Nothing was half done. Report it with the reference {reference}; details: {place}",
        face.language, reference=reference, place=place,
    )  # fmt: skip
