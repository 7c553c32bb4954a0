"""What passes on by itself: cases that nobody took come back, what is late is told to the leaders, hot spots are found.

Notices name no case: one that is closed to its unit tomorrow must not stand in a notice of yesterday.
"""

from collections import Counter
from functools import partial

from app.runtime import Runtime
from feedback.acts import Act, Refusal
from feedback.handing import MAX_ESCALATED, Escalate, Remind, Return
from feedback.hot_spots import HotSpot, Thresholds, hot_spots
from feedback.roles import SYSTEM, Actor
from storage import handing, notices, units
from storage.tx import Tx
from vietnam.time import DAY

_CHUNK = 200
_REMINDED = 3
"""How often somebody is reminded of one case."""


async def hands_round(runtime: Runtime) -> None:
    """One round over the cases of every unit."""
    await _return(runtime)
    await _escalate(runtime)
    await _remind(runtime)
    for commune in await runtime.store.read(units.communes):
        await _hot_spots(runtime, commune.id)


async def _return(runtime: Runtime) -> None:
    before = runtime.now() - runtime.settings.cases.return_days * DAY
    found = await runtime.store.read(lambda conn: handing.untouched(conn, before, _CHUNK))
    await _tell(runtime, await _act(runtime, found, Return()), "notice.cases_returned")
    left = await runtime.store.read(lambda conn: handing.abandoned(conn, _CHUNK))
    await _tell(runtime, await _act(runtime, left, Return()), "notice.cases_left")


async def _remind(runtime: Runtime) -> None:
    """Somebody is to ask what became of what went elsewhere: three times, then the commune has done what it can."""
    days = runtime.settings.cases.outcome_days * DAY
    now = runtime.now()
    if days:
        longest = now - (_REMINDED + 1) * days
        found = await runtime.store.read(lambda conn: handing.unheard_of(conn, now - days, longest, _CHUNK))
        await _tell(runtime, await _act(runtime, found, Remind()), "notice.outcomes_due")


async def _escalate(runtime: Runtime) -> None:
    """The leaders are told once when a promise is broken, and once more when it stays so."""
    for level in range(1, MAX_ESCALATED + 1):
        before = runtime.now() - (level - 1) * runtime.settings.cases.escalate_days * DAY
        found = await runtime.store.read(partial(handing.late, before=before, level=level, limit=_CHUNK))
        await _tell(runtime, await _act(runtime, found, Escalate()), f"notice.cases_late.{level}")


async def _act(runtime: Runtime, found: list[tuple[int, int]], act: Act) -> Counter[int]:
    """Act on cases (id, unit) as the system; how many of each unit accepted it."""
    done: Counter[int] = Counter()
    for id, unit in found:
        if not isinstance(await runtime.act(id, act, Actor(kind=SYSTEM, unit=unit)), Refusal):
            done[unit] += 1
    return done


async def _tell(runtime: Runtime, many: Counter[int], key: str) -> None:
    def unit(tx: Tx) -> None:
        for commune, count in many.items():
            notices.add(tx, commune, key, {"many": count}, runtime.now())

    if many:
        await runtime.store.write(unit)


def limits_of(runtime: Runtime) -> Thresholds:
    """From when on something is a hot spot, as the settings say."""
    cases = runtime.settings.cases
    return Thresholds(
        people=cases.hot_people,
        field_people=cases.hot_field_people,
        days=cases.hot_days,
        metres=cases.hot_metres,
        long_days=cases.hot_long_days,
    )


async def spots_of(runtime: Runtime, unit: int) -> list[HotSpot]:
    """The hot spots of a unit now."""
    limits, now = limits_of(runtime), runtime.now()
    since = now - limits.days * DAY
    return hot_spots(await runtime.store.read(lambda conn: handing.reports(conn, unit, since)), limits, now)


async def _hot_spots(runtime: Runtime, unit: int) -> None:
    keys = [spot.key for spot in await spots_of(runtime, unit)]

    def work(tx: Tx) -> None:
        new = handing.to_tell(tx, unit, keys, runtime.now())
        if new:
            notices.add(tx, unit, "notice.hot_spots", {"many": len(new)}, runtime.now())

    if await runtime.store.read(lambda conn: handing.changed(conn, unit, keys)):
        await runtime.store.write(work)
