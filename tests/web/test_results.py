"""Survey figures on the officers' pages: what five answers show, and what four hide."""

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reading_results import Tally, WaveRow
from surveys.definition import Choice, Kind, Question, Survey
from surveys.tally import fold
from tests.stores import sample_survey
from web.console.results import FEWEST, counted, one

SURVEY = sample_survey()
WAVE = WaveRow(
    code="mau",
    title="Phiếu mẫu",
    version=1,
    number=1,
    kind="open",
    body=msgspec.json.encode(SURVEY).decode(),
    opens_at=0,
    closes_at=None,
)


def figures(n: int) -> Mapping[str, Tally]:
    """What n people who all answered the same leave behind."""
    answers = {"chung": 4, "mot": "a", "nhieu": ("a", "b"), "so": 3, "gioi_thieu": 9, "co_khong": "yes", "gop_y": "x"}
    return fold(SURVEY, [answers] * n)  # type: ignore[list-item]


@pytest.mark.parametrize("n", range(FEWEST))
def test_fewer_than_five_show_nothing_at_all(n: int) -> None:
    results = counted(WAVE, figures(n))
    assert results.n == 0
    assert all(line.hidden and line.n == 0 and not line.bars for line in results.asked)


def test_five_show_every_kind() -> None:
    results = counted(WAVE, figures(5))
    lines = {line.id: line for line in results.asked}
    assert results.n == 5
    assert results.overall is not None
    assert results.overall.top == 100
    assert {bar.id: bar.percent for bar in lines["mot"].bars} == {"a": 100, "b": 0}
    assert {bar.id: bar.percent for bar in lines["nhieu"].bars} == {"a": 100, "b": 100}
    assert lines["so"].mean == 3
    assert lines["gioi_thieu"].mean == 9
    assert {bar.id: bar.percent for bar in lines["co_khong"].bars} == {"yes": 100, "no": 0}
    assert lines["gop_y"].n == 5


def test_no_opinion_and_not_applicable_are_in_no_denominator() -> None:
    question = Question(id="q", kind=Kind.LIKERT5, text="?")
    line = one(question, {"5": 3, "1": 2, "0": 40, "9": 7, "-": 9}, SURVEY)
    assert line.n == 5
    assert line.top == 60


counts = st.dictionaries(st.sampled_from(["0", "1", "2", "3", "4", "5", "9", "-"]), st.integers(0, 30))


@given(counts)
def test_shares_make_a_whole_or_nothing_is_shown(tally: dict[str, int]) -> None:
    line = one(Question(id="q", kind=Kind.LIKERT5, text="?"), dict(tally), SURVEY)
    opinions = sum(tally.get(level, 0) for level in "12345")
    assert line.hidden == (opinions < FEWEST)
    if not line.hidden:
        assert sum(bar.percent for bar in line.bars) == pytest.approx(100)
        assert line.top is not None
        assert 0 <= line.top <= 100.0001


def test_a_choice_that_was_taken_out_of_the_file_breaks_nothing() -> None:
    question = Question(id="q", kind=Kind.SINGLE, text="?", choices=(Choice(id="a", text="A"),))
    line = one(question, {"a": 5, "gone": 2}, Survey(id="s", title="S", questions=(question,)))
    assert [bar.percent for bar in line.bars] == [100]
