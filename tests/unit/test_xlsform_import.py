"""XLSForms of Kobo and ODK: what lies inside the subset is read with the same questions, choices and order."""

import pytest
from openpyxl import Workbook

from surveys.definition import Kind, Privacy
from surveys.walking import offered, shown
from tests.unit.xlsforms import form, imported, saved

YES_NO = [("list_name", "name", "label"), ("yn", "yes", "Có"), ("yn", "no", "Không")]
CROPS = [("list_name", "name", "label"), *(("cay", name, label) for name, label in
         (("lua", "Lúa"), ("ngo", "Ngô"), ("khong", "Không trồng cây nào")))]  # fmt: skip
LEVELS = ("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng")
LIKERT = [("list_name", "name", "label"), *(("muc", str(n), text) for n, text in enumerate(LEVELS, start=1))]


def kinds(data: bytes) -> list[tuple[str, str]]:
    return [(question.id, question.kind.value) for question in imported(data).survey.questions]


def shown_ids(data: bytes, **answers: object) -> list[str]:
    return [question.id for question in shown(imported(data).survey, answers, "2026-11-21")]  # type: ignore[arg-type]


def test_every_type_of_the_subset_is_read() -> None:
    types = {
        "integer": "number", "decimal": "decimal", "text": "text", "string": "text", "date": "date", "time": "time",
        "note": "note", "acknowledge": "acknowledge", "trigger": "acknowledge", "range": "range",
        "rank cay": "rank", "select_one cay": "single", "select_multiple cay": "multiple", "image": "photo",
        "audio": "voice", "geopoint": "place",
    }  # fmt: skip
    rows = [(type, f"q{number}", f"Câu {number}") for number, type in enumerate(types)]
    assert [kind for _, kind in kinds(form([("type", "name", "label"), *rows], CROPS))] == list(types.values())


def test_a_form_that_asks_for_a_photo_is_confidential_and_says_so() -> None:
    # Given
    data = form([("type", "name", "label"), ("image", "anh", "Xin gửi một tấm ảnh")])
    # When
    found = imported(data)
    # Then
    assert found.survey.privacy is Privacy.CONFIDENTIAL
    assert [remark.code for remark in found.remarks] == ["xlsform.confidential"]


def test_settings_name_the_survey() -> None:
    data = form([("type", "name", "label"), ("text", "a", "A")], form_title="Hộ gia đình", form_id="Ho-Gia-Dinh.2026")
    survey = imported(data).survey
    assert (survey.id, survey.title, survey.language) == ("ho_gia_dinh_2026", "Hộ gia đình", "vi")


def test_a_form_without_settings_has_the_name_of_its_file() -> None:
    survey = imported(form([("type", "name", "label"), ("text", "a", "A")]), "Phiếu xã.xlsx").survey
    assert (survey.id, survey.title) == ("phieu_xa", "Phiếu xã")


def test_headings_in_odd_case_blank_rows_and_comment_rows_are_taken() -> None:
    # Given
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "SURVEY"
    for row in (("TYPE ", "Name", "LABEL"), (), ("text", "a", "Câu một"), (None, None, None, "ghi chú"), (),
                ("integer", "b", "Câu hai")):  # fmt: skip
        sheet.append(row)
    # When, then
    assert kinds(saved(book)) == [("a", "text"), ("b", "number")]


def test_a_disabled_row_is_left_out_with_a_remark() -> None:
    data = form([("type", "name", "label", "disabled"), ("text", "a", "A", ""), ("text", "b", "B", "yes")])
    found = imported(data)
    assert [question.id for question in found.survey.questions] == ["a"]
    assert [(remark.code, remark.place.cell) for remark in found.remarks] == [("xlsform.disabled", "D3")]


def test_other_sheets_and_columns_are_left_out_with_a_remark_each() -> None:
    # Given
    book = Workbook()
    survey = book.worksheets[0]
    survey.title = "survey"
    for row in (("type", "name", "label", "nhóm"), ("text", "a", "A", "I"), ("text", "b", "B", "II")):
        survey.append(row)
    book.create_sheet("ghi chép").append(["Bản nháp"])
    # When
    remarks = imported(saved(book)).remarks
    # Then
    assert [(r.code, r.place.sheet, r.place.cell) for r in remarks] == [
        ("xlsform.sheet", "ghi chép", ""),
        ("xlsform.column", "survey", "D1"),
    ]


def test_what_a_device_keeps_by_itself_is_left_out_with_a_remark() -> None:
    rows = [(type, type, "") for type in ("start", "end", "today", "deviceid", "phonenumber", "username", "audit")]
    found = imported(form([("type", "name", "label"), *rows, ("text", "a", "A")]))
    assert [question.id for question in found.survey.questions] == ["a"]
    assert {remark.code for remark in found.remarks} == {"xlsform.meta"}


def test_today_as_a_row_is_the_function() -> None:
    data = form([("type", "name", "label", "constraint"), ("today", "today", "", ""),
                 ("date", "sinh", "Ngày sinh", ". <= ${today}")])  # fmt: skip
    assert imported(data).survey.questions[0].constraint == "answer <= today()"


def test_names_that_are_no_ids_are_changed_and_references_with_them() -> None:
    # Given
    data = form(
        [("type", "name", "label", "relevant"), ("integer", "Tuổi-Chủ.Hộ", "Tuổi", ""),
         ("text", "a_very_long_name_of_a_question", "Chữ", "${Tuổi-Chủ.Hộ} > 18")]
    )  # fmt: skip
    # When
    found = imported(data)
    # Then
    assert [question.id for question in found.survey.questions] == ["tuoi_chu_ho", "a_very_long_name_of_a_qu"]
    assert found.survey.questions[1].show_if == "tuoi_chu_ho > 18"
    assert found.ids == {
        "Tuổi-Chủ.Hộ": "tuoi_chu_ho",
        "a_very_long_name_of_a_question": "a_very_long_name_of_a_qu",
    }
    assert [remark.code for remark in found.remarks] == ["xlsform.renamed"] * 2


def test_two_names_never_become_one_id() -> None:
    data = form([("type", "name", "label"), ("text", "A.b", "1"), ("text", "a_b", "2"), ("text", "a-B", "3")])
    assert [id for id, _ in kinds(data)] == ["a_b_2", "a_b", "a_b_3"]


def test_choices_named_by_numbers_are_printed_with_them() -> None:
    # Given
    data = form(
        [("type", "name", "label", "relevant"), ("select_one tl", "q", "Ông/Bà có hút thuốc không?", ""),
         ("text", "vi_sao", "Vì sao?", "${q} = 1 or ${q} = '77'")],
        [("list_name", "name", "label"), ("tl", 1, "Có hút"), ("tl", 2, "Không hút"), ("tl", 77, "Không biết")],
    )  # fmt: skip
    # When
    question, following = imported(data).survey.questions
    # Then
    assert [(choice.id, choice.number) for choice in question.choices] == [("c1", 1), ("c2", 2), ("c77", 77)]
    assert following.show_if == 'q == "c1" or q == "c77"'


def test_order_and_sums_over_choices_named_by_numbers() -> None:
    # Given: two questions of the PHQ-2, each 0 to 3, and a score
    data = form(
        [("type", "name", "label", "relevant", "calculation"), ("select_one pq", "q1", "Câu một", "", ""),
         ("select_one pq", "q2", "Câu hai", "", ""), ("calculate", "diem", "", "", "${q1} + ${q2}"),
         ("text", "them", "Thêm", "${diem} >= 3", ""), ("text", "nhieu", "Nhiều", "${q1} >= 2", "")],
        [("list_name", "name", "label"), *(("pq", n, text) for n, text in enumerate(("Không", "Ít", "Vừa", "Nhiều")))],
    )  # fmt: skip
    # When, then
    assert shown_ids(data, q1="c2", q2="c1") == ["q1", "q2", "them", "nhieu"]
    assert shown_ids(data, q1="c1", q2="c1") == ["q1", "q2"]
    assert shown_ids(data, q1="c3") == ["q1", "q2", "nhieu"]


def test_or_other_becomes_khac_with_its_question() -> None:
    data = form([("type", "name", "label"), ("select_one cay or_other", "cay", "Cây gì?")], CROPS)
    first, words = imported(data).survey.questions
    assert (first.choices[-1].id, first.choices[-1].text, first.choices[-1].other) == ("other", "Khác (ghi rõ)", True)
    assert (words.id, words.kind, words.other_of, words.show_if) == ("cay_other", Kind.TEXT, "cay", 'cay == "other"')


@pytest.mark.parametrize("type", ["select one from cay or specify other", "select all that apply from cay or_other"])
def test_older_words_for_selects_are_known(type: str) -> None:
    assert [id for id, _ in kinds(form([("type", "name", "label"), (type, "q", "Câu")], CROPS))] == ["q", "q_other"]


def test_a_choice_filter_offers_the_choices_of_the_district() -> None:
    # Given
    data = form(
        [("type", "name", "label", "choice_filter"), ("select_one huyen", "h", "Huyện", ""),
         ("select_one xa", "x", "Xã", "huyen=${h}")],
        [("list_name", "name", "label", "huyen"), ("huyen", "ia_pa", "Ia Pa", ""), ("huyen", "kbang", "Kbang", ""),
         ("xa", "po_to", "Pờ Tó", "ia_pa"), ("xa", "ia_tul", "Ia Tul", "ia_pa"), ("xa", "tung", "Tơ Tung", "kbang")],
    )  # fmt: skip
    survey = imported(data).survey
    # When
    left = offered(survey, survey.question("x"), {"h": "ia_pa"})
    # Then
    assert [choice.id for choice in left.choices] == ["po_to", "ia_tul"]
    assert survey.question("x").choices[2].show_if == 'h == "kbang"'


def test_a_filter_that_is_the_same_for_every_answer_drops_choices() -> None:
    data = form(
        [("type", "name", "label", "choice_filter"), ("select_one cay", "q", "Cây", "mua = 'he' or name = 'ngo'")],
        [("list_name", "name", "label", "mua"), ("cay", "lua", "Lúa", "he"), ("cay", "ngo", "Ngô", "dong"),
         ("cay", "khoai", "Khoai", "dong")],
    )  # fmt: skip
    assert [choice.id for choice in imported(data).survey.questions[0].choices] == ["lua", "ngo"]


def test_a_list_of_five_levels_is_likert5() -> None:
    for choices, appearance in ((LIKERT, ""), ([(*r[:2], f"Mức {r[1]}") for r in LIKERT], "likert")):
        choices[0] = ("list_name", "name", "label")
        data = form([("type", "name", "label", "appearance"), ("select_one muc", "q", "Câu", appearance)], choices)
        question = imported(data).survey.questions[0]
        assert (question.kind, question.no_opinion, question.not_applicable) == (Kind.LIKERT5, False, "")


def test_likert5_with_no_opinion_and_not_applicable() -> None:
    extra = [("muc", 0, "Không có ý kiến"), ("muc", 9, "Không sử dụng dịch vụ")]
    data = form([("type", "name", "label"), ("select_one muc", "q", "Câu")], [*LIKERT, *extra])
    question = imported(data).survey.questions[0]
    assert (question.kind, question.no_opinion, question.not_applicable) == (
        Kind.LIKERT5, True, "Không sử dụng dịch vụ",
    )  # fmt: skip


def test_five_numbered_choices_that_are_no_scale_stay_single() -> None:
    choices = [("list_name", "name", "label"), *(("b", n, f"Bậc {n}") for n in range(1, 6))]
    assert kinds(form([("type", "name", "label"), ("select_one b", "q", "Câu")], choices)) == [("q", "single")]


def test_nps_and_yes_no_are_known_by_their_lists() -> None:
    choices = [*YES_NO, *(("nps", n, n) for n in range(11))]
    data = form([("type", "name", "label"), ("select_one yn", "a", "A"), ("select_one nps", "b", "B")], choices)
    assert kinds(data) == [("a", "yesno"), ("b", "nps")]


def test_table_list_of_a_scale_is_a_matrix() -> None:
    # Given
    data = form(
        [("type", "name", "label", "appearance", "relevant"), ("text", "a", "A", "", ""),
         ("begin_group", "bang", "Ông/Bà hài lòng thế nào về:", "table-list", "${a} != ''"),
         ("select_one muc", "dien", "Điện", "", ""), ("select_one muc", "nuoc", "Nước", "", ""), ("end_group",)],
        LIKERT,
    )  # fmt: skip
    # When
    _, first, second = imported(data).survey.questions
    # Then
    assert {(q.matrix, q.stem, q.section, q.show_if) for q in (first, second)} == {
        ("bang", "Ông/Bà hài lòng thế nào về:", "", "answered(a)")
    }


def test_label_and_list_nolabel_rows_are_a_matrix_too() -> None:
    data = form(
        [("type", "name", "label", "appearance"), ("begin group", "g", "Phần A", "field-list"),
         ("select_one muc", "dau", "Hài lòng thế nào về:", "label"), ("select_one muc", "dien", "Điện", "list-nolabel"),
         ("select_one muc", "nuoc", "Nước", "list-nolabel"), ("end group",)],
        LIKERT,
    )  # fmt: skip
    assert [(q.id, q.matrix, q.stem, q.section) for q in imported(data).survey.questions] == [
        ("dien", "dau", "Hài lòng thế nào về:", "Phần A"),
        ("nuoc", "dau", "Hài lòng thế nào về:", "Phần A"),
    ]


def test_a_table_of_other_choices_is_asked_question_by_question() -> None:
    data = form(
        [("type", "name", "label", "appearance"), ("begin_group", "bang", "Nhà có:", "table-list"),
         ("select_one cay", "a", "Xe", ""), ("select_one cay", "b", "Tivi", ""), ("end_group",)],
        CROPS,
    )  # fmt: skip
    found = imported(data)
    assert [(q.kind, q.matrix, q.section) for q in found.survey.questions] == [(Kind.SINGLE, "", "Nhà có:")] * 2
    assert [remark.code for remark in found.remarks] == ["xlsform.table_apart"]


def test_groups_give_headings_and_their_conditions_to_their_members() -> None:
    # Given
    data = form(
        [("type", "name", "label", "relevant"), ("integer", "tuoi", "Tuổi", ""),
         ("begin_group", "g1", "Người lớn", "${tuoi} >= 18"), ("text", "nghe", "Nghề", ""),
         ("begin_group", "g2", "Việc làm", "${nghe} != ''"), ("text", "noi", "Nơi làm", "${tuoi} < 60"),
         ("end_group",), ("end_group",), ("text", "cuoi", "Cuối", "")]
    )  # fmt: skip
    # When
    questions = {question.id: question for question in imported(data).survey.questions}
    # Then
    assert questions["nghe"].section == "Người lớn"
    assert questions["noi"].section == "Người lớn – Việc làm"
    assert questions["noi"].show_if == "tuoi >= 18 and answered(nghe) and tuoi < 60"
    assert questions["cuoi"].section == questions["cuoi"].show_if == ""


@pytest.mark.parametrize(
    ("type", "constraint", "least", "most", "rest"),
    [
        ("integer", ". >= 0 and . <= 120", 0, 120, ""),
        ("integer", ". > 0 and 121 > .", 1, 120, ""),
        ("decimal", ".>=0.5 and .<=250", 0.5, 250, ""),
        ("decimal", ". > 0 and . <= 250", None, 250, "answer > 0"),
        ("text", "string-length(.) = 12", 12, 12, ""),
        ("text", "string-length(.) <= 50 and regex(., '[0-9]+')", None, 50, 'matches(answer, "^(?:[0-9]+)$")'),
        ("select_multiple cay", "count-selected(.) <= 2", None, 2, ""),
        ("integer", ". mod 2 = 0", None, None, "answer % 2 == 0"),
        ("date", ". <= today()", None, None, "answer <= today()"),
        ("date", ". >= date('2020-01-01')", None, None, 'answer >= "2020-01-01"'),
    ],
)
def test_constraints(type: str, constraint: str, least: float | None, most: float | None, rest: str) -> None:
    data = form([("type", "name", "label", "constraint"), (type, "q", "Câu", constraint)], CROPS)
    question = imported(data).survey.questions[0]
    assert (question.min, question.max, question.constraint) == (least, most, rest)


def test_a_message_goes_with_the_whole_constraint() -> None:
    data = form(
        [("type", "name", "label", "constraint", "constraint_message"),
         ("integer", "q", "Tuổi", ". >= 0 and . <= 120", "Tuổi từ 0 đến 120")]
    )  # fmt: skip
    question = imported(data).survey.questions[0]
    assert (question.min, question.constraint, question.constraint_message) == (
        None, "answer >= 0 and answer <= 120", "Tuổi từ 0 đến 120",
    )  # fmt: skip


def test_a_choice_that_stands_alone_is_exclusive() -> None:
    constraint = "not(selected(., 'khong') and count-selected(.) > 1)"
    data = form([("type", "name", "label", "constraint"), ("select_multiple cay", "q", "Câu", constraint)], CROPS)
    question = imported(data).survey.questions[0]
    assert [choice.exclusive for choice in question.choices] == [False, False, True]
    assert question.constraint == ""


def test_range_with_its_parameters_and_without() -> None:
    data = form(
        [
            ("type", "name", "label", "parameters"),
            ("range", "a", "A", "start=0 end=5 step=0.5"),
            ("range", "b", "B", ""),
        ]
    )
    assert [(q.min, q.max, q.step) for q in imported(data).survey.questions] == [(0, 5, 0.5), (1, 10, 1)]


@pytest.mark.parametrize(
    ("cell", "required"), [("yes", True), ("true()", True), (True, True), ("no", False), ("", False)]
)
def test_required(cell: object, required: bool) -> None:  # noqa: FBT001 - a case of the table
    data = form([("type", "name", "label", "required"), ("text", "q", "Câu", cell)])
    assert imported(data).survey.questions[0].required is required


def test_calculated_values_carry_choices() -> None:
    # Given: the form writes "no answer yet" as an empty text, and passes a choice on through a calculation
    data = form(
        [("type", "name", "label", "relevant", "calculation"), ("select_one vung", "v", "Vùng", "", ""),
         ("select_one a", "xa_a", "Xã", "${v}='1'", ""), ("select_one b", "xa_b", "Xã", "${v}='2'", ""),
         ("calculate", "xa", "", "", "if(${v}='1', ${xa_a}, if(${v}='2', ${xa_b}, ''))"),
         ("text", "them", "Thêm", "${xa} = '12' or selected(${xa}, '21')", "")],
        [("list_name", "name", "label"), ("vung", 1, "Bắc"), ("vung", 2, "Nam"), ("a", 11, "Đông"), ("a", 12, "Tây"),
         ("b", 21, "Trên"), ("b", 22, "Dưới")],
    )  # fmt: skip
    # When, then
    assert "them" in shown_ids(data, v="c1", xa_a="c12")
    assert "them" in shown_ids(data, v="c2", xa_b="c21")
    assert "them" not in shown_ids(data, v="c1", xa_a="c11")
