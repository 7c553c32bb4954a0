"""What goes out of a session on paper and over the loudspeaker, and the list for the reception desk."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from feedback.calendar_file import Event, calendar_file
from feedback.sessions import SessionState
from storage import reading_session_desk, units
from storage.reading_sessions import SessionRow
from vietnam.spoken import clock_aloud, date_aloud, digits_aloud, number_aloud, text_aloud
from vietnam.time import day_of, local
from web.console.access import Desk, signed_in
from web.console.calls import qr_of
from web.console.sessions_one import row_of
from web.pages import pages_of


@signed_in("session.see")
async def poster(desk: Desk) -> Response:
    """Tờ niêm yết: one A4 sheet."""

    def look(conn: Connection) -> dict[str, Any]:
        row, commune = row_of(conn, desk), units.unit(conn, desk.unit)
        address = f"{desk.services.public_url}/{commune.slug}/?n=dt_{row.id}"
        return {"row": row, "commune": commune, "qr": qr_of(address)}

    return await desk.show("console/sessions_poster.html", look, today=day_of(desk.services.now()))


def aloud(row: SessionRow, commune: units.Unit, matter: str) -> dict[str, Any]:
    """A session in words that can be read aloud, numbers and days written out; `matter` is what it is about."""
    begins, ends = local(row.starts_at), local(row.ends_at)
    was = None if row.earlier_at is None else local(row.earlier_at)
    return {
        "row": row,
        "commune": commune,
        "spoken": {
            "day": date_aloud(begins.date()),
            "begins": clock_aloud(begins.hour, begins.minute),
            "ends": clock_aloud(ends.hour, ends.minute),
            "seats": number_aloud(row.seats),
            "place": text_aloud(row.place),
            "was": f"{clock_aloud(was.hour, was.minute)}, {date_aloud(was.date())}" if was is not None else "",
            "was_place": text_aloud(row.earlier_place),
            "reason": text_aloud(row.reason.rstrip(".")),
            "matter": text_aloud(matter.rstrip(".")),
            "host": text_aloud(row.host_name),
            "phone": digits_aloud(commune.phone),
        },
    }


@signed_in("session.see")
async def loudspeaker(desk: Desk) -> Response:
    """Bản tin truyền thanh, to be copied."""
    text = await bulletin(desk)

    def look(conn: Connection) -> dict[str, Any]:
        return {"row": row_of(conn, desk), "text": text}

    return await desk.show("console/sessions_loudspeaker.html", look)


@signed_in("session.see")
async def loudspeaker_file(desk: Desk) -> Response:
    """The same as a file of plain text."""
    text = await bulletin(desk)
    name = f"truyen-thanh-{desk.request.path_params['session']}.txt"
    # With a mark of its encoding: Notepad of a commune's old computer guesses wrong without it.
    return PlainTextResponse("\ufeff" + text, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def bulletin(desk: Desk) -> str:
    """What the loudspeaker says of the session of the address, a paragraph a line; 404 where there is none."""
    try:
        row, commune = await desk.services.store.read(lambda conn: (row_of(conn, desk), units.unit(conn, desk.unit)))
    except KeyError:
        raise HTTPException(404) from None
    return bulletin_of(desk, row, commune)


def bulletin_of(desk: Desk, row: SessionRow, commune: units.Unit) -> str:
    """What the loudspeaker says of a session, a paragraph a line."""
    matter = row.matter or desk.services.say(f"session.matter.{row.kind}")
    text = pages_of(desk.request).text("console/sessions_loudspeaker.txt", **aloud(row, commune, matter))
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


@signed_in("session.see")
async def day_sheet(desk: Desk) -> Response:
    """Danh sách trực bàn, to be printed."""

    def look(conn: Connection) -> dict[str, Any]:
        sheet = reading_session_desk.day_sheet(conn, desk.unit, desk.request.path_params["session"])
        if sheet is None:
            raise KeyError(desk.request.path_params["session"])
        return {"sheet": sheet, "row": sheet.session}

    return await desk.show("console/sessions_day.html", look, today=day_of(desk.services.now()))


@signed_in("session.see")
async def host_file(desk: Desk) -> Response:
    """The whole session as a calendar file, for the telephone of the host and of whoever is on duty."""

    def look(conn: Connection) -> Event:
        row, commune = row_of(conn, desk), units.unit(conn, desk.unit)
        return Event(
            uid=f"{row.id}@{commune.slug}.nghedan",
            title=row.title,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            place=row.place,
            url=row.online,
            changes=row.version,
            cancelled=row.state == SessionState.CANCELLED,
            made_at=desk.services.now(),
        )

    try:
        event = await desk.services.store.read(look)
    except KeyError:
        raise HTTPException(404) from None
    name = f"lich-{desk.request.path_params['session']}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(calendar_file(event, "Nghe Dan"), media_type="text/calendar; charset=utf-8", headers=headers)
