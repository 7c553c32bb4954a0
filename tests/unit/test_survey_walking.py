"""The way through a survey: in the order of the file, only what is shown, and always to an end."""

from hypothesis import given
from hypothesis import strategies as st

from surveys.condition import holds
from surveys.definition import Answer, Kind, Question, Survey
from surveys.expression import parse
from surveys.ready import ready
from surveys.walking import first_unasked, next_question, previous_question, progress, prune, shown, visible


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


def walk(survey: Survey, says: dict[str, Answer]) -> tuple[list[str], dict[str, Answer]]:
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
    assert walk(SURVEY, {"a": "yes", "b": "yes"})[0] == ["hello", "a", "b", "c", "bye", "d"]
    assert walk(SURVEY, {"a": "no"})[0] == ["hello", "a", "bye", "d"]


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
    asked, answers = walk(survey, says)
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
    asked, answers = walk(survey, says)
    answerable = [id for id in asked if survey.question(id).kind is not Kind.NOTE]
    for number, id in enumerate(answerable):
        back = previous_question(survey, answers, id)
        assert (back.id if back else None) == (answerable[number - 1] if number else None)
        assert progress(survey, answers, id) == (number + 1, len(answerable))
