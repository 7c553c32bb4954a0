"""What the figures themselves call a shortcoming, and what they set beside the period before."""

from datetime import date

from reports import outlook, sentences
from reports.figures import build
from reports.periods import parse
from reports.phrases import Phrases
from reports.plans import plan
from reports.source import CaseLine
from reports.texts import texts
from tests.unit.report_source import MemorySource

MADE = date(2026, 11, 2)


def line(kind: str, opened: date, answered: date | None = None, *, field: str = "roads") -> CaseLine:
    return CaseLine(kind=kind, category=field, village=None, opened=opened, answered=answered)


def phrases(*lines: CaseLine) -> Phrases:
    source = MemorySource(lines=list(lines))
    figures = build(source, parse("2026-10"), plan("y_tich_2024"), sample=False, made_on=MADE)
    return Phrases(figures, texts())


def test_praise_that_waits_is_no_shortcoming() -> None:
    p = phrases(*[line("praise", date(2026, 10, 2))] * 3, *[line("feedback", date(2026, 10, 9))] * 2)

    assert "Còn 2 phản ánh, kiến nghị chưa trả lời (không kể 3 lời khen)." in outlook.limits(p)
    assert "Tiếp tục giải quyết, trả lời 2 phản ánh, kiến nghị còn lại." in outlook.directions(p)


def test_nothing_is_said_of_waiting_where_only_praise_waits() -> None:
    p = phrases(line("praise", date(2026, 10, 2)))

    assert not [text for text in (*outlook.limits(p), *outlook.directions(p)) if "phản ánh, kiến nghị" in text]


def test_the_first_period_of_all_is_not_set_beside_a_nought() -> None:
    p = phrases(line("feedback", date(2026, 10, 9)))

    assert sentences.cases(p, p.figures.cases, "cases").startswith("Tiếp nhận 1 phản ánh, kiến nghị. ")


def test_a_period_without_any_after_others_is_a_nought() -> None:
    day = date(2026, 8, 3)
    p = phrases(line("feedback", date(2026, 10, 9)), line("petition", day, day))

    assert "Tiếp nhận 1 phản ánh, kiến nghị (kỳ trước: 0)." in sentences.cases(p, p.figures.cases, "cases")


def test_what_fits_no_field_is_last_and_never_the_field_that_most_was_brought_about() -> None:
    day = date(2026, 10, 2)
    p = phrases(*[line("feedback", day, field="other")] * 5, *[line("feedback", day)] * 2)

    assert [row.id for row in p.figures.cases.categories] == ["roads", "other"]
    assert sentences.top_category(p, p.figures.cases) == (
        "Ngoài 5 trường hợp thuộc việc khác, lĩnh vực được phản ánh, kiến nghị nhiều nhất: "
        "đường sá, điện, nước (2 trên 7)."
    )


def test_where_all_is_something_else_no_field_is_named() -> None:
    p = phrases(*[line("feedback", date(2026, 10, 2), field="other")] * 5)

    assert sentences.top_category(p, p.figures.cases) == ""
