"""What an officer types on the forms of sessions, read as values; what is missing or odd is for the decision to say."""

import hashlib
from datetime import date

from feedback.acts import Refusal
from feedback.session_plan import DAYS, LAST, Every, Repeat
from feedback.sessions import Host, Meeting, SessionKind
from vietnam.time import MINUTE, local, start_of
from web.body import Form, line

_EVERY: tuple[Every, ...] = ("once", "week", "month_days", "month_weeks", "year")
_LONGEST_NUMBER = 7
_HOURS, _MINUTES = 24, 60
_LAST_YEAR = 2200
_SHOWN = 20
"""Signs of what was typed that are shown again where it cannot be read."""


def once(form: Form, *names: str) -> str:
    """What tells a form that is sent twice from another one: its number, and what was written into these fields.

    Whoever goes back and writes something else on the same page has written something else. "" without a number.
    """
    written = "\0".join(form[name] for name in names).encode()
    given = number_long(form["lan"])
    return f"{given}-{hashlib.sha256(written).hexdigest()[:16]}" if given else ""


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


def meeting(form: Form) -> Meeting | Refusal:
    """What is planned, or which field cannot be read."""
    if form["loai"] not in list(SessionKind) or form["chu_tri"] not in list(Host):
        return Refusal("session.kind_wrong")
    on, begins, ends = day(form["ngay"]), minute_of_day(form["gio"]), minute_of_day(form["den"])
    if on is None or begins is None or ends is None:
        return _unread(form, on)
    if on.year > _LAST_YEAR:
        return Refusal("session.too_far")
    length = ends - begins
    slot = number(form["phut"])
    seats = number(form["cho"]) or (length // slot if slot else 0)
    return Meeting(
        kind=SessionKind(form["loai"]),
        host=Host(form["chu_tri"]),
        host_name=line(form["ten_chu_tri"]),
        title=line(form["ten"]),
        matter=line(form["ve"]),
        place=line(form["noi"]),
        online=line(form["mang"]),
        village=number_long(form["thon"]) or None,
        starts_at=start_of(on) + begins * MINUTE,
        minutes=length,
        seats=seats,
        slot_minutes=slot,
    )


def _unread(form: Form, on: date | None) -> Refusal:
    """What is wrong with the day, else with the hours."""
    if on is None:
        typed = line(form["ngay"])[:_SHOWN]
        return Refusal("session.day_wrong", {"text": typed}) if typed else Refusal("session.day_needed")
    for name in ("gio", "den"):
        typed = line(form[name])[:_SHOWN]
        if minute_of_day(typed) is None:
            return Refusal("session.hour_wrong", {"text": typed}) if typed else Refusal("session.hour_needed")
    return Refusal("session.hour_needed")


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
        "ve": planned.matter,
        "noi": planned.place,
        "mang": planned.online,
        "thon": str(planned.village or ""),
        "ngay": begins.date().isoformat(),
        "gio": f"{begins:%H:%M}",
        "den": f"{ends:%H:%M}",
        "cho": str(planned.seats),
        "phut": str(planned.slot_minutes or ""),
    }
