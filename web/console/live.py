"""What happens while a page is open, as server-sent events: it is told, and nothing moves under anybody's hands.

Others add what they have to tell with `offer`: the stream then sends an event of that name whenever what its look finds
has changed. A page listens with document.addEventListener("luong:<name>", ...) (web/static/live.js); without scripts
nothing is missing. Whoever does not ask for a stream gets the same once, as JSON.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from prometheus_client import Gauge
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from feedback.states import State
from storage import officers, queue_news, reading_cases
from web.console.access import LIVE, Desk, signed_in, token_hash
from web.console.since import opened

STREAMS = Gauge("nghedan_officer_streams", "Open event streams of officers' pages")
GLANCE = 1.5
"""Seconds between two looks: another process may have written; what this one writes is told at once."""
BEAT = 20.0
"""Seconds until something is sent even where nothing has happened."""
MOST_OF_A_SESSION = 4
"""A page that is not looked at gives its stream back, so one for each window that is seen at once."""
MOST = 400
_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks, and at what: `case` is the code of the case whose page is open, "" for other pages."""

    desk: Desk
    since: str
    """The place in the unit's chain of acts when the page was made (web/console/since.py)."""
    case: str


Look = Callable[[Connection, Watch], Any]
Beat = Callable[[Watch], Awaitable[None]]
OFFERS: dict[str, Look] = {}
BEATS: list[Beat] = []


def offer(name: str, look: Look) -> None:
    """Have an event of that name told: `look` gives what JSON can hold, None for nothing; it only reads."""
    OFFERS[name] = look
    LIVE.append(name)


def on_beat(beat: Beat) -> None:
    """Have something done when a page is opened, and every BEAT seconds as long as it is seen."""
    BEATS.append(beat)


@dataclass(slots=True)
class Ticket:
    """One open stream; `ended`: a newer one of the same session has taken its place."""

    ended: bool = False


@dataclass(slots=True)
class Streams:
    """Which streams are open in this process, by session."""

    _open: dict[bytes, list[Ticket]] = field(default_factory=dict)

    def enter(self, session: bytes) -> Ticket | None:
        """A place for a stream, the oldest of the session giving way; None where the process has too many."""
        if sum(map(len, self._open.values())) >= MOST:
            return None
        mine = self._open.setdefault(session, [])
        standing = [one for one in mine if not one.ended]
        for oldest in standing[: max(0, len(standing) - MOST_OF_A_SESSION + 1)]:
            oldest.ended = True
        ticket = Ticket()
        mine.append(ticket)
        return ticket

    def leave(self, session: bytes, ticket: Ticket) -> None:
        """It is closed."""
        mine = self._open.get(session, [])
        if ticket in mine:
            mine.remove(ticket)
        if not mine:
            self._open.pop(session, None)


def queue_changed(conn: Connection, watch: Watch) -> dict[str, int] | None:
    """What is new in the queue since the page was made; None where nothing is."""
    desk = watch.desk
    newest = queue_news.newest(conn, desk.unit)
    place = opened(desk.services.vault, desk.unit, watch.since, newest)
    if newest <= place:
        return None
    found = queue_news.news(conn, desk.unit, desk.actor, place)
    counts = reading_cases.counts(conn, desk.unit, desk.actor, states=(State.NEW, State.REOPENED))
    return {"new": found.new, "replies": found.replies, "waiting": counts[State.NEW] + counts[State.REOPENED]}


offer("queue", queue_changed)


@signed_in("case.see")
async def stream(desk: Desk) -> Response:
    """GET luong?tu=PLACE&vu-viec=CODE: events as long as the page is open, or all of them once as JSON."""
    query = desk.request.query_params
    since, code = query.get("tu", ""), query.get("vu-viec", "")[:_LONGEST_CODE]
    watch = Watch(desk, since if since.isascii() else "", code if code.isascii() and code.isprintable() else "")
    if "text/event-stream" not in desk.request.headers.get("accept", ""):
        return Response(msgspec.json.encode(await _look(watch)), media_type="application/json")
    streams: Streams = desk.request.app.state.streams
    session = token_hash(desk.request) or b""
    ticket = streams.enter(session)
    if ticket is None:
        raise HTTPException(503)
    return StreamingResponse(
        _events(watch, streams, session, ticket),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no"},
    )


async def _events(watch: Watch, streams: Streams, session: bytes, ticket: Ticket) -> AsyncGenerator[bytes, None]:
    services, told = watch.desk.services, dict[str, Any]()
    topic = f"queue:{watch.desk.unit}"
    loop = asyncio.get_running_loop()
    beat = sent = loop.time()
    try:
        with STREAMS.track_inprogress():
            yield b"retry: 5000\n\n"
            while not services.closing():
                woken = services.store.wakes.waiter(topic)
                try:
                    if loop.time() >= beat:
                        beat = loop.time() + BEAT
                        for one in BEATS:
                            await one(watch)
                    found = None if ticket.ended else await _look(watch, session)
                    if found is None:
                        yield b"event: end\ndata: {}\n\n"
                        return
                    for name in {*found, *told}:
                        if found.get(name) != told.get(name):
                            yield b"event: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(found.get(name)))
                            sent = loop.time()
                    told = found
                    if loop.time() - sent > BEAT:
                        yield b": \n\n"
                        sent = loop.time()
                    await asyncio.wait([woken], timeout=GLANCE)
                finally:
                    woken.cancel()
    finally:
        streams.leave(session, ticket)


async def _look(watch: Watch, session: bytes = b"") -> dict[str, Any] | None:
    """What every offer has to tell; None where the session has ended (asked where one is named)."""
    now = watch.desk.services.now()

    def look(conn: Connection) -> dict[str, Any] | None:
        if session and officers.by_session(conn, session, now) is None:
            return None
        found = {name: one(conn, watch) for name, one in OFFERS.items()}
        return {name: value for name, value in found.items() if value is not None}

    return await watch.desk.services.store.read(look)
