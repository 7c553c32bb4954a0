"""The papers of cases and sessions read back as an officer's programs read them: every measure of Decree 30/2020."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from reports.document import Document
from reports.docx import write_docx
from reports.measures import text_width
from reports.paper_facts import CASE_PAPERS
from reports.papers import Writer, compose_case
from reports.pdf import write_pdf
from reports.register_files import write_register
from reports.registers import case_register
from reports.session_facts import SESSION_PAPERS
from reports.session_papers import compose_session
from tests.e2e.report_folder import bare, look, marked, plain, sides
from tests.unit.paper_samples import CODE, FORMULA, HOSTILE, LINE, MADE, NAMED, NAMELESS, OFFICE, session_for

DOCUMENTS: dict[str, Document] = {
    **{paper: compose_case(paper, NAMED, OFFICE, MADE) for paper in CASE_PAPERS},
    **{f"draft-{paper}": compose_case(paper, NAMELESS, OFFICE, MADE) for paper in CASE_PAPERS},
    **{paper: compose_session(paper, session_for(paper), OFFICE, MADE) for paper in SESSION_PAPERS},
}
HOSTILES = {f"hostile-{paper}": compose_case(paper, HOSTILE, OFFICE, MADE) for paper in CASE_PAPERS}


def opened(name: str) -> Docx:
    return docx.Document(BytesIO(write_docx(DOCUMENTS[name], {}, MADE)))


def paragraphs(made: Docx) -> list[Paragraph]:
    cells = [cell for table in made.tables for row in table.rows for cell in row.cells]
    return [*made.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]


def find(made: Docx, text: str) -> Paragraph:
    return next(paragraph for paragraph in paragraphs(made) if text in paragraph.text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_page_is_a4_with_the_decrees_margins(name: str) -> None:
    properties = opened(name).sections[0]._sectPr
    size, margins = properties.find(qn("w:pgSz")), properties.find(qn("w:pgMar"))

    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("11906", "16838")
    found = {side: int(margins.get(qn(f"w:{side}"))) for side in ("top", "bottom", "left", "right")}
    assert found == {"top": 1134, "bottom": 1134, "left": 1701, "right": 850}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_everything_is_times_new_roman_and_the_page_number_is_hidden_on_the_first_page(name: str) -> None:
    made = opened(name)
    section = made.sections[0]

    for paragraph in paragraphs(made):
        assert paragraph.style is not None
        assert paragraph.style.font.name in {None, "Times New Roman"}
        assert all(run.font.name in {None, "Times New Roman"} for run in paragraph.runs)
    assert section.different_first_page_header_footer
    number = section.header.paragraphs[0]
    assert number.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert number.runs[0].font.size is not None
    assert 13 <= number.runs[0].font.size.pt <= 14
    assert not list(section.first_page_header._element.iter(qn("w:instrText")))


ELEMENTS = [
    ("answer", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), "bold"),
    ("answer", "Độc lập - Tự do - Hạnh phúc", (13, 14), "bold"),
    ("answer", "ỦY BAN NHÂN DÂN", (12, 13), "bold"),
    ("answer", "XÃ VẠN LINH", (12, 13), "bold"),
    ("answer", "Số:", (13, 13), ""),
    ("answer", "V/v trả lời kiến nghị", (12, 13), ""),
    ("answer", "Vạn Linh, ngày", (13, 14), "italic"),
    ("answer", "Kính gửi: Ông/Bà Lương Văn Mẫu.", (13, 14), ""),
    ("answer", "Kết luận: đã giải quyết", (13, 14), ""),
    ("answer", "Nơi nhận:", (12, 12), "bold italic"),
    ("answer", "- Như trên;", (11, 11), ""),
    ("answer", "TM. ỦY BAN NHÂN DÂN", (13, 14), "bold"),
    ("answer", "KT. CHỦ TỊCH", (13, 14), "bold"),
    ("receipt", "PHIẾU TIẾP NHẬN", (13, 14), "bold"),
    ("receipt", "1. Mã tra cứu", (13, 14), ""),
    ("receipt", "NGƯỜI TIẾP NHẬN", (13, 14), "bold"),
    ("receipt", "(Ký, ghi rõ họ tên)", (13, 14), "italic"),
    ("transfer", "PHIẾU CHUYỂN", (13, 14), "bold"),
    ("transfer", "V/v chuyển kiến nghị", (13, 14), "bold"),
    ("notice", "THÔNG BÁO", (13, 14), "bold"),
    ("minutes", "BIÊN BẢN", (13, 14), "bold"),
    ("minutes", "I. THỜI GIAN, ĐỊA ĐIỂM", (13, 14), "bold"),
    ("minutes", "THƯ KÝ", (13, 14), "bold"),
    ("results", "Kính gửi: Trưởng các thôn", (13, 14), ""),
]


@pytest.mark.parametrize(("name", "text", "size", "style"), ELEMENTS)
def test_every_element_has_the_decrees_size_and_style(
    name: str, text: str, size: tuple[float, float], style: str
) -> None:
    points, is_bold, is_italic = look(find(opened(name), text))

    assert size[0] <= points <= size[1]
    assert (is_bold, is_italic) == ("bold" in style, "italic" in style)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_body_is_justified_with_the_decrees_indent_and_spacing(name: str) -> None:
    made = opened(name)
    body = [p for p in made.paragraphs if p.text and p.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY]

    assert body
    for paragraph in body:
        form = paragraph.paragraph_format
        assert form.first_line_indent is not None
        assert 10 <= form.first_line_indent.mm <= 12.75
        assert form.space_after is not None
        assert form.space_after.pt >= 6
        assert isinstance(form.line_spacing, float)
        assert 1.0 <= form.line_spacing <= 1.5


def test_the_rules_are_as_long_as_the_decree_says() -> None:
    made = opened("transfer")
    left, right = made.tables[0].rows[0].cells
    ruled = [
        *(p for cell in (left, right) for p in cell.paragraphs if sides(p)),
        *(p for p in made.paragraphs if sides(p)),
    ]
    issuer, motto, title = (
        width - (p.paragraph_format.left_indent.mm + p.paragraph_format.right_indent.mm)
        for p, width in zip(ruled, (63.0, 102.0, 165.0), strict=True)
    )

    assert motto == pytest.approx(text_width("Độc lập - Tự do - Hạnh phúc", 14), rel=0.03)
    assert text_width("XÃ VẠN LINH", 13) / 3 <= issuer <= text_width("XÃ VẠN LINH", 13) / 2
    about = text_width("V/v chuyển kiến nghị của người dân", 14)
    assert about / 3 <= title <= about / 2


def test_a_letter_has_what_it_is_about_under_its_number() -> None:
    cell = opened("answer").tables[0].rows[1].cells[0]

    assert [paragraph.text for paragraph in cell.paragraphs][1:] == [f"V/v trả lời kiến nghị\nmã số {CODE}"]
    assert cell.paragraphs[1].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER


def test_two_sign_the_minutes_side_by_side_and_the_copies_stand_below() -> None:
    table = opened("minutes").tables[-1]

    clerk, chair = (cell.text for cell in table.rows[0].cells)
    assert clerk.startswith("THƯ KÝ")
    assert chair.startswith("CHỦ TRÌ")
    assert chair.strip().endswith("Hoàng Văn Mẫu")
    assert table.rows[1].cells[0].text.startswith("Nơi nhận:")
    assert all(marked(row, "w:cantSplit") for row in table.rows)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_pdf_has_every_word_of_the_docx(name: str) -> None:
    pages = PdfReader(BytesIO(write_pdf(DOCUMENTS[name], {}, MADE))).pages
    # Libertinus has no ơ in bold italic: it is drawn as o with a horn, and read back as two.
    said = re.sub(r"\d?$", "", bare("".join(page.extract_text() for page in pages))).replace("Nơơi", "Nơi")
    for number in range(2, len(pages) + 1):
        assert bare(pages[number - 1].extract_text()).startswith(str(number))

    missing = [p.text for p in paragraphs(opened(name)) if p.text.strip() and bare(p.text) not in said]

    assert [text for text in missing if len(pages) == 1] == []


@pytest.mark.libreoffice
def test_libreoffice_opens_every_paper_and_nothing_is_lost(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: nobody else here opens the files as an officer does")
    files = {f"{name}.docx": write_docx(document, {}, MADE) for name, document in (DOCUMENTS | HOSTILES).items()}
    writer = Writer(OFFICE, MADE)
    period: Any = ("tháng 10 năm 2026", MADE.replace(day=1), MADE)
    files["so.xlsx"] = write_register(case_register(writer, (LINE, FORMULA), *period, names=True), writer, MADE)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *(str(tmp_path / name) for name in files)], capture_output=True, timeout=180, check=True)

    for name in DOCUMENTS | HOSTILES:
        pages = PdfReader(tmp_path / f"{name}.pdf").pages
        texts = [page.extract_text() for page in pages]
        assert all(plain(text.strip().removeprefix(str(n))) for n, text in enumerate(texts, start=1)), "an empty page"
        assert len(pages) <= (4 if name.startswith("hostile") else 2)
    (sheet,) = PdfReader(tmp_path / "so.pdf").pages
    assert float(sheet.mediabox.width) > float(sheet.mediabox.height)
    assert plain(CODE.rpartition("-")[2]) in plain(sheet.extract_text())
