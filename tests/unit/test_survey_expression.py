"""show_if: what can be said, what it means where nothing was answered, and what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.condition import find_faults, holds
from surveys.definition import Answer, Choice, Kind, Question, Survey
from surveys.expression import ExpressionFault, parse

TWO = (Choice(id="a", text="A"), Choice(id="b", text="B"))
SURVEY = Survey(
    id="s",
    title="S",
    questions=(
        Question(id="one", kind=Kind.SINGLE, text="?", choices=TWO),
        Question(id="many", kind=Kind.MULTIPLE, text="?", choices=TWO),
        Question(id="scale", kind=Kind.LIKERT5, text="?", not_applicable="Không áp dụng"),
        Question(id="count", kind=Kind.NUMBER, text="?"),
        Question(id="yn", kind=Kind.YESNO, text="?"),
        Question(id="words", kind=Kind.TEXT, text="?"),
        Question(id="rate", kind=Kind.NPS, text="?"),
        Question(id="hello", kind=Kind.NOTE, text="Chào"),
    ),
)
LATER = (Question(id="last", kind=Kind.TEXT, text="?"),)


def truth(text: str, **answers: Answer) -> bool:
    return holds(parse(text), SURVEY, answers)


def faults(text: str) -> list[tuple[str, int]]:
    try:
        found = find_faults(parse(text), SURVEY.questions, LATER)
    except ExpressionFault as fault:
        found = [fault]
    return [(fault.code, fault.column) for fault in found]


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ('one == "a"', {"one": "a"}, True),
        ('one == "a"', {"one": "b"}, False),
        ('"a" == one', {"one": "a"}, True),
        ("one == 'a'", {"one": "a"}, True),
        ('one != "a"', {"one": "b"}, True),
        ('one in ["a", "b"]', {"one": "b"}, True),
        ('one in ["a"]', {"one": "b"}, False),
        ("scale in [1, 2]", {"scale": 2}, True),
        ('"a" in many', {"many": ("a", "b")}, True),
        ('"a" in many', {"many": ("b",)}, False),
        ("scale <= 2", {"scale": 2}, True),
        ("scale < 2", {"scale": 2}, False),
        ("scale > 2", {"scale": 3}, True),
        ("scale >= 4", {"scale": 3}, False),
        ("2 < scale", {"scale": 3}, True),
        ("count > -1.5", {"count": -1}, True),
        ("count == 2.5", {"count": 2.5}, True),
        ("answered(words)", {"words": "x"}, True),
        ('yn == "yes" and scale < 3', {"yn": "yes", "scale": 1}, True),
        ('yn == "yes" and scale < 3', {"yn": "yes", "scale": 4}, False),
        ('yn == "no" or scale < 3', {"yn": "yes", "scale": 1}, True),
        ('not yn == "yes"', {"yn": "no"}, True),
        ('not (yn == "yes" or yn == "no")', {"yn": "no"}, False),
        ('yn == "yes" or yn == "no" and scale == 1', {"yn": "yes"}, True),
        ('(yn == "yes" or yn == "no") and scale == 1', {"yn": "yes"}, False),
        ("true", {}, True),
        ("not true", {}, False),
    ],
)
def test_what_expressions_mean(text: str, answers: dict[str, Answer], *, expected: bool) -> None:
    assert faults(text) == []
    assert truth(text, **answers) is expected


@pytest.mark.parametrize("sign", ["==", "!=", "<", "<=", ">", ">="])
def test_without_an_answer_every_comparison_is_false(sign: str) -> None:
    assert not truth(f"scale {sign} 3")
    assert not truth(f"scale {sign} 3", scale=None)


def test_denying_a_comparison_also_holds_without_an_answer() -> None:
    assert truth('not one == "a"')
    assert not truth('one != "a"')
    assert not truth('"a" in many')
    assert not truth("answered(one)", one=None)


@pytest.mark.parametrize("value", [0, 9])
def test_no_opinion_and_not_applicable_are_no_points_of_the_scale(value: int) -> None:
    assert not truth("scale <= 5", scale=value)
    assert not truth("scale >= 1", scale=value)
    assert truth(f"scale == {value}", scale=value)
    assert truth("count >= 9", count=9)
    assert truth("rate <= 5", rate=0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("show_if.ends_early", 1)]),
        ("one ==", [("show_if.ends_early", 7)]),
        ('one = "a"', [("show_if.unexpected", 5)]),
        ('one == "a', [("show_if.open_text", 8)]),
        ('one == "a" two', [("show_if.unexpected", 12)]),
        ("one == a", [("show_if.unknown", 8)]),
        ('(one == "a"', [("show_if.ends_early", 12)]),
        ("1 < scale < 3", [("show_if.chain", 11)]),
        ("scale == 1 == 1", [("show_if.chain", 12)]),
        ('gone == "a"', [("show_if.unknown", 1)]),
        ('last == "a"', [("show_if.later", 1)]),
        ('hello == "a"', [("show_if.no_answer", 1)]),
        ('one == "c"', [("show_if.choice", 8)]),
        ('one in ["a", "c"]', [("show_if.choice", 14)]),
        ('"c" in many', [("show_if.choice", 1)]),
        ("scale == 7", [("show_if.choice", 10)]),
        ('yn == "co"', [("show_if.choice", 7)]),
        ("rate == 11", [("show_if.choice", 9)]),
        ("one == 1", [("show_if.types", 5)]),
        ("one < 1", [("show_if.types", 5)]),
        ('words < "b"', [("show_if.types", 7)]),
        ('many == "a"', [("show_if.use_in", 6)]),
        ('"a" in one', [("show_if.types", 5)]),
        ("scale in [1, 'a']", [("show_if.list_mixed", 10)]),
        ("scale in []", [("show_if.list_empty", 10)]),
        ("scale in [count]", [("show_if.list_item", 11)]),
        ("scale in ['a']", [("show_if.types", 7)]),
        ("one", [("show_if.not_a_condition", 1)]),
        ('"a"', [("show_if.not_a_condition", 1)]),
        ("not scale", [("show_if.not_a_condition", 5)]),
        ('one == "a" and 3', [("show_if.not_a_condition", 16)]),
        ("answered(1)", [("show_if.answered", 1)]),
        ("answered(one, yn)", [("show_if.answered", 1)]),
        ("answered(gone)", [("show_if.unknown", 10)]),
        ("answered", [("show_if.unknown", 1)]),
        ("sum(one)", [("show_if.function", 1)]),
        ('gone == "a" and one == "c"', [("show_if.unknown", 1), ("show_if.choice", 24)]),
        ("(" * 60 + "true" + ")" * 60, [("show_if.too_deep", 41)]),
        ("not " * 60 + "true", [("show_if.too_deep", 165)]),
        ("true or " * 200 + "true", [("show_if.too_long", 1)]),
        ("__import__('os')", [("show_if.function", 1)]),
    ],
)
def test_faults_carry_their_column(text: str, expected: list[tuple[str, int]]) -> None:
    assert faults(text) == expected


answers_strategy = st.fixed_dictionaries(
    {},
    optional={
        "one": st.sampled_from(["a", "b", None]),
        "many": st.sampled_from([(), ("a",), ("a", "b"), None]),
        "scale": st.sampled_from([0, 1, 2, 3, 4, 5, 9, None]),
        "count": st.one_of(st.none(), st.integers(-5, 5), st.floats(allow_nan=False)),
        "yn": st.sampled_from(["yes", "no", None]),
        "words": st.one_of(st.none(), st.text(max_size=5)),
    },
)
PARTS = ("one", "many", "scale", "count", "yn", "==", "!=", "<", ">=", "in", "and", "or", "not", "(", ")", "[", "]")
PIECES = st.lists(st.sampled_from([*PARTS, ",", "-", "1", "3", '"a"', '"yes"', "answered(", "true"]), max_size=12)


@given(text=st.one_of(PIECES.map(" ".join), st.text(max_size=30)), answers=answers_strategy)
def test_any_text_is_either_refused_at_a_column_or_has_a_value(text: str, answers: dict[str, Answer]) -> None:
    found = faults(text)
    assert all(1 <= column <= len(text) + 1 for _, column in found)
    if not found:
        assert holds(parse(text), SURVEY, answers) in {True, False}
