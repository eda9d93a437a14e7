"""What an import prints and writes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from console import output
from console.context import Face
from console.failure import Usage


def run(file: Path, target: Path | None, language: str) -> dict[str, Any]:
    """Import a model, write the folder of each procedure where `target` says, say what was done."""
    from engine.deployment.importing.folders import imported
    from engine.deployment.importing.notes import MESSAGES, Note
    from engine.i18n import text
    from engine.operations.registry import OPERATIONS

    xml, beside = _source(file)
    done = imported(xml, beside, file.stem, OPERATIONS)

    def row(note: Note) -> dict[str, str]:
        said = text(MESSAGES[note.code], language, **note.words)
        return {"element": note.element, "code": note.code, "name": note.name, "message": said}

    places = {key: target / key for key in done.folders} if target is not None else {}
    for place in places.values():
        if place.exists():
            raise Usage("{place} exists already.", "Choose another folder with --to.", place=place)
    for key, place in places.items():
        for name, content in done.folders[key].items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    notes = done.notes
    return {
        "result": done.result,
        "changes": [row(note) for note in notes.changes],
        "todo": [row(note) for note in notes.todo],
        "findings": [row(note) for note in notes.findings],
        "folders": [str(place) for place in places.values()],
    }


def lines(document: Mapping[str, Any], face: Face) -> Iterator[str]:
    """The result, then every sentence under its element."""
    yield output.state(document["result"], face.words)
    for kind in ("changes", "todo", "findings"):
        for row in document[kind]:
            what = output.state(kind, face.words)
            yield f"  {what}  {output.safe(row['element'])}{face.colon}{row['message']}"
    yield from document["folders"]


def _source(file: Path) -> tuple[bytes, dict[str, bytes]]:
    """The model, and the other files of its procedure where it lies in the folder of one."""
    from processes.bundle import Bundle

    if file.is_dir() or file.suffix == ".zip":
        files = dict(Bundle.read(file).files)
        if "procedure.bpmn" not in files:
            files["procedure.bpmn"] = next(
                (text for name, text in sorted(files.items()) if name.endswith(".bpmn")), b""
            )
        return files["procedure.bpmn"], files
    if not file.is_file():
        raise Usage("{place} is no file.", "Name a .bpmn file, a folder or a .zip.", place=file)
    if file.name == "procedure.bpmn" and (file.parent / "procedure.toml").is_file():
        return file.read_bytes(), dict(Bundle.read(file.parent).files)
    return file.read_bytes(), {}
