"""What changed between two invited waves: with its interval, and of nothing that one of them withholds."""

from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.changes import QuestionChange, Side, changes, comparable
from surveys.definition import Choice, Kind, Question, Survey
from surveys.estimates import NPS, change, change_of_means
from surveys.results import results
from surveys.samples import Invited, Open, Stratum, counted, invited
from surveys.statistics import Formula
from surveys.tally import Tally
from surveys.waves import WaveKind

SURVEY = Survey(
    id="s",
    title="S",
    questions=(
        Question(id="chung", kind=Kind.LIKERT5, text="Nhìn chung?", overall=True),
        Question(id="tre", kind=Kind.YESNO, text="Có trễ hẹn không?"),
        Question(id="gioi_thieu", kind=Kind.NPS, text="Giới thiệu?"),
        Question(
            id="viec",
            kind=Kind.RANK,
            text="Việc nào trước?",
            choices=(Choice(id="a", text="A"), Choice(id="b", text="B")),
        ),
    ),
)


def side(size: int = 1000, survey: Survey = SURVEY, formula: Formula = "top2", **tallies: Tally) -> Side:
    """A wave of which every one of the invited answered."""
    n = max(int(sum(v for k, v in one.items() if k != "n")) for one in tallies.values())
    sample = invited(WaveKind.INVITED, [Stratum(size=max(size, n), invited=n, answered=n)])
    all_of = {"": {"n": float(n)}, **tallies}
    return Side(survey, sample, all_of, results(survey, sample, all_of, formula=formula))


def of(found: list[QuestionChange], id: str) -> QuestionChange:
    return next(one for one in found if one.id == id)


def test_a_clear_rise_is_called_one_and_a_small_one_is_not() -> None:
    before = side(chung={"2": 40, "4": 60}, tre={"yes": 40, "no": 60})
    after = side(chung={"2": 10, "4": 90}, tre={"yes": 36, "no": 64})

    found = changes(before, after)

    chung, tre = of(found, "chung"), of(found, "tre")
    assert (chung.before, chung.after, chung.n_before, chung.n_after) == (0.6, 0.9, 100, 100)
    assert chung.statement == "rose"
    expected = change(counted(before.sample, before.tallies["chung"]), counted(after.sample, after.tallies["chung"]))
    assert expected is not None
    assert (chung.difference, chung.low, chung.high) == (expected.difference, expected.low, expected.high)
    assert tre.statement == "no_clear_change"
    assert tre.difference == pytest.approx(-0.04)


def test_a_score_changes_on_its_own_scale() -> None:
    before, after = side(gioi_thieu={"10": 50, "5": 50}), side(gioi_thieu={"10": 90, "5": 10})
    expected = change_of_means(
        counted(before.sample, before.tallies["gioi_thieu"]), counted(after.sample, after.tallies["gioi_thieu"]), NPS
    )

    found = of(changes(before, after), "gioi_thieu")

    assert expected is not None
    assert (found.before, found.after, found.difference) == (0, 80, 80)
    assert (found.low, found.high) == (expected.low, expected.high)


def test_what_one_wave_withholds_has_no_change() -> None:
    # given three people who were asked before whether they had waited too long
    before = side(chung={"4": 50}, tre={"yes": 2, "no": 1})
    after = side(chung={"4": 50}, tre={"yes": 25, "no": 25})

    found = of(changes(before, after), "tre")

    assert found == QuestionChange(id="tre", text="Có trễ hẹn không?", kind="yesno")


def test_only_what_was_asked_alike_is_compared() -> None:
    chung, tre, *rest = SURVEY.questions
    later = msgspec.structs.replace(
        SURVEY,
        questions=(
            msgspec.structs.replace(chung, required=True),
            msgspec.structs.replace(tre, text="Có phải chờ không?"),
            *rest,
        ),
    )

    assert [one.id for one in comparable(SURVEY, later)] == ["chung", "gioi_thieu"]


def test_an_open_wave_has_no_side() -> None:
    """`cast` says what the type checker would have refused; nothing comes of it."""
    n = side(chung={"4": 50})
    anyone = Side(n.survey, cast("Invited", Open(answered=50)), n.tallies, n.found)

    with pytest.raises(AttributeError):
        changes(anyone, n)


levels = st.dictionaries(st.sampled_from("12345"), st.integers(0, 60), min_size=1)


@given(levels, levels, st.integers(0, 2000), st.sampled_from(["top2", "mean"]))
def test_a_change_lies_in_its_interval_and_is_always_a_number(
    one: Tally, two: Tally, size: int, formula: Formula
) -> None:
    found = changes(side(size, formula=formula, chung=one), side(size, formula=formula, chung=two), formula)

    decoded = msgspec.json.decode(msgspec.json.encode(found), type=list[QuestionChange])
    assert decoded == found
    for each in found:
        if each.difference is not None and each.low is not None and each.high is not None:
            assert -1 - 1e-9 <= each.low - 1e-9 <= each.difference <= each.high + 1e-9
            assert each.statement is not None
