"""What happens to sessions by themselves: people are told, reminded, officers warned, series carried on."""

from datetime import date
from functools import partial

from app.promise_round import promise_round
from app.runtime import Runtime
from app.session_news import bubble
from feedback.session_clocks import Warned, notice_by, results_by, warnings
from storage import notices, session_series, session_telling
from storage.session_telling import Due, Watched
from storage.tx import Tx
from storage.units import unit as unit_of
from surveys.quiet import clock, quiet_until
from vietnam.calendar import DayTable
from vietnam.time import day_of

_NOTICES = {
    Warned.NOTICE_SOON: "notice.session.notice_soon",
    Warned.NOTICE_LATE: "notice.session.notice_late",
    Warned.NOT_CLOSED: "notice.session.not_closed",
    Warned.RESULTS_SOON: "notice.session.results_soon",
    Warned.RESULTS_LATE: "notice.session.results_late",
}


async def tell_round(runtime: Runtime) -> bool:
    """Tell whoever has a booking what is new of it, and remind them; whether there was anybody.

    Whether the hour is quiet matters to reminders only: that a session is off is told at once.
    """
    due = await runtime.store.read(session_telling.news)
    waves = runtime.settings.waves
    if quiet_until(runtime.now(), clock(waves.quiet_from), clock(waves.quiet_to)) is None:
        due += await runtime.store.read(lambda conn: session_telling.reminders(conn, runtime.now()))
    for one in due:
        await runtime.store.write(partial(_tell, runtime, one))
    return bool(due)


def _tell(runtime: Runtime, due: Due, tx: Tx) -> None:
    """One message; the conversation is locked before the booking, as everywhere."""
    now = runtime.now()
    chat = runtime.ledger.chat_of(tx, due.account, now)
    booking = session_telling.claim(tx, due, now)
    if booking is None:
        return
    desk = chat.desk()
    wording = runtime.wording.typed() if chat.only_typed else runtime.wording
    unit = unit_of(tx.conn, chat.unit)
    said = bubble(tx, due.what, booking, unit, desk.commune(), wording, url=desk.calendar_url(booking.code), now=now)
    if said is not None:
        chat.say(said, 0, notice=True)
        chat.save(None)


async def session_round(runtime: Runtime) -> None:
    """Carry series on, and warn of the clocks of 7 and 10 days."""
    table = runtime.ledger.office.table
    for series in await runtime.store.read(session_series.open_ones):
        await runtime.store.write(partial(_make, series=series, table=table, now=runtime.now()))
    for watched in await runtime.store.read(lambda conn: session_telling.watched(conn, runtime.now())):
        found = warnings(watched.clock, runtime.now())
        if found:
            await runtime.store.write(partial(_warn, runtime, watched, found))
    await promise_round(runtime)


def _make(tx: Tx, series: int, table: DayTable, now: int) -> None:
    _made, clashing = session_series.make(tx, series, table, now)
    for day in clashing:
        unit, title = session_series.named(tx.conn, series)
        values = {"title": title, "day": _shown(date.fromisoformat(day))}
        notices.add(tx, unit, "notice.session.clash", values, now)


def _warn(runtime: Runtime, watched: Watched, found: Warned, tx: Tx) -> None:
    known = watched.clock
    if not session_telling.warn(tx, watched.id, known.warned, known.warned | int(found)):
        return
    last = notice_by(known.kind, known.starts_at)
    for bit in found:
        if bit in (Warned.RESULTS_SOON, Warned.RESULTS_LATE):
            last = results_by(known.kind, known.ends_at)
        values = {"title": watched.title, "day": _shown(day_of(known.starts_at)), "last": _shown(last)}
        notices.add(tx, watched.unit, _NOTICES[bit], values, runtime.now())


def _shown(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
