"""A survey in several languages: each text by its place, what is missing is said, nothing is lost."""

import pytest

from surveys.definition import Survey
from surveys.faults import Fault, describe
from surveys.languages import best_language, localised, missing, places
from surveys.reading import check, read_survey, remarks
from tests.unit.survey_files import catalogue, codes

INLINE = """
id = "mau"
title = {vi = "Phiếu", km = "សន្លឹក"}
intro = "Kính chào Ông/Bà"
[[factors]]
id = "can_bo"
text = {vi = "Cán bộ", km = "មន្ត្រី"}
[[questions]]
id = "den"
kind = "single"
text.vi = "Ông/Bà đã đến xã chưa?"
text.km = "តើបានមកទេ?"
hint.vi = "Trong năm nay"
audio.vi = "den-vi.ogg"
audio.km = "den-km.ogg"
[[questions.choices]]
id = "roi"
text = {vi = "Đã đến", km = "មក"}
[[questions.choices]]
id = "khac"
text = "Khác (ghi rõ)"
other = true
[[questions]]
id = "bang"
kind = "matrix"
text = {vi = "Ông/Bà hài lòng về", km = "ពេញចិត្ត"}
[[questions.items]]
id = "ghe"
text = {vi = "Ghế ngồi", km = "កៅអី"}
[[questions.items]]
id = "nuoc"
text = "Nước uống"
"""

APART = """
id = "mau"
title = "Phiếu"
[[questions]]
id = "den"
kind = "yesno"
text = "Ông/Bà đã đến xã chưa?"
[translations.jra]
title = "Jrai"
questions.den.text = "Den?"
[translations.km]
"questions.den.text" = "តើបានមកទេ?"
"""


def read(text: str) -> Survey:
    return read_survey(text.encode(), "mau.toml")


def test_a_text_is_one_text_or_a_table_of_languages() -> None:
    survey = read(INLINE)
    assert survey.languages == ("vi", "km")
    assert survey.title == "Phiếu"
    khmer = localised(survey, "km")
    assert khmer.title == "សន្លឹក"
    assert khmer.intro == "Kính chào Ông/Bà"
    assert khmer.factors[0].text == "មន្ត្រី"
    assert [choice.text for choice in khmer.question("den").choices] == ["មក", "Khác (ghi rõ)"]
    assert khmer.question("den").audio == "den-km.ogg"
    assert [khmer.question(id).stem for id in ("ghe", "nuoc")] == ["ពេញចិត្ត", "ពេញចិត្ត"]
    assert [khmer.question(id).text for id in ("ghe", "nuoc")] == ["កៅអី", "Nước uống"]


def test_translations_may_stand_apart_by_place() -> None:
    survey = read(APART)
    assert survey.languages == ("vi", "jra", "km")
    assert localised(survey, "jra").question("den").text == "Den?"
    assert localised(survey, "km").question("den").text == "តើបានមកទេ?"
    assert localised(survey, "km").title == "Phiếu"


def test_ids_order_and_logic_are_those_of_every_language() -> None:
    survey = read(INLINE)
    khmer = localised(survey, "km")
    assert [q.id for q in khmer.questions] == [q.id for q in survey.questions]
    assert [q.show_if for q in khmer.questions] == [q.show_if for q in survey.questions]
    assert localised(survey, "vi") is survey
    assert localised(survey, "km") is khmer


@pytest.mark.parametrize(("wanted", "found"), [("km", "km"), ("km-KH", "km"), ("vi", "vi"), ("tyz", "vi"), ("", "vi")])
def test_a_language_that_there_is_not_falls_back(wanted: str, found: str) -> None:
    assert best_language(read(INLINE), wanted) == found


def test_a_language_half_translated_is_no_fault_but_told() -> None:
    survey = read(INLINE)
    assert missing(survey) == [
        ("km", "intro"),
        ("km", "questions.den.hint"),
        ("km", "questions.den.choices.khac"),
        ("km", "questions.den_other.text"),
        ("km", "questions.nuoc.text"),
    ]
    words = catalogue()
    told = [describe(remark, words.__getitem__) for remark in remarks(survey)]
    assert told[1] == ("câu 1 (den): chưa có bản tiếng km (2 chỗ); người đọc tiếng này sẽ thấy tiếng chính của phiếu.")
    assert len(told) == 5
    assert "chưa có nhãn tiếng km" in told[-1]
    assert remarks(read(APART.partition("[translations.jra]")[0])) == []


def test_places_are_those_that_have_a_text() -> None:
    assert list(places(read(APART))) == ["title", "questions.den.text"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (INLINE.replace("km", "tiếng Khmer"), ["not_toml"]),
        (INLINE.replace('km = "សន្លឹក"', 'khmer = "សន្លឹក"'), ["language"]),
        (INLINE.replace('km = "សន្លឹក"', 'KM = "សន្លឹក"'), ["language"]),
        (INLINE.replace('km = "សន្លឹក"', "km = 3"), ["type.text"]),
        (INLINE.replace('km = "សន្លឹក"', 'km = ""'), ["text.empty"]),
        (INLINE.replace('vi = "Phiếu", ', ""), ["text.no_own"]),
        (INLINE.replace('text.vi = "Ông/Bà đã đến xã chưa?"\n', ""), ["text.no_own"]),
        (INLINE.replace('id = "mau"', 'id = "mau"\nlanguage = "km"', 1).replace('vi = "Phiếu", ', ""), ["text.no_own"]),
        (APART.replace("questions.den.text", "questions.dem.text"), ["translations.place.near"]),
        (APART.replace("questions.den.text", "zzz"), ["translations.place"]),
        (APART.replace("questions.den.text", "questions.den.hint"), ["translations.place.near"]),
        (APART.replace("[translations.jra]", "[translations.vi]"), ["translations.own"]),
        (APART.replace("[translations.jra]", "[translations.jarai]"), ["language"]),
        (APART + "title = 3\n", ["type.text"]),
        (
            APART.replace('id = "mau"', 'id = "mau"\ntranslations = 3').partition("[translations.jra]")[0],
            ["type.table"],
        ),
    ],
)
def test_what_goes_wrong_with_languages(text: str, expected: list[str]) -> None:
    found = [code for code in codes(text) if not code.startswith("translations.place")] or codes(text)
    assert sorted(set(found)) == sorted(set(expected))


@pytest.mark.parametrize("tag", ["vi", "km", "tyz", "nut", "jra", "bdq", "km-KH", "nut-Latn", "zh-Hant-TW", "xx"])
def test_tags_of_the_languages_of_the_country_are_known_by_their_form(tag: str) -> None:
    file = APART.partition("[translations.km]")[0].replace("translations.jra", f"translations.{tag}")
    assert codes(file) == (["translations.own"] if tag == "vi" else [])


def test_a_fault_in_a_translation_has_its_line() -> None:
    text = APART.replace("questions.den.text", "questions.dem.text")
    [fault, *_] = check(text.encode())
    assert text.split("\n")[fault.place.line - 1].startswith("questions.dem.text")
    text = INLINE.replace('text.km = "តើបានមកទេ?"', "text.km = 5")
    [fault] = check(text.encode())
    assert text.split("\n")[fault.place.line - 1] == "text.km = 5"
    assert (fault.place.question, fault.place.id, fault.place.key) == (1, "den", "text.km")


def test_a_remark_without_a_question_is_about_the_frame() -> None:
    survey = read(APART)
    assert remarks(survey)[0] == Fault("remark.language.frame", params={"language": "km", "count": "1"})
