"""The draft on công tác dân vận chính quyền: the sections of a plan, their figures, and what is still to be written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reports.danvan import compose_danvan, marks
from reports.document import Document, Heading, Paragraph
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan
from reports.sheets import target_id
from reports.written import Done, Written
from tests.unit.report_source import lively

CAU_NGANG = plan("cau_ngang_2022_2026")
FIVE = ("vinh_cuu_2024", "gia_lai_2024", "cau_ngang_2022_2026", "y_tich_2024", "tay_ninh_2023")


def figures_of(name: str) -> Figures:
    return build(lively(), parse("2026-9m"), plan(name), sample=False, made_on=date(2026, 11, 2))


FIGURES = figures_of("cau_ngang_2022_2026")


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading | Paragraph)]


@pytest.mark.parametrize("name", FIVE)
def test_each_plan_has_its_own_sections_in_its_own_order(name: str) -> None:
    chosen = plan(name)

    found = compose_danvan(figures_of(name), chosen)

    headings = [block.text for block in found.blocks if isinstance(block, Heading) and block.level == 2]
    assert headings == [f"{n}. {section.heading}" for n, section in enumerate(chosen.outline, start=1)]
    assert found.about == ("Kết quả thực hiện công tác dân vận chính quyền", "9 tháng đầu năm 2026")
    assert len([table for table in found.tables() if "chỉ tiêu" in table.caption]) == bool(chosen.targets)


def test_what_an_officer_wrote_stands_where_the_mark_was() -> None:
    empty = compose_danvan(FIGURES, CAU_NGANG)
    mark = "[cán bộ bổ sung: số buổi, số người dự, văn bản đã triển khai]"
    assert mark in marks(empty)

    found = compose_danvan(FIGURES, CAU_NGANG, Written(words={"section.1": "Đã tổ chức 12 buổi.\nCó 640 người dự."}))

    assert len(marks(found)) == len(marks(empty)) - 1
    assert mark not in lines(found)
    at = lines(found).index("Đã tổ chức 12 buổi.")
    assert lines(found)[at + 1] == "Có 640 người dự."


def test_the_words_of_the_period_before_stand_under_the_mark_and_are_not_taken_for_new_ones() -> None:
    before = Written(words={"section.1": "Kỳ trước: 9 buổi."})

    found = compose_danvan(FIGURES, CAU_NGANG, before=before)

    at = lines(found).index("Kỳ trước: 9 buổi.")
    assert lines(found)[at - 1] in marks(found)
    assert len(marks(found)) == len(marks(compose_danvan(FIGURES, CAU_NGANG)))


def test_a_target_is_filled_by_the_figures_only_where_the_plan_names_them() -> None:
    chosen = plan("mau")
    typed = Written(targets={target_id(chosen.targets[0]): Done(reached="45/45", note="theo sổ")})

    (table,) = (t for t in compose_danvan(FIGURES, chosen, typed).tables() if "chỉ tiêu" in t.caption)
    (bare,) = (t for t in compose_danvan(FIGURES, CAU_NGANG).tables() if "chỉ tiêu" in t.caption)

    assert table.rows[0][2:] == ("100%", "45/45", "100%", "theo sổ")
    mark = "[cán bộ bổ sung]"
    assert all(row[3:] == (mark, mark, "") for row in bare.rows if "kế hoạch cụ thể" in row[1])


@given(
    written=st.sets(
        st.sampled_from(["general", "limits", "next", "ask", "mood", *(f"section.{n}" for n in range(1, 7))])
    )
)
def test_every_place_that_is_written_takes_its_mark_away_and_no_other(written: set[str]) -> None:
    whole = len(marks(compose_danvan(FIGURES, CAU_NGANG)))

    found = compose_danvan(FIGURES, CAU_NGANG, Written(words=dict.fromkeys(written, "Đã thực hiện.")))

    assert len(marks(found)) == whole - len(written)
    assert lines(found).count("Đã thực hiện.") == len(written)


def test_blank_words_are_no_words() -> None:
    found = compose_danvan(FIGURES, CAU_NGANG, Written(words={"general": " \n "}))

    assert len(marks(found)) == len(marks(compose_danvan(FIGURES, CAU_NGANG)))


@pytest.mark.parametrize("name", FIVE)
def test_the_same_figures_are_never_told_twice(name: str) -> None:
    found = compose_danvan(figures_of(name), plan(name))

    said = [line for line in lines(found) if len(line) > 60 and not line.startswith("[")]
    assert len(said) == len(set(said))


def test_what_two_sections_ask_for_stands_in_the_first_and_is_named_in_the_second() -> None:
    # given a plan that has dialogues in its second section and in its fifth
    found = lines(compose_danvan(figures_of("vinh_cuu_2024"), plan("vinh_cuu_2024")))

    assert "Kết quả đối thoại với Nhân dân: như mục 2 phần này." in found


def test_a_section_on_the_conduct_of_officers_has_those_cases_alone() -> None:
    # given a plan that orders conduct, receptions and dialogues apart
    found = lines(compose_danvan(figures_of("gia_lai_2024"), plan("gia_lai_2024")))

    at = found.index("4. Đạo đức công vụ, văn hóa công sở, kỷ luật, kỷ cương hành chính")
    assert "thái độ, tác phong" in found[at + 1]
    assert found[at + 2].startswith("[cán bộ bổ sung: trường hợp vi phạm")


def test_nothing_is_said_of_a_table_that_is_not_there() -> None:
    for name in FIVE:
        assert not [line for line in lines(compose_danvan(figures_of(name), plan(name))) if "Bảng dưới" in line]


def test_what_open_surveys_may_claim_is_said_once() -> None:
    # given two surveys that whoever liked has answered
    (one,) = FIGURES.surveys
    two = replace(FIGURES, surveys=(one, replace(one, id="khac", title="Phiếu khác")))

    found = " ".join(lines(compose_danvan(two, CAU_NGANG)))

    assert found.count("không suy rộng") == 1
    assert "Về phiếu" not in found
