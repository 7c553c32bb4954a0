"""Counts of answers add up: parts make the whole."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import Answer, Choice, Kind, Question, Survey
from surveys.tally import SKIPPED, add, add_all, fold, tally

TWO = (Choice(id="a", text="A"), Choice(id="b", text="B"))
SURVEY = Survey(
    id="s",
    title="S",
    questions=(
        Question(id="scale", kind=Kind.LIKERT5, text="?"),
        Question(id="rate", kind=Kind.NPS, text="?"),
        Question(id="yn", kind=Kind.YESNO, text="?"),
        Question(id="one", kind=Kind.SINGLE, text="?", choices=TWO),
        Question(id="many", kind=Kind.MULTIPLE, text="?", choices=TWO),
        Question(id="order", kind=Kind.RANK, text="?", choices=TWO),
        Question(id="count", kind=Kind.NUMBER, text="?"),
        Question(id="area", kind=Kind.DECIMAL, text="?"),
        Question(id="level", kind=Kind.RANGE, text="?", min=0, max=10, step=0.5),
        Question(id="words", kind=Kind.TEXT, text="?"),
        Question(id="day", kind=Kind.DATE, text="?"),
        Question(id="hour", kind=Kind.TIME, text="?"),
        Question(id="photo", kind=Kind.PHOTO, text="?"),
        Question(id="where", kind=Kind.PLACE, text="?"),
        Question(id="read", kind=Kind.ACKNOWLEDGE, text="Đã đọc"),
        Question(id="hello", kind=Kind.NOTE, text="Chào"),
        Question(id="both", kind=Kind.CALCULATED, text="", value="count * 2"),
    ),
)


def of(id: str, answer: Answer) -> dict[str, float]:
    return tally(SURVEY.question(id), answer)


def test_one_answer_of_each_kind() -> None:
    assert of("scale", 4) == {"4": 1}
    assert of("scale", 0) == {"0": 1}
    assert of("scale", 9) == {"9": 1}
    assert of("rate", 10) == {"10": 1}
    assert of("yn", "no") == {"no": 1}
    assert of("one", "b") == {"b": 1}
    assert of("many", ("a", "b")) == {"n": 1, "a": 1, "b": 1}
    assert of("order", ("b", "a")) == {"n": 1, "b#1": 1, "a#2": 1}
    assert of("count", 2.5) == of("area", 2.5) == of("level", 2.5) == of("both", 2.5) == {"n": 1, "sum": 2.5}
    assert of("words", "Đường tối") == of("both", "trẻ") == {"n": 1}
    assert of("day", "2026-11-21") == of("hour", "08:30") == {"n": 1}
    assert of("photo", "blob:1") == of("where", "12.6,108.0") == {"n": 1}
    assert of("read", "yes") == {"yes": 1}
    assert of("hello", None) == {}


def test_skipping_counts_alike_whatever_was_asked() -> None:
    asked = [question.id for question in SURVEY.questions if question.kind is not Kind.NOTE]
    assert all(of(id, None) == {SKIPPED: 1} for id in asked)


def test_a_fold_counts_responses_and_leaves_out_what_was_not_asked() -> None:
    folded = fold(SURVEY, [{"scale": 4, "yn": "yes"}, {"scale": 4, "gone": 1}, {"scale": None}])
    assert folded == {"": {"n": 3}, "scale": {"4": 2, "-": 1}, "yn": {"yes": 1}}
    assert fold(SURVEY, []) == {"": {"n": 0}}


def test_adding_leaves_its_arguments_alone() -> None:
    a, b = {"4": 1.0}, {"4": 2.0, "-": 1.0}
    assert add(a, b) == {"4": 3, "-": 1}
    assert (a, b) == ({"4": 1.0}, {"4": 2.0, "-": 1.0})


HALVES = st.integers(-1000, 1000).map(lambda twice: twice / 2)  # sums of these are exact in floats
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "scale": st.sampled_from([0, 1, 2, 3, 4, 5, 9, None]),
        "rate": st.one_of(st.none(), st.integers(0, 10)),
        "yn": st.sampled_from(["yes", "no", None]),
        "one": st.sampled_from(["a", "b", None]),
        "many": st.sampled_from([("a",), ("a", "b"), None]),
        "order": st.sampled_from([("a", "b"), ("b", "a"), None]),
        "count": st.one_of(st.none(), st.integers(-1000, 1000)),
        "area": st.one_of(st.none(), HALVES),
        "both": HALVES,
        "words": st.sampled_from(["x", None]),
        "day": st.sampled_from(["2026-11-21", None]),
        "read": st.sampled_from(["yes", None]),
    },
)
RESPONSES = st.lists(ANSWERS, max_size=8)


@given(first=RESPONSES, second=RESPONSES)
def test_the_fold_of_parts_added_is_the_fold_of_the_whole(
    first: list[dict[str, Answer]], second: list[dict[str, Answer]]
) -> None:
    assert add_all(fold(SURVEY, first), fold(SURVEY, second)) == fold(SURVEY, first + second)
    assert fold(SURVEY, first + second) == fold(SURVEY, second + first)


@given(responses=RESPONSES)
def test_in_a_ranking_every_place_is_taken_once_by_each_person(responses: list[dict[str, Answer]]) -> None:
    counts = fold(SURVEY, responses).get("order", {})
    for place in (1, 2):
        taken = sum(count for key, count in counts.items() if key.endswith(f"#{place}"))
        assert taken == counts.get("n", 0)
