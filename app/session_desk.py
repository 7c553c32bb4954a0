"""Sessions as the officers' pages ask for them: each act, with all that goes with it, in one transaction."""

from datetime import date

from app import sessions
from app.ledger import StoredChat
from app.runtime import Runtime
from bot.conversation.messages import Bubble
from feedback.acts import Refusal
from feedback.roles import Actor, may
from feedback.session_acts import (
    Announce,
    Book,
    BookingAct,
    Cancel,
    Change,
    CloseSeries,
    Drop,
    Keep,
    MoveBooking,
    OpenSeries,
    Plan,
    Publish,
    SessionAct,
)
from feedback.session_deciding import SessionDecision
from feedback.sessions import RECEPTIONS, Host, SessionState
from storage import deliveries, outbox, reading_sessions, session_notices, session_sheets
from storage.by_hand import BY_HAND
from storage.reading_sessions import PromisedTo
from storage.session_notices import What
from storage.tx import Tx


class SessionDesk:
    """See web.session_door.SessionDoor."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def plan(self, act: Plan, actor: Actor) -> int | Refusal:
        return await sessions.plan(self._runtime, act, actor)

    async def open_series(self, act: OpenSeries, actor: Actor) -> int | Refusal:
        # A form that is sent twice; two series of one host at one hour could only stand in each other's way.
        if await self._runtime.store.read(
            lambda conn: reading_sessions.has_series(conn, actor.unit, act.first, act.rule)
        ):
            return Refusal("session.series_there")
        return await sessions.open_series(self._runtime, act, actor)

    async def close_series(self, series: int, act: CloseSeries, actor: Actor) -> Refusal | None:
        return await sessions.close_series(self._runtime, series, act, actor)

    async def act(self, session: int, act: SessionAct, actor: Actor, *, tell: bool = True) -> Refusal | None:
        return await self._runtime.store.write(lambda tx: apply(self._runtime, tx, session, act, actor, tell=tell))

    async def book(self, session: int, act: Book, actor: Actor) -> str | Refusal:
        return await sessions.book_for(self._runtime, session, act, actor)

    async def act_on_booking(self, code: str, act: BookingAct, actor: Actor) -> Refusal | None:
        done = await sessions.act_on_booking(self._runtime, code, act, actor)
        return done if isinstance(done, Refusal) else None

    async def busy(self, host: str, first_day: str, last_day: str, note: str, actor: Actor) -> Refusal | None:
        try:
            first, last = date.fromisoformat(first_day), date.fromisoformat(last_day)
        except ValueError:
            return Refusal("session.days_wrong")
        if host not in list(Host):
            return Refusal("session.days_wrong")
        done = await sessions.busy(self._runtime, Host(host), first, last, note, actor)
        return done if isinstance(done, Refusal) else None

    async def free(self, busy: int, actor: Actor) -> Refusal | None:
        return await sessions.free(self._runtime, busy, actor)

    async def move_booking(self, code: str, session: int, act: MoveBooking, actor: Actor) -> str | Refusal:
        return await sessions.move_booking_for(self._runtime, code, session, act, actor)

    async def received(self, session: int, village: int, kind: str, actor: Actor) -> Refusal | None:
        if not may(actor, "session.receive", actor.unit, village=village):
            return Refusal("act.not_allowed")
        now = self._runtime.now()

        def unit(tx: Tx) -> Refusal | None:
            done = session_sheets.receive(tx, actor, session, village, kind, now)
            return None if done else Refusal("act.already")

        return await self._runtime.store.write(unit)


def apply(runtime: Runtime, tx: Tx, session: int, act: SessionAct, actor: Actor, *, tell: bool) -> Refusal | None:
    """An act on a session within an open transaction, with the papers and notices that follow from it."""
    now = runtime.now()
    over = act if isinstance(act, Keep | Drop) else None
    asked = None if over is None else reading_sessions.promised_to(tx.conn, over.promise)
    # The conversation is locked before the session, as everywhere.
    chat = None if asked is None or asked.account is None else runtime.ledger.chat_of(tx, asked.account, now)
    decision = sessions.apply_to_session(runtime, tx, session, act, actor)
    if isinstance(decision, Refusal):
        return decision
    if over is not None and asked is not None:
        _tell_of_promise(runtime, tx, over, asked, chat, actor, now)
    _follow(tx, session, act, decision, actor, now, tell=tell)
    return None


def _tell_of_promise(
    runtime: Runtime, tx: Tx, act: Keep | Drop, asked: PromisedTo, chat: StoredChat | None, actor: Actor, now: int
) -> None:
    """Whoever asked is told what was done, or why it will not be; without a chat an officer calls."""
    if chat is None:
        deliveries.call_without_chat(tx, actor.unit, asked.booking, BY_HAND, now)
        return
    key = "promise.kept" if isinstance(act, Keep) else "promise.dropped"
    said = runtime.wording(key, promise=asked.text, title=asked.title, day=asked.day, note=act.note.strip())
    id = chat.say(Bubble(text=said), 0, notice=True)
    outbox.about_booking(tx, id, asked.booking)
    chat.save(None)


def _follow(
    tx: Tx, session: int, act: SessionAct, decision: SessionDecision, actor: Actor, now: int, *, tell: bool
) -> None:
    row = reading_sessions.one(tx.conn, actor.unit, session)
    if row is None:
        return
    match act:
        case Announce():
            session_sheets.send(tx, actor.unit, session, "notice", now)
            if tell:
                session_notices.begin(tx, actor.unit, session, "announced", row.village_id, now)
        case Change() | Cancel() if decision.news and decision.before is SessionState.ANNOUNCED:
            session_sheets.send_again(tx, actor.unit, session, "notice", now)
            if session_notices.was_told(tx.conn, session):
                what: What = "cancelled" if isinstance(act, Cancel) else "moved"
                session_notices.begin(tx, actor.unit, session, what, row.village_id, now)
        case Publish() if row.kind not in RECEPTIONS:
            session_sheets.send(tx, actor.unit, session, "results", now)
        case _:
            pass
