"""The figures of one question: its index or mean, and the counts behind it that may stand beside it."""

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from reports.survey_figures import Option, QuestionFigures, Rank
from surveys.definition import NO_OPINION, NOT_APPLICABLE, Kind, Question
from surveys.disclosing import SCALES, answers_of, hidden_counts
from surveys.statistics import MINIMUM, Formula, mean_ranks, nps, satisfaction

Counts = Mapping[str, float]
Shown = Callable[[str], int | None]
_NONE, _NINE = str(NO_OPINION), str(NOT_APPLICABLE)
_LEVELS = SCALES[Kind.LIKERT5]
_BLOCKS: Mapping[Formula, tuple[tuple[int, ...], ...]] = {"top2": ((0, 1, 2), (3, 4)), "mean": ((0, 1, 2, 3, 4),)}
"""Levels (from 0) of which n and the printed index tell how many there are together."""


def filled(
    bare: QuestionFigures,
    question: Question,
    counts: Counts,
    n: int,
    responses: int,
    formula: Formula,
    besides: frozenset[str] = frozenset(),
) -> QuestionFigures:
    """`bare` with what `n` answers of the `responses` say; counts that would tell of one to four people are None.

    `besides`: counts that must stay out because of what other periods tell.
    """
    gone = hidden_counts(question, counts, n, responses, formula) | besides

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
            ranks = tuple(Rank(id=id, text=text, mean=at) for id, text, at in mean_ranks(question, counts, n))
            return replace(bare, n=n, ranks=ranks)
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
