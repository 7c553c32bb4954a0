"""The questionnaires that come with the program."""

import pytest

from surveys.definition import Kind
from surveys.ready import ready, ready_names

REMARK = "Phiếu tham khảo, thay bằng phiếu của tỉnh khi có."


def test_both_are_there() -> None:
    assert ready_names() == ("chinh_quyen_than_thien", "sau_thu_tuc")
    with pytest.raises(KeyError):
        ready("khong_co")


@pytest.mark.parametrize("name", ready_names())
def test_each_says_what_it_is_and_asks_politely(name: str) -> None:
    survey = ready(name)
    assert survey.id == name
    assert survey.thanks.endswith(REMARK)
    assert [q.kind for q in survey.questions if q.overall] == [Kind.LIKERT5]
    words = " ".join([survey.intro, survey.thanks, *(q.text for q in survey.questions)]).lower()
    assert not {"bạn", "quý"} & set(words.replace(",", " ").replace(".", " ").split())
    for question in survey.questions:
        assert "..." not in question.text
        assert question.text.rstrip(")").endswith(("?", "."))
        assert not question.required


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
