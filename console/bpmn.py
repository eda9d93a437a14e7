"""mouqataa bpmn."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from console import faults, output
from console.context import Face, pass_face
from console.failure import Usage
from console.group import noun

command = noun("bpmn")
_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@command.command()
@click.argument("file", type=_FILE)
@click.option("--process", metavar="ID", help="The process to begin with; default: the main one.")
@click.option("--data", metavar="JSON",
              help="The values it begins with: an object, or a file that holds one.")  # fmt: skip
@click.option("--answers", type=click.File("rb"), metavar="FILE",
              help="What people, operations, messages and signals say: YAML or JSON.")  # fmt: skip
@pass_face
def run(face: Face, file: Path, process: str | None, data: str | None, answers: Any) -> None:
    """Rehearse a BPMN file of any vendor in memory, without a database, and show its trace.

    People's tasks are completed at once, timers are fired in the order in which they are due. The
    answers file has the parts tasks, services, messages, signals, leave and offers. Exit status 2
    where the model is refused.

    Example: mouqataa bpmn run model.bpmn --data '{"copies": 2}'
    """
    from engine.rehearsal import rehearse
    from engine.rehearsal.answers import Answers, Unanswerable, read

    try:
        told = read(answers.read()) if answers is not None else Answers()
    except Unanswerable as error:
        raise Usage("The answers cannot be read: {reason}", reason=error) from error
    done = rehearse.run(_bytes(file), process, _values(data), told)
    document = {
        "result": done.result, "trace": list(done.trace),
        "waiting": [_wait(wait) for wait in done.waiting], "data": done.data,
        "findings": [_finding(one, face.language) for one in done.findings],
    }  # fmt: skip
    face.show(document, _lines(document, face))
    if done.result == "refused":
        click.get_current_context().exit(2)


def _bytes(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


def _values(text: str | None) -> dict[str, Any]:
    """The values of `--data`: the object itself, or the file that holds it."""
    from decisions.errors import DecisionError
    from engine.rehearsal.values import variables

    if text is None:
        return {}
    try:
        written = text if text.lstrip().startswith(("{", "[")) else Path(text).read_text("utf-8")
        values = json.loads(written)
        if isinstance(values, dict):
            return variables(values)
    except (OSError, ValueError, RecursionError, DecisionError) as error:
        raise Usage("{name} is not JSON: {reason}", name="--data", reason=error) from error
    raise Usage("{name} must be a JSON object: field name to value.", name="--data")


def _wait(wait: Any) -> dict[str, Any]:
    said = {"element": wait.element, "kind": wait.kind, "name": wait.name, "key": wait.key}
    return {name: value for name, value in {**said, "due": wait.due}.items() if value}


def _finding(finding: Any, language: str) -> dict[str, Any]:
    row = faults.translated(asdict(finding), language)
    return {name: row[name] for name in ("element", "code", "severity", "message", "remedy")}


def _lines(document: dict[str, Any], face: Face) -> Iterator[str]:
    for number, element in enumerate(document["trace"], 1):
        yield f"{number:4}  {output.safe(element)}"
    for wait in document["waiting"]:
        yield face.text("Waiting at {element}: {kind} {name}", element=output.safe(wait["element"]),
                        kind=wait["kind"], name=output.safe(wait.get("name", "")))  # fmt: skip
    for found in document["findings"]:
        grave = output.state(found["severity"], face.words)
        yield f"{grave}  {output.safe(found['element'])}{face.colon}{found['message']}"
    yield face.text("Result: {result}", result=output.state(document["result"], face.words))
