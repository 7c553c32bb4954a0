"""Two invited waves side by side: which can be compared, and what changed between them."""

from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection

from app.runtime import Runtime
from app.wave_results import Counted, Shown, counted_of
from storage import wave_acts
from storage.wave_acts import WaveRow
from storage.waves import takes_answers
from surveys.changes import QuestionChange, Side, changes, comparable
from surveys.definition import Kind
from surveys.samples import Invited
from surveys.waves import WaveKind, WaveState

Why = Literal["unknown", "open", "running", "same", "order", "questionnaire", "asked", "per", "segment"]


class NotComparable(Exception):
    """Nothing can be said of a change. `why`, and the code of the wave that it lies with.

    unknown: no such wave · open: whoever answered speaks for nobody else · running: not closed yet · same: one wave
    only of this code is over · order: the earlier one opened later · questionnaire: two different ones · asked: no
    question is asked in both in the same way · per: one asks people, one households · segment: they mean others.
    """

    def __init__(self, why: Why, code: str) -> None:
        self.why, self.code = why, code
        super().__init__(why)


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Both waves as they are shown alone, and every comparable question. `left_out`: ids that only one asks so."""

    before: Shown
    after: Shown
    changes: tuple[QuestionChange, ...]
    left_out: tuple[str, ...]


class Pair(NamedTuple):
    """Two closed invited waves."""

    before: WaveRow
    after: WaveRow


def pair(conn: Connection, unit: int, code: str, before: str, now: int) -> Pair:
    """The newest closed waves of the two codes; of one code, as a monthly one, its last two. NotComparable."""
    rows = wave_acts.listed(conn, unit)
    for one in (code, before):
        _invited(rows, one)
    after = _newest(conn, rows, code, now)
    older = [row for row in rows if row.opens_at < after.opens_at] if before == code else rows
    if before == code and not any(row.code == code for row in older):
        raise NotComparable("same", code)
    found = Pair(_newest(conn, older, before, now), after)
    _check(found)
    return found


def _invited(rows: list[WaveRow], code: str) -> list[WaveRow]:
    mine = [row for row in rows if row.code == code and row.state is not WaveState.CANCELLED]
    if not mine:
        raise NotComparable("unknown", code)
    if any(row.kind is not WaveKind.INVITED for row in mine):
        raise NotComparable("open", code)
    return mine


def _newest(conn: Connection, rows: list[WaveRow], code: str, now: int) -> WaveRow:
    mine = _invited(rows, code)
    over = [row for row in mine if row.opens_at <= now and not takes_answers(conn, row.id, now, begun=True)]
    if not over:
        raise NotComparable("running", code)
    return max(over, key=lambda row: (row.opens_at, row.id))


def _check(two: Pair) -> None:
    before, after = two
    if before.slug != after.slug:
        raise NotComparable("questionnaire", before.code)
    if before.opens_at >= after.opens_at:
        raise NotComparable("order", before.code)
    if before.per is not after.per:
        raise NotComparable("per", before.code)
    if before.segment != after.segment:
        raise NotComparable("segment", before.code)


async def compared(runtime: Runtime, two: Pair) -> Compared:
    """Both with their figures, and the changes. NotComparable; NotYet while the figures of one are not there."""
    earlier, later = [_side(await counted_of(runtime, wave), wave) for wave in two]
    same = {question.id for question in comparable(earlier[1].survey, later[1].survey)}
    if not same:
        raise NotComparable("asked", two.before.code)
    asked = {q.id for side in (earlier[1], later[1]) for q in side.survey.questions if q.kind in _COMPARED}
    return Compared(
        before=earlier[0],
        after=later[0],
        changes=tuple(changes(earlier[1], later[1], later[0].results.formula)),
        left_out=tuple(sorted(asked - same)),
    )


_COMPARED = (Kind.LIKERT5, Kind.YESNO, Kind.NPS)


def _side(counted: Counted, wave: WaveRow) -> tuple[Shown, Side]:
    if not isinstance(counted.sample, Invited):
        raise NotComparable("open", wave.code)
    shown = counted.shown
    return shown, Side(shown.survey, counted.sample, counted.tallies, shown.results)
