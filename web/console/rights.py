"""What people ask about their own data: what waits for an officer, and what has been done."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.rights import MAX_NOTE, CloseRequest
from storage import rights
from vietnam.text import clean
from web.body import read_form
from web.console.access import Desk, signed_in


@signed_in("data.see")
async def shown(desk: Desk) -> Response:
    """Both lists."""
    return await _shown(desk)


async def _shown(desk: Desk, *, refused: str = "", at: int = 0, answer: str = "", status: int = 200) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        return {
            "waiting": rights.requests(conn, desk.unit, waiting=True, by=desk.actor),
            "done": rights.requests(conn, desk.unit, waiting=False),
        }

    said = desk.request.query_params.get("xong", "")
    return await desk.show(
        "console/rights.html",
        look,
        status=status,
        refused=refused,
        at=at,
        answer=answer,
        said=said,
        most=MAX_NOTE,
    )


@signed_in("data.close")
async def close(desk: Desk) -> Response:
    """Done, or not to be done; the person is told word for word."""
    id: int = desk.request.path_params["asked"]
    answer, _removed = clean((await read_form(desk.request))["answer"].replace("\r\n", "\n"))
    try:
        outcome = await desk.services.close_request(id, CloseRequest(answer=answer), desk.actor)
    except KeyError:
        raise HTTPException(404) from None
    if isinstance(outcome, Refusal):
        said = desk.services.say(outcome.key, **outcome.values)
        return await _shown(desk, refused=said, at=id, answer=answer, status=422)
    return RedirectResponse("/can-bo/du-lieu?xong=bao", 303)
