"""Printed forms: numbers, skip instructions, digits, and the page itself."""

from datetime import date
from io import BytesIO
from itertools import pairwise

import msgspec
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.phieu import Form, blocks, print_form
from reports.texts import texts
from surveys.definition import Answer, Choice, Kind, Question, Survey
from surveys.keying import jumps, read_keys, write_keys
from surveys.options import Misread, options
from surveys.paper import Jump, When, on_paper, typed_questions
from surveys.paper_numbers import MOST, form_number, read_number, shown
from surveys.reading import read_survey
from surveys.ready import ready_file, ready_names

TODAY = date(2026, 10, 3)
SEED = b"a wave of the tests"
FRIENDLY = read_survey(ready_file("chinh_quyen_than_thien"), "chinh_quyen_than_thien")


def choice(id: str, text: str, *, other: bool = False) -> Choice:
    return Choice(id=id, text=text, other=other)


WATER = Survey(
    id="nuoc",
    title="Lấy ý kiến về nước sinh hoạt",
    intro="Phiếu gồm 9 câu.",
    print_note="Phiếu tham khảo.",
    questions=(
        Question(id="may", kind=Kind.YESNO, text="Có dùng nước máy không?"),
        Question(id="khoi", kind=Kind.NUMBER, text="Bao nhiêu mét khối?", min=0, max=500, show_if='may == "yes"'),
        Question(
            id="nguon",
            kind=Kind.MULTIPLE,
            text="Nguồn nào đang dùng?",
            max=2,
            choices=(choice("gieng", "Giếng"), choice("mua", "Nước mưa"), choice("khac", "Khác (ghi rõ)", other=True)),
        ),
        Question(id="nguon_khac", kind=Kind.TEXT, text="Xin ghi rõ", other_of="nguon", show_if='"khac" in nguon'),
        Question(
            id="truoc",
            kind=Kind.RANK,
            text="Việc nào trước?",
            choices=(choice("a", "Đường"), choice("b", "Điện"), choice("c", "Trường")),
        ),
        Question(id="nps", kind=Kind.NPS, text="Có giới thiệu không?"),
        Question(id="ngay", kind=Kind.DATE, text="Ngày nào?"),
        Question(id="gio", kind=Kind.TIME, text="Mấy giờ?"),
        Question(id="anh", kind=Kind.PHOTO, text="Xin gửi ảnh"),
        Question(id="ly", kind=Kind.TEXT, text="Vì sao?", show_if='may == "no" and nps < 3'),
        Question(id="tinh", kind=Kind.CALCULATED, text="", value="nps + 1"),
    ),
)


@given(st.binary(min_size=1, max_size=32), st.lists(st.integers(1, MOST), unique=True, max_size=60))
def test_numbers_of_a_wave_differ_and_are_read_back(seed: bytes, which: list[int]) -> None:
    numbers = [form_number(seed, n) for n in which]
    assert len(set(numbers)) == len(which)
    for number in numbers:
        assert read_number(number) == read_number(shown(number)) == read_number(f" {number[:3]} {number[3:]}") == number


def test_every_form_a_wave_can_have_has_a_number_of_its_own() -> None:
    assert len({form_number(SEED, n) for n in range(1, MOST + 1)}) == MOST


def test_numbers_follow_no_order() -> None:
    numbers = [int(form_number(SEED, n)) for n in range(1, 201)]
    rising = sum(a < b for a, b in pairwise(numbers))
    assert 70 < rising < 130


@given(st.integers(1, MOST), st.integers(0, 5), st.integers(1, 9))
def test_one_wrong_digit_is_no_number(n: int, at: int, off: int) -> None:
    number = form_number(SEED, n)
    wrong = str((int(number[at]) + off) % 10)
    assert read_number(number[:at] + wrong + number[at + 1 :]) is None


@given(st.integers(1, MOST), st.integers(0, 4))
def test_two_digits_exchanged_are_no_number(n: int, at: int) -> None:
    number = form_number(SEED, n)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert read_number(swapped) is None or swapped == number


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "012345", "12345é"])
def test_what_cannot_be_a_number(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize("n", [0, MOST + 1])
def test_a_form_beyond_the_row_of_numbers(n: int) -> None:
    with pytest.raises(ValueError, match="forms 1 to"):
        form_number(SEED, n)


def test_who_answers_so_goes_on_there() -> None:
    items = {item.question.id: item for item in on_paper(FRIENDLY)}
    assert items["viec"].jumps == (Jump("6", 11),)
    assert items["don_tiep"].when == When(number=1, digits=("6",), unless=True)
    assert items["chung"].when is None
    assert items["so_lan"].when == When(number=1, digits=("6",), unless=True)


def test_what_paper_cannot_take_is_left_out_and_numbers_follow_on() -> None:
    items = on_paper(WATER)
    assert [(item.number, item.question.id) for item in items] == [
        (1, "may"), (2, "khoi"), (3, "nguon"), (4, "truoc"), (5, "nps"), (6, "ngay"), (7, "gio"), (8, "ly"),
    ]  # fmt: skip
    assert items[0].jumps == (Jump("2", 3),)
    assert items[2].words_of == {"khac": "nguon_khac"}
    assert items[7].when == When()
    assert [number for number, _ in typed_questions(WATER)] == ["1", "2", "3", "3+", "4", "5", "6", "7", "8"]


def test_a_survey_that_ends_early_says_so() -> None:
    short = msgspec.structs.replace(WATER, questions=WATER.questions[:2])
    assert on_paper(short)[0].jumps == (Jump("2", 0),)


def test_the_instruction_stands_before_the_questions_that_the_jump_does_not_cover() -> None:
    said = [block["text"] for block in blocks(FRIENDLY, texts()) if block["type"] == "when"]
    assert said == ["Câu 15 và câu 16: bỏ qua nếu câu 1 chọn 6."]


def test_a_question_that_hangs_on_words_says_on_which() -> None:
    survey = read_survey(ready_file("lay_y_kien"), "lay_y_kien")
    said = [block["text"] for block in blocks(survey, texts()) if block["type"] == "when"]
    assert said == ["Câu 4: bỏ qua nếu để trống câu 3."]


@pytest.mark.parametrize("name", ready_names())
def test_every_ready_questionnaire_prints_with_its_own_digits(name: str) -> None:
    survey = read_survey(ready_file(name), name)
    form = Form(
        survey=survey,
        issuer="UBND xã Mẫu",
        above="tỉnh Mẫu",
        wave=name,
        give_back="Xin gửi lại.",
        numbers=(shown(form_number(SEED, 1)), shown(form_number(SEED, 2))),
        villages=("thôn Mẫu 1", "thôn Mẫu 2"),
    )
    reader = pypdf.PdfReader(BytesIO(print_form(form, TODAY)))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    # every copy begins on a front page, and its number is on each of its pages
    assert len(pages) % 4 == 0
    half = len(pages) // 2
    assert all(form.numbers[0] in page for page in pages[:half] if page)
    assert all(form.numbers[1] in page for page in pages[half:] if page)
    whole = " ".join(pages[:half])
    asked = [item for item in on_paper(survey) if item.number]
    for item in asked:
        assert f"Câu {item.number}." in whole
    printed = [block for block in blocks(survey, texts()) if block["type"] in {"grid", "ask"}]
    digits = {row["number"]: [d for d in row["digits"] if d] for block in printed for row in block.get("rows", [])}
    digits |= {one["number"]: [c["digit"] for c in one["choices"]] for one in printed if one["type"] == "ask"}
    for item in asked:
        assert sorted(digits[item.number]) == sorted(digit for _, _, digit in options(item.question))
    if survey.print_note:
        assert survey.print_note in whole
    assert "không ghi tên" in whole


def test_every_kind_has_its_place_on_paper() -> None:
    form = Form(
        survey=WATER,
        issuer="UBND xã Mẫu",
        above="",
        wave="",
        give_back="",
        numbers=("",),
        village="thôn Na",
        two_sided=False,
    )
    reader = pypdf.PdfReader(BytesIO(print_form(form, TODAY)))
    said = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for words in (
        "Nơi ở: thôn Na",
        "(Từ 0 đến 500)",
        "không quá 2 ô",
        "thứ tự từ 1 đến 3",
        "giờ",
        "tháng",
        "sang câu 3",
    ):
        assert words in said
    assert "Xin gửi ảnh" not in said
    assert "Câu 8: xin bỏ qua nếu không đúng với Ông/Bà." in said


def question(id: str) -> Question:
    return WATER.question(id)


SCALE = Question(id="q", kind=Kind.LIKERT5, text="Thế nào?", not_applicable="Không áp dụng")
TEN = Question(
    id="q", kind=Kind.SINGLE, text="Việc nào?", choices=tuple(choice(f"c{n}", f"Việc {n}") for n in range(1, 11))
)


@pytest.mark.parametrize(
    ("asked", "typed", "answer"),
    [
        (SCALE, "4", 4),
        (SCALE, "0", 0),
        (SCALE, "9", 9),
        (SCALE, " ", None),
        (SCALE, "6", Misread("unknown")),
        (SCALE, "45", Misread("unknown")),
        (SCALE, "hài lòng", Misread("unknown")),
        (TEN, "10", "c10"),
        (TEN, "1", "c1"),
        (question("may"), "2", "no"),
        (question("nguon"), "31", ("gieng", "khac")),
        (question("nguon"), "3, 1", ("gieng", "khac")),
        (question("nguon"), "1 2 3", Misread("too_many")),
        (question("nguon"), "4", Misread("unknown")),
        (question("truoc"), "312", ("c", "a", "b")),
        (question("truoc"), "31", Misread("rank_missing")),
        (question("truoc"), "331", Misread("rank_twice")),
        (question("nps"), "10", 10),
        (question("nps"), "11", Misread("unknown")),
        (question("khoi"), "12", 12),
        (question("khoi"), "1.200", Misread("out_of_range")),
        (question("khoi"), "12,5", Misread("whole")),
        (question("khoi"), "mười", Misread("unclear")),
        (question("ngay"), "5/11/2026", "2026-11-05"),
        (question("ngay"), "05112026", "2026-11-05"),
        (question("ngay"), "31/2/2026", Misread("no_such_day")),
        (question("ngay"), "hôm qua", Misread("unclear")),
        (question("gio"), "8h30", "08:30"),
        (question("gio"), "0830", "08:30"),
        (question("gio"), "25:00", Misread("no_such_time")),
        (question("ly"), "  Vì xa.  ", "Vì xa."),
        (question("ly"), "x" * 4001, Misread("too_long")),
    ],
)
def test_what_is_typed_is_what_is_printed(asked: Question, typed: str, answer: Answer | Misread) -> None:
    assert read_keys(asked, typed) == answer


@pytest.mark.parametrize("asked", [SCALE, TEN, *(q for _, q in typed_questions(WATER))], ids=lambda q: q.kind)
def test_an_answer_typed_again_is_the_same_answer(asked: Question) -> None:
    tokens = [digit for _, _, digit in options(asked)]
    tries = {Kind.DATE: "5/11/2026", Kind.TIME: "8:30", Kind.NUMBER: "12", Kind.TEXT: "Vì xa.", Kind.RANK: "312"}
    for typed in [tries[asked.kind]] if asked.kind in tries else tokens:
        answer = read_keys(asked, typed)
        assert not isinstance(answer, Misread)
        assert read_keys(asked, write_keys(asked, answer)) == answer
    assert read_keys(asked, write_keys(asked, None)) is None


def test_the_cursor_goes_on_by_itself_only_where_the_answer_is_sure() -> None:
    assert jumps(SCALE) == ("1", "2", "3", "4", "5", "0", "9")
    assert "1" not in jumps(TEN)
    assert "10" in jumps(TEN)
    assert jumps(question("nps")) == ("0", "2", "3", "4", "5", "6", "7", "8", "9", "10")
    assert jumps(question("nguon")) == jumps(question("ly")) == ()


@given(st.text(max_size=30))
def test_nothing_that_is_typed_makes_it_stumble(text: str) -> None:
    for _, asked in typed_questions(WATER):
        read_keys(asked, text)
