"""A full recount of the counts that figures are made of: half-month by half-month, behind the turns of the chat."""

from functools import partial

import msgspec

from app.runtime import Runtime
from storage import rollup_check
from storage.rollup_check import Found, Half
from vietnam.time import day_of

_CHUNK = 25
"""Rows put right in one unit of work: some milliseconds, which no turn notices."""
_TRIES = 5
"""How often a half-month is looked at again whose rows a release has changed meanwhile."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A row of counts that is not what the answers give; by its key alone, as counts of few people are nobody's."""

    version: int
    kind: str
    period: str
    unit: int
    channel: str
    question: str


class Recount(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted anew, what differs (still, where it was to be put right), and how many rows were put right."""

    versions: int
    halves: int
    responses: int
    differences: list[Difference]
    repaired: int


async def recount(runtime: Runtime, *, repair: bool) -> Recount:
    """Compare every half-month; with `repair` put it right."""
    found = await runtime.store.read(rollup_check.halves)
    many = repaired = 0
    differences: list[Difference] = []
    for half in found:
        there = await _look(runtime, half)
        for _ in range(_TRIES if repair and there.wrong else 0):
            repaired += await _mend(runtime, half, there)
            there = await _look(runtime, half)
            if not there.wrong:
                break
        many += there.responses
        differences += [Difference(version=half.version, kind=half.kind, **one.key._asdict()) for one in there.wrong]
    return Recount(
        versions=len({half.version for half in found}),
        halves=len(found),
        responses=many,
        differences=differences,
        repaired=repaired,
    )


async def _look(runtime: Runtime, half: Half) -> Found:
    today = day_of(runtime.now())
    return await runtime.store.read(lambda conn: rollup_check.look(conn, half, today))


async def _mend(runtime: Runtime, half: Half, found: Found) -> int:
    mended = 0
    for at in range(0, len(found.wrong), _CHUNK):
        rows = found.wrong[at : at + _CHUNK]
        mended += await runtime.store.write(partial(rollup_check.mend, half=half, wrong=rows))
    return mended
