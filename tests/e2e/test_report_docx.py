"""The DOCX read back: every measure of Decree 30/2020."""

import re
from io import BytesIO

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from msgspec.structs import replace

from reports.composing import compose
from reports.figures import build
from reports.measures import text_width
from reports.periods import parse
from tests.e2e.report_folder import MADE, PLAN, Report, look, marked, sides, styled
from tests.unit.report_source import empty


def test_the_page_is_a4_with_the_decrees_margins(report: Report) -> None:
    properties = report.docx.sections[0]._sectPr
    size, margins = properties.find(qn("w:pgSz")), properties.find(qn("w:pgMar"))

    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("11906", "16838")
    found = {name: int(margins.get(qn(f"w:{name}"))) for name in ("top", "bottom", "left", "right")}
    assert found == {"top": 1134, "bottom": 1134, "left": 1701, "right": 850}


def test_everything_is_black_times_new_roman(report: Report) -> None:
    styles = {styled(paragraph).name: styled(paragraph) for paragraph in report.paragraphs()}

    for style in styles.values():
        assert style.font.name == "Times New Roman"
        assert style.font.color.rgb in {None, docx.shared.RGBColor(0, 0, 0)}
        fonts = style.element.rPr.rFonts
        assert not [name for name in fonts.attrib if name.lower().endswith("theme")]
    for paragraph in report.paragraphs():
        for run in paragraph.runs:
            assert run.font.name in {None, "Times New Roman"}
            assert run.font.color.rgb is None


@pytest.mark.parametrize(
    ("text", "size", "style"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), "bold"),
        ("Độc lập - Tự do - Hạnh phúc", (13, 14), "bold"),
        ("ỦY BAN NHÂN DÂN", (12, 13), "bold"),
        ("XÃ VẠN LINH", (12, 13), "bold"),
        ("Số:", (13, 13), ""),
        ("Vạn Linh, ngày", (13, 14), "italic"),
        ("BÁO CÁO", (13, 14), "bold"),
        ("Kết quả khảo sát mức độ hài lòng", (13, 14), "bold"),
        ("Kính gửi: Ủy ban nhân dân tỉnh Lạng Sơn.", (13, 14), ""),
        ("Căn cứ Luật Thực hiện dân chủ ở cơ sở năm 2022;", (13, 14), "italic"),
        ("Thực hiện Kế hoạch của Ủy ban nhân dân xã Y Tịch", (13, 14), "italic"),
        ("I. TÌNH HÌNH CHUNG", (13, 14), "bold"),
        ("1. Khảo sát mức độ hài lòng", (13, 14), "bold"),
        ("a) Đánh giá chung", (13, 14), ""),
        ("Trong kỳ, xã Vạn Linh có", (13, 14), ""),
        ("Nơi nhận:", (12, 12), "bold italic"),
        ("- Như trên;", (11, 11), ""),
        ("- Lưu: VT, VHXH.", (11, 11), ""),
        ("TM. ỦY BAN NHÂN DÂN", (13, 14), "bold"),
        ("KT. CHỦ TỊCH", (13, 14), "bold"),
        ("PHÓ CHỦ TỊCH", (13, 14), "bold"),
    ],
)
def test_every_element_has_the_decrees_size_and_style(
    report: Report, text: str, size: tuple[float, float], style: str
) -> None:
    points, is_bold, is_italic = look(report.find(text))

    assert size[0] <= points <= size[1]
    assert (is_bold, is_italic) == ("bold" in style, "italic" in style)


def test_number_and_day_are_left_blank(report: Report) -> None:
    assert re.fullmatch(r"Số: {6,}/BC-UBND", report.find("/BC-UBND").text)
    assert re.fullmatch(r"Vạn Linh, ngày {5,}tháng {5,}năm 2026", report.find("Vạn Linh, ngày").text)


def test_the_bases_end_as_the_decree_says(report: Report) -> None:
    bases = [
        p.text
        for p in report.docx.paragraphs
        if p.runs and p.runs[0].font.italic and p.text[:8] in {"Căn cứ L", "Căn cứ C", "Thực hiệ"}
    ]

    assert [text[-1] for text in bases] == [";", ";", "."]


def test_the_body_is_justified_with_the_decrees_indent_and_spacing(report: Report) -> None:
    body = [
        report.find("Trong kỳ, xã Vạn Linh có"),
        report.find("Trên đây là báo cáo"),
        report.find("I. TÌNH HÌNH CHUNG"),
    ]

    for paragraph in body:
        form = paragraph.paragraph_format
        assert form.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        assert form.first_line_indent is not None
        assert 10 <= form.first_line_indent.mm <= 12.75
        assert form.space_after is not None
        assert form.space_after.pt >= 6
        assert isinstance(form.line_spacing, float)
        assert 1.0 <= form.line_spacing <= 1.5
    for line in ("CỘNG HÒA XÃ HỘI", "Độc lập", "ỦY BAN NHÂN DÂN"):
        assert report.find(line).paragraph_format.line_spacing == 1.0


def rules(report: Report) -> list[float]:
    """Lengths in millimetres of the lines drawn under text, in the order of the document."""
    width = {0: 63.0, 1: 102.0}
    found = []
    head = report.docx.tables[0]
    for column, cell in enumerate(head.rows[0].cells):
        found += [length(paragraph, width[column]) for paragraph in cell.paragraphs if ruled(paragraph)]
    return found + [length(paragraph, 165.0) for paragraph in report.docx.paragraphs if ruled(paragraph)]


def ruled(paragraph: Paragraph) -> bool:
    return sides(paragraph) == 1


def length(paragraph: Paragraph, width: float) -> float:
    form = paragraph.paragraph_format
    assert form.left_indent is not None
    assert form.right_indent is not None
    return float(width - form.left_indent.mm - form.right_indent.mm)


def test_the_rules_have_the_decrees_length(report: Report) -> None:
    issuer, motto, title = rules(report)

    assert motto == pytest.approx(text_width("Độc lập - Tự do - Hạnh phúc", 14), rel=0.03)
    assert text_width("XÃ VẠN LINH", 13) / 3 <= issuer <= text_width("XÃ VẠN LINH", 13) / 2
    assert 165 / 3 <= title <= 165 / 2


def test_the_page_number_stands_in_the_top_margin_and_not_on_the_first_page(report: Report) -> None:
    section = report.docx.sections[0]

    assert section.different_first_page_header_footer
    number = section.header.paragraphs[0]
    assert "PAGE" in "".join(element.text or "" for element in number._p.iter(qn("w:instrText")))
    assert number.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert number.runs[0].font.size is not None
    assert 13 <= number.runs[0].font.size.pt <= 14
    assert not list(section.first_page_header._element.iter(qn("w:instrText")))
    assert section.top_margin is not None
    assert section.header_distance is not None
    assert section.header_distance < section.top_margin


def test_tables_repeat_their_head_and_break_no_row(report: Report) -> None:
    inner = report.docx.tables[1:-1]

    assert len(inner) == len(report.document.tables())
    for table in inner:
        assert marked(table.rows[0], "w:tblHeader")
        assert all(marked(row, "w:cantSplit") for row in table.rows)


def test_the_signature_stays_in_one_piece_with_the_closing_words(report: Report) -> None:
    table = report.docx.tables[-1]
    closing = report.docx.paragraphs[-2]

    assert closing.text.endswith("./.")
    assert closing.paragraph_format.keep_with_next
    assert len(table.rows) == 1
    assert marked(table.rows[0], "w:cantSplit")
    lines = [paragraph for cell in table.rows[0].cells for paragraph in cell.paragraphs]
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in lines[:-1])


def test_every_chart_has_a_caption_and_words_for_who_cannot_see_it(report: Report) -> None:
    pictures = [element for paragraph in report.docx.paragraphs for element in paragraph._p.iter(qn("wp:docPr"))]

    assert [picture.get("descr") for picture in pictures] == [chart.alt for chart in report.document.charts()]
    assert all(report.find(chart.caption) for chart in report.document.charts())


def test_an_address_of_several_is_a_list() -> None:
    profile = replace(PLAN.profile, addressed=("Ủy ban nhân dân tỉnh Lạng Sơn", "Sở Nội vụ tỉnh Lạng Sơn"))
    from reports.docx import write_docx

    made = write_docx(
        compose(build(empty(), parse("2026-10"), PLAN, sample=False, made_on=MADE), replace(PLAN, profile=profile)),
        {},
        MADE,
    )

    texts = [paragraph.text for paragraph in docx.Document(BytesIO(made)).paragraphs]
    at = texts.index("Kính gửi:")
    assert texts[at + 1 : at + 3] == ["- Ủy ban nhân dân tỉnh Lạng Sơn;", "- Sở Nội vụ tỉnh Lạng Sơn."]


# --- a sample says so -------------------------------------------------------------------------------------------------
