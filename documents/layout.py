"""From a template to a PDF/A-3a file. Imported by the worker only: it loads WeasyPrint."""

import hashlib
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from documents import breaking, glyphs, layouts, tagging
from documents.assets import Assets
from documents.coverage import Coverage
from documents.errors import DocumentError
from documents.filling import fill

HERE = Path(__file__).parent
MOST_SHEETS = 32


class Layout:
    """Fonts, and the style sheets met so far; `make` may be called any number of times."""

    def __init__(self) -> None:
        tagging.install()
        glyphs.install()
        breaking.install()
        self.fonts = FontConfiguration()
        self.coverage = Coverage.read(HERE / "fonts")
        self.faces = self._sheet((HERE / "templates" / "fonts.css").read_bytes())
        self.sheets: dict[bytes, CSS] = {}

    def make(
        self, template: str, files: dict[str, bytes], data: dict[str, object], max_pages: int
    ) -> tuple[bytes, str, int]:
        """Return the file, its sha256 in hexadecimal and the number of its pages."""
        html = fill(template, files, data)
        self.coverage.check(html, template)
        assets = Assets(files)
        try:
            return self._print(html, self._house(files), assets, max_pages, template)
        except DocumentError:
            raise
        except FatalURLFetchingError as error:  # a BaseException, so that nothing hides it
            raise DocumentError(
                f"an address cannot be used: {error}",
                remedy="put the file into the procedure and write asset:<path>",
                code="address",
                place=template,
            ) from error
        except MemoryError as error:
            raise DocumentError(
                "the page needs too much memory",
                remedy="simplify the template",
                code="memory",
                place=template,
            ) from error
        except Exception as error:
            raise DocumentError(
                f"the page cannot be laid out ({type(error).__name__}: {error})"[:500],
                remedy="simplify the template's HTML and CSS",
                code="layout",
                place=template,
            ) from error

    def _house(self, files: dict[str, bytes]) -> CSS:
        """The style sheet of all documents, as the procedure brings it."""
        text = files.get(layouts.SHEET)
        if text is None:
            raise DocumentError(
                "the files hold no style sheet: they are not closed over their layouts",
                remedy="deploy the procedure again",
                code="no-layout",
                place=layouts.SHEET,
            )
        if text not in self.sheets:
            if len(self.sheets) >= MOST_SHEETS:
                self.sheets.clear()
            self.sheets[text] = self._sheet(text)
        return self.sheets[text]

    def _sheet(self, text: bytes) -> CSS:
        return CSS(
            string=text.decode(), base_url="asset:", url_fetcher=Assets({}), font_config=self.fonts
        )

    def _print(
        self, html: str, house: CSS, assets: Assets, max_pages: int, template: str
    ) -> tuple[bytes, str, int]:
        options = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}
        source = HTML(string=html, base_url="asset:", url_fetcher=assets)
        document = source.render(font_config=self.fonts, stylesheets=[self.faces, house], **options)
        if len(document.pages) > max_pages:
            raise DocumentError(
                f"{len(document.pages)} pages, more than {max_pages}",
                remedy="shorten the document",
                code="pages",
                place=template,
            )
        identifier = hashlib.sha256(html.encode() + assets.digest()).digest()[:16]
        pdf = document.write_pdf(pdf_identifier=identifier, **options)
        if assets.refused is not None:  # an image inside an image: the library hides its failure
            raise assets.refused
        return pdf, hashlib.sha256(pdf).hexdigest(), len(document.pages)
