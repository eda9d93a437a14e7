"""Papers: what is taken, under what name it lies, what is told when it is no longer what it was."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from engine.commands import attachments, cases
from engine.engine import Engine
from engine.store import tables as t
from engine.transaction import By
from engine.work.worker import SYSTEM
from tests.conftest import Clock
from tests.engine.commands.house import Hire, deploy, start
from tests.engine.test_engine import refused, rows

PDF, PNG, JPEG = b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff\xe0..."


@pytest.fixture
def desk(engine: Engine, hire: Hire) -> By:
    deploy(engine)
    return hire("nadia", "desk")


@pytest.fixture
def case(engine: Engine, desk: By) -> str:
    return start(engine, desk).reference


def folder(engine: Engine) -> Path:
    return engine.settings.files / "attachments"


@pytest.mark.parametrize(
    ("content", "kind"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")]
)
def test_a_paper_is_known_by_how_it_begins_and_comes_back_as_it_was(
    engine: Engine, desk: By, case: str, content: bytes, kind: str
) -> None:
    done = engine.run(desk, attachments.add, case, "deed", content)
    [row] = engine.read(desk, attachments.listing, case)
    assert (row.attachment, row.kind, row.media_type, row.size) == (
        done.attachment, "deed", kind, len(content),
    )  # fmt: skip
    assert engine.read(desk, attachments.content, done.attachment) == content
    assert engine.read(desk, cases.replay, case).ok


def test_its_name_is_random_and_its_digest_salted(engine: Engine, desk: By, case: str) -> None:
    for _ in range(2):
        engine.run(desk, attachments.add, case, "other", PDF)
    one, two = rows(engine, t.attachment)
    assert {one.id, two.id} == {path.name for path in folder(engine).iterdir()}
    assert len(one.id) == 32
    assert one.id != two.id
    assert one.digest != two.digest
    assert one.digest == sha256(one.salt + PDF).digest()
    event = engine.read(desk, cases.history, case)[-1]
    assert event.body["digest"] == two.digest.hex()
    assert sha256(PDF).hexdigest() not in str(event)


@pytest.mark.parametrize("content", [b"", b"MZ...", b"GIF89a", b"<html>", b"%PD", b" %PDF-1.7"])
def test_nothing_else_is_taken(engine: Engine, desk: By, case: str, content: bytes) -> None:
    refused("attachment_invalid", lambda: engine.run(desk, attachments.add, case, "deed", content))
    assert rows(engine, t.attachment) == []


def test_a_paper_has_a_largest_size(engine: Engine, desk: By, case: str) -> None:
    largest = PDF.ljust(attachments.LARGEST)
    engine.run(desk, attachments.add, case, "deed", largest)
    refused(
        "attachment_invalid",
        lambda: engine.run(desk, attachments.add, case, "deed", largest + b"."),
    )
    assert len(rows(engine, t.attachment)) == len(list(folder(engine).iterdir())) == 1


def test_only_papers_that_the_procedure_names_or_other_ones(
    engine: Engine, desk: By, case: str
) -> None:
    error = refused("bad_value", lambda: engine.run(desk, attachments.add, case, "cv", PDF))
    assert "deed, other" in error.remedy()


def test_the_papers_of_another_office_are_not_there(
    engine: Engine, desk: By, case: str, hire: Hire
) -> None:
    key = engine.run(desk, attachments.add, case, "deed", PDF).attachment
    anfa = hire("anas", "desk", office="ANF")
    refused("unknown_case", lambda: engine.run(anfa, attachments.add, case, "deed", PDF))
    refused("unknown_case", lambda: engine.read(anfa, attachments.listing, case))
    refused("unknown_attachment", lambda: engine.read(anfa, attachments.content, key))
    for name in ("0" * 32, "../../etc/passwd", ""):
        refused("unknown_attachment", lambda n=name: engine.read(desk, attachments.content, n))  # type: ignore[misc]


def test_bytes_that_changed_on_the_disk_are_not_handed_out(
    engine: Engine, desk: By, case: str
) -> None:
    key = engine.run(desk, attachments.add, case, "deed", PDF).attachment
    (folder(engine) / key).write_bytes(PDF + b"!")
    refused("attachment_invalid", lambda: engine.read(desk, attachments.content, key))
    (folder(engine) / key).unlink()
    refused("erased", lambda: engine.read(desk, attachments.content, key))


def test_only_files_that_nothing_names_for_a_day_are_tidied_away(
    engine: Engine, desk: By, case: str, clock: Clock
) -> None:
    key = engine.run(desk, attachments.add, case, "deed", PDF).attachment
    old, new = folder(engine) / ("a" * 32), folder(engine) / ("b" * 32)
    for path in (old, new):
        path.write_bytes(PDF)
    now = clock.now.timestamp()
    for path, age in ((old, 90_000), (new, 60), (folder(engine) / key, 90_000)):
        os.utime(path, (now - age, now - age))
    assert engine.run(SYSTEM, attachments.tidy) == 1
    assert {path.name for path in folder(engine).iterdir()} == {key, new.name}


def test_a_house_without_papers_has_nothing_to_tidy(engine: Engine) -> None:
    assert engine.run(SYSTEM, attachments.tidy) == 0
