"""Days on which a host can be nowhere."""

from starlette.responses import RedirectResponse, Response

from web.console import sessions_forms
from web.console.access import Desk, signed_in
from web.console.sessions import CALENDAR, shown
from web.console.sessions_requests import read


@signed_in("session.busy")
async def busy(desk: Desk) -> Response:
    """The days are kept; sessions that repeat move off them."""
    form = await read(desk)
    first, last = sessions_forms.day(form["tu"]), sessions_forms.day(form["den"])
    refusal = await desk.services.sessions.busy(
        form["chu_tri"],
        first.isoformat() if first else "",
        last.isoformat() if last else "",
        sessions_forms.line(form["ghi"])[:200],
        desk.actor,
    )
    if refusal is not None:
        return await shown(desk, refused=desk.services.say(refusal.key, **refusal.values), status=422)
    return RedirectResponse(f"{CALENDAR}?xong=ban", 303)
