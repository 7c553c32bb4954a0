"""A survey file is read whole, or every fault in it is named with its place."""

import re
from pathlib import Path

import pytest

import surveys
from surveys.checking import MAX_QUESTIONS
from surveys.definition import Choice, Kind, Privacy, Question, Survey
from surveys.faults import Fault, SurveyFaults, describe
from surveys.findings import MAX_TEXT
from surveys.functions import ARITY
from surveys.reading import check, read_survey
from tests.unit.survey_files import CHOICES, QUESTION, TOP, catalogue, codes

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
        ("expression.unknown", 14, 2, "b", "show_if"),
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
        (TOP + QUESTION.replace('"A?"', f'"{"a" * (MAX_TEXT + 1)}"'), ["text.too_long"]),
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
        (TOP + QUESTION * (MAX_QUESTIONS + 1), ["id.twice"] * MAX_QUESTIONS + ["questions.too_many"]),
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
    assert (fault.place.question, fault.place.id, fault.place.choice) == (1, "a", 2)
    assert text.split("\n")[fault.place.line - 1] == 'id = "Ko"'


def test_every_code_has_its_words() -> None:
    """Codes are found in the source where faults are added; those that are put together there stand in `computed`."""
    words = catalogue()
    room = Path(surveys.__file__ or "").parent
    names = (
        "checking*.py",
        "writing_out.py",
        "findings.py",
        "condition.py",
        "expression.py",
        "reading.py",
        "languages.py",
    )
    source = "".join(path.read_text() for name in names for path in room.glob(name))
    written = set(re.findall(r'(?:\.add|\.near|\.fault|Fault)\(\s*"([a-z0-9_.]+)",? ', source))
    written |= set(re.findall(r'"((?:expression|remark|not_toml)\.[a-z_.]+)"', source))
    near = {f"{code}.near" for code in ("key.unknown", "kind.unknown", "factor.unknown", "translations.place")}
    computed = {f"type.{name}" for name in ("text", "boolean", "tables", "number", "whole", "table")}
    computed |= {f"expression.call.{name}" for name in ARITY} | {"expression.date", "expression.time"} | near
    computed |= {"id.twice", "number.twice", "exclusive.single", "exclusive.rank", "other.rank"}
    assert sorted(code for code in written | computed if f"fault.{code}" not in words) == []


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


def test_the_examples_of_the_handbook_together_are_a_survey() -> None:
    handbook = Path(surveys.__file__ or "").parents[1] / "docs/can-bo/viet-phieu.md"
    blocks = re.findall(r"```toml\n(.*?)```", handbook.read_text("utf-8"), flags=re.DOTALL)
    survey = read_survey("\n".join(blocks).encode(), "viet-phieu.md")
    assert {question.kind for question in survey.questions} | {Kind.TEXT, Kind.SINGLE} == set(Kind)
    assert survey.languages == ("vi", "km")


def test_the_handbook_names_every_kind_key_and_function() -> None:
    text = (Path(surveys.__file__ or "").parents[1] / "docs/can-bo/viet-phieu.md").read_text("utf-8")
    structure = {
        "other_of",
        "questions",
        "choices",
        "translations",
        "factors",
        "stem",
        "inserted",
        "owner",
    }  # have blocks of their own; whose a survey is no file says
    keys = {*Survey.__struct_fields__, *Question.__struct_fields__, *Choice.__struct_fields__} - structure
    assert [kind for kind in Kind if f"| `{kind}` |" not in text] == []
    assert sorted(key for key in keys if f"`{key}`" not in text) == []
    assert [name for name in ARITY if f"`{name}(" not in text] == []
