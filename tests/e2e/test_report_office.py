"""What LibreOffice makes of the DOCX and the XLSX, which officers open, against the PDF that is handed over."""

import csv
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from reports.document import Heading
from reports.figures import build
from reports.periods import parse
from reports.source import Unit
from tests.e2e.report_folder import MADE, PLAN, SAMPLE, Report, bare, plain
from tests.unit.report_source import COMMUNE, lively

_OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(
    _OFFICE is None, reason="LibreOffice is not installed: nobody else here opens the files as an officer does"
)
_EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def converted(file: Path, folder: Path, to: str = "pdf") -> None:
    """Open a file as an officer would, and save it as something else into a folder."""
    folder.mkdir(exist_ok=True)
    command = [_OFFICE or "", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to]
    subprocess.run([*command, "--outdir", str(folder), str(file)], capture_output=True, timeout=180, check=True)


@pytest.fixture(scope="module")
def as_printed(report: Report, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    folder = tmp_path_factory.mktemp("printed")
    converted(report.paths[f"{report.stem}.docx"], folder)
    return PdfReader(folder / f"{report.stem}.pdf")


def numbers(pdf: PdfReader) -> Counter[str]:
    """Every number of the pages, but those of the pages and of the heads that a table repeats on each."""
    found: Counter[str] = Counter()
    for at, page in enumerate(pdf.pages):
        lines = page.extract_text().strip().splitlines()
        said = "\n".join(lines[1:] if at else lines).replace("\u200b", "")
        found += Counter(re.findall(r"\d+", re.sub(r"Mức\s*\d([-\u2011]\d)?", "", said)))
    return found


def test_the_docx_printed_has_the_headings_tables_and_numbers_of_the_pdf(report: Report, as_printed: PdfReader) -> None:
    pages = [page.extract_text() for page in as_printed.pages]
    said = plain("\n".join(pages))

    for block in report.document.blocks:
        if isinstance(block, Heading):
            assert plain(block.text) in said
    for table in report.document.tables():
        assert plain(table.caption) in said
        assert all(plain(cell) in said for row in table.rows for cell in row)
    assert numbers(as_printed) == numbers(report.pdf)
    assert len({image.name for page in as_printed.pages for image in page.images}) == len(report.document.charts())


def test_the_docx_printed_has_its_page_numbers_sample_and_signature_in_their_places(as_printed: PdfReader) -> None:
    pages = [page.extract_text().strip() for page in as_printed.pages]

    assert [page.splitlines()[0].strip() for page in pages[1:]] == [str(number) for number in range(2, len(pages) + 1)]
    assert all(plain(SAMPLE) in plain(page) for page in pages)
    assert plain("TM. ỦY BAN NHÂN DÂN") in plain(pages[-1])


def test_libreoffice_prints_the_annex_with_its_charts(report: Report, tmp_path: Path) -> None:
    converted(report.paths[f"{report.stem}.xlsx"], tmp_path / "out")

    said = plain("\n".join(page.extract_text() for page in PdfReader(tmp_path / "out" / f"{report.stem}.pdf").pages))
    assert plain(SAMPLE) in said
    assert plain("Kết quả khảo sát mức độ hài lòng") in said


ATTACKS = ("=1+1", "+1+1", "-1+1", "@SUM(1;1)", "\t=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.vn";"bấm")')


def test_names_that_look_like_formulas_are_words_to_libreoffice(tmp_path: Path) -> None:
    # Given villages and a survey with the names of an attacker
    source = lively()
    villages = tuple(Unit(id=11 + at, name=name) for at, name in enumerate(ATTACKS))
    source.place = replace(COMMUNE, villages=villages)
    asked = source.surveys[0]
    source.surveys = [replace(asked, survey=replace(asked.survey, title=ATTACKS[0]))]
    made = Report(tmp_path / "made", build(source, parse("2026-Q3"), PLAN, sample=False, made_on=MADE))

    # When LibreOffice reads the annex and counts every cell
    converted(made.paths[f"{made.stem}.xlsx"], tmp_path / "out", _EVERY_SHEET)

    # Then each stands there as it was written
    cells = set()
    for file in (tmp_path / "out").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            cells |= {bare(cell) for row in csv.reader(lines) for cell in row}
    assert {bare(name) for name in ATTACKS} <= cells
    assert not {cell for cell in cells if cell.startswith(("#", "Err:"))}
