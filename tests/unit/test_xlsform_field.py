"""Texts, languages, remarks and whole forms, as they come from the field."""

import openpyxl
import pytest

from surveys.walking import accepts, shown
from tests.unit.xlsforms import form, imported, saved

CROPS = [("list_name", "name", "label"), *(("cay", name, label) for name, label in
         (("lua", "Lúa"), ("ngo", "Ngô"), ("khong", "Không trồng cây nào")))]  # fmt: skip


def kinds(data: bytes) -> list[tuple[str, str]]:
    return [(question.id, question.kind.value) for question in imported(data).survey.questions]


def shown_ids(data: bytes, **answers: object) -> list[str]:
    return [question.id for question in shown(imported(data).survey, answers, "2026-11-21")]  # type: ignore[arg-type]


def test_a_constraint_looks_at_earlier_answers() -> None:
    data = form(
        [("type", "name", "label", "constraint"), ("integer", "nguoi", "Số người", ""),
         ("integer", "tre", "Số trẻ", ". < ${nguoi}")]
    )  # fmt: skip
    survey = imported(data).survey
    assert accepts(survey, survey.question("tre"), 2, {"nguoi": 5})
    assert not accepts(survey, survey.question("tre"), 5, {"nguoi": 5})


def test_two_languages_with_what_is_missing_in_remarks() -> None:
    # Given: a bilingual form whose second question has no Khmer text
    data = form(
        [("type", "name", "label::Tiếng Việt (vi)", "label::Khmer (km)", "hint::Khmer (km)"),
         ("select_one yn", "a", "Ông/Bà có đi họp không?", "តើអ្នកទៅប្រជុំទេ?", ""), ("text", "b", "Vì sao?", "", "")],
        [("list_name", "name", "label::vi", "label::km"), ("yn", "co", "Có đi", "បាទ"),
         ("yn", "khong", "Không đi", "ទេ")],
        default_language="Tiếng Việt (vi)",
    )  # fmt: skip
    # When
    found = imported(data)
    # Then
    assert found.survey.languages == ("vi", "km")
    assert found.survey.translations["km"] == {
        "questions.a.text": "តើអ្នកទៅប្រជុំទេ?",
        "questions.a.choices.co": "បាទ",
        "questions.a.choices.khong": "ទេ",
    }
    lacking = [remark for remark in found.remarks if remark.code == "remark.language"]
    assert [(remark.place.cell, remark.params["language"]) for remark in lacking] == [("3", "km")]


@pytest.mark.parametrize(
    ("heading", "tag"),
    [("label", "vi"), ("label::English (en)", "en"), ("label:English", "en"), ("label::Tiếng Việt", "vi"),
     ("LABEL :: km", "km"), ("label::Khmer (km_KH)", "km-KH"), ("caption:english", "en")],
)  # fmt: skip
def test_languages_of_headings(heading: str, tag: str) -> None:
    assert imported(form([("type", "name", heading), ("text", "a", "A")])).survey.language == tag


def test_a_text_that_only_another_language_has_stands_in_with_a_remark() -> None:
    data = form([("type", "name", "label::vi", "label::en"), ("text", "a", "Một", "One"), ("text", "b", "", "Two")])
    found = imported(data)
    assert found.survey.questions[1].text == "Two"
    assert "xlsform.borrowed" in {remark.code for remark in found.remarks}


def test_marks_of_presentation_are_taken_off_with_a_remark() -> None:
    label = '**Tuổi** của <span style="color:red">chủ hộ</span> (nếu < 18 thì bỏ qua)'
    found = imported(form([("type", "name", "label"), ("integer", "a", label)]))
    assert found.survey.questions[0].text == "Tuổi của chủ hộ (nếu < 18 thì bỏ qua)"
    assert [remark.code for remark in found.remarks] == ["xlsform.marks"]


def test_a_default_that_nothing_looks_at_is_a_remark() -> None:
    found = imported(form([("type", "name", "label", "default"), ("integer", "a", "A", 3)]))
    assert [(remark.code, remark.place.cell) for remark in found.remarks] == [("xlsform.default", "D2")]


def test_a_default_that_a_condition_looks_at_is_a_remark_where_the_person_answers() -> None:
    data = form(
        [("type", "name", "label", "default", "relevant"), ("integer", "a", "A", 3, ""),
         ("text", "b", "B", "", "${a} > 2")]
    )  # fmt: skip
    assert [remark.code for remark in imported(data).remarks] == ["xlsform.default"]
    assert shown_ids(data, a=3) == ["a", "b"]


def test_a_field_that_is_only_to_be_read_is_a_note() -> None:
    data = form(
        [("type", "name", "label", "read_only", "required"), ("text", "loi", "Xin chào Ông/Bà", "yes", "yes"),
         ("text", "a", "A", "no", "")]
    )  # fmt: skip
    assert kinds(data) == [("loi", "note"), ("a", "text")]
    assert [(one.code, one.place.cell) for one in imported(data).remarks] == [("xlsform.read_only_note", "D2")]


def test_a_calculated_value_may_be_read_only() -> None:
    rows = [("integer", "a", "A", "", ""), ("calculate", "b", "", "${a} * 2", "yes")]
    assert kinds(form([("type", "name", "label", "calculation", "read_only"), *rows])) == [
        ("a", "number"),
        ("b", "calculated"),
    ]


def test_the_template_of_odk_has_columns_for_image_and_big_image() -> None:
    data = form([("type", "name", "label", "image", "big-image"), ("text", "a", "A", "a.jpg", "b.jpg")])
    assert sorted((one.code, one.place.cell) for one in imported(data).remarks) == [
        ("xlsform.media", "D2"),
        ("xlsform.media", "E2"),
    ]


def test_a_formula_without_a_result_below_a_setting_of_no_use_here_is_a_remark() -> None:
    data = form(
        [("type", "name", "label"), ("text", "a", "A")], form_title="Phiếu", version='=TEXT(NOW(), "yyyymmddhhmm")'
    )
    assert [(one.code, one.place.cell) for one in imported(data).remarks] == [("sheet.formula_empty", "B2")]


def test_the_one_sheet_of_a_file_is_its_questions() -> None:
    book = openpyxl.Workbook()
    for row in (("Type", "Name", "Label"), ("text", "a", "A")):
        book.worksheets[0].append(row)
    assert kinds(saved(book)) == [("a", "text")]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("*Lưu ý:* xin đọc kỹ", "Lưu ý: xin đọc kỹ"),
        ("_nhẹ_ thôi", "nhẹ thôi"),
        ("Xem [tại đây](https://xa.example/a_b_c)", "Xem tại đây (https://xa.example/a_b_c)"),
        ("Tính 2*3*4", "Tính 2*3*4"),
        ("Thu nhập (*) và chi (*)", "Thu nhập (*) và chi (*)"),
        ("Tên: ____ và ____", "Tên: ____ và ____"),
        ("ma_so_thue và ma_so", "ma_so_thue và ma_so"),
        ("* Câu bắt buộc *", "* Câu bắt buộc *"),
    ],
)
def test_slanted_words_and_links(label: str, text: str) -> None:
    assert imported(form([("type", "name", "label"), ("text", "a", label)])).survey.questions[0].text == text


def test_a_remark_is_made_once() -> None:
    data = form(
        [("type", "name", "label::vi", "label::en"), ("select_one cay or_other", "a", "A", ""), ("text", "b", "", "B")],
        CROPS,
    )
    remarks = imported(data).remarks
    assert len({(one.code, one.place, str(one.params)) for one in remarks}) == len(remarks)


def test_decoration_is_remarked_cell_by_cell() -> None:
    data = form(
        [("type", "name", "label", "appearance", "guidance_hint", "media::image", "required_message"),
         ("select_one cay", "a", "A", "minimal", "Đọc chậm", "a.jpg", "Xin trả lời")],
        CROPS,
    )  # fmt: skip
    cells = sorted(remark.place.cell for remark in imported(data).remarks)
    assert cells == ["D2", "E2", "F2", "G2"]


def test_an_audio_prompt_stays_with_its_question() -> None:
    data = form([("type", "name", "label", "media::audio::vi"), ("text", "a", "A", "cau-a.mp3")])
    assert imported(data).survey.questions[0].audio == "cau-a.mp3"


def test_the_same_name_in_two_groups_is_two_questions() -> None:
    data = form(
        [("type", "name", "label"), ("begin_group", "g", "G"), ("text", "ten", "Tên cha"), ("end_group",),
         ("begin_group", "h", "H"), ("text", "ten", "Tên mẹ"), ("end_group",)]
    )  # fmt: skip
    assert [id for id, _ in kinds(data)] == ["ten", "ten_6"]


def test_a_household_survey() -> None:
    """Skips, sums and limits together, as statistical offices write them."""
    # Given
    data = form(
        [("type", "name", "label", "relevant", "constraint", "required", "calculation"),
         ("start", "start", "", "", "", "", ""), ("begin_group", "ho", "Hộ gia đình", "", "", "", ""),
         ("integer", "nam", "Số nam", "", ". >= 0 and . <= 30", "yes", ""),
         ("integer", "nu", "Số nữ", "", ". >= 0 and . <= 30", "yes", ""),
         ("calculate", "nguoi", "", "", "", "", "${nam} + ${nu}"),
         ("integer", "tre", "Số trẻ dưới 6 tuổi", "${nguoi} > 0", ". <= ${nguoi}", "", ""), ("end_group",),
         ("select_multiple cay", "cay", "Trồng cây gì?", "", "", "", ""),
         ("decimal", "ha", "Bao nhiêu hecta?", "count-selected(${cay}) > 0 and not(selected(${cay}, 'khong'))", "",
          "", ""),
         ("calculate", "mat_do", "", "", "", "", "round(${nguoi} div ${ha}, 1)"),
         ("note", "dat", "Đất ít người nhiều.", "${mat_do} > 5", "", "", "")],
        CROPS, form_title="Hộ",
    )  # fmt: skip
    # When, then
    assert shown_ids(data, nam=2, nu=3, tre=1, cay=("lua",), ha=0.5) == ["nam", "nu", "tre", "cay", "ha", "dat"]
    assert shown_ids(data, nam=0, nu=0, cay=("khong",)) == ["nam", "nu", "cay"]
    assert shown_ids(data, nam=2, nu=3, cay=("lua",), ha=2) == ["nam", "nu", "tre", "cay", "ha"]


def test_a_form_like_who_steps() -> None:
    """Codes 1, 2 and 77, numbers in ranges, blood pressure taken three times."""
    # Given
    yes_no = [("list_name", "name", "label"), ("yn", 1, "Có"), ("yn", 2, "Không"), ("yn", 77, "Không biết")]
    data = form(
        [("type", "name", "label", "relevant", "constraint", "constraint_message", "calculation"),
         ("select_one yn", "T1", "Hiện nay có hút thuốc không?", "", "", "", ""),
         ("integer", "T3", "Bắt đầu hút năm bao nhiêu tuổi?", "${T1} = 1", "(. >= 7 and . <= 99) or . = 777",
          "Từ 7 đến 99, không nhớ thì ghi 777", ""),
         ("integer", "M4a", "Tâm thu lần 1", "", ". >= 40 and . <= 300", "", ""),
         ("integer", "M5a", "Tâm thu lần 2", "", ". >= 40 and . <= 300", "", ""),
         ("calculate", "tb", "", "", "", "", "int((${M4a} + ${M5a}) div 2)"),
         ("note", "cao", "Huyết áp cao, xin khám lại.", "${tb} >= 140", "", "", "")],
        yes_no,
    )  # fmt: skip
    survey = imported(data).survey
    # When, then
    assert shown_ids(data, t1="c1", t3=777, m4a=150, m5a=131) == ["t1", "t3", "m4a", "m5a", "cao"]
    assert shown_ids(data, t1="c77", m4a=120, m5a=131) == ["t1", "m4a", "m5a"]
    assert accepts(survey, survey.question("t3"), 777, {})
    assert not accepts(survey, survey.question("t3"), 100, {})


def test_conditions_look_at_what_or_other_adds() -> None:
    data = form(
        [("type", "name", "label", "relevant"), ("select_multiple cay or_other", "cay", "Cây gì?", ""),
         ("text", "a", "A", "selected(${cay}, 'other')"), ("text", "b", "B", "${cay_other} != ''")],
        CROPS,
    )  # fmt: skip
    assert shown_ids(data, cay=("lua", "other"), cay_other="Chè") == ["cay", "cay_other", "a", "b"]
    assert shown_ids(data, cay=("lua",)) == ["cay"]
