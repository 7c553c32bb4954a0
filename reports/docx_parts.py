"""What python-docx has no word for: rules, fields, frames, fixed columns."""

from typing import Literal

from docx.document import Document as Docx
from docx.enum.section import WD_ORIENTATION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reports import measures as m
from reports.lettering import tidy

FONT = "Times New Roman"

Align = Literal["l", "c", "r", "j"]
_ALIGN = {
    "l": WD_ALIGN_PARAGRAPH.LEFT,
    "c": WD_ALIGN_PARAGRAPH.CENTER,
    "r": WD_ALIGN_PARAGRAPH.RIGHT,
    "j": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_THEMED = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")


def set_style(style: ParagraphStyle, size: float, *, bold: bool = False, italic: bool = False) -> None:
    """A style in Times New Roman, black, with nothing of the theme left in it."""
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in _THEMED:
        fonts.attrib.pop(qn(name), None)
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), FONT)


def write(
    paragraph: Paragraph,
    text: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    marked: bool = False,
) -> Run:
    """Text at the end of a paragraph."""
    # XML has no room for control signs, and nobody can say where such a sign came in.
    run = paragraph.add_run(tidy(text))
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.italic = italic
    if marked:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    return run


def shape(
    paragraph: Paragraph,
    align: Align = "l",
    *,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
    indent: float = 0,
    keep: bool = False,
) -> Paragraph:
    """Set the paragraph: points before and after, lines, first line in millimetres, whether it stays with the next."""
    form = paragraph.paragraph_format
    form.alignment = _ALIGN[align]
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = line
    form.first_line_indent = Mm(indent)
    form.keep_with_next = keep
    form.widow_control = True
    return paragraph


def rule(paragraph: Paragraph, length: float, width: float, *, keep: bool = False) -> None:
    """A line of `length` millimetres in the middle of `width`: the lower border of a very low paragraph."""
    # Clear of the dot under the letters.
    shape(paragraph, "c", before=2, keep=keep)
    form = paragraph.paragraph_format
    side = Mm(max(0.0, (width - length) / 2))
    form.left_indent, form.right_indent = side, side
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(2)
    write(paragraph, "", 1)
    _border(paragraph, ("bottom",), "single", 6, 0)


def frame(paragraph: Paragraph) -> None:
    """A box around the paragraph."""
    _border(paragraph, ("top", "left", "bottom", "right"), "single", 12, 4)


def _border(paragraph: Paragraph, sides: tuple[str, ...], kind: str, eighths: int, space: int) -> None:
    borders = OxmlElement("w:pBdr")
    for side in sides:
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", kind), ("sz", str(eighths)), ("space", str(space)), ("color", "000000")):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    properties = paragraph._p.get_or_add_pPr()
    # The schema wants the borders before shading, tabs, spacing, indents and alignment.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc"
    )


def page_number(paragraph: Paragraph, size: float) -> None:
    """The PAGE field."""
    for kind, text in (("begin", None), (None, " PAGE "), ("separate", None), ("result", "2"), ("end", None)):
        run = write(paragraph, "", size)
        if kind is None:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)
        elif kind == "result":
            run.text = text or ""
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def tiny(paragraph: Paragraph) -> None:
    """As low as a paragraph can be: one that has to be there and must not be seen."""
    write(shape(paragraph, line=0.1), "", 1)
    paragraph.paragraph_format.line_spacing = Pt(1)


def begin_section(docx: Docx, *, wide: bool) -> float:
    """New pages counted from 1, with the header of those before; the width of their text in millimetres.

    The break takes the place of the last paragraph, which is empty.
    """
    last = docx.paragraphs[-1]
    last._p.getparent().remove(last._p)
    section = docx.add_section()
    tiny(docx.paragraphs[-1])
    page = (m.PAGE[1], m.PAGE[0]) if wide else m.PAGE
    section.orientation = WD_ORIENTATION.LANDSCAPE if wide else WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = Mm(page[0]), Mm(page[1])
    section.different_first_page_header_footer = True
    # The last section of a document is told at the end of its body.
    told = docx.element.body.find(qn("w:sectPr"))
    numbers = told.find(qn("w:pgNumType"))
    if numbers is None:
        numbers = OxmlElement("w:pgNumType")
        # The schema wants it behind the margins.
        told.find(qn("w:pgMar")).addnext(numbers)
    numbers.set(qn("w:start"), "1")
    return page[0] - m.MARGINS[2] - m.MARGINS[3]


def plain_table(docx: Docx, rows: int, widths: tuple[float, ...]) -> Table:
    """A table without lines and without padding, for things that stand side by side. Widths in millimetres."""
    table: Table = docx.add_table(rows=rows, cols=len(widths))
    _fix(table, widths, padding=0)
    return table


def ruled_table(docx: Docx, rows: int, widths: tuple[float, ...]) -> Table:
    """A table with lines, in the middle of the page. Widths in millimetres."""
    table: Table = docx.add_table(rows=rows, cols=len(widths), style="Table Grid")
    _fix(table, widths, padding=80)
    return table


def _fix(table: Table, widths: tuple[float, ...], padding: int) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(padding))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = properties.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(margins)
    else:
        properties.append(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)


def repeat_head(table: Table) -> None:
    """The first row stands again at the top of every page the table runs over."""
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def first(cell: _Cell) -> Paragraph:
    """The paragraph that every cell begins with."""
    found: Paragraph = cell.paragraphs[0]
    return found


def describe(run: Run, name: str, alt: str) -> None:
    """Alternative text of the picture in a run, and no room around it."""
    for inline in run._r.iter(qn("wp:inline")):
        # Left out, LibreOffice takes 3 mm and the picture hangs over the margin.
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("name", name)
        properties.set("descr", alt)


def speak_vietnamese(docx: Docx) -> None:
    """The language of the text, for the spelling check and for screen readers."""
    defaults = docx.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    for name in ("val", "eastAsia"):
        language.set(qn(f"w:{name}"), "vi-VN")
