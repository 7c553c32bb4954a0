"""Phụ lục behind the signature, with pages counted by themselves; what else the decree measures; the PDF's look."""

import re
import shutil
import subprocess
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn
from msgspec.structs import replace
from pypdf import PdfReader

from reports.composing import compose
from reports.document import Annex, Document, Paragraph
from reports.docx import write_docx
from reports.measures import TEXT_WIDTH
from reports.pdf import write_pdf
from tests.e2e.report_folder import MADE, PLAN, Report, bare, figures_of, look
from tests.e2e.test_report_docx import ruled

UNDER = "(Kèm theo Báo cáo của Ủy ban nhân dân xã Vạn Linh)"
POINTS_PER_MM = 72 / 25.4


@pytest.fixture(scope="module")
def document() -> Document:
    whole = compose(figures_of(sample=False), PLAN)
    table = whole.tables()[1]
    return replace(
        whole,
        blocks=(whole.blocks[0], whole.blocks[-1]),
        annexes=(
            Annex(label="Phụ lục I", title="Biểu chỉ tiêu", under=UNDER, blocks=(table, Paragraph("Người lập biểu."))),
            Annex(label="Phụ lục II", title="Biểu lớn", blocks=(replace(table, rows=table.rows * 4),), wide=True),
        ),
    )


@pytest.fixture(scope="module")
def paper(document: Document) -> Docx:
    return docx.Document(BytesIO(write_docx(document, {}, MADE)))


@pytest.fixture(scope="module")
def pages(document: Document) -> PdfReader:
    return PdfReader(BytesIO(write_pdf(document, {}, MADE)))


def test_a_phu_luc_is_named_as_the_decree_says(paper: Docx) -> None:
    found = {paragraph.text: paragraph for paragraph in paper.paragraphs}

    assert look(found["Phụ lục I"]) == (14, True, False)
    assert look(found["Phụ lục II"]) == (14, True, False)
    size, bold, italic = look(found["BIỂU CHỈ TIÊU"])
    assert (13 <= size <= 14, bold, italic) == (True, True, False)
    assert look(found[UNDER])[1:] == (False, True)
    assert found["Phụ lục I"].paragraph_format.keep_with_next


def test_its_pages_are_counted_from_one_in_the_top_margin_and_the_first_shows_no_number(paper: Docx) -> None:
    body, *annexes = paper.sections

    assert len(annexes) == 2
    assert body._sectPr.find(qn("w:pgNumType")) is None
    for section in annexes:
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert section.different_first_page_header_footer
        assert section.header.is_linked_to_previous
        assert section.first_page_header.is_linked_to_previous


def test_a_wide_one_lies_on_its_side_and_its_table_fills_it(paper: Docx) -> None:
    upright, wide = paper.sections[1:]
    size = wide._sectPr.find(qn("w:pgSz"))

    assert upright.orientation == WD_ORIENTATION.PORTRAIT
    assert wide.orientation == WD_ORIENTATION.LANDSCAPE
    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("16838", "11906")
    first, second = (
        sum(column.width.mm for column in table.columns if column.width is not None) for table in paper.tables[-2:]
    )
    assert first == pytest.approx(TEXT_WIDTH, abs=1)
    assert second == pytest.approx(297 - 45, abs=1)


def test_the_pdf_has_the_same_pages(pages: PdfReader) -> None:
    read = [page.extract_text().strip() for page in pages.pages]
    starts = [next(at for at, text in enumerate(read) if f"Phụ lục {mark}\n" in text) for mark in ("I", "II")]
    wide = [float(page.mediabox.width) > float(page.mediabox.height) for page in pages.pages]

    assert bare("BIỂU CHỈ TIÊU") in bare(read[starts[0]])
    assert [read[at].splitlines()[0].strip() for at in starts] == ["Phụ lục I", "Phụ lục II"]
    assert wide == [at >= starts[1] for at in range(len(read))]
    after = read[starts[1] + 1 :]
    assert [text.splitlines()[0].strip() for text in after] == [str(number) for number in range(2, len(after) + 2)]


# --- the rest of the decree's table -----------------------------------------------------------------------------------


def test_what_stands_side_by_side_stands_in_one_row(report: Report) -> None:
    head, foot = report.docx.tables[0], report.docx.tables[-1]

    left, right = head.rows[0].cells
    assert left.text.startswith("ỦY BAN NHÂN DÂN\nXÃ VẠN LINH")
    assert right.text.startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
    number, place = head.rows[1].cells
    assert number.text.startswith("Số:")
    assert place.text.startswith("Vạn Linh, ngày")
    copies, signature = foot.rows[0].cells
    assert copies.paragraphs[0].text == "Nơi nhận:"
    assert signature.paragraphs[0].text == "TM. ỦY BAN NHÂN DÂN"
    assert copies.paragraphs[0].paragraph_format.alignment in {None, 0}, "flush left"


def test_the_name_of_the_commune_and_the_subject_are_ruled_below_and_nothing_else(report: Report) -> None:
    ruled_below = [paragraph for paragraph in report.paragraphs() if ruled(paragraph)]

    assert len(ruled_below) == 3


def test_the_one_who_signs_is_named_in_bold() -> None:
    whole = replace(compose(figures_of(sample=False), PLAN), signer="Nông Văn Mẫu")
    whole = replace(whole, blocks=(whole.blocks[0], whole.blocks[-1]))

    paper = docx.Document(BytesIO(write_docx(whole, {}, MADE)))

    found = next(p for p in paper.tables[-1].rows[0].cells[1].paragraphs if p.text == "Nông Văn Mẫu")
    size, bold, italic = look(found)
    assert (13 <= size <= 14, bold, italic) == (True, True, False)


def test_the_pdf_keeps_the_margins_and_sizes_of_the_decree(report: Report) -> None:
    sizes, lefts = set(), []

    def see(text: str, page: Any, at: Any, _font: Any, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(at[3])))
            lefts.append((page[4] + at[4]) / POINTS_PER_MM)

    for page in report.pdf.pages:
        page.extract_text(visitor_text=see)

    assert {11, 12, 13, 14} <= sizes
    assert min(size for size in sizes if size) >= 11
    assert max(sizes) <= 14
    assert min(left for left in lefts if left > 0) >= 29.5
    assert max(lefts) <= 195


def test_the_pdf_is_tagged_for_who_listens_to_it(report: Report) -> None:
    root: Any = report.pdf.trailer["/Root"]
    kinds: dict[str, int] = {}
    described: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            kind = str(node.get("/S", ""))
            kinds[kind] = kinds.get(kind, 0) + 1
            if kind == "/Figure":
                described.append(str(node.get("/Alt", "")))
            walk(node.get("/K", []))

    walk(root["/StructTreeRoot"])

    assert str(root["/MarkInfo"]["/Marked"]) == "True"
    assert described == [chart.alt for chart in report.document.charts()]
    assert kinds["/Table"] >= len(report.document.tables())
    assert kinds["/H1"] == 4
    assert kinds["/TH"] >= sum(len(table.head) for table in report.document.tables())


def test_the_pdf_carries_all_that_an_archive_needs(report: Report) -> None:
    """What PDF/A-2b asks for beside its own mark (ISO 19005-2): fonts inside, colours told, nothing locked or run."""
    root: Any = report.pdf.trailer["/Root"]

    assert [str(intent["/S"]) for intent in root["/OutputIntents"]] == ["/GTS_PDFA1"]
    assert "/DestOutputProfile" in root["/OutputIntents"][0]
    assert not report.pdf.is_encrypted
    assert not {"/OpenAction", "/AA", "/JavaScript"} & set(root)
    for page in report.pdf.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            assert {"/FontFile2", "/FontFile3"} & set(inner.get_object()["/FontDescriptor"])


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler is not installed: no other program to ask")
def test_another_program_finds_the_pdf_tagged_and_its_fonts_inside(report: Report) -> None:
    file = str(report.paths[f"{report.stem}.pdf"])

    told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, timeout=60, check=True).stdout
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, timeout=60, check=True).stdout

    assert re.search(r"^Tagged: +yes$", told, re.MULTILINE)
    assert re.search(r"^JavaScript: +no$", told, re.MULTILINE)
    for line in fonts.splitlines()[2:]:
        embedded, subset, unicode = line.split()[-5:-2]
        assert (embedded, subset, unicode) == ("yes", "yes", "yes"), line
