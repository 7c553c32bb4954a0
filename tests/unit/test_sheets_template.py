"""An officer's template becomes a survey, or every fault in it is named at its cell in plain Vietnamese."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

import surveys
from surveys.definition import Kind, Privacy, Question, Survey
from surveys.faults import SurveyFaults, describe
from surveys.sheets.files import kind_of
from surveys.sheets.grid import read_workbook
from surveys.sheets.template import read_template, reading_of
from surveys.sheets.template_words import KINDS
from tests.unit.workbooks import HEAD, INFO, Rows, member, repacked, template, xlsx

SINGLE = (1, "Ông/Bà làm việc gì?", "Chọn một", "Hộ tịch, chứng thực\nĐất đai\nChưa đến lần nào")
SCALE = (2, "Ông/Bà hài lòng thế nào?", "Mức hài lòng", None, "Có")


def survey_of(*rows: Sequence[object], head: Sequence[object] = HEAD) -> Survey:
    return read_template(template(*rows, head=head), "phieu.xlsx")


def questions_of(*rows: Sequence[object]) -> tuple[Question, ...]:
    return survey_of(*rows).questions


def faults_of(data: bytes) -> list[tuple[str, str, str]]:
    reading = reading_of(read_workbook(data, "phieu.xlsx"))
    assert reading.survey is None
    return [(fault.code.removeprefix("template."), fault.place.sheet, fault.place.cell) for fault in reading.faults]


def cells_of(*rows: Sequence[object], head: Sequence[object] = HEAD, change: Any = None) -> list[tuple[str, str]]:
    return [(code, cell) for code, _, cell in faults_of(template(*rows, head=head, change=change))]


def remarks_of(data: bytes) -> list[tuple[str, str, str]]:
    reading = reading_of(read_workbook(data, "phieu.xlsx"))
    assert reading.faults == ()
    return [(fault.code.removeprefix("template."), fault.place.sheet, fault.place.cell) for fault in reading.remarks]


def catalogue() -> dict[str, str]:
    path = Path(surveys.__file__ or "").parent / "locale/vi/LC_MESSAGES/surveys.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def filled() -> Survey:
    """A template as an officer fills it in."""
    info: Rows = (
        ("PHIẾU KHẢO SÁT",),
        ("Tên phiếu", "Khảo sát một cửa", "Bắt buộc."),
        ("lời mở đầu:", "Xin chào"),
        ("LOI CAM ON", "Xin cảm ơn"),
        ("Nguồn", None, "Soạn theo văn bản nào."),
        ("Cách giữ kín", "Giữ kín tên"),
    )
    return read_template(
        xlsx(
            {
                "Phiếu": info,
                "Câu hỏi": [
                    HEAD,
                    (None, "A. Về thủ tục", "Mục"),
                    (*SINGLE, "x"),
                    (*SCALE, 1, "trừ Chưa đến lần nào", "Tính cả năm", "Thủ tục", None, None, "x", "x"),
                    (3, "Về cán bộ:", "Bảng hài lòng", "Lịch sự; Lắng nghe", None, None, None, None, "Cán bộ"),
                    (
                        "4a",
                        "Vì sao?",
                        "Chọn nhiều",
                        "Chậm\nKhác (ghi rõ)\nKhông (chọn riêng)",
                        None,
                        "3.2",
                        "<= 2",
                        None,
                        None,
                        1,
                        2,
                    ),
                ],
            }
        ),
        "phieu.xlsx",
    )


def test_a_filled_template_is_a_survey() -> None:
    survey = filled()
    assert (survey.id, survey.title, survey.intro, survey.thanks) == (
        "khao_sat_mot_cua",
        "Khảo sát một cửa",
        "Xin chào",
        "Xin cảm ơn",
    )
    assert (survey.source, survey.privacy) == ("", Privacy.CONFIDENTIAL)
    assert [(factor.id, factor.text) for factor in survey.factors] == [("thu_tuc", "Thủ tục"), ("can_bo", "Cán bộ")]


def test_every_column_of_a_question_counts() -> None:
    survey = filled()
    assert [question.id for question in survey.questions] == ["c1", "c2", "c3_1", "c3_2", "c4a", "c4a_other"]
    assert {question.section for question in survey.questions} == {"A. Về thủ tục"}
    first, second, third, _, last, words = survey.questions
    assert first.required
    assert [choice.id for choice in first.choices] == ["ho_tich_chung_thuc", "dat_dai", "chua_den_lan_nao"]
    assert (second.show_if, second.hint, second.factor) == ('not c1 == "chua_den_lan_nao"', "Tính cả năm", "thu_tuc")
    assert (second.required, second.overall, second.not_applicable) == (True, True, "Không áp dụng")
    assert (third.kind, third.text, third.stem, third.matrix, third.factor) == (
        Kind.LIKERT5,
        "Lịch sự",
        "Về cán bộ:",
        "c3",
        "can_bo",
    )
    assert (last.show_if, last.min, last.max) == ("c3_2 <= 2", 1, 2)
    assert [(choice.text, choice.other, choice.exclusive) for choice in last.choices] == [
        ("Chậm", False, False),
        ("Khác (ghi rõ)", True, False),
        ("Không", False, True),
    ]
    assert words.other_of == "c4a"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (kind, word)
        for kind, words in KINDS.items()
        for said in words
        for word in (said, said.upper(), f" {said.lower()} ")
    ],
)
def test_every_word_for_a_kind_is_understood(kind: str, said: str) -> None:
    choices = "A\nB" if kind in {"single", "multiple", "rank", "matrix"} else None
    info: Rows = (*INFO, ("Cách giữ kín", "Ghi tên"))
    data = xlsx({"Phiếu": info, "Câu hỏi": [HEAD, (1, "A?", said, choices), (2, "B?", "Chữ")]})
    questions = read_template(data, "phieu.xlsx").questions
    if kind == "section":
        assert [question.section for question in questions] == ["A?"]
    else:
        assert questions[0].kind == ("likert5" if kind == "matrix" else kind)


def test_words_without_accents_and_marks_of_every_sort() -> None:
    head = ("stt", "CAU HOI", "loai", "lua chon", "bat buoc")
    marks = ("x", "Có", "TRUE", True, "co", "✓", 1, "Không", "khong", False, None, 0)
    rows = [(number, f"Câu {number}?", "chu", None, mark) for number, mark in enumerate(marks, start=1)]
    assert [question.required for question in survey_of(*rows, head=head).questions] == [True] * 7 + [False] * 5


def test_the_headings_may_stand_anywhere_and_in_any_order() -> None:
    rows = [("UBND XÃ",), (), ("Phiếu hỏi",), (None, "Loại", "Ghi", "Câu hỏi", "STT"), (None, "Chữ", "nháp", "A?", 7)]
    data = xlsx({"Phiếu": INFO, "Câu hỏi": rows})
    assert [(q.id, q.text) for q in read_template(data, "phieu.xlsx").questions] == [("c7", "A?")]
    assert remarks_of(data) == [("column_unknown", "Câu hỏi", "C4")]


def test_merged_headings_and_a_heading_across_the_table() -> None:
    def merge(book: Any) -> None:
        sheet = book["Câu hỏi"]
        for area in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "A3:F3"):
            sheet.merge_cells(area)

    rows: Rows = [
        ("STT", "Câu hỏi", "Loại", "Lựa chọn", "Chỉ hỏi khi", None),
        (None, None, None, None, "câu", "chọn"),
        ("A. Phần chung",),
        SINGLE,
        (2, "B?", "Chữ", None, 1, 2),
    ]
    survey = read_template(xlsx({"Phiếu": INFO, "Câu hỏi": rows}, merge), "phieu.xlsx")
    assert [(q.section, q.show_if) for q in survey.questions] == [
        ("A. Phần chung", ""),
        ("A. Phần chung", 'c1 == "dat_dai"'),
    ]


def test_rows_that_only_have_a_number_are_not_filled_in_yet() -> None:
    assert len(questions_of((1, "A?", "Chữ"), (2,), (3, None, None, None, "Không"))) == 1


def test_a_csv_file_has_both_sheets_in_one() -> None:
    text = "Tên phiếu;Khảo sát thử\n;;\nSTT;Câu hỏi;Loại\n1;A?;Chữ\n"
    for data in (text.encode(), text.encode("utf-16")):
        survey = read_template(data, "phieu.csv")
        assert (survey.title, [question.text for question in survey.questions]) == ("Khảo sát thử", ["A?"])


def test_numbered_and_bulleted_choices_lose_their_marks() -> None:
    said = ["1. Có đất\n2. Không đất", "- Có đất\n- Không đất", "a) Có đất;b) Không đất", "Có đất; Không đất;"]
    questions = questions_of(*((place, "A?", "Chọn một", text) for place, text in enumerate(said, start=1)))
    assert {tuple(choice.text for choice in question.choices) for question in questions} == {("Có đất", "Không đất")}
    assert [c.text for c in questions_of((1, "A?", "Chọn một", "1 lần\n2 lần"))[0].choices] == ["1 lần", "2 lần"]


def test_labels_that_a_kind_has_anyway_are_no_fault() -> None:
    levels = "Rất hài lòng; Hài lòng; Bình thường; Không hài lòng; Rất không hài lòng"
    assert [q.kind for q in questions_of((1, "A?", "Mức hài lòng", levels), (2, "B?", "Có/Không", "Có; Không"))] == [
        Kind.LIKERT5,
        Kind.YESNO,
    ]


FAULTY: list[tuple[tuple[object, ...], str, str]] = [
    ((1, None, "Chữ", None, "Có"), "text_missing", "B2"),
    ((1, "A?"), "kind_missing", "C2"),
    ((1, "A?", "Muc hai lonng"), "kind_unknown.near", "C2"),
    ((1, "A?", "Bản đồ sao"), "kind_unknown", "C2"),
    ((None, "A?", "Chữ"), "number_missing", "A2"),
    ((1, "A?", "Chọn một"), "choices_missing", "D2"),
    ((1, "A?", "Chọn một", "Có đất"), "choices.too_few", "D2"),
    ((1, "A?", "Chọn một", "Có đất\nCo dat\nKhông"), "choice_twice", "D2"),
    ((1, "A?", "Chọn một", "1\n3"), "choices.number_text", "D2"),
    ((1, "A?", "Chữ", "Có\nKhông"), "not_for_kind", "D2"),
    ((1, "A?", "Mức hài lòng", "Tốt\nXấu"), "not_for_kind", "D2"),
    ((1, "A?", "Thông báo", None, "Có"), "not_for_kind", "E2"),
    ((1, "A?", "Chữ", None, "chắc vậy"), "mark", "E2"),
    ((1, "A?", "Chữ", None, None, None, None, None, "Nhóm 1"), "not_for_kind", "I2"),
    ((1, "A?", "Số", None, None, None, None, None, None, "một"), "not_a_number", "J2"),
    ((1, "A?", "Số", None, None, None, None, None, None, 5, 2), "limit_order", "J2"),
    ((1, "A?", "Chữ", None, None, None, None, None, None, 1.5), "limit.form", "J2"),
    ((1, "A?", "Chọn nhiều", "A\nB", None, None, None, None, None, 3), "limit.choices", "J2"),
    ((1, "A?", "Ảnh"), "privacy.telling", "C2"),
    ((1, "A" * 2001, "Chữ"), "text.too_long", "B2"),
]


@pytest.mark.parametrize(("row", "code", "cell"), FAULTY)
def test_a_fault_is_named_at_its_cell(row: tuple[object, ...], code: str, cell: str) -> None:
    assert cells_of(row) == [(code, cell)]


def test_all_faults_are_named_at_once_from_top_to_bottom() -> None:
    rows = [(number, *row[1:]) for number, (row, _, _) in enumerate(FAULTY, start=1) if row[0] is not None]
    found = cells_of(*rows, (3, "A?", "Chữ"))
    assert [code for code, _ in found] == [code for row, code, _ in FAULTY if row[0] is not None] + ["number_twice"]


def test_columns_that_are_missing_misspelt_or_doubled() -> None:
    assert cells_of((1, "A?"), head=("STT", "Câu hỏi", "Lựa chọn")) == [("column_missing", "1"), ("kind_missing", "2")]
    assert cells_of((1, "A?", "Chữ"), head=("STT", "Cauu hỏi", "Loại", "Nhóm"))[0] == ("column_missing.near", "B1")
    assert cells_of((1, "A?", "Chữ"), head=("STT", "Câu hỏi", "Loại", "loai")) == [("column_twice", "D1")]
    assert ("column_missing", "1") in cells_of((1, "A?", "Chữ"), head=("STT", "Câu hỏi", "Loại", "Chỉ hỏi khi câu"))


def test_merged_cells_and_failed_formulas_among_the_questions() -> None:
    rows = ((1, "A?", "Chữ"), (2, "B?", "Chữ"), (3, "C?", "Chữ"))
    assert cells_of(*rows, change=lambda book: book["Câu hỏi"].merge_cells("C2:C4")) == [
        ("merged", "C2"),
        ("kind_missing", "C3"),
        ("kind_missing", "C4"),
    ]
    data = template(*rows)
    sheet = member(data, "xl/worksheets/sheet2.xml").replace(
        b"</sheetData>",
        b'<row r="5"><c r="A5"><f>A4+1</f></c><c r="B5" t="e"><f>Z1</f><v>#REF!</v></c></row></sheetData>',
    )
    found = faults_of(repacked(data, {"xl/worksheets/sheet2.xml": sheet}))
    assert [entry for entry in found if entry[0].startswith("sheet.")] == [
        ("sheet.formula_empty", "Câu hỏi", "A5"),
        ("sheet.formula_error", "Câu hỏi", "B5"),
    ]


def test_a_failed_formula_on_the_first_sheet() -> None:
    data = template((1, "A?", "Chữ"))
    name = "xl/worksheets/sheet1.xml"
    cells = b'<row r="3"><c r="A3" t="str"><v>Ngu\xe1\xbb\x93n</v></c><c r="B3"><f>A1</f></c></row></sheetData>'
    sheet = member(data, name).replace(b"</sheetData>", cells)
    assert faults_of(repacked(data, {name: sheet})) == [("sheet.formula_empty", "Phiếu", "B3")]


def test_choices_with_commas_between_them() -> None:
    assert cells_of((1, "A?", "Chọn một", "Có, Không, Không biết")) == [("choices_comma", "D2")]
    assert cells_of((1, "A?", "Chọn một", "Có")) == [("choices.too_few", "D2")]


def test_a_number_of_a_question_is_said_once() -> None:
    reading = reading_of(
        read_workbook(template(("Câu 1.", "A?", "Chữ"), (2, "B?", "Chữ", "", "", "Câu 1.", "có")), "phieu.xlsx")
    )
    assert [(fault.code, fault.params["number"]) for fault in reading.faults] == [("template.when.kind", "1")]


def test_sheets_with_other_names() -> None:
    rows = [HEAD, (1, "A?", "Chữ")]
    assert remarks_of(xlsx({"Phieu": INFO, "Cau hoi": rows})) == []
    assert remarks_of(xlsx({"Phiếu 1": INFO, "Sheet1": rows})) == [
        ("renamed", "Sheet1", ""),
        ("renamed", "Phiếu 1", ""),
    ]
    assert faults_of(xlsx({"Sheet1": rows})) == [("info_absent", "Sheet1", "")]
    assert faults_of(xlsx({"Trang 1": [("a", "b")]})) == [("no_sheet", "", "")]
    assert faults_of(xlsx({"Câu hỏi": [("a", "b")], "Phiếu": INFO})) == [("no_headings", "Câu hỏi", "")]


def test_lines_of_the_first_sheet_that_are_not_known_or_wrong() -> None:
    rows = [HEAD, (1, "A?", "Chữ")]
    info: Rows = (*INFO, ("Tên xã", "Xã A"), ("Lời mở đâuu", "Chào"), ("Mã phiếu", "hai"))
    assert remarks_of(xlsx({"Phiếu": info, "Câu hỏi": rows})) == [
        ("info_unknown", "Phiếu", "A3"),
        ("info_unknown.near", "Phiếu", "A4"),
        ("info_twice", "Phiếu", "A5"),
    ]
    wrong: Rows = (("Tên phiếu", "Thử"), ("Mã phiếu", "Mã 1"), ("Cách giữ kín", "tùy"))
    assert faults_of(xlsx({"Phiếu": wrong, "Câu hỏi": rows})) == [
        ("id.form", "Phiếu", "B2"),
        ("privacy", "Phiếu", "B3"),
    ]
    assert faults_of(xlsx({"Phiếu": INFO, "Câu hỏi": [HEAD]})) == [("questions.none", "Câu hỏi", "")]


def test_a_fault_says_where_and_what_in_words() -> None:
    with pytest.raises(SurveyFaults) as caught:
        survey_of(SINGLE, (2, "B?", "Muc hai lonng"), (3, "C?", "Chữ", None, None, 1, "Đất dai rộng"))
    assert [describe(fault, catalogue().__getitem__) for fault in caught.value.faults] == [
        'trang tính "Câu hỏi", ô C3: không có loại câu hỏi "Muc hai lonng". Có phải ý Ông/Bà là "Mức hài lòng"?',
        'trang tính "Câu hỏi", ô G4: câu 1 không có câu trả lời "Đất dai rộng". Có phải ý Ông/Bà là "Đất đai"?',
    ]


def test_every_code_that_the_readers_can_give_has_its_words() -> None:
    texts = catalogue()
    sources = list((Path(surveys.__file__ or "").parent / "sheets").glob("*.py"))
    said = {
        part
        for source in sources
        for part in source.read_text("utf-8").split('"')
        if part.startswith(("sheet.", "template.")) and part.count(".") <= 3 and " " not in part
    }
    assert len(said) > 40
    assert {code for code in said if f"fault.{code}" not in texts} == set()


def test_which_way_a_workbook_is_written() -> None:
    def kind(sheets: dict[str, Rows]) -> str:
        return kind_of(read_workbook(xlsx(sheets), "tệp"))

    assert kind({"Phiếu": INFO, "Câu hỏi": [HEAD]}) == "template"
    assert kind({"Sheet1": [("stt", "loai", "cau hoi")]}) == "template"
    assert kind({"survey": [("type", "name", "label")], "choices": [("list_name", "name")]}) == "xlsform"
    assert kind({"Sheet1": [("Type", "Name", "Label::Vietnamese (vi)")]}) == "xlsform"
    assert kind({"Sheet1": [("Họ tên", "Ngày sinh")]}) == "unknown"
