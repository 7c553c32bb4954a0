"""A survey file is read whole, or every fault in it is named with its place."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import surveys
from surveys.definition import Kind, Privacy
from surveys.faults import Fault, SurveyFaults, describe
from surveys.reading import check, read_survey

SOUND = """
id = "mau"
title = "Phiếu mẫu"
intro = "Xin chào"
[[factors]]
id = "can_bo"
text = "Cán bộ"
[[questions]]
id = "den"
kind = "yesno"
text = "Ông/Bà đã đến UBND xã chưa?"
[[questions]]
id = "thai_do"
kind = "likert5"
factor = "can_bo"
text = "Ông/Bà hài lòng thế nào về thái độ?"
not_applicable = "Không áp dụng"
overall = true
show_if = 'den == "yes"'
[[questions]]
id = "viec"
kind = "multiple"
text = "Ông/Bà làm việc gì?"
max = 2
[[questions.choices]]
id = "dat"
text = "Đất đai"
[[questions.choices]]
id = "khac"
text = "Việc khác"
exclusive = true
"""

QUESTION = '[[questions]]\nid = "a"\nkind = "text"\ntext = "A?"\n'
TOP = 'id = "mau"\ntitle = "Mẫu"\n'
CHOICES = (
    '[[questions]]\nid = "a"\nkind = "single"\ntext = "A?"\n'
    '[[questions.choices]]\nid = "co"\ntext = "Có"\n[[questions.choices]]\nid = "ko"\ntext = "Không"\n'
)


def codes(text: str) -> list[str]:
    return [fault.code for fault in check(text.encode())]


def catalogue() -> dict[str, str]:
    path = Path(surveys.__file__ or "").parent / "locale/vi/LC_MESSAGES/surveys.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_a_sound_file_becomes_a_survey() -> None:
    survey = read_survey(SOUND.encode(), "mau.toml")
    assert [q.kind for q in survey.questions] == [Kind.YESNO, Kind.LIKERT5, Kind.MULTIPLE]
    assert survey.privacy is Privacy.ANONYMOUS
    assert survey.question("viec").choices[1].exclusive
    assert survey.question("viec").max == 2
    assert survey.language == "vi"


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault() -> None:
    assert check(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode()) == []


def test_texts_are_kept_composed() -> None:
    decomposed = SOUND.replace("Đất đai", "Đâ\u0301t đai").encode()
    assert read_survey(decomposed, "mau.toml").question("viec").choices[0].text == "Đất đai"


def test_five_faults_give_five_messages_with_their_places() -> None:
    text = """id = "Mẫu"
title = "Phiếu"
titel = "Phiếu"

[[questions]]
id = "a"
kind = "likert"
text = "Câu một?"

[[questions]]
id = "b"
kind = "single"
text = "Câu hai?"
show_if = 'c == "x"'
[[questions.choices]]
id = "x"
text = "Một"
"""
    with pytest.raises(SurveyFaults) as caught:
        read_survey(text.encode(), "hong.toml")
    faults = caught.value.faults
    assert [(f.code, f.place.line, f.place.question, f.place.id, f.place.key) for f in faults] == [
        ("id.form", 1, 0, "", "id"),
        ("key.unknown.near", 3, 0, "", "titel"),
        ("kind.unknown.near", 7, 1, "a", "kind"),
        ("choices.too_few", 10, 2, "b", "choices"),
        ("show_if.unknown", 14, 2, "b", "show_if"),
    ]
    words = catalogue()
    messages = [describe(fault, lambda key: words[key]) for fault in faults]
    assert len(set(messages)) == 5
    assert messages[2] == (
        'dòng 7, câu 1 (a), mục "kind": không có loại câu hỏi "likert". Có phải ý Ông/Bà là "likert5"?'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["key.missing"] * 3),
        (TOP + "questions = []\n", ["questions.none"]),
        (TOP + "questions = 3\n", ["type.tables"]),
        (TOP + "questions = [1]\n", ["type.tables"]),
        (TOP + QUESTION + QUESTION, ["id.twice"]),
        (TOP + QUESTION.replace('"a"', '"A"'), ["id.form"]),
        (TOP + QUESTION.replace('"a"', '"1a"'), ["id.form"]),
        (TOP + QUESTION.replace('"a"', '"a' + "b" * 24 + '"'), ["id.form"]),
        (TOP + QUESTION.replace('"a"', '"not"'), ["id.reserved"]),
        (TOP + QUESTION.replace('"a"', "1"), ["type.text"]),
        (TOP + QUESTION.replace('"A?"', '"  "'), ["text.empty"]),
        (TOP + QUESTION.replace('"A?"', f'"{"a" * 1001}"'), ["text.too_long"]),
        (TOP + QUESTION.replace('"A?"', r'"A\u0000?"'), ["text.control"]),
        (TOP + QUESTION + "required = 1\n", ["type.boolean"]),
        (TOP + QUESTION + 'requried = "x"\n', ["key.unknown.near"]),
        (TOP + QUESTION + "zzz = 1\n", ["key.unknown"]),
        (TOP + QUESTION + 'factor = "can_bo"\n', ["factor.unknown", "key.not_for_kind"]),
        (TOP + QUESTION + "overall = true\n", ["key.not_for_kind"]),
        (TOP + QUESTION + "min = true\n", ["type.number"]),
        (TOP + QUESTION + "min = 3\nmax = 2\n", ["limit.order"]),
        (TOP + QUESTION + "max = inf\n", ["limit.form"]),
        (TOP + QUESTION + "max = 1.5\n", ["limit.form"]),
        (TOP + QUESTION.replace('"text"', '"number"') + "max = 1.5\n", []),
        (TOP + QUESTION.replace('"text"', '"note"') + "required = true\n", ["key.not_for_kind"]),
        (TOP + QUESTION.replace('kind = "text"\n', ""), ["key.missing"]),
        (TOP + 'language = "tiếng Việt"\n' + QUESTION, ["language"]),
        (TOP + 'language = "jra-VN"\n' + QUESTION, []),
        (TOP + 'privacy = "secret"\n' + QUESTION, ["privacy"]),
        (TOP + CHOICES, []),
        (TOP + CHOICES.replace('"single"', '"text"'), ["key.not_for_kind"]),
        (TOP + CHOICES.replace('"ko"', '"co"'), ["id.twice"]),
        (TOP + CHOICES.replace('"ko"', '"n"'), ["id.reserved"]),
        (TOP + CHOICES.replace('"Không"', '"CO"'), ["choices.same_text"]),
        (TOP + CHOICES.replace('"Không"', '"1"'), ["choices.number_text"]),
        (TOP + CHOICES.replace('"Không"', '"2"'), []),
        (TOP + CHOICES + "exclusive = true\n", ["exclusive.single"]),
        (TOP + CHOICES.replace('"single"', '"multiple"\nmin = 3'), ["limit.choices"]),
        (TOP + QUESTION * 201, ["id.twice"] * 200 + ["questions.too_many"]),
    ],
)
def test_each_fault_is_found(text: str, expected: list[str]) -> None:
    assert sorted(codes(text)) == sorted(expected)


def test_only_one_question_is_the_overall_one() -> None:
    question = '[[questions]]\nid = "{}"\nkind = "likert5"\ntext = "Hài lòng?"\noverall = true\n'
    faults = check((TOP + question.format("a") + question.format("b")).encode())
    assert [(f.code, f.place.question, f.params) for f in faults] == [("overall.twice", 2, {"first": "1"})]


def test_what_is_no_utf8_is_placed() -> None:
    [fault] = check(b'id = "a"\ntitle = "\xff"\n')
    assert (fault.code, fault.place.line, fault.place.column) == ("not_utf8", 2, 10)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('id = "a"\ntitle = Mẫu\n', "not_toml", 2),
        ('id = "a"\nid = "b"\n', "not_toml.twice", 2),
        ('id = "a"\ntitle = """Mẫu\n', "not_toml.end", 3),
        ("a = " + "[" * 5000, "not_toml.deep", 0),
        ("a = " + "9" * 5000, "not_toml.end", 1),
    ],
)
def test_what_is_no_toml_is_placed(text: str, code: str, line: int) -> None:
    [fault] = check(text.encode())
    assert (fault.code, fault.place.line) == (code, line)


def test_a_file_of_two_megabytes_is_refused_unread() -> None:
    assert codes("#" * (2 << 20)) == ["too_big"]


def test_lines_are_right_after_a_text_of_several_lines() -> None:
    text = TOP + 'intro = """\nid = 5\n[[questions]]\n"""\n' + QUESTION + "zzz = 1\n"
    [fault] = check(text.encode())
    assert text.split("\n")[fault.place.line - 1] == "zzz = 1"
    assert fault.place.question == 1


def test_a_fault_in_a_choice_names_question_choice_and_line() -> None:
    text = TOP + CHOICES.replace('id = "ko"', 'id = "Ko"')
    [fault] = check(text.encode())
    assert (fault.place.question, fault.place.id, fault.place.choice) == (1, "", 2)
    assert text.split("\n")[fault.place.line - 1] == 'id = "Ko"'


def test_every_code_has_its_words() -> None:
    words = catalogue()
    room = Path(surveys.__file__ or "").parent
    source = "".join(path.read_text() for path in room.glob("*.py"))
    used = [key.removeprefix("fault.") for key in words if key.startswith("fault.")]
    computed = {"type.text", "type.boolean", "type.number", "type.tables"}
    assert [code for code in used if f'"{code}"' not in source and code not in computed] == []
    for code in ("too_big", "not_utf8", "not_toml", "key.missing", "show_if.later", "limit.order"):
        assert code in used


def test_a_fault_without_a_place_is_told_without_one() -> None:
    words = catalogue()
    assert describe(Fault("not_toml.deep"), words.__getitem__).startswith("các dấu ngoặc")


def test_every_fault_of_these_tests_can_be_told() -> None:
    words = catalogue()
    broken = TOP.replace("mau", "Mau") + 'language = "?"\nprivacy = "x"\nzzz = 1\n'
    broken += '[[questions]]\nid = "in"\nkind = "singel"\nfactor = "x"\nmin = 2\nmax = 1\nshow_if = "("\n'
    broken += CHOICES.replace('"ko"', '"co"').replace('"A?"', '""')
    faults = check(broken.encode())
    assert len(faults) >= 11
    for fault in faults:
        message = describe(fault, words.__getitem__)
        assert "{" not in message
        assert message.startswith("dòng ")
