"""An in-memory Source with six months of a made-up commune: the reports' tests and pictures are made from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from reports.source import Answered as Done
from reports.source import (
    AskedSurvey,
    CaseLine,
    Commune,
    Help,
    JoinedLine,
    MarkedOpinion,
    MissedDay,
    OverdueLine,
    PromiseLine,
    QuestionLine,
    SampleRow,
    SampleRows,
    Served,
    SessionLine,
    Tally,
    Unit,
)
from surveys.definition import Answer, Kind, Question, Survey
from surveys.ready import ready
from surveys.tally import fold

COMMUNE = Commune(
    id=1,
    name="xã Vạn Linh",
    province="tỉnh Lạng Sơn",
    villages=tuple(
        Unit(id=id, name=f"thôn {name}")
        for id, name in enumerate(
            (
                "Phố Cũ",
                "Đồng Ngầu",
                "Nà Sèn",
                "Ấp Mới",
                "Bản Thí",
                "Lũng Cút",
                "Tồng Nọt",
                "Nà Lìa",
                "Hợp Thành",
                "Khau Tao",
                "Thạch Lương",
                "Đông Mồ",
            ),
            start=11,
        )
    ),
)
FIRST, LAST = date(2026, 5, 1), date(2026, 10, 31)
# A few villages are so small that some quarter leaves fewer than five answers.
WEIGHTS = (30, 22, 18, 16, 14, 12, 10, 9, 8, 6, 1.1, 1.3)


@dataclass(frozen=True)
class Answered:
    """One released response."""

    version: int
    day: date
    village: int
    channel: str
    answers: Mapping[str, Answer]
    kind: str = "open"


@dataclass
class MemorySource:
    """A Source over lists."""

    surveys: list[AskedSurvey] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    lines: list[CaseLine] = field(default_factory=list)
    same: list[JoinedLine] = field(default_factory=list)
    missed: list[MissedDay] = field(default_factory=list)
    timed: list[Done] = field(default_factory=list)
    late: list[OverdueLine] = field(default_factory=list)
    helped: Help = field(default_factory=Help)
    held: list[SessionLine] = field(default_factory=list)
    asked_there: list[QuestionLine] = field(default_factory=list)
    promised_there: list[PromiseLine] = field(default_factory=list)
    marks: list[MarkedOpinion] = field(default_factory=list)
    sent: int = 0
    place: Commune = COMMUNE
    samples: dict[int, SampleRows] = field(default_factory=dict)
    """By version: what is known of its invited wave; the rows are those of `answered`."""
    counts: list[Served] = field(default_factory=list)

    def commune(self) -> Commune:
        return self.place

    def asked(self, first: date, last: date) -> list[AskedSurvey]:
        seen = {(one.version, one.kind) for one in self._between(first, last)}
        return [asked for asked in self.surveys if (asked.version, asked.kind) in seen]

    def responses(self, version: int, first: date, last: date, kind: str = "open") -> dict[str, int]:
        found: dict[str, int] = {}
        for one in self._between(first, last, version, kind):
            found[one.channel] = found.get(one.channel, 0) + 1
        return found

    def tallies(self, version: int, first: date, last: date, kind: str = "open") -> dict[str, Tally]:
        return self._folded(version, self._between(first, last, version, kind))

    def tallies_by_village(
        self, version: int, first: date, last: date, kind: str = "open"
    ) -> dict[int, dict[str, Tally]]:
        chosen = self._between(first, last, version, kind)
        return {
            village: self._folded(version, [one for one in chosen if one.village == village])
            for village in {one.village for one in chosen}
        }

    def tallies_by_channel(
        self, version: int, first: date, last: date, kind: str = "open"
    ) -> dict[str, dict[str, Tally]]:
        chosen = self._between(first, last, version, kind)
        return {
            channel: self._folded(version, [one for one in chosen if one.channel == channel])
            for channel in sorted({one.channel for one in chosen})
        }

    def crossed(
        self, version: int, question: str, by: str, first: date, last: date, kind: str = "open"
    ) -> dict[str, Tally]:
        chosen = self._between(first, last, version, kind)
        return {
            choice: self._folded(version, [one for one in chosen if (one.answers.get(by) or "") == choice])[question]
            for choice in sorted({str(one.answers.get(by) or "") for one in chosen if question in one.answers})
        }

    def sampled(self, version: int, first: date, last: date) -> SampleRows | None:
        rows = self._between(first, last, version, "invited")
        known = self.samples.get(version)
        if not rows or known is None:
            return SampleRows(waves=1) if rows else None
        return SampleRows(
            waves=known.waves,
            over=known.over,
            elsewhere=known.elsewhere,
            strata=known.strata,
            rows=tuple(
                SampleRow(
                    village=None if one.village == self.place.id else one.village,
                    levels={id: said for id, said in one.answers.items() if isinstance(said, int) and 1 <= said <= 5},
                )
                for one in rows
            ),
        )

    def served(self, first: date, last: date) -> list[Served]:
        return [one for one in self.counts if f"{first:%Y-%m}" <= one.month <= f"{last:%Y-%m}"]

    def cases(self, first: date, last: date) -> list[CaseLine]:
        return [line for line in self.lines if line.opened <= last]

    def joined(self, first: date, last: date) -> list[JoinedLine]:
        return [one for one in self.same if first <= one.opened <= last]

    def missed_days(self, first: date, last: date) -> list[MissedDay]:
        return [one for one in self.missed if first <= one.day <= last]

    def answers(self, first: date, last: date) -> list[Done]:
        return [one for one in self.timed if first <= one.day <= last]

    def overdue(self, day: date) -> list[OverdueLine]:
        return [one for one in self.late if one.due <= day]

    def help(self, first: date, last: date) -> Help:
        return self.helped

    def sessions(self, first: date, last: date) -> list[SessionLine]:
        return [one for one in self.held if first <= one.day <= last]

    def questions(self, last: date) -> list[QuestionLine]:
        return [one for one in self.asked_there if one.day <= last]

    def session_promises(self, last: date) -> list[PromiseLine]:
        return [one for one in self.promised_there if one.made <= last]

    def marked_opinions(self, first: date, last: date) -> list[MarkedOpinion]:
        return [one for one in self.marks if first <= one.day <= last]

    def suggestions(self, first: date, last: date) -> int:
        return self.sent

    def _between(self, first: date, last: date, version: int | None = None, kind: str = "") -> list[Answered]:
        return [
            one
            for one in self.answered
            if first <= one.day <= last and version in {None, one.version} and kind in {"", one.kind}
        ]

    def _folded(self, version: int, chosen: Iterable[Answered]) -> dict[str, Tally]:
        survey = next(asked.survey for asked in self.surveys if asked.version == version)
        return fold(survey, [one.answers for one in chosen])


def empty() -> MemorySource:
    """A commune in which nothing has happened yet."""
    return MemorySource()


def lively(per_month: int = 60) -> MemorySource:
    """Half a year of answers, cases and requests for dialogue; always the same."""
    random = Random(2026)
    survey = ready("chinh_quyen_than_thien")
    source = MemorySource(surveys=[AskedSurvey(version=7, survey=survey, kind="open", number=1)])
    for month in range(5, 11):
        for _ in range(per_month + 5 * (month - 5)):
            source.answered.append(response(random, survey, 7, date(2026, month, random.randint(1, 28))))
        source.lines += [_case(random, month) for _ in range(9 + month % 4)]
    return source


def response(random: Random, survey: Survey, version: int, day: date) -> Answered:
    """One made-up response; where it is from weighs on how satisfied it is."""
    village = random.choices(COMMUNE.villages, WEIGHTS)[0].id
    return Answered(
        version=version,
        day=day,
        village=village if random.random() > 0.06 else COMMUNE.id,
        channel=random.choices(("webchat", "telegram", ""), (60, 35, 5))[0],
        answers={question.id: _answer(random, question, village) for question in survey.questions},
    )


def _answer(random: Random, question: Question, village: int) -> Answer:
    if random.random() < 0.06 and not question.overall:
        return None
    match question.kind:
        case Kind.LIKERT5:
            shift = (len(question.id) + village) % 4
            weights = [2, 4, 10 + shift, 38 - shift, 28, 6, 8 if question.not_applicable else 0]
            return random.choices((1, 2, 3, 4, 5, 0, 9), weights)[0]
        case Kind.YESNO:
            return random.choice(("yes", "no"))
        case Kind.NPS:
            return random.randint(4, 10)
        case Kind.NUMBER:
            return random.randint(1, 4)
        case Kind.TEXT:
            return "Cần thêm ghế ngồi chờ"
        case Kind.MULTIPLE:
            count = min(2, len(question.choices))
            return tuple(choice.id for choice in random.sample(question.choices, count))
        case _:
            return random.choice(question.choices).id if question.choices else None


def _case(random: Random, month: int) -> CaseLine:
    opened = date(2026, month, random.randint(1, 28))
    waited = random.choice((1, 2, 3, 3, 5, 8, 13, 40))
    return CaseLine(
        kind=random.choices(("feedback", "petition", "dialogue"), (6, 3, 1.5))[0],
        category=random.choices(("roads", "environment", "land", "procedures", "social_policy"), (5, 4, 3, 2, 1))[0],
        village=random.choice([None, *(village.id for village in COMMUNE.villages)]),
        opened=opened,
        answered=opened + timedelta(days=waited) if opened + timedelta(days=waited) <= LAST else None,
    )
