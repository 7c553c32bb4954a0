"""A page of our own (poster, printed form) set by Typst: a template beside this file, its words as data, no code."""

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import msgspec
import typst

from reports.faces import SERIFS, Faces, faces
from reports.pdf import STANDARD

_SANS = ("Noto Sans", "Arial", "Liberation Sans", "DejaVu Sans")
_PPI = 200
"""Dots an inch of a PNG: sharp on a screen and on an office printer."""


def set_pages(
    template: str,
    data: Mapping[str, Any],
    files: Mapping[str, bytes],
    made_on: date,
    format: Literal["pdf", "png"] = "pdf",
) -> bytes:
    """The PDF/A, or the PNG of a single page. `files` are pictures by the name that `data` calls them by.

    typst.TypstError where the pages cannot be set.
    """
    made = int(datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC).timestamp())
    with tempfile.TemporaryDirectory(prefix="nghedan-typst-") as folder:
        place = Path(folder)
        # As a file: no word of it is ever read as Typst code.
        (place / "data.json").write_bytes(msgspec.json.encode(dict(data)))
        source = place / template
        source.write_bytes(Path(__file__).with_name(template).read_bytes())
        for name, body in files.items():
            (place / name).write_bytes(body)
        told: dict[str, Any] = {"root": place, "font_paths": _faces().fonts, "timestamp": made}
        if format == "png":
            image: bytes = typst.compile(source, format="png", ppi=_PPI, **told)
            return image
        pages: bytes = typst.compile(source, format="pdf", pdf_standards=STANDARD, **told)
        return pages


def plain_faces() -> list[str]:
    """Faces without serifs that have every Vietnamese letter: one is always there, matplotlib brings it."""
    return [name for name in _faces().names if name not in SERIFS]


def _faces() -> Faces:
    # Both kinds, so that no folder with half a face is left among those looked through.
    return faces((*_SANS, *SERIFS), (str(Path(mpl.get_data_path()) / "fonts" / "ttf"),))
