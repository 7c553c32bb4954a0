"""Another seat for somebody who calls the desk: which are free, and giving one of them."""

from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.session_acts import MoveBooking
from feedback.sessions import LIVE
from storage import session_reading
from storage.session_reading import Session
from web.console import sessions_forms
from web.console.access import Desk, signed_in
from web.console.sessions import CALENDAR
from web.console.sessions_one import row_of
from web.console.sessions_requests import read


class Free(NamedTuple):
    """A session, and its free seats as number and time; no time (None) where seats have none of their own."""

    session: Session
    seats: list[tuple[int, int | None]]


def places(conn: Connection, unit: int, now: int, own: int) -> list[Free]:
    """Where somebody could go instead: other times of their own session, and the next ones that are announced."""
    found = []
    for one in session_reading.coming(conn, unit, now):
        free = session_reading.free_seats(conn, one.id, one.meeting.seats)
        if one.meeting.slot_minutes:
            found.append(Free(one, [(seat, one.meeting.slot_at(seat)) for seat in free]))
        elif one.id != own:
            found.append(Free(one, [(0, None)] if free else []))
    return [one for one in found if one.seats]


@signed_in("booking.move")
async def choose(desk: Desk) -> Response:
    """The seats that are free."""
    return await _shown(desk)


async def _shown(desk: Desk, *, refused: str = "", status: int = 200) -> Response:
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        row = row_of(conn, desk)
        booking = session_reading.booking_by_code(conn, desk.unit, desk.request.path_params["code"])
        if booking is None or booking.session_id != row.id or booking.state not in LIVE:
            raise KeyError(desk.request.path_params["code"])
        return {"row": row, "booking": booking, "places": places(conn, desk.unit, now, row.id)}

    return await desk.show("console/sessions_move.html", look, status=status, refused=refused)


@signed_in("booking.move")
async def move(desk: Desk) -> Response:
    """The old seat goes to whoever waits; the person has a new code."""
    form = await read(desk)
    session, _, seat = form["sang"].partition(":")
    wanted = sessions_forms.number_long(session)
    outcome: str | Refusal = Refusal("seat.none")
    if wanted:
        act = MoveBooking(code="", seat=sessions_forms.number(seat))
        code = desk.request.path_params["code"]
        outcome = await desk.services.sessions.move_booking(code, wanted, act, desk.actor)
    if isinstance(outcome, Refusal):
        return await _shown(desk, refused=desk.services.say(outcome.key, **outcome.values), status=422)
    return RedirectResponse(f"{CALENDAR}/{wanted}?xong=doi-cho&ma={outcome}", 303)
