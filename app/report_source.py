"""The report's questions (reports/source.py), answered from the store over one read connection."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection

from app.survey_source import people_served, sample_rows
from feedback.entered_alike import alike
from reports.source import (
    Answered,
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
    SampleRows,
    Served,
    SessionLine,
    Tally,
    Unit,
)
from storage import (
    case_lines,
    dialogue_figures,
    figures,
    helped,
    paper_reading,
    promised_days,
    raw_figures,
    topics,
    waves,
)
from storage.rollups import Cell
from storage.vault import Vault
from surveys.definition import Survey
from surveys.outliers import outliers
from surveys.tally import RESPONSES, add
from surveys.waves import WaveKind
from vietnam.time import day_of, start_of


class StoreSource:
    """See reports.source.Source. For one commune and one read of the store: what was counted once is kept."""

    def __init__(
        self, conn: Connection, unit_id: int, vault: Vault | None = None, one_stop: Collection[str] = ()
    ) -> None:
        """Without `vault` the forms of different helpers are not compared, and of samples nothing is known.

        `one_stop`: ids of the surveys that ask people whom the one-stop service has served.
        """
        self._one_stop = one_stop
        self._conn = conn
        self._vault = vault
        self._commune = figures.commune(conn, unit_id)
        self._counts: dict[tuple[int, str, date, date], dict[Cell, Tally]] = {}

    def commune(self) -> Commune:
        """See Source."""
        row = self._commune
        return Commune(
            id=row.id, name=row.name, province=row.province, villages=tuple(Unit(*one) for one in row.villages)
        )

    def asked(self, first: date, last: date) -> list[AskedSurvey]:
        """See Source."""
        return [
            AskedSurvey(
                version=row.version,
                survey=survey,
                kind=row.kind,
                number=row.number,
                checksum=row.checksum,
                one_stop=survey.id in self._one_stop,
            )
            for row in figures.asked(self._conn, self._commune, first, last)
            for survey in (msgspec.json.decode(row.body, type=Survey),)
        ]

    def responses(self, version: int, first: date, last: date, kind: str = WaveKind.OPEN) -> dict[str, int]:
        """See Source."""
        total: dict[str, int] = {}
        for cell, counts in self._read(version, first, last, kind).items():
            if cell.question == RESPONSES:
                total[cell.channel] = total.get(cell.channel, 0) + int(counts["n"])
        return total

    def tallies(self, version: int, first: date, last: date, kind: str = WaveKind.OPEN) -> dict[str, Tally]:
        """See Source."""
        total: dict[str, Tally] = {}
        for cell, counts in self._read(version, first, last, kind).items():
            if cell.question != RESPONSES:
                total[cell.question] = add(total.get(cell.question, {}), counts)
        return total

    def tallies_by_village(
        self, version: int, first: date, last: date, kind: str = WaveKind.OPEN
    ) -> dict[int, dict[str, Tally]]:
        """See Source."""
        total: dict[int, dict[str, Tally]] = {}
        for cell, counts in self._read(version, first, last, kind).items():
            if cell.question != RESPONSES:
                village = total.setdefault(cell.unit, {})
                village[cell.question] = add(village.get(cell.question, {}), counts)
        return total

    def tallies_by_channel(
        self, version: int, first: date, last: date, kind: str = WaveKind.OPEN
    ) -> dict[str, dict[str, Tally]]:
        """See Source."""
        total: dict[str, dict[str, Tally]] = {}
        for cell, counts in self._read(version, first, last, kind).items():
            if cell.question != RESPONSES:
                channel = total.setdefault(cell.channel, {})
                channel[cell.question] = add(channel.get(cell.question, {}), counts)
        return total

    def crossed(
        self, version: int, question: str, by: str, first: date, last: date, kind: str = WaveKind.OPEN
    ) -> dict[str, Tally]:
        """See Source."""
        return raw_figures.crossed(self._conn, version, self._commune, first, last, kind, question, by)

    def sampled(self, version: int, first: date, last: date) -> SampleRows | None:
        """See Source."""
        return sample_rows(self._conn, self._vault, self._commune, version, first, last)

    def served(self, first: date, last: date) -> list[Served]:
        """See Source."""
        return people_served(self._conn, self._commune.id, first, last)

    def cases(self, first: date, last: date) -> list[CaseLine]:
        """See Source."""
        found = [
            CaseLine(
                kind=row.kind,
                category=row.category,
                village=row.village,
                opened=row.opened,
                answered=row.answered,
                reopened=row.reopened,
                settled=row.settled,
                works=row.works,
                away=row.away,
                done=row.done,
                rated=row.rated,
            )
            for row in case_lines.lines(self._conn, self._commune.id, first, last)
        ]
        return [line for line in found if line.touches(first, last)]

    def joined(self, first: date, last: date) -> list[JoinedLine]:
        """See Source."""
        return [
            JoinedLine(kind=row.kind, category=row.category, opened=row.opened, into=row.into)
            for row in case_lines.joined(self._conn, self._commune.id, first, last)
        ]

    def missed_days(self, first: date, last: date) -> list[MissedDay]:
        """See Source."""
        return [
            MissedDay(
                kind=row.kind,
                category=row.category,
                day=day_of(row.due),
                apology=row.apology,
                by_officer=row.by_officer,
            )
            for row in promised_days.missed(self._conn, self._commune.id, *_instants(first, last))
        ]

    def answers(self, first: date, last: date) -> list[Answered]:
        """See Source."""
        return [
            Answered(
                kind=row.kind,
                category=row.category,
                village=row.village,
                works=row.works,
                day=day_of(row.at),
                in_time=row.at <= row.last,
                by_first_day=row.at <= row.first,
                stars=row.stars,
            )
            for row in promised_days.answered(self._conn, self._commune.id, *_instants(first, last))
        ]

    def overdue(self, day: date) -> list[OverdueLine]:
        """See Source."""
        return [
            OverdueLine(code=row.code, kind=row.kind, category=row.category, village=row.village, due=day_of(row.due))
            for row in promised_days.overdue(self._conn, self._commune.id, _instants(day, day)[1])
            # Who has the whole of a day to answer in is not late at its end.
            if day_of(row.due) < day
        ]

    def help(self, first: date, last: date) -> Help:
        """See Source."""
        unit, days = self._commune.id, _instants(first, last)
        entered = helped.cases_by_helper(self._conn, unit, *days)
        return Help(
            forms=helped.forms(self._conn, unit, *days),
            cases=helped.cases_by_kind(entered),
            forms_unlike=self._unlike(helped.waves_with_piles(self._conn, unit, *days)),
            cases_alike=any(alike([case.folded for case in one.newest]) for one in entered),
        )

    def sessions(self, first: date, last: date) -> list[SessionLine]:
        """See Source."""
        return [
            SessionLine(
                kind=row.kind,
                day=row.day,
                state=row.state,
                visitors=row.visitors,
                absent=row.absent,
                published=row.published,
            )
            for row in dialogue_figures.sessions_of(self._conn, self._commune.id, first, last)
        ]

    def questions(self, last: date) -> list[QuestionLine]:
        """See Source."""
        found = dialogue_figures.questions_of(self._conn, self._commune.id, last)
        return [QuestionLine(kind=row.kind, day=row.day, answered=row.answered) for row in found]

    def session_promises(self, last: date) -> list[PromiseLine]:
        """See Source."""
        return [
            PromiseLine(kind=row.kind, made=row.made, due=row.due, ended=row.ended, dropped=row.dropped)
            for row in dialogue_figures.promises_of(self._conn, self._commune.id, last)
        ]

    def marked_opinions(self, first: date, last: date) -> list[MarkedOpinion]:
        """See Source."""
        return [
            MarkedOpinion(
                survey=(row.version, row.kind, row.question) if row.version else None,
                village=row.village,
                day=row.day,
                topic=row.topic,
                quote=row.quote,
            )
            for row in topics.marked(self._conn, self._commune.id, first, last)
        ]

    def suggestions(self, first: date, last: date) -> int:
        """See Source."""
        return topics.suggestions(self._conn, self._commune.id, first, last)

    def _unlike(self, found: Iterable[tuple[int, int]]) -> bool:
        vault = self._vault
        if vault is None:
            return False
        return any(
            outliers(
                paper_reading.piles(paper_reading.totals(self._conn, vault, wave), waves.survey_of(self._conn, version))
            )
            for wave, version in found
        )

    def _read(self, version: int, first: date, last: date, kind: str) -> dict[Cell, Tally]:
        key = (version, kind, first, last)
        if key not in self._counts:
            self._counts[key] = figures.counts(self._conn, version, self._commune, first, last, kind)
        return self._counts[key]


def _instants(first: date, last: date) -> tuple[int, int]:
    """From the first instant of a day until behind the last of another."""
    return start_of(first), start_of(last + timedelta(days=1))
