"""The figures of "Tình hình tâm tư, dư luận Nhân dân": what officers marked open answers and góp ý as being about.

Answers of surveys are withheld as every survey figure is: a field that 1 to 4 answers are about, and others with it
until together they are five; a field that earlier, nested or overlapping periods of the year would tell. Villages are
counted by whole quarters, longer periods add up what the quarters show. Góp ý are exact: the authority's own cases.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from reports.disclosure import Ledger
from reports.periods import Period, parse, village_period
from reports.source import MarkedOpinion, Source
from reports.survey_figures import SurveyFigures
from surveys.definition import Kind
from surveys.statistics import MINIMUM, suppressed
from vietnam.text import sort_key

MOST_QUOTES = 10
MOST_TOPICS = 5
"""Columns of the table by village."""
_PARTS = (*(f"{month:02d}" for month in range(1, 13)), "Q1", "Q2", "Q3", "Q4", "6m", "9m", "12m")


class TopicCount(msgspec.Struct, frozen=True, kw_only=True):
    """A field: `surveys` answers are about it (None: withheld), and `cases` góp ý."""

    id: str
    surveys: int | None
    cases: int


class VillageTopics(msgspec.Struct, frozen=True, kw_only=True):
    """Opinions from one village by field, None where withheld; name "" is what came without a village."""

    id: int
    name: str
    counts: tuple[int | None, ...]


class VillageMood(msgspec.Struct, frozen=True, kw_only=True):
    """Opinions by village and field in whole quarters (`title` of the period, `quarters` their short titles)."""

    title: str
    quarters: tuple[str, ...]
    topics: tuple[str, ...]
    rows: tuple[VillageTopics, ...]


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence that an officer let through, names taken out."""

    topic: str
    text: str


class MoodFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`surveys` answers in words and `cases` góp ý came in the period, `unmarked` of both nobody has marked yet.

    Fewer than five marked answers count as unmarked. `small`: some question had fewer than five answers in words, which
    are in no number here.
    """

    surveys: int = 0
    cases: int = 0
    unmarked: int = 0
    small: bool = False
    topics: tuple[TopicCount, ...] = ()
    villages: VillageMood | None = None
    quotes: tuple[Quote, ...] = ()

    @property
    def marked(self) -> int:
        """How many opinions were marked."""
        return self.surveys + self.cases - self.unmarked


def mood_figures(source: Source, period: Period, surveys: Iterable[SurveyFigures], until: date) -> MoodFigures:
    """The figures of `period` up to `until`; `surveys` are those that the report shows."""
    until = min(period.last, until)
    shown = {
        (survey.version, survey.kind, question.id): question.n or 0
        for survey in surveys
        for question in survey.questions
        if question.kind == Kind.TEXT
    }
    parts = _parts_of(period)
    known = source.marked_opinions(min(part.first for part in (period, *parts)), until)
    mine = [one for one in known if period.first <= one.day <= until]
    answers = [one for one in mine if one.survey is not None and shown.get(one.survey, 0) >= MINIMUM]
    if len(answers) < MINIMUM:
        answers = []  # that so few are marked would tell of what they are
    cases = [one for one in mine if one.survey is None]
    n, suggestions = sum(count for count in shown.values() if count >= MINIMUM), source.suggestions(period.first, until)
    decided = _Decided([one for one in known if one.survey is not None], parts, until)
    numbers = decided.decide(period.first, until, answers)
    return MoodFigures(
        surveys=n,
        cases=suggestions,
        unmarked=max(n + suggestions - len(answers) - len(cases), 0),
        small=any(count < MINIMUM for count in shown.values()),
        topics=_topics(numbers, answers, cases),
        villages=_villages(source, period, until, known, decided),
        quotes=_quotes([*answers, *cases]),
    )


def _parts_of(period: Period) -> list[Period]:
    """The periods that reports of the same year are made on."""
    years = sorted({period.year, period.last.year, village_period(period).year})
    return [parse(f"{year}-{key}", month=period.month) for year in years for key in _PARTS]


class _Decided:
    """Which fields may show a number in which period, had the reports of the year been made one after the other.

    The same marks give the same answer whichever report asks: nothing has to be remembered.
    """

    def __init__(self, answers: Sequence[MarkedOpinion], parts: Iterable[Period], until: date) -> None:
        self._ledgers: dict[str, Ledger] = {}
        self._shown: dict[tuple[date, date], dict[str, int]] = {}
        spans = {(part.first, part.last) for part in parts if part.last <= until}
        for first, last in sorted(spans, key=lambda span: (span[1], -span[0].toordinal())):
            self.decide(first, last, [one for one in answers if first <= one.day <= last])

    def shown(self, period: Period) -> dict[str, int]:
        """Numbers of answers by field that a period of the year shows; the others are withheld, or 0."""
        return self._shown.get((period.first, period.last), {})

    def decide(self, first: date, last: date, answers: Sequence[MarkedOpinion]) -> dict[str, int]:
        """The same of some days, after all that was decided before."""
        if (first, last) in self._shown:
            return self._shown[first, last]
        counts = dict(sorted(Counter(one.topic for one in answers).items()))
        gone = suppressed(counts)
        for topic in sorted(counts, key=lambda id: (-counts[id], id)):
            ledger = self._ledgers.setdefault(topic, Ledger((0,)))
            if topic not in gone and not ledger.publish(None, first, last, counts[topic]):
                gone.add(topic)
        left = sorted((topic for topic in counts if topic not in gone), key=lambda id: counts[id])
        while left and 0 < sum(counts[topic] for topic in gone) < MINIMUM:
            gone.add(left.pop(0))
        self._shown[first, last] = {topic: n for topic, n in counts.items() if topic not in gone}
        return self._shown[first, last]


def _topics(
    shown: Mapping[str, int], answers: Iterable[MarkedOpinion], cases: Iterable[MarkedOpinion]
) -> tuple[TopicCount, ...]:
    """Every field that anybody spoke of: those with numbers first, by how many."""
    said, sent = {one.topic for one in answers}, Counter(one.topic for one in cases)
    rows = [
        TopicCount(id=topic, surveys=shown.get(topic) if topic in said else 0, cases=sent[topic])
        for topic in said | set(sent)
    ]
    return tuple(sorted(rows, key=lambda row: (row.surveys is None, -(row.surveys or 0) - row.cases, row.id)))


def _villages(
    source: Source, period: Period, until: date, known: Sequence[MarkedOpinion], decided: _Decided
) -> VillageMood | None:
    """Opinions by village in the whole quarters of the period, each field that such a quarter shows."""
    whole = village_period(period)
    last = min(whole.last, until)
    quarters = [
        one for one in _parts_of(period) if one.kind == "quarter" and whole.first <= one.first and one.last <= last
    ]
    cells: Counter[tuple[str, int]] = Counter()
    hidden: set[tuple[str, int]] = set()
    names = {village.id: village.name for village in source.commune().villages} | {0: ""}
    for quarter in quarters:
        of_quarter = [one for one in known if quarter.first <= one.day <= quarter.last]
        for topic in decided.shown(quarter):
            places = Counter(_place(one, names) for one in of_quarter if one.topic == topic and one.survey is not None)
            gone = suppressed(dict(sorted(places.items())))
            hidden |= {(topic, place) for place in gone}
            cells.update({(topic, place): n for place, n in places.items() if place not in gone})
        cells.update((one.topic, _place(one, names)) for one in of_quarter if one.survey is None)
    totals = Counter({topic: 0 for topic, _ in hidden})
    for (topic, _), n in cells.items():
        totals[topic] += n
    topics = tuple(sorted(totals, key=lambda id: (-totals[id], id))[:MOST_TOPICS])
    rows = [
        VillageTopics(id=place, name=name, counts=tuple(_cell(cells, hidden, topic, place) for topic in topics))
        for place, name in sorted(names.items(), key=lambda item: (not item[1], sort_key(item[1])))
        if any((topic, place) in hidden or cells[topic, place] for topic in topics)
    ]
    if not rows:
        return None
    return VillageMood(
        title=whole.title, quarters=tuple(quarter.short for quarter in quarters), topics=topics, rows=tuple(rows)
    )


def _cell(cells: Mapping[tuple[str, int], int], hidden: set[tuple[str, int]], topic: str, place: int) -> int | None:
    """What is shown of several quarters together; None where all there is is withheld."""
    n = cells.get((topic, place), 0)
    return None if (topic, place) in hidden and not n else n


def _place(one: MarkedOpinion, names: Mapping[int, str]) -> int:
    return one.village if one.village in names and one.village else 0


def _quotes(marked: Iterable[MarkedOpinion]) -> tuple[Quote, ...]:
    """At most ten, one of each field in turn, the fields that most speak of first; in no order of arrival."""
    by_topic: dict[str, list[str]] = {}
    for one in marked:
        by_topic.setdefault(one.topic, []).append(one.quote)
    ordered = sorted(by_topic, key=lambda topic: (-len(by_topic[topic]), topic))
    rounds = [[(topic, text) for text in sorted({quote for quote in by_topic[topic] if quote})] for topic in ordered]
    taken = [some[at] for at in range(MOST_QUOTES) for some in rounds if at < len(some)][:MOST_QUOTES]
    return tuple(Quote(topic=topic, text=text) for topic, text in sorted(taken, key=lambda one: ordered.index(one[0])))
