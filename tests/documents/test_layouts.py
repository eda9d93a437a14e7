"""A procedure prints with the layouts it was closed over, whatever the program ships later."""

from pathlib import Path

import pytest

from documents import layouts
from documents.errors import DocumentError
from documents.layout import Layout
from documents.render import render
from tests.documents import examples

RED = b"html { font: 11pt 'Mouqataa Latin'; color: red }"


def test_closing_copies_what_is_extended_and_what_that_extends() -> None:
    names = set(examples.files('{% extends "receipt.html" %}'))
    assert names == {
        examples.TEMPLATE, "layout/receipt.html", "layout/certificate.html",
        "layout/certificate.css",
    }  # fmt: skip
    assert "layout/receipt.html" not in examples.files()


def test_closing_twice_changes_nothing() -> None:
    once = examples.files()
    assert layouts.closed(once) == once


def test_a_procedure_without_templates_takes_no_layout_along() -> None:
    assert layouts.closed({"procedure.toml": b""}) == {"procedure.toml": b""}


def test_a_layout_that_a_procedure_brings_is_the_one_it_is_printed_with() -> None:
    body = b"<html lang='fr'><title>x</title><body><p>{% block text_fr %}{% endblock %}"
    own = examples.files(**{"layout/certificate.html": body})
    assert own["layout/certificate.html"] == body
    theirs = examples.files()
    assert render(examples.TEMPLATE, own, examples.data()) != render(
        examples.TEMPLATE, theirs, examples.data()
    )


def test_a_style_sheet_of_one_procedure_does_not_colour_another() -> None:
    before = render(examples.TEMPLATE, examples.files(), examples.data())
    red = examples.files(**{layouts.SHEET: RED})
    assert render(examples.TEMPLATE, red, examples.data()).pdf != before.pdf
    assert render(examples.TEMPLATE, examples.files(), examples.data()).pdf == before.pdf


def test_many_style_sheets_are_not_all_kept() -> None:
    made = Layout()
    for number in range(40):
        made._house({layouts.SHEET: RED + b" " * number})
    assert len(made.sheets) <= 32


@pytest.mark.parametrize("lost", ["layout/certificate.html", "layout/certificate.css"])
def test_nothing_of_the_program_stands_in_for_a_layout_that_is_not_there(lost: str) -> None:
    files = examples.files()
    del files[lost]
    with pytest.raises(DocumentError) as caught:
        render(examples.TEMPLATE, files, examples.data())
    assert caught.value.code in ("no-template", "no-layout")


def test_only_layouts_are_parts() -> None:
    assert layouts.part("certificate.html")
    for name in ("fonts.css", "README.md", "../render.py", "none.html", ""):
        assert layouts.part(name) is None


def test_a_computed_name_is_told_as_none() -> None:
    assert layouts.references(b"{% include data.name %}{% import 'a.html' as a %}") == (
        None, "a.html",
    )  # fmt: skip
    assert layouts.references(b"{% if %}") == ()


def test_every_layout_of_the_folder_can_be_taken_along() -> None:
    folder = Path(layouts.__file__).parent / "templates"
    for path in folder.glob("*.html"):
        assert layouts.part(path.name) == path.read_bytes()
