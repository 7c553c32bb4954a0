"""What happens to sessions by themselves: people are told, reminded, officers warned, series carried on."""

from datetime import date, time
from functools import partial

from app.promise_round import promise_round
from app.runtime import Runtime
from app.session_news import bubble
from feedback.seat_news import OF_A_SEAT, RESULTS
from feedback.session_clocks import Warned, notice_by, results_by, warnings
from feedback.sessions import LIVE
from storage import deliveries, notices, outbox, session_series, session_telling, session_words
from storage.by_hand import BY_HAND
from storage.session_telling import Due, Night, Watched
from storage.tx import Tx
from storage.units import unit as unit_of
from surveys.quiet import clock, quiet_until
from vietnam.time import DAY, HOUR, MINUTE, day_of, start_of

_NOTICES = {
    Warned.NOTICE_SOON: "notice.session.notice_soon",
    Warned.NOTICE_LATE: "notice.session.notice_late",
    Warned.NOT_CLOSED: "notice.session.not_closed",
    Warned.RESULTS_SOON: "notice.session.results_soon",
    Warned.RESULTS_LATE: "notice.session.results_late",
    Warned.UNREAD_SOON: "notice.session.unread_soon",
    Warned.UNREAD_LATE: "notice.session.unread_late",
}


async def tell_round(runtime: Runtime) -> bool:
    """Tell whoever has a booking what is new of it, and remind them; whether there was anybody.

    Whether the hour is quiet matters to reminders only: that a session is off is told at once.
    """
    waves, now = runtime.settings.waves, runtime.now()
    if await runtime.store.read(lambda conn: session_telling.anybody_in_vain(conn, now)):
        await runtime.store.write(lambda tx: session_telling.let_down(tx, now))
    due = await runtime.store.read(session_telling.news)
    begins, ends = clock(waves.quiet_from), clock(waves.quiet_to)
    night = night_of(now, begins, ends)
    if quiet_until(now, begins, ends) is None:
        due += await runtime.store.read(lambda conn: session_telling.reminders(conn, now, night))
    for one in due:
        await runtime.store.write(partial(_tell, runtime, one, night))
    return bool(due)


def night_of(now: int, begins: time, ends: time) -> Night:
    """The quiet hours that reminders go by: those that ended less than two hours ago, that are on, or come next."""
    today = start_of(day_of(now))
    for day in (today - DAY, today, today + DAY):
        start = day + (begins.hour * 60 + begins.minute) * MINUTE
        end = quiet_until(start, begins, ends)
        if end is not None and now < end + 2 * HOUR:
            return Night(start, end)
    return Night()


def _tell(runtime: Runtime, due: Due, night: Night, tx: Tx) -> None:
    """One message; the conversation is locked before the booking, as everywhere. Without a chat an officer calls."""
    now = runtime.now()
    if due.account is None:
        written_down = session_telling.claim(tx, due, now, night)
        words = due.what.split()
        if written_down is not None and (written_down.state in LIVE or not OF_A_SEAT.issuperset(words)):
            if RESULTS in words:
                session_words.told(tx, due.booking, now)
            deliveries.call_without_chat(tx, session_telling.unit_of(tx.conn, due.booking), due.booking, BY_HAND, now)
        return
    chat = runtime.ledger.chat_of(tx, due.account, now)
    booking = session_telling.claim(tx, due, now, night)
    if booking is None:
        return
    desk = chat.desk()
    wording = runtime.wording.typed() if chat.only_typed else runtime.wording
    unit = unit_of(tx.conn, chat.unit)
    said = bubble(tx, due.what, booking, unit, desk.commune(), wording, url=desk.calendar_url(booking.code), now=now)
    if RESULTS in due.what.split():
        session_words.told(tx, booking.id, now)
    if said is not None:
        outbox.about_booking(tx, chat.say(said, 0, notice=True), booking.id)
        chat.save(None)


async def session_round(runtime: Runtime) -> None:
    """Carry series on, and warn of the clocks of 7 and 10 days."""
    for series in await runtime.store.read(session_series.open_ones):
        await runtime.store.write(partial(_make, runtime=runtime, series=series))
    for watched in await runtime.store.read(lambda conn: session_telling.watched(conn, runtime.now())):
        found = warnings(watched.clock, runtime.now())
        if found:
            await runtime.store.write(partial(_warn, runtime, watched, found))
    await promise_round(runtime)
    late = await runtime.store.read(lambda conn: deliveries.overtaken(conn, runtime.now()))
    if late:
        await runtime.store.write(lambda tx: deliveries.drop(tx, late, runtime.now()))


def _make(tx: Tx, runtime: Runtime, series: int) -> None:
    now = runtime.now()
    unit, title = session_series.named(tx.conn, series)
    _made, clashing = session_series.make(tx, series, runtime.ledger.office_in(tx.conn, unit).table, now)
    for day in clashing:
        values = {"title": title, "day": _shown(date.fromisoformat(day))}
        notices.add(tx, unit, "notice.session.clash", values, now)


def _warn(runtime: Runtime, watched: Watched, found: Warned, tx: Tx) -> None:
    known = watched.clock
    if not session_telling.warn(tx, watched.id, known.warned, known.warned | int(found)):
        return
    last = notice_by(known.kind, known.starts_at)
    for bit in found:
        if bit >= Warned.RESULTS_SOON:
            last = results_by(known.kind, known.ends_at)
        values = {"title": watched.title, "day": _shown(day_of(known.starts_at)), "last": _shown(last)}
        if bit >= Warned.UNREAD_SOON:
            values["many"] = str(known.unread)
        notices.add(tx, watched.unit, _NOTICES[bit], values, runtime.now())


def _shown(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
