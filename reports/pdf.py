"""A report or paper as PDF/A-2b, set by Typst from the same document as the DOCX."""

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import typst

from reports import measures as m
from reports.codes import code_png
from reports.document import Document, Paragraph
from reports.faces import Faces, faces
from reports.lettering import printable

TEMPLATE = Path(__file__).with_name("pdf.typ")
STANDARD: Final = "a-2b"
_SPECK, _KEPT = b"#set page(width: 9pt, height: 9pt)", 10


def write_pdf(document: Document, pictures: Mapping[str, bytes], made_on: date, set_in: Faces | None = None) -> bytes:
    """The file, `set_in` the faces of this machine where nothing else is said. `pictures` are PNGs by their chart.

    typst.TypstError where the document cannot be set.
    """
    found = set_in or faces()
    made = int(datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC).timestamp())
    with tempfile.TemporaryDirectory(prefix="nghedan-pdf-") as folder:
        place = Path(folder)
        (place / "document.json").write_bytes(msgspec.json.encode(_data(document, found)))
        (place / "pdf.typ").write_bytes(TEMPLATE.read_bytes())
        for chart in document.charts():
            (place / f"{chart.name}.png").write_bytes(pictures[chart.name])
        for number, code in enumerate(document.codes()):
            (place / f"code{number}.png").write_bytes(code_png(code.address))
        # The data comes as a file: no word of it is ever read as Typst code.
        source = place / "pdf.typ"
        made_pdf: bytes = typst.compile(
            source, root=place, format="pdf", pdf_standards=STANDARD, timestamp=made, font_paths=found.fonts
        )
    if document.charts():
        _forget(found)
    return made_pdf


def _forget(found: Faces) -> None:
    """Typst keeps what the last ten pages were made of, 36 MB a report: ten specks take their place."""
    for _ in range(_KEPT):
        typst.compile(_SPECK, font_paths=found.fonts)


def _data(document: Document, found: Faces) -> dict[str, Any]:
    """The document for the template: its closing words apart, so that they stay with the signature."""
    *blocks, closing = document.blocks
    if not isinstance(closing, Paragraph):
        raise TypeError("a report ends with its closing words")
    data: dict[str, Any] = printable(msgspec.to_builtins(document))
    data["blocks"] = printable(msgspec.to_builtins(blocks))
    annexes = [{**msgspec.to_builtins(annex), "title": annex.title.upper()} for annex in document.annexes]
    data["annexes"] = printable(annexes)
    data["closing"] = printable(closing.text)
    data["fonts"] = list(found.names)
    data["measures"] = _measures(document)
    return data


def _measures(document: Document) -> dict[str, Any]:
    names = (
        "PAGE MARGINS HEAD_WIDTHS SIGN_WIDTHS NATION MOTTO ISSUER NUMBER PLACE_DATE REGARDING TITLE BODY COPIES_HEAD "
        "COPIES SIGNATURE PAGE_NUMBER CELL CAPTION NOTE INDENT AFTER "
        "ANNEX CODE_WIDTH"
    )
    return {
        **{name.lower(): getattr(m, name) for name in names.split()},
        "issuer_rule": m.issuer_rule(document.issuer[1]),
        "title_rule": m.title_rule(document.about[0]) if document.about else 0,
        "short": m.SHORT_TABLE,
    }
