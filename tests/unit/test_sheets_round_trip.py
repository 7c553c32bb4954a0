"""What the template can say, it says back: a survey written into it and read again is the same survey."""

import shutil
import subprocess
from pathlib import Path

import msgspec
import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from surveys.definition import Choice, Kind, Question, Survey
from surveys.ready import ready, ready_names
from surveys.sheets.grid import read_workbook
from surveys.sheets.template import read_template, reading_of
from surveys.sheets.template_conditions import same_condition
from surveys.sheets.template_words import COLUMNS, KINDS, folded
from surveys.sheets.template_writing import example, lost_in_template, write_template
from tests.unit.workbooks import HEAD, xlsx

TEXT = st.text("aăâbcdđêơư ,.?()/%12", min_size=1, max_size=40).map(lambda text: f"Nội dung {text}".strip())
ITEMS = st.lists(TEXT, min_size=2, max_size=5, unique_by=folded)
BOUNDS = st.tuples(st.integers(0, 3), st.integers(3, 90))
CHOOSING = ("Chọn một", "Chọn nhiều", "Xếp thứ tự", "Bảng hài lòng")
OTHERS = ("Mức hài lòng", "Có/Không", "Số", "Số lẻ", "Chữ", "Điểm 0-10", "Ngày", "Giờ", "Thông báo", "Xác nhận đã đọc")
ANSWERS = {
    "Mức hài lòng": ("Hài lòng", "<= 2", "trừ 3; 4", "từ 1 đến 2", "Không có ý kiến", "có trả lời"),
    "Có/Không": ("Có", "trừ Không"),
    "Số": ("3", "> 2", "1; 2"),
    "Điểm 0-10": (">= 9", "10"),
    "Chữ": ("có trả lời",),
    "Chọn một": ("1", "1; 2", "trừ 2"),
    "Chọn nhiều": ("1", "1; 2", "trừ 1; 2"),
}
OTHER = "Khác (ghi rõ)"
Row = list[object]


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Rows of the template as an officer could have filled them."""
    done: list[Row] = []
    kinds: list[str] = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        if draw(st.integers(0, 4)) == 0:
            done.append([None, draw(TEXT), "Mục"])
        kind = draw(st.sampled_from(CHOOSING + OTHERS))
        row: Row = [number, draw(TEXT), kind, *[None] * (len(HEAD) - 3)]
        if kind in CHOOSING:
            row[3] = "\n".join([*draw(ITEMS), *([OTHER] if "Chọn" in kind and draw(st.booleans()) else [])])
        if kind != "Thông báo":
            row[4] = draw(st.sampled_from([None, "Có", "Không"]))
        earlier = [place for place, before in enumerate(kinds, start=1) if before in ANSWERS]
        if draw(st.booleans()) and earlier:
            row[5] = draw(st.sampled_from(earlier))
            row[6] = draw(st.sampled_from(ANSWERS[kinds[int(str(row[5])) - 1]]))
        row[7] = draw(st.none() | TEXT)
        if kind in {"Mức hài lòng", "Bảng hài lòng"}:
            row[8], row[11] = draw(st.none() | TEXT), draw(st.sampled_from([None, "x", "Không áp dụng (chưa gửi)"]))
        if kind in {"Số", "Số lẻ", "Chữ"} and draw(st.booleans()):
            row[9], row[10] = draw(BOUNDS)
        kinds.append(kind)
        done.append(row)
    return done


@settings(deadline=None, max_examples=60)
@given(rows(), TEXT, TEXT)
def test_whatever_an_officer_wrote_comes_back_the_same(found: list[Row], title: str, intro: str) -> None:
    info = (("Tên phiếu", title), ("Mã phiếu", "thu"), ("Lời mở đầu", intro))
    reading = reading_of(read_workbook(xlsx({"Phiếu": info, "Câu hỏi": [HEAD, *found]}), "phieu.xlsx"))
    # Conditions made by chance may contradict each other, and that is a fault of its own.
    assert {fault.code for fault in reading.faults} <= {"unreachable"}
    assume(reading.survey is not None)
    survey = reading.survey
    assert survey is not None
    assert read_template(write_template(survey), "phieu.xlsx") == survey
    assert lost_in_template(survey) == []


def test_the_example_is_read_as_it_is_and_shows_most_kinds() -> None:
    assert read_template(write_template(), "mau-phieu.xlsx") == example()
    assert len({question.kind for question in example().questions}) >= 8
    reading = reading_of(read_workbook(write_template(), "mau-phieu.xlsx"))
    assert reading.remarks == ()


def comparable(survey: Survey) -> Survey:
    """The survey with one way to write each condition."""
    return msgspec.structs.replace(
        survey,
        questions=tuple(
            msgspec.structs.replace(question, show_if=question.show_if.replace("'", '"'))
            for question in survey.questions
        ),
    )


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_questionnaire_keeps_its_ids_but_for_what_is_listed(name: str) -> None:
    survey = ready(name)
    back = read_template(write_template(survey), "phieu.xlsx")
    lost = lost_in_template(survey)
    assert [question.id for question in back.questions] == [question.id for question in survey.questions]
    if not lost:
        assert comparable(back) == comparable(survey)
    for question in survey.questions:
        keys = {fault.place.key for fault in lost if fault.place.id == question.id}
        twin = back.question(question.id)
        different = {key for key in Question.__struct_fields__ if getattr(question, key) != getattr(twin, key)}
        if same_condition(question.show_if, twin.show_if):
            different.discard("show_if")
        assert different == keys


def test_what_the_template_cannot_say_is_listed_and_never_passed_over() -> None:
    survey = Survey(
        id="kho",
        title="Khó",
        document="du_thao.pdf",
        questions=(
            Question(id="a", kind=Kind.LIKERT5, text="A?", no_opinion=False),
            Question(id="tong", kind=Kind.CALCULATED, text="", value="a + 1"),
            Question(id="b", kind=Kind.TEXT, text="B?", show_if="a + 1 > 3", audio="b.ogg"),
            Question(
                id="c",
                kind=Kind.SINGLE,
                text="C?",
                choices=(Choice(id="x", text="- Một"), Choice(id="y", text="Hai", show_if="a == 1")),
            ),
        ),
        translations={"km": {"title": "ខ"}},
    )
    found = [(fault.code, fault.place.question, fault.place.key) for fault in lost_in_template(survey)]
    assert found == [
        ("template.lost", 0, "document"),
        ("template.lost", 0, "translations"),
        ("template.lost", 1, "no_opinion"),
        ("template.lost_question", 2, "kind"),
        ("template.lost", 3, "show_if"),
        ("template.lost", 3, "audio"),
        ("template.lost", 4, "choices"),
    ]
    # The condition stands in its cell, so that nobody publishes the file without it.
    faults = reading_of(read_workbook(write_template(survey), "phieu.xlsx")).faults
    assert [(fault.code, fault.place.cell) for fault in faults] == [("template.when.unknown", "F3")]


def test_the_file_helps_whoever_fills_it_in(tmp_path: Path) -> None:
    (tmp_path / "mau.xlsx").write_bytes(write_template())
    book = openpyxl.load_workbook(tmp_path / "mau.xlsx")
    assert book.sheetnames == ["Phiếu", "Câu hỏi", "Hướng dẫn"]
    sheet = book["Câu hỏi"]
    assert [cell.value for cell in sheet[1]] == [words[0] for key, words in COLUMNS.items() if key != "code"]
    assert sheet.freeze_panes == "C2"
    lists = {str(rule.sqref)[0]: rule.formula1 for rule in sheet.data_validations.dataValidation if rule.formula1}
    assert lists["C"] == f'"{",".join(words[0] for words in KINDS.values())}"'
    assert lists["E"] == '"Có,Không"'
    # "1-2" typed into a cell must not become a day.
    assert {sheet.cell(row, column).number_format for row in range(2, 60) for column in range(1, 14)} == {"@"}
    guide = "\n".join(str(cell.value or "") for row in book["Hướng dẫn"] for cell in row)
    assert all(words[0] in guide for words in KINDS.values())


def test_the_same_survey_gives_the_same_bytes() -> None:
    assert write_template() == write_template()


def test_a_template_saved_by_another_program_reads_the_same(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: no other program here writes spreadsheets")
    (tmp_path / "mau.xlsx").write_bytes(write_template())
    for kind in ("xls", "xlsx"):
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / kind)]
        subprocess.run([*command, str(tmp_path / "mau.xlsx")], capture_output=True, timeout=110, check=True)
        assert read_template((tmp_path / kind / f"mau.{kind}").read_bytes(), "phieu") == example()
