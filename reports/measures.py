"""How a page is laid out and how long a rule is: Nghị định 30/2020/NĐ-CP, Phụ lục I, in millimetres and points."""

import unicodedata
from functools import cache
from pathlib import Path

PAGE = (210.0, 297.0)
MARGINS = (20.0, 20.0, 30.0, 15.0)
"""Millimetres: top, bottom, left, right."""
TEXT_WIDTH = PAGE[0] - MARGINS[2] - MARGINS[3]
HEAD_WIDTHS = (63.0, TEXT_WIDTH - 63.0)
"""Millimetres of the two halves of the head: issuer on the left, quốc hiệu on the right."""
SIGN_WIDTHS = (85.0, TEXT_WIDTH - 85.0)

NATION, MOTTO, ISSUER, NUMBER, PLACE_DATE, REGARDING = 13.0, 14.0, 13.0, 13.0, 14.0, 12.0
TITLE, BODY, COPIES_HEAD, COPIES, SIGNATURE, PAGE_NUMBER = 14.0, 14.0, 12.0, 11.0, 14.0, 14.0
CELL, CAPTION, NOTE, ANNEX = 12.0, 13.0, 12.0, 14.0
"""Points. The decree sets none for tables; one size under the body keeps them on the page."""
INDENT, LINE, AFTER = 12.7, 1.2, 6.0
"""First line in millimetres, line spacing, points between paragraphs."""
PICTURE_WIDTH = TEXT_WIDTH
CODE_WIDTH = 38.0
"""Millimetres of a QR code with the white around it."""
SHORT_TABLE = 10
"""A table of so few rows is not broken over two pages."""

_POINTS_PER_MM = 72 / 25.4
_TITLE_RULE, _ISSUER_RULE = 0.4, 0.42
"""The decree wants a third to a half of the line above."""


def text_width(text: str, size: float) -> float:
    """Millimetres of a text set in Times Bold, of which Times New Roman and Liberation Serif have the widths."""
    widths = _times_bold()
    bare = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    units = sum(widths.get(char, 500) for char in bare if not unicodedata.combining(char))
    return units * size / 1000 / _POINTS_PER_MM


def motto_rule(motto: str) -> float:
    """Millimetres: as long as the words."""
    return text_width(motto, MOTTO)


def issuer_rule(line: str) -> float:
    """Millimetres under the name of the commune."""
    return max(12.0, min(text_width(line, ISSUER), HEAD_WIDTHS[0]) * _ISSUER_RULE)


def title_rule(about: str) -> float:
    """Millimetres under the subject."""
    return min(text_width(about, TITLE), TEXT_WIDTH) * _TITLE_RULE


@cache
def _times_bold() -> dict[str, int]:
    """Widths by character in thousandths of the size, from the font metrics that matplotlib carries."""
    import matplotlib as mpl

    metrics = Path(mpl.get_data_path(), "fonts", "afm", "ptmb8a.afm").read_text("latin-1")
    found = {}
    for line in metrics.splitlines():
        # "C 65 ; WX 722 ; N A ; B 9 0 689 690 ;"
        parts = line.split()
        if parts[:1] == ["C"] and int(parts[1]) > 0:
            found[chr(int(parts[1]))] = int(parts[4])
    return found
