"""What people are told of their bookings outside any turn: a seat that came free, changes, reminders, answers."""

from datetime import date

from app import desk_sessions
from bot.conversation import booking_own
from bot.conversation.bookable import Booked
from bot.conversation.booking_words import confirmed, when
from bot.conversation.desk import Commune
from bot.conversation.effects import Option, Text, plain, t
from bot.conversation.menu import capital
from bot.conversation.messages import Bubble, Button
from bot.conversation.wording import Wording
from feedback.sessions import Meeting
from storage import session_reading
from storage.tx import Tx
from storage.units import Unit
from vietnam.time import day_of

_JOINED = ("• ",)
_SAID = frozenset({"booking.title", "booking.when", "booking.file"})
"""What a reminder says in its first line, or has said before."""


def bubble(
    tx: Tx,
    news: str,
    booking: session_reading.Booking,
    unit: Unit,
    commune: Commune,
    wording: Wording,
    *,
    url: str,
    now: int,
) -> Bubble | None:
    """The message of `bookings.news`, or of a reminder ("day", "hours"); None where there is nothing to say."""
    account = booking.account_id
    if account is None:
        return None
    booked = desk_sessions.booked(tx, booking, unit, [account], url)
    found = _parts(tx, news, booked, booking, commune, now)
    if found is None:
        return None
    parts, options = found
    return Bubble(text=_text(parts, wording), buttons=tuple(_button(option, wording) for option in options))


def _parts(
    tx: Tx, news: str, booked: Booked, booking: session_reading.Booking, commune: Commune, now: int
) -> tuple[list[Text], list[Option]] | None:
    meeting, ways = booked.session.meeting, booking_own.ways(booked)
    match news:
        case "seat" if booked.live:
            return [t("booking.news.seat"), *confirmed(booked, commune)], ways
        case "changed" if booked.live:
            why = [t("booking.news.reason", reason=booked.session.reason)] if booked.session.reason else []
            return [t("booking.news.changed", Commune=capital(commune.name)), *why, *confirmed(booked, commune)], ways
        case "cancelled" | "unserved":
            return _over(tx, news, booked, commune, now)
        case "results":
            return _answers(tx, booking, meeting), []
        case "day" | "hours" if booked.live:
            head = t(f"booking.remind.{news}", Commune=capital(commune.name), when=when(booked.at), title=meeting.title)
            rest = [part for part in confirmed(booked, commune) if part.key not in _SAID]
            return [head, *rest], ways
        case _:
            return None


def _over(tx: Tx, news: str, booked: Booked, commune: Commune, now: int) -> tuple[list[Text], list[Option]]:
    meeting = booked.session.meeting
    head = t(f"booking.news.{news}", Commune=capital(commune.name), title=meeting.title, when=when(meeting.starts_at))
    why = [t("booking.news.reason", reason=booked.session.reason)] if news == "cancelled" else []
    if session_reading.any_coming(tx.conn, commune.id, now):
        again = Option(f"go:hen.lai.{booked.code}", t("booking.way.again"))
        return [head, *why, t("booking.news.next")], [again]
    return [head, *why, t("booking.news.no_next")], [Option("go:dialogue", t("menu.dialogue"))]


def _answers(tx: Tx, booking: session_reading.Booking, meeting: Meeting) -> list[Text]:
    said = [t("booking.news.results", title=meeting.title, day=day_of(meeting.starts_at))]
    for question in session_reading.questions_of(tx.conn, booking.session_id):
        if question.booking_id == booking.id and question.answer:
            said.append(t("booking.news.asked", text=plain(question.text)))
            said.append(t("booking.news.answer", text=plain(question.answer)))
            said += [
                t("booking.news.promise", text=plain(one.text), day=date.fromisoformat(one.due_day))
                for one in session_reading.promises_of(tx.conn, booking.session_id)
                if one.question_id == question.id
            ]
    return said


def _text(parts: list[Text], wording: Wording) -> str:
    """Parts with an empty line between them, lines of a list kept together."""
    said = ""
    for part in parts:
        words = wording.word(part)
        listed = words.startswith(_JOINED) and said.rpartition("\n")[2].startswith(_JOINED)
        said += ("\n" if listed else "\n\n" if said else "") + words
    return said


def _button(option: Option, wording: Wording) -> Button:
    return Button(id=option.id, label=wording.word(option.label))
