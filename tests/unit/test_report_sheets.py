"""Biểu chỉ tiêu and biểu tự đánh giá, xếp loại: what fills itself, what is typed, and what is still to be filled."""

from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reports import sheets
from reports.criteria import EVIDENCE, BadCriteria, Criteria, read, template
from reports.criteria_evidence import evidence
from reports.danvan import compose_danvan, marks
from reports.dialogue_figures import KeptPromises, SessionCount, SessionFigures
from reports.document import Document, Paragraph, Table
from reports.figures import Figures, build
from reports.periods import parse
from reports.phrases import Phrases
from reports.plans import Plan, Target, plan
from reports.sheets import points_of, share_of, target_id
from reports.texts import texts
from reports.time_figures import TimeFigures
from reports.written import Done, Points, Written
from tests.unit.report_source import empty, lively

VINH_CUU = plan("vinh_cuu_2024")
MARK = "[cán bộ bổ sung]"
TEMPLATE = template()
Known = Literal["cases.in_time", "sessions.dialogues", "sessions.promises"]
CRITERIA = read(TEMPLATE)


def figures_of(chosen: Plan = VINH_CUU) -> Figures:
    made = build(lively(), parse("2026-9m"), chosen, sample=False, made_on=date(2026, 11, 2))
    held = SessionFigures(
        dialogues=SessionCount(held=3, questions=12, answered=11),
        receptions=SessionCount(held=18),
        promises=KeptPromises(due=8, kept=6),
    )
    return replace(made, times=TimeFigures(answered=50, in_time=45), sessions=held)


FIGURES = figures_of()


def with_target(known: Known, figures: Figures = FIGURES) -> tuple[str, ...]:
    """The line of a target that the product knows."""
    target = Target(quote="Một chỉ tiêu", counts="cases", goal="100%", known=known)
    return table_of(compose_danvan(figures, replace(VINH_CUU, targets=(target,))), 0).rows[0]


def table_of(document: Document, annex: int) -> Table:
    return next(block for block in document.annexes[annex].blocks if isinstance(block, Table))


# --- biểu chỉ tiêu ----------------------------------------------------------------------------------------------------


def test_the_targets_stand_in_an_annex_with_the_plans_own_words() -> None:
    document = compose_danvan(FIGURES, VINH_CUU)

    (annex,) = document.annexes
    assert (annex.label, annex.title) == ("Phụ lục", "Biểu chỉ tiêu")
    table = table_of(document, 0)
    assert [row[1] for row in table.rows] == [target.quote for target in VINH_CUU.targets]
    assert all(row[3:5] == (MARK, MARK) for row in table.rows), "shares of offices: nothing here knows them"
    assert "Kèm theo báo cáo này: Biểu chỉ tiêu." in [b.text for b in document.blocks if isinstance(b, Paragraph)]


@pytest.mark.parametrize(
    ("known", "reached", "share", "source"),
    [
        ("cases.in_time", "45/50", "90%", "ngày hẹn trả lời"),
        ("sessions.dialogues", "3", "-", "Lịch đối thoại"),
        ("sessions.promises", "6/8", "75%", "lời hứa tại đối thoại"),
    ],
)
def test_a_line_that_the_product_knows_fills_itself_and_names_its_source(
    known: Known, reached: str, share: str, source: str
) -> None:
    row = with_target(known)

    assert row[3:5] == (reached, share if share != "-" else texts().say("none"))
    assert source in row[5]
    assert "30/9/2026" in row[5] or "30/09/2026" in row[5]


def test_where_nothing_happened_that_is_said() -> None:
    nothing = build(empty(), parse("2026-9m"), VINH_CUU, sample=False, made_on=date(2026, 11, 2))

    assert with_target("cases.in_time", nothing)[3] == "Không phát sinh"


def test_what_an_officer_types_goes_before_and_brings_its_share() -> None:
    first = VINH_CUU.targets[0]
    typed = Written(targets={target_id(first): Done(reached="42/50", note="theo báo cáo của các đơn vị")})

    document = compose_danvan(FIGURES, VINH_CUU, typed)

    assert table_of(document, 0).rows[0][3:] == ("42/50", "84%", "theo báo cáo của các đơn vị")
    assert len(marks(compose_danvan(FIGURES, VINH_CUU))) - len(marks(document)) == 2


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ("45/50", "90%"),
        ("1.000/2.000", "50%"),
        ("0/7", "0%"),
        ("7/0", ""),
        ("87,5 %", "87,5%"),
        ("nhiều", ""),
        ("", ""),
    ],
)
def test_the_share_is_computed_from_what_was_typed(said: str, share: str) -> None:
    assert share_of(said) == share


# --- biểu tự đánh giá, xếp loại ---------------------------------------------------------------------------------------


def points(criteria: Criteria, share: float) -> dict[str, Points]:
    """As many points for every line as that share of the most."""
    return {one.id: Points(points=f"{one.points * share:g}".replace(".", ",")) for one in criteria.lines()}


def noted(typed: dict[str, Points]) -> dict[str, Points]:
    return {id: Points(points=one.points, note="theo sổ") for id, one in typed.items()}


def test_without_a_file_there_is_no_such_annex() -> None:
    assert [annex.title for annex in compose_danvan(FIGURES, VINH_CUU).annexes] == ["Biểu chỉ tiêu"]


def test_the_evidence_stands_beside_each_line_and_the_points_are_typed() -> None:
    document = compose_danvan(FIGURES, VINH_CUU, Written(criteria=CRITERIA))

    assert [annex.label for annex in document.annexes] == ["Phụ lục I", "Phụ lục II"]
    rows = {row[1]: row for row in table_of(document, 1).rows}
    assert rows["Tổ chức đối thoại, tiếp công dân theo quy định"][3:] == (
        MARK,
        "3 buổi đối thoại đã tổ chức; 18 buổi tiếp công dân đã tổ chức",
    )
    assert (
        "trả lời đúng ngày hẹn 45/50 lượt (90,0%)" in rows["Trả lời đúng ngày đã hẹn; chậm thì xin lỗi và hẹn lại"][4]
    )
    assert (
        rows["Tuyên truyền, phổ biến chủ trương, chính sách đến Nhân dân"][4]
        == "[cán bộ bổ sung: số buổi, số người dự]"
    )
    assert rows["Tổng cộng"][2:4] == ("100", MARK)


@pytest.mark.parametrize(
    ("share", "grade"), [(1, "Tốt"), (0.9, "Tốt"), (0.89, "Khá"), (0.7, "Khá"), (0.5, "Trung bình"), (0, "Yếu")]
)
def test_the_sum_and_the_grade_follow_the_file(share: float, grade: str) -> None:
    document = compose_danvan(FIGURES, VINH_CUU, Written(criteria=CRITERIA, points=noted(points(CRITERIA, share))))

    total = f"{100 * share:g}".replace(".", ",")
    said = [block.text for block in document.annexes[1].blocks if isinstance(block, Paragraph)]
    assert table_of(document, 1).rows[-1][3] == total
    assert f"Tổng điểm tự chấm: {total} điểm. Tự xếp loại: {grade}." in said
    assert not [text for text in sheets.marks(document) if "điểm" in text]


def test_one_line_without_points_leaves_no_grade() -> None:
    typed = noted(points(CRITERIA, 1))
    typed.popitem()

    document = compose_danvan(FIGURES, VINH_CUU, Written(criteria=CRITERIA, points=typed))

    said = " ".join(block.text for block in document.annexes[1].blocks if isinstance(block, Paragraph))
    assert "Tự xếp loại" not in said
    assert "điểm tự chấm của 1 tiêu chí" in said


def test_a_file_without_its_source_is_called_what_it_is() -> None:
    issued = read(TEMPLATE.replace('source = ""', 'source = "Quyết định số 01/QĐ-UBND ngày 02/01/2026"'))

    own, theirs = (
        compose_danvan(FIGURES, VINH_CUU, Written(criteria=one)).annexes[1].blocks[0] for one in (CRITERIA, issued)
    )

    assert isinstance(own, Paragraph)
    assert isinstance(theirs, Paragraph)
    assert "chưa phải tiêu chí của cấp có thẩm quyền" in own.text
    assert theirs.text == "Tiêu chí theo Quyết định số 01/QĐ-UBND ngày 02/01/2026."


@given(text=st.text(max_size=12), most=st.floats(1, 100))
def test_points_are_a_number_up_to_the_most_or_nothing(text: str, most: float) -> None:
    found = points_of(text, most)
    assert found is None or 0 <= found <= most


@pytest.mark.parametrize(
    ("text", "found"),
    [("7,5", 7.5), ("10", 10), ("10.25", 10.25), ("-1", None), ("15,1", None), ("1e1", None), ("", None)],
)
def test_points_as_officers_type_them(text: str, found: float | None) -> None:
    assert points_of(text, 15) == found


def test_every_evidence_has_its_words_and_says_nothing_where_nothing_is_known() -> None:
    full = Phrases(FIGURES, texts())
    bare = Phrases(build(empty(), parse("2026-9m"), VINH_CUU, sample=False, made_on=date(2026, 11, 2)), texts())

    assert all(isinstance(evidence(full, name), str) for name in EVIDENCE)
    assert "người trả lời (khảo sát tự nguyện" in evidence(full, "surveys.satisfaction")
    assert [name for name in EVIDENCE if "%" in evidence(bare, name)] == []


def test_every_mark_of_the_catalogue_is_found_as_one() -> None:
    say = texts().say
    assert say("sheet.mark").startswith(sheets.MARK)
    assert say("doc.add", what="x").startswith(sheets.MARK)
    assert say("sheet.criteria.mark", n=1).startswith(sheets.MARK)


# --- a file that cannot be used ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('title = "Biểu', "title = Biểu", 11, "TOML"),
        ('points = 10\nadd = "số, ngày', 'points = -1\nadd = "số, ngày', 19, "lớn hơn 0"),
        ('points = 10\nadd = "số, ngày', 'points = true\nadd = "số, ngày', 19, "lớn hơn 0"),
        ('"promises.apologised"]', '"promises.nothing"]', 38, "evidence chỉ nhận"),
        ('add = "số buổi', 'ad = "số buổi', 25, "không có mục nào tên ad"),
        ("from = 70", "from = 95", 72, "thấp hơn mức trước (90)"),
        ("from = 90", "from = 190", 68, "vượt tổng điểm"),
        ('name = "Yếu"\nfrom = 0', 'name = "Yếu"\nfrom = 5', 80, "from = 0"),
        ('name = "Đối thoại, tiếp công dân"', "", 40, "thiếu name"),
        (
            'text = "Trả lời câu hỏi và thực hiện lời hứa tại các buổi đối thoại"',
            'text = "Tổ chức đối thoại, tiếp công dân theo quy định"',
            49,
            "đã có ở trên",
        ),
    ],
)
def test_a_fault_is_said_with_its_line(old: str, new: str, line: int, said: str) -> None:
    assert TEMPLATE.count(old) == 1

    with pytest.raises(BadCriteria) as raised:
        read(TEMPLATE.replace(old, new))

    assert any(fault.startswith(f"Dòng {line}: ") and said in fault for fault in raised.value.faults), raised.value


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    with pytest.raises(BadCriteria):
        read(text)


def test_the_template_names_no_authority() -> None:
    assert CRITERIA.source == ""
    assert "KHÔNG phải tiêu chí của cơ quan nào" in TEMPLATE
    assert CRITERIA.points == 100
