"""A case passes from hand to hand: given to a colleague, flagged as beyond what the commune may decide."""

from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.handing import Assign, Flag
from feedback.roles import Role
from storage import reading_cases
from web.console import cases
from web.console.access import HOME, Desk, signed_in
from web.console.case_forms import case_of, form_of, number_of, words_of

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
    return await _act(desk, Assign(officer=officer, role=role, reason=reason, seen=seen), "phan-cong", reason, to)


@signed_in("case.flag")
async def flag(desk: Desk) -> Response:
    """Vượt thẩm quyền: it goes to the leaders."""
    _to, reason, seen = await _written(desk)
    return await _act(desk, Flag(reason, seen), "vuot-cap", reason)


async def _written(desk: Desk) -> tuple[str, str, int]:
    form = await form_of(desk)
    return form["to"], words_of(form["reason"]), number_of(form["seen"])


async def _act(desk: Desk, act: Assign | Flag, done: str, reason: str, whom: str = "") -> Response:
    case = await case_of(desk)
    outcome = await desk.services.act(case.id, act, desk.actor)
    if isinstance(outcome, Refusal):
        return await cases.refused(desk, outcome, done, text=reason, kept={"whom": whom}, seen=act.seen)
    # Whoever reaches only some cases, and has given this one on, may not see it any more.
    unit, actor = desk.unit, desk.actor
    there = await desk.services.store.read(lambda conn: reading_cases.id_of(conn, unit, case.code, actor))
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong={done}" if there else HOME, 303)
