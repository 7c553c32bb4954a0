"""pyxform, the program behind Kobo's and ODK's forms, as the judge of ours and of real forms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from surveys.definition import SILENT, Choice, Kind, Privacy, Question, Survey
from surveys.reading import read_survey
from surveys.ready import ready_file, ready_names
from surveys.sheets.grid import read_workbook
from surveys.writing import write_survey
from surveys.xlsform.writing import write_xlsform
from tests.unit.test_xlsform_skips import surveys
from tests.unit.xlsforms import imported, outcome

REAL = Path(__file__).parents[3] / "shared" / "data" / "xlsforms"
FORMS = sorted(REAL.glob("*.xls*"))
_KEPT_SILENTLY = {"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "audit"}


def item(id: str, text: str) -> Question:
    """An item of a matrix."""
    return Question(
        id=id,
        kind=Kind.LIKERT5,
        text=text,
        not_applicable="Không dùng",
        matrix="hai_long",
        stem="Ông/Bà hài lòng thế nào về:",
        section="Dịch vụ",
    )


def every_kind() -> Survey:
    """A survey with everything that a form can carry, in two languages."""
    choices = (
        Choice(id="cau", text="Cầu", number=1),
        Choice(id="duong", text="Đường", number=2, show_if='co_dat == "yes"'),
        Choice(id="khac", text="Khác (ghi rõ)", number=77, other=True),
    )
    none = (*choices[:2], Choice(id="khong", text="Không cần gì", number=3, exclusive=True))
    three = tuple(Choice(id=id, text=text, number=n) for n, (id, text) in enumerate(
        (("dien", "Điện"), ("nuoc", "Nước"), ("rac", "Rác")), start=1))  # fmt: skip
    questions = (
        Question(id="chao", kind=Kind.NOTE, text="Xin chào Ông/Bà."),
        Question(id="dong_y", kind=Kind.ACKNOWLEDGE, text="Tôi đồng ý tham gia.", required=True),
        Question(id="co_dat", kind=Kind.YESNO, text="Nhà Ông/Bà có đất không?", show_if='dong_y == "yes"'),
        item("dien_luc", "Điện"),
        item("nuoc_sach", "Nước sạch"),
        Question(id="nps", kind=Kind.NPS, text="Ông/Bà có giới thiệu cho người khác không?", section="Dịch vụ"),
        Question(id="can", kind=Kind.SINGLE, text="Cần làm gì trước?", choices=choices),
        Question(id="can_other", kind=Kind.TEXT, text="Xin Ông/Bà ghi rõ", show_if='can == "khac"', other_of="can"),
        Question(id="nhieu", kind=Kind.MULTIPLE, text="Cần những gì?", choices=none, min=1, max=2),
        Question(id="xep", kind=Kind.RANK, text="Xếp thứ tự", choices=three),
        Question(id="tuoi", kind=Kind.NUMBER, text="Tuổi", min=0, max=120, hint="Tính tròn năm"),
        Question(id="ha", kind=Kind.DECIMAL, text="Số hecta", constraint="answer > 0 and answer < tuoi",
                 constraint_message="Xin xem lại"),
        Question(id="muc", kind=Kind.RANGE, text="Mức", min=0, max=5, step=0.5),
        Question(id="tong", kind=Kind.CALCULATED, text="", value="if(tuoi >= 18, round(ha * 2, 1), 0)"),
        Question(id="ten", kind=Kind.TEXT, text="Nơi ở", max=50, constraint='matches(answer, "^[A-Z]")'),
        Question(id="ngay", kind=Kind.DATE, text="Ngày", constraint="answer <= today()"),
        Question(id="gio", kind=Kind.TIME, text="Giờ", show_if="tong > 3 and not muc == 2.5"),
        Question(id="anh", kind=Kind.PHOTO, text="Ảnh", show_if='"duong" in nhieu or count_selected(nhieu) > 1'),
        Question(id="tieng", kind=Kind.VOICE, text="Xin nói", show_if="dien_luc < 3 or nps <= 6"),
        Question(id="noi", kind=Kind.PLACE, text="Vị trí", audio="vi-tri.mp3"),
    )  # fmt: skip
    km = {f"questions.{q.id}.text": f"ខ្មែរ {n}" for n, q in enumerate(questions) if q.text}
    km |= {f"questions.{q.id}.choices.{c.id}": f"ជម្រើស {c.id}" for q in questions for c in q.choices}
    return Survey(id="phieu", title="Phiếu", questions=questions, privacy=Privacy.CONFIDENTIAL, translations={"km": km})


def named(children: list[dict[str, Any]], *, kept: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, element) of every question of pyxform's reading, in order, without groups and what it adds itself."""
    for child in children:
        if child.get("type") in {"group", "repeat", "loop"}:
            yield from named(child.get("children", []), kept=kept)
        elif child.get("type") not in kept and not str(child.get("name", "")).startswith(
            ("generated_", "reserved_name_for")
        ):
            yield child["name"], child


def as_pyxform(data: bytes | Path) -> list[tuple[str, dict[str, Any]]]:
    result = convert(data if isinstance(data, bytes) else str(data))
    children = (result._pyxform or {})["children"]
    return [(name, child) for name, child in named(children, kept=_KEPT_SILENTLY) if name not in {"meta", "instanceID"}]


def choices_of(element: dict[str, Any]) -> list[str]:
    return [choice["name"] for choice in element.get("choices") or element.get("children") or []]


def test_pyxform_reads_every_kind_as_it_was_written() -> None:
    # Given
    survey = every_kind()
    # When
    data, remarks = write_xlsform(survey)
    read = as_pyxform(data)
    # Then
    assert [name for name, _ in read] == [question.id for question in survey.questions]
    assert remarks == []


def test_every_kind_comes_back_as_it_was() -> None:
    survey = every_kind()
    again = imported(write_xlsform(survey)[0]).survey
    assert [(q.id, q.kind, q.text, q.hint, q.section, q.matrix, q.stem, q.other_of) for q in again.questions] == [
        (q.id, q.kind, q.text, q.hint, q.section, q.matrix, q.stem, q.other_of) for q in survey.questions
    ]
    assert [q.choices for q in again.questions] == [q.choices for q in survey.questions]
    assert again.translations == survey.translations
    assert again.privacy is Privacy.CONFIDENTIAL


@pytest.mark.parametrize("name", ready_names())
def test_ready_questionnaires_go_to_a_form_and_back(name: str) -> None:
    # Given
    survey = read_survey(ready_file(name), name)
    # When
    data, _ = write_xlsform(survey)
    again = imported(data).survey
    # Then
    assert [name for name, _ in as_pyxform(data)] == [question.id for question in survey.questions]
    kept = ("id", "kind", "text", "required", "choices", "no_opinion", "not_applicable", "matrix", "stem", "section")
    assert [[getattr(q, key) for key in kept] for q in again.questions] == [
        [getattr(q, key) for key in kept] for q in survey.questions
    ]


@pytest.mark.parametrize("name", ready_names())
def test_ready_questionnaires_are_written_as_toml_that_reads_the_same(name: str) -> None:
    survey = read_survey(ready_file(name), name)
    assert read_survey(write_survey(survey).encode(), name) == survey


def test_an_imported_form_is_written_as_toml_that_reads_the_same() -> None:
    survey = imported(write_xlsform(every_kind())[0]).survey
    text = write_survey(survey)
    assert read_survey(text.encode(), "phieu.toml") == survey
    assert 'kind = "matrix"' in text


@settings(max_examples=30, deadline=None)
@given(surveys())
def test_pyxform_takes_whatever_is_written(survey: Survey) -> None:
    assert [name for name, _ in as_pyxform(write_xlsform(survey)[0])] == [question.id for question in survey.questions]


@settings(max_examples=30, deadline=None)
@given(surveys())
def test_whatever_comes_back_from_a_form_is_written_as_toml(survey: Survey) -> None:
    again = imported(write_xlsform(survey)[0]).survey
    assert read_survey(write_survey(again).encode(), "phieu.toml") == again


def test_writing_a_form_twice_gives_the_same_bytes() -> None:
    assert write_xlsform(every_kind())[0] == write_xlsform(every_kind())[0]


@pytest.mark.skipif(not FORMS, reason="the real forms are not there (shared/data/xlsforms)")
@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_real_form_is_read_as_pyxform_reads_it_or_refused_with_reasons(path: Path) -> None:
    # When
    ours = outcome(read_workbook(path.read_bytes(), path.name))
    if isinstance(ours, list):
        # Then
        assert ours
        assert all(fault.place.cell or fault.place.sheet or fault.params for fault in ours)
        return
    # Then: what we take pyxform takes too, or we have said what is odd about it
    try:
        theirs = as_pyxform(path)
    except PyXFormError:
        assert ours.remarks
        return
    ids = {name: ours.ids.get(name, name) for name, _ in theirs}
    assert [question.id for question in ours.survey.questions] == list(ids.values())
    for name, element in theirs:
        question = ours.survey.question(ids[name])
        if question.kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.RANK}:
            assert [choice.id for choice in question.choices] == choices_of(element)
        elif question.kind in SILENT:
            assert not choices_of(element)
