"""mouqataa decision."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from console import completing, output, reasoning
from console.answers import answered, given
from console.context import Face, pass_face
from console.group import noun

command = noun("decision")
_DAY = click.option("--today", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
                    help="The day on which it is decided; default: today.")  # fmt: skip
_ONE = click.option("--decision", "wanted", default="", metavar="NAME",
                    help="Which decision, by its id or name.")  # fmt: skip


def _files(name: str) -> tuple[Mapping[str, bytes], str]:
    """The files around a model, and the model where one is meant: a .dmn file or a procedure."""
    from console.procedure import bundle
    from engine.work import deciding

    if name.endswith(".dmn"):
        return deciding.files_of(Path(name)), Path(name).name
    return bundle(name).files, ""


@command.command()
@click.argument("name", shell_complete=completing.procedures)
@pass_face
def check(face: Face, name: str) -> None:
    """Find gaps, overlaps, rules that never fit and mistakes of type in decision tables.

    NAME is a .dmn file or a procedure, as for procedure check. Each finding shows a row that proves
    it. Exit status 2 where there is a fault.

    Example: mouqataa decision check signature_legalisation
    """
    from engine.errors import EngineError
    from engine.work import deciding

    found = deciding.findings(*_files(name))
    rows = [reasoning.document(finding, face) for finding in found]
    count = sum(row["severity"] == "error" for row in rows)
    if count and face.choices.json:
        raise EngineError("decisions_refused", name=name, count=count, findings=rows)
    said = [line for row in rows for line in reasoning.finding(row, face)]
    face.show({"name": name, "findings": rows}, said or [face.text("No fault found.")])
    if count:
        raise EngineError("decisions_refused", name=name, count=count)


@command.command(name="eval")
@click.argument("name", shell_complete=completing.procedures)
@_ONE
@answered
@_DAY
@pass_face
def evaluate(
    face: Face, name: str, wanted: str, data: TextIO | None, pairs: tuple[str, ...],
    day: datetime | None,
) -> None:  # fmt: skip
    """Take a decision on values that you give, and tell how it came about; nothing is kept.

    NAME is a .dmn file or a procedure. A value that begins with = is FEEL.

    Example: mouqataa decision eval certified_copy --decision fee --set copies=2
    """
    from decisions.evaluation import shown
    from engine.commands import decisions
    from engine.work import deciding
    from processes.translations import Translations

    files, only = _files(name)
    model, decision = deciding.decision(deciding.models(files, only), wanted)
    told = deciding.decide(model, decision, given(data, pairs), day.date() if day else None)
    text = partial(Translations(files).text, language=face.language)
    parts = decisions.parts(decision, shown(told.value), told.trace, text)
    document = {"decision": decision.id, "value": parts[-1].value, "fault": told.fault,
                "parts": parts}  # fmt: skip
    face.show(document, reasoning.outcome(parts, told.fault, face))


@command.command()
@click.argument("name", shell_complete=completing.procedures)
@_DAY
@pass_face
def test(face: Face, name: str, day: datetime | None) -> None:
    """Try the tables of examples beside the models; exit 1 where one comes out otherwise.

    NAME is a .dmn file or a procedure. The examples of fee.dmn stand in fee.examples.csv.

    Example: mouqataa decision test signature_legalisation
    """
    from engine.work import deciding

    files, only = _files(name)
    report = deciding.tried(files, day.date() if day else None, only)
    face.show(reasoning.report(name, report), _lines(report, face))
    if not report.passed:
        click.get_current_context().exit(1)


def _lines(report: Any, face: Face) -> Iterator[str]:
    from console.trial import missing

    for one in report.tried:
        word = face.text("✗ failed") if one.differences else face.text("✓ passed")
        yield f"{word}  {one.file}:{one.example.line}  {output.isolated(one.example.note)}"
        for difference in one.differences:
            yield from reasoning.difference(difference, face)
    if not report.tried:
        yield face.text("There are no examples beside the models.")
    yield face.text("Examples {passed}/{total}, rules {rules}/{all_rules}",
                    passed=report.count, total=len(report.tried), rules=report.rules.reached,
                    all_rules=report.rules.total)  # fmt: skip
    yield from missing(report.rules, face.text("Rules that no example meets:"))


@command.command()
@click.argument("reference", shell_complete=completing.references)
@_ONE
@pass_face
def explain(face: Face, reference: str, wanted: str) -> None:
    """Tell why a case was decided as it was: what each table read, which rule fitted, its source.

    Example: mouqataa decision explain SPECIMEN-LEG-MAR-2026-000001
    """
    from engine.commands import decisions

    language = "fr" if face.choices.json else face.language
    found = face.read(decisions.explain, reference, wanted, language)
    lines = [line for one in found for line in reasoning.explained(one, face)]
    face.show({"items": found, "next": None}, lines or [face.text("Nothing was decided yet.")])
