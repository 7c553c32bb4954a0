"""What an officer types on the forms of sessions, read as values; what is missing or odd is for the decision to say."""

from datetime import date

from feedback.session_plan import DAYS, LAST, Every, Repeat
from feedback.sessions import Host, Meeting, SessionKind
from vietnam.text import clean
from vietnam.time import MINUTE, local, start_of
from web.body import Form

NEVER = 0
"""The instant of a day or hour that nobody can read: long past, so the decision refuses it."""
_EVERY: tuple[Every, ...] = ("once", "week", "month_days", "month_weeks", "year")
_LONGEST_NUMBER = 7
_HOURS, _MINUTES = 24, 60


def line(text: str) -> str:
    """One line of text, spaces put in order."""
    return " ".join(clean(text)[0].split())


def words(text: str) -> str:
    """Text of several lines."""
    return clean(text.replace("\r\n", "\n"))[0].strip()


def number(text: str) -> int:
    """A whole number as it is typed; 0 for anything else."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < _LONGEST_NUMBER else 0


def day(text: str) -> date | None:
    """An ISO day, or 2/12/2026 as it is typed where the browser has no calendar; None for anything else."""
    text = text.strip()
    try:
        if "/" in text:
            of_month, month, year = (int(part) for part in text.split("/"))
            return date(year, month, of_month)
        return date.fromisoformat(text)
    except ValueError:
        return None


def minute_of_day(text: str) -> int | None:
    """An hour such as 07:30, 7h30 or 7h as minutes after midnight; None for anything else."""
    hour, _, minute = text.strip().lower().replace("h", ":").replace("g", ":").partition(":")
    if not hour.isdecimal() or not (minute or "0").isdecimal() or not (text.isascii() and len(text) < _LONGEST_NUMBER):
        return None
    found = int(hour), int(minute or "0")
    return found[0] * _MINUTES + found[1] if found[0] < _HOURS and found[1] < _MINUTES else None


def meeting(form: Form) -> Meeting:
    """What is planned. A day or an hour that cannot be read lies in the past; a kind that is unknown is the first."""
    on, begins, ends = day(form["ngay"]), minute_of_day(form["gio"]), minute_of_day(form["den"])
    known = on is not None and begins is not None
    length = ends - begins if begins is not None and ends is not None else 0
    slot = number(form["phut"])
    seats = number(form["cho"]) or (length // slot if slot else 0)
    return Meeting(
        kind=SessionKind(form["loai"]) if form["loai"] in list(SessionKind) else SessionKind.PERIODIC,
        host=Host(form["chu_tri"]) if form["chu_tri"] in list(Host) else Host.CHAIRMAN,
        host_name=line(form["ten_chu_tri"]),
        title=line(form["ten"]),
        place=line(form["noi"]),
        online=line(form["mang"]),
        village=number_long(form["thon"]) or None,
        starts_at=start_of(on) + begins * MINUTE if known and on is not None and begins is not None else NEVER,
        minutes=length,
        seats=seats,
        slot_minutes=slot,
    )


def number_long(text: str) -> int:
    """An id; 0 for anything that is none."""
    most = 19
    return int(text) if text.isascii() and text.isdecimal() and len(text) < most else 0


def repeat(form: Form) -> Repeat:
    """How it repeats."""
    every: Every = next((one for one in _EVERY if one == form["lap"]), "once")
    days = tuple(number(part) for part in form["cac_ngay"].replace(";", ",").replace(" ", ",").split(",") if part)
    return Repeat(
        every=every,
        interval=number(form["cach"] or "1"),
        weekdays=tuple(at for at in range(len(DAYS)) if form[f"thu{at}"]),
        days=days,
        orders=tuple(order for order in (1, 2, 3, 4, LAST) if form[f"tuan{order}"]),
    )


def fields_of(planned: Meeting) -> dict[str, str]:
    """A plan as the fields of the form."""
    begins, ends = local(planned.starts_at), local(planned.ends_at)
    return {
        "loai": planned.kind,
        "chu_tri": planned.host,
        "ten_chu_tri": planned.host_name,
        "ten": planned.title,
        "noi": planned.place,
        "mang": planned.online,
        "thon": str(planned.village or ""),
        "ngay": begins.date().isoformat(),
        "gio": f"{begins:%H:%M}",
        "den": f"{ends:%H:%M}",
        "cho": str(planned.seats),
        "phut": str(planned.slot_minutes or ""),
    }
