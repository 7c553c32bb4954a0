"""Notices of sessions to everybody who hears from the commune: worded, and queued a chunk at a time."""

from collections.abc import Callable
from functools import partial

import msgspec
from sqlalchemy import Connection

from app.runtime import Runtime
from bot.conversation.messages import Bubble, Button
from storage import reading_sessions, session_notices, units
from storage.reading_sessions import SessionRow
from storage.session_notices import What
from storage.units import Unit
from surveys.quiet import clock, quiet_until
from vietnam.numbers import date_vi
from vietnam.spoken import WEEKDAYS
from vietnam.time import day_of, local


async def notice_round(runtime: Runtime) -> bool:
    """A chunk of every notice that is on its way; whether there was any. Nothing in quiet hours."""
    now = runtime.now()
    settings = runtime.settings.waves
    if quiet_until(now, clock(settings.quiet_from), clock(settings.quiet_to)) is not None:
        return False
    busy = False
    for id, unit, session, what in await runtime.store.read(session_notices.going):
        busy = await _send_some(runtime, id, unit, session, what) > 0 or busy
    return busy


async def _send_some(runtime: Runtime, id: int, unit: int, session: int, what: What) -> int:
    def look(conn: Connection) -> tuple[SessionRow | None, Unit]:
        return reading_sessions.one(conn, unit, session), units.unit(conn, unit)

    row, commune = await runtime.store.read(look)
    if row is None:
        return 0
    words = _words(runtime, row, commune, what)
    send = partial(session_notices.send_some, vault=runtime.vault, id=id, words=words)
    return await runtime.store.write(lambda tx: send(tx, now=runtime.now()))


def _words(runtime: Runtime, row: SessionRow, commune: Unit, what: What) -> Callable[[str], bytes]:
    """Worded once for each language."""
    known: dict[str, bytes] = {}

    def worded(language: str) -> bytes:
        if language not in known:
            known[language] = msgspec.json.encode(_bubble(runtime, row, commune, what, language))
        return known[language]

    return worded


def _bubble(runtime: Runtime, row: SessionRow, commune: Unit, what: What, language: str) -> Bubble:
    say = runtime.wording.spoken(language)
    weekday = WEEKDAYS[day_of(row.starts_at).weekday()]
    facts = {
        "Commune": commune.name[:1].upper() + commune.name[1:],
        "title": row.title,
        "matter": (row.matter or say(f"session.matter.{row.kind}")).rstrip("."),
        "Weekday": weekday[:1].upper() + weekday[1:],
        "day": day_of(row.starts_at),
        "begins": f"{local(row.starts_at):%H:%M}",
        "ends": f"{local(row.ends_at):%H:%M}",
        "place": " - ".join(part for part in (row.place, row.online) if part),
        "host": f"{say(f'session.host.{row.host}')} {row.host_name}".strip(),
        "reason": row.reason,
    }
    parts = [say(f"session.notice.{what}", **facts)]
    if what == "moved" and row.earlier_at is not None:
        parts.append(say("session.notice.was", when=_spoken(row.earlier_at)))
    if what == "moved" and row.earlier_place:
        parts.append(say("session.notice.was_place", place=row.earlier_place))
    if row.reason and what != "announced":
        parts.append(say("session.notice.why", **facts))
    book = Button(id="go:hen", label=say("session.notice.book"))
    out = Button(id="go:optout", label=say("notice.optout"))
    if what != "cancelled":
        parts.append(say("session.notice.ask"))
        # As text, not as a button: so it is the same on every channel.
        address = f"{runtime.settings.public_url.rstrip('/')}/{commune.slug}/lich"
        parts.append(say("session.notice.calendar", address=address))
    return Bubble(
        text="\n\n".join(parts),
        buttons=(out,) if what == "cancelled" else (book, out),
    )


def _spoken(at: int) -> str:
    """ "07:30 thứ Tư 21/10/2026": as it stood in the notice before."""
    moment = local(at)
    return f"{moment:%H:%M} {WEEKDAYS[moment.weekday()]} {date_vi(moment.date())}"
