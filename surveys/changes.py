"""Two invited waves of one questionnaire, question by question: what changed, and how surely.

    found = changes(earlier, later, formula="top2")

Only what both waves show is compared, so that a change tells of nobody who is withheld in one of them. An open wave
has no `Invited`, and so no `Side`.
"""

from typing import NamedTuple

import msgspec

from surveys.definition import Kind, Question, Survey
from surveys.disclosing import SCALES
from surveys.estimates import NPS, Change, Statement, change, change_of_means, change_of_shares
from surveys.results import QuestionResult, WaveResults
from surveys.samples import Invited, InvitedCounts
from surveys.statistics import Formula
from surveys.tally import Tally

_KINDS = (Kind.LIKERT5, Kind.YESNO, Kind.NPS)


class Side(NamedTuple):
    """One wave: its survey, its sample, the counts of its released answers, and what of them may be shown."""

    survey: Survey
    sample: Invited
    tallies: dict[str, Tally]
    found: WaveResults


class QuestionChange(msgspec.Struct, frozen=True, kw_only=True):
    """A question in both waves. `before` and `after`: its share (0..1), of NPS its score (-100..100), with n answers.

    `difference` is `after` less `before`, with its bounds at 95 %. All are None where one of the waves withholds the
    question, or has no answer to it.
    """

    id: str
    text: str
    kind: str
    overall: bool = False
    n_before: int | None = None
    n_after: int | None = None
    before: float | None = None
    after: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    statement: Statement | None = None


def comparable(earlier: Survey, later: Survey) -> list[Question]:
    """The questions with a share or a score that both ask in the same words, of the same people, on the same scale."""
    before = {question.id: question for question in earlier.questions}
    return [one for one in later.questions if one.kind in _KINDS and _same(before.get(one.id), one)]


def _same(one: Question | None, other: Question) -> bool:
    # Whether an answer is required, or has an audio prompt, changes nothing of what is asked.
    return one is not None and msgspec.structs.replace(one, required=other.required, audio=other.audio) == other


def changes(earlier: Side, later: Side, formula: Formula = "top2") -> list[QuestionChange]:
    """Every comparable question in the order of the later survey."""
    then = {one.id: one for one in earlier.found.questions}
    now = {one.id: one for one in later.found.questions}
    return [
        _change(question, then.get(question.id), now.get(question.id), earlier, later, formula)
        for question in comparable(earlier.survey, later.survey)
    ]


def _change(
    question: Question,
    then: QuestionResult | None,
    now: QuestionResult | None,
    earlier: Side,
    later: Side,
    formula: Formula,
) -> QuestionChange:
    overall = question.overall and question.kind is Kind.LIKERT5
    bare = QuestionChange(id=question.id, text=question.text, kind=question.kind.value, overall=overall)
    if then is None or now is None:
        return bare
    old, new = _figure(then), _figure(now)
    if old is None or new is None:
        return bare
    counts = [InvitedCounts(sample=side.sample, tally=side.tallies.get(question.id, {})) for side in (earlier, later)]
    found = _between(question.kind, counts[0], counts[1], formula)
    if found is None:
        return bare
    return msgspec.structs.replace(
        bare,
        n_before=then.n,
        n_after=now.n,
        before=old,
        after=new,
        difference=found.difference,
        low=found.low,
        high=found.high,
        statement=found.statement,
    )


def _figure(one: QuestionResult) -> float | None:
    return one.nps if one.kind == Kind.NPS.value else one.share


def _between(kind: Kind, before: InvitedCounts, after: InvitedCounts, formula: Formula) -> Change | None:
    if kind is Kind.LIKERT5:
        return change(before, after, formula)
    if kind is Kind.YESNO:
        return change_of_shares(before, after, {"yes"}, SCALES[Kind.YESNO])
    return change_of_means(before, after, NPS)
