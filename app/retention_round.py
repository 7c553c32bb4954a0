"""What has been kept long enough: once a day, what was said in old cases and old chats goes."""

from functools import partial

from app.logs import get_logger
from app.runtime import Runtime
from feedback.acts import Refusal
from feedback.kinds import Kind
from feedback.retention import Expire, months_before, over_before
from feedback.roles import SYSTEM, Actor
from storage import booking_retention, notices, retention
from vietnam.time import day_of, start_of

log = get_logger()
_CHUNK = 100


def terms(runtime: Runtime, now: int) -> dict[Kind, int]:
    """Kind -> the instant before which a case must have been over to go at `now`."""
    return over_before(runtime.settings.retention.months(), now)


async def retention_round(runtime: Runtime) -> None:
    """The round of the day; nothing where this process has made it today."""
    now = runtime.now()
    today = day_of(now).isoformat()
    if runtime.swept_on == today:
        return
    went = await _cases(runtime, now)
    if went:
        log.info("retention.cases", went=went)
    await _bookings(runtime, now)
    months = runtime.settings.retention.chat_months
    if months:
        await _chats(runtime, start_of(months_before(day_of(now), months)))
    runtime.swept_on = today


async def _cases(runtime: Runtime, now: int) -> int:
    """Have every case expire whose time has come, as an act of each; how many there were."""
    before, went = terms(runtime, now), 0
    while found := await runtime.store.read(lambda conn: retention.due(conn, before, _CHUNK)):
        for id, unit, version in found:
            done = await runtime.act(id, Expire(seen=version), Actor(kind=SYSTEM, unit=unit))
            if isinstance(done, Refusal):
                return went  # others were faster; what is left is looked at tomorrow
            went += 1
    return went


def bookings_before(runtime: Runtime, now: int) -> int:
    """The instant before which a session must have ended for its bookings to go at `now`; 0: they never go."""
    months = runtime.settings.retention.bookings_months
    return start_of(months_before(day_of(now), months)) if months else 0


async def _bookings(runtime: Runtime, now: int) -> None:
    """Who booked what lies so long back, one booking at a time; then what others asked there on the spot."""
    store, before = runtime.store, bookings_before(runtime, now)
    went = 0
    while found := await store.read(lambda conn: booking_retention.due(conn, before, _CHUNK)) if before else []:
        for id, unit in found:
            program = Actor(kind=SYSTEM, unit=unit)
            if not await store.write(partial(booking_retention.forget, id=id, before=before, actor=program, now=now)):
                return  # something has come up; what is left is looked at tomorrow
            went += 1
    while ids := await store.read(lambda conn: booking_retention.asked_on_the_spot(conn, before, _CHUNK)):
        await store.write(partial(booking_retention.forget_asked, ids=ids))
    if went:
        log.info("retention.bookings", went=went)


async def _chats(runtime: Runtime, before: int) -> None:
    store = runtime.store
    while ids := await store.read(lambda conn: retention.old_words(conn, before)):
        await store.write(partial(retention.forget_words, ids=ids))
    while ids := await store.read(lambda conn: retention.silent(conn, before)):
        await store.write(partial(retention.forget_state, ids=ids, before=before))
    await store.write(partial(notices.forget, before=before))
