"""The seats of a session: who has called, who is there, who did not come, whose seat is given back; and its papers."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.session_acts import Absent, Book, BookingAct, CancelBooking, CheckIn
from storage import reading_session_desk, units
from storage.reading_sessions import SessionRow
from vietnam.phones import read_phone
from web.body import Form, line, words
from web.console import sessions_forms
from web.console.access import Desk, signed_in
from web.console.sessions import CALENDAR
from web.console.sessions_matter import doubted
from web.console.sessions_one import after, found
from web.console.sessions_requests import read


@signed_in("booking.book")
async def book(desk: Desk) -> Response:
    """Somebody has called, or stands there."""
    form = await read(desk)
    phone = read_phone(form["sdt"])
    row = await found(desk)
    refusal: Refusal | None = Refusal("booking.phone_wrong")
    if (asked := doubted(form, "cau_hoi")) is not None:
        refusal = asked
    elif phone is not None or not form["sdt"].strip():
        act = Book(
            code="",
            topic=form["linh_vuc"],
            question=words(form["cau_hoi"]),
            name=line(form["ten"]),
            phone=phone or "",
            wait=bool(form["cho"]),
            walk_in=bool(form["tai_cho"]),
            village=await _village(desk, form["thon"]),
            once=sessions_forms.once(form, "ten", "sdt", "cau_hoi"),
        )
        outcome = await desk.services.sessions.book(row.id, act, desk.actor)
        refusal = outcome if isinstance(outcome, Refusal) else None
    return await after(desk, row, refusal, "dat-cho", form)


async def _village(desk: Desk, typed: str) -> int | None:
    wanted = sessions_forms.number_long(typed)
    mine = await desk.services.store.read(lambda conn: units.villages(conn, desk.unit))
    return wanted if wanted in {one.id for one in mine} else None


def _given_back(form: Form) -> CancelBooking:
    return CancelBooking(reason=words(form["ly_do"]), wished=bool(form["tu_xin"]))


_ON_BOOKING: dict[str, Callable[[Form], BookingAct]] = {
    "co-mat": lambda _form: CheckIn(),
    "vang": lambda _form: Absent(),
    "tra-cho": _given_back,
}


async def _on_booking(desk: Desk) -> Response:
    what = desk.request.path_params["what"]
    if what not in _ON_BOOKING:
        raise HTTPException(404)
    row = await found(desk)
    code = desk.request.path_params.get("code", "")
    # One tap beside a name sends nothing at all.
    form = await read(desk) if not code or what == "tra-cho" else Form()
    if not code:
        code = await _code_here(desk, row, "".join(form["ma"].split()).upper()[:40])
    refusal: Refusal | None = Refusal("booking.code_wrong")
    if code:
        refusal = await desk.services.sessions.act_on_booking(code, _ON_BOOKING[what](form), desk.actor)
    # Whoever gave no reason finds the form of that very person open.
    way = f"{what}-{code}" if refusal is not None and what == "tra-cho" else what
    return await after(desk, row, refusal, way, form)


async def _code_here(desk: Desk, row: SessionRow, typed: str) -> str:
    """The code of a booking of this session that was typed, whole or by its number on the list ("12")."""

    def look(conn: Connection) -> str:
        people = reading_session_desk.visitors(conn, row.id, ())
        same = [one.code for one in people if one.code.replace("-", "") == typed.replace("-", "")]
        same = same or [one.code for one in people if typed == str(one.seat or "")]
        return same[0] if len(same) == 1 else ""

    return await desk.services.store.read(look) if typed else ""


Handler = Callable[[Any], Awaitable[Response]]
check_in: Handler = signed_in("booking.check_in")(_on_booking)
"""By a code that was typed, or by one tap beside a name; and the other way round."""


@signed_in("session.receive")
async def received(desk: Desk) -> Response:
    """A trưởng thôn has the paper: ticked off by the desk, or by the head of that village."""
    row = await found(desk)
    kind = "results" if desk.request.path_params["kind"] == "ket-qua" else "notice"
    village: int = desk.officer.village or desk.request.path_params["village"]
    refusal = await desk.services.sessions.received(row.id, village, kind, desk.actor)
    if desk.officer.village:
        # A second press finds the paper gone from the list, which says it better than an error.
        return RedirectResponse(f"{CALENDAR}/thon", 303)
    return await after(desk, row, refusal, "da-nhan", Form())
