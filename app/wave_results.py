"""The figures of one wave, checked against everything that was published before, and remembered like a report's."""

from datetime import date
from functools import partial
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection

from app.runtime import Runtime
from reports.cut_figures import cut_questions
from reports.cut_ledger import WHOLE, CutLedger, all_ways
from reports.plans import plan
from reports.survey_figures import Cell
from storage import report_rows, responses, units, wave_counts
from storage.tx import Tx
from storage.vault import Vault
from storage.wave_acts import WaveRow
from storage.waves import survey_of, takes_answers
from surveys.definition import Survey
from surveys.results import QuestionResult, WaveResults, results, without_telling
from surveys.samples import Open, Sample, Stratum, invited
from surveys.tally import Tally
from surveys.waves import WaveKind

_TRIES = 3


class NotYet(Exception):
    """The results of the wave of this `code` are sealed until its close."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class StillReleasing(NotYet):
    """The wave has just been closed: what is still sealed of it is released in a moment.

    Figures shown meanwhile would be kept beside the last ones, and could cost some of them.
    """


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What may be shown of a wave. `first` and `last`: days of the released answers, None where there are none.

    `linked`: questions, and "village:<id>", that are withheld because of what was published before. `alone`: False
    where answers of other waves of the survey were released in these days: then nothing is said by village. Nor is it
    before the wave is `over`: figures of a few days more, again and again, would tell of a few people.
    """

    code: str
    title: str
    kind: WaveKind
    survey: Survey
    results: WaveResults
    partial: int
    assisted: int
    bare: int
    first: date | None
    last: date | None
    villages: dict[int, str]
    linked: tuple[str, ...]
    alone: bool
    over: bool


class Counted(NamedTuple):
    """What may be shown of a wave, and what it was counted from, which may not."""

    shown: Shown
    sample: Sample
    tallies: dict[str, Tally]


async def results_of(runtime: Runtime, wave: WaveRow) -> Shown:
    """The figures of a wave as of its last release. NotYet while they are sealed; StillReleasing is one."""
    return (await counted_of(runtime, wave)).shown


async def counted_of(runtime: Runtime, wave: WaveRow) -> Counted:
    """The same with the counts behind them. What is shown is remembered from then on, as with a report."""
    for _ in range(_TRIES):
        look = partial(_look, vault=runtime.vault, plan_name=runtime.settings.report.plan, wave=wave, now=runtime.now())
        counted, cells, earlier = await runtime.store.read(look)

        def keep(tx: Tx, cells: list[Cell] = cells, earlier: int = earlier) -> bool:
            return report_rows.keep_cells(tx, wave.unit, cells, published=earlier)

        if not cells or await runtime.store.write(keep):
            return counted
    raise RuntimeError("other figures of the commune were published meanwhile")


def _look(conn: Connection, vault: Vault, plan_name: str, wave: WaveRow, now: int) -> tuple[Counted, list[Cell], int]:
    over = not takes_answers(conn, wave.id, now, begun=True)
    if wave.sealed and not over and (wave.closes_at is None or wave.closes_at > now):
        raise NotYet(wave.code)
    if wave.closes_at is not None and wave.closes_at <= now and (not over or responses.waits(conn, wave.id)):
        raise StillReleasing(wave.code)
    survey = survey_of(conn, wave.version)
    counts = wave_counts.counts(conn, wave.id, survey)
    sample = _sample(conn, vault, wave, counts)
    formula = plan(plan_name).index
    by_village = counts.by_village if counts.alone and over else {}
    found = results(survey, sample, counts.tallies, by_village=by_village, formula=formula)
    names = {village.id: village.name for village in units.villages(conn, wave.unit)}
    earlier = [_cell(*row) for row in report_rows.earlier_cells(conn, wave.unit)]
    if counts.first is None or counts.last is None or not counts.alone:
        cells: list[Cell] = []
        linked: tuple[str, ...] = ()
    else:
        checking = _Checking(wave, survey, counts.first, counts.last, [wave.unit, *names], earlier)
        found = checking.checked(found)
        cells, linked = checking.cells, tuple(checking.linked)
    shown = Shown(
        code=wave.code,
        title=wave.title,
        kind=wave.kind,
        survey=survey,
        results=found,
        partial=counts.partial,
        assisted=counts.assisted,
        bare=counts.bare,
        first=counts.first,
        last=counts.last,
        villages=names,
        linked=linked,
        alone=counts.alone,
        over=over,
    )
    return Counted(shown, sample, counts.tallies), cells, len(earlier)


def _cell(version: int, kind: str, first: str, last: str, cut: str, question: str, n: int) -> Cell:
    days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
    return Cell(version=version, kind=kind, cut=cut, question=question, n=n, **days)


def _sample(conn: Connection, vault: Vault, wave: WaveRow, counts: wave_counts.Counts) -> Sample:
    if wave.kind is not WaveKind.INVITED or wave.frame is None:
        return Open(answered=counts.n)
    strata = wave_counts.strata(conn, vault, wave.id, wave.frame, wave.segment)
    return invited(
        wave.kind, [Stratum(id=id, size=size, invited=drawn, answered=got) for id, size, drawn, got in strata]
    )


class _Checking:
    """Which numbers of answers may stand beside everything that was published before."""

    def __init__(
        self, wave: WaveRow, survey: Survey, first: date, last: date, places: list[int], earlier: list[Cell]
    ) -> None:
        self._wave, self._survey = wave, survey
        self._first, self._last = first, last
        self._places = places
        self._earlier = [cell for cell in earlier if (cell.version, cell.kind) == (wave.version, wave.kind)]
        self.cells: list[Cell] = []
        self.linked: list[str] = []

    def checked(self, found: WaveResults) -> WaveResults:
        """The results without what would tell too much."""
        ledgers: dict[str, CutLedger] = {}
        questions = tuple(self._question(question, ledgers) for question in found.questions)
        questions = without_telling(self._survey, questions)
        overall = next((one for one in questions if one.overall), None)
        villages = {}
        for id, one in sorted(found.villages.items(), key=lambda pair: (-(pair[1].n or 0), pair[0])):
            villages[id] = self._place(one, id, ledgers)
        shares = {factor.id: [q.share for q in questions if q.factor == factor.id] for factor in found.factors}
        factors = tuple(
            factor if None not in shares[factor.id] else msgspec.structs.replace(factor, share=None, questions=0)
            for factor in found.factors
        )
        invited = found.invited
        if invited is not None and any(one.withheld for one in (overall, *villages.values()) if one is not None):
            # Weights over villages, and what they cost, would tell of the one that is withheld.
            bare = {"design_effect": None, "effective_n": None, "weighted": None}
            invited = msgspec.structs.replace(invited, **bare)
        return msgspec.structs.replace(
            found, questions=questions, overall=overall, villages=villages, factors=factors, invited=invited
        )

    def _question(self, one: QuestionResult, ledgers: dict[str, CutLedger]) -> QuestionResult:
        groups = [question for _, question in cut_questions(self._survey.questions)]
        ways = all_ways(self._places, (), groups) if one.overall else {}
        ledger = ledgers[one.id] = CutLedger(ways, [cell for cell in self._earlier if cell.question == one.id])
        return self._published(one, ledger, None, one.id)

    def _place(self, one: QuestionResult, village: int, ledgers: dict[str, CutLedger]) -> QuestionResult:
        return self._published(one, ledgers[one.id], village, f"village:{village}")

    def _published(self, one: QuestionResult, ledger: CutLedger, village: int | None, name: str) -> QuestionResult:
        if one.withheld or not one.n:
            return one
        # Who named no village stands under the commune itself, as in reports.
        cut = WHOLE if village is None else f"village:{village or self._wave.unit}"
        if not ledger.publish(cut, self._first, self._last, one.n):
            self.linked.append(name)
            return QuestionResult(id=one.id, text=one.text, kind=one.kind, overall=one.overall, withheld=True)
        cell = Cell(
            version=self._wave.version,
            kind=self._wave.kind,
            cut=cut,
            question=one.id,
            n=one.n,
            first=self._first,
            last=self._last,
        )
        if cell not in self._earlier:
            self.cells.append(cell)
        return one
