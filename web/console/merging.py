"""Gộp vụ việc: one matter told by several people is answered once; and taken apart again the same day."""

from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from vietnam.text import clean
from web.console import cases
from web.console.access import Desk, signed_in
from web.console.case_forms import case_of, form_of, number_of

_LONGEST_CODE = 40


@signed_in("case.merge")
async def merge(desk: Desk) -> Response:
    """Join this case into another: its sender is told, and hears the answer with the other's."""
    form = await form_of(desk)
    code, seen = clean(form["ma"])[0].strip().upper()[:_LONGEST_CODE], number_of(form["seen"])
    case = await case_of(desk)
    outcome = await desk.services.merge(case.id, code, seen, desk.actor)
    if isinstance(outcome, Refusal):
        return await cases.refused(desk, outcome, "gop", seen=seen, kept={"ma": code})
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong=gop", 303)


@signed_in("case.part")
async def part(desk: Desk) -> Response:
    """Take it out again: its sender is told that it is looked at by itself."""
    form = await form_of(desk)
    seen = number_of(form["seen"])
    case = await case_of(desk)
    outcome = await desk.services.part(case.id, seen, desk.actor)
    if isinstance(outcome, Refusal):
        return await cases.refused(desk, outcome, "tach", seen=seen)
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong=tach", 303)
