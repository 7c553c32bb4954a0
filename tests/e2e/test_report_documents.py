"""The files of a report, opened again as a reader would, and the process that makes them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import msgspec
import pytest
from msgspec.structs import replace
from PIL import Image

from reports.document import Chart, Heading
from reports.document import Paragraph as Words
from reports.figures import Figures, build
from reports.make import make
from reports.periods import parse
from reports.plans import Plan
from reports.source import Unit
from tests.e2e.report_folder import (
    FORMULA,
    MADE,
    PLAN,
    ROOT,
    SAMPLE,
    Report,
    bare,
    figures_of,
    sides,
    styled,
)
from tests.unit.report_source import COMMUNE, lively


def test_a_sample_says_so_in_the_document_and_on_every_page(report: Report, nothing: Report) -> None:
    section = report.docx.sections[0]
    framed = [paragraph for paragraph in report.docx.paragraphs if sides(paragraph) == 4]

    assert [SAMPLE in paragraph.text for paragraph in framed] == [True]
    assert SAMPLE in " ".join(paragraph.text for paragraph in section.header.paragraphs)
    assert SAMPLE in " ".join(paragraph.text for paragraph in section.first_page_header.paragraphs)
    assert all(bare(SAMPLE) in bare(page.extract_text()) for page in report.pdf.pages)
    assert all(SAMPLE in str(sheet["A3"].value) for sheet in report.book.worksheets)

    assert bare(SAMPLE) not in nothing.pdf_text()
    assert SAMPLE not in " ".join(paragraph.text for paragraph in nothing.paragraphs())


# --- PDF --------------------------------------------------------------------------------------------------------------


def test_the_pdf_has_every_word_and_number_of_the_docx(report: Report) -> None:
    # Libertinus has no ơ in bold italic: it is drawn as o with a horn, and read back as two.
    said = report.pdf_text().replace("Nơơi", "Nơi")
    # The number of a page may stand inside what runs over it.
    missing = [
        paragraph.text
        for paragraph in report.paragraphs()
        if paragraph.text.strip() and bare(paragraph.text) not in said and not _runs_over(report, bare(paragraph.text))
    ]

    assert missing == []


def _runs_over(report: Report, words: str) -> bool:
    """Whether the words begin at the foot of one page and go on at the head of the next."""
    header = bare(SAMPLE)
    pages = [bare(page.extract_text()) for page in report.pdf.pages]
    pages = [re.sub(rf"^\d*{re.escape(header)}", "", page, count=1) for page in pages]
    return words in "".join(pages)


def test_both_have_the_same_headings_tables_and_charts(report: Report) -> None:
    heads = [block.text for block in report.document.blocks if isinstance(block, Heading)]
    headed = [p.text for p in report.docx.paragraphs if str(styled(p).name).startswith("Heading")]
    said = report.pdf_text()

    assert headed == heads
    assert [said.index(bare(text)) for text in heads] == sorted(said.index(bare(text)) for text in heads)
    for table in report.document.tables():
        assert bare(table.caption) in said
    images = sum(len(page.images) for page in report.pdf.pages)
    assert images == len(report.document.charts()) == len(report.docx.inline_shapes)


def test_the_pdf_is_a4_pdf_a_with_title_language_and_alternative_text(report: Report) -> None:
    page = report.pdf.pages[0].mediabox
    raw = report.paths[f"{report.stem}.pdf"].read_bytes()

    assert (round(float(page.width) / 72 * 25.4), round(float(page.height) / 72 * 25.4)) == (210, 297)
    assert b"<pdfaid:part>2</pdfaid:part>" in raw
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in raw
    assert report.pdf.metadata is not None
    assert report.pdf.metadata.title == report.document.title
    assert report.pdf.trailer["/Root"]["/Lang"] == "vi"  # type: ignore[index]  # None fails the test


def test_the_page_number_of_the_pdf_is_hidden_on_the_first_page(report: Report) -> None:
    firsts = [page.extract_text().strip().splitlines()[0].strip() for page in report.pdf.pages]

    assert firsts[0] == SAMPLE
    assert firsts[1:] == [str(number) for number in range(2, len(firsts) + 1)]


def test_the_signature_of_the_pdf_is_on_one_page(report: Report) -> None:
    pages = [bare(page.extract_text()) for page in report.pdf.pages]

    assert "./." in pages[-1]
    assert bare("TM. ỦY BAN NHÂN DÂN") in pages[-1]
    assert bare("- Lưu: VT, VHXH.") in pages[-1]


# --- XLSX -------------------------------------------------------------------------------------------------------------


def rows(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(min_row=5, values_only=True)]


def test_the_annex_has_its_sheets_with_frozen_heads_and_charts(report: Report) -> None:
    assert report.book.sheetnames == [
        "Tổng hợp",
        "Theo yếu tố",
        "Theo câu hỏi",
        "Theo thôn",
        "Theo nhóm",
        "Suy rộng",
        "Vụ việc",
        "Đúng hạn",
        "Đối thoại, tiếp dân",
        "Tâm tư, dư luận",
        "Ngày hẹn trả lời",
        "Nhập hộ",
        "Xu hướng",
    ]
    assert all(sheet.freeze_panes == "A5" for sheet in report.book.worksheets)
    with ZipFile(report.paths[f"{report.stem}.xlsx"]) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 4


def test_the_annex_holds_numbers_with_their_formats(report: Report) -> None:
    figures = Figures.decode(report.paths["figures.json"].read_bytes())
    (survey,) = figures.surveys
    sheet = report.book["Theo yếu tố"]

    assert [row[:5:4] for row in rows(sheet)] == [[factor.text, factor.index] for factor in survey.factors]
    assert sheet["E5"].number_format == "0.0%"
    assert sheet["D5"].number_format == "#,##0"


def test_hidden_villages_are_words_in_the_annex(report: Report) -> None:
    figures = Figures.decode(report.paths["figures.json"].read_bytes())
    cut = figures.surveys[0].villages
    assert cut is not None
    hidden = {row.name: "(<5)" if row.hidden == "small" else "(ẩn)" for row in cut.rows if row.hidden}
    assert "(<5)" in hidden.values()

    found = {row[0]: row[3:5] for row in rows(report.book["Theo thôn"])}

    for name, words in hidden.items():
        assert found[name] == [words, words]


def test_text_that_looks_like_a_formula_or_an_address_stays_text(tmp_path: Path) -> None:
    # Given a village and a question with the names of an attacker
    source = lively()
    source.place = replace(COMMUNE, villages=(Unit(id=11, name=FORMULA), *COMMUNE.villages[1:]))
    asked = source.surveys[0]
    questions = tuple(replace(question, text="https://example.org") for question in asked.survey.questions)
    source.surveys = [replace(asked, survey=replace(asked.survey, title=FORMULA, questions=questions))]

    made = Report(tmp_path, build(source, parse("2026-10"), PLAN, sample=False, made_on=MADE))

    cells = [cell for sheet in made.book.worksheets for row in sheet.iter_rows() for cell in row]
    assert FORMULA in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert bare(FORMULA) in made.pdf_text()


def test_markup_in_a_name_is_printed_as_it_is(tmp_path: Path) -> None:
    """Names come from people: no word of them may become code of Typst, XML or a template."""
    nasty = 'thôn #panic("x") *đậm* <b>&amp;</b> {n} $x$ \\ [a]'
    source = lively()
    source.place = replace(COMMUNE, villages=(Unit(id=11, name=nasty), *COMMUNE.villages[1:]))

    made = Report(tmp_path, build(source, parse("2026-10"), PLAN, sample=False, made_on=MADE))

    assert bare(nasty) in made.pdf_text()
    assert any(nasty in paragraph.text for paragraph in made.paragraphs())


# --- the whole --------------------------------------------------------------------------------------------------------


def test_a_report_without_any_data_is_whole_and_has_no_pictures(nothing: Report) -> None:
    assert sorted(nothing.paths) == [
        "bao-cao-2026-10.docx",
        "bao-cao-2026-10.pdf",
        "bao-cao-2026-10.xlsx",
        "figures.json",
        "so-lieu-cong-bo-2026-10.csv",
        "so-lieu-cong-bo-2026-10.json",
        "so-lieu-noi-bo-2026-10.csv",
        "so-lieu-noi-bo-2026-10.json",
        "tu-dien-du-lieu.csv",
    ]
    said = nothing.pdf_text()
    for block in nothing.document.blocks:
        assert isinstance(block, Heading | Words)
        assert bare(block.text) in said
    assert "Trong kỳ không phát sinh số liệu." in str(rows(nothing.book["Theo thôn"]))


@pytest.mark.parametrize("key", ["2026-Q3", "2026-9m"])
def test_longer_periods_are_made_too(tmp_path: Path, key: str) -> None:
    made = Report(tmp_path, figures_of(sample=False, key=key))

    assert f"bao-cao-{key.lower()}.docx" in made.paths
    assert (f"du-thao-dan-van-{key.lower()}.docx" in made.paths) == key.endswith("m")
    assert bare("".join(made.document.about)) in made.pdf_text()


def test_charts_are_png_at_200_dpi(report: Report) -> None:
    charts = [path for name, path in report.paths.items() if name.endswith(".png")]

    assert len(charts) == len([block for block in report.document.blocks if isinstance(block, Chart)])
    for path in charts:
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.width == 1300
            assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)


def test_every_chart_is_there_for_the_web_with_its_words_as_text(report: Report) -> None:
    charts = {chart.name: chart for chart in report.document.charts()}

    found = {name: path for name, path in report.paths.items() if name.endswith(".svg")}

    assert set(found) == {f"{report.stem}-{name}.svg" for name in charts}
    for name, chart in charts.items():
        drawn = ET.parse(found[f"{report.stem}-{name}.svg"])
        written = " ".join(drawn.getroot().itertext())
        assert chart.alt in written
        assert "%" in written or name in {"cases", "dialogues"}
        assert not [node.tag for node in drawn.iter() if str(node.tag).endswith(("script", "image"))]


def test_making_again_gives_the_same_files_and_leaves_nothing_beside_them(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    first = {path.name: path.read_bytes() for path in make(figures_of(), PLAN, out)}

    second = {path.name: path.read_bytes() for path in make(figures_of(), PLAN, out)}

    assert [path.name for path in out.parent.iterdir()] == ["out"]
    assert sorted(path.name for path in out.iterdir()) == sorted(second)
    same = [name for name in first if not name.endswith((".docx", ".xlsx"))]
    assert {name: first[name] for name in same} == {name: second[name] for name in same}


def test_figures_of_another_plan_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="khac"):
        make(replace(figures_of(), plan="khac"), PLAN, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def run(job: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "reports"], input=job, capture_output=True, cwd=ROOT, timeout=120, check=False
    )


@pytest.mark.parametrize("chosen", ["y_tich_2024", PLAN])
def test_the_process_makes_the_files_and_tells_their_names(tmp_path: Path, chosen: str | Plan) -> None:
    job = {"figures": figures_of(), "plan": chosen, "out": str(tmp_path / "out")}

    done = run(msgspec.json.encode(job))

    assert (done.returncode, done.stderr) == (0, b"")
    told = {file["name"]: file["media_type"] for file in json.loads(done.stdout)}
    assert sorted(told) == sorted(path.name for path in (tmp_path / "out").iterdir())
    assert told["bao-cao-2026-10.pdf"] == "application/pdf"
    assert told["figures.json"] == "application/json"


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (b"", "DecodeError"),
        (b"{", "DecodeError"),
        (b'{"figures": 1, "plan": "y_tich_2024", "out": "x"}', "figures"),
        (b'{"plan": "y_tich_2024", "out": "x", "figure": {}}', "figure"),
        ("plan", "nowhere"),
        ("out", "NotADirectoryError|FileExistsError"),
    ],
)
def test_the_process_fails_with_one_line(tmp_path: Path, job: bytes | str, said: str) -> None:
    (tmp_path / "file").write_text("here already", "utf-8")
    if isinstance(job, str):
        whole = {
            "figures": figures_of(),
            "plan": "nowhere" if job == "plan" else "y_tich_2024",
            "out": str(tmp_path / "file"),
        }
        job = msgspec.json.encode(whole)

    done = run(job)

    assert done.returncode == 1
    assert done.stdout == b""
    assert len(done.stderr.decode().strip().splitlines()) == 1
    assert re.search(said, done.stderr.decode())
