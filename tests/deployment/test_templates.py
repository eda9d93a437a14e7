"""A bundle is closed over its layouts; a template that cannot be closed is refused."""

from datetime import date
from typing import Any

import pytest

from engine.commands import procedures
from engine.commands.procedures import examine
from engine.deployment.preparation import closed, prepare
from engine.engine import Engine
from engine.operations.registry import OPERATIONS
from processes.bundle import Bundle
from tests.conftest import ADMIN
from tests.conftest import bundle as shipped
from tests.deployment.bundles import bundle

PAGE = "templates/page.html"


def found(text: bytes, name: str = PAGE, **more: bytes) -> dict[str, str]:
    return {f.file: f.code for f in examine(bundle(files={name: text, **more}))}


def test_a_version_holds_the_layouts_that_its_certificates_need() -> None:
    made = prepare(shipped("attestation"), OPERATIONS).bundle
    assert {"layout/certificate.html", "layout/certificate.css"} <= set(made.files)


def test_what_is_exported_deploys_to_the_same_digest(sqlite: Engine) -> None:
    first = sqlite.run(ADMIN, procedures.deploy, shipped("attestation"))
    archive = sqlite.read(ADMIN, procedures.export, "attestation").archive
    again = sqlite.run(ADMIN, procedures.deploy, Bundle.unzip(archive))
    assert again == first
    assert closed(Bundle.unzip(archive)).digest == first.digest


def test_an_export_of_an_older_mouqataa_keeps_its_layout_and_says_so() -> None:
    older = {"layout/certificate.html": b"<html>{% block rows %}{% endblock %}</html>"}
    given = bundle(files={PAGE: b'{% extends "certificate.html" %}', **older})
    assert closed(given).files["layout/certificate.html"] == older["layout/certificate.html"]
    [warning] = examine(given)
    assert (warning.code, warning.severity) == ("layout_differs", "warning")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"{% if %}", "template"),
        (b"\xff", "template"),
        (b"{% extends data.layout %}", "template_computed"),
        (b'{% include "none.html" %}', "template_missing"),
        (b'{% import "other.html" as o %}', "template_missing"),
    ],
)
def test_a_template_that_cannot_be_closed_is_refused(text: bytes, code: str) -> None:
    assert found(text) == {PAGE: code}


def test_a_template_may_include_one_of_its_own_bundle() -> None:
    assert found(b'{% include "templates/part.html" %}', **{"templates/part.html": b"x"}) == {}


def test_a_template_does_not_take_the_name_of_a_layout_it_uses() -> None:
    wrong = found(b'{% extends "certificate.html" %}', **{"certificate.html": b"x"})
    assert wrong == {"certificate.html": "template_name"}


def test_a_later_layout_does_not_change_how_a_version_prints(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from documents import layouts

    first = sqlite.run(ADMIN, procedures.deploy, shipped("attestation"))
    part: Any = layouts.part
    later = lambda name: part(name) and part(name) + b"\n"  # noqa: E731
    monkeypatch.setattr(layouts, "part", later)
    archive = sqlite.read(ADMIN, procedures.export, "attestation").archive
    assert closed(Bundle.unzip(archive)).digest == first.digest
    second = sqlite.run(ADMIN, procedures.deploy, shipped("attestation"), date(2026, 3, 2))
    assert second.version == first.version + 1
