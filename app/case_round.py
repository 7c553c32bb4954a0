"""What happens to cases by themselves: a promise that will not be kept is apologised for; what is over is closed."""

from app.runtime import Runtime
from feedback.acts import Act, Apologise, Close, Refusal
from feedback.clocks import apology_due
from feedback.roles import SYSTEM, Actor
from storage import cases
from vietnam.time import DAY, HOUR

_CHUNK = 100
_LONGEST_REST = 20 * DAY
"""Milliseconds: an hour of working time ahead may be as far as this, with Tết in between."""


async def case_round(runtime: Runtime) -> None:
    """One round over the cases of the store."""
    await _apologise(runtime)
    await _close(runtime)


async def _apologise(runtime: Runtime) -> None:
    """Tell whoever will not be answered in time, before that time; each promise once."""
    now, office = runtime.now(), runtime.ledger.office
    lead = office.terms.apology * HOUR
    open_cases = await runtime.store.read(lambda conn: cases.promised(conn, now + lead + _LONGEST_REST, _CHUNK * 50))
    late = [
        (id, unit)
        for id, unit, deadline in open_cases
        if apology_due(deadline, now, lead, office.table, office.sessions)
    ]
    await _act(runtime, late, Apologise())


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
