"""A report or paper as DOCX, as Nghị định 30/2020/NĐ-CP, Phụ lục I measures it. Số and ngày stay blank for văn thư."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO

import docx
from docx.document import Document as Docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table as DocxTable
from docx.table import _Cell

from reports import measures as m
from reports.codes import code_png
from reports.document import Annex, Block, Chart, Code, Document, Heading, Paragraph, Table
from reports.docx_parts import (
    Align,
    begin_section,
    describe,
    first,
    frame,
    page_number,
    plain_table,
    repeat_head,
    rule,
    ruled_table,
    set_style,
    shape,
    speak_vietnamese,
    tiny,
    write,
)

_SIGNATURE_ROOM = 4
"""Empty lines between the office and the name."""


def write_docx(document: Document, pictures: Mapping[str, bytes], made_on: date) -> bytes:
    """The file. `pictures` are PNGs by the name of their chart; KeyError where one is missing."""
    made = docx.Document()
    _page(made)
    _styles(made)
    _properties(made, document, made_on)
    _headers(made, document)
    _head(made, document)
    _title(made, document)
    _addressed(made, document)
    last = len(document.blocks) - 1
    for at, block in enumerate(document.blocks):
        _block(made, block, pictures, keep=at == last)
    _foot(made, document)
    # A .docx must end with a paragraph after a table; the smallest one leaves no empty page behind.
    tiny(made.add_paragraph())
    for annex in document.annexes:
        _annex(made, annex, pictures)
    raw = BytesIO()
    made.save(raw)
    return raw.getvalue()


def _annex(made: Docx, annex: Annex, pictures: Mapping[str, bytes]) -> None:
    """A section of its own, whose pages are counted from 1."""
    width = begin_section(made, wide=annex.wide)
    write(shape(made.add_paragraph(), "c", keep=True), annex.label, m.ANNEX, bold=True)
    write(shape(made.add_paragraph(), "c", keep=True), annex.title.upper(), m.TITLE, bold=True)
    if annex.under:
        write(shape(made.add_paragraph(), "c", after=m.AFTER, keep=True), annex.under, m.CAPTION, italic=True)
    for block in annex.blocks:
        _block(made, block, pictures, width=width)
    tiny(made.add_paragraph())


def _page(made: Docx) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(m.PAGE[0]), Mm(m.PAGE[1])
    top, bottom, left, right = m.MARGINS
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(7), Mm(7)
    section.different_first_page_header_footer = True


def _styles(made: Docx) -> None:
    speak_vietnamese(made)
    for name, bold in (("Normal", False), ("Heading 1", True), ("Heading 2", True), ("Heading 3", False)):
        style = made.styles[name]
        if isinstance(style, ParagraphStyle):
            set_style(style, m.BODY, bold=bold)
    for name in ("Header", "Caption"):
        style = made.styles[name]
        if isinstance(style, ParagraphStyle):
            set_style(style, m.CAPTION)


def _properties(made: Docx, document: Document, made_on: date) -> None:
    core = made.core_properties
    core.title, core.subject = document.title, document.subject
    core.author = " ".join(document.issuer)
    core.last_modified_by = core.author
    core.comments = document.sample
    core.language = "vi-VN"
    core.created = core.modified = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)


def _headers(made: Docx, document: Document) -> None:
    section = made.sections[0]
    number = shape(section.header.paragraphs[0], "c")
    page_number(number, m.PAGE_NUMBER)
    if document.sample:
        write(shape(section.header.add_paragraph(), "c"), document.sample, m.NOTE, bold=True)
        write(shape(section.first_page_header.paragraphs[0], "c"), document.sample, m.NOTE, bold=True)


def _head(made: Docx, document: Document) -> None:
    """Quốc hiệu and issuer; số and địa danh, ngày tháng on one line below."""
    table = plain_table(made, 2, m.HEAD_WIDTHS)
    left, right = table.rows[0].cells
    write(shape(first(left), "c"), document.issuer[0], m.ISSUER, bold=True)
    write(shape(left.add_paragraph(), "c"), document.issuer[1], m.ISSUER, bold=True)
    rule(left.add_paragraph(), m.issuer_rule(document.issuer[1]), m.HEAD_WIDTHS[0])
    write(shape(first(right), "c"), document.nation, m.NATION, bold=True)
    write(shape(right.add_paragraph(), "c"), document.motto, m.MOTTO, bold=True)
    rule(right.add_paragraph(), m.motto_rule(document.motto), m.HEAD_WIDTHS[1])
    left, right = table.rows[1].cells
    write(shape(first(left), "c", before=6), document.number, m.NUMBER)
    write(shape(first(right), "c", before=6), document.place_date, m.PLACE_DATE, italic=True)
    if document.regarding:
        write(shape(left.add_paragraph(), "c", before=6), document.regarding, m.REGARDING)


def _title(made: Docx, document: Document) -> None:
    if document.name:
        write(shape(made.add_paragraph(), "c", before=18, keep=True), document.name, m.TITLE, bold=True)
    for line in document.about:
        write(shape(made.add_paragraph(), "c", keep=True), line, m.TITLE, bold=True)
    if document.about:
        under = made.add_paragraph()
        rule(under, m.title_rule(document.about[0]), m.TEXT_WIDTH, keep=True)
        if not document.dates:
            under.paragraph_format.space_after = Pt(12)
    if document.dates:
        write(shape(made.add_paragraph(), "c", before=6, after=6), document.dates, m.CAPTION, italic=True)
    if document.sample:
        box = shape(made.add_paragraph(), "c", before=6, after=12)
        write(box, document.sample, m.TITLE, bold=True).add_break()
        write(box, document.sample_note, m.CAPTION)
        frame(box)


def _addressed(made: Docx, document: Document) -> None:
    many = len(document.to) > 1
    if document.to_head:
        above = 12 if document.name else 18
        write(shape(made.add_paragraph(), "c", before=above, after=0 if many else 12), document.to_head, m.BODY)
    for at, body in enumerate(document.to if many else ()):
        end = at == len(document.to) - 1
        item = shape(made.add_paragraph(), "l", after=12 if end else 0)
        item.paragraph_format.left_indent = Mm(55)
        write(item, f"- {body}{'.' if end else ';'}", m.BODY)
    for at, basis in enumerate(document.bases):
        stop = "." if at == len(document.bases) - 1 else ";"
        paragraph = shape(made.add_paragraph(), "j", after=m.AFTER, line=m.LINE, indent=m.INDENT)
        write(paragraph, basis + stop, m.BODY, italic=True)


def _block(
    made: Docx, block: Block, pictures: Mapping[str, bytes], *, keep: bool = False, width: float = m.TEXT_WIDTH
) -> None:
    match block:
        case Heading(level=level, text=text):
            heading = made.add_paragraph(style=f"Heading {level}")
            shape(heading, "j", before=6 if level == 1 else 0, after=m.AFTER, line=m.LINE, indent=m.INDENT, keep=True)
            write(heading, text, m.BODY, bold=level != 3)
        case Paragraph(text=text, style=style):
            marked = style == "mark"
            body = shape(made.add_paragraph(), "j", after=m.AFTER, line=m.LINE, indent=m.INDENT, keep=keep)
            write(body, text, m.BODY, italic=style != "body", marked=marked)
        case Table():
            _table(made, block, width)
        case Chart():
            _chart(made, block, pictures[block.name])
        case Code():
            _code(made, block)


def _table(made: Docx, table: Table, page: float) -> None:
    caption = made.add_paragraph(style="Caption")
    write(shape(caption, "c", before=6, after=0 if table.note else 4, keep=True), table.caption, m.CAPTION, bold=True)
    if table.note:
        write(shape(made.add_paragraph(), "c", after=4, keep=True), table.note, m.NOTE, italic=True)
    made_table = ruled_table(made, 1 + len(table.rows), tuple(width * page for width in table.widths))
    repeat_head(made_table)
    last = len(table.rows)
    for at, texts in enumerate((table.head, *table.rows)):
        head, total = at == 0, table.total and at == last
        for text, cell, align in zip(texts, made_table.rows[at].cells, table.align, strict=True):
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = shape(
                first(cell),
                "c" if head else _aligned(align),
                before=2,
                after=2,
                # The last row takes what is said below along.
                keep=at < last <= m.SHORT_TABLE or (at == last and bool(table.foot)),
            )
            write(paragraph, text, m.CELL, bold=head or total)
    if table.grouped:
        _group(made_table)
    # What follows stands off the table by a paragraph of its own, as tables have no space after.
    gap = shape(made.add_paragraph(), "l", before=2 if table.foot else 0, after=m.AFTER if table.foot else 0)
    if table.foot:
        write(gap, table.foot, m.NOTE, italic=True)
    else:
        gap.paragraph_format.line_spacing = 0.5


def _group(made_table: DocxTable) -> None:
    """Join every empty first cell to the one above it."""
    cells = made_table.columns[0].cells
    start = 1
    for at in range(2, len(cells) + 1):
        if at < len(cells) and not cells[at].text:
            continue
        if at - start > 1:
            text = first(cells[start])
            joined = cells[start].merge(cells[at - 1])
            for paragraph in joined.paragraphs:
                if paragraph._p is not text._p:
                    paragraph._p.getparent().remove(paragraph._p)
        start = at


def _aligned(letter: str) -> Align:
    return "c" if letter == "c" else "r" if letter == "r" else "l"


def _chart(made: Docx, chart: Chart, picture: bytes) -> None:
    paragraph = shape(made.add_paragraph(), "c", before=4, after=2, keep=True)
    run = paragraph.add_run()
    run.add_picture(BytesIO(picture), width=Mm(m.PICTURE_WIDTH))
    describe(run, chart.caption, chart.alt)
    after = 0 if chart.foot else m.AFTER * 2
    caption = shape(made.add_paragraph(style="Caption"), "c", after=after, keep=bool(chart.foot))
    write(caption, chart.caption, m.CAPTION, italic=True)
    if chart.foot:
        write(shape(made.add_paragraph(), "c", after=m.AFTER * 2), chart.foot, m.NOTE, italic=True)


def _code(made: Docx, code: Code) -> None:
    run = shape(made.add_paragraph(), "c", keep=True).add_run()
    run.add_picture(BytesIO(code_png(code.address)), width=Mm(m.CODE_WIDTH))
    describe(run, code.caption, code.alt)
    caption = shape(made.add_paragraph(style="Caption"), "c", after=m.AFTER)
    write(caption, code.caption, m.CAPTION, italic=True)


def _foot(made: Docx, document: Document) -> None:
    """Nơi nhận and signature side by side; the closing paragraph stays with them and they never split.

    With a second signature these two stand side by side, and Nơi nhận below them.
    """
    table = plain_table(made, 2 if document.facing and document.copies else 1, m.SIGN_WIDTHS)
    left, right = table.rows[0].cells
    if document.facing is not None:
        _signature(left, document.facing.lines, document.facing.note, document.facing.signer)
        left = table.rows[-1].cells[0] if document.copies else left
    _signature(right, document.signature, document.signature_note, document.signer)
    # Kept with what follows also where it is empty: a table that is not may send its last line to a page of its own.
    shape(first(left), keep=True)
    if not document.copies:
        return
    write(first(left), document.copies_head, m.COPIES_HEAD, bold=True, italic=True)
    for at, copy in enumerate(document.copies):
        end = "." if at == len(document.copies) - 1 else ";"
        write(shape(left.add_paragraph(), keep=True), f"- {copy}{end}", m.COPIES)


def _signature(cell: _Cell, lines: tuple[str, ...], note: str, signer: str) -> None:
    for at, line in enumerate(lines):
        paragraph = first(cell) if at == 0 else cell.add_paragraph()
        write(shape(paragraph, "c", keep=True), line, m.SIGNATURE, bold=True)
    if note:
        write(shape(cell.add_paragraph(), "c", keep=True), note, m.CAPTION, italic=True)
    for _ in range(_SIGNATURE_ROOM):
        write(shape(cell.add_paragraph(), "c", keep=True), "", m.SIGNATURE)
    write(shape(cell.add_paragraph(), "c"), signer, m.SIGNATURE, bold=True)
