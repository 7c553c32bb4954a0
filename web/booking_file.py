"""Public: the calendar file of a booking, by its code. It says of the session what everybody may know, no name."""

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feedback.calendar_file import Event, calendar_file
from feedback.codes import read_code
from feedback.sessions import BookingState, SessionState
from storage import session_reading
from vietnam.time import MINUTE
from web.pages import services_of
from web.visitors import address_of, guest_of


async def give(request: Request) -> Response:
    """The file; 404 for a code that is none, 429 for whoever tries many."""
    services = services_of(request)
    if not request.app.state.limits.address.allows(address_of(request), services.now()):
        raise HTTPException(429)
    guest = await guest_of(request)
    code = read_code(request.path_params["code"])
    if code is None:
        raise HTTPException(404)

    def look(conn: Connection) -> tuple[session_reading.Booking, session_reading.Session] | None:
        booking = session_reading.newest_by_code(conn, guest.commune.id, code)
        found = None if booking is None else session_reading.session(conn, guest.commune.id, booking.session_id)
        return None if booking is None or found is None else (booking, found)

    found = await services.store.read(look)
    if found is None:
        raise HTTPException(404)
    booking, session = found
    meeting = session.meeting
    starts = booking.slot_at or meeting.starts_at
    gone = SessionState.CANCELLED is session.state or booking.state is BookingState.CANCELLED
    event = Event(
        uid=f"{booking.uid or booking.code}@{guest.commune.slug}.nghedan",
        title=meeting.title,
        starts_at=starts,
        ends_at=starts + meeting.slot_minutes * MINUTE if booking.slot_at else meeting.ends_at,
        place=meeting.place,
        url=meeting.online,
        notes=services.say("booking.code", code=booking.code),
        changes=session.version + booking.version + booking.sequence,
        cancelled=gone,
        made_at=services.now(),
    )
    headers = {"Content-Disposition": f'attachment; filename="{code}.ics"', "Cache-Control": "no-store"}
    return Response(calendar_file(event, "Nghe Dan"), media_type="text/calendar; charset=utf-8", headers=headers)


routes = [Route("/{slug}/lich/{code}.ics", give)]
