"""The way through a survey: in the order of the file, only what is shown, and always to an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.condition import holds
from surveys.definition import SILENT, Answer, Choice, Kind, Question, Survey
from surveys.expression import parse
from surveys.ready import ready
from surveys.walking import (
    Hidden,
    accepts,
    first_unasked,
    next_question,
    offered,
    previous_question,
    progress,
    prune,
    settled,
    shown,
    visible,
    why_hidden,
)


def ask(id: str, show_if: str = "", kind: Kind = Kind.YESNO) -> Question:
    return Question(id=id, kind=kind, text=f"{id}?", show_if=show_if)


SURVEY = Survey(
    id="s",
    title="S",
    questions=(
        ask("hello", kind=Kind.NOTE),
        ask("a"),
        ask("b", 'a == "yes"'),
        ask("c", 'b == "yes"'),
        ask("bye", kind=Kind.NOTE),
        ask("d"),
    ),
)


def walk_through(survey: Survey, says: dict[str, Answer]) -> tuple[list[str], dict[str, Answer]]:
    answers: dict[str, Answer] = {}
    asked: list[str] = []
    here = next_question(survey, answers, None)
    while here is not None:
        asked.append(here.id)
        if here.kind is not Kind.NOTE:
            answers[here.id] = says.get(here.id)
        here = next_question(survey, answers, here.id)
    return asked, answers


def test_an_answer_opens_the_questions_behind_it() -> None:
    assert walk_through(SURVEY, {"a": "yes", "b": "yes"})[0] == ["hello", "a", "b", "c", "bye", "d"]
    assert walk_through(SURVEY, {"a": "no"})[0] == ["hello", "a", "bye", "d"]


def test_an_answer_to_a_question_no_longer_shown_opens_nothing() -> None:
    answers: dict[str, Answer] = {"a": "no", "b": "yes"}
    assert not visible(SURVEY, SURVEY.question("c"), answers)
    assert prune(SURVEY, {**answers, "c": "yes", "d": "no"}) == {"a": "no", "d": "no"}


def test_back_goes_to_the_last_shown_question_and_passes_notes() -> None:
    answers: dict[str, Answer] = {"a": "no"}
    back = previous_question(SURVEY, answers, "d")
    assert back is not None
    assert back.id == "a"
    assert previous_question(SURVEY, answers, "a") is None


def test_progress_counts_shown_questions_and_no_notes() -> None:
    assert progress(SURVEY, {}, "hello") == (0, 2)
    assert progress(SURVEY, {}, "a") == (1, 2)
    assert progress(SURVEY, {"a": "yes"}, "b") == (2, 3)
    assert progress(SURVEY, {"a": "yes", "b": "yes"}, "bye") == (3, 4)
    assert progress(SURVEY, {"a": "no"}, "d") == (2, 2)


def test_after_an_edit_the_newly_opened_question_is_found() -> None:
    opened = first_unasked(SURVEY, {"a": "yes", "d": "no"})
    assert opened is not None
    assert opened.id == "b"
    assert first_unasked(SURVEY, {"a": "no", "d": None}) is None


def test_who_never_came_is_asked_six_of_the_seventeen() -> None:
    survey = ready("chinh_quyen_than_thien")
    numbers = [survey.questions.index(q) + 1 for q in shown(survey, {"viec": "chua_den"})]
    assert numbers == [1, 11, 12, 13, 14, 17]
    assert len(shown(survey, {})) == len(shown(survey, {"viec": None})) == len(shown(survey, {"viec": "khac"})) == 17


FAMILY = Survey(
    id="ho",
    title="Hộ gia đình",
    questions=(
        Question(id="nguoi", kind=Kind.NUMBER, text="Nhà mình có mấy người?"),
        Question(
            id="tre",
            kind=Kind.NUMBER,
            text="Trong đó mấy trẻ em?",
            constraint="answer >= 0 and answer <= nguoi",
            constraint_message="Số trẻ em không thể hơn số người trong nhà.",
        ),
        Question(id="lon", kind=Kind.CALCULATED, text="", value="nguoi - tre"),
        Question(id="viec", kind=Kind.YESNO, text="Người lớn có việc làm không?", show_if="lon > 0"),
        Question(
            id="can",
            kind=Kind.MULTIPLE,
            text="Nhà mình cần gì?",
            choices=(
                Choice(id="viec_lam", text="Việc làm", show_if='viec == "no"', number=1),
                Choice(id="truong", text="Trường học", show_if="tre > 0", number=2),
                Choice(id="nuoc", text="Nước sạch", show_if="nguoi > 0", number=3),
            ),
        ),
        Question(id="hen", kind=Kind.DATE, text="Hẹn ngày nào?", constraint="answer >= today()"),
        Question(id="diem", kind=Kind.LIKERT5, text="Hài lòng?", constraint="answer >= 2"),
    ),
)
ALL: dict[str, Answer] = {"nguoi": 4, "tre": 1, "viec": "no", "can": ("viec_lam", "truong", "nuoc")}


def test_a_calculated_value_is_never_asked_but_opens_what_is_behind_it() -> None:
    assert [q.id for q in shown(FAMILY, {"nguoi": 2, "tre": 2})] == ["nguoi", "tre", "can", "hen", "diem"]
    assert [q.id for q in shown(FAMILY, ALL)] == ["nguoi", "tre", "viec", "can", "hen", "diem"]
    following = next_question(FAMILY, ALL, "tre")
    assert following is not None
    assert following.id == "viec"
    assert progress(FAMILY, ALL, "can") == (4, 6)


def test_what_is_settled_are_shown_answers_and_calculated_values() -> None:
    assert settled(FAMILY, ALL) == {**ALL, "lon": 3}
    assert settled(FAMILY, {**ALL, "tre": 4}) == {"nguoi": 4, "tre": 4, "lon": 0, "can": ("truong", "nuoc")}
    assert settled(FAMILY, {"nguoi": None}) == {"nguoi": None}


def test_choices_are_offered_by_what_was_said_and_keep_their_numbers() -> None:
    def numbers(answers: dict[str, Answer]) -> list[tuple[str, int]]:
        return [(choice.id, choice.number) for choice in offered(FAMILY, FAMILY.question("can"), answers).choices]

    assert numbers(ALL) == [("viec_lam", 1), ("truong", 2), ("nuoc", 3)]
    assert numbers({**ALL, "viec": "yes"}) == [("truong", 2), ("nuoc", 3)]
    assert numbers({"nguoi": 3, "tre": 0}) == [("nuoc", 3)]
    plain = FAMILY.question("nguoi")
    assert offered(FAMILY, plain, ALL) is plain


def test_a_question_left_without_any_choice_is_not_shown() -> None:
    assert not visible(FAMILY, FAMILY.question("can"), {"nguoi": 0, "tre": 0})
    why = why_hidden(FAMILY, "can", {"nguoi": 0, "tre": 0})
    assert why is not None
    assert why.reason == "choices"
    assert why.looked_at == {"viec": None, "tre": 0, "nguoi": 0}


def test_an_edit_that_takes_a_choice_away_takes_it_out_of_the_answer() -> None:
    assert prune(FAMILY, {**ALL, "viec": "yes"})["can"] == ("truong", "nuoc")
    assert "can" not in prune(FAMILY, {"nguoi": 4, "tre": 0, "viec": "yes", "can": ("viec_lam", "truong")})
    assert prune(FAMILY, {**ALL, "can": None})["can"] is None


def test_an_edit_under_too_few_choices_or_in_a_ranking_asks_the_whole_question_again() -> None:
    ways = FAMILY.question("can").choices
    ranked = Survey(
        id="s",
        title="S",
        questions=(
            *FAMILY.questions[:4],
            Question(id="hang", kind=Kind.RANK, text="Xếp thứ tự?", choices=ways),
            Question(id="hai", kind=Kind.MULTIPLE, text="Chọn ít nhất hai?", choices=ways, min=2),
            Question(id="mot", kind=Kind.SINGLE, text="Chọn một?", choices=ways),
        ),
    )
    said: dict[str, Answer] = {"hang": ("nuoc", "truong", "viec_lam"), "hai": ("viec_lam", "nuoc"), "mot": "viec_lam"}
    before: dict[str, Answer] = {"nguoi": 4, "tre": 1, "viec": "no", **said}
    assert prune(ranked, before) == before
    after = prune(ranked, {**before, "viec": "yes"})
    assert after == {"nguoi": 4, "tre": 1, "viec": "yes"}
    again = first_unasked(ranked, after)
    assert again is not None
    assert again.id == "hang"


def test_a_constraint_judges_the_answer_just_given_by_those_before() -> None:
    children = FAMILY.question("tre")
    assert accepts(FAMILY, children, 2, {"nguoi": 4})
    assert not accepts(FAMILY, children, 5, {"nguoi": 4})
    assert accepts(FAMILY, children, None, {"nguoi": 4})
    assert accepts(FAMILY, FAMILY.question("nguoi"), 1000, {})


def test_an_edit_against_a_later_constraint_asks_the_later_question_again() -> None:
    assert "tre" not in prune(FAMILY, {"nguoi": 1, "tre": 3})
    assert prune(FAMILY, {"nguoi": 3, "tre": 3}) == {"nguoi": 3, "tre": 3}


def test_a_day_is_judged_only_where_it_is_known_which_day_it_is() -> None:
    day = FAMILY.question("hen")
    assert accepts(FAMILY, day, "2026-11-21", {}, "2026-11-21")
    assert not accepts(FAMILY, day, "2026-11-20", {}, "2026-11-21")
    assert accepts(FAMILY, day, "2026-11-20", {})
    assert prune(FAMILY, {"hen": "2026-11-20"}, "2026-11-21") == {}
    assert prune(FAMILY, {"hen": "2026-11-20"}) == {"hen": "2026-11-20"}


@pytest.mark.parametrize(("value", "taken"), [(1, False), (2, True), (0, True), (9, True)])
def test_no_opinion_is_never_refused_by_a_constraint(value: int, *, taken: bool) -> None:
    assert accepts(FAMILY, FAMILY.question("diem"), value, {}) is taken


def test_why_a_question_was_not_asked_can_be_told() -> None:
    answers: dict[str, Answer] = {"a": "no", "b": "yes"}
    assert why_hidden(SURVEY, "b", answers) == Hidden(reason="condition", condition='a == "yes"', looked_at={"a": "no"})
    # b was answered once, but is hidden itself now: for c it has no answer.
    assert why_hidden(SURVEY, "c", answers) == Hidden(reason="condition", condition='b == "yes"', looked_at={"b": None})
    assert why_hidden(SURVEY, "d", answers) is None
    assert why_hidden(FAMILY, "lon", ALL) == Hidden(
        reason="calculated", condition="nguoi - tre", looked_at={"nguoi": 4, "tre": 1}
    )
    with pytest.raises(KeyError):
        why_hidden(SURVEY, "gone", {})


def test_a_survey_read_again_is_walked_alike() -> None:
    again = Survey(id="ho", title="Hộ gia đình", questions=FAMILY.questions)
    assert shown(again, ALL) == shown(FAMILY, ALL)


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 8))):
        earlier = [q.id for q in questions if q.kind is not Kind.NOTE]
        forms = ["", '{} == "yes"', 'not {} == "yes"', '{} != "yes"', "answered({})"]
        show_if = draw(st.sampled_from(forms)).format(draw(st.sampled_from(earlier))) if earlier else ""
        questions.append(ask(f"q{number}", show_if, draw(st.sampled_from([Kind.YESNO, Kind.YESNO, Kind.NOTE]))))
    return Survey(id="s", title="S", questions=tuple(questions))


SAYS = st.dictionaries(st.sampled_from([f"q{n}" for n in range(8)]), st.sampled_from(["yes", "no", None]))


@given(survey=surveys(), says=SAYS)
def test_walking_ends_in_order_and_shows_nothing_hidden(survey: Survey, says: dict[str, Answer]) -> None:
    asked, answers = walk_through(survey, says)
    order = [q.id for q in survey.questions]
    assert asked == sorted(set(asked), key=order.index)
    for id in asked:
        question = survey.question(id)
        assert not question.show_if or holds(parse(question.show_if), survey, answers)
    assert set(order) - set(asked) == {q.id for q in survey.questions if not visible(survey, q, answers)}
    assert first_unasked(survey, answers) is None


@given(survey=surveys(), says=SAYS)
def test_pruning_changes_nothing_that_is_shown_and_needs_doing_once(survey: Survey, says: dict[str, Answer]) -> None:
    answers: dict[str, Answer] = {id: says[id] for id in says if any(q.id == id for q in survey.questions)}
    kept = prune(survey, answers)
    assert shown(survey, kept) == shown(survey, answers)
    assert prune(survey, kept) == kept


@given(survey=surveys(), says=SAYS)
def test_going_back_from_each_question_leads_to_the_one_asked_before(survey: Survey, says: dict[str, Answer]) -> None:
    asked, answers = walk_through(survey, says)
    answerable = [id for id in asked if survey.question(id).kind is not Kind.NOTE]
    for number, id in enumerate(answerable):
        back = previous_question(survey, answers, id)
        assert (back.id if back else None) == (answerable[number - 1] if number else None)
        assert progress(survey, answers, id) == (number + 1, len(answerable))


KINDS = (Kind.YESNO, Kind.YESNO, Kind.NUMBER, Kind.MULTIPLE, Kind.NOTE, Kind.CALCULATED)
GUARDS = {
    Kind.YESNO: '{} == "yes"',
    Kind.NUMBER: "{} > 2",
    Kind.MULTIPLE: '"a" in {}',
    Kind.CALCULATED: "{} > 1",
}
WORDS: dict[Kind, st.SearchStrategy[Answer]] = {
    Kind.YESNO: st.sampled_from(["yes", "no", None]),
    Kind.NUMBER: st.sampled_from([1, 3, None]),
    Kind.MULTIPLE: st.sampled_from([("a",), ("b",), ("a", "b"), None]),
}


@st.composite
def branching(draw: st.DrawFn) -> tuple[Survey, dict[str, Answer]]:
    """A survey with filtered choices, constraints and calculated values, and answers to some of its questions."""
    questions: list[Question] = []
    answers: dict[str, Answer] = {}
    for number in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(KINDS))
        guards = ["", *(GUARDS[q.kind].format(q.id) for q in questions if q.kind in GUARDS)]
        numbers = [q.id for q in questions if q.kind in {Kind.NUMBER, Kind.CALCULATED}]
        questions.append(
            Question(
                id=f"q{number}",
                kind=kind,
                text="?",
                show_if=draw(st.sampled_from(guards)),
                value=" + ".join(["1", *numbers]) if kind is Kind.CALCULATED else "",
                constraint=f"answer >= {numbers[0]}" if kind is Kind.NUMBER and numbers else "",
                choices=tuple(Choice(id=id, text=id, show_if=draw(st.sampled_from(guards))) for id in "ab")
                if kind is Kind.MULTIPLE
                else (),
            )
        )
        if kind in WORDS and draw(st.booleans()):
            answers[f"q{number}"] = draw(WORDS[kind])
    return Survey(id="s", title="S", questions=tuple(questions)), answers


@given(case=branching())
def test_what_is_left_after_pruning_is_shown_offered_and_accepted(case: tuple[Survey, dict[str, Answer]]) -> None:
    survey, answers = case
    kept = prune(survey, answers)
    assert prune(survey, kept) == kept
    assert set(kept) <= {q.id for q in shown(survey, kept)}
    for id, answer in kept.items():
        question = survey.question(id)
        assert accepts(survey, question, answer, kept)
        if isinstance(answer, tuple):
            assert set(answer) <= {choice.id for choice in offered(survey, question, kept).choices}


@given(case=branching())
def test_every_question_is_either_shown_or_there_is_a_reason(case: tuple[Survey, dict[str, Answer]]) -> None:
    survey, answers = case
    ids = {q.id for q in shown(survey, answers)}
    assert {q.id for q in survey.questions if why_hidden(survey, q.id, answers) is None} == ids
    stored = settled(survey, answers)
    assert set(stored) <= ids | {q.id for q in survey.questions if q.kind is Kind.CALCULATED}
    assert settled(survey, stored) == stored


@given(case=branching(), more=st.data())
def test_an_answer_changes_nothing_before_it(case: tuple[Survey, dict[str, Answer]], more: st.DataObject) -> None:
    """What is shown up to a question depends on the answers before it alone, so that walking on never turns back."""
    survey, answers = case
    asked = [q for q in survey.questions if q.kind not in SILENT]
    if not asked:
        return
    question = more.draw(st.sampled_from(asked))
    place = survey.questions.index(question)
    changed: dict[str, Answer] = {**answers, question.id: more.draw(WORDS[question.kind])}

    def until(answers: dict[str, Answer]) -> list[str]:
        return [q.id for q in shown(survey, answers) if survey.questions.index(q) <= place]

    assert until(answers) == until(changed)
