"""Thông báo: what the commune tells whoever hears from it, and how far it got."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.bulletins import MAX_TEXT, Publish
from storage import bulletins, units
from vietnam.text import clean
from web.body import read_form
from web.console.access import Desk, signed_in

_ADDRESS = "/can-bo/thong-bao-dan"
_LONGEST_ID = 19


@signed_in("bulletin.see")
async def shown(desk: Desk) -> Response:
    """What was sent, and the form."""
    return await _shown(desk)


async def _shown(desk: Desk, *, refused: str = "", text: str = "", village: str = "", status: int = 200) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        return {"bulletins": bulletins.of_unit(conn, desk.unit), "villages": units.villages(conn, desk.unit)}

    done = desk.request.query_params.get("xong", "")
    return await desk.show(
        "console/bulletins.html",
        look,
        status=status,
        refused=refused,
        text=text,
        village=village,
        done=done,
        most=MAX_TEXT,
    )


@signed_in("bulletin.send")
async def send(desk: Desk) -> Response:
    """Send; what is refused comes back as it was written."""
    form = await read_form(desk.request)
    text, _removed = clean(form["text"].replace("\r\n", "\n"))
    chosen = form["village"]
    # What is no number is a thôn that no commune has.
    id = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) <= _LONGEST_ID else -1
    if form["read"] != "1":
        return await _shown(desk, refused=desk.services.say("bulletin.unread"), text=text, village=chosen, status=422)
    act, now = Publish(text=text, village=id if chosen else None), desk.services.now()
    outcome = await desk.services.store.write(lambda tx: bulletins.publish(tx, act, desk.actor, now))
    if isinstance(outcome, Refusal):
        said = desk.services.say(outcome.key, **outcome.values)
        return await _shown(desk, refused=said, text=text, village=chosen, status=422)
    return RedirectResponse(f"{_ADDRESS}?xong=gui", 303)


@signed_in("bulletin.send")
async def stop(desk: Desk) -> Response:
    """Whoever has not been reached yet is not."""
    id, now = desk.request.path_params["bulletin"], desk.services.now()
    stopped = await desk.services.store.write(lambda tx: bulletins.stop(tx, desk.actor, id, now))
    return RedirectResponse(_ADDRESS + ("?xong=dung" if stopped else ""), 303)
