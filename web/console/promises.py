"""What was promised in sessions: open, due and late; and what became of it."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.session_acts import MAX_QUESTION, Drop, Keep
from storage import reading_sessions
from vietnam.time import day_of
from web.body import Form, words
from web.console import sessions_forms
from web.console.access import Desk, signed_in
from web.console.sessions_requests import read

HERE = "/can-bo/loi-hua"
_LAST_PAGE = 1_000


@signed_in("session.see")
async def promises(desk: Desk) -> Response:
    """Open ones by their day, or those that are over."""
    return await _page(desk)


async def _page(
    desk: Desk, *, refused: str = "", at: int = 0, written: Form | None = None, status: int = 200
) -> Response:
    """The page; after a refusal with what was written beside the promise `at`."""
    query = desk.request.query_params
    over = query.get("muc") == "da-xong"
    page = min(max(sessions_forms.number(query.get("trang", "1")), 1), _LAST_PAGE)
    today = day_of(desk.services.now())

    def look(conn: Connection) -> dict[str, Any]:
        rows, more = reading_sessions.promises(conn, desk.unit, open_ones=not over, page=page)
        return {"rows": rows, "more": more, "counts": reading_sessions.promise_counts(conn, desk.unit, today)}

    return await desk.show(
        "console/sessions_promises.html",
        look,
        status=status,
        refused=refused,
        at=at,
        written=written or Form(),
        over=over,
        page_number=page,
        today=today,
        max_note=MAX_QUESTION,
        done=query.get("xong", ""),
    )


@signed_in("session.keep")
async def keep(desk: Desk) -> Response:
    """It is done: whoever asked is told how."""
    return await _over(desk, "xong")


@signed_in("session.drop")
async def drop(desk: Desk) -> Response:
    """It will not be done; the page keeps why."""
    return await _over(desk, "bo")


async def _over(desk: Desk, done: str) -> Response:
    form = await read(desk)
    id: int = desk.request.path_params["promise"]
    found = await desk.services.store.read(lambda conn: reading_sessions.promise(conn, desk.unit, id))
    if found is None:
        raise HTTPException(404)
    note = words(form["ghi"])
    act = Keep(promise=id, note=note) if done == "xong" else Drop(promise=id, note=note)
    refusal: Refusal | None = Refusal("promise.note_long", {"most": MAX_QUESTION})
    if len(note) <= MAX_QUESTION:
        refusal = await desk.services.sessions.act(found.session, act, desk.actor)
    if refusal is not None:
        said = desk.services.say(refusal.key, **refusal.values)
        return await _page(desk, refused=said, at=id, written=form, status=422)
    return RedirectResponse(f"{HERE}?xong={done}", 303)
