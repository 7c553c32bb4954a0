"""A citizen's letter as DOCX, made by a process of its own: the letter as JSON on stdin, the file on stdout.

    python -m reports.petition_docx < letter.json > don.docx

Nothing is written anywhere else: what stands in a khiếu nại or tố cáo is nobody's business but the citizen's.
"""

import sys
from io import BytesIO

import docx
import msgspec
from docx.document import Document as Docx
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Mm
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from reports import measures as m
from reports.docx_parts import first, page_number, plain_table, rule, set_style, shape, speak_vietnamese, write
from reports.petitions import Letter, Line, Sheet, sheet

_SIGN_WIDTHS = (m.TEXT_WIDTH - 80.0, 80.0)
_ROOM = 3
"""Empty lines for the signature."""


def write_letter(letter: Letter) -> bytes:
    """The file. It carries neither a name nor a time among its properties."""
    said = sheet(letter)
    made = docx.Document()
    _page(made, said)
    _head(made, said)
    for line in said.lines:
        _filled(made, line)
    write(shape(made.add_paragraph(), "j", before=6, after=12, line=m.LINE, indent=m.INDENT), said.oath, m.BODY)
    _sign(made, said)
    raw = BytesIO()
    made.save(raw)
    return raw.getvalue()


def _page(made: Docx, said: Sheet) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(m.PAGE[0]), Mm(m.PAGE[1])
    top, bottom, left, right = m.MARGINS
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.different_first_page_header_footer = True
    page_number(shape(section.header.paragraphs[0], "c"), m.PAGE_NUMBER)
    speak_vietnamese(made)
    style = made.styles["Normal"]
    if isinstance(style, ParagraphStyle):
        set_style(style, m.BODY)
    core = made.core_properties
    core.title, core.language = said.title, "vi-VN"
    core.author = core.last_modified_by = core.comments = ""


def _head(made: Docx, said: Sheet) -> None:
    write(shape(made.add_paragraph(), "c"), said.nation, m.NATION, bold=True)
    write(shape(made.add_paragraph(), "c"), said.motto, m.MOTTO, bold=True)
    rule(made.add_paragraph(), m.motto_rule(said.motto), m.TEXT_WIDTH)
    write(shape(made.add_paragraph(), "r", before=12), said.date, m.PLACE_DATE, italic=True)
    write(shape(made.add_paragraph(), "c", before=18, after=12, keep=True), said.title, m.TITLE, bold=True)
    if said.to.value:
        write(shape(made.add_paragraph(), "c", after=12), f"{said.to.label} {said.to.value}", m.BODY)
    else:
        _filled(made, said.to, after=12)


def _filled(made: Docx, line: Line, after: float = m.AFTER) -> None:
    """A label with what was filled in, each paragraph of it its own; or with dots up to the margin."""
    rest = line.value.splitlines() if line.value else []
    head = shape(made.add_paragraph(), "j" if rest else "l", after=after, line=m.LINE)
    write(head, f"{line.label} {rest[0] if rest else ''}", m.BODY)
    for text in rest[1:]:
        write(shape(made.add_paragraph(), "j", after=m.AFTER, line=m.LINE, indent=m.INDENT), text, m.BODY)
    if not rest:
        _dots(head)
        for _ in range(line.dots - 1):
            _dots(shape(made.add_paragraph(), "l", after=m.AFTER, line=m.LINE))


def _dots(paragraph: Paragraph) -> None:
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(m.TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    write(paragraph, "", m.BODY).add_tab()


def _sign(made: Docx, said: Sheet) -> None:
    right = plain_table(made, 1, _SIGN_WIDTHS).rows[0].cells[1]
    write(shape(first(right), "c", keep=True), said.signer, m.SIGNATURE, bold=True)
    write(shape(right.add_paragraph(), "c", keep=True), said.sign, m.NOTE, italic=True)
    for _ in range(_ROOM):
        write(shape(right.add_paragraph(), "c", keep=True), "", m.SIGNATURE)
    write(shape(right.add_paragraph(), "c"), said.name, m.SIGNATURE, bold=True)
    # A .docx must end with a paragraph after a table; the smallest one leaves no empty page behind.
    shape(made.add_paragraph()).paragraph_format.line_spacing = 0.1


def main() -> int:
    """Read a letter, write its file; 1 where it is none, without a word of it."""
    try:
        made = write_letter(msgspec.json.decode(sys.stdin.buffer.read(), type=Letter))
    except Exception as fault:  # noqa: BLE001 - only what kind of fault it was may be said: the rest is the citizen's
        print(type(fault).__name__, file=sys.stderr)  # noqa: T201 - the process speaks by its streams
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
