"""A case passes from hand to hand: given to a colleague, flagged as beyond what the commune may decide."""

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Act, Refusal
from feedback.handing import Assign, Flag
from feedback.roles import Role
from storage import reading_cases
from vietnam.text import clean
from web.body import Unreadable, read_form
from web.console import cases
from web.console.access import Desk, signed_in

_LONGEST_NUMBER = 20


def whom(said: str) -> tuple[int, Role | None]:
    """The officer of an id for "o12", a role for "leader"; (0, None) for anything else."""
    number = said.removeprefix("o")
    if said.startswith("o") and number.isascii() and number.isdecimal() and len(number) < _LONGEST_NUMBER:
        return int(number), None
    return 0, Role(said) if said in set(Role) else None


@signed_in("case.assign")
async def assign(desk: Desk) -> Response:
    """Chuyển người xử lý: to a colleague or a role, with a reason that the history keeps."""
    to, reason, seen = await _written(desk)
    officer, role = whom(to)
    return await _act(desk, Assign(officer=officer, role=role, reason=reason, seen=seen), "phan-cong", reason)


@signed_in("case.flag")
async def flag(desk: Desk) -> Response:
    """Vượt thẩm quyền: it goes to the leaders."""
    _to, reason, seen = await _written(desk)
    return await _act(desk, Flag(reason, seen), "vuot-cap", reason)


async def _written(desk: Desk) -> tuple[str, str, int]:
    try:
        form = await read_form(desk.request)
    except Unreadable:
        raise HTTPException(400) from None
    reason, _removed = clean(form["reason"].replace("\r\n", "\n"))
    seen = form["seen"]
    number = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < _LONGEST_NUMBER // 2 else 0
    return form["to"], reason, number


async def _act(desk: Desk, act: Act, done: str, reason: str) -> Response:
    code = desk.request.path_params["code"]
    case = await desk.services.store.read(lambda conn: reading_cases.one(conn, desk.unit, code))
    if case is None:
        raise HTTPException(404)
    outcome = await desk.services.act(case.id, act, desk.actor)
    if isinstance(outcome, Refusal):
        said = desk.services.say(outcome.key, **outcome.values)
        return await cases.shown(desk, refused=said, way=done, text=reason, status=422)
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong={done}", 303)
