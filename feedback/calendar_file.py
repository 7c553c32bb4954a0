"""A session as a calendar file that telephones and computers take in: iCalendar (RFC 5545), local Vietnamese time."""

from datetime import UTC, datetime, timedelta

import msgspec

from vietnam.time import local

_ZONE = "Asia/Ho_Chi_Minh"
_AHEAD = timedelta(hours=7)
_SINCE = datetime(1975, 6, 13)  # noqa: DTZ001 - an onset is written in the local time that it begins
_ALARMS = (timedelta(days=-1), timedelta(hours=-2))
_BLANK = dict.fromkeys([*range(0x20), 0x7F])
"""Signs that no text of the standard may hold; ends of lines are taken out before."""


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
    import icalendar  # for a moment and whoever asks for a file, not for an idle server

    file = icalendar.Calendar()
    file.add("version", "2.0")
    file.add("prodid", f"-//{_text(product)}//VI")
    file.add("method", "PUBLISH")

    # Written out: the library's own begins with an hour of 1970 that telephones need not know, and a year in which
    # it ends. Viet Nam has had no other time since.
    standard = icalendar.TimezoneStandard()
    standard.add("dtstart", _SINCE)
    standard.add("tzoffsetfrom", _AHEAD)
    standard.add("tzoffsetto", _AHEAD)
    standard.add("tzname", "+07")
    zone = icalendar.Timezone()
    zone.add("tzid", _ZONE)
    zone.add_component(standard)
    file.add_component(zone)

    entry = icalendar.Event()
    entry.add("uid", _text(event.uid))
    entry.add("dtstamp", datetime.fromtimestamp(event.made_at // 1000, tz=UTC))
    for name, at in (("dtstart", event.starts_at), ("dtend", event.ends_at)):
        entry.add(name, local(at).replace(microsecond=0, tzinfo=None), parameters={"TZID": _ZONE})
    entry.add("sequence", event.changes)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    entry.add("summary", _text(event.title))
    for name, said in (("location", _text(event.place)), ("url", _address(event.url)), ("description", event.notes)):
        if said:
            entry.add(name, _text(said))
    for before in () if event.cancelled else _ALARMS:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", before)
        alarm.add("description", _text(event.title))
        entry.add_component(alarm)
    file.add_component(entry)
    written: bytes = file.to_ical()
    return written.decode()


def _text(value: str) -> str:
    """A text as the library escapes and folds it: lines that end in one way, and no other control signs."""
    return "\n".join(value.splitlines()).translate(_BLANK | {0x0A: "\n"})


def _address(value: str) -> str:
    """An address, which is never escaped: without blanks, so that nothing in it begins a line of its own."""
    return "".join(value.split()).translate(_BLANK)
