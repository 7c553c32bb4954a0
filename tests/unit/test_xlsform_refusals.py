"""What lies outside the subset is refused, every cell of it, in words an officer understands."""

import re
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogues import compile_catalogue
from app.wording import survey_wording
from surveys.faults import describe
from surveys.sheets.grid import Sheet, Workbook, read_workbook
from surveys.xlsform import xpath
from surveys.xlsform.xpath import XPathFault
from tests.unit.xlsforms import faults, form, imported, outcome, refusals, saved

YES_NO = [("list_name", "name", "label"), ("yn", "co", "Có làm"), ("yn", "khong", "Không làm")]
HEAD = ("type", "name", "label")


@pytest.mark.parametrize(
    ("type", "code"),
    [
        ("datetime", "xlsform.type"),
        ("barcode", "xlsform.type"),
        ("video", "xlsform.type"),
        ("geotrace", "xlsform.type"),
        ("hidden", "xlsform.type"),
        ("phone number", "xlsform.type"),
        ("chọn một", "xlsform.type"),
        ("select_one_external yn", "xlsform.type_external"),
        ("select_one_from_file xa.csv", "xlsform.type_external"),
        ("cascading_select xa", "xlsform.type_external"),
        ("select_one", "xlsform.type_no_list"),
        ("include", "xlsform.type_include"),
        ("select_one khong_co", "xlsform.list_unknown"),
        ("select_one ${ten}", "xlsform.list_of_answers"),
    ],
)
def test_types(type: str, code: str) -> None:
    assert refusals(form([HEAD, ("text", "ten", "Tên"), (type, "q", "Câu")], YES_NO)) == [("survey", "A3", code)]


@pytest.mark.parametrize(("type", "code"), [("repeat", "xlsform.repeat"), ("loop over yn", "xlsform.loop")])
def test_repeats_and_loops_are_refused_with_their_cell(type: str, code: str) -> None:
    data = form([HEAD, (f"begin {type}", "nguoi", "Từng người"), ("text", "ten", "Tên"), (f"end {type}",)], YES_NO)
    assert refusals(data) == [("survey", "A2", code)]


@pytest.mark.parametrize(
    ("column", "text", "code", "character"),
    [
        ("relevant", "${khong_co} = 1", "xlsform.name_unknown", 1),
        ("relevant", "${tuoi} = 1 and ${tuoii} > 3", "xlsform.name_unknown.near", 17),
        ("relevant", "${cuoi} = 'x'", "xlsform.name_later", 1),
        ("relevant", "${loi_nhan} = 'x'", "xlsform.name_note", 1),
        ("relevant", "${nhom} = 'x'", "xlsform.name_group", 1),
        ("relevant", "${deviceid} = 'x'", "xlsform.name_meta", 1),
        ("relevant", "${q} = 'x'", "xlsform.name_self", 1),
        ("relevant", "../a = 'co'", "xlsform.path", 1),
        ("relevant", "/data/a = 'co'", "xlsform.path", 1),
        ("relevant", "a = 'co'", "xlsform.bare", 1),
        ("relevant", ". > 3", "xlsform.dot", 1),
        ("relevant", "${a} == 'co'", "xlsform.unexpected", 7),
        ("relevant", "${a} = 'co", "xlsform.open_text", 8),
        ("relevant", "(${a} = 'co'", "xlsform.ends_early", 13),
        ("relevant", "${a} = 'khac'", "xlsform.no_such_choice", 1),
        ("relevant", "selected(${nhieu}, 'khac')", "xlsform.no_such_choice", 1),
        ("relevant", "${a} > 3", "xlsform.choice_number", 6),
        ("relevant", "${nhieu} = ${a}", "xlsform.no_equal", 10),
        ("relevant", "${anh} = 'x'", "xlsform.no_equal", 1),
        ("relevant", "${ngay} > 3", "xlsform.order", 9),
        ("relevant", "selected(${anh}, 'x')", "xlsform.no_selected", 1),
        ("relevant", "string-length(${nhieu}) > 3", "xlsform.no_text", 1),
        ("relevant", "regex(${chu}, '(?=a)')", "xlsform.pattern", 15),
        ("relevant", "regex(${chu}, ${chu})", "xlsform.pattern_literal", 15),
        ("relevant", "not()", "xlsform.arguments", 1),
        ("relevant", "count(${a}) > 1", "xlsform.function", 1),
        ("relevant", "indexed-repeat(${a}, ${nhom}, 1) = 'co'", "xlsform.function", 1),
        ("relevant", "once(random()) > 0.5", "xlsform.function", 1),
        ("relevant", "if(${a} = 'co', 1, 'hai') = 1", "xlsform.no_number", 20),
        ("constraint", "pulldata('ds', 'a', 'b', .) = 1", "xlsform.function", 1),
        ("constraint", "jr:choice-name(., '.') = 'x'", "xlsform.function", 1),
        ("required", "${a} = 'co'", "xlsform.required", 0),
        ("trigger", "${a}", "xlsform.refused_column", 0),
        ("read_only", "${a} = 'co'", "xlsform.read_only", 0),
        ("appearance", "search('ds')", "xlsform.search", 0),
        ("label::vi", "Chào ${khac}", "xlsform.inserted", 0),
    ],
)
def test_a_cell_is_refused_with_the_character_in_it(column: str, text: str, code: str, character: int) -> None:
    # Given
    head = ("type", "name", "label::vi", column)
    rows: list[tuple[str, ...]] = [
        ("deviceid", "deviceid", ""), ("select_one yn", "a", "A"), ("select_multiple yn", "nhieu", "Nhiều"),
        ("integer", "tuoi", "Tuổi"), ("text", "chu", "Chữ"), ("date", "ngay", "Ngày"), ("image", "anh", "Ảnh"),
        ("note", "loi_nhan", "Chào Ông/Bà"), ("begin_group", "nhom", "Nhóm"), ("end_group", ""),
    ]  # fmt: skip
    target = ("text", "q", text, "") if column == "label::vi" else ("text", "q", "Câu", text)
    # When
    found = faults(form([head[:3] if column == "label::vi" else head, *rows, target, ("text", "cuoi", "Cuối")], YES_NO))
    # Then
    cell = "C12" if column == "label::vi" else "D12"
    assert [(fault.code, fault.place.cell, fault.place.column) for fault in found] == [(code, cell, character)]


@pytest.mark.parametrize(
    ("rows", "choices", "expected"),
    [
        ([("text", "a", "")], [], [("survey", "C2", "xlsform.no_label")]),
        ([("text", "", "Câu")], [], [("survey", "B2", "xlsform.no_name"), ("survey", "", "questions.none")]),
        ([("", "a", "Câu"), ("text", "b", "B")], [], [("survey", "A2", "xlsform.no_type")]),
        ([("text", "a", "A"), ("text", "a", "B")], [], [("survey", "B3", "xlsform.name_twice")]),
        ([("begin_group", "g", "G"), ("text", "a", "A")], [], [("survey", "A2", "xlsform.group_open")]),
        ([("text", "a", "A"), ("end_group", "", "")], [], [("survey", "A3", "xlsform.group_end")]),
        ([("calculate", "a", ""), ("text", "b", "B")], [], [("survey", "2", "xlsform.no_calculation")]),
        ([("select_one l", "a", "A")], [("l", "x", "")], [("choices", "C2", "xlsform.choice_no_label")]),
        ([("select_one l", "a", "A")], [("l", "", "X"), ("l", "y", "Y"), ("l", "z", "Z")],
         [("choices", "B2", "xlsform.choice_no_name")]),
        ([("select_one l", "a", "A")], [("l", "x", "X"), ("l", "x", "Y"), ("l", "z", "Z")],
         [("choices", "B3", "xlsform.choice_twice")]),
        ([("select_one l", "a", "A")], [("l", "x", "Như nhau"), ("l", "y", "như  nhau")],
         [("choices", "C3", "choices.same_text")]),
        ([("select_one l", "a", "A")], [("l", "x", "Một mình")], [("survey", "A2", "choices.too_few")]),
    ],
)  # fmt: skip
def test_rows(
    rows: list[tuple[str, ...]], choices: list[tuple[str, ...]], expected: list[tuple[str, str, str]]
) -> None:
    found = refusals(form([HEAD, *rows], [("list_name", "name", "label"), *choices] if choices else []))
    assert set(expected) <= {*found, ("survey", "", "questions.none")}
    assert {code for _, _, code in found} <= {code for _, _, code in expected} | {"choices.too_few", "questions.none"}


def test_every_fault_is_told_and_in_the_order_of_the_file() -> None:
    data = form(
        [(*HEAD, "relevant"), ("barcode", "a", "A", ""), ("text", "b", "", "${zzz}=1"), ("begin_repeat", "r", "R", ""),
         ("select_one yn", "c", "C", "count(${r}) > 1"), ("end_repeat",), ("calculate", "d", "", "")],
        [("list_name", "name", "label"), ("yn", "co", ""), ("yn", "khong", "Không làm")],
    )  # fmt: skip
    assert refusals(data) == [
        ("survey", "A2", "xlsform.type"),
        ("survey", "C3", "xlsform.no_label"),
        ("survey", "D3", "xlsform.name_unknown"),
        ("survey", "A4", "xlsform.repeat"),
        ("survey", "D5", "xlsform.function"),
        ("survey", "7", "xlsform.no_calculation"),
        ("choices", "C2", "xlsform.choice_no_label"),
    ]


def test_conditions_that_wait_for_each_other_are_refused() -> None:
    rows = [("text", "a", "A", "${b} != ''"), ("text", "b", "B", "${c} = 'x'"), ("text", "c", "C", "${a} != ''")]
    assert refusals(form([(*HEAD, "relevant"), *rows])) == [
        ("survey", "D2", "xlsform.circle"),
        ("survey", "D3", "xlsform.circle"),
    ]


def test_a_question_that_nobody_can_reach_is_refused() -> None:
    data = form([(*HEAD, "relevant"), ("integer", "a", "A", ""), ("text", "b", "B", "false()")])
    assert refusals(data) == [("survey", "D3", "unreachable")]


@pytest.mark.parametrize("heading", ["label", "caption", "Label "])
def test_a_column_that_stands_twice(heading: str) -> None:
    data = form([("type", "name", "label", heading), ("text", "a", "A", "B")])
    assert refusals(data) == [("survey", "D1", "xlsform.column_twice")]


def test_a_language_without_a_code() -> None:
    data = form([("type", "name", "label::Tiếng Ba Tư"), ("text", "a", "A")])
    assert ("survey", "C1", "xlsform.language") in refusals(data)


def test_a_value_that_nobody_is_asked_for_and_a_condition_looks_at() -> None:
    rows = [("note", "a", "A", 3, ""), ("text", "c", "C", "", ""), ("text", "b", "B", "", "${c} = 'x'")]
    found = imported(form([(*HEAD, "default", "relevant"), *rows]))
    assert [remark.place.cell for remark in found.remarks if remark.code == "xlsform.default"] == ["D2"]
    head = (*HEAD, "default", "calculation", "relevant")
    data = form([head, ("calculate", "a", "", 3, "1 + 1", ""), ("text", "b", "B", "", "", "${a} > 2")])
    assert ("survey", "D2", "xlsform.default_used") in refusals(data)


def test_lists_that_cannot_be_found() -> None:
    data = form(
        [HEAD, ("select_one gioi tinh", "a", "A")], [("list_name", "name", "label"), ("gioi tinh", "nam", "Nam")]
    )
    assert [(one.code, one.place.cell, one.params) for one in faults(data)] == [
        ("xlsform.type_list_spaced", "A2", {"list": "gioi tinh"})
    ]
    assert refusals(form([HEAD, ("select_one yn", "a", "A")])) == [("survey", "A2", "xlsform.list_none")]


def test_a_name_that_or_other_takes_is_told_by_its_row() -> None:
    data = form([HEAD, ("select_one yn or_other", "a", "A"), ("text", "b", "B"), ("text", "a_other", "Gì?")], YES_NO)
    assert [(one.code, one.place.cell, one.params["first"]) for one in faults(data)] == [
        ("xlsform.name_twice", "B4", "2")
    ]


def test_a_calculation_that_shows_itself() -> None:
    data = form([(*HEAD, "calculation"), ("integer", "a", "A", ""), ("integer", "b", "Tổng", "${a} * 2")])
    assert refusals(data) == [("survey", "D3", "xlsform.calculation")]


def test_which_of_two_questions_of_one_name_is_meant() -> None:
    data = form(
        [(*HEAD, "relevant"), ("begin_group", "g", "G", ""), ("text", "ten", "Tên cha", ""), ("end_group",),
         ("begin_group", "h", "H", ""), ("text", "ten", "Tên mẹ", ""), ("end_group",),
         ("text", "c", "C", "${ten} != ''")]
    )  # fmt: skip
    assert refusals(data) == [("survey", "D8", "xlsform.name_twice_used")]


def test_a_workbook_that_is_no_form() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Số liệu quý I"])
    assert refusals(saved(book)) == [("", "", "xlsform.no_survey")]


def test_a_sheet_survey_that_is_something_else() -> None:
    assert refusals(form([("câu hỏi", "trả lời"), ("a", "b")])) == [("survey", "", "xlsform.no_type_column")]


def test_every_fault_and_remark_has_its_words() -> None:
    """Every code that the sources name stands in the catalogue, with the values that it is filled with."""
    folder = Path(__file__).parents[2] / "surveys"
    codes = set()
    for source in (folder / "xlsform").glob("*.py"):
        codes |= set(re.findall(r'"(xlsform\.[a-z_.]+)"', source.read_text("utf-8")))
    codes |= {"xlsform.repeat", "xlsform.loop"}
    texts = survey_wording().texts
    assert len(codes) > 60
    assert [code for code in sorted(codes) if f"fault.{code}" not in texts] == []


def test_faults_read_as_sentences() -> None:
    compile_catalogue(Path(__file__).parents[2] / "surveys/locale/vi/LC_MESSAGES/surveys.po")
    data = form([(*HEAD, "relevant"), ("text", "a", "A", "${b} = 1"), ("barcode", "c", "C", "")])
    say = survey_wording().texts.__getitem__
    assert [describe(fault, say).split(":")[0] for fault in faults(data)] == [
        'trang tính "survey", ô D2, ký tự thứ 1',
        'trang tính "survey", ô A3',
    ]


@given(st.text(alphabet="${}abc.'\"()<>=!+-*/ 019,|[]@:", max_size=60) | st.text(max_size=60))
def test_an_expression_is_read_or_refused_and_nothing_else(text: str) -> None:
    with suppress(XPathFault):
        xpath.parse(text)


def test_deep_and_long_expressions_are_refused() -> None:
    for text, code in (
        ("(" * 500 + "1" + ")" * 500, "xlsform.expression_deep"),
        ("not(" * 500 + "1" + ")" * 500, "xlsform.expression_deep"),
        ("-" * 3000 + "1", "xlsform.expression_deep"),
        ("1 + " * 2001 + "1", "xlsform.expression_long"),
    ):
        with pytest.raises(XPathFault) as refused:
            xpath.parse(text)
        assert refused.value.code == code


def test_a_chain_of_a_thousand_sums_neither_crashes_nor_hangs() -> None:
    data = form([(*HEAD, "calculation"), ("integer", "a", "A", ""), ("calculate", "b", "", " + ".join(["1"] * 990))])
    assert [code for _, _, code in refusals(data)] == ["xlsform.expression_big"]


CELLS = st.sampled_from(
    ["text", "select_one yn", "select_multiple yn or_other", "begin_group", "end_group", "begin repeat", "calculate",
     "note", "a", "b", "a-1", "", "Câu", "${a} = 1", ". > 3", "selected(${a}, 'co')", "yes", "1", "table-list",
     "likert", "label", "list-nolabel", "start=1", "range", "${", "rank yn", "label::km", "relevant", "type", "name",
     "co", "yn"]
)  # fmt: skip


@given(
    survey=st.lists(st.lists(CELLS, max_size=8), max_size=8),
    choices=st.lists(st.lists(CELLS, max_size=4), max_size=4),
    settings=st.lists(st.lists(CELLS, max_size=3), max_size=2),
)
def test_whatever_the_cells_say_it_is_a_survey_or_faults(
    survey: list[list[str]], choices: list[list[str]], settings: list[list[str]]
) -> None:
    # Given
    head = ["type", "name", "label", "relevant", "constraint", "calculation", "appearance", "choice_filter"]
    parts = {
        "survey": [head, *survey],
        "choices": [["list_name", "name", "label"], *choices],
        "settings": [["form_title", "form_id", "default_language"], *settings],
    }
    sheets = tuple(
        Sheet(name=name, rows={at: tuple(row) for at, row in enumerate(rows, start=1) if any(row)})
        for name, rows in parts.items()
    )
    # When
    found = outcome(Workbook(name="x.xlsx", sheets=sheets))
    # Then
    if isinstance(found, list):
        say = survey_wording().texts.__getitem__
        assert all(describe(fault, say) for fault in found)


def test_a_register_of_communes_is_no_list_of_choices() -> None:
    rows = [("list_name", "name", "label"), *(("xa", f"x{n}", f"Xã {n}") for n in range(3000))]
    data = form([(*HEAD, "choice_filter"), ("select_one xa", "q", "Xã", "name != 'x1'")], rows)
    assert refusals(data) == [("survey", "A2", "choices.too_many")]


@pytest.mark.parametrize(
    "expression", ["9" * 500, "'" + "9" * 500 + "' + 1", ". = " + "9" * 400, "1e999", "0 div 0 = 1"]
)
def test_figures_beyond_all_numbers_are_refused(expression: str) -> None:
    found = faults(form([(*HEAD, "relevant"), ("text", "q", "Câu", expression)]))
    assert {fault.place.cell for fault in found} == {"D2"}


def test_names_of_five_thousand_figures_are_names_like_others() -> None:
    rows = [("list_name", "name", "label"), ("l", "1" * 5000, "Một"), ("l", "٣", "Ba"), ("l", "²", "Hai")]
    found = outcome(read_workbook(form([HEAD, ("select_one l", "q", "Câu")], rows), "x.xlsx"))
    assert not isinstance(found, list)
    assert len({choice.id for choice in found.survey.questions[0].choices}) == 3


def test_a_sheet_of_five_thousand_rows_is_refused_in_a_few_seconds() -> None:
    rows = [("integer", f"q{n}", f"Câu {n}", f"${{q{max(n - 1, 0)}}} > {n}") for n in range(4900)]
    sheet = Sheet(name="survey", rows=dict(enumerate([(*HEAD, "relevant"), *rows], start=1)))
    started = perf_counter()
    found = outcome(Workbook(name="x.xlsx", sheets=(sheet,)))
    assert isinstance(found, list)
    assert "questions.too_many" in {fault.code for fault in found}
    assert perf_counter() - started < 20


@pytest.mark.parametrize("sign", [" + ", " - ", " or ", " and "])
def test_long_chains_are_translated_or_refused_without_exhausting_the_stack(sign: str) -> None:
    for count in (50, 150, 199, 200, 201, 999):
        one = "1" if sign in {" + ", " - "} else "${a} > 1"
        text = sign.join([one] * count) + (" > 0" if one == "1" else "")
        sheet = Sheet(
            name="survey",
            rows=dict(enumerate([(*HEAD, "relevant"), ("integer", "a", "A", ""), ("text", "b", "B", text)], start=1)),
        )
        found = outcome(Workbook(name="x.xlsx", sheets=(sheet,)))
        assert not isinstance(found, list) or {fault.place.cell for fault in found} == {"D3"}


def test_two_groups_of_one_name_side_by_side() -> None:
    rows = [("begin_group", "g", "G"), ("text", "a", "A"), ("end_group",)]
    data = form([HEAD, *rows, ("begin_group", "g", "H"), ("text", "b", "B"), ("end_group",)])
    assert refusals(data) == [("survey", "B5", "xlsform.name_twice")]
