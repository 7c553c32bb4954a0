"""A session as a calendar file that telephones and computers take in: iCalendar (RFC 5545), local Vietnamese time."""

from datetime import UTC, datetime

import msgspec

from vietnam.time import local

_FOLD = 74
"""Octets of a line before it goes on in the next one; the standard allows 75."""
_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Ho_Chi_Minh",
    "BEGIN:STANDARD",
    "DTSTART:19750613T000000",
    "TZOFFSETFROM:+0700",
    "TZOFFSETTO:+0700",
    "TZNAME:+07",
    "END:STANDARD",
    "END:VTIMEZONE",
)


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the file. Instants in UTC milliseconds; `changes` counts the changes of the session."""

    uid: str
    title: str
    starts_at: int
    ends_at: int
    place: str = ""
    url: str = ""
    notes: str = ""
    changes: int = 0
    cancelled: bool = False
    made_at: int = 0


def calendar_file(event: Event, product: str) -> str:
    """The text of the file; `product` names the program. With reminders a day and two hours before."""
    alarms = [] if event.cancelled else [*_alarm("-P1D", event.title), *_alarm("-PT2H", event.title)]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(product)}//VI",
        "METHOD:PUBLISH",
        *_ZONE,
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{datetime.fromtimestamp(event.made_at / 1000, tz=UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID=Asia/Ho_Chi_Minh:{local(event.starts_at):%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Asia/Ho_Chi_Minh:{local(event.ends_at):%Y%m%dT%H%M%S}",
        f"SEQUENCE:{event.changes}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        f"SUMMARY:{_text(event.title)}",
        *([f"LOCATION:{_text(event.place)}"] if event.place else []),
        *([f"URL:{event.url}"] if event.url else []),
        *([f"DESCRIPTION:{_text(event.notes)}"] if event.notes else []),
        *alarms,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _alarm(before: str, title: str) -> list[str]:
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:{before}", f"DESCRIPTION:{_text(title)}", "END:VALARM"]


def _text(value: str) -> str:
    """A text in which nothing can begin a line or a property of its own."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(value.splitlines())


def _folded(line: str) -> str:
    """A line cut to the length that the standard allows, never within a letter."""
    pieces, rest = [""], 0
    for sign in line:
        size = len(sign.encode())
        if rest + size > _FOLD:
            pieces.append(" ")
            rest = 1
        pieces[-1] += sign
        rest += size
    return "\r\n".join(pieces)
