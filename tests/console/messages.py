"""Every message that the program can print: found in the code, to compare with engine/locale."""

import ast
from pathlib import Path

import click

from cli import main
from console import story, topics, words
from console.group import Told
from console.options import GLOBAL
from console.sections import SECTIONS
from decisions.checking import findings
from engine.commands import delays
from engine.deployment import sentences
from engine.deployment.importing import notes
from engine.errors import CODES
from engine.history import violations
from engine.runtime import moving
from engine.settings import SETTINGS
from engine.work import notifying, outcome
from tests.console.conftest import VERBS

ROOT = Path(__file__).parent.parent.parent
# Functions whose literal arguments are messages.
_SPEAKERS = {"text", "words", "note", "confirm", "Usage", "SettingsError", "Found", "translate"}
# What a refusal fills its blanks with, where it is a sentence.
_DETAILS = {"reason", "expected", "certificate"}


def spoken() -> set[str]:
    """The literal messages in the code of the command line and of the settings."""
    found: set[str] = set()
    faces = [*(ROOT / "console").rglob("*.py"), ROOT / "engine/settings.py", ROOT / "cli.py"]
    for path in [*faces, *(ROOT / "engine/commands").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= _literals(node)
    return {
        message
        for message in found
        if " " in message or message[:1].isupper() or message[:1] == "("
    }


def _literals(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name, values = node.targets[0].id, [node.value]
        if name not in ("sentence", "remedy", "expected"):
            return set()
    elif isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name == "EngineError":
            values = [word.value for word in node.keywords if word.arg in _DETAILS]
        elif name in _SPEAKERS:
            values = list(node.args)
        else:
            return set()
    else:
        return set()
    return {v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)}


def helped() -> set[str]:
    """The help of every command and option."""
    shared = (*GLOBAL, *main.params)
    found = {p.help or "" for p in shared if isinstance(p, click.Option) and not p.hidden}
    found |= set(SECTIONS) | {t for s in SECTIONS.values() for t in s.values()}
    for ctx in VERBS.values():
        command = ctx.command
        assert isinstance(command, Told)
        found.add(command.sentences())
        found |= {p.help for p in command.params if isinstance(p, click.Option) and p.help}
    return found


def messages() -> list[str]:
    """All of them."""
    found = spoken() | helped() | set(words.COLUMNS.values()) | set(words.STATES.values())
    found |= {text for code in CODES.values() for text in (code.message, code.remedy)}
    found |= {setting.meaning for setting in SETTINGS.values()} | set(story.SENTENCES.values())
    found |= set(outcome.MESSAGES.values())
    found |= set(notifying.MESSAGES)
    found |= {text for pair in violations.MESSAGES.values() for text in pair}
    found |= {text for pair in sentences.MESSAGES.values() for text in pair if " " in text}
    found |= {text for pair in findings.MESSAGES.values() for text in pair if " " in text}
    found |= {text for code, text in notes.MESSAGES.items() if code != "check"}
    found |= set(moving.REASONS.values())
    found |= set(story.WAITS.values()) | set(story.ENDS.values())
    found |= set(story.CLOCKS.values()) | set(story.SILENCES.values()) | set(delays._HOUSE.values())
    found |= {line for lines in topics.TOPICS.values() for line in lines}
    found |= {"yes", "no", "Run the administrative procedures of a city."}
    return sorted(found - {""})
