"""From the store's tallies to the figures of a survey: index, shares, cuts, and what has to stay hidden."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from reports.disclosure import FLOOR, Ledger
from reports.periods import Period, months_to, previous, village_period
from reports.question_counting import filled
from reports.source import AskedSurvey, Source, Tally
from reports.survey_figures import (
    Before,
    Cell,
    ChannelFigures,
    FactorFigures,
    Hidden,
    QuestionFigures,
    SurveyFigures,
    TrendPoint,
    VillageCut,
    VillageFigures,
)
from surveys.definition import Kind, Question
from surveys.disclosing import answered, tells
from surveys.statistics import Formula, satisfaction, suppressed, valid
from vietnam.text import sort_key

TREND_MONTHS = 6


class Counting:
    """One survey in one report. Keeps the ledger of every question, so that cuts are refused knowing all others."""

    def __init__(
        self,
        source: Source,
        asked: AskedSurvey,
        period: Period,
        *,
        until: date,
        formula: Formula,
        earlier: Iterable[Cell],
    ) -> None:
        self._source = source
        self._asked = asked
        self._period = period
        self._until = until
        self._formula = formula
        commune = source.commune()
        self._commune = commune
        self._places = (commune.id, *(village.id for village in commune.villages))
        self._ledgers = {
            question.id: Ledger(self._places if question.overall else (0,)) for question in self._questions
        }
        for cell in earlier:
            ledger = self._ledgers.get(cell.question)
            if (cell.version, cell.kind) == (asked.version, asked.kind) and ledger is not None:
                place = int(cell.cut.removeprefix("village:")) if cell.cut != "all" else None
                ledger.record(place, cell.first, cell.last, cell.n)
        self._cells: list[Cell] = []

    def figures(self) -> tuple[SurveyFigures, tuple[Cell, ...]]:
        """The figures, and every cell that they publish. Asked once: the order decides what is hidden."""
        period, before = self._period, previous(self._period)
        now = self._tallies(period)
        then = self._tallies(before)
        responses = self._source.responses(self._asked.version, period.first, self._until, self._asked.kind)
        n = sum(responses.values())
        # Widest first: what a reader needs most is published, what would betray it is not.
        questions = tuple(self._question(question, now.get(question.id, {}), n) for question in self._questions)
        questions = self._without_telling(questions)
        questions = tuple(self._with_before(question, then.get(question.id, {}), before) for question in questions)
        earlier = self._source.responses(self._asked.version, before.first, before.last, self._asked.kind)
        result = SurveyFigures(
            version=self._asked.version,
            number=self._asked.number,
            id=self._asked.survey.id,
            title=self._asked.survey.title,
            kind=self._asked.kind,
            index=self._formula,
            responses=n,
            responses_before=sum(earlier.values()),
            channels=_channels(responses),
            questions=questions,
            factors=self._factors(questions),
            villages=self._villages(),
            trend=self._trend(),
            source=self._asked.survey.source,
            note=self._asked.survey.print_note,
        )
        return result, tuple(self._cells)

    @property
    def _questions(self) -> list[Question]:
        return [question for question in self._asked.survey.questions if question.kind is not Kind.NOTE]

    @property
    def _overall(self) -> Question | None:
        return next((q for q in self._questions if q.overall and q.kind is Kind.LIKERT5), None)

    def _tallies(self, period: Period) -> dict[str, Tally]:
        return self._source.tallies(self._asked.version, period.first, min(period.last, self._until), self._asked.kind)

    def _publish(self, question: str, place: int | None, period: Period, n: int) -> Hidden:
        """Why not, or "" when `n` may be shown; then it is entered among the published cells."""
        if 0 < n < FLOOR:
            return "small"
        last = min(period.last, self._until)
        if not self._ledgers[question].publish(place, period.first, last, n):
            return "linked"
        if n:
            cut = "all" if place is None else f"village:{place}"
            cell = Cell(
                version=self._asked.version,
                kind=self._asked.kind,
                cut=cut,
                question=question,
                n=n,
                first=period.first,
                last=last,
            )
            if cell not in self._cells:
                self._cells.append(cell)
        return ""

    def _question(self, question: Question, counts: Tally, responses: int) -> QuestionFigures:
        n = answered(question, counts)
        bare = QuestionFigures(
            id=question.id,
            kind=question.kind.value,
            text=question.text,
            stem=question.stem or self._specified(question),
            factor=question.factor,
            overall=question is self._overall,
            hidden=self._publish(question.id, None, self._period, n),
        )
        if bare.hidden:
            return bare
        return filled(bare, question, counts, n, responses, self._formula)

    def _specified(self, question: Question) -> str:
        """What "Khác (ghi rõ)" was chosen for: "Xin ghi rõ" alone says nothing."""
        return self._asked.survey.question(question.other_of).text if question.other_of else ""

    def _without_telling(self, questions: tuple[QuestionFigures, ...]) -> tuple[QuestionFigures, ...]:
        survey, withheld = self._asked.survey, {one.id for one in questions if one.withheld or one.hidden}
        return tuple(
            replace(one, mean=None)
            if one.kind == Kind.CALCULATED and tells(survey, survey.question(one.id), withheld)
            else one
            for one in questions
        )

    def _with_before(self, figures: QuestionFigures, counts: Tally, before: Period) -> QuestionFigures:
        if figures.kind != Kind.LIKERT5 or figures.n is None:
            return figures
        n = valid(counts)
        if not n or self._publish(figures.id, None, before, n):
            return figures
        return replace(figures, before=Before(n=n, index=satisfaction(counts, self._formula)))

    def _factors(self, questions: tuple[QuestionFigures, ...]) -> tuple[FactorFigures, ...]:
        found = []
        for factor in self._asked.survey.factors:
            parts = [q for q in questions if q.factor == factor.id and q.index is not None]
            earlier = [q.before.index for q in parts if q.before is not None and q.before.index is not None]
            found.append(
                FactorFigures(
                    id=factor.id,
                    text=factor.text,
                    questions=len(parts),
                    n=sum(q.n or 0 for q in parts),
                    index=_mean([q.index for q in parts if q.index is not None]),
                    # A mean of other questions would compare two different things.
                    before=_mean(earlier) if len(earlier) == len(parts) else None,
                )
            )
        return tuple(found)

    def _villages(self) -> VillageCut | None:
        overall, period = self._overall, village_period(self._period)
        if overall is None:
            return None
        last = min(period.last, self._until)
        whole = self._tallies(period).get(overall.id, {})
        parts = self._source.tallies_by_village(self._asked.version, period.first, last, self._asked.kind)
        counts = {place: parts.get(place, {}).get(overall.id, {}) for place in self._places}
        if not valid(whole):
            return None
        rows = {}
        whole_row = self._place(overall.id, None, "", whole, period)
        for place in sorted(counts, key=lambda at: (-valid(counts[at]), at)):
            name = next((village.name for village in self._commune.villages if village.id == place), "")
            rows[place] = self._place(overall.id, place, name, counts[place], period)
        ordered = sorted(self._commune.villages, key=lambda village: sort_key(village.name))
        blank = [rows[self._commune.id]] if valid(counts[self._commune.id]) else []
        return VillageCut(
            period=period.key,
            title=period.short,
            first=period.first,
            last=last,
            whole=whole_row,
            rows=(*(rows[village.id] for village in ordered), *blank),
        )

    def _place(self, question: str, place: int | None, name: str, counts: Tally, period: Period) -> VillageFigures:
        n, id = valid(counts), self._commune.id if place is None else place
        # A village of nobody is not told from a village of four.
        why = self._publish(question, place, period, n) if n else "small"
        if why:
            return VillageFigures(id=id, name=name, hidden=why)
        return VillageFigures(id=id, name=name, n=n, index=satisfaction(counts, self._formula))

    def _trend(self) -> tuple[TrendPoint, ...]:
        overall = self._overall
        if overall is None:
            return ()
        points = []
        for month in reversed(months_to(self._period, TREND_MONTHS)):
            if month.first > self._until:
                continue
            counts = self._tallies(month).get(overall.id, {})
            n = valid(counts)
            why = self._publish(overall.id, None, month, n)
            points.append(
                TrendPoint(
                    period=month.key,
                    title=month.short,
                    first=month.first,
                    last=min(month.last, self._until),
                    n=None if why else n,
                    index=None if why else satisfaction(counts, self._formula),
                    hidden=why,
                )
            )
        return tuple(reversed(points))


def _channels(responses: Mapping[str, int]) -> tuple[ChannelFigures, ...]:
    # Blanked ones are a part like any other: two of them are two people as well.
    gone = suppressed(dict(sorted(responses.items())))
    shown = [ChannelFigures(id=id, n=n) for id, n in sorted(responses.items()) if id and id not in gone]
    shown.sort(key=lambda channel: -channel.n)
    rest = sum(responses.values()) - sum(channel.n for channel in shown)
    return (*shown, ChannelFigures(id="", n=rest)) if rest else tuple(shown)


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
