"""Sessions and bookings in words: the day with its weekday, who receives, which number."""

from bot.conversation.bookable import Bookable, Booked
from bot.conversation.desk import Commune
from bot.conversation.effects import Text, plain, t
from feedback.sessions import RECEPTIONS, BookingState, Meeting
from vietnam.time import local


def clock(at: int) -> str:
    """The wall clock at an instant, "07:30"."""
    return f"{local(at):%H:%M}"


def when(at: int) -> Text:
    """ "07:30 thứ Tư 25/11/2026"."""
    moment = local(at)
    return t("session.when", time=clock(at), weekday=t(f"weekday.{moment.weekday()}"), day=moment.date())


def short(at: int) -> Text:
    """The label of a button: "Thứ Tư 25/11, 07:30"."""
    moment = local(at)
    return t("session.short", time=clock(at), weekday=t(f"weekday.{moment.weekday()}.short"), day=f"{moment:%d/%m}")


def host(meeting: Meeting) -> Text:
    """Who receives, with the name where it is known."""
    key = f"host.{meeting.host}"
    return t("host.named", host=t(key), name=meeting.host_name) if meeting.host_name else t(key)


def place(meeting: Meeting) -> Text:
    """Where it is: a room, an address on the net, or both."""
    if not meeting.online:
        return plain(meeting.place)
    return (
        t("session.place_online", place=meeting.place, url=meeting.online) if meeting.place else plain(meeting.online)
    )


def line(session: Bookable) -> Text:
    """One line of the list."""
    meeting = session.meeting
    if session.free:
        room = t("session.free", many=session.free)
    elif session.waiting:
        room = t("session.full_waiting", many=session.waiting)
    else:
        room = t("session.no_seat")
    return t("session.line", when=when(meeting.starts_at), title=meeting.title, host=host(meeting), room=room)


def details(session: Bookable) -> list[Text]:
    """Where and with whom."""
    meeting = session.meeting
    return [t("booking.place", place=place(meeting)), t("booking.host", host=host(meeting))]


def _whom(booked: Booked) -> list[Text]:
    """For whom, so that a wrong letter is seen."""
    if not booked.name:
        return []
    return [t("booking.whom_phone" if booked.phone else "booking.whom", name=booked.name, phone=masked(booked.phone))]


def masked(phone: str) -> str:
    """Of a telephone as much as tells it from another: a chat is read over many a shoulder."""
    return f"{phone[:4]} … {phone[-3:]}"


def confirmed(booked: Booked, commune: Commune) -> list[Text]:
    """What somebody who has just booked, or asks for it again, needs to know."""
    meeting = booked.session.meeting
    if booked.state is BookingState.WAITING:
        head = t("booking.waits", title=meeting.title, when=when(meeting.starts_at), number=booked.ahead + 1)
        return [head, t("booking.waits_told"), *_whom(booked), t("booking.code_line", code=booked.code)]
    parts = [
        t("booking.title", title=meeting.title),
        t("booking.number", number=booked.seat or 0),
        t("booking.when", when=when(booked.at)),
        *details(booked.session),
        *_whom(booked),
        t("booking.code_line", code=booked.code),
    ]
    if meeting.kind in RECEPTIONS:
        # Who is received must say who they are (Luật Tiếp công dân).
        parts.append(t("booking.bring_id"))
    if commune.phone:
        parts.append(t("booking.call", phone=commune.phone))
    if booked.file_url:
        parts.append(t("booking.file", url=booked.file_url))
    return parts
