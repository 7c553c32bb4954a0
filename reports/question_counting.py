"""The figures of one question: its index or mean, and the counts behind it that may stand beside it."""

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from reports.survey_figures import Option, QuestionFigures, Rank
from surveys.definition import NO_OPINION, NOT_APPLICABLE, Kind, Question, Survey
from surveys.disclosing import SCALES, answers_of, hidden_counts
from surveys.expression import names, parse
from surveys.statistics import MINIMUM, Formula, nps, satisfaction

Counts = Mapping[str, float]
Shown = Callable[[str], int | None]
_NONE, _NINE = str(NO_OPINION), str(NOT_APPLICABLE)
_LEVELS = SCALES[Kind.LIKERT5]
_BLOCKS: Mapping[Formula, tuple[tuple[int, ...], ...]] = {"top2": ((0, 1, 2), (3, 4)), "mean": ((0, 1, 2, 3, 4),)}
"""Levels (from 0) of which n and the printed index tell how many there are together."""


def filled(
    bare: QuestionFigures, question: Question, counts: Counts, n: int, responses: int, formula: Formula
) -> QuestionFigures:
    """`bare` with what `n` answers of the `responses` say; counts that would tell of one to four people are None."""
    gone = hidden_counts(question, counts, n, responses, formula)
    if few_in_a_group(question, counts):
        gone |= frozenset(answers_of(question))

    def shown(key: str) -> int | None:
        return None if key in gone else int(counts.get(key, 0))

    match question.kind:
        case Kind.LIKERT5:
            return replace(
                bare,
                n=n,
                counts=tuple(shown(level) for level in _LEVELS),
                # What was not offered is nobody's answer, and no place to hide anything.
                no_opinion=shown(_NONE) if question.no_opinion or counts.get(_NONE) else 0,
                not_applicable=shown(_NINE) if question.not_applicable or counts.get(_NINE) else 0,
                index=satisfaction(counts, formula),
            )
        case Kind.RANK:
            return replace(bare, n=n, ranks=_ranks(question, counts, n))
        case Kind.NPS:
            return replace(bare, n=n, options=_options(question, shown, n), nps=nps(counts))
        case Kind.SINGLE | Kind.MULTIPLE | Kind.YESNO:
            return replace(bare, n=n, options=_options(question, shown, n))
        case _:
            return replace(bare, n=n, mean=counts["sum"] / n if n and "sum" in counts else None)


def _options(question: Question, shown: Shown, n: int) -> tuple[Option, ...]:
    texts = {choice.id: choice.text for choice in question.choices}
    found = []
    for id in answers_of(question):
        count = shown(id)
        share = None if count is None else count / n if n else 0.0
        found.append(Option(id=id, text=texts.get(id, ""), count=count, share=share))
    return tuple(found)


def _ranks(question: Question, counts: Counts, n: int) -> tuple[Rank, ...]:
    found = [Rank(id=id, text=text, mean=mean) for id, text, mean in mean_ranks(question, counts, n)]
    return tuple(sorted(found, key=lambda rank: rank.mean))


def mean_ranks(question: Question, counts: Counts, n: int) -> list[tuple[str, str, float]]:
    """Id, text and mean place (from 1) of every choice of a rank question that n people answered; [] for nobody.

    No counts of places stand beside the means: where two choices are ranked they would be the same thing twice.
    """
    places = range(1, len(question.choices) + 1)
    return [
        (choice.id, choice.text, sum(at * counts.get(f"{choice.id}#{at}", 0) for at in places) / n)
        for choice in question.choices
        if n
    ]


def few_in_a_group(question: Question, counts: Counts) -> bool:
    """Whether one to four people are all the promoters, or all the detractors, or all between, of an NPS question.

    n, the score and one of the three groups tell the other two: then no level of any may stand beside the score.
    """
    groups = (range(7), range(7, 9), range(9, 11)) if question.kind is Kind.NPS else ()
    return any(0 < sum(counts.get(str(level), 0) for level in group) < MINIMUM for group in groups)


def tells(survey: Survey, question: Question, withheld: Iterable[str]) -> bool:
    """Whether the mean of a calculated value would tell of questions with counts that are `withheld`.

    A sum of answers is one more equation over the same levels: with it, the missing ones could be solved for.
    """
    seen: set[str] = set()
    todo = [question.id]
    while todo:
        one = survey.question(todo.pop())
        new = set(names(parse(one.value))) - seen if one.value else set()
        seen |= new
        todo += new
    return not seen.isdisjoint(withheld)


def together(question: QuestionFigures, levels: Iterable[int], formula: Formula) -> int | None:
    """How many answers the levels (0..4) have together, where a reader could work it out anyway; else None."""
    wanted = set(levels)
    counts = [question.counts[level] for level in sorted(wanted)]
    known = [n for n in counts if n is not None]
    if len(known) == len(counts):
        return sum(known)
    block = next((one for one in _BLOCKS[formula] if wanted <= set(one)), ())
    rest = [question.counts[level] for level in block if level not in wanted]
    others = [n for n in rest if n is not None]
    if not block or len(others) < len(rest):
        return None
    found = of_block(question, block, formula) - sum(others)
    return None if 0 < found < MINIMUM else found


def of_block(question: QuestionFigures, block: tuple[int, ...], formula: Formula) -> int:
    """How many answers a block of levels has, as n and the index tell."""
    n, index = question.n or 0, question.index or 0.0
    if formula == "mean":
        return n
    high = round(index * n)
    return high if block == _BLOCKS["top2"][1] else n - high


def blocks(formula: Formula) -> tuple[tuple[int, ...], ...]:
    """The levels (0..4) whose sums n and the index tell, lowest first."""
    return _BLOCKS[formula]
