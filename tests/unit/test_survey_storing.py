"""A survey is the same after it was stored, and no file, however odd, makes reading fail."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.checking import check_written
from surveys.definition import Choice, Kind, Question, Survey
from surveys.expression import ExpressionFault, parse
from surveys.faults import describe
from surveys.reading import check, read_survey
from surveys.ready import ready_file, ready_names
from tests.unit.survey_files import catalogue


@pytest.mark.parametrize("name", ready_names())
def test_a_frozen_version_is_read_back_as_it_was(name: str) -> None:
    survey = read_survey(ready_file(name), name)
    assert msgspec.json.decode(msgspec.json.encode(survey), type=Survey) == survey
    assert check_written(survey) == []


def test_a_version_stored_before_the_newer_keys_is_still_read() -> None:
    old = b"""{"id":"mau","title":"M\xe1\xba\xabu","language":"vi","intro":"","thanks":"","source":"",
    "privacy":"anonymous","factors":[],"questions":[{"id":"a","kind":"single","text":"A?","factor":"","required":false,"show_if":"",
    "choices":[{"id":"co","text":"C\xc3\xb3","exclusive":false}],"no_opinion":true,"not_applicable":"","min":null,
    "max":null,"overall":false}]}"""
    survey = msgspec.json.decode(old, type=Survey)
    assert survey.question("a").choices == (Choice(id="co", text="Có"),)


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
QUESTIONS = st.builds(
    Question,
    id=st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
    kind=st.sampled_from(Kind),
    text=TEXTS,
    required=st.booleans(),
    min=st.none() | st.floats(-100, 100),
    step=st.none() | st.floats(0.1, 5),
    choices=st.lists(st.builds(Choice, id=st.sampled_from(["a", "b"]), text=TEXTS, number=st.integers(0, 9))).map(
        tuple
    ),
    section=st.just("") | TEXTS,
)
SURVEYS = st.builds(
    Survey,
    id=st.just("s"),
    title=TEXTS,
    questions=st.lists(QUESTIONS, max_size=5).map(tuple),
    translations=st.dictionaries(st.sampled_from(["km", "jra"]), st.dictionaries(st.just("title"), TEXTS)),
)


@given(survey=SURVEYS)
def test_any_survey_is_the_same_after_storing(survey: Survey) -> None:
    assert msgspec.json.decode(msgspec.json.encode(survey), type=Survey) == survey


@given(survey=SURVEYS)
def test_a_survey_made_elsewhere_is_looked_at_whatever_it_is(survey: Survey) -> None:
    words = catalogue()
    for fault in check_written(survey):
        assert "{" not in describe(fault, words.__getitem__).replace("{2}", "")


JUNK: st.SearchStrategy[object] = st.recursive(
    st.one_of(st.booleans(), st.integers(-3, 3), st.text('ab="', max_size=3), st.sampled_from(["single", "matrix"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "text", "vi", "kind"]), inner),
    max_leaves=6,
)
KEYS = ("id", "kind", "text", "choices", "items", "show_if", "constraint", "value", "min", "step", "audio", "section")


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return msgspec.json.encode(value).decode()


@given(table=st.dictionaries(st.sampled_from(KEYS), JUNK), top=st.dictionaries(st.sampled_from(["title", "id"]), JUNK))
def test_no_table_makes_the_check_fail(table: dict[str, object], top: dict[str, object]) -> None:
    """A file whose values are of any type has faults, every one with its words, or is read."""
    file = "".join(f"{key} = {toml(value)}\n" for key, value in top.items())
    file += "[[questions]]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in table.items())
    faults = check(file.encode())
    words = catalogue()
    assert all(describe(fault, words.__getitem__) for fault in faults)
    if not faults:
        read_survey(file.encode(), "x.toml")


@given(text=st.text("ab()[]\"' <=+-*/%,.0123456789", max_size=40))
def test_any_text_is_read_as_an_expression_or_refused(text: str) -> None:
    column = 1
    try:
        parse(text)
    except ExpressionFault as fault:
        column = fault.column
    assert 1 <= column <= len(text) + 1


HEAD = 'id = "m"\ntitle = "M"\n'
ASKED = '[[questions]]\nid = "a"\nkind = "text"\ntext = "A?"\n'


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (HEAD + "translations.km." + "a." * 100_000 + 'a = "x"\n' + ASKED, "not_toml.deep"),
        (HEAD + "translations.km." + "a." * 50 + 'a = "x"\n' + ASKED, "type.text"),
        (HEAD + "junk = [\n[" + " " * 500_000 + "1],\n]\n" + ASKED, "key.unknown"),
        (HEAD + "".join(f"k{number} = 1\n" for number in range(20_000)) + ASKED, "key.unknown"),
        (HEAD + ASKED + f"min = {'9' * 4000}\n", "limit.form"),
        (HEAD + ASKED + f"show_if = '{'(' * 500_000}'\n", "expression.too_long"),
        (HEAD + "questions = [" + "{}, " * 20_000 + "]", "questions.too_many"),
    ],
)
def test_a_file_made_to_be_a_burden_is_none(file: str, code: str) -> None:
    assert code in {fault.code for fault in check(file.encode())}
