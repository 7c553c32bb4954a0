"""What a survey file may say of each kind: matrices, "Khác (ghi rõ)", numbers of choices, limits, files."""

import pytest

from surveys.definition import TELLING, Kind
from surveys.faults import describe
from surveys.reading import check, read_survey
from tests.unit.survey_files import CHOICES, QUESTION, TOP, catalogue, codes, one

MATRIX = """
[[questions]]
id = "co_so"
kind = "matrix"
text = "Ông/Bà hài lòng thế nào về"
section = "Nơi tiếp dân"
required = true
show_if = 'a == "co"'
[[questions.items]]
id = "ghe_ngoi"
text = "Ghế ngồi chờ"
[[questions.items]]
id = "nuoc_uong"
text = "Nước uống"
required = false
not_applicable = "Không có nước uống"
"""


def test_a_matrix_becomes_questions_one_after_the_other() -> None:
    survey = read_survey((TOP + CHOICES + MATRIX).encode(), "mau.toml")
    chairs, water = survey.questions[1:]
    assert (chairs.id, chairs.kind, chairs.text, chairs.stem) == (
        "ghe_ngoi",
        Kind.LIKERT5,
        "Ghế ngồi chờ",
        "Ông/Bà hài lòng thế nào về",
    )
    assert chairs.matrix == water.matrix == "co_so"
    assert chairs.section == water.section == "Nơi tiếp dân"
    assert chairs.show_if == water.show_if == 'a == "co"'
    assert (chairs.required, water.required) == (True, False)
    assert (chairs.not_applicable, water.not_applicable) == ("", "Không có nước uống")


def test_a_fault_in_a_matrix_names_the_item_and_its_line() -> None:
    text = TOP + CHOICES + MATRIX.replace('id = "nuoc_uong"', 'id = "Nuoc"')
    [fault] = check(text.encode())
    assert (fault.code, fault.place.question, fault.place.item) == ("id.form", 2, 2)
    assert text.split("\n")[fault.place.line - 1] == 'id = "Nuoc"'
    assert "ý 2" in describe(fault, catalogue().__getitem__)


def test_what_all_items_have_from_their_matrix_is_told_once_at_the_matrix() -> None:
    text = TOP + CHOICES + MATRIX.replace("required = true", 'factor = "ai"').replace('a == "co"', 'a == "khong"')
    faults = check(text.encode())
    assert [(fault.code, fault.place.question, fault.place.item) for fault in faults] == [
        ("factor.unknown", 2, 0),
        ("expression.choice", 2, 0),
    ]
    lines = [text.split("\n")[fault.place.line - 1] for fault in faults]
    assert lines == ['factor = "ai"', "show_if = 'a == \"khong\"'"]


def test_a_choice_that_is_never_offered_is_told_once_even_if_it_asks_for_words() -> None:
    assert codes(TOP + CHOICES + "other = true\nshow_if = 'false'\n") == ["unreachable.choice"]


def test_khac_ghi_ro_asks_for_the_words_right_after() -> None:
    file = CHOICES.replace('text = "Không"', 'text = "Khác"\nother = true').replace('"A?"', '"A?"\nsection = "Phần 1"')
    survey = read_survey((TOP + file + QUESTION.replace('"a"', '"b"')).encode(), "mau.toml")
    assert [q.id for q in survey.questions] == ["a", "a_other", "b"]
    words = survey.question("a_other")
    assert (words.kind, words.other_of, words.show_if, words.section) == (Kind.TEXT, "a", 'a == "ko"', "Phần 1")
    assert words.text == "Xin Ông/Bà ghi rõ"
    several = read_survey((TOP + file.replace("single", "multiple")).encode(), "mau.toml")
    assert several.question("a_other").show_if == '"ko" in a'


def test_choices_have_numbers_given_or_counted() -> None:
    def numbers(file: str) -> list[int]:
        return [choice.number for choice in read_survey((TOP + file).encode(), "mau.toml").question("a").choices]

    assert numbers(CHOICES) == [1, 2]
    given = CHOICES.replace('id = "co"', 'id = "co"\nnumber = 5').replace('id = "ko"', 'id = "ko"\nnumber = 9')
    assert numbers(given) == [5, 9]


YESNO = '[[questions]]\nid = "yn"\nkind = "yesno"\ntext = "Có không?"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (one("decimal", "min = 0.5", "max = 2.5"), []),
        (one("time"), []),
        (one("acknowledge", "required = true"), []),
        (one("date", 'constraint = "answer <= today()"', 'constraint_message = "Xin ghi ngày đã qua."'), []),
        (one("range", "min = 0", "max = 10", "step = 2.5"), []),
        (one("range", "min = 0", "max = 1", "step = 0.1"), []),
        (one("range"), ["range.ends", "range.ends"]),
        (one("range", "min = 0", "max = 10", "step = 0"), ["range.step"]),
        (one("range", "min = 0", "max = 10", "step = -1"), ["range.step"]),
        (one("range", "min = 0", "max = 10", "step = 3"), ["range.steps"]),
        (one("range", "min = 0", "max = 10", "step = 0.001"), ["range.many"]),
        (one("range", "min = 10", "max = 0"), ["limit.order"]),
        (one("number", "step = 2"), ["key.not_for_kind"]),
        (one("number", 'value = "1"'), ["key.not_for_kind"]),
        (one("note", 'constraint = "true"'), ["key.not_for_kind"]),
        (one("text", 'constraint_message = "Sai"'), ["constraint.message_alone"]),
        (one("text", "constraint = 'length(answer) > 3'"), []),
        (one("text", "constraint = 'answer > 3'"), ["expression.types"]),
        (one("text", "constraint = 'a == \"x\"'"), ["expression.self"]),
        (one("text", "show_if = 'answer == \"x\"'"), ["expression.answer"]),
        (one("calculated"), ["key.missing"]),
        ('[[questions]]\nid = "c"\nkind = "calculated"\nvalue = "1 + 1"\n', []),
        (one("calculated", 'value = "1 +"'), ["expression.ends_early"]),
        (one("calculated", 'value = "1 > 2"'), ["expression.condition"]),
        (one("calculated", 'value = "1"', "required = true"), ["key.not_for_kind"]),
        (one("text", 'audio = "cau1.ogg"'), []),
        (one("text", 'audio = "../cau1.ogg"'), ["file.path"]),
        (one("text", 'audio = "am\\\\cau1.ogg"'), ["file.path"]),
        (one("text", 'audio = ".ogg"'), ["file.path"]),
        (one("text", 'audio = "cau1.exe"'), ["file.ending"]),
        (one("matrix"), ["matrix.no_items"]),
        (one("matrix", "items = []"), ["matrix.no_items"]),
        (one("matrix", "items = 1"), ["type.tables"]),
        (one("matrix", "min = 1", "[[questions.items]]", 'id = "b"', 'text = "B"'), ["key.not_for_matrix"]),
        (one("matrix", "[[questions.items]]", 'id = "a"', 'text = "B"'), ["id.twice"]),
        (one("matrix", "[[questions.items]]", 'id = "b"', 'text = "B"', 'kind = "nps"'), ["key.unknown.near"]),
        (one("text", "[[questions.items]]", 'id = "b"', 'text = "B"'), ["key.not_for_kind"]),
        (one("rank"), ["choices.too_few"]),
        (CHOICES.replace("single", "rank"), []),
        (CHOICES.replace("single", "rank") + "other = true\n", ["other.rank"]),
        (CHOICES.replace("single", "rank") + "exclusive = true\n", ["exclusive.rank"]),
        (CHOICES + "other = true\n" + one("text").replace('"a"', '"a_other"'), ["id.twice"]),
        (CHOICES.replace('"Có"', '"Có"\nother = true') + "other = true\n", ["other.twice"]),
        (CHOICES + "number = 2\n", ["number.missing"]),
        (CHOICES.replace('"Có"', '"Có"\nnumber = 2') + "number = 2\n", ["number.twice"]),
        (CHOICES.replace('"Có"', '"Có"\nnumber = 0') + "number = 1000\n", ["number.form"] * 2),
        (CHOICES + "number = 1.5\n", ["type.whole", "number.missing"][:1]),
        (CHOICES + "show_if = 'yn == \"yes\"'\n", ["expression.unknown"]),
        (YESNO + CHOICES + "show_if = 'yn == \"yes\"'\n", []),
        (YESNO + CHOICES + "show_if = 'yn == \"maybe\"'\n", ["expression.choice"]),
        (one("text").replace('"a"', '"answer"'), ["id.reserved"]),
        ('document = "du_thao.pdf"\n' + one("text"), []),
        ('document = "du/thao.pdf"\n' + one("text"), ["file.path"]),
        ('document = "du_thao.docx"\n' + one("text"), ["file.ending"]),
        ('index = "Tỷ lệ hài lòng."\nprint_note = "Phiếu tham khảo."\n' + one("text"), []),
    ],
)
def test_each_new_key_is_looked_at(text: str, expected: list[str]) -> None:
    assert sorted(codes(TOP + text)) == sorted(expected)


@pytest.mark.parametrize("kind", sorted(TELLING))
def test_what_tells_who_answered_is_not_asked_anonymously(kind: Kind) -> None:
    assert codes(TOP + one(kind.value)) == ["privacy.telling"]
    assert codes(TOP + 'privacy = "confidential"\n' + one(kind.value)) == []


def test_the_author_is_told_what_to_write_for_a_photo() -> None:
    [fault] = check((TOP + one("photo")).encode())
    assert 'privacy = "confidential"' in describe(fault, catalogue().__getitem__)
