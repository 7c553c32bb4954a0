"""Days on which a host can be nowhere: written down, and taken away again."""

from starlette.responses import RedirectResponse, Response

from web.body import line
from web.console import sessions_forms
from web.console.access import Desk, signed_in
from web.console.sessions import CALENDAR, shown
from web.console.sessions_requests import read


@signed_in("session.busy")
async def busy(desk: Desk) -> Response:
    """The days are kept; sessions that repeat move off them, those that are made already are named on the calendar."""
    form = await read(desk)
    first, last = sessions_forms.day(form["tu"]), sessions_forms.day(form["den"])
    refusal = await desk.services.sessions.busy(
        form["chu_tri"],
        first.isoformat() if first else "",
        last.isoformat() if last else "",
        line(form["ghi"])[:200],
        desk.actor,
    )
    if refusal is not None:
        return await shown(desk, refused=desk.services.say(refusal.key, **refusal.values), written=form, status=422)
    return RedirectResponse(f"{CALENDAR}?xong=ban#ngay-ban", 303)


@signed_in("session.busy")
async def free(desk: Desk) -> Response:
    """The host can come after all."""
    refusal = await desk.services.sessions.free(desk.request.path_params["busy"], desk.actor)
    if refusal is not None:
        return await shown(desk, refused=desk.services.say(refusal.key, **refusal.values), status=422)
    return RedirectResponse(f"{CALENDAR}?xong=het-ban#ngay-ban", 303)
