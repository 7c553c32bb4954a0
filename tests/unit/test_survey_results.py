"""The figures of a wave: what an invited one may say and an open one may not, and what both leave out."""

from collections.abc import Hashable
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.definition import Answer, Choice, Factor, Kind, Question, Survey
from surveys.disclosing import hidden_cells, hidden_counts, hidden_villages
from surveys.estimates import change, proportion
from surveys.results import QuestionResult, WaveResults, results
from surveys.samples import Invited, Open, Stratum, counted, invited
from surveys.statistics import MINIMUM, Formula
from surveys.suppression import Protection, whole
from surveys.tally import Tally, add_all, fold
from surveys.waves import WaveKind
from tests.unit.table_attack import Relations, attack, computed, possible

CHOICES = tuple(Choice(id=id, text=f"Việc {id}") for id in ("dat", "ho_tich", "khac"))
SURVEY = Survey(
    id="s",
    title="S",
    factors=(Factor(id="can_bo", text="Cán bộ"),),
    questions=(
        Question(id="chung", kind=Kind.LIKERT5, text="Nhìn chung?", overall=True),
        Question(id="lich_su", kind=Kind.LIKERT5, text="Lịch sự?", factor="can_bo"),
        Question(id="lang_nghe", kind=Kind.LIKERT5, text="Lắng nghe?", factor="can_bo", not_applicable="Chưa gặp"),
        Question(id="viec", kind=Kind.SINGLE, text="Việc gì?", choices=CHOICES),
        Question(id="cac_viec", kind=Kind.MULTIPLE, text="Những việc gì?", choices=CHOICES),
        Question(id="gioi_thieu", kind=Kind.NPS, text="Giới thiệu?"),
        Question(id="tre", kind=Kind.YESNO, text="Trễ hẹn?"),
        Question(id="lan", kind=Kind.NUMBER, text="Mấy lần?"),
        Question(id="gop_y", kind=Kind.TEXT, text="Góp ý?"),
        Question(id="cam_on", kind=Kind.NOTE, text="Cảm ơn."),
    ),
)
VILLAGES = (1, 2, 3)


def said(rng: Random) -> dict[str, Answer]:
    return {
        "chung": rng.choice([3, 4, 4, 5, 5, 5, 0, None]),
        "lich_su": rng.choice([2, 3, 4, 5]),
        "lang_nghe": rng.choice([3, 4, 5, 9]),
        "viec": rng.choice(CHOICES).id,
        "cac_viec": tuple(choice.id for choice in CHOICES if rng.random() < 0.5),
        "gioi_thieu": rng.randint(5, 10),
        "tre": rng.choice(["yes", "no", "no"]),
        "lan": rng.randint(1, 3),
        "gop_y": "…",
    }


class Wave:
    """Answers by village, and what comes of them."""

    def __init__(self, people: dict[int, int], seed: int = 1) -> None:
        rng = Random(seed)
        self.answers = {village: [said(rng) for _ in range(n)] for village, n in people.items()}
        self.tallies = fold(SURVEY, [one for some in self.answers.values() for one in some])
        self.by_village: dict[int, dict[str, Tally]] = {v: fold(SURVEY, some) for v, some in self.answers.items()}

    @property
    def sample(self) -> Invited:
        strata = [Stratum(id=v, size=400, invited=60, answered=len(some)) for v, some in self.answers.items()]
        return invited(WaveKind.INVITED, strata)

    def invited(self, formula: Formula = "top2") -> WaveResults:
        return results(SURVEY, self.sample, self.tallies, by_village=self.by_village, formula=formula)

    def open(self) -> WaveResults:
        n = sum(map(len, self.answers.values()))
        return results(SURVEY, Open(answered=n), self.tallies, by_village=self.by_village)


def question(found: WaveResults, id: str) -> QuestionResult:
    return next(one for one in found.questions if one.id == id)


def test_every_question_that_is_asked_has_its_figure() -> None:
    found = Wave({1: 40, 2: 40, 3: 40}).invited()

    assert [one.id for one in found.questions] == [one.id for one in SURVEY.questions[:-1]]
    assert found.n == 120
    assert found.overall is question(found, "chung")
    for id, figure in (("chung", "share"), ("gioi_thieu", "nps"), ("tre", "share"), ("lan", "mean")):
        assert getattr(question(found, id), figure) is not None
    assert [bar.text for bar in question(found, "viec").distribution] == ["Việc dat", "Việc ho_tich", "Việc khac"]
    assert [bar.id for bar in question(found, "lang_nghe").outside] == ["0", "9", "-"]
    assert [bar.id for bar in question(found, "chung").outside] == ["0", "-"]
    assert msgspec.json.decode(msgspec.json.encode(found), type=WaveResults) == found


def test_an_invited_wave_has_bounds_and_a_rate() -> None:
    wave = Wave({1: 40, 2: 40, 3: 30})
    found = wave.invited()
    overall = found.overall

    assert found.invited is not None
    assert (found.invited.size, found.invited.invited) == (1200, 180)
    assert found.invited.rate == pytest.approx(110 / 180)
    assert found.invited.design_effect is not None
    assert found.invited.design_effect > 1
    assert overall is not None
    bounds = proportion(counted(wave.sample, wave.tallies["chung"]))
    assert bounds is not None
    assert (overall.share, overall.low, overall.high) == (bounds.value, bounds.low, bounds.high)
    weighted = found.invited.weighted
    assert weighted is not None
    shares = [found.villages[village].share for village in VILLAGES]
    assert weighted.value == pytest.approx(sum(share or 0 for share in shares) / 3)


def test_an_open_wave_has_neither() -> None:
    found = Wave({1: 40, 2: 40, 3: 30}).open()

    assert found.invited is None
    assert found.overall is not None
    assert found.overall.share is not None
    for one in (*found.questions, *found.villages.values()):
        assert one.low is None
        assert one.high is None


def test_the_formula_is_that_which_was_asked_for() -> None:
    wave = Wave({1: 40, 2: 40, 3: 30})
    by_share, by_mean = wave.invited().overall, wave.invited("mean").overall

    assert by_share is not None
    assert by_mean is not None
    assert by_mean.share is not None
    assert by_mean.mean is not None
    assert by_share.mean is None
    assert by_mean.share == pytest.approx((by_mean.mean - 1) / 4)
    assert 0 <= (by_mean.low or 0) <= by_mean.share <= (by_mean.high or 0) <= 1


def test_a_factor_is_the_mean_of_its_questions() -> None:
    found = Wave({1: 40, 2: 40, 3: 30}).open()
    parts = [question(found, id).share or 0 for id in ("lich_su", "lang_nghe")]

    assert found.factors[0].questions == 2
    assert found.factors[0].share == pytest.approx(sum(parts) / 2)


def test_four_answers_are_a_number_and_nothing_more() -> None:
    found = Wave({1: 4}).invited()

    assert found == WaveResults(formula="top2", n=4, withheld=True)
    assert Wave({}).open() == WaveResults(formula="top2", n=0, withheld=True)


def test_a_question_that_four_answered_is_withheld() -> None:
    wave = Wave({1: 30})
    wave.tallies["lan"] = {"n": 4, "sum": 9, "-": 26}
    wave.tallies["gop_y"] = {"-": 30}
    found = wave.open()

    assert question(found, "lan") == QuestionResult(id="lan", text="Mấy lần?", kind="number", withheld=True)
    assert question(found, "gop_y").n == 0
    assert not question(found, "gop_y").withheld


def test_a_small_village_takes_another_with_it_and_the_weights() -> None:
    found = Wave({1: 40, 2: 30, 3: 2}).invited()

    assert found.villages[3].withheld
    assert found.villages[2].withheld
    assert found.villages[1].n is not None
    assert found.villages[2].share is None
    assert found.invited is not None
    assert (found.invited.design_effect, found.invited.effective_n, found.invited.weighted) == (None, None, None)


def test_villages() -> None:
    assert hidden_villages({1: 20, 2: 17, 3: 3}, 40) == {2, 3}
    assert hidden_villages({1: 20, 2: 20}, 40) == frozenset()
    assert hidden_villages({1: 20, 2: 20, 3: 0}, 40) == {3}
    # Nine answers of no village at all stand beside the three: twelve together
    assert hidden_villages({1: 20, 2: 17, 3: 3}, 49) == {3}
    with pytest.raises(ValueError, match="1 answers more"):
        hidden_villages({1: 20, 2: 21}, 40)


def test_a_table_of_levels_by_village() -> None:
    gone = hidden_cells({1: {"yes": 20, "no": 3}, 2: {"yes": 30, "no": 12}}, ["yes", "no"])

    assert gone == {(1, "no"), (1, "yes"), (2, "no"), (2, "yes")}
    assert hidden_cells({1: {"yes": 20}, 2: {"yes": 30}}, ["yes", "no"]) == frozenset()


COUNTS = st.lists(st.integers(0, 12), min_size=5, max_size=5)


@settings(deadline=None)
@given(COUNTS, st.integers(0, 6), st.integers(0, 6), st.sampled_from(["top2", "mean"]))
def test_no_attack_on_what_is_printed_of_a_question(levels: list[int], none: int, left: int, formula: Formula) -> None:
    """A reader knows n, all responses, the index and how wide its interval is; he looks for 1 to 4 of one answer."""
    counts = {str(level): float(n) for level, n in enumerate(levels, start=1)} | {"0": none, "-": left}
    n, everybody = sum(levels), sum(levels) + none + left
    if n < MINIMUM:
        return
    likert = SURVEY.questions[0]
    gone = hidden_counts(likert, counts, n, everybody, formula)

    cells: dict[Hashable, int] = {"9": 0, "n": n, "all": everybody}
    cells.update({key: int(value) for key, value in counts.items()})
    relations: Relations
    if formula == "top2":
        cells |= {"upper": levels[3] + levels[4], "lower": sum(levels[:3])}
        relations = [whole("upper", "45"), whole("lower", "123"), whole("all", ["n", "0", "9", "-"])]
    else:
        cells |= {f"moment {power}": sum(at**power * n for at, n in enumerate(levels, start=1)) for power in (1, 2)}
        relations = [{**{str(at): at**power for at in range(1, 6)}, f"moment {power}": -1} for power in (1, 2)]
        relations = [*relations, whole("n", "12345"), whole("all", ["n", "0", "9", "-"])]
    # What n and the index tell of somebody who said so although no level were printed, nothing can take back.
    free = sorted(counts)
    known = {key for key, value in cells.items() if key not in free and 0 < value < MINIMUM}
    small = [key for key in gone if 0 < cells[key] < MINIMUM]
    bounded = {key for key in small if not could_be(key, MINIMUM, n, cells, relations, free)}
    told = {key for key in bounded if not could_be(key, None, n, cells, relations, free)}
    assert set(computed(cells, relations, set(gone))) & set(small) <= set(computed(cells, relations, set(free)))
    attack(
        cells,
        relations,
        Protection(withheld=gone, exposed=frozenset(known | told), bounded=frozenset(bounded - told)),
    )


def test_where_whole_numbers_leave_one_possibility_nothing_is_printed_beside_them() -> None:
    # Given an index whose interval tells the squares too: of 5, 5, 3, 5, 12 no other whole numbers would do
    counts = {"1": 5.0, "2": 5.0, "3": 3.0, "4": 5.0, "5": 12.0}

    assert hidden_counts(SURVEY.questions[0], counts, 30, 30, "mean") == set("12345")
    assert len(hidden_counts(SURVEY.questions[0], counts, 30, 30, "top2")) == 2


def could_be(
    key: str, least: int | None, most: int, cells: dict[Hashable, int], relations: Relations, free: list[str]
) -> bool:
    """Whether a level could have `least` answers or more (or, for None, any other number) with none of them printed."""
    bounds: dict[Hashable, tuple[int, int]] = dict.fromkeys(free, (0, most + cells[key]))
    if least is not None:
        return possible(cells, relations, bounds | {key: (least, most)})
    other = [(0, cells[key] - 1), (cells[key] + 1, most)]
    return any(possible(cells, relations, bounds | {key: span}) for span in other)


def test_two_waves_of_results_make_a_statement() -> None:
    wave, later = Wave({1: 40, 2: 40}), Wave({1: 40, 2: 40}, seed=9)
    found = change(counted(wave.sample, wave.tallies["chung"]), counted(later.sample, later.tallies["chung"]))

    assert found is not None
    assert found.statement in {"rose", "fell", "no_clear_change"}


RANKED = Question(id="thu_tu", kind=Kind.RANK, text="Việc nào trước?", choices=CHOICES)


def test_a_rank_has_mean_places_and_no_counts() -> None:
    # given eight of whom two put one choice first: how many did is not told, whichever way it is looked at
    survey = msgspec.structs.replace(SURVEY, questions=(RANKED,))
    orders = [("dat", "ho_tich", "khac")] * 6 + [("khac", "dat", "ho_tich")] * 2
    found = results(survey, Open(answered=8), fold(survey, [{"thu_tu": order} for order in orders]))

    one = question(found, "thu_tu")

    assert [(rank.id, rank.text, rank.mean) for rank in one.ranks] == [
        ("dat", "Việc dat", 1.25),
        ("ho_tich", "Việc ho_tich", 2.25),
        ("khac", "Việc khac", 2.5),
    ]
    assert one.distribution == ()
    assert "#1" not in msgspec.json.encode(found).decode()


def test_a_few_promoters_are_not_what_the_other_levels_leave() -> None:
    # given 3 promoters among 43 of whom the others stand on levels of five and more
    levels = [9] * 2 + [10] + [7] * 10 + [8] * 10 + [5] * 20
    tallies = fold(SURVEY, [{"gioi_thieu": n} for n in levels])
    found = question(results(SURVEY, Open(answered=43), tallies), "gioi_thieu")

    assert found.nps == pytest.approx(100 * (3 - 20) / 43)
    assert all(bar.withheld for bar in found.distribution)


def test_a_calculated_mean_is_told_unless_it_tells_of_what_is_withheld() -> None:
    # given a value calculated from levels: with its mean, two people and five could be told apart
    total = Question(id="tong", kind=Kind.CALCULATED, text="Tổng", value="chung * 2")
    survey = msgspec.structs.replace(SURVEY, questions=(SURVEY.questions[0], total))

    def mean(*counts: int) -> QuestionResult:
        people = [{"chung": level, "tong": 2 * level} for level, n in enumerate(counts, 1) for _ in range(n)]
        return question(results(survey, Open(answered=len(people)), fold(survey, people)), "tong")

    assert mean(2, 5, 20, 25, 8).withheld
    assert mean(2, 5, 20, 25, 8).mean is None
    assert mean(0, 7, 20, 25, 8).mean == pytest.approx(2 * (14 + 60 + 100 + 40) / 60)


@st.composite
def parts(draw: st.DrawFn) -> dict[int, tuple[int, int, int, list[int]]]:
    """By village: rows of the frame, rows invited, answers, and how many said 1 to 5 of those."""
    found = {}
    for village in range(draw(st.integers(1, 3))):
        counts = draw(st.lists(st.integers(0, 8), min_size=5, max_size=5))
        answered = sum(counts) + draw(st.integers(0, 3))
        asked = answered + draw(st.integers(0, 3))
        found[village] = (asked + draw(st.integers(0, 3)), asked, answered, counts)
    return found


@given(parts(), st.sampled_from(["top2", "mean"]))
@settings(max_examples=200)
def test_whatever_came_every_figure_is_a_number(
    villages: dict[int, tuple[int, int, int, list[int]]], formula: Formula
) -> None:
    """Nobody, one of many, everybody, all of one mind: JSON gives back what was put in, so nothing is NaN or inf."""
    sample = invited(
        WaveKind.INVITED,
        [Stratum(id=id, size=size, invited=asked, answered=n) for id, (size, asked, n, _) in villages.items()],
    )
    here = {
        id: fold(SURVEY, [{"chung": level} for level, n in enumerate(counts, 1) for _ in range(n)])
        for id, (*_, counts) in villages.items()
    }
    whole_of: dict[str, Tally] = {}
    for part in here.values():
        whole_of = add_all(whole_of, part)

    found = results(SURVEY, sample, whole_of, by_village=here, formula=formula)

    assert msgspec.json.decode(msgspec.json.encode(found), type=WaveResults) == found
    for one in (*found.questions, *found.villages.values()):
        if one.share is not None and one.low is not None and one.high is not None:
            assert 0 <= one.low <= one.share + 1e-9
            assert one.share <= one.high + 1e-9 <= 1 + 2e-9
