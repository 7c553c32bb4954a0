"""A report whose last counted day comes before the end of its period, and a report in a few lines."""

from datetime import date

import pytest

from reports.briefs import brief
from reports.composing import compose
from reports.danvan import compose_danvan
from reports.document import Document, Heading, Paragraph
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan
from tests.unit.report_source import lively

PLAN = plan("cau_ngang_2022_2026")
CUT = "Số liệu chốt đến hết ngày 19/11/2026 để báo cáo kịp ban hành chậm nhất ngày 23/11/2026"


def of_year(made_on: date = date(2026, 11, 20), cut_off: date | None = date(2026, 11, 19)) -> Figures:
    period = parse("2026-12m", month="statutory")
    issue_by = date(2026, 11, 23) if cut_off else None
    return build(lively(), period, PLAN, sample=False, made_on=made_on, cut_off=cut_off, issue_by=issue_by)


def words(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Heading | Paragraph))


@pytest.mark.parametrize("write", [compose, compose_danvan])
def test_both_documents_say_that_nothing_is_estimated(write: object) -> None:
    document = write(of_year(), PLAN)  # type: ignore[operator]  # either of the two
    said = words(document)

    assert CUT in said
    assert "không ước tính cho những ngày còn lại của kỳ (đến ngày 14/12/2026)" in said
    assert document.dates == "(Số liệu từ ngày 15/12/2025 đến hết ngày 19/11/2026)"
    assert document.about[-1] == "năm 2026"


def test_made_late_it_still_counts_to_its_cut_off() -> None:
    early, late = of_year(), of_year(made_on=date(2026, 12, 20))

    assert early.until == late.until == date(2026, 11, 19)
    assert early.cases == late.cases
    assert early.surveys == late.surveys


def test_made_before_its_cut_off_it_counts_to_that_day_and_says_so() -> None:
    figures = of_year(made_on=date(2026, 11, 5))

    assert figures.until == date(2026, 11, 5)
    said = words(compose(figures, PLAN))
    assert CUT not in said
    assert "số liệu chốt đến hết ngày 05/11/2026" in said


def test_a_period_counted_whole_says_nothing_of_a_cut_off() -> None:
    figures = of_year(made_on=date(2026, 12, 20), cut_off=date(2026, 12, 14))

    assert (figures.cut_off, figures.issue_by) == (None, date(2026, 11, 23))
    assert "Số liệu chốt" not in words(compose(figures, PLAN))


def test_figures_of_before_there_were_cut_offs_can_be_read() -> None:
    stored = of_year().encode().replace(b'"cut_off":"2026-11-19",', b"").replace(b'"issue_by":"2026-11-23",', b"")

    assert Figures.decode(stored).cut_off is None


def test_a_report_in_a_few_lines_stands_for_no_paper() -> None:
    lines = brief(of_year(), name="Kết quả thực hiện công tác dân vận chính quyền").splitlines()

    assert lines[0] == "ĐỂ BIẾT, KHÔNG THAY VĂN BẢN"
    assert lines[1].startswith("Kết quả thực hiện công tác dân vận chính quyền năm 2026, ")
    assert lines[2] == "(Số liệu từ ngày 15/12/2025 đến hết ngày 19/11/2026)"
    assert "chưa ban hành" in lines[-1]
    issued = brief(of_year(), number="12", issued="23/11/2026")
    assert "số 12, ngày 23/11/2026" in issued
    assert "[cán bộ bổ sung" not in issued
