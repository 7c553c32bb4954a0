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
from feedback.seat_news import CHANGED, MOVED, OF_A_SEAT, OVER, RESULTS, SEAT
from feedback.sessions import Meeting, PromiseState
from storage import session_reading
from storage.tx import Tx
from storage.units import Unit
from vietnam.time import day_of

_JOINED = ("• ",)
_REMINDERS = ("day", "hours")
_SAID = frozenset({"booking.title", "booking.when", "booking.file", "booking.whom", "booking.whom_phone"})
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
    """The message of a line of bookings.news, or of a reminder ("day", "hours"); None where there is nothing to say."""
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
    if news in _REMINDERS:
        return _reminder(news, booked, commune, now) if booked.live else None
    words = news.split()
    parts, options = _of_the_seat(tx, words, booked, booking, commune)
    over = next((word for word in words if word in OVER), "")
    if over:
        parts, options = _over(tx, over, words, booked, booking, commune, now)
    if RESULTS in words:
        parts = [*parts, *_answers(tx, booking, booked.session.meeting)]
    return (parts, options) if parts else None


def _of_the_seat(
    tx: Tx, words: list[str], booked: Booked, booking: session_reading.Booking, commune: Commune
) -> tuple[list[Text], list[Option]]:
    """What is new of a seat that the person still has: each thing in a line of its own, then how it stands now."""
    if not booked.live or not OF_A_SEAT.intersection(words):
        return [], []
    heads = [t("booking.moved")] if MOVED in words else []
    if SEAT in words:
        heads.append(t("booking.news.seat"))
    if CHANGED in words:
        heads += [t("booking.news.changed", Commune=capital(commune.name)), *_before(tx, booking, commune)]
        heads += [t("booking.news.reason", reason=booked.session.reason)] if booked.session.reason else []
    return [*heads, *confirmed(booked, commune)], booking_own.ways(booked)


def _reminder(news: str, booked: Booked, commune: Commune, now: int) -> tuple[list[Text], list[Option]]:
    title = booked.session.meeting.title
    if news == "hours" and day_of(booked.at) > day_of(now):
        news = "evening"
    head = t(f"booking.remind.{news}", Commune=capital(commune.name), when=when(booked.at), title=title)
    rest = [part for part in confirmed(booked, commune) if part.key not in _SAID]
    return [head, *rest], booking_own.ways(booked)


def _before(tx: Tx, booking: session_reading.Booking, commune: Commune) -> list[Text]:
    """When and where it was to be before: whoever comes must not take the old paper for the new."""
    row = session_reading.session(tx.conn, commune.id, booking.session_id)
    if row is None:
        return []
    was = [t("booking.news.was", when=when(row.earlier_at))] if row.earlier_at else []
    return was + ([t("booking.news.was_place", place=plain(row.earlier_place))] if row.earlier_place else [])


def _known_as(tx: Tx, words: list[str], booking: session_reading.Booking, commune: Commune) -> list[Text]:
    """By what the person knows a session that is over and that they had been told nothing new of."""
    if MOVED in words:
        return [t("booking.news.moved_before")]
    row = session_reading.session(tx.conn, commune.id, booking.session_id) if CHANGED in words else None
    return [t("booking.news.known_as", when=when(row.earlier_at))] if row is not None and row.earlier_at else []


def _over(
    tx: Tx,
    news: str,
    words: list[str],
    booked: Booked,
    booking: session_reading.Booking,
    commune: Commune,
    now: int,
) -> tuple[list[Text], list[Option]]:
    meeting = booked.session.meeting
    head = t(f"booking.news.{news}", Commune=capital(commune.name), title=meeting.title, when=when(meeting.starts_at))
    reason = {"cancelled": booked.session.reason, "returned": booking.reason}.get(news, "")
    why = _known_as(tx, words, booking, commune)
    why += [t("booking.news.reason", reason=plain(reason))] if reason else []
    if session_reading.any_coming(tx.conn, commune.id, now):
        again = Option(f"go:hen.lai.{booked.code}", t("booking.way.again"))
        return [head, *why, t(f"booking.news.{'returned_next' if news == 'returned' else 'next'}")], [again]
    return [head, *why, t("booking.news.no_next")], [Option("go:dialogue", t("menu.dialogue"))]


def _answers(tx: Tx, booking: session_reading.Booking, meeting: Meeting) -> list[Text]:
    """What the person has not read yet; nothing where they have read everything."""
    said: list[Text] = []
    promises = session_reading.promises_of(tx.conn, booking.session_id)
    for question in session_reading.questions_of(tx.conn, booking.session_id):
        if question.booking_id != booking.id:
            continue
        new = [
            t("booking.news.promise", text=plain(one.text), day=date.fromisoformat(one.due_day))
            for one in promises
            if one.question_id == question.id and one.state == PromiseState.OPEN and one.told_at is None
        ]
        if question.answer and question.answers > question.told_answer:
            key = "booking.news.corrected" if question.told_answer else "booking.news.answer"
            new.insert(0, t(key, text=plain(question.answer)))
        if new:
            said += [t("booking.news.asked", text=plain(question.text)), *new]
    head = t("booking.news.results", title=meeting.title, day=day_of(meeting.starts_at))
    return [head, *said] if said else []


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
