"""Phát phiếu khảo sát, giao kế hoạch: a province gives its communes something, in two steps."""

from functools import cache

from starlette.responses import Response

from reports.plans import LARGEST, plan, plan_names, shipped
from storage.handing_out import Kind
from surveys.opinions import unfilled
from surveys.ready import ready, ready_file, ready_names
from vietnam.time import day_of
from web.body import FIELD_CAP, Form, read_form
from web.console.access import Desk, signed_in
from web.province_door import HandedOut, Offered

_MOST = 8 << 20
"""Bytes of a spreadsheet with a survey."""
_SAMPLE = "mau"


@cache
def _ready(year: int) -> dict[Kind, list[tuple[str, str]]]:
    """Names and titles of what comes along: surveys that have no gap left to fill, plans that are for the year."""
    asked = ((name, ready(name)) for name in ready_names())
    known = ((name, plan(name)) for name in plan_names() if name != _SAMPLE)
    return {
        "survey": [(name, one.title) for name, one in asked if not unfilled(one)],
        "plan": [(name, one.title) for name, one in known if year in one.years],
    }


@signed_in("province.hand_out")
async def shown(desk: Desk) -> Response:
    """What can be handed out."""
    return await _page(desk)


async def _page(
    desk: Desk,
    *,
    offered: Offered | None = None,
    done: HandedOut | None = None,
    odd: str = "",
    opens: bool = True,
    status: int = 200,
) -> Response:
    return await desk.show(
        "console/province_handing.html",
        lambda _conn: {},
        status=status,
        ready=_ready(day_of(desk.services.now()).year),
        offered=offered,
        done=done,
        odd=odd,
        opens=opens,
    )


@signed_in("province.hand_out")
async def hand_out(desk: Desk) -> Response:
    """Looked at first, with every commune; given with the second press, to those that have not the very same."""
    form = await read_form(desk.request, cap=_MOST + FIELD_CAP, files=1)
    if form.too_big or any(len(raw) > _MOST for raw in form.files):
        return await _page(desk, odd="big", status=413)
    if form["chac"] == "1":
        kind: Kind = "plan" if form["loai"] == "plan" else "survey"
        raw = form["toan_van"].encode()
        done = await desk.services.province.hand_out(desk.actor, kind, raw, opens=form["mo"] == "1")
        if isinstance(done, Offered):
            return await _page(desk, offered=done, status=422)
        return await _page(desk, done=done)
    kind, name, raw = _chosen(form)
    if not raw:
        return await _page(desk, odd="none", status=422)
    if kind == "plan" and len(raw) > LARGEST:
        return await _page(desk, odd="big", status=413)
    offered = await desk.services.province.offer(desk.actor, kind, name, raw)
    return await _page(desk, offered=offered, status=200 if offered.sound else 422)


def _chosen(form: Form) -> tuple[Kind, str, bytes]:
    """(kind, name of the file, its bytes): what was uploaded, else what comes along; no bytes where nothing was."""
    kind: Kind = "plan" if form["loai"] == "plan" else "survey"
    if form.files and form.files[0]:
        return kind, form.names[0], form.files[0]
    of, _, name = form["san"].partition(":")
    if of == "plan" and name != _SAMPLE:
        return "plan", f"{name}.toml", shipped(name) or b""
    if of == "survey" and name in ready_names():
        return "survey", f"{name}.toml", ready_file(name)
    return kind, "", b""
