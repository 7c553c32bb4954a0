"""Expressions in words, and the terminal player as an officer reads it who wrote in Excel."""

import re

import pytest
from hypothesis import given, settings

from app.survey_words import in_words
from app.wording import app_wording
from surveys.definition import Kind, Survey
from surveys.functions import ARITY
from surveys.reading import read_survey
from tests.unit.test_xlsform_skips import surveys

SURVEY = read_survey(
    b"""
id = "a"
title = "A"
questions = [
  { id = "co", kind = "yesno", text = "1" },
  { id = "chon", kind = "single", text = "2", choices = [{ id = "x", text = "Xa" }, { id = "y", text = "Yen" }] },
  { id = "nhieu", kind = "multiple", text = "3", choices = [{ id = "x", text = "Xa" }, { id = "y", text = "Yen" }] },
  { id = "hai_long", kind = "likert5", text = "4" },
  { id = "so", kind = "number", text = "5" },
  { id = "chu", kind = "text", text = "6" },
]
""",
    "a.toml",
)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ('co == "yes"', "câu 1 chọn “Có”"),
        ('not co == "yes"', "câu 1 không chọn “Có”"),
        ('co != "yes"', "câu 1 có trả lời và không chọn “Có”"),
        ('chon in ["x", "y"]', "câu 2 chọn “Xa” hoặc “Yen”"),
        ('"x" in nhieu and selected(nhieu, "y")', "câu 3 chọn “Xa” và câu 3 chọn “Yen”"),
        ("hai_long <= 2", "câu 4 từ “Không hài lòng” trở xuống"),
        ("hai_long == 0", "câu 4 chọn “Không có ý kiến”"),
        ("so >= 18 and so < 60", "câu 5 từ 18 trở lên và câu 5 nhỏ hơn 60"),
        ('(co == "yes" or so > 3) and chon == "x"', "(câu 1 chọn “Có” hoặc câu 5 lớn hơn 3) và câu 2 chọn “Xa”"),
        ("answered(chu) or not answered(so)", "câu 6 có trả lời hoặc câu 5 không có câu trả lời"),
        ("count_selected(nhieu) > 1", "số lựa chọn ở câu 3 lớn hơn 1"),
        ('chu == "Ba"', "câu 6 là “Ba”"),
        ("(so + 1) * 2 == 8", "(câu 5 + 1) × 2 là 8"),
        ("so * 2 + 1 == 8", "câu 5 × 2 + 1 là 8"),
        ("so - (so - 1) == 1", "câu 5 - (câu 5 - 1) là 1"),
        ("coalesce(so, 0) > 1", "(câu 5, nếu không có thì 0) lớn hơn 1"),
        ("not (so > 1 and so < 9)", "không đúng là (câu 5 lớn hơn 1 và câu 5 nhỏ hơn 9)"),
        ("answer <= today()", "câu trả lời này từ ngày hôm nay trở xuống"),
        ("so >", "so >"),
    ],
)
def test_an_expression_in_words(expression: str, words: str) -> None:
    assert in_words(expression, SURVEY, app_wording()) == words


@pytest.mark.parametrize("name", ARITY)
def test_every_function_has_words(name: str) -> None:
    least, most = ARITY[name]
    for count in {least, min(most, 3)}:
        said = in_words(f"{name}({', '.join(['so', '1', '2'][:count])})", SURVEY, app_wording())
        assert "words." not in said
        assert name not in said


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_name(kind: Kind) -> None:
    assert not app_wording()(f"walk.kind.{kind}").startswith("walk.")


@settings(max_examples=100, deadline=None)
@given(surveys())
def test_whatever_a_survey_asks_is_said_in_words(survey: Survey) -> None:
    for question in survey.questions:
        conditions = [question.show_if, question.constraint, question.value, *(one.show_if for one in question.choices)]
        for condition in filter(str.strip, conditions):
            said = in_words(condition, survey, app_wording())
            assert not re.search(r"words\.|==|selected|answered", re.sub(r"“[^”]*”", "", said))
