"""Who asks for a dialogue while none is planned: by field and village, beside the lists on paper (DG3)."""

from datetime import date
from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.paper_lists import ENOUGH_PERCENT, MAX_REASON, MAX_TOPIC, EnterList, StrikeList, decide_list
from storage import paper_lists, units
from storage.tx import Tx
from vietnam.text import clean
from vietnam.time import day_of
from web.body import Form, read_form
from web.console.access import Desk, signed_in

HERE = "/can-bo/de-nghi-doi-thoai"
_LONGEST_NUMBER = 10


@signed_in("session.see")
async def requests(desk: Desk) -> Response:
    """Open requests in groups, and the lists that were entered."""
    return await _page(desk)


async def _page(desk: Desk, *, refused: str = "", form: Form | None = None, status: int = 200) -> Response:
    """The page; after a refusal with what was written."""

    def look(conn: Connection) -> dict[str, Any]:
        return {
            "groups": paper_lists.asked(conn, desk.unit),
            "people": paper_lists.people(conn, desk.unit),
            "lists": paper_lists.listed(conn, desk.unit),
            "villages": units.villages(conn, desk.unit),
        }

    return await desk.show(
        "console/sessions_requests.html",
        look,
        status=status,
        refused=refused,
        written=form or Form(),
        enough=ENOUGH_PERCENT,
        max_topic=MAX_TOPIC,
        max_reason=MAX_REASON,
        today=day_of(desk.services.now()).isoformat(),
        done=desk.request.query_params.get("xong", ""),
    )


@signed_in("list.enter")
async def enter(desk: Desk) -> Response:
    """A list on paper has come in."""
    form = await read(desk)
    now = desk.services.now()
    try:
        act = EnterList(
            topic=" ".join(clean(form["chu_de"])[0].split()),
            signers=number(form["so"]),
            voters=number(form["cu_tri"]),
            day=date.fromisoformat(form["ngay"]),
            village=number(form["thon"]) or None,
        )
    except ValueError:
        return await _page(desk, refused=desk.services.say("list.day"), form=form, status=422)
    refusal = decide_list(act, desk.actor, day_of(now))

    def write(tx: Tx) -> Refusal | None:
        if act.village and act.village not in {one.id for one in units.villages(tx.conn, desk.unit)}:
            return Refusal("list.village")
        paper_lists.enter(tx, desk.actor, act, now)
        return None

    refusal = refusal or await desk.services.store.write(write)
    if refusal is not None:
        return await _page(desk, refused=desk.services.say(refusal.key, **refusal.values), form=form, status=422)
    return RedirectResponse(f"{HERE}?xong=nhap", 303)


@signed_in("list.strike")
async def strike(desk: Desk) -> Response:
    """An entry was wrong."""
    form = await read(desk)
    now = desk.services.now()
    act = StrikeList(id=desk.request.path_params["list"], reason=clean(form["ly_do"])[0].strip())
    refusal = decide_list(act, desk.actor, day_of(now))
    if refusal is not None:
        return await _page(desk, refused=desk.services.say(refusal.key, **refusal.values), status=422)
    if not await desk.services.store.write(lambda tx: paper_lists.strike(tx, desk.actor, act, now)):
        return await _page(desk, refused=desk.services.say("act.already"), status=422)
    return RedirectResponse(f"{HERE}?xong=gach", 303)


async def read(desk: Desk, fields: int = 24) -> Form:
    """The form of a request; 400 where it is none."""
    return await read_form(desk.request, fields=fields)


def number(text: str) -> int:
    """A whole number as it is typed, with or without dots between thousands; 0 for anything else."""
    digits = text.strip().replace(".", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < _LONGEST_NUMBER else 0
