"""Expressions: what can be said, what it means where nothing was answered, and what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.condition import evaluate, find_faults, find_value_faults, holds
from surveys.definition import Answer, Choice, Kind, Question, Survey
from surveys.expression import Binary, Call, ExpressionFault, Items, Literal, Name, Node, Not, names, parse

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
        Question(id="day", kind=Kind.DATE, text="?"),
        Question(id="hour", kind=Kind.TIME, text="?"),
        Question(id="order", kind=Kind.RANK, text="?", choices=TWO),
        Question(id="photo", kind=Kind.PHOTO, text="?"),
        Question(id="twice", kind=Kind.CALCULATED, text="", value="count * 2"),
        Question(id="age_group", kind=Kind.CALCULATED, text="", value='if(twice > 60, "gia", "tre")'),
    ),
)
LATER = (Question(id="last", kind=Kind.TEXT, text="?"),)


def truth(text: str, **answers: Answer) -> bool:
    return holds(parse(text), SURVEY, answers)


def worth(text: str, today: str = "", **answers: Answer) -> object:
    return evaluate(parse(text), SURVEY, answers, today)


def faults(text: str, own: Question | None = None) -> list[tuple[str, int]]:
    try:
        found = find_faults(parse(text), SURVEY.questions, LATER, own)
    except ExpressionFault as fault:
        found = [fault]
    return [(fault.code, fault.column) for fault in found]


def value_faults(text: str) -> list[tuple[str, int]]:
    found = find_value_faults(parse(text), SURVEY.questions, LATER)
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
        ("count + 1 == 3", {"count": 2}, True),
        ("count * 2 - 1 > scale", {"count": 2, "scale": 2}, True),
        ("-count < -1", {"count": 2}, True),
        ('selected(many, "a")', {"many": ("a", "b")}, True),
        ('selected(one, "a")', {"one": "b"}, False),
        ("count_selected(many) >= 2", {"many": ("a", "b")}, True),
        ("length(words) <= 3", {"words": "đất"}, True),
        ('matches(words, "^0[0-9]{9}$")', {"words": "0905123456"}, True),
        ('matches(words, "^0[0-9]{9}$")', {"words": "905"}, False),
        ('matches(words, "đ")', {"words": "con đường"}, True),
        ('day < "2026-11-21"', {"day": "2026-09-30"}, True),
        ('"2026-01-01" <= day', {"day": "2025-12-31"}, False),
        ('hour >= "13:30"', {"hour": "08:15"}, False),
        ('day == "2026-11-21"', {"day": "2026-11-21"}, True),
        ("answered(photo) and answered(order)", {"photo": "blob:1", "order": ("b", "a")}, True),
        ("number(words) > 5", {"words": " 12 "}, True),
        ('if(yn == "yes", scale > 3, count > 3)', {"yn": "no", "count": 4}, True),
    ],
)
def test_what_expressions_mean(text: str, answers: dict[str, Answer], *, expected: bool) -> None:
    assert faults(text) == []
    assert truth(text, **answers) is expected


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("1 + 2 * 3", {}, 7),
        ("(1 + 2) * 3 - 4 / 2", {}, 7),
        ("7 % 3", {}, 1),
        ("10 - 4 - 3", {}, 3),
        ("-(2 - 5)", {}, 3),
        ("count / 0", {"count": 3}, None),
        ("count % 0", {"count": 3}, None),
        ("count + 1", {}, None),
        ("scale + 1", {"scale": 0}, None),
        ("(scale + rate) / 2", {"scale": 4, "rate": 0}, 2),
        ("int(count / 2)", {"count": 5}, 2),
        ("int(count / 2)", {"count": -5}, -2),
        ("round(2.5)", {}, 3),
        ("round(-2.5)", {}, -3),
        ("round(2.345, 2)", {}, 2.35),
        ("round(count / 3, 1)", {"count": 1}, 0.3),
        ('number("1.5")', {}, 1.5),
        ("number(words)", {"words": "mười"}, None),
        ("coalesce(count, rate, 0)", {"rate": 7}, 7),
        ("coalesce(count, rate)", {}, None),
        ('if(count > 17, "lon", "nho")', {"count": 20}, "lon"),
        ('if(count > 17, "lon", "nho")', {}, "nho"),
        ('if(count > 17, 1, "")', {}, None),
        ("length(words) + count_selected(many)", {}, 0),
        ("today() - day", {"day": "2026-11-01"}, 20),
    ],
)
def test_what_is_reckoned(text: str, answers: dict[str, Answer], expected: object) -> None:
    assert value_faults(text) == []
    assert worth(text, "2026-11-21", **answers) == expected


def test_what_is_beyond_any_number_has_no_value() -> None:
    assert worth("count * count", count=10**200) is None
    assert worth("count + 1", count=10**400) is None
    assert worth("count + 1", count=float("inf")) is None
    assert worth("count + 1", count=float("nan")) is None


def test_today_is_the_day_that_is_handed_in() -> None:
    assert holds(parse("day <= today()"), SURVEY, {"day": "2026-11-21"}, "2026-11-21")
    assert not holds(parse("day <= today()"), SURVEY, {"day": "2026-11-22"}, "2026-11-21")
    assert not holds(parse("day <= today()"), SURVEY, {"day": "2026-11-20"})


def test_inside_a_constraint_answer_is_the_value_just_given() -> None:
    own = Question(id="last", kind=Kind.NUMBER, text="?")
    assert faults("answer > 0 and answer <= count", own) == []
    assert holds(parse("answer <= count"), SURVEY, {"count": 4}, answer=3)
    assert not holds(parse("answer <= count"), SURVEY, {"count": 4}, answer=5)


def test_if_looks_only_at_the_branch_that_is_taken() -> None:
    # An expression has no effects, so that this can be told only by what has no value.
    assert worth("if(count == 0, 0, 10 / count)", count=0) == 0


def test_the_type_of_a_calculated_value_is_that_of_its_expression() -> None:
    assert faults("twice > 3") == []
    assert faults('age_group == "gia"') == []
    assert faults("age_group > 3") == [("expression.types", 11)]


def test_names_are_told_once_in_their_order() -> None:
    assert names(parse('one == "a" and (count + rate > 3 or not one in ["b"])')) == ("one", "count", "rate")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count > 3", [("expression.condition", 7)]),
        ("many", [("expression.not_a_value", 1)]),
        ('""', [("expression.not_a_value", 1)]),
        ("answer + 1", [("expression.answer", 1)]),
    ],
)
def test_a_calculated_value_is_a_number_a_text_or_a_day(text: str, expected: list[tuple[str, int]]) -> None:
    assert value_faults(text) == expected


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
        ("", [("expression.ends_early", 1)]),
        ("one ==", [("expression.ends_early", 7)]),
        ('one = "a"', [("expression.unexpected", 5)]),
        ('one == "a', [("expression.open_text", 8)]),
        ('one == "a" two', [("expression.unexpected", 12)]),
        ("one == a", [("expression.unknown", 8)]),
        ('(one == "a"', [("expression.ends_early", 12)]),
        ("1 < scale < 3", [("expression.chain", 11)]),
        ("scale == 1 == 1", [("expression.chain", 12)]),
        ('gone == "a"', [("expression.unknown.near", 1)]),
        ('last == "a"', [("expression.later", 1)]),
        ('hello == "a"', [("expression.no_answer", 1)]),
        ('one == "c"', [("expression.choice", 8)]),
        ('one in ["a", "c"]', [("expression.choice", 14)]),
        ('"c" in many', [("expression.choice", 1)]),
        ("scale == 7", [("expression.choice", 10)]),
        ('yn == "co"', [("expression.choice", 7)]),
        ("rate == 11", [("expression.choice", 9)]),
        ("one == 1", [("expression.types", 5)]),
        ("one < 1", [("expression.types", 5)]),
        ('words < "b"', [("expression.types", 7)]),
        ('many == "a"', [("expression.use_in", 6)]),
        ('"a" in one', [("expression.types", 5)]),
        ("scale in [1, 'a']", [("expression.list_mixed", 10)]),
        ("scale in []", [("expression.list_empty", 10)]),
        ("scale in [count]", [("expression.list_item", 11)]),
        ("scale in ['a']", [("expression.types", 7)]),
        ("one", [("expression.not_a_condition", 1)]),
        ('"a"', [("expression.not_a_condition", 1)]),
        ("not scale", [("expression.not_a_condition", 5)]),
        ('one == "a" and 3', [("expression.not_a_condition", 16)]),
        ("answered(1)", [("expression.call.answered", 1)]),
        ("answered(one, yn)", [("expression.call.answered", 1)]),
        ("answered(gone)", [("expression.unknown.near", 10)]),
        ("answered", [("expression.unknown", 1)]),
        ("sum(one)", [("expression.function", 1)]),
        ('gone == "a" and one == "c"', [("expression.unknown.near", 1), ("expression.choice", 24)]),
        ("(" * 60 + "true" + ")" * 60, [("expression.too_deep", 41)]),
        ("not " * 60 + "true", [("expression.too_deep", 165)]),
        ("true or " * 300 + "true", [("expression.too_long", 1)]),
        ("true or " * 200 + "true", [("expression.too_many", 1206)]),
        ("count " + "+ 1 " * 200 + "> 0", [("expression.too_many", 607)]),
        ("-" * 60 + "1 > 0", [("expression.too_deep", 42)]),
        ("count > " + "9" * 400, [("expression.number", 9)]),
        ("answer > 3", [("expression.answer", 1)]),
        ("words + 1 > 2", [("expression.arithmetic", 7)]),
        ("day + 1 > 2", [("expression.arithmetic", 5)]),
        ("day > 3", [("expression.types", 5)]),
        ('day > "21/11/2026"', [("expression.date", 7)]),
        ('day == "2026-02-30"', [("expression.date", 8)]),
        ('hour < "25:00"', [("expression.time", 8)]),
        ('words == ""', [("expression.empty", 7)]),
        ('order == "a"', [("expression.only_answered", 7)]),
        ('photo == "a"', [("expression.only_answered", 7)]),
        ('selected(words, "a")', []),
        ('selected(count, "a")', [("expression.call.selected", 1)]),
        ('selected(many, "c")', [("expression.choice", 16)]),
        ("selected(many)", [("expression.call.selected", 1)]),
        ("count_selected(one) > 1", [("expression.call.count_selected", 1)]),
        ("length(day) > 1", [("expression.call.length", 1)]),
        ('matches(words, "(")', [("expression.pattern", 16)]),
        ('matches(words, "(?=a)b")', [("expression.pattern", 16)]),
        ("matches(words, words)", [("expression.call.matches", 1)]),
        ("today(1) == day", [("expression.call.today", 1)]),
        ("if(true, 1) == 1", [("expression.call.if", 1)]),
        ('if(true, 1, "a") == 1', [("expression.branches", 1)]),
        ("if(1, true, false)", [("expression.not_a_condition", 4)]),
        ('coalesce(count, "a") == 1', [("expression.branches", 1)]),
        ("coalesce() == 1", [("expression.call.coalesce", 1)]),
        ("int(words) == 1", [("expression.call.int", 1)]),
        ("round(count, scale) == 1", [("expression.call.round", 1)]),
        ("round(count, 1.5) == 1", [("expression.call.round", 1)]),
        ("number(many) == 1", [("expression.call.number", 1)]),
        ("__import__('os')", [("expression.function", 1)]),
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
NAMES = ("one", "many", "scale", "count", "yn", "words", "rate", "day", "hour", "order", "twice", "gone", "answer")
SIGNS = ("==", "!=", "<", ">=", "in", "and", "or", "not", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",")
CALLS = ("answered(", "selected(", "count_selected(", "length(", "matches(", "today()", "if(", "coalesce(", "round(")
PIECES = st.lists(st.sampled_from([*NAMES, *SIGNS, *CALLS, "1", "3", "0", '"a"', '"yes"', "true"]), max_size=14)
LITERALS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(["", "a", "yes", "2026-11-21", "0[0-9", "(", "12"]),
)
FUNCTIONS = ("answered", "selected", "count_selected", "length", "matches", "today", "if", "coalesce", "int", "round")


def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "and", "or", "+", "-", "*", "/", "%"])
    several = st.lists(inner, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Not, inner, st.just(1)),
        st.builds(Binary, signs, inner, inner, st.just(1)),
        st.builds(Items, several, st.just(1)),
        st.builds(Call, st.sampled_from([*FUNCTIONS, "number", "unknown"]), several, st.just(1)),
    )


TREES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(st.builds(Literal, LITERALS, st.just(1)), st.builds(Name, st.sampled_from(NAMES), st.just(1))),
    grown,
    max_leaves=12,
)
ANY_ANSWER: st.SearchStrategy[Answer] = st.one_of(
    st.none(), st.integers(), st.floats(), st.text(max_size=12), st.lists(st.text(max_size=3), max_size=3).map(tuple)
)


@given(text=st.one_of(PIECES.map(" ".join), st.text(max_size=30)), answers=answers_strategy)
def test_any_text_is_either_refused_at_a_column_or_has_a_value(text: str, answers: dict[str, Answer]) -> None:
    found = faults(text)
    assert all(1 <= column <= len(text) + 1 for _, column in found)
    if not found:
        assert holds(parse(text), SURVEY, answers) in {True, False}


@given(
    tree=TREES, answers=st.dictionaries(st.sampled_from(NAMES), ANY_ANSWER), today=st.sampled_from(["", "2026-11-21"])
)
def test_no_tree_and_no_answers_make_evaluation_fail(tree: Node, answers: dict[str, Answer], today: str) -> None:
    """Not even a tree that `find_faults` would refuse, with answers that no question can have."""
    find_faults(tree, SURVEY.questions, LATER)
    assert holds(tree, SURVEY, answers, today) in {True, False}
    found = evaluate(tree, SURVEY, answers, today, answers.get("answer"))
    assert found is None or isinstance(found, int | float | str | tuple)
