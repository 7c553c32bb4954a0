"""From the store's tallies to the figures of a survey: index, shares, cuts, and what has to stay hidden."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec.structs import replace

from reports.count_memory import ToldCounts
from reports.cut_counting import CutCounting
from reports.cut_figures import Cut, cut_questions
from reports.cut_ledger import WHOLE, CutLedger, all_ways, channel_way
from reports.disclosure import FLOOR
from reports.periods import Period, previous, village_period
from reports.sample_figures import ChangeFigures, Sampling, change
from reports.served_figures import ServedFigures, served_figures
from reports.source import AskedSurvey, Source, Tally
from reports.survey_figures import (
    Before,
    Cell,
    ChannelFigures,
    FactorFigures,
    FactorTrend,
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
from surveys.tally import RESPONSES
from vietnam.text import sort_key


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
        months: Iterable[Period],
    ) -> None:
        """`months` are those of the trend, oldest first."""
        self._source = source
        self._asked = asked
        self._period = period
        self._until = until
        self._months = tuple(months)
        self._formula = formula
        commune = source.commune()
        self._commune = commune
        self._places = (commune.id, *(village.id for village in commune.villages))
        self._ways = cut_questions(self._questions)
        published = list(earlier)
        self._told = ToldCounts(source, asked, formula, published)
        known: dict[str, list[Cell]] = {}
        for cell in published:
            if (cell.version, cell.kind) == (asked.version, asked.kind):
                known.setdefault(cell.question, []).append(cell)
        channels = source.responses(asked.version, period.first, until, asked.kind)
        ledgers: dict[str, dict[str, list[str]]] = {question.id: {} for question in self._questions}
        ledgers[RESPONSES] = channel_way(channels)
        if self._overall is not None:
            ledgers[self._overall.id] = all_ways(self._places, channels, [question for _, question in self._ways])
        self._ledgers = {id: CutLedger(ways, known.get(id, ())) for id, ways in ledgers.items()}
        self._cells: list[Cell] = []

    def figures(self) -> tuple[SurveyFigures, tuple[Cell, ...]]:
        """The figures, and every cell that they publish. Asked once: the order decides what is hidden."""
        period, before = self._period, previous(self._period)
        now = self._tallies(period)
        then = self._tallies(before)
        responses = self._source.responses(self._asked.version, period.first, self._until, self._asked.kind)
        n = sum(responses.values())
        # Widest first: what a reader needs most is published, what would betray it is not.
        questions = tuple(self._question(question, now.get(question.id, {})) for question in self._questions)
        questions = self._without_telling(questions)
        questions = tuple(self._with_before(question, then.get(question.id, {}), before) for question in questions)
        villages = self._villages()
        samples = self._samples(villages, before)
        questions = tuple(self._with_estimate(question, samples[0]) for question in questions)
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
            channels=self._channels(responses),
            questions=questions,
            factors=self._factors(questions, samples[0]),
            villages=villages,
            trend=self._trend(),
            cuts=self._cuts(),
            # Last of all: it is the first to give way.
            factor_trend=self._factor_trend() if period.kind != "month" else (),
            source=self._asked.survey.source,
            note=self._asked.survey.print_note,
            checksum=self._asked.checksum,
            sample=samples[0].figures() if self._asked.kind == "invited" else None,
            change=self._change(questions, *samples),
            served=self._served(n),
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

    def _publish(self, question: str, place: int | str | None, period: Period, n: int) -> Hidden:
        """Why not, or "" when `n` may be shown; then it is entered among the published cells.

        `place`: a village, another cut by its name, or None for the whole.
        """
        if 0 < n < FLOOR:
            return "small"
        last = min(period.last, self._until)
        cut = WHOLE if place is None else f"village:{place}" if isinstance(place, int) else place
        if not self._ledgers[question].publish(cut, period.first, last, n):
            return "linked"
        if n:
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

    def _question(self, question: Question, counts: Tally) -> QuestionFigures:
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
        months = (previous(self._period), *self._months)
        soon = [(one.first, min(one.last, self._until)) for one in months if one.first <= self._until]
        days = (self._period.first, min(self._period.last, self._until))
        figures, cells = self._told.filled(bare, question, days, soon)
        self._cells += cells
        return figures

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

    def _samples(self, villages: VillageCut | None, before: Period) -> tuple[Sampling, Sampling]:
        """The random sample of the period, and that of the one before; both say nothing where the wave is open."""
        if self._asked.kind != "invited":
            return Sampling(None, self._formula), Sampling(None, self._formula)
        now = self._source.sampled(self._asked.version, self._period.first, self._until)
        then = self._source.sampled(self._asked.version, before.first, before.last)
        hidden = (
            villages is not None
            and villages.first == self._period.first
            and any(row.hidden == "linked" for row in villages.rows)
        )
        return Sampling(now, self._formula, hidden=hidden), Sampling(then, self._formula)

    def _with_estimate(self, figures: QuestionFigures, sample: Sampling) -> QuestionFigures:
        if figures.kind != Kind.LIKERT5 or figures.index is None or not self._tells_no_level(figures):
            return figures
        return replace(figures, estimate=sample.interval([figures.id]))

    def _tells_no_level(self, *questions: QuestionFigures) -> bool:
        """Bounds of a mean tell how far its levels lie apart: one equation too many over those that are withheld."""
        return self._formula == "top2" or not any(one.withheld for one in questions)

    def _change(self, questions: tuple[QuestionFigures, ...], now: Sampling, then: Sampling) -> ChangeFigures | None:
        overall = next((one for one in questions if one.overall), None)
        if overall is None or overall.before is None or overall.estimate is None:
            return None
        return change(then, now, overall.id)

    def _served(self, answered: int) -> ServedFigures | None:
        if not self._asked.one_stop or self._asked.kind == "invited":
            return None
        counts = self._source.served(self._period.first, self._period.last)
        return served_figures(counts, self._period, self._until, answered)

    def _channels(self, responses: Mapping[str, int]) -> tuple[ChannelFigures, ...]:
        """Responses by channel; those that are too few, or would tell of a few, are counted together."""
        total = sum(responses.values())
        gone = suppressed(dict(sorted(responses.items())))
        shown = []
        if not self._publish(RESPONSES, None, self._period, total):
            for id, n in sorted(responses.items(), key=lambda pair: (-pair[1], pair[0])):
                if id and id not in gone and not self._publish(RESPONSES, f"channel:{id}", self._period, n):
                    shown.append(ChannelFigures(id=id, n=n))
        rest = total - sum(channel.n for channel in shown)
        return (*shown, ChannelFigures(id="", n=rest)) if rest else tuple(shown)

    def _cuts(self) -> tuple[Cut, ...]:
        """By channel, and in a quarter or longer by what people said of themselves."""
        if self._overall is None:
            return ()
        counting = CutCounting(self._source, self._asked, self._overall.id, until=self._until, formula=self._formula)
        found = [counting.by_channel(self._period, self._publish)]
        for way, question in self._ways:
            found.append(counting.by_group(way, question, village_period(self._period), self._publish))
        return tuple(cut for cut in found if cut is not None)

    def _factors(self, questions: tuple[QuestionFigures, ...], sample: Sampling) -> tuple[FactorFigures, ...]:
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
                    estimate=sample.interval([q.id for q in parts]) if self._tells_no_level(*parts) else None,
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
        for month in reversed(self._months):
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

    def _factor_trend(self) -> tuple[FactorTrend, ...]:
        months = [month for month in self._months if month.first <= self._until]
        counts = {month: self._tallies(month) for month in months}
        found = []
        for factor in self._asked.survey.factors:
            asked = [one for one in self._questions if one.factor == factor.id and one.kind is Kind.LIKERT5]
            points = tuple(self._factor_point(asked, month, counts[month]) for month in months)
            if len([point for point in points if point.index is not None]) > 1:
                found.append(FactorTrend(id=factor.id, text=factor.text, points=points))
        return tuple(found)

    def _factor_point(self, asked: Iterable[Question], month: Period, counts: Mapping[str, Tally]) -> TrendPoint:
        all = [(question, counts.get(question.id, {})) for question in asked]
        said = [(question, tally) for question, tally in all if valid(tally)]
        why = [self._publish(question.id, None, month, valid(tally)) for question, tally in said]
        hidden: Hidden = next((one for one in why if one), "")
        indexes = [satisfaction(tally, self._formula) for _, tally in said]
        return TrendPoint(
            period=month.key,
            title=month.short,
            first=month.first,
            last=min(month.last, self._until),
            n=None if hidden else sum(valid(tally) for _, tally in said),
            index=None if hidden else _mean([index for index in indexes if index is not None]),
            hidden=hidden,
        )


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
