import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest

from documents.errors import DocumentError, DocumentUnavailable
from documents.render import Limits, Renderer, render
from tests.documents import examples

ROOT = Path(__file__).resolve().parents[2]
SEED = """
import hashlib
from documents.render import render
from tests.documents import examples
result = render(examples.TEMPLATE, examples.files(), examples.data())
print(result.sha256)
"""


def refused(source: str, **data: object) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        render(examples.TEMPLATE, examples.files(source), examples.data(**data))
    assert caught.value.remedy
    return caught.value


def page(body: str) -> str:
    return f'<!DOCTYPE html><html lang="fr"><title>x</title><body>{body}</body></html>'


def test_a_certificate_is_one_page_with_its_digest() -> None:
    result = render(examples.TEMPLATE, examples.files(), examples.data())
    assert result.pdf.startswith(b"%PDF-")
    assert result.pages == 1
    assert result.sha256 == hashlib.sha256(result.pdf).hexdigest()


def test_the_same_input_gives_the_same_bytes() -> None:
    first = render(examples.TEMPLATE, examples.files(), examples.data())
    render(examples.TEMPLATE, examples.files(), examples.data(specimen=True))
    assert render(examples.TEMPLATE, examples.files(), examples.data()).pdf == first.pdf


def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)}
    output = subprocess.run(
        [sys.executable, "-c", SEED], env=environment, capture_output=True, check=True, text=True
    ).stdout.strip()
    assert output == render(examples.TEMPLATE, examples.files(), examples.data()).sha256


def test_the_file_says_pdf_a_pdf_ua_its_date_and_its_languages() -> None:
    result = render(examples.TEMPLATE, examples.files(), examples.data())
    with pikepdf.open(io.BytesIO(result.pdf)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes().decode()
        languages = {
            str(item.Lang)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary)
            and item.get("/Type") == "/StructElem"
            and "/Lang" in item
        }
        fonts = {
            str(item.BaseFont).partition("+")[2]
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
        }
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert 'pdfuaid:part="1"' in metadata
    assert "2026-11-23T10:15:00" in metadata
    assert languages == {"fr", "ar", "zgh"}
    assert all(name.startswith("Mouqataa") for name in fonts), fonts


def test_a_specimen_differs_from_the_original() -> None:
    original = render(examples.TEMPLATE, examples.files(), examples.data())
    assert render(examples.TEMPLATE, examples.files(), examples.data(specimen=True)) != original


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "ftp://127.0.0.1/x",
        "data:text/html,x",
        "asset:missing.png",
        "asset:../errors.py",
        "asset:mouqataa/../../errors.py",
        "asset:mouqataa/fonts.toml",
    ],
)
@pytest.mark.parametrize(
    "tag",
    [
        '<img src="{}" alt="x">',
        '<link rel="stylesheet" href="{}">',
        '<link rel="attachment" href="{}">',
        '<a rel="attachment" href="{}">x</a>',
        '<p style="background: url({})">x</p>',
        '<style>@import "{}";</style>',
    ],
)
def test_an_address_outside_the_procedure_is_refused(tag: str, address: str) -> None:
    error = refused(page(tag.format(address)))
    assert error.code == "address"


def test_an_image_inside_an_image_is_not_fetched_from_outside() -> None:
    svg = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        b'<image width="9" height="9" href="file:///etc/passwd"/></svg>'
    )
    with pytest.raises(DocumentError) as caught:
        render(
            examples.TEMPLATE,
            examples.files(page('<img src="asset:x.svg" alt="x">'), **{"x.svg": svg}),
            {},
        )
    assert caught.value.code == "address"


@pytest.mark.parametrize(
    "expression",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ '{0.__class__}'.format(data) }}",
        "{{ data.update({'name': 'x'}) }}",
    ],
)
def test_a_way_out_of_the_sandbox_is_refused(expression: str) -> None:
    assert refused(page(expression)).code in {"forbidden", "missing"}


def test_data_are_escaped() -> None:
    result = render(
        examples.TEMPLATE,
        examples.files(page("{{ text }}")),
        {"text": '<img src="file:///etc/passwd">'},
    )
    assert result.pages == 1


def test_a_character_without_a_font_is_named() -> None:
    error = refused(page("{{ text }}"), text="Prénom 漢")
    assert error.code == "character"
    assert "漢" in str(error)
    assert "U+6F22" in str(error)


def test_missing_data_are_named() -> None:
    error = refused(page("{{ data.absent }}"))
    assert error.code == "missing"
    assert "absent" in str(error)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("{{ data[data.name] }}", ":1"),
        ("\n{{ data.name + 1 }}", ":2"),
        ("\n\n{{ '%d' % data.name }}", ":3"),
        ('<img alt="" src="asset:{{ data.name }}.png">', ""),
        ("{{ data.name }}漢", " U+6F22"),
    ],
)
def test_what_is_kept_of_a_fault_names_the_line_and_quotes_no_value(body: str, place: str) -> None:
    error = refused(page(body), data={"name": "Zoubida"})
    assert error.told.startswith(f"{examples.TEMPLATE}{place}: {error.code} (")
    assert "Zoubida" not in error.told


def test_what_is_kept_of_a_worker_that_fails_says_why() -> None:
    fault = DocumentUnavailable("it took more than 30 s", remedy="try again", code="timeout")
    assert fault.told == "it took more than 30 s (try again)"


def test_a_syntax_error_names_file_and_line() -> None:
    assert refused("<p>\n{% if %}").place == f"{examples.TEMPLATE}:2"


def test_an_object_among_the_data_is_refused_with_its_place() -> None:
    with pytest.raises(DocumentError) as caught:
        render(examples.TEMPLATE, examples.files(), examples.data(data={"a": [Path()]}))
    assert caught.value.place == "data.data.a[0]"


def test_too_many_pages_are_refused() -> None:
    assert refused(page('<p style="page-break-after: always">x</p>' * 60)).code == "pages"


def test_a_base_layout_cannot_be_replaced() -> None:
    with pytest.raises(DocumentError) as caught:
        render(examples.TEMPLATE, examples.files(**{"certificate.html": b"x"}), {})
    assert caught.value.code == "name"


def test_a_killed_worker_is_replaced() -> None:
    renderer = Renderer()
    try:
        first = renderer.render(examples.TEMPLATE, examples.files(), examples.data())
        killed = renderer.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        while renderer.pid is not None:
            time.sleep(0.01)
        second = renderer.render(examples.TEMPLATE, examples.files(), examples.data())
        assert second == first
        assert renderer.pid not in {None, killed}
    finally:
        renderer.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "limits", [Limits(seconds=2.0), Limits(cpu_seconds=1)], ids=["wall clock", "CPU"]
)
def test_an_endless_template_ends_and_the_next_document_is_made(limits: Limits) -> None:
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    renderer = Renderer(limits)
    try:
        with pytest.raises(DocumentUnavailable):
            renderer.render(examples.TEMPLATE, examples.files(page(loop)), {})
        renderer.limits = Limits()
        made = renderer.render(examples.TEMPLATE, examples.files(), examples.data())
        assert made.pages == 1
    finally:
        renderer.close()


def test_a_template_that_eats_the_memory_is_refused() -> None:
    error = refused(page("{{ 'x' * 10 ** 10 }}"))
    assert error.code in {"memory", "worker-died"}


@pytest.mark.parametrize("tag", ["include", "extends", "import"])
@pytest.mark.parametrize("path", ["/etc/passwd", "../errors.py", "file:///etc/passwd"])
def test_a_template_reads_no_file_of_the_machine(tag: str, path: str) -> None:
    end = " as x" if tag == "import" else ""
    error = refused("{% " + tag + " '" + path + "'" + end + " %}")
    assert error.code == "no-template"


def _nested(depth: int) -> bytes:
    groups = "".join(
        f'<g id="g{i}">' + f'<use href="#g{i - 1}"/>' * 10 + "</g>" for i in range(1, depth)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<defs><g id="g0"><rect width="1" height="1"/></g>{groups}</defs>'
        f'<use href="#g{depth - 1}"/></svg>'
    ).encode()


def _entities() -> bytes:
    lines = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    return (
        f'<!DOCTYPE svg [<!ENTITY e0 "boom">{lines}]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><text>&e11;</text></svg>'
    ).encode()


@pytest.mark.slow
def test_images_and_styles_that_explode_end_within_the_limits() -> None:
    limits = Limits(seconds=6.0, cpu_seconds=3, memory=700 * 1024 * 1024)
    renderer = Renderer(limits)
    image = page('<img src="asset:x.svg" alt="x">')
    wide = page('<div style="columns: 9999999; column-gap: 0">' + "x " * 99 + "</div>")
    deep = page("<div>" * 3000 + "x" + "</div>" * 3000)
    try:
        for source, svg in ((image, _nested(12)), (image, _entities()), (wide, b""), (deep, b"")):
            with suppress(DocumentError):  # refused, or drawn: but never without an end
                files = examples.files(source, **{"x.svg": svg})
                renderer.render(examples.TEMPLATE, files, {})
            made = renderer.render(examples.TEMPLATE, examples.files(), examples.data())
            assert made.pages == 1
    finally:
        renderer.close()


def test_a_table_longer_than_a_page_goes_on_over_the_next() -> None:
    row = '<tr><th scope="row" lang="fr">Nom</th><td>x</td><th lang="ar" dir="rtl">الاسم</th></tr>'
    source = examples.SOURCE.replace("{% block rows %}", "{% block rows %}" + row * 60)
    made = render(examples.TEMPLATE, examples.files(source), examples.data())
    assert made.pages in {2, 3}


def test_a_file_that_is_too_large_is_refused() -> None:
    renderer = Renderer(Limits(bytes=1000))
    try:
        with pytest.raises(DocumentError) as caught:
            renderer.render(examples.TEMPLATE, examples.files(), examples.data())
    finally:
        renderer.close()
    assert caught.value.code == "bytes"


def test_without_pango_a_document_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.joinpath("weasyprint.py").write_text("raise OSError('cannot load libpango-1.0-0')")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
    monkeypatch.setattr("documents.render._environment", lambda: kept)
    renderer = Renderer()
    try:
        with pytest.raises(DocumentUnavailable) as caught:
            renderer.render(examples.TEMPLATE, examples.files(), examples.data())
    finally:
        renderer.close()
    assert "libpango" in caught.value.message
    assert "install Pango" in caught.value.remedy
