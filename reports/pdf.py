"""A report or paper as PDF/A-2b, set by Typst from the same document as the DOCX."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import typst
from matplotlib.ft2font import FT2Font

from reports import measures as m
from reports.document import Document, Paragraph
from reports.lettering import printable

TEMPLATE = Path(__file__).with_name("pdf.typ")
STANDARD: Final = "a-2b"

_FACES = ("Times New Roman", "Liberation Serif", "Tinos")
_CARRIED = "Libertinus Serif"
_LETTERS = "ơưƠƯạỆẫỹ"


def write_pdf(document: Document, pictures: Mapping[str, bytes], made_on: date) -> bytes:
    """The file. `pictures` are PNGs by the name of their chart. typst.TypstError where the document cannot be set."""
    made = int(datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC).timestamp())
    with tempfile.TemporaryDirectory(prefix="nghedan-pdf-") as folder:
        place = Path(folder)
        (place / "document.json").write_bytes(msgspec.json.encode(_data(document)))
        (place / "pdf.typ").write_bytes(TEMPLATE.read_bytes())
        for chart in document.charts():
            (place / f"{chart.name}.png").write_bytes(pictures[chart.name])
        # The data comes as a file: no word of it is ever read as Typst code.
        source = place / "pdf.typ"
        made_pdf: bytes = typst.compile(source, root=place, format="pdf", pdf_standards=STANDARD, timestamp=made)
        return made_pdf


def _data(document: Document) -> dict[str, Any]:
    """The document for the template: its closing words apart, so that they stay with the signature."""
    *blocks, closing = document.blocks
    if not isinstance(closing, Paragraph):
        raise TypeError("a report ends with its closing words")
    data: dict[str, Any] = printable(msgspec.to_builtins(document))
    data["blocks"] = printable(msgspec.to_builtins(blocks))
    data["closing"] = printable(closing.text)
    data["fonts"] = vietnamese_fonts()
    data["measures"] = _measures(document)
    return data


def vietnamese_fonts(faces: Sequence[str] = _FACES, folders: Sequence[str] = ()) -> list[str]:
    """Which of the faces to set a text in, best first, and last the one that Typst carries.

    Times New Roman or what has its widths, where it is installed and has every Vietnamese letter: Liberation Serif
    before 2.0 has not, and a page that takes some letters from another face is ugly. `folders` are looked through too.
    """
    installed: dict[str, list[str]] = {}
    for font in typst.Fonts(font_paths=list(folders)).fonts():
        # What stands narrow in another file is never asked for.
        if font.family in faces and font.path is not None and font.stretch == 1.0:
            installed.setdefault(font.family, []).append(font.path)
    found = [face for face in faces if face in installed and all(_complete(path) for path in installed[face])]
    return [*found, _CARRIED]


def _complete(path: str) -> bool:
    return all(ord(letter) in FT2Font(path).get_charmap() for letter in _LETTERS)


def _measures(document: Document) -> dict[str, Any]:
    names = (
        "PAGE MARGINS HEAD_WIDTHS SIGN_WIDTHS NATION MOTTO ISSUER NUMBER PLACE_DATE REGARDING TITLE BODY COPIES_HEAD "
        "COPIES SIGNATURE PAGE_NUMBER CELL CAPTION NOTE INDENT AFTER"
    )
    return {
        **{name.lower(): getattr(m, name) for name in names.split()},
        "issuer_rule": m.issuer_rule(document.issuer[1]),
        "title_rule": m.title_rule(document.about[0]) if document.about else 0,
        "short": m.SHORT_TABLE,
    }
