"""Which counts of one question, and which villages, a table must leave out (RP6); surveys.suppression decides.

Taken for seen by everybody: the number of responses, n of a question that has five answers or more, and its figure
(the index, the score), which gives away what lies behind it: how many said 4 or 5, or the sum of what was said. Where
that alone shows that fewer than five said so ("98 %" of 150), the levels below stay out, so that nobody learns more.
"""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from surveys.definition import NO_OPINION, NOT_APPLICABLE, Kind, Question, Survey
from surveys.expression import names, parse
from surveys.statistics import MINIMUM, Formula
from surveys.suppression import protect, two_way, whole
from surveys.tally import SKIPPED

SCALES: Mapping[Kind, tuple[str, ...]] = {
    Kind.LIKERT5: ("1", "2", "3", "4", "5"),
    Kind.NPS: tuple(str(value) for value in range(11)),
    Kind.YESNO: ("yes", "no"),
}
"""What can be answered on the fixed scales, as keys of a tally."""
_NPS_GROUPS = (tuple("0123456"), ("7", "8"), ("9", "10"))
_N, _ALL, _NOT_ASKED, _OTHER = "= n", "= all", "= not asked", "= other"
_SUM, _SQUARES = "= sum", "= squares"

Cells = dict[str, int]
Relation = dict[str, int]


def answers_of(question: Question) -> tuple[str, ...]:
    """The keys of a tally that make up the distribution of a question, in their order; () where it has none.

    A rank has mean places (surveys.statistics.mean_ranks), and no counts beside them.
    """
    if question.kind in {Kind.SINGLE, Kind.MULTIPLE}:
        return tuple(choice.id for choice in question.choices)
    return SCALES.get(question.kind, ())


def outside_of(question: Question) -> tuple[str, ...]:
    """The keys outside the denominator: no opinion and not applicable (likert5 alone has them), skipped."""
    if question.kind is Kind.LIKERT5:
        return (str(NO_OPINION), str(NOT_APPLICABLE), SKIPPED)
    return (SKIPPED,)


def answered(question: Question, counts: Mapping[str, float]) -> int:
    """How many gave an answer that counts."""
    if "n" in counts:
        return int(counts["n"])
    keys = answers_of(question) or [key for key in counts if key != SKIPPED]
    return int(sum(counts.get(key, 0) for key in keys))


def hidden_counts(
    question: Question, counts: Mapping[str, float], n: int, responses: int, formula: Formula = "top2"
) -> frozenset[str]:
    """Keys of the tally (levels, choices, "0", "9", "-") to be left out where n and the figure are shown.

    `n`: answers that count, `responses`: all of the wave. A question without counts to show has none to hide but "-".
    Of an NPS question no level is shown where promoters, detractors or those between are one to four.
    """
    table = table_of(question, counts, n, responses, formula)
    everything = {**table.cells, **table.unprinted, **table.seen}
    withheld = protect(everything, table.relations, known=table.seen, latent=table.unprinted).withheld
    gone = frozenset(id for id in withheld if not id.startswith("="))
    return gone | frozenset(answers_of(question)) if few_in_a_group(question, counts) else gone


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of a question with what links them: those that may be printed, those that are not, and what is seen.

    `seen`: n, the responses, and the sums that the figure tells. Every relation adds up to 0. Keys of `unprinted` and
    `seen` begin with "=".
    """

    cells: Cells
    unprinted: Cells
    seen: Cells
    relations: list[Relation]


def table_of(
    question: Question, counts: Mapping[str, float], n: int, responses: int, formula: Formula = "top2"
) -> Table:
    """The table of a question; arguments as of `hidden_counts`."""
    cells = {id: int(counts.get(id, 0)) for id in answers_of(question)}
    relations: list[Relation] = []
    unprinted: Cells = {}
    seen: Cells = {_N: n, _ALL: responses}
    if question.kind is Kind.MULTIPLE:
        for choice in list(cells):
            # Who did not choose it is a group as well.
            unprinted[_without(choice)] = n - cells[choice]
            relations.append(whole(_N, [choice, _without(choice)]))
    elif cells:
        # An answer that is none of these (a choice of an earlier version) is somebody all the same.
        relations += _sum_of(_N, cells, n - sum(cells.values()), unprinted, _OTHER)
        relations += _of_figure(question, cells, seen, formula)
    beside = {id: int(counts.get(id, 0)) for id in outside_of(question)}
    cells |= beside
    relations += _sum_of(_ALL, [_N, *beside], responses - n - sum(beside.values()), unprinted, _NOT_ASKED)
    return Table(cells=cells, unprinted=unprinted, seen=seen, relations=relations)


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


def _sum_of(total: str, parts: Iterable[str], rest: int, unprinted: Cells, name: str) -> list[Relation]:
    """That a total is the sum of its parts and of a rest that is not printed, if there is one.

    Tallies of which more is counted than there are people belong to another total: then nothing follows from it.
    """
    if rest < 0:
        return []
    if not rest:
        return [whole(total, parts)]
    unprinted[name] = rest
    return [whole(total, [*parts, name])]


def hidden_villages(parts: Mapping[int, int], total: int, minimum: int = MINIMUM) -> frozenset[int]:
    """The villages to be left out, by their answers, where the `total` of all is shown.

    A village of nobody is left out too: it is not to be told from one of four. ValueError where the parts are more
    than the total; answers of no village at all are a part that nobody sees.
    """
    rest = total - sum(parts.values())
    if rest < 0:
        raise ValueError(f"the villages have {-rest} answers more than the whole")
    cells: dict[int | str, int] = {_ALL: total}
    cells.update(parts.items())
    if rest:
        cells[_OTHER] = rest
    sums: dict[int | str, int] = whole(_ALL, [key for key in cells if key != _ALL])
    found = protect(
        cells,
        [sums],
        known=[_ALL],
        latent=[_OTHER] if rest else [],
        hidden=[village for village, n in parts.items() if not n],
        minimum=minimum,
    )
    return frozenset(village for village in found.withheld if isinstance(village, int))


def hidden_cells(
    rows: Mapping[int, Mapping[str, int]], columns: Collection[str], minimum: int = MINIMUM
) -> frozenset[tuple[int | None, str | None]]:
    """What to leave out of a table of levels by village with its sums: (village, level), and (village, None), ...

    (None, level) and (None, None) are the sums of the columns and of all. Rows may lack columns, which count 0.
    """
    counts = {(row, column): values.get(column, 0) for row, values in rows.items() for column in columns}
    cells, relations = two_way(counts)
    return protect(cells, relations, minimum=minimum).withheld


def few_in_a_group(question: Question, counts: Mapping[str, float]) -> bool:
    """Whether one to four people are all the promoters, or all the detractors, or all between, of an NPS question.

    n, the score and one of the three groups tell the other two: then no level of any may stand beside the score.
    """
    groups = _NPS_GROUPS if question.kind is Kind.NPS else ()
    return any(0 < sum(counts.get(level, 0) for level in group) < MINIMUM for group in groups)


def _without(choice: str) -> str:
    return f"= not {choice}"


def _of_figure(question: Question, cells: Cells, seen: Cells, formula: Formula) -> list[Relation]:
    """What the printed figure and its bounds tell of the levels, entered among what is seen."""
    if question.kind is Kind.LIKERT5 and formula == "top2":
        return _groups([("1", "2", "3"), ("4", "5")], cells, seen)
    if question.kind is Kind.NPS:
        # The score is promoters less detractors; how wide its interval is tells their sum.
        return _groups(_NPS_GROUPS, cells, seen)
    if question.kind is Kind.LIKERT5:
        # The mean tells the sum, and its interval the sum of the squares.
        found = []
        for name, power in ((_SUM, 1), (_SQUARES, 2)):
            factors = {level: int(level) ** power for level in cells}
            seen[name] = sum(factors[level] * n for level, n in cells.items())
            found.append({**factors, name: -1})
        return found
    return []


def _groups(groups: Iterable[tuple[str, ...]], cells: Cells, seen: Cells) -> list[Relation]:
    named = {f"= {' '.join(group)}": group for group in groups}
    seen |= {name: sum(cells[level] for level in group) for name, group in named.items()}
    return [whole(name, group) for name, group in named.items()]
