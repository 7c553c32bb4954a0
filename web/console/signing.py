"""Chờ duyệt: whole answers and reports that wait for a leader, signed or sent back with one tap."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import MAX_REPLY, Approve, Refusal, ReturnDraft
from feedback.replies import worded
from storage import officers, reading_cases, reading_report
from storage import waiting as drafts
from web.body import Form, read_form, words
from web.console.access import Desk, signed_in
from web.console.reports import titles_of

SIGN, RETURN = "duyet", "tra-lai"
"""The two ways out of the list."""
_LONGEST_NUMBER = 10


@signed_in("case.approve")
async def waiting(desk: Desk) -> Response:
    """Every answer and every report that waits for a leader."""
    return await _page(desk)


async def _page(
    desk: Desk, *, refused: str = "", at: str = "", reason: str = "", way: str = "", status: int = 200
) -> Response:
    say = desk.services.say

    def look(conn: Connection) -> dict[str, Any]:
        found = reading_report.submitted(conn, desk.unit) if desk.may("report.approve") else []
        rows = drafts.waiting(conn, desk.unit, desk.actor)
        return {
            "rows": [(row, worded(row.draft.text, row.draft.parts, say)) for row in rows],
            "reports": found,
            "titles": titles_of(one.period for one in found),
            "people": officers.names(conn, desk.unit),
        }

    done = desk.request.query_params
    return await desk.show(
        "console/waiting.html",
        look,
        status=status,
        refused=refused,
        at=at,
        reason=reason,
        way=way,
        done=done.get("xong", "") if not refused else "",
        done_code=done.get("ma", "")[:20],
        max_reason=MAX_REPLY,
    )


@signed_in("case.approve")
async def decide(desk: Desk) -> Response:
    """Duyệt và gửi, or trả lại with a reason; what the leader saw is what is signed, else the page says why not."""
    code = desk.request.path_params["code"]
    form = await read_form(desk.request)
    case = await desk.services.store.read(lambda conn: reading_cases.one(conn, desk.unit, code, by=desk.actor))
    if case is None:
        raise HTTPException(404)
    way, reason = form["way"], reason_of(form)
    act = Approve(seen_of(form)) if way == SIGN else ReturnDraft(reason, seen_of(form))
    outcome = await desk.services.act(case.id, act, desk.actor)
    if isinstance(outcome, Refusal):
        why = desk.services.say(outcome.key, **outcome.values)
        return await _page(desk, refused=why, at=case.code, reason=reason, way=way, status=422)
    return RedirectResponse(f"/can-bo/cho-duyet?xong={SIGN if way == SIGN else RETURN}&ma={case.code}", 303)


def reason_of(form: Form) -> str:
    """Why a draft goes back, as it was typed."""
    return words(form["text"])


def seen_of(form: Form) -> int:
    """The version of the case that the page showed; one that no case has where the form says none."""
    said = form["seen"]
    plain = said.isascii() and said.isdecimal() and 0 < len(said) <= _LONGEST_NUMBER
    return int(said) or -1 if plain else -1
