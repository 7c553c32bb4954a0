"""Skip behaviour: what a form's expressions hold for in ODK, ours hold for, whatever was answered, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from surveys.checking import check_written
from surveys.definition import Answer, Choice, Kind, Question, Survey
from surveys.sheets.grid import Sheet, Workbook, read_workbook
from surveys.walking import accepts, offered, settled, shown
from surveys.xlsform.reading import read_xlsform
from surveys.xlsform.sheets_out import workbook
from surveys.xlsform.writing import sheets_of
from tests.unit.xlsforms import Value, odk, outcome, true

TODAY = "2026-11-21"

# --- expressions of forms -------------------------------------------------------------------------------------------

HEAD = ("type", "name", "label", "relevant")
FORM = (
    HEAD,
    ("select_one zone", "zone", "Vùng", ""),
    ("select_one code", "code", "Mã", ""),
    ("select_multiple crop", "crop", "Cây", ""),
    ("select_one scale", "scale", "Hài lòng", ""),
    ("integer", "age", "Tuổi", ""),
    ("text", "name", "Tên", ""),
    ("date", "day", "Ngày", ""),
    ("acknowledge", "ok", "Đồng ý", ""),
)
CHOICES = (
    ("list_name", "name", "label"),
    ("zone", "north", "Bắc"), ("zone", "south", "Nam"),
    ("code", "1", "Có"), ("code", "2", "Không"), ("code", "77", "Không biết"),
    ("crop", "rice", "Lúa"), ("crop", "maize", "Ngô"), ("crop", "none", "Không"),
    *(("scale", str(n), text) for n, text in enumerate(
        ("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"), start=1)),
    ("scale", "0", "Không có ý kiến"), ("scale", "9", "Không áp dụng ở đây"),
)  # fmt: skip

plain_numbers = st.sampled_from(["${age}", "${scale}", "2", "0"])
numbers = st.recursive(
    st.sampled_from(["${age}", "${code}", "${scale}", "2", "0", "9", "18", "count-selected(${crop})",
                     "string-length(${name})", "number(${name})", "-1", "(today() - ${day})", "string-length('ab')"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "mod"]), inner)
    | st.builds("int({} div 2)".format, inner)
    # XPath tells an empty text from what is no number, and ours knows one "no value": the branches of `if` are of one.
    | st.builds("if({}, {}, {})".format, st.deferred(lambda: conditions), plain_numbers, plain_numbers)
    | st.builds("coalesce({}, {})".format, inner, inner),
    max_leaves=3,
)  # fmt: skip
conditions: st.SearchStrategy[str] = st.recursive(
    st.sampled_from(
        ["${zone} = 'north'", "${zone} != 'south'", "${zone} = ''", "${name} != ''", "selected(${crop}, 'rice')",
         "${crop} = 'maize'", "${crop} != ''", "selected(${zone}, 'north')", "${code} = 77", "${code} = '1'",
         "${code} < 2", "2 <= ${code}", "${scale} < 3", "${scale} >= 4", "${scale} = 0", "${scale} != '9'",
         "regex(${name}, '[a-c]*')", "regex(${name}, 'ab')", "${day} <= today()", "${day} > date('2026-01-01')",
         "${ok} = 'OK'", "${ok}", "${name} = ${name}", "true()", "false()", "${name}", "${age}", "not(${zone})",
         "if(${zone} = 'north', ${name}, '') = 'ab'", "if(${zone} = 'north', 'x', 'y') != 'x'",
         "coalesce(${name}, 'ab') = 'ab'", "(${age} > 3) = (${code} = 1)", "true() != selected(${crop}, 'none')",
         "if(${zone} = 'north', ${age} > 3, ${code} = 1)"]
    )
    | st.builds("{} {} {}".format, numbers, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), numbers),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
    | st.builds("not({})".format, inner),
    max_leaves=4,
)  # fmt: skip


@st.composite
def given_answers(draw: st.DrawFn) -> tuple[dict[str, Answer], dict[str, Value]]:
    """Answers as ours and as ODK's; what was not answered is absent there."""
    ours: dict[str, Answer] = {}
    theirs: dict[str, Value] = {}

    def give(name: str, answer: Answer, value: Value) -> None:
        if draw(st.booleans()):
            ours[name], theirs[name] = answer, value

    zone, code = draw(st.sampled_from(["north", "south"])), draw(st.sampled_from(["1", "2", "77"]))
    give("zone", zone, zone)
    give("code", f"c{code}", code)
    crops = [crop for crop in ("rice", "maize", "none") if draw(st.booleans())] or ["rice"]
    give("crop", tuple(crops), " ".join(crops))
    scale, age = draw(st.sampled_from([0, 1, 2, 3, 4, 5, 9])), draw(st.integers(0, 20))
    give("scale", scale, str(scale))
    give("age", age, float(age))
    name, day = draw(st.sampled_from(["ab", "abc", "12", "x y"])), draw(st.dates(date(2025, 6, 1), date(2027, 1, 1)))
    give("name", name, name)
    give("day", day.isoformat(), day)
    give("ok", "yes", "OK")
    return ours, theirs


def sheet(name: str, rows: tuple[tuple[str, ...], ...]) -> Sheet:
    return Sheet(name=name, rows=dict(enumerate(rows, start=1)))


@settings(max_examples=200, deadline=None)
@given(conditions, given_answers())
@example("(today() - ${day}) > 0", ({"day": "2026-11-20"}, {"day": date(2026, 11, 20)}))
def test_a_condition_of_a_form_holds_for_the_same_answers(
    text: str, answers: tuple[dict[str, Answer], dict[str, Value]]
) -> None:
    # Given
    rows = (*FORM, ("text", "target", "Câu này", text))
    book = Workbook(name="x.xlsx", sheets=(sheet("survey", rows), sheet("choices", CHOICES)))
    found = outcome(book)
    if isinstance(found, list):
        # What can never hold is told: a question that nobody reaches, a choice that there is not.
        codes = {fault.code for fault in found}
        assert codes <= {"unreachable", "xlsform.no_such_choice", "expression.choice", "xlsform.expression_big"}
        return
    ours, theirs = answers
    # When
    asked = any(question.id == "target" for question in shown(found.survey, ours, TODAY))
    # Then
    assert asked is true(odk(text, theirs, date.fromisoformat(TODAY)))


# --- surveys written as forms ---------------------------------------------------------------------------------------

TEXT_OF = "Câu hỏi số {}"


@st.composite
def questions(draw: st.DrawFn, number: int, earlier: list[Question]) -> Question:
    kind = draw(st.sampled_from(sorted(set(Kind) - {Kind.PHOTO, Kind.VOICE, Kind.PLACE})))
    id = f"q{number}"
    own: dict[str, Any] = {"text": TEXT_OF.format(number)}
    if kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.RANK}:
        own["choices"] = choices(draw, kind, earlier)
    if kind is Kind.LIKERT5:
        own |= {"no_opinion": draw(st.booleans()), "not_applicable": draw(st.sampled_from(["", "Không dùng"]))}
    if kind is Kind.RANGE:
        own |= {"min": 0.0, "max": 2.0, "step": 0.5}
    if kind in {Kind.NUMBER, Kind.TEXT, Kind.DECIMAL}:
        own |= draw(st.sampled_from([{}, {"min": 1.0}, {"max": 4.0}, {"min": 1.0, "max": 4.0}]))
    if kind is Kind.NUMBER:
        own["constraint"] = draw(st.sampled_from(["", "answer != 3", "answer % 2 == 0 or answer > 2"]))
    if kind is Kind.LIKERT5:
        own["constraint"] = draw(st.sampled_from(["", "answer > 2"]))
    if kind is Kind.CALCULATED:
        own |= {"text": "", "value": draw(values(earlier))}
    else:
        own["section"] = draw(st.sampled_from(["", "", "Phần một", "Phần hai"]))
    own["required"] = kind not in {Kind.NOTE, Kind.CALCULATED} and draw(st.booleans())
    own["show_if"] = draw(st.just("") | own_conditions(earlier))
    return Question(id=id, kind=kind, **own)


def choices(draw: st.DrawFn, kind: Kind, earlier: list[Question]) -> tuple[Choice, ...]:
    ids = ["a", "b", "c"]
    numbers = draw(st.sampled_from([(1, 2, 3), (1, 2, 77)]))
    alone = kind is Kind.MULTIPLE and draw(st.booleans())
    filtered = draw(st.just("") | own_conditions(earlier)) if kind is not Kind.RANK else ""
    return tuple(
        Choice(
            id=id, text=f"Lựa chọn {id}", number=n, exclusive=alone and id == "c", show_if=filtered if id == "b" else ""
        )
        for id, n in zip(ids, numbers, strict=True)
    )


def values(earlier: list[Question]) -> st.SearchStrategy[str]:
    numeric = [q.id for q in earlier if q.kind in {Kind.NUMBER, Kind.RANGE, Kind.LIKERT5, Kind.NPS, Kind.DECIMAL}]
    parts = st.sampled_from([*numeric, "2"])
    return (
        st.builds("{} {} {}".format, parts, st.sampled_from("+-*/%"), parts)
        | st.builds("if({}, {}, 0)".format, own_conditions(earlier), parts)
        | st.builds("round({} / 3, 1)".format, parts)
        | st.builds("coalesce({}, 7)".format, parts)
    )


def own_conditions(earlier: list[Question]) -> st.SearchStrategy[str]:
    plain = ["1 < 2"]
    for q in earlier:
        plain += OF_KIND.get(q.kind, lambda _: [])(q.id)
    atoms = st.sampled_from(plain)
    return (
        atoms
        | st.builds("not {}".format, atoms)
        | st.builds("({}) and {}".format, atoms, atoms)
        | st.builds("{} or not ({})".format, atoms, atoms)
    )


OF_KIND = {
    Kind.SINGLE: lambda id: [f'{id} == "a"', f'{id} != "b"', f"answered({id})", f'{id} in ["a", "c"]'],
    Kind.MULTIPLE: lambda id: [f'"a" in {id}', f'selected({id}, "b")', f"count_selected({id}) > 1", f"answered({id})"],
    Kind.RANK: lambda id: [f"answered({id})"],
    Kind.YESNO: lambda id: [f'{id} == "yes"', f'{id} != "yes"'],
    Kind.ACKNOWLEDGE: lambda id: [f'{id} == "yes"', f"answered({id})"],
    Kind.LIKERT5: lambda id: [f"{id} < 3", f"{id} >= 4", f"{id} == 4", f"{id} != 2", f"{id} in [1, 2]",
                   f"{id} + 1 > 3"],
    Kind.NPS: lambda id: [f"{id} <= 6", f"{id} == 10"],
    Kind.NUMBER: lambda id: [f"{id} > 2", f"{id} == 3", f"{id} != 3", f"{id} * 2 >= 6", f"6 / {id} > 2"],
    Kind.DECIMAL: lambda id: [f"{id} > 1.5", f"round({id}) == 2", f"int({id}) == 1"],
    Kind.RANGE: lambda id: [f"{id} >= 1.5"],
    Kind.TEXT: lambda id: [f'{id} == "ab"', f"length({id}) > 2", f'matches({id}, "^a")', f'matches({id}, "^(?:a*)$")',
                           f"number({id}) > 1"],
    Kind.DATE: lambda id: [f"{id} <= today()", f'{id} > "2026-01-01"', f"today() - {id} > 30"],
    Kind.TIME: lambda id: [f"answered({id})"],
    Kind.CALCULATED: lambda id: [f"{id} > 2", f"{id} == 2", f"not {id} == 2"],
}  # fmt: skip


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    made: list[Question] = []
    for number in range(1, draw(st.integers(2, 6)) + 1):
        made.append(draw(questions(number, made)))
    survey = Survey(id="phieu", title="Phiếu", questions=tuple(made))
    assume(not check_written(survey))
    return survey


GIVEN: dict[Kind, st.SearchStrategy[Answer]] = {
    Kind.SINGLE: st.sampled_from(["a", "b", "c"]),
    Kind.MULTIPLE: st.sampled_from([("a",), ("b",), ("a", "b"), ("c",)]),
    Kind.RANK: st.just(("a", "b", "c")),
    Kind.YESNO: st.sampled_from(["yes", "no"]),
    Kind.ACKNOWLEDGE: st.just("yes"),
    Kind.LIKERT5: st.integers(1, 5),
    Kind.NPS: st.integers(0, 10),
    Kind.NUMBER: st.integers(0, 5),
    Kind.DECIMAL: st.sampled_from([0.5, 1.5, 2.0, 2.4]),
    Kind.RANGE: st.sampled_from([0.0, 0.5, 1.5, 2.0]),
    Kind.TEXT: st.sampled_from(["ab", "aaa", "7"]),
    Kind.DATE: st.dates(date(2025, 11, 1), date(2027, 1, 1)).map(date.isoformat),
    Kind.TIME: st.just("08:30"),
}


def answers_to(draw: st.DrawFn, survey: Survey) -> dict[str, Answer]:
    """An answer to every question or none, whether it is shown or not."""
    answers: dict[str, Answer] = {}
    for question in survey.questions:
        if question.kind in GIVEN and draw(st.integers(0, 3)):
            answer = draw(GIVEN[question.kind])
            if question.kind is Kind.LIKERT5:
                extra = [0] * question.no_opinion + [9] * bool(question.not_applicable)
                answer = draw(st.sampled_from([answer, *extra]))
            answers[question.id] = answer
    return answers


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_survey_written_as_a_form_and_read_again_is_the_same(data: st.DataObject) -> None:
    # Given
    survey = data.draw(surveys())
    # When
    again = read_xlsform(read_workbook(workbook(sheets_of(survey)[0]), "phieu.xlsx"), "phieu.xlsx").survey
    # Then
    assert [(q.id, q.kind, q.section, q.required) for q in again.questions] == [
        (q.id, q.kind, q.section, q.required) for q in survey.questions
    ]
    assert [[(c.id, c.text, c.number, c.exclusive) for c in q.choices] for q in again.questions] == [
        [(c.id, c.text, c.number, c.exclusive) for c in q.choices] for q in survey.questions
    ]
    assert [(q.min, q.max, q.step) for q in again.questions] == [(q.min, q.max, q.step) for q in survey.questions]
    for _ in range(3):
        answers = answers_to(data.draw, survey)  # type: ignore[arg-type]
        assert settled(again, answers, TODAY) == settled(survey, answers, TODAY)
        assert asked(again, answers) == asked(survey, answers)


def asked(survey: Survey, answers: Mapping[str, Answer]) -> list[tuple[str, tuple[str, ...], bool]]:
    """What is shown, with which choices, and whether the answer is taken."""
    return [
        (
            question.id,
            tuple(choice.id for choice in offered(survey, question, answers, TODAY).choices),
            accepts(survey, question, answers.get(question.id), answers, TODAY),
        )
        for question in shown(survey, answers, TODAY)
    ]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_survey_written_as_a_form_skips_in_odk_as_it_skips_here(data: st.DataObject) -> None:
    # Given
    survey = data.draw(surveys())
    rows = sheets_of(survey)[0].survey
    answers = answers_to(data.draw, survey)  # type: ignore[arg-type]
    # When: the form is walked by XPath's rules, every question's value as ODK has it
    values: dict[str, Value] = {}
    open_groups: list[bool] = []
    there = []
    for row in rows:
        relevant = true(odk(row["relevant"], values, date.fromisoformat(TODAY))) if row.get("relevant") else True
        if row["type"] == "begin_group":
            open_groups.append(relevant)
        elif row["type"] == "end_group":
            open_groups.pop()
        elif relevant and all(open_groups):
            question = survey.question(row["name"])
            if row["type"] == "calculate":
                values[question.id] = odk(row["calculation"], values, date.fromisoformat(TODAY))
                continue
            if not can_be_answered(survey, question, answers):
                continue
            there.append(question.id)
            if question.id in settled(survey, answers, TODAY):
                values[question.id] = as_odk(question, settled(survey, answers, TODAY)[question.id])
    # Then
    assert there == [question.id for question in shown(survey, answers, TODAY)]


def can_be_answered(survey: Survey, question: Question, answers: Mapping[str, Answer]) -> bool:
    """A question whose choices are all filtered away is shown empty by ODK, and not at all by us."""
    return not question.choices or bool(offered(survey, question, answers, TODAY).choices)


def as_odk(question: Question, answer: Answer) -> Value:
    if question.kind is Kind.ACKNOWLEDGE:
        return "OK"
    if question.kind is Kind.DATE:
        return date.fromisoformat(str(answer))
    if isinstance(answer, tuple):
        return " ".join(answer)
    if question.kind in {Kind.LIKERT5, Kind.NPS}:
        return str(answer)
    return float(answer) if isinstance(answer, int | float) else str(answer)
