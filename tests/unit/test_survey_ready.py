"""The questionnaires that come with the program."""

import re

import pytest

from surveys.definition import SILENT, Kind, Question, Survey
from surveys.ready import ready, ready_names

REMARK = "Phiếu tham khảo, thay bằng phiếu của tỉnh khi có."


NAMES = (
    "chinh_quyen_than_thien",
    "chinh_sach",
    "dan_chu_o_co_so",
    "lay_y_kien",
    "mot_cua",
    "sau_doi_thoai",
    "sau_phan_anh",
    "sau_thu_tuc",
    "thuc_trang",
)


def asked(survey: Survey) -> list[Question]:
    """What a person counts as questions: the words behind "Khác (ghi rõ)" belong to the question before them."""
    return [q for q in survey.questions if q.kind not in SILENT and not q.other_of]


def test_all_are_there() -> None:
    assert ready_names() == NAMES
    with pytest.raises(KeyError):
        ready("khong_co")


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is_and_asks_politely(name: str) -> None:
    survey = ready(name)
    assert survey.id == name
    assert survey.print_note == REMARK
    assert REMARK not in survey.thanks, "it is for the paper and the report, not for the citizen"
    assert survey.source
    assert survey.index
    words = " ".join([survey.title, survey.intro, survey.thanks, *(q.text for q in survey.questions)]).lower()
    assert not {"bạn", "quý"} & set(words.replace(",", " ").replace(".", " ").split())
    for question in asked(survey):
        assert "..." not in question.text
        assert question.text.rstrip(")").endswith(("?", "."))
        assert not question.required


@pytest.mark.parametrize("name", NAMES)
def test_each_has_one_question_about_the_whole(name: str) -> None:
    overall = [q.kind for q in ready(name).questions if q.overall]

    assert overall == ([] if name == "lay_y_kien" else [Kind.LIKERT5])


@pytest.mark.parametrize("name", NAMES)
def test_the_intro_counts_right(name: str) -> None:
    survey = ready(name)

    promised = re.search(r"(\d+) câu", survey.intro)

    assert promised is not None
    assert int(promised[1]) == len(asked(survey))


@pytest.mark.parametrize("name", NAMES)
def test_every_factor_has_questions_and_every_satisfaction_question_a_factor(name: str) -> None:
    survey = ready(name)
    likert = [q for q in survey.questions if q.kind is Kind.LIKERT5 and not q.overall]

    assert {q.factor for q in likert} == {factor.id for factor in survey.factors}


def test_the_one_stop_survey_has_the_five_factors_and_three_aspects() -> None:
    survey = ready("mot_cua")
    assert [f.id for f in survey.factors] == ["tiep_can", "thu_tuc", "cong_chuc", "ket_qua", "phan_anh"]
    assert [q.id for q in asked(survey)][-1] == "mong_doi"
    assert survey.question("mong_doi").max == 3
    assert [q.id for q in survey.questions if q.other_of] == ["linh_vuc_other", "biet_qua_other", "mong_doi_other"]


def test_the_policy_survey_has_the_nine_groups() -> None:
    survey = ready("chinh_sach")
    assert len([q for q in survey.questions if q.matrix == "nhom"]) == 9
    assert len(survey.question("mong_doi").choices) == 9


def test_the_democracy_survey_follows_the_six_words() -> None:
    assert [f.text for f in ready("dan_chu_o_co_so").factors] == [
        "Dân biết",
        "Dân bàn",
        "Dân làm",
        "Dân kiểm tra",
        "Dân giám sát",
        "Dân thụ hưởng",
    ]


def test_the_friendly_government_survey_has_its_seventeen_questions() -> None:
    survey = ready("chinh_quyen_than_thien")
    assert len(survey.questions) == 17
    assert [f.id for f in survey.factors] == ["tiep_can", "thu_tuc", "can_bo", "ket_qua", "phan_anh_doi_thoai"]
    of_factor = {f.id: [n for n, q in enumerate(survey.questions, 1) if q.factor == f.id] for f in survey.factors}
    assert of_factor == {
        "tiep_can": [2, 3],
        "thu_tuc": [4, 5],
        "can_bo": [6, 7, 8],
        "ket_qua": [9],
        "phan_anh_doi_thoai": [11, 12, 13],
    }
    assert [n for n, q in enumerate(survey.questions, 1) if q.overall] == [14]
    assert [n for n, q in enumerate(survey.questions, 1) if q.not_applicable] == [11, 12, 13]
    assert [n for n, q in enumerate(survey.questions, 1) if q.show_if] == [*range(2, 11), 15, 16]


def test_the_pulse_has_three() -> None:
    survey = ready("sau_thu_tuc")
    assert [q.kind for q in survey.questions] == [Kind.LIKERT5, Kind.LIKERT5, Kind.TEXT]
    assert survey.questions[0].overall


@pytest.mark.parametrize("name", NAMES)
def test_people_of_a_ward_find_themselves_in_every_question(name: str) -> None:
    """A ward has tổ dân phố and no thôn; a board that a law may end is not asked about by its name."""
    survey = ready(name)
    for text in [survey.intro, *(q.text for q in survey.questions)]:
        assert not re.search(r"\bthôn\b", text) or "tổ dân phố" in text, text
        assert "Ban Thanh tra nhân dân" not in text


def test_the_baseline_is_asked_twice_in_the_same_words() -> None:
    """Its title tells a citizen nothing of models, nor of before and after: the same paper serves both."""
    survey = ready("thuc_trang")

    assert survey.title == "Khảo sát thực trạng chính quyền cơ sở"
    assert "trước và sau" in survey.source
    assert len({q.factor for q in survey.questions if q.factor}) == 4
