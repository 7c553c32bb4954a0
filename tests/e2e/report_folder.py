"""A report made into a folder, for the tests that read its files back."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docx
import openpyxl
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle
from docx.table import _Row
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from reports.composing import compose
from reports.document import Document
from reports.figures import Figures, build
from reports.make import make
from reports.periods import parse
from reports.plans import Plan, plan
from tests.unit.report_source import lively

PLAN = plan("y_tich_2024")
MADE = date(2026, 11, 2)
ROOT = Path(__file__).parents[2]
SAMPLE = "SỐ LIỆU MẪU – KHÔNG SỬ DỤNG"
TWIPS_PER_MM = 1440 / 25.4
FORMULA = "=1+1"


def figures_of(*, sample: bool = True, key: str = "2026-10") -> Figures:
    return build(lively(), parse(key), PLAN, sample=sample, made_on=MADE)


class Report:
    """One made report with its files opened."""

    def __init__(self, folder: Path, figures: Figures, chosen: Plan = PLAN) -> None:
        self.document: Document = compose(figures, chosen)
        self.paths = {path.name: path for path in make(figures, chosen, folder)}
        self.stem = f"bao-cao-{figures.period.key.lower()}"
        self.docx: Docx = docx.Document(str(self.paths[f"{self.stem}.docx"]))
        self.pdf = PdfReader(self.paths[f"{self.stem}.pdf"])
        self.book = openpyxl.load_workbook(self.paths[f"{self.stem}.xlsx"])

    def pdf_text(self) -> str:
        return bare("\n".join(page.extract_text() for page in self.pdf.pages))

    def paragraphs(self) -> Iterator[Paragraph]:
        """Every paragraph of the body, tables included."""
        yield from self.docx.paragraphs
        for table in self.docx.tables:
            for row in table.rows:
                for cell in row.cells:
                    yield from cell.paragraphs

    def find(self, text: str) -> Paragraph:
        return next(paragraph for paragraph in self.paragraphs() if text in paragraph.text)


def bare(text: str) -> str:
    """Text without any space: a PDF breaks lines where it likes."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def plain(text: str) -> str:
    """Only ASCII: LibreOffice sets letters with two marks from another font, and they are read out of their order."""
    return re.sub(r"[^!-~]+", "", text)


def styled(paragraph: Paragraph) -> ParagraphStyle:
    assert paragraph.style is not None
    return paragraph.style


def marked(row: _Row, mark: str) -> bool:
    """Whether the row of a table carries a mark such as w:cantSplit."""
    properties = row._tr.trPr
    return properties is not None and properties.find(qn(mark)) is not None


def look(paragraph: Paragraph) -> tuple[float, bool, bool]:
    """Size in points, bold, italic of the first run; a run that says nothing takes it from the style."""
    run = paragraph.runs[0]
    size = run.font.size or styled(paragraph).font.size
    assert size is not None
    return size.pt, bool(run.font.bold), bool(run.font.italic)


# --- DOCX: Nghị định 30/2020, Phụ lục I -------------------------------------------------------------------------------


def sides(paragraph: Paragraph) -> int:
    """On how many sides the paragraph has a line."""
    borders = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
    return 0 if borders is None else len(borders)
