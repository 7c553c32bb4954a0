"""Booking a seat with a leader: which session, what it is about, who; at most four messages from the citizen."""

from bot.conversation import booking_own, drafting, menu
from bot.conversation.bookable import Bookable, Booked
from bot.conversation.booking_reading import SEAT, USE, known, name_and_phone, numbered, time_meant, times
from bot.conversation.booking_words import clock, confirmed, details, line, short, when
from bot.conversation.context import BACK, Context, nav
from bot.conversation.effects import BookSeat, GiveConsent, MoveSeat, Option, Text, t
from bot.conversation.state import Booking
from feedback.kinds import Kind
from feedback.session_acts import MAX_NAME, MAX_QUESTION, Book, MoveBooking
from feedback.sessions import BookingState
from feedback.topics import topic_of
from vietnam.numbers import number_vi

BOOK = "go:hen"
OTHER = "go:hen.khac"
_DIALOGUE = f"go:{Kind.DIALOGUE}"
MINE = "go:hen.toi"
CANCEL, MOVE, AGAIN = "go:hen.huy.", "go:hen.doi.", "go:hen.lai."
CONSENT_WORDING = "booking.ask_person/1"
_SESSION, _WAIT = "s", "wait"
_WHEN = ("lich tiep dan", "lich tiep cong dan")
"""Asks for what the list of sessions tells, where there are any."""
_SHORTEST = 4
"""Characters of a question that says anything."""


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
    if command == BOOK:
        start(ctx)
    elif command == OTHER:
        drafting.start(ctx, Kind.DIALOGUE)
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


def start(ctx: Context) -> None:
    """The sessions that can be booked; a request for one of one's own where there is none."""
    if not ctx.desk.sessions():
        ctx.lead.append(t("booking.no_session"))
        drafting.start(ctx, Kind.DIALOGUE)
        return
    ctx.state.dialogue = Booking()
    _list(ctx, ctx.state.dialogue)


def by_link(ctx: Context, word: str) -> None:
    """The link of one session ("dt_<id>"); whatever was open has been put aside before."""
    session = ctx.desk.session(int(word)) if word.isdecimal() and len(word) < 20 else None
    if session is None or not session.takes(ctx.inbound.at):
        ctx.lead.append(_why_not(session, ctx.inbound.at))
        start(ctx)
        return
    ctx.state.dialogue = Booking()
    _chosen(ctx, ctx.state.dialogue, session)


def _move(ctx: Context, code: str) -> None:
    booked = ctx.desk.booking(code)
    if booked is None or not booked.own or not booked.live:
        booking_own.not_there(ctx, booked)
        return
    doing = Booking(moving=code)
    ctx.state.dialogue = doing
    ctx.lead.append(t("booking.moving", when=when(booked.at)))
    _list(ctx, doing)


def _again(ctx: Context, code: str) -> None:
    """Another session for what was to be said in one that was cancelled, or was full."""
    booked = ctx.desk.booking(code)
    if booked is None or not booked.own or not ctx.desk.sessions():
        start(ctx)
        return
    doing = Booking(question=booked.question, topic=booked.topic, name=booked.name, phone=booked.phone)
    ctx.state.dialogue = doing
    _list(ctx, doing)


def ask_again(ctx: Context, doing: Booking) -> None:
    """The question that is open, once more."""
    session = ctx.desk.session(doing.session) if doing.session else None
    if doing.step == "cancel":
        booking_own.ask_cancel(ctx, doing.moving)
    elif session is None or doing.step == "session":
        _list(ctx, doing)
    elif doing.step == "question":
        _ask_question(ctx, doing, session)
    elif doing.step == "person":
        _ask_person(ctx, doing)
    elif doing.step == "wait":
        _ask_wait(ctx, doing, session)
    else:
        _ask_seat(ctx, doing, session)


def hear(ctx: Context, doing: Booking) -> None:
    """One message while a seat is being booked."""
    if ctx.choice == BACK:
        _go_back(ctx, doing)
        return
    if doing.step == "cancel":
        booking_own.hear_cancel(ctx, doing)
        return
    session = ctx.desk.session(doing.session) if doing.session else None
    if doing.step == "session" or session is None:
        _hear_session(ctx, doing)
    elif not session.takes(ctx.inbound.at):
        ctx.lead.append(_why_not(session, ctx.inbound.at))
        _list(ctx, doing)
    elif doing.step == "question":
        _hear_question(ctx, doing, session)
    elif doing.step == "person":
        _hear_person(ctx, doing)
    elif doing.step == "wait":
        _hear_wait(ctx, doing, session)
    else:
        _hear_seat(ctx, doing, session)


def _go_back(ctx: Context, doing: Booking) -> None:
    session = ctx.desk.session(doing.session) if doing.session else None
    if doing.step == "person" and session is not None:
        _ask_question(ctx, doing, session)
    elif doing.step in ("question", "seat", "wait"):
        _list(ctx, doing)
    else:
        menu.show(ctx)


# --- which session ---


def _list(ctx: Context, doing: Booking) -> None:
    doing.step, doing.session, doing.seat, doing.wait = "session", 0, 0, False
    found = ctx.desk.sessions()
    if not found:
        ctx.lead.append(t("booking.none_left"))
        menu.show(ctx)
        return
    own = [booked for booked in ctx.desk.own_bookings() if booked.code != doing.moving]
    mine = [Option(MINE, t("booking.mine"))] if own else []
    other = [] if doing.moving else [Option(OTHER, t("booking.other"), str(len(found) + 1))]
    ctx.ask(
        t("booking.which"),
        *(line(session) for session in found),
        options=[*_session_options(found), *other, *mine, *nav(back="")],
    )


def _session_options(found: list[Bookable]) -> list[Option]:
    return [Option(f"{_SESSION}{one.id}", short(one.meeting.starts_at), str(n)) for n, one in enumerate(found, start=1)]


def _hear_session(ctx: Context, doing: Booking) -> None:
    found = ctx.desk.sessions()
    options = _session_options(found)
    if not doing.moving:
        options.append(Option(OTHER, t("booking.other"), str(len(found) + 1)))
    meant = ctx.meant(options)
    if meant == OTHER:
        drafting.start(ctx, Kind.DIALOGUE)
        return
    session = ctx.desk.session(int(meant.removeprefix(_SESSION))) if meant else None
    if session is None or not session.takes(ctx.inbound.at):
        ctx.lead.append(t("nav.not_understood") if meant is None else _why_not(session, ctx.inbound.at))
        _list(ctx, doing)
        return
    _chosen(ctx, doing, session)


def _why_not(session: Bookable | None, now: int) -> Text:
    """Why a session cannot be booked."""
    if session is None or session.takes(now):
        return t("session.none")
    return t("session.cancelled" if str(session.state) == "cancelled" else "session.past")


def _chosen(ctx: Context, doing: Booking, session: Bookable) -> None:
    doing.session = session.id
    mine = next((one for one in ctx.desk.own_bookings() if one.session.id == session.id), None)
    if mine is not None and mine.code != doing.moving:
        ctx.lead.append(t("booking.have_one"))
        booking_own.show(ctx, mine)
        menu.show(ctx)
    elif doing.moving and session.meeting.slot_minutes and session.free:
        _ask_seat(ctx, doing, session)
    elif doing.moving and mine is not None:
        ctx.lead.append(t("booking.same"))
        _list(ctx, doing)
    elif (doing.moving or doing.question) and not session.free:
        _ask_wait(ctx, doing, session)
    elif doing.moving or (doing.question and doing.name):
        _hand_in(ctx, doing)
    else:
        doing.wait = not session.free
        _ask_question(ctx, doing, session)


# --- what it is about, and at what time ---


def _ask_question(ctx: Context, doing: Booking, session: Bookable) -> None:
    doing.step = "question"
    parts = [t("booking.chosen", title=session.meeting.title, when=when(session.meeting.starts_at)), *details(session)]
    offered = times(ctx, session)
    if doing.wait:
        parts.append(t("booking.will_wait", number=session.waiting + 1))
    elif offered:
        doing.seat = doing.seat or int(offered[0].id.removeprefix(SEAT))
        at = session.meeting.slot_at(doing.seat) or session.meeting.starts_at
        parts.append(t("booking.your_time", time=clock(at)))
        offered = [option for option in offered if option.id != f"{SEAT}{doing.seat}"]
    ctx.ask(*parts, t("booking.ask_question"), options=[*numbered(offered), *nav()], wide=False)


def _hear_question(ctx: Context, doing: Booking, session: Bookable) -> None:
    seat = time_meant(ctx, doing, session)
    if seat:
        doing.seat, doing.chosen = seat, True
        _ask_question(ctx, doing, session)
        return
    words = ctx.inbound.text.strip()
    fault: Text | None = None
    if seat == 0:
        fault = t("seat.gone")
    elif ctx.inbound.kind != "text" or ctx.choice or len(words) < _SHORTEST or ctx.number_said:
        fault = t("booking.words_only")
    elif len(words) > MAX_QUESTION:
        fault = t("draft.field_too_long", length=number_vi(len(words)), limit=number_vi(MAX_QUESTION))
    if fault is not None:
        ctx.lead.append(fault)
        _ask_question(ctx, doing, session)
        return
    doing.question, doing.topic = words, topic_of(words)
    if doing.name and doing.phone:
        _hand_in(ctx, doing)
    else:
        _ask_person(ctx, doing)


# --- who ---


def _ask_person(ctx: Context, doing: Booking) -> None:
    doing.step = "person"
    commune = ctx.desk.commune().name
    if doing.name or doing.phone:
        ctx.ask(t("booking.ask_phone" if doing.name else "booking.ask_name"), options=nav(), wants="contact")
        return
    parts = (t("booking.ask_person"), t("booking.consent", commune=commune))
    ctx.ask(*parts, options=[*known(ctx), *nav()], wants="contact")


def _hear_person(ctx: Context, doing: Booking) -> None:
    if not (doing.name or doing.phone) and ctx.meant(known(ctx)) == USE:
        last = ctx.desk.last_booking()
        doing.name, doing.phone = (last.name, last.phone) if last is not None else ("", "")
    else:
        name, phone = name_and_phone(ctx.inbound.text if not ctx.choice else "")
        doing.name, doing.phone = doing.name or name, doing.phone or phone
        if not (name or phone):
            ctx.lead.append(t("draft.phone_wrong" if doing.name else "draft.name_wrong"))
    if doing.name and doing.phone:
        _hand_in(ctx, doing)
    else:
        _ask_person(ctx, doing)


# --- taking it ---


def _hand_in(ctx: Context, doing: Booking) -> None:
    """Take the seat: looked up under the lock of the session, so that what is promised here is had."""
    session = ctx.desk.session(doing.session)
    free = ctx.desk.free_seats(doing.session, hold=True)
    if session is None or not session.takes(ctx.inbound.at):
        ctx.lead.append(_why_not(session, ctx.inbound.at))
        _list(ctx, doing)
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
    booked = Booked(
        code=code,
        session=session,
        state=BookingState.BOOKED if seat else BookingState.WAITING,
        own=True,
        seat=seat or None,
        slot_at=session.meeting.slot_at(seat) if seat else None,
        ahead=session.waiting,
        file_url=ctx.desk.calendar_url(code) if seat else "",
    )
    _want(ctx, doing, code, seat)
    head = "booking.moved" if doing.moving else "booking.booked"
    ctx.lead += [t(head)] if seat else []
    ctx.lead += confirmed(booked, ctx.desk.commune())
    ctx.offer(options=booking_own.ways(booked))
    menu.show(ctx)


def _want(ctx: Context, doing: Booking, code: str, seat: int) -> None:
    if doing.moving:
        move = MoveBooking(code=code, seat=seat, wait=doing.wait)
        ctx.want(MoveSeat(code=doing.moving, session=doing.session, act=move))
        return
    given = ("name", "phone", "question")
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
    _hand_in(ctx, doing)


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
    if doing.question or doing.moving:
        _hand_in(ctx, doing)
    else:
        _ask_question(ctx, doing, session)


def refused(ctx: Context, doing: Booking, reason: str) -> None:
    """The store did not accept it: somebody was faster, or the session is no more."""
    if reason in ("code.taken", "seat.gone", "session.full") and doing.step != "cancel":
        hear(ctx, doing)  # what was said is said once more, to how things stand now
        return
    ctx.lead.append(t(reason))
    if doing.step == "cancel" or not ctx.desk.sessions():
        menu.show(ctx)
    else:
        _list(ctx, doing)
