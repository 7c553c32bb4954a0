"""What people type while they book: a time, their name and telephone in one line."""

import re

from bot.conversation.bookable import Bookable
from bot.conversation.booking_words import clock
from bot.conversation.context import Context
from bot.conversation.effects import Option, plain, t
from bot.conversation.state import Booking
from feedback.session_acts import MAX_NAME
from vietnam.phones import read_phone
from vietnam.text import fold_words

SEAT, USE = "t", "use"
_MOST_TIMES = 8
"""Free times that are offered at once; any other may be typed."""
_TIME = re.compile(r"(?:luc )?(\d{1,2}) ?(?:(?:h|gio|g) ?(\d{1,2})?|(\d\d))(?: ?phut)?")
_WORDS_OF_PHONE = re.compile(
    r"(?i)\b(?:số điện thoại|điện thoại|sđt|sdt|đt|dt|số|họ và tên|họ tên|tên tôi là|tôi tên là|tôi là|tên là|tên)\b"
)


def times(ctx: Context, session: Bookable) -> list[Option]:
    """The free times of a session, the first first."""
    if not session.meeting.slot_minutes:
        return []
    free = ctx.desk.free_seats(session.id)[: _MOST_TIMES + 1]
    return [Option(f"{SEAT}{seat}", plain(clock(session.meeting.slot_at(seat) or 0))) for seat in free]


def numbered(options: list[Option]) -> list[Option]:
    return [Option(one.id, one.label, str(n)) for n, one in enumerate(options[:_MOST_TIMES], start=1)]


def time_meant(ctx: Context, doing: Booking, session: Bookable) -> int | None:
    """The seat of a time that was pressed or typed; 0 where nobody can have that time, None where none was meant."""
    others = [option for option in times(ctx, session) if option.id != f"{SEAT}{doing.seat}"]
    meant = ctx.meant(numbered(others)) if ctx.choice or ctx.number_said else None
    if meant is not None:
        return int(meant.removeprefix(SEAT))
    typed = _TIME.fullmatch(ctx.said) if session.meeting.slot_minutes and not ctx.choice else None
    if typed is None:
        return None
    wanted = f"{int(typed[1]):02}:{int(typed[2] or typed[3] or 0):02}"
    free = ctx.desk.free_seats(session.id)
    return next((seat for seat in free if clock(session.meeting.slot_at(seat) or 0) == wanted), 0)


def known(ctx: Context) -> list[Option]:
    last = ctx.desk.last_booking()
    if last is None or not last.phone:
        return []
    return [Option(USE, t("booking.use_known", name=last.name, phone=last.phone), "1")]


def name_and_phone(text: str) -> tuple[str, str]:
    """What of a line is a name and what a telephone number; "" for what is not there."""
    phone = read_phone(text) or ""
    rest = re.sub(r"[+\d][\d\s.\-()]*", " ", text) if phone else text
    rest = " ".join(_WORDS_OF_PHONE.sub(" ", rest).replace(":", " ").split()).strip(" ,;.-–")
    if not phone and any(sign.isdigit() for sign in text):
        return "", ""  # a number that is none: better asked again than kept as a name
    words = fold_words(rest)
    is_name = any(sign.isalpha() for sign in rest) and len(rest) <= MAX_NAME and words not in ("khong", "ko", "k")
    return (rest if is_name else ""), phone
