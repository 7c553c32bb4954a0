"""Another time, place or size of a session: what speaks against it is said first, whoever comes reads why."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.session_acts import MAX_MATTER, MAX_TITLE, Change
from feedback.sessions import Host, Meeting, SessionKind
from storage import units
from storage.reading_sessions import SessionRow
from vietnam.time import MINUTE, day_of
from web.body import Form, words
from web.console import sessions_forms
from web.console.access import Desk, signed_in
from web.console.sessions import CALENDAR, doubts_of
from web.console.sessions_one import found
from web.console.sessions_requests import read


@signed_in("session.change")
async def change(desk: Desk) -> Response:
    """The form of another time, place or size; a GET shows it, a POST does it."""
    row = await found(desk)
    if desk.request.method == "GET":
        return await _change_form(desk, row, Form(sessions_forms.fields_of(_meeting(row))))
    form = await read(desk, fields=40)
    planned = sessions_forms.meeting(form)
    villages = await desk.services.store.read(lambda conn: units.villages(conn, desk.unit))
    refusal: Refusal | None = Refusal("list.village")
    if isinstance(planned, Refusal):
        refusal = planned
    elif not planned.village or planned.village in {village.id for village in villages}:
        seen = sessions_forms.number(form["seen"])
        act = Change(meeting=planned, reason=words(form["ly_do"]), sure=bool(form["chac"]), seen=seen)
        refusal = await desk.services.sessions.act(row.id, act, desk.actor)
    if refusal is not None:
        said = desk.services.say(refusal.key, **refusal.values)
        return await _change_form(desk, row, form, refused=said, doubts=doubts_of(desk, refusal))
    return RedirectResponse(f"{CALENDAR}/{row.id}?xong=doi", 303)


async def _change_form(
    desk: Desk, row: SessionRow, form: Form, *, refused: str = "", doubts: tuple[str, ...] = ()
) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        return {"villages": units.villages(conn, desk.unit)}

    return await desk.show(
        "console/sessions_new.html",
        look,
        status=422 if refused else 200,
        refused=refused,
        doubts=doubts,
        written=form,
        change=row,
        today=day_of(desk.services.now()).isoformat(),
        max_title=MAX_TITLE,
        max_matter=MAX_MATTER,
        max_seats=500,
    )


def _meeting(row: SessionRow) -> Meeting:
    return Meeting(
        kind=SessionKind(row.kind),
        host=Host(row.host),
        host_name=row.host_name,
        title=row.title,
        matter=row.matter,
        place=row.place,
        online=row.online,
        village=row.village_id,
        starts_at=row.starts_at,
        minutes=(row.ends_at - row.starts_at) // MINUTE,
        seats=row.seats,
        slot_minutes=row.slot_minutes,
    )
