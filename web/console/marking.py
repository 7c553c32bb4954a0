"""An officer finds that a case is a tố cáo: from then on only the officer whom the Chủ tịch named sees it."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.confidential import SECOND, HandUp, MarkDenunciation
from storage import confidential, reading_cases
from web.body import read_form
from web.console.access import Desk, signed_in

_WAYS = ("mark", "hand_up")
_LONGEST_NUMBER = 10


@signed_in("case.mark")
async def ask(desk: Desk) -> Response:
    """What marking does, before it is done."""
    return await _asked(desk)


async def _asked(desk: Desk, refused: str = "", status: int = 200) -> Response:
    code: str = desk.request.path_params["code"]

    def look(conn: Connection) -> dict[str, Any]:
        case = reading_cases.one(conn, desk.unit, code, by=desk.actor)
        if case is None:
            raise KeyError(code)
        return {"case": case, "keeper": confidential.keeper(conn, desk.unit)}

    return await desk.show("console/mark.html", look, refused=refused, status=status)


@signed_in("case.mark")
async def mark(desk: Desk) -> Response:
    """Mark it, or, where it is about the Chủ tịch, tell the citizen who takes it and erase what was said."""
    code: str = desk.request.path_params["code"]
    form = await read_form(desk.request)
    way, seen = form["way"], number(form["seen"])
    if way not in _WAYS:
        return await _asked(desk, desk.services.say("act.mark_which"), 422)
    case = await desk.services.store.read(lambda conn: reading_cases.one(conn, desk.unit, code, by=desk.actor))
    if case is None:
        raise HTTPException(404)
    done = "danh-dau" if way == "mark" else "chuyen-len"
    outcome = await desk.services.act(case.id, MarkDenunciation(seen) if way == "mark" else HandUp(seen), desk.actor)
    if isinstance(outcome, Refusal) and outcome.key == SECOND:
        # Nothing is deleted on the word of one person: it lies with the keeper, who deletes it or gives it back.
        done = "cho-nguoi-giu"
        outcome = await desk.services.act(case.id, MarkDenunciation(seen, about_head=True), desk.actor)
    if isinstance(outcome, Refusal):
        return await _asked(desk, desk.services.say(outcome.key, **outcome.values), 422)
    # The page of the case is not there any more: the list says what was done, without which case.
    return RedirectResponse(f"/can-bo/?xong={done}", 303)


def number(text: str) -> int:
    """A whole number that came with a form; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER else 0
