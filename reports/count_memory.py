"""Counts by level and choice, looked at together with all that were published before, of whatever periods.

A quarter less two of its months is the third: where March had a "…", the quarter must not give it away, nor must a
month the quarter that came before it. So the days are cut where any published period begins or ends; the counts of each
piece are unknowns that a reader can add up and subtract, and surveys.suppression finds what has to stay out now. Where
that are more pieces than a quarter has months, its search would take longer than the whole report: then
reports.count_algebra looks at what the equations give away, and a count that tells nothing new stands there always.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

from reports.cut_ledger import COUNT
from reports.question_counting import filled
from reports.source import AskedSurvey, Source, Tally
from reports.survey_figures import Cell, QuestionFigures
from surveys.definition import Question
from surveys.disclosing import Table, answered, answers_of, few_in_a_group, outside_of, table_of
from surveys.statistics import MINIMUM, Formula
from surveys.suppression import Inconsistent, protect
from surveys.tally import SKIPPED

_MOST = 4
"""Pieces of time: a quarter's months, and one more day on which it was cut."""

Days = tuple[date, date]
Counts = Mapping[str, float]
Key = tuple[str, Days, str]
"""Whether of a piece of time or of a period that is published, its days, and the key of the tally."""


class ToldCounts:
    """The counts of one survey as reports tell them: each question with what is told of it already."""

    def __init__(self, source: Source, asked: AskedSurvey, formula: Formula, earlier: Iterable[Cell]) -> None:
        self._source = source
        self._asked = asked
        self._formula = formula
        self._earlier = [cell for cell in earlier if (cell.version, cell.kind) == (asked.version, asked.kind)]
        self._tallies: dict[Days, dict[str, Tally]] = {}
        self._responses: dict[Days, int] = {}

    def filled(
        self, bare: QuestionFigures, question: Question, days: Days, soon: Iterable[Days]
    ) -> tuple[QuestionFigures, list[Cell]]:
        """`bare` with what was answered in these days, and the counts of it that are published by that.

        `soon`: days whose n and figure will stand beside it.
        """
        counts = self._of(question.id)
        memory = CountMemory(question, self._formula, counts, self._all, self._earlier)
        gone = memory.hidden(*days, soon) if answers_of(question) else frozenset[str]()
        told, n = counts(*days), answered(question, counts(*days))
        figures = filled(bare, question, told, n, self._all(*days), self._formula, gone)
        if not n:
            return figures, []
        shown = {option.id: option.count for option in figures.options}
        shown |= {str(level): count for level, count in enumerate(figures.counts, start=1)}
        if figures.counts:
            asides = zip(outside_of(question), (figures.no_opinion, figures.not_applicable), strict=False)
            shown |= {key: count for key, count in asides if count}
        return figures, [self._cell(question.id, key, n, days) for key, n in shown.items() if n is not None]

    def _cell(self, question: str, key: str, n: int, days: Days) -> Cell:
        first, last = days
        asked = self._asked
        cut = f"{COUNT}{key}"
        return Cell(version=asked.version, kind=asked.kind, cut=cut, question=question, n=n, first=first, last=last)

    def _of(self, question: str) -> Callable[[date, date], Counts]:
        def counts(first: date, last: date) -> Counts:
            days = (first, last)
            if days not in self._tallies:
                self._tallies[days] = self._source.tallies(self._asked.version, first, last, self._asked.kind)
            return self._tallies[days].get(question, {})

        return counts

    def _all(self, first: date, last: date) -> int:
        days = (first, last)
        if days not in self._responses:
            found = self._source.responses(self._asked.version, first, last, self._asked.kind)
            self._responses[days] = sum(found.values())
        return self._responses[days]


class CountMemory:
    """What is known of the counts of one question; `counts` and `responses` give them between two days."""

    def __init__(
        self,
        question: Question,
        formula: Formula,
        counts: Callable[[date, date], Counts],
        responses: Callable[[date, date], int],
        earlier: Iterable[Cell],
    ) -> None:
        self._question = question
        self._formula = formula
        self._counts = counts
        self._responses = responses
        self._shown: dict[Days, dict[str, int]] = {}
        for cell in earlier:
            if cell.question == question.id and (cell.cut == "all" or cell.cut.startswith(COUNT)):
                shown = self._shown.setdefault((cell.first, cell.last), {})
                if cell.cut != "all":
                    shown[cell.cut.removeprefix(COUNT)] = cell.n

    def hidden(self, first: date, last: date, soon: Iterable[Days] = ()) -> frozenset[str]:
        """Keys of the tally to leave out of the period's table because of other periods.

        `soon`: days of which the number of answers and the figure will be published beside it. What the period alone
        withholds (surveys.disclosing) is found without this.
        """
        now = (first, last)
        near = self._near(now, soon)
        keys = frozenset((*answers_of(self._question), *outside_of(self._question)))
        if near <= {now} or few_in_a_group(self._question, self._counts(*now)):
            return frozenset()
        try:
            if len(_pieces(near)) > _MOST:
                return self._refused(now, sorted(near)) & keys
            return self._hidden(now, sorted(near)) & keys
        except Inconsistent:
            # What was counted then and what is counted now do not fit: nothing can be proved.
            return keys

    def _near(self, now: Days, soon: Iterable[Days]) -> set[Days]:
        """The published periods that overlap this one, or one that does, and so on."""
        far = set(self._shown) | {span for span in soon if self._n(span) >= MINIMUM}
        near, new = set[Days](), {now}
        while new:
            far -= new
            near |= new
            new = {span for span in far if any(span[0] <= last and first <= span[1] for first, last in new)}
        return near if len(near) > 1 else set()

    def _refused(self, now: Days, spans: list[Days]) -> frozenset[str]:
        """The keys whose counts would, with everything told before, give a small group away."""
        from reports.count_algebra import Equations  # numpy: nothing that an idle process should carry

        pieces = _pieces(spans)
        told = Equations(pieces, spans, {piece: self._table(piece) for piece in pieces})
        for span in spans:
            table, shown = self._table(span), self._shown.get(span, {})
            self._checked(span, table, shown)
            for key, n in {**table.seen, **shown}.items():
                told.say(span, key, n)
            for relation in table.relations:
                if any(key in relation and not n for key, n in table.seen.items()):
                    told.nothing(span, relation)
        told.begin()
        cells = {key: n for key, n in self._table(now).cells.items() if key != SKIPPED}
        return frozenset(
            key for key in sorted(cells, key=lambda key: (-cells[key], key)) if not told.tell(now, key, cells[key])
        )

    def _checked(self, span: Days, table: Table, shown: Mapping[str, int]) -> None:
        if any(table.cells.get(key, 0) != n for key, n in shown.items()):
            raise Inconsistent(f"{self._question.id}: {span}")

    def _n(self, span: Days) -> int:
        return answered(self._question, self._counts(*span))

    def _table(self, span: Days) -> Table:
        return table_of(self._question, self._counts(*span), self._n(span), self._responses(*span), self._formula)

    def _hidden(self, now: Days, spans: list[Days]) -> frozenset[str]:
        cells: dict[Key, int] = {}
        relations: list[dict[Key, int]] = []
        pieces = _pieces(spans)
        for piece in pieces:
            table = self._table(piece)
            everything = table.cells | table.unprinted | table.seen
            cells |= {("piece", piece, key): n for key, n in everything.items()}
            relations += [{("piece", piece, key): by for key, by in one.items()} for one in table.relations]
        self._runs(pieces, cells, relations)
        latent = list(cells)
        known: list[Key] = []
        for span in spans:
            inside = [piece for piece in pieces if span[0] <= piece[0] and piece[1] <= span[1]]
            table, shown = self._table(span), self._shown.get(span, {})
            wanted = table.seen | (table.cells if span == now else {key: table.cells.get(key, 0) for key in shown})
            for key, n in wanted.items():
                cell = ("period", span, key)
                cells[cell] = n
                relations.append({**{("piece", piece, key): 1 for piece in inside}, cell: -1})
                if key in table.seen or key in shown:
                    known.append(cell)
            self._checked(span, table, shown)
        # Who skipped a question is told nowhere.
        skipped = ("period", now, SKIPPED)
        found = protect(cells, relations, known=known, latent=latent, hidden=[skipped] if skipped in cells else [])
        return frozenset(key for of, span, key in found.withheld if of == "period" and span == now)

    def _runs(self, cut: list[Days], cells: dict[Key, int], relations: list[dict[Key, int]]) -> None:
        """Days that follow on each other, of which one to four gave an answer together: what subtracting may leave.

        Every period that keeps a count back is among them, and what is left of a longer one without a shorter one.
        """
        for key in answers_of(self._question) + outside_of(self._question):
            for start, first in enumerate(cut):
                n = cells.get(("piece", first, key), 0)
                for stop in range(start + 1, len(cut)):
                    if cut[stop][0] != cut[stop - 1][1] + timedelta(days=1) or n >= MINIMUM:
                        break
                    more = cells.get(("piece", cut[stop], key), 0)
                    n += more
                    run = ("run", (first[0], cut[stop][1]), key)
                    # What nothing was added to says no more than the shorter one.
                    if more and cells.get(("piece", first, key), 0) and 0 < n < MINIMUM:
                        cells[run] = n
                        relations.append({**{("piece", one, key): 1 for one in cut[start : stop + 1]}, run: -1})


def _pieces(spans: Iterable[Days]) -> list[Days]:
    """The days from the first to the last, cut wherever one of the spans begins or ends; only what is in some span."""
    wanted = list(spans)
    days = sorted({first for first, _ in wanted} | {last + timedelta(days=1) for _, last in wanted})
    found = [(first, after - timedelta(days=1)) for first, after in pairwise(days)]
    return [one for one in found if any(first <= one[0] and one[1] <= last for first, last in wanted)]
