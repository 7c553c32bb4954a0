"""What happens to cases by themselves: a promise that will not be kept is apologised for; what is over is closed."""

from sqlalchemy import Connection

from app.case_hands import hands_round
from app.runtime import Runtime
from feedback.acts import Act, Apologise, Close, Due, Refusal
from feedback.clocks import apology_due
from feedback.roles import SYSTEM, Actor
from storage import cases, replies
from vietnam.time import DAY, HOUR, day_of, start_of

_CHUNK = 100
_MORNING = 8 * HOUR
_LONGEST_REST = 20 * DAY
"""Milliseconds: an hour of working time ahead may be as far as this, with Tết in between."""


async def case_round(runtime: Runtime) -> None:
    """One round over the cases of the store."""
    await _apologise(runtime)
    await _due(runtime)
    await _close(runtime)
    await hands_round(runtime)


async def _apologise(runtime: Runtime) -> None:
    """Tell whoever will not be answered in time, before that time; each promise once."""
    now, office = runtime.now(), runtime.ledger.office
    lead = office.terms.apology * HOUR

    def look(conn: Connection) -> list[tuple[int, int]]:
        running = cases.promised(conn, now + lead + _LONGEST_REST, _CHUNK * 50)
        table = {unit: runtime.ledger.office_in(conn, unit).table for unit in {unit for _id, unit, _until in running}}
        return [(id, unit) for id, unit, due in running if apology_due(due, now, lead, table[unit], office.sessions)]

    late = await runtime.store.read(look)
    await _act(runtime, late, Apologise())


async def _due(runtime: Runtime) -> None:
    """Ask whether that is done which was promised until yesterday, once people are up."""
    now = runtime.now()
    if now < start_of(day_of(now)) + _MORNING:
        return
    found = await runtime.store.read(lambda conn: replies.promised_before(conn, day_of(now), _CHUNK * 10))
    await _act(runtime, found, Due())


async def _close(runtime: Runtime) -> None:
    """Close what was answered and left at that for `[cases] close_after_days`."""
    before = runtime.now() - runtime.settings.cases.close_after_days * DAY
    while found := await runtime.store.read(lambda conn: cases.over(conn, before, _CHUNK)):
        if not await _act(runtime, found, Close()):
            return  # others were faster; what is left is looked at in the next round


async def _act(runtime: Runtime, found: list[tuple[int, int]], act: Act) -> int:
    """Act on cases (id, unit) as the system; how many accepted it."""
    done = [await runtime.act(id, act, Actor(kind=SYSTEM, unit=unit)) for id, unit in found]
    return sum(not isinstance(outcome, Refusal) for outcome in done)
