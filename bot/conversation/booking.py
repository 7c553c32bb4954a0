"""Booking a seat with a leader: which session, what it is about, who; at most four messages from the citizen."""

from bot.conversation import (
    booking_asking,
    booking_correcting,
    booking_list,
    booking_matter,
    booking_own,
    drafting,
    menu,
)
from bot.conversation.bookable import Bookable, Booked
from bot.conversation.booking_list import BOOK, MINE, OTHER
from bot.conversation.booking_reading import numbered, time_meant, times
from bot.conversation.booking_words import confirmed, when
from bot.conversation.context import BACK, Context, nav
from bot.conversation.effects import BookSeat, GiveConsent, MoveSeat, Option, t
from bot.conversation.state import Booking
from feedback.kinds import Kind
from feedback.session_acts import MAX_NAME, Book, MoveBooking
from feedback.sessions import BookingState

PRIVATE = "go:hen.rieng"
_DIALOGUE = f"go:{Kind.DIALOGUE}"
CANCEL, MOVE, AGAIN, CORRECT = "go:hen.huy.", "go:hen.doi.", "go:hen.lai.", "go:hen.sua."
CONSENT_WORDING = "booking.ask_person/1"
_WAIT = "wait"
_WHEN = ("lich tiep dan", "lich tiep cong dan")
"""Asks for what the list of sessions tells, where there are any."""


def leads(ctx: Context, command: str) -> bool:
    """Whether a command was one of booking's; it is done then. Who asks for a talk is shown the sessions there are."""
    asks_when = command == menu.ASK and ctx.said in _WHEN
    if (command == _DIALOGUE or asks_when) and ctx.desk.takes_bookings():
        command = BOOK
    if command != BOOK and not command.startswith(f"{BOOK}."):
        return False
    go(ctx, command)
    return True


def go(ctx: Context, command: str) -> None:
    """Take a way; whatever dialogue was open has been put aside before."""
    if command in (BOOK, PRIVATE):
        start(ctx, private=command == PRIVATE)
    elif command == OTHER:
        drafting.start(ctx, Kind.DIALOGUE, way=BOOK)
    elif command.startswith(CORRECT):
        booking_correcting.ask(ctx, command.removeprefix(CORRECT))
    elif command == MINE:
        booking_own.show_all(ctx)
    elif command.startswith(CANCEL):
        booking_own.ask_cancel(ctx, command.removeprefix(CANCEL))
    elif command.startswith(MOVE):
        _move(ctx, command.removeprefix(MOVE))
    elif command.startswith(AGAIN):
        _again(ctx, command.removeprefix(AGAIN))
    else:
        menu.show(ctx)


def start(ctx: Context, *, private: bool = False) -> None:
    """The sessions that can be booked; a request for one of one's own where there is none.

    `private`: for what is brought in person, so that nobody is asked what it is about.
    """
    doing = _begin(ctx)
    if private:
        booking_matter.keep_to_oneself(ctx, doing)
    if not ctx.desk.sessions():
        ctx.lead.append(t("booking.no_session"))
        booking_list.as_request(ctx, doing)
        return
    booking_list.show(ctx, doing)


def _begin(ctx: Context, doing: Booking | None = None) -> Booking:
    doing = doing or Booking()
    doing.talk = ctx.new_topic()
    ctx.state.dialogue = doing
    return doing


def by_link(ctx: Context, word: str) -> None:
    """The link of one session ("dt_<id>"); whatever was open has been put aside before."""
    session = ctx.desk.session(int(word)) if word.isdecimal() and len(word) < 20 else None
    if session is None or not session.takes(ctx.inbound.at):
        ctx.lead.append(booking_list.why_not(session, ctx.inbound.at))
        start(ctx)
        return
    _chosen(ctx, _begin(ctx), session)


def _move(ctx: Context, code: str) -> None:
    booked = ctx.desk.booking(code)
    if booked is None or not booked.own or not booked.live:
        booking_own.not_there(ctx, booked)
        return
    if booked.session.begun(ctx.inbound.at):
        booking_own.too_late(ctx, booked)
        return
    ctx.lead.append(t("booking.moving", when=when(booked.at)))
    booking_list.show(ctx, _begin(ctx, Booking(moving=code)))


def _again(ctx: Context, code: str) -> None:
    """Another session for what was to be said in one that was cancelled, or was full."""
    booked = ctx.desk.booking(code)
    if booked is None or not booked.own or not ctx.desk.sessions():
        start(ctx)
        return
    known = Booking(question=booked.question, topic=booked.topic, name=booked.name, phone=booked.phone)
    booking_list.show(ctx, _begin(ctx, known))


def ask_again(ctx: Context, doing: Booking) -> None:
    """The question that is open, once more."""
    session = ctx.desk.session(doing.session) if doing.session else None
    if doing.step == "cancel":
        booking_own.ask_cancel(ctx, doing.moving)
    elif doing.step == "correct":
        booking_asking.person(ctx, doing)
    elif doing.step == "matter":
        booking_matter.ask_again(ctx, doing)
    elif session is None or doing.step == "session":
        booking_list.show(ctx, doing)
    elif doing.step == "question":
        booking_asking.question(ctx, doing, session)
    elif doing.step == "person":
        booking_asking.person(ctx, doing)
    elif doing.step == "wait":
        _ask_wait(ctx, doing, session)
    else:
        _ask_seat(ctx, doing, session)


def hear(ctx: Context, doing: Booking) -> None:
    """One message while a seat is being booked."""
    if ctx.choice == BACK:
        _go_back(ctx, doing)
    elif doing.step == "cancel":
        booking_own.hear_cancel(ctx, doing)
    elif doing.step == "correct":
        booking_correcting.hear(ctx, doing)
    elif doing.step == "matter":
        if booking_matter.hear(ctx, doing):
            _go_on(ctx, doing)
    elif doing.step == "session":
        session = booking_list.hear(ctx, doing)
        if session is not None:
            _chosen(ctx, doing, session)
    else:
        _hear_of(ctx, doing, ctx.desk.session(doing.session))


def _hear_of(ctx: Context, doing: Booking, session: Bookable | None) -> None:
    """What is said of the session that was chosen."""
    if session is None or not session.takes(ctx.inbound.at):
        if booking_asking.took_all_the_same(ctx, doing):
            return
        ctx.lead.append(booking_list.why_not(session, ctx.inbound.at))
        booking_list.show(ctx, doing)
    elif doing.step == "question":
        if booking_asking.hear_question(ctx, doing, session):
            _go_on(ctx, doing)
    elif doing.step == "person":
        if booking_asking.hear_person(ctx, doing):
            _hand_in(ctx, doing)
    elif doing.step == "wait":
        _hear_wait(ctx, doing, session)
    else:
        _hear_seat(ctx, doing, session)


def _go_back(ctx: Context, doing: Booking) -> None:
    session = ctx.desk.session(doing.session) if doing.session else None
    if doing.step in ("matter", "person") and session is not None and not doing.private:
        booking_matter.drop(ctx, doing)
        booking_asking.question(ctx, doing, session)
    elif doing.step in ("question", "seat", "wait", "person", "matter"):
        booking_matter.drop(ctx, doing)
        booking_list.show(ctx, doing)
    elif doing.step == "session" and doing.page:
        doing.page -= 1
        booking_list.show(ctx, doing)
    else:
        menu.show(ctx)


# --- which session ---


def _chosen(ctx: Context, doing: Booking, session: Bookable) -> None:
    doing.session = session.id
    mine = next((one for one in ctx.desk.own_bookings() if one.session.id == session.id), None)
    if mine is not None and mine.code != doing.moving:
        ctx.lead.append(t("booking.have_one"))
        booking_own.show(ctx, mine)
        menu.show(ctx)
    elif (doing.moving or doing.question) and session.meeting.slot_minutes and session.free:
        _ask_seat(ctx, doing, session)
    elif doing.moving and mine is not None:
        ctx.lead.append(t("booking.same"))
        booking_list.show(ctx, doing)
    elif (doing.moving or doing.question) and not session.free:
        _ask_wait(ctx, doing, session)
    else:
        doing.wait = not session.free
        _go_on(ctx, doing)


def _go_on(ctx: Context, doing: Booking) -> None:
    """Whatever is still to be asked; then it is booked."""
    session = ctx.desk.session(doing.session) if doing.session else None
    if session is None or not session.takes(ctx.inbound.at):
        ctx.lead.append(booking_list.why_not(session, ctx.inbound.at))
        booking_list.show(ctx, doing)
    elif doing.moving:
        _hand_in(ctx, doing)
    elif not doing.question:
        booking_asking.question(ctx, doing, session)
    elif not (doing.name and doing.phone):
        booking_asking.person(ctx, doing)
    else:
        _hand_in(ctx, doing)


# --- taking it ---


def _hand_in(ctx: Context, doing: Booking) -> None:
    """Take the seat: looked up under the lock of the session, so that what is promised here is had."""
    session = ctx.desk.session(doing.session)
    free = ctx.desk.free_seats(doing.session, hold=True)
    if session is None or not session.takes(ctx.inbound.at):
        ctx.lead.append(booking_list.why_not(session, ctx.inbound.at))
        booking_list.show(ctx, doing)
        return
    if doing.chosen and doing.seat not in free and free:
        ctx.lead.append(t("seat.gone"))
        _ask_seat(ctx, doing, session)
        return
    if not free and not doing.wait:
        _ask_wait(ctx, doing, session)
        return
    seat = 0 if not free else doing.seat if doing.seat in free else free[0]
    code = ctx.desk.new_code()
    known = ctx.desk.booking(doing.moving) if doing.moving else None
    booked = Booked(
        code=code,
        session=session,
        state=BookingState.BOOKED if seat else BookingState.WAITING,
        own=True,
        seat=seat or None,
        slot_at=session.meeting.slot_at(seat) if seat else None,
        ahead=session.waiting,
        name=doing.name or (known.name if known else ""),
        phone=doing.phone or (known.phone if known else ""),
        file_url=ctx.desk.calendar_url(code) if seat else "",
    )
    _want(ctx, doing, code, seat)
    head = "booking.moved" if doing.moving else "booking.booked"
    ctx.lead += [t(head)] if seat else []
    ctx.lead += confirmed(booked, ctx.desk.commune())
    ctx.offer(options=booking_own.ways_now(booked))
    menu.show(ctx)


def _want(ctx: Context, doing: Booking, code: str, seat: int) -> None:
    if doing.moving:
        move = MoveBooking(code=code, seat=seat, wait=doing.wait)
        ctx.want(MoveSeat(code=doing.moving, session=doing.session, act=move))
        return
    given = ("name", "phone") if doing.private else ("name", "phone", "question")
    ctx.want(GiveConsent(purpose="booking", data=given, wording=CONSENT_WORDING))
    act = Book(
        code=code,
        topic=doing.topic,
        question=doing.question,
        name=doing.name[:MAX_NAME],
        phone=doing.phone,
        seat=seat,
        wait=doing.wait,
    )
    ctx.want(BookSeat(session=doing.session, act=act))


def _ask_seat(ctx: Context, doing: Booking, session: Bookable) -> None:
    doing.step, doing.seat = "seat", 0
    offered = numbered(times(ctx, session))
    ctx.ask(t("booking.which_time", when=when(session.meeting.starts_at)), options=[*offered, *nav()], wide=False)


def _hear_seat(ctx: Context, doing: Booking, session: Bookable) -> None:
    seat = time_meant(ctx, doing, session)
    if not seat:
        ctx.lead.append(t("seat.gone" if seat == 0 else "nav.not_understood"))
        _ask_seat(ctx, doing, session)
        return
    doing.seat, doing.chosen = seat, True
    _go_on(ctx, doing)


def _ask_wait(ctx: Context, doing: Booking, session: Bookable) -> None:
    doing.step = "wait"
    options = [Option(_WAIT, t("booking.wait"), "1")]
    ctx.ask(t("booking.full", number=session.waiting + 1), options=[*options, *nav(back="booking.another")])


def _hear_wait(ctx: Context, doing: Booking, session: Bookable) -> None:
    if ctx.meant([Option(_WAIT, t("booking.wait"), "1")]) != _WAIT:
        ctx.lead.append(t("nav.not_understood"))
        _ask_wait(ctx, doing, session)
        return
    doing.wait, doing.chosen = True, False
    _go_on(ctx, doing)


def refused(ctx: Context, doing: Booking, reason: str) -> None:
    """The store did not accept it: somebody was faster, or the session is no more."""
    if reason in ("code.taken", "seat.gone", "session.full") and doing.step not in ("cancel", "correct"):
        hear(ctx, doing)  # what was said is said once more, to how things stand now
        return
    begun = ctx.desk.booking(doing.moving) if reason == "booking.begun" else None
    if begun is not None:
        booking_own.too_late(ctx, begun)
        return
    ctx.lead.append(t(reason))
    if doing.step in ("cancel", "correct"):
        menu.show(ctx)
    else:
        booking_list.show(ctx, doing)
