"""Earlier answers shown in texts: "${ten} bao nhiêu tuổi?"."""

from io import BytesIO

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from bot.conversation.desk import Commune
from bot.preview import Preview
from surveys.definition import Answer, Survey
from surveys.languages import localised
from surveys.piping import GAP, LONGEST, filled, named, put_back, set_apart
from surveys.reading import check, read_survey
from surveys.sheets.grid import read_workbook
from surveys.sheets.template import read_template
from surveys.sheets.template_writing import lost_in_template, write_template
from surveys.writing import write_survey
from surveys.xlsform.writing import write_xlsform
from tests.unit.desk import NOW, WORDING
from tests.unit.xlsforms import faults, form, imported, outcome

COMMUNE = Commune(id=1, name="xã Mẫu", prefix="", phone="", contact="", privacy_url="https://nghedan.example/")
TEXT = """
id = "con"
title = "Con"
questions = [
  { id = "ten", kind = "text", text = "Tên cháu?" },
  { id = "gioi", kind = "single", text = { vi = "${ten} là?", en = "${ten} is a?" }, choices = [
    { id = "trai", text = { vi = "Trai", en = "Boy" } }, { id = "gai", text = { vi = "Gái", en = "Girl" } }] },
  { id = "tuoi", kind = "number", text = "${ten} (${gioi}) mấy tuổi?", hint = "Tuổi của ${ ten }", min = 0 },
  { id = "sau", kind = "calculated", value = "tuoi + 1" },
  { id = "nam_sau", kind = "note", text = "Sang năm ${ten} ${sau} tuổi." },
  { id = "ai", kind = "single", text = "Ai trông cháu?", choices = [
    { id = "chau", text = "${ten} tự lo" }, { id = "nha", text = "Người nhà" }] },
]
"""


def survey() -> Survey:
    """The survey of TEXT."""
    return read_survey(TEXT.encode(), "con.toml")


def said(answers: dict[str, Answer], language: str = "vi") -> dict[str, str]:
    """The texts of the questions as a person with these answers sees them."""
    spoken = localised(survey(), language)
    return {one.id: one.text for one in filled(spoken, spoken.questions, answers, language)}


def test_whoever_shows_a_survey_to_others_shows_gaps() -> None:
    asked = survey()
    assert asked.question("tuoi").text == "… (…) mấy tuổi?"
    assert asked.question("tuoi").hint == "Tuổi của …"
    assert asked.question("ai").choices[0].text == "… tự lo"
    assert asked.translations["en"]["questions.gioi.text"] == "… is a?"
    assert "${" not in msgspec.json.encode(msgspec.structs.replace(asked, inserted={})).decode()


def test_a_person_sees_what_they_answered() -> None:
    texts = said({"ten": "Lan", "gioi": "gai", "tuoi": 5})
    assert texts["tuoi"] == "Lan (Gái) mấy tuổi?"
    assert texts["nam_sau"] == "Sang năm Lan 6 tuổi."


def test_what_was_skipped_or_not_asked_is_a_gap() -> None:
    texts = said({"ten": None})
    assert texts["tuoi"] == f"{GAP} ({GAP}) mấy tuổi?"
    assert texts["nam_sau"] == f"Sang năm {GAP} {GAP} tuổi."


def test_in_another_language_its_labels_stand_even_in_a_borrowed_text() -> None:
    texts = said({"ten": "Lan", "gioi": "gai"}, "en")
    assert texts["gioi"] == "Lan is a?"
    assert texts["tuoi"] == "Lan (Girl) mấy tuổi?"


def test_an_answer_is_shown_in_one_short_line_and_not_read_again() -> None:
    texts = said({"ten": "${gioi}\n" + "a" * 500, "gioi": "gai"})
    shown = texts["gioi"].removesuffix(" là?")
    assert shown.startswith("${gioi} aaa")
    assert len(shown) == LONGEST
    assert shown.endswith(GAP)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('text = "Chào ${tenn}"', "inserted.unknown.near"),
        ('text = "Chào ${xyz}"', "inserted.unknown"),
        ('text = "Chào ${}"', "inserted.unknown"),
        ('text = "Chào ${cuoi}"', "inserted.later"),
        ('text = "Chào ${q}"', "inserted.later"),
        ('text = "Chào ${loi}"', "inserted.silent"),
        ('text = "Chào", hint = "${xyz}"', "inserted.unknown"),
        ('text = { vi = "Chào", en = "Hello ${xyz}" }', "inserted.unknown"),
        ('text = "' + "${ten}" * 11 + '"', "inserted.many"),
    ],
)
def test_a_name_that_cannot_be_shown_is_a_fault_at_its_line(line: str, code: str) -> None:
    file = f"""id = "a"
title = "A"
questions = [
  {{ id = "ten", kind = "text", text = "Tên?" }},
  {{ id = "loi", kind = "note", text = "Lời" }},
  {{ id = "q", kind = "text", {line} }},
  {{ id = "cuoi", kind = "text", text = "Cuối" }},
]"""
    found = check(file.encode())
    assert [(fault.code, fault.place.question, fault.place.id) for fault in found] == [(code, 3, "q")]


def test_a_choice_and_a_matrix_too() -> None:
    file = """id = "a"
title = "A"
[[questions]]
id = "q"
kind = "single"
text = "Q"
choices = [{ id = "a", text = "A" }, { id = "b", text = "${r}" }]
[[questions]]
id = "m"
kind = "matrix"
text = "Hài lòng với ${r}?"
[[questions.items]]
id = "r"
text = "R"
[[questions.items]]
id = "s"
text = "S ${q}"
"""
    found = [(fault.code, fault.place.question, fault.place.choice, fault.place.key) for fault in check(file.encode())]
    assert found == [("inserted.later", 1, 2, "text"), ("inserted.later", 2, 0, "text")]


def test_written_out_and_read_again() -> None:
    asked = survey()
    assert read_survey(write_survey(asked).encode(), "con.toml") == asked
    assert set_apart(put_back(asked)) == asked
    data, _ = write_xlsform(asked)
    assert imported(data).survey == asked
    assert "/ten" in convert(BytesIO(data), file_type=".xlsx").xform


def test_the_officers_template_keeps_it_or_says_what_is_lost() -> None:
    # A calculated value has no place in the template, and neither have languages.
    asked = read_survey(
        b"""id = "con"
title = "Con"
questions = [
  { id = "ten", kind = "text", text = "T?" },
  { id = "tuoi", kind = "number", text = "${ten}?" },
]""",
        "con.toml",
    )
    assert lost_in_template(asked) == []
    assert read_template(write_template(asked), "con.xlsx") == asked


def test_a_form_shows_answers_under_its_own_names() -> None:
    data = form(
        [
            ("type", "name", "label::vi", "label::en", "hint::vi"),
            ("text", "Ten-Con", "Tên?", "Name?", ""),
            ("select_one l or_other", "ai", "Ai trông **${Ten-Con}**?", "Who minds ${Ten-Con}?", ""),
            ("note", "n", "${ai}, ${ai_other}, ${a__b}", "${Ten-Con}", "<b>${Ten-Con}</b>"),
            ("text", "b", "B", "B", ""),
        ],
        [("list_name", "name", "label::vi", "label::en"), ("l", "x", "Ông bà", "G"), ("l", "y", "Bố mẹ", "P")],
    )
    found = faults(data)
    assert [(fault.place.cell, fault.code, fault.params["name"]) for fault in found] == [
        ("C4", "xlsform.inserted", "a__b")
    ]


def test_a_form_with_names_that_are_changed() -> None:
    data = form(
        [
            ("type", "name", "label"),
            ("text", "Ten-Con", "Tên?"),
            ("integer", "a__b", "Tuổi của **${Ten-Con}**?"),
            ("note", "n", "${a__b} và ${a__b}"),
        ]
    )
    asked = imported(data).survey
    shown = filled(asked, asked.questions, {"ten_con": "Lan", "a__b": 7}, "vi")
    assert [one.text for one in shown] == ["Tên?", "Tuổi của Lan?", "7 và 7"]


def test_a_form_that_shows_a_later_answer_or_a_note() -> None:
    data = form([("type", "name", "label"), ("note", "n", "${a}"), ("text", "a", "A"), ("text", "b", "${n}")])
    assert [(fault.place.cell, fault.code) for fault in faults(data)] == [
        ("C2", "inserted.later"),
        ("C4", "xlsform.inserted"),
    ]


_marked = st.text(st.sampled_from("${}ab_*[]() .\n…\ue0000\ue001"), max_size=30)


@settings(deadline=None)
@given(_marked, _marked)
def test_whatever_stands_in_a_text_is_read_or_refused(label: str, hint: str) -> None:
    rows = [("type", "name", "label", "hint"), ("text", "a", "A", ""), ("text", "b", f"B {label}", hint)]
    found = outcome(read_workbook(form(rows), "phieu.xlsx"))
    if isinstance(found, list):
        assert all(fault.place.cell in {"C3", "D3"} for fault in found)
        return
    asked = found.survey
    assert set_apart(put_back(asked)) == asked
    assert read_survey(write_survey(asked).encode(), "a.toml") == asked
    assert not any(named(text) for one in asked.questions for text in (one.text, one.hint))


def test_in_the_conversation() -> None:
    # Given
    walking = Preview(survey(), WORDING, COMMUNE, NOW)
    walking.start()
    # When
    asked = walking.say("Lan")
    # Then
    assert "Lan là?" in asked[-1].text
    # When
    walking.say("Gái")
    heard = walking.say("5")
    told = "\n".join(bubble.text for bubble in heard)
    # Then
    assert "Sang năm Lan 6 tuổi." in told
    assert "Ai trông cháu?" in told
    assert any("Lan tự lo" in button.label for button in heard[-1].buttons)
    # When a label is typed as it is read
    walking.say("Lan tự lo")
    # Then
    assert walking.answers["ai"] == "chau"
