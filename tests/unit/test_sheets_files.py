"""The annexes and the sheet on tâm tư as files: read back by other programs, and nothing in them a formula."""

from datetime import date
from io import BytesIO

import docx
import openpyxl
import pytest
from msgspec.structs import replace

from reports.danvan import compose_danvan
from reports.docx import write_docx
from reports.figures import Figures, build
from reports.mood_figures import MoodFigures, Quote, TopicCount, VillageMood, VillageTopics
from reports.periods import parse
from reports.plans import plan
from reports.sheets import target_id
from reports.sheets_xlsx import write_sheets
from reports.written import Done, Written
from reports.xlsx import write_xlsx
from tests.unit.report_source import empty
from tests.unit.test_report_sheets import CRITERIA, noted, points

PLAN = plan("cau_ngang_2022_2026")
DAY = date(2026, 11, 2)
FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture(scope="module")
def figures() -> Figures:
    bare = build(empty(), parse("2026-9m"), PLAN, sample=True, made_on=DAY)
    mood = MoodFigures(
        surveys=20,
        cases=3,
        unmarked=4,
        topics=(TopicCount(id="roads", surveys=12, cases=2), TopicCount(id="land", surveys=None, cases=1)),
        villages=VillageMood(
            title="9 tháng đầu năm 2026",
            quarters=("Quý I/2026", "Quý II/2026"),
            topics=("roads",),
            rows=(VillageTopics(id=1, name="thôn Mẫu", counts=(9,)), VillageTopics(id=0, name="", counts=(None,))),
        ),
        quotes=(Quote(topic="roads", text=FORMULA),),
    )
    return replace(bare, mood=mood)


@pytest.fixture(scope="module")
def written() -> Written:
    return Written(
        targets={target_id(PLAN.targets[0]): Done(reached="42/50", note=FORMULA)},
        criteria=CRITERIA,
        points=noted(points(CRITERIA, 0.85)),
    )


def test_the_workbook_of_the_annexes_has_their_cells_and_numbers(figures: Figures, written: Written) -> None:
    document = compose_danvan(figures, PLAN, written)

    book = openpyxl.load_workbook(BytesIO(write_sheets(document, DAY)))

    assert book.sheetnames == ["Phụ lục I", "Phụ lục II"]
    targets = [[cell.value for cell in row] for row in book["Phụ lục I"].iter_rows(min_row=6, max_row=10)]
    assert targets[0][1:] == [PLAN.targets[0].quote, "100%", "42/50", "84%", FORMULA]
    assert targets[1][3] == "[cán bộ bổ sung]"
    criteria = list(book["Phụ lục II"].iter_rows(min_row=6, values_only=True))
    total = next(row for row in criteria if row[1] == "Tổng cộng")
    assert total[2:4] == (100, 85)
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_document_ends_with_the_annexes_on_pages_of_their_own(figures: Figures, written: Written) -> None:
    made = docx.Document(BytesIO(write_docx(compose_danvan(figures, PLAN, written), {}, DAY)))

    said = [paragraph.text for paragraph in made.paragraphs]
    assert "BIỂU CHỈ TIÊU" in said
    assert said.index("Phụ lục I") < said.index("Phụ lục II")
    assert "Tổng điểm tự chấm: 85 điểm. Tự xếp loại: Khá." in said
    assert len(made.sections) == 3
    assert PLAN.targets[4].quote in [cell.text for cell in made.tables[-2].columns[1].cells]


def test_a_plan_without_targets_and_criteria_has_no_workbook(figures: Figures) -> None:
    with pytest.raises(ValueError, match="no annexes"):
        write_sheets(compose_danvan(replace(figures, plan="y_tich_2024"), plan("y_tich_2024")), DAY)


def test_the_annex_of_figures_has_what_was_said(figures: Figures) -> None:
    book = openpyxl.load_workbook(BytesIO(write_xlsx(figures, DAY)))

    rows = [row[:4] for row in book["Tâm tư, dư luận"].iter_rows(values_only=True)]
    assert ("Đường sá, điện, nước", 12, 2, 14) in rows
    assert ("Đất đai, xây dựng", "…", 1, "…") in rows
    assert ("thôn Mẫu · Đường sá, điện, nước (Quý I/2026, Quý II/2026)", None, None, 9) in rows
    assert ("Ý kiến chưa phân loại", None, None, 4) in rows
