"""Conditions as officers write them ("Chỉ hỏi khi câu ... chọn ...") are understood, or faulted at their cell."""

from collections.abc import Sequence

import pytest

from surveys.faults import SurveyFaults
from surveys.sheets.template import read_template
from surveys.sheets.template_when import WhenFault, show_if, stt
from tests.unit.workbooks import template


def condition_of(*rows: Sequence[object]) -> str:
    return read_template(template(*rows), "phieu.xlsx").questions[-1].show_if


def cells_of(*rows: Sequence[object]) -> list[tuple[str, str]]:
    with pytest.raises(SurveyFaults) as caught:
        read_template(template(*rows), "phieu.xlsx")
    return [(fault.code.removeprefix("template."), fault.place.cell) for fault in caught.value.faults]


EARLIER = (
    (1, "A?", "Chọn một", "Hộ tịch, chứng thực\nĐất đai\nKhác"),
    (2, "B?", "Mức hài lòng", None, None, None, None, None, None, None, None, "Chưa gửi"),
    (3, "C?", "Chọn nhiều", "Đài\nBáo\nMạng"),
    (4, "D?", "Có/Không"),
    (5, "E?", "Số"),
    (6, "G?", "Điểm 0-10"),
    (7, "H?", "Chữ"),
    (8, "I?", "Bảng hài lòng", "Một\nHai"),
)


@pytest.mark.parametrize(
    ("when", "chosen", "meant"),
    [
        (1, "Đất đai", 'c1 == "dat_dai"'),
        ("câu 1", "dat dai", 'c1 == "dat_dai"'),
        (1, "Hộ tịch, chứng thực", 'c1 == "ho_tich_chung_thuc"'),
        (1, 2, 'c1 == "dat_dai"'),
        (1, "1; 2", 'c1 in ["ho_tich_chung_thuc", "dat_dai"]'),
        (1, "1, 2", 'c1 in ["ho_tich_chung_thuc", "dat_dai"]'),
        (1, "Đất đai hoặc Khác", 'c1 in ["dat_dai", "khac"]'),
        (1, "Khác", 'c1 == "khac"'),
        (1, "trừ Khác", 'not c1 == "khac"'),
        (1, "khác 2", 'not c1 == "dat_dai"'),
        (1, "không phải Đất đai; Khác", 'not c1 in ["dat_dai", "khac"]'),
        (1, "có trả lời", "answered(c1)"),
        (2, "Hài lòng", "c2 == 4"),
        (2, "Không hài lòng; Rất không hài lòng", "c2 in [2, 1]"),
        (2, "<= 2", "c2 <= 2"),
        (2, "≤2", "c2 <= 2"),
        (2, "dưới 3", "c2 < 3"),
        (2, "từ 4 trở lên", "c2 >= 4"),
        (2, "2 trở xuống", "c2 <= 2"),
        (2, "từ 1 đến 2", "c2 >= 1 and c2 <= 2"),
        (2, "trừ 1-2", "not (c2 >= 1 and c2 <= 2)"),
        (2, "Chưa gửi", "c2 == 9"),
        (2, "Không có ý kiến", "c2 == 0"),
        (3, "Đài", '"dai" in c3'),
        (3, "Đài; Báo", '"dai" in c3 or "bao" in c3'),
        (3, "trừ Mạng", 'not "mang" in c3'),
        (4, "Có", 'c4 == "yes"'),
        (4, "không", 'c4 == "no"'),
        (5, 3, "c5 == 3"),
        (5, "> 2,5", "c5 > 2.5"),
        (5, "1; 2", "c5 in [1, 2]"),
        (6, "0 đến 6", "c6 >= 0 and c6 <= 6"),
        (7, "đã trả lời", "answered(c7)"),
        ("8.2", "1", "c8_2 == 1"),
        ("2, 8.1", "1; 2", "c2 in [1, 2] and c8_1 in [1, 2]"),
        ("2 hoặc 8.1", "<= 2", "c2 <= 2 or c8_1 <= 2"),
        ("1 và 4", "Đất đai\nCó", 'c1 == "dat_dai" and c4 == "yes"'),
        ("3, 4", "Đài; Báo\nCó", '("dai" in c3 or "bao" in c3) and c4 == "yes"'),
    ],
)
def test_conditions_as_officers_write_them(when: object, chosen: object, meant: str) -> None:
    assert condition_of(*EARLIER, (9, "K?", "Chữ", None, None, when, chosen)) == meant


@pytest.mark.parametrize(
    ("when", "chosen", "code", "cell"),
    [
        (1, None, "when.chosen_missing", "G10"),
        (None, "Có", "when.number_missing", "F10"),
        (15, "Có", "when.unknown", "F10"),
        (9, "Có", "when.later", "F10"),
        (10, "Có", "when.later", "F10"),
        ("1, 2 hoặc 3", "1", "when.mixed", "F10"),
        (8, "1", "when.matrix", "F10"),
        (7, "Có", "when.kind", "G10"),
        (1, "Đất dai rộng", "when.unknown_answer.near", "G10"),
        (1, "Nông nghiệp", "when.unknown_answer", "G10"),
        (2, "<= 7", "when.unknown_answer", "G10"),
        (2, "2027-02-01", "when.date", "G10"),
        ("2027-05-03", "1", "when.date", "F10"),
        (5, "nhiều", "when.unknown_answer", "G10"),
        (1, "trừ", "when.unknown_answer", "G10"),
    ],
)
def test_conditions_that_cannot_be_understood(when: object, chosen: object, code: str, cell: str) -> None:
    rows = (*EARLIER, (9, "K?", "Chữ", None, None, when, chosen), (10, "L?", "Chữ"))
    assert cells_of(*rows) == [(code, cell)]


def test_a_condition_on_a_row_that_is_itself_wrong_is_not_a_second_fault() -> None:
    assert cells_of((1, "A?", "Chon mott", "A\nB"), (2, "B?", "Chữ", None, None, 1, "A")) == [
        ("kind_unknown.near", "C2")
    ]


def test_numbers_of_questions_are_compared_without_their_dress() -> None:
    assert {stt(text) for text in ("3", "Câu 3", "cau 3.", "3)", " câu số 3: ")} == {"3"}
    with pytest.raises(WhenFault):
        show_if("", "Có", {}, set())


def test_a_question_that_nobody_can_come_to_is_named_at_its_condition() -> None:
    rows = (
        (1, "A?", "Có/Không"),
        (2, "B?", "Có/Không", None, None, 1, "Có"),
        (3, "C?", "Chữ", None, None, "1, 2", "Không\nCó"),
    )
    assert cells_of(*rows) == [("unreachable", "G4")]
