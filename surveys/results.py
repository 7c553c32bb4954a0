"""The figures of one wave as values: what `nghedan wave results` prints, and the console and reports after it.

    sample = invited(wave.kind, strata)  # or Open(answered=n)
    found = results(survey, sample, tallies, by_village=parts, formula="top2")

What may be seen: n, and the figure of a question (its index, mean or score), from five answers on. Counts of 1 to 4 of
those who said the same, and whatever would give them away beside n and the figure, are withheld, as are villages of
fewer than five and whatever would give these away (surveys.disclosing). A figure that is withheld is None.
"""

from collections.abc import Mapping

import msgspec

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Kind, Question, Survey
from surveys.disclosing import SCALES, answered, answers_of, hidden_counts, hidden_villages, outside_of, tells
from surveys.estimates import Estimate, design_effect, mean, nps, proportion, response_rate
from surveys.samples import Invited, InvitedCounts, Sample, counted
from surveys.statistics import MINIMUM, Formula, mean_ranks, satisfaction, valid
from surveys.statistics import mean as plain_mean
from surveys.statistics import nps as plain_nps
from surveys.strata import weighted
from surveys.tally import RESPONSES, SKIPPED, Tally


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One level or choice. `text` is empty for levels and for yes and no.

    `share` is of n, 0..1; both are None where they are `withheld`, and outside the denominator there is no share.
    """

    id: str
    text: str = ""
    count: int | None = None
    share: float | None = None
    withheld: bool = False


class Rank(msgspec.Struct, frozen=True, kw_only=True):
    """On which place, 1 is the first, a choice of a rank was put on average."""

    id: str
    text: str
    mean: float


class QuestionResult(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `n`: answers that count; `withheld`: fewer than five, or what would give these away.

    `share`: satisfaction by the formula of the results (likert5), share of "yes" (yesno), 0..1; `nps`: -100..100;
    `mean`: of numbers, and of likert5 (1..5) where the formula is the mean. `low` and `high` bound `share`, or `nps`,
    at 95 %, only where people were invited at random. `ranks`: the choices of a rank, best first, which has no
    `distribution`. `outside`: bars outside the denominator: no opinion "0" and not applicable "9" where they were
    offered, skipped "-". A calculated value is `withheld` as well where its mean would tell of answers that are.
    """

    id: str
    text: str
    kind: str
    factor: str = ""
    overall: bool = False
    n: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    nps: float | None = None
    ranks: tuple[Rank, ...] = ()
    distribution: tuple[Bar, ...] = ()
    outside: tuple[Bar, ...] = ()
    withheld: bool = False


class FactorResult(msgspec.Struct, frozen=True, kw_only=True):
    """The mean (0..1) over the questions of a factor that have a figure to show; `questions`: how many these are."""

    id: str
    text: str
    questions: int
    share: float | None = None


class InvitedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What only a random sample has. `size`: rows of the frame (N); `rate`: answered / invited, 0..1, None for none.

    `weighted`: the question marked overall with each village counting by its size, with bounds; everywhere else each
    answer counts alike. `design_effect` is what that costs (Kish), `effective_n` = answered / design_effect. All three
    are None where a village is withheld or has fewer than five answers: they would tell what is withheld.
    """

    size: int
    invited: int
    rate: float | None
    design_effect: float | None = None
    effective_n: float | None = None
    weighted: Estimate | None = None


class WaveResults(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one wave. `invited` is None for an open wave, and then no figure has bounds.

    `n` counts responses; where there are fewer than five, nothing else is shown (`withheld`). `villages`: the question
    marked overall by village id, empty where no tallies by village were given.
    """

    formula: Formula
    n: int
    withheld: bool = False
    invited: InvitedFigures | None = None
    questions: tuple[QuestionResult, ...] = ()
    factors: tuple[FactorResult, ...] = ()
    overall: QuestionResult | None = None
    villages: dict[int, QuestionResult] = {}


def results(
    survey: Survey,
    sample: Sample,
    tallies: Mapping[str, Tally],
    *,
    by_village: Mapping[int, Mapping[str, Tally]] | None = None,
    formula: Formula = "top2",
) -> WaveResults:
    """The figures of a wave from the tallies of its released responses (surveys.tally.fold, or the rollups).

    ValueError where the villages together have more answers than the whole.
    """
    n = int(tallies.get(RESPONSES, {}).get("n", 0))
    if n < MINIMUM:
        return WaveResults(formula=formula, n=n, withheld=True)
    questions = tuple(
        _question(question, sample, tallies.get(question.id, {}), n, formula)
        for question in survey.questions
        if _has_figures(question, tallies.get(question.id, {}))
    )
    questions = without_telling(survey, questions)
    overall = next((one for one in questions if one.overall), None)
    villages = _villages(survey, sample, tallies, by_village or {}, formula)
    return WaveResults(
        formula=formula,
        n=n,
        invited=_invited(sample, overall, by_village or {}, villages, formula) if isinstance(sample, Invited) else None,
        questions=questions,
        factors=_factors(survey, questions),
        overall=overall,
        villages=villages,
    )


def _has_figures(question: Question, counts: Tally) -> bool:
    # A calculated text has nothing to count; a number that was calculated for nobody is not known from one.
    return "sum" in counts if question.kind is Kind.CALCULATED else question.kind is not Kind.NOTE


def without_telling(survey: Survey, questions: tuple[QuestionResult, ...]) -> tuple[QuestionResult, ...]:
    """The same without the means of calculated values that would tell of what is withheld in other questions."""
    gone = {one.id for one in questions if one.withheld or _is_short(one)}
    return tuple(
        msgspec.structs.replace(_bare(survey.question(one.id)), withheld=True)
        if one.kind == Kind.CALCULATED.value and one.mean is not None and tells(survey, survey.question(one.id), gone)
        else one
        for one in questions
    )


def _is_short(one: QuestionResult) -> bool:
    # Who skipped has no value that anything could be calculated from.
    return any(bar.withheld and bar.id != SKIPPED for bar in (*one.distribution, *one.outside))


def _invited(
    sample: Invited,
    overall: QuestionResult | None,
    by_village: Mapping[int, Mapping[str, Tally]],
    villages: Mapping[int, QuestionResult],
    formula: Formula,
) -> InvitedFigures:
    plain = InvitedFigures(size=sample.size, invited=sample.invited, rate=response_rate(sample))
    strata = [stratum for stratum in sample.strata if stratum.size]
    if any(s.answered < MINIMUM for s in strata) or any(village.withheld for village in villages.values()):
        return plain
    effect = design_effect(sample)
    found = msgspec.structs.replace(plain, design_effect=effect, effective_n=sample.answered / effect)
    if overall is None or len(strata) < 2 or any(s.id not in villages for s in strata):
        return found
    parts = [counted(Invited(strata=(s,)), by_village[s.id].get(overall.id, {})) for s in strata]
    return msgspec.structs.replace(found, weighted=weighted(parts, formula))


def _question(question: Question, sample: Sample, counts: Tally, responses: int, formula: Formula) -> QuestionResult:
    n = answered(question, counts)
    bare = _bare(question)
    if 0 < n < MINIMUM:
        return msgspec.structs.replace(bare, withheld=True)
    found = msgspec.structs.replace(_figure(bare, question, sample, counts, formula), n=n)
    gone = hidden_counts(question, counts, n, responses, formula)
    if question.kind is Kind.YESNO and "yes" in gone:
        found = msgspec.structs.replace(found, share=None, low=None, high=None)
    return msgspec.structs.replace(
        found, distribution=_distribution(question, counts, n, gone), outside=_outside(question, counts, gone)
    )


def _bare(question: Question) -> QuestionResult:
    return QuestionResult(
        id=question.id,
        text=question.text,
        kind=question.kind.value,
        factor=question.factor,
        overall=question.overall and question.kind is Kind.LIKERT5,
    )


def _figure(
    bare: QuestionResult, question: Question, sample: Sample, counts: Tally, formula: Formula
) -> QuestionResult:
    """The question with its figure, and its bounds where the sample has some."""
    of = counted(sample, counts)
    sure = of if isinstance(of, InvitedCounts) else None
    put = msgspec.structs.replace
    if question.kind is Kind.LIKERT5:
        share = satisfaction(counts, formula)
        found = put(bare, share=share, mean=plain_mean(counts) if formula == "mean" else None)
        if not sure:
            return found
        if formula == "top2":
            bounds = proportion(sure)
            return put(found, low=bounds.low, high=bounds.high) if bounds else found
        bounds = mean(sure)
        if bounds is None or bounds.low is None or bounds.high is None:
            return found
        return put(found, low=max((bounds.low - 1) / 4, 0.0), high=min((bounds.high - 1) / 4, 1.0))
    if question.kind is Kind.YESNO and (n := answered(question, counts)):
        bounds = proportion(sure, {"yes"}, SCALES[Kind.YESNO]) if sure else None
        low, high = (bounds.low, bounds.high) if bounds else (None, None)
        return put(bare, share=counts.get("yes", 0) / n, low=low, high=high)
    if question.kind is Kind.NPS:
        bounds = nps(sure) if sure else None
        low, high = (bounds.low, bounds.high) if bounds else (None, None)
        return put(bare, nps=plain_nps(counts), low=low, high=high)
    if question.kind is Kind.RANK:
        places = mean_ranks(question, counts, answered(question, counts))
        return put(bare, ranks=tuple(Rank(id=id, text=text, mean=at) for id, text, at in places))
    if "sum" in counts and counts.get("n"):
        return put(bare, mean=counts["sum"] / counts["n"])
    return bare


def _distribution(question: Question, counts: Tally, n: int, gone: frozenset[str]) -> tuple[Bar, ...]:
    texts = dict(zip(answers_of(question), [choice.text for choice in question.choices], strict=False))
    return tuple(
        Bar(id=id, text=texts.get(id, ""), withheld=True)
        if id in gone
        else Bar(
            id=id, text=texts.get(id, ""), count=int(counts.get(id, 0)), share=counts.get(id, 0) / n if n else None
        )
        for id in answers_of(question)
    )


def _outside(question: Question, counts: Tally, gone: frozenset[str]) -> tuple[Bar, ...]:
    refused = {str(NO_OPINION)} if not question.no_opinion else set()
    refused |= {str(NOT_APPLICABLE)} if not question.not_applicable else set()
    return tuple(
        Bar(id=id, withheld=True) if id in gone else Bar(id=id, count=int(counts.get(id, 0)))
        for id in outside_of(question)
        if id not in refused or counts.get(id)
    )


def _factors(survey: Survey, questions: tuple[QuestionResult, ...]) -> tuple[FactorResult, ...]:
    found = []
    for factor in survey.factors:
        shares = [
            one.share
            for one in questions
            if one.factor == factor.id and one.kind == Kind.LIKERT5.value and one.share is not None
        ]
        share = sum(shares) / len(shares) if shares else None
        found.append(FactorResult(id=factor.id, text=factor.text, questions=len(shares), share=share))
    return tuple(found)


def _villages(
    survey: Survey,
    sample: Sample,
    tallies: Mapping[str, Tally],
    by_village: Mapping[int, Mapping[str, Tally]],
    formula: Formula,
) -> dict[int, QuestionResult]:
    question = next((one for one in survey.questions if one.overall and one.kind is Kind.LIKERT5), None)
    if question is None or not by_village:
        return {}
    parts = {village: parts.get(question.id, {}) for village, parts in by_village.items()}
    gone = hidden_villages(
        {village: valid(counts) for village, counts in parts.items()}, valid(tallies.get(question.id, {}))
    )
    found = {}
    for village, counts in parts.items():
        bare = _bare(question)
        if village in gone:
            found[village] = msgspec.structs.replace(bare, withheld=True)
            continue
        here = _here(sample, village)
        whole = _figure(bare, question, here or sample, counts, formula)
        # A village that was no stratum of the sample has no size to be sure by.
        bounds = {} if here else {"low": None, "high": None}
        found[village] = msgspec.structs.replace(whole, n=valid(counts), **bounds)
    return found


def _here(sample: Sample, village: int) -> Sample | None:
    """The sample of one village; None where nothing is known of it."""
    if not isinstance(sample, Invited):
        return sample
    strata = tuple(stratum for stratum in sample.strata if stratum.id == village)
    return Invited(strata=strata) if strata else None
