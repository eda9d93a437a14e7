"""What WeasyPrint 70 leaves out of accessible files: languages of elements, the PDF/UA mark.

Both reach into private parts of the library, which is why its version is pinned and the tests look
into the file. ISO 14289-1, 7.2 (natural language) and 5 (identification).
"""

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.document import DocumentMetadata
from weasyprint.pdf import tags

# PDF/A (ISO 19005-3, 6.6.2.3) accepts a foreign schema only when it is described beside it.
_UA = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about=""
 pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""

_build = tags._build_box_tree
_metadata = DocumentMetadata.generate_rdf_metadata


def install() -> None:
    """Teach the loaded library both; doing it twice changes nothing."""
    tags._build_box_tree = _with_language
    DocumentMetadata.generate_rdf_metadata = _with_mark


def _with_language(box: Any, parent: Any, pdf: Any, *rest: Any) -> Iterator[Any]:
    for element in _build(box, parent, pdf, *rest):
        source = getattr(box, "element", None)
        language = source.get("lang") if source is not None and hasattr(source, "get") else None
        if language and isinstance(element, dict) and element.get("Type") == "/StructElem":
            element["Lang"] = pydyf.String(language)
        yield element


def _with_mark(self: Any, variant: str, version: str, conformance: str) -> bytes:
    rdf: bytes = _metadata(self, variant, version, conformance)
    return rdf.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>")
