"""Where officers write in the documents of a report, what stands there then, and what came too late for it."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reports.comparing import differences
from reports.composing import compose
from reports.danvan import compose_danvan
from reports.document import Document, Heading, Paragraph
from reports.figures import Figures, build
from reports.late import late_figures
from reports.late_figures import LateFigures
from reports.periods import parse
from reports.places import DANVAN, SURVEY, places, writing_of
from reports.plans import plan, plan_names
from reports.source import CaseLine
from reports.written import Written
from tests.unit.report_source import MemorySource, lively

PLAN = plan("cau_ngang_2022_2026")


def figures_of(key: str, name: str = "cau_ngang_2022_2026", *, made_on: date = date(2026, 11, 2)) -> Figures:
    return build(lively(), parse(key), plan(name), sample=False, made_on=made_on)


MONTH, YEAR = figures_of("2026-10"), figures_of("2026-9m")


def lines(document: Document) -> list[str]:
    return [
        *(f"{basis}." for basis in document.bases),
        *(block.text for block in document.blocks if isinstance(block, Heading | Paragraph)),
    ]


def test_a_month_has_places_that_may_stay_empty_and_a_years_draft_has_none_such() -> None:
    bases, *found = places(MONTH, PLAN)
    assert (bases.start, bases.required) != ("", False)
    assert [(one.id, one.required) for one in found] == [
        (f"survey:{name}", False) for name in ("general", "limits", "next", "ask")
    ]
    assert {one.document for one in places(YEAR, PLAN) if one.required} == {DANVAN}
    assert {one.document for one in places(YEAR, PLAN) if not one.required} == {SURVEY}


@pytest.mark.parametrize("name", plan_names())
def test_every_mark_of_a_draft_is_a_place_once(name: str) -> None:
    figures, chosen = figures_of("2026-6m", name), plan(name)

    found = [one for one in places(figures, chosen) if one.document == DANVAN]

    assert len(found) == len({one.id for one in found})
    blocks = compose_danvan(figures, chosen).blocks
    marked = [block.text for block in blocks if isinstance(block, Paragraph) and block.style == "mark"]
    asked = {mark.strip("[]").partition(": ")[2] for mark in marked}
    assert {one.asks for one in found} == asked
    assert all(one.heading for one in found)


def test_a_place_changes_its_digest_with_the_figures_of_its_own_section() -> None:
    other = replace(YEAR, cases=replace(YEAR.cases, received=YEAR.cases.received + 7))

    before, now = ({one.id: one.digest for one in places(some, PLAN)} for some in (YEAR, other))

    changed = {id for id in before if before[id] != now[id]}
    assert any(id.startswith("danvan:section.4:") for id in changed)  # tiếp dân, đơn thư
    assert not any(id.startswith("danvan:section.6:") for id in changed)  # tập huấn
    assert {one.id: one.digest for one in places(YEAR, PLAN)} == before


@given(some=st.sets(st.sampled_from([one.id for one in places(YEAR, PLAN)])))
def test_what_is_written_stands_in_its_document_and_nowhere_else(some: set[str]) -> None:
    words = {id: f"Lời ở {id}." for id in some}

    writing = writing_of(words, {}, PLAN, agreed=False)

    draft = lines(compose_danvan(YEAR, PLAN, writing.danvan))
    own = lines(compose(YEAR, PLAN, written=writing.survey))
    for id, text in words.items():
        document, _, place = id.partition(":")
        assert (text in draft) == (document == DANVAN)
        general = place in ("limits", "next", "ask") or place.startswith("bases:")
        shared = document == DANVAN and general and f"survey:{place}" not in words
        assert (text in own) == (document == SURVEY or shared)


@pytest.mark.parametrize(
    ("name", "province", "year", "why"),
    [
        ("y_tich_2024", "tỉnh Lạng Sơn", 2024, ""),
        ("y_tich_2024", "Tỉnh  Lạng Sơn", 2024, ""),  # as it was typed
        ("y_tich_2024", "tỉnh Lạng Sơn", 2026, "năm 2024"),
        ("y_tich_2024", "tỉnh Cao Bằng", 2024, "tỉnh Lạng Sơn"),
        ("gia_lai_2024", "tỉnh Lạng Sơn", 2026, "năm 2024, tỉnh Gia Lai"),
        ("cau_ngang_2022_2026", "tỉnh Trà Vinh", 2026, ""),
        ("cau_ngang_2022_2026", "tỉnh Trà Vinh", 2027, "giai đoạn 2022 - 2026"),
        ("mau", "tỉnh Cao Bằng", 2026, ""),
    ],
)
def test_can_cu_of_elsewhere_or_of_another_year_carry_a_mark(name: str, province: str, year: int, why: str) -> None:
    chosen = plan(name)
    figures = replace(
        build(lively(), parse(f"{year}-10"), chosen, sample=False, made_on=date(2027, 11, 2)), province=province
    )
    own = {"bases": "Căn cứ Luật của năm nay;\n\nThực hiện Kế hoạch của xã."}

    untouched, mine = compose(figures, chosen), compose(figures, chosen, written=Written(words=own))

    marks = [one.text for one in untouched.blocks if isinstance(one, Paragraph) and one.place == "bases"]
    assert untouched.bases == tuple(one.report for one in chosen.bases if one.report)
    if why:
        assert [f"của kế hoạch {why};" in mark for mark in marks] == [True]
        # and the mark stands right under them
        assert untouched.blocks[0] == Paragraph(marks[0], "mark", "bases")
        assert mine.bases == ("Căn cứ Luật của năm nay", "Thực hiện Kế hoạch của xã")
    else:
        # what was written while it was another plan's business is not printed
        assert marks == []
        assert mine.bases == untouched.bases
    assert not [one for one in mine.blocks if isinstance(one, Paragraph) and one.place == "bases"]


def test_can_cu_are_written_once_for_both_documents_and_for_one_plan() -> None:
    found = [one for one in places(YEAR, PLAN) if one.start]
    assert [one.document for one in found] == [DANVAN]
    words = {found[0].id: "Căn cứ của xã"}

    writing, other = writing_of(words, {}, PLAN, agreed=True), writing_of(words, {}, plan("y_tich_2024"), agreed=True)

    assert compose_danvan(YEAR, PLAN, writing.danvan).bases == ("Căn cứ của xã",)
    assert compose(YEAR, PLAN, written=writing.survey, agreed=True).bases == ("Căn cứ của xã",)
    assert "bases" not in other.danvan.words
    # and are stale where the plan cites something else since
    changed = replace(PLAN, bases=PLAN.bases[:1])
    assert [one.digest != found[0].digest for one in places(YEAR, changed) if one.start] == [True]


def test_words_for_a_section_never_come_into_one_of_another_plan() -> None:
    words = {one.id: f"Lời ở {one.id}." for one in places(YEAR, PLAN)}
    other = plan("y_tich_2024")

    found = writing_of(words, words, other, agreed=False)

    assert not [place for place in found.danvan.words if place.startswith("section.")]
    assert not [place for place in found.before.words if place.startswith("section.")]
    assert set(found.danvan.words) >= {"general", "limits", "next", "ask"}


def test_what_is_agreed_to_carries_no_mark_but_everything_that_was_written() -> None:
    written = Written(words={"limits": "Thiếu người trực.\n\nThiếu máy."})

    agreed = lines(compose(MONTH, PLAN, written=written, agreed=True))

    assert not [line for line in agreed if line.startswith("[")]
    assert agreed[agreed.index("Thiếu người trực.") + 1] == "Thiếu máy."


def case(opened: date, answered: date | None = None) -> CaseLine:
    return CaseLine(kind="feedback", category="roads", village=None, opened=opened, answered=answered)


def test_late_data_is_told_once_with_what_it_is() -> None:
    # given a report that was counted to 20/9, as one with a deadline is
    source = MemorySource(lines=[case(date(2026, 9, 2))])
    issued = build(source, parse("2026-09"), PLAN, sample=False, made_on=date(2026, 9, 20))
    assert late_figures(source, issued, date(2026, 9, 20)) is None
    # when the rest of the month is known
    source = MemorySource(lines=[case(date(2026, 9, 2), date(2026, 9, 25)), case(date(2026, 9, 28))])

    found = late_figures(source, issued, date(2026, 11, 2))

    assert found == LateFigures(title="tháng 9 năm 2026", until=date(2026, 9, 20), received=1, answered=1)
    said = [line for line in lines(compose(replace(MONTH, late=found), PLAN)) if line.startswith("Số liệu đến muộn")]
    sentence = (
        "Số liệu đến muộn: báo cáo tháng 9 năm 2026 tính số liệu đến hết ngày 20/09/2026; sau đó kỳ ấy có thêm "
        "1 phản ánh, kiến nghị, đề nghị đối thoại được tiếp nhận, 1 vụ việc được trả lời, chưa có trong báo cáo đã "
        "phát hành."
    )
    assert said == [sentence]
    assert sentence in lines(compose_danvan(replace(YEAR, late=found), PLAN))


def test_a_case_that_is_there_no_more_is_not_pointed_at() -> None:
    source = MemorySource(lines=[case(date(2026, 9, 2))])
    issued = build(source, parse("2026-09"), PLAN, sample=False, made_on=date(2026, 10, 1))

    assert late_figures(MemorySource(), issued, date(2026, 11, 2)) is None


def test_a_new_count_of_the_same_is_no_difference() -> None:
    again = figures_of("2026-10", made_on=date(2026, 11, 20))

    assert differences(MONTH.encode().decode(), again) == []


def test_numbers_of_cases_are_told_and_numbers_of_answers_are_not() -> None:
    survey = MONTH.surveys[0]
    today = replace(
        MONTH,
        cases=replace(MONTH.cases, received=MONTH.cases.received + 2),
        surveys=(replace(survey, responses=survey.responses + 1), *MONTH.surveys[1:]),
    )

    found = {one.path.partition(".")[0]: one for one in differences(MONTH.encode().decode(), today)}

    assert (found["cases"].name, found["cases"].frozen) == ("tiếp nhận", MONTH.cases.received)
    assert found["surveys"].name == survey.title
    assert (found["surveys"].frozen, found["surveys"].today) == (None, None)


def test_what_an_older_program_did_not_count_is_no_difference() -> None:
    body = msgspec.json.decode(MONTH.encode())
    del body["times"], body["cases"]["reopened"]

    assert differences(msgspec.json.encode(body).decode(), MONTH) == []
