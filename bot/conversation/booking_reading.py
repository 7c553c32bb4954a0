"""What people type while they book: a time, their name and telephone in one line."""

import re

from bot.conversation.bookable import Bookable
from bot.conversation.booking_words import clock, masked
from bot.conversation.context import Context
from bot.conversation.effects import Option, plain, t
from bot.conversation.state import Booking

SEAT, USE = "t", "use"
_MOST_TIMES = 8
"""Free times that are offered at once; any other may be typed."""
_HOURS = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai")
_TIME = re.compile(
    r"(?:(?:toi|em|chau|con|cho|xin|muon|chon|hen|dat|den|luc|vao|khoang|doi sang|doi|buoi) )*"
    r"(?P<before>(?:sang|trua|chieu|toi) )?"
    rf"(?P<hour>\d{{1,2}}|{'|'.join(reversed(_HOURS))}) ?"
    r"(?:(?:h|gio|g) ?(?P<minute>\d{1,2}|ruoi)?|ruoi|(?P<bare>\d\d))(?: ?(?:phut|p))?"
    r"(?: (?:buoi )?(?P<after>sang|trua|chieu|toi))?"
    r"(?: (?:a|nhe|nha|duoc khong|co duoc khong|di|thoi|duoc|cho toi|dung|nay|do))*"
)
"""A time of the day as people type it, folded: "8h30", "2 giờ chiều", "hai giờ rưỡi chiều nhé"."""
_NOON = 12


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
    wanted = _clocks(ctx.said) if session.meeting.slot_minutes and not ctx.choice else []
    if not wanted:
        return None
    free = {clock(session.meeting.slot_at(seat) or 0): seat for seat in reversed(ctx.desk.free_seats(session.id))}
    return next((free[time] for time in wanted if time in free), 0)


def is_time(said: str) -> bool:
    """Whether folded words name a time of the day and nothing else."""
    return bool(_clocks(said))


def _clocks(said: str) -> list[str]:
    """The times that words can mean, the likeliest first: "2 giờ" is in the night, or else in the afternoon."""
    found = _TIME.fullmatch(said)
    if found is None:
        return []
    hour = int(found["hour"]) if found["hour"].isdecimal() else _HOURS.index(found["hour"]) + 1
    half = "ruoi" in said
    minute = 30 if half else int(found["minute"] or found["bare"] or 0)
    part = (found["before"] or found["after"] or "").strip()
    if hour >= 2 * _NOON or minute > 59:
        return []
    later = hour + _NOON if hour < _NOON else hour
    if part in ("chieu", "toi"):
        hours = [later]
    elif part == "trua":
        hours = [later if hour < 4 else hour]
    elif part == "sang":
        hours = [hour]
    else:
        hours = list(dict.fromkeys((hour, later)))
    return [f"{one:02}:{minute:02}" for one in hours]


def known(ctx: Context) -> list[Option]:
    last = ctx.desk.last_booking()
    if last is None or not last.phone:
        return []
    return [Option(USE, t("booking.use_known", name=last.name, phone=masked(last.phone)), "1")]
