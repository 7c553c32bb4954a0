"""Nhập hộ: a case told on paper, by telephone or face to face, and the slip that says until when it is answered."""

from typing import Any, cast

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import MAX_PLACE, MAX_TEXT, Heard, Open, Refusal
from feedback.complaints import denounced
from feedback.kinds import CATEGORIES, Kind
from feedback.kinds import rule as rule_of
from storage import entered, threads, units, works
from vietnam.phones import read_phone
from vietnam.text import clean
from web.body import Unreadable, read_form
from web.console.access import Desk, signed_in
from web.console.calls import qr_of

_WAYS = ("visit", "phone", "paper")
_LONGEST_ID = 20
_MAX_NAME = 80
_FIELDS = 16


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed, to be shown again after a refusal."""

    heard: str = "visit"
    kind: str = ""
    category: str = ""
    works: int = 0
    village: int = 0
    text: str = ""
    where: str = ""
    name: str = ""
    phone: str = ""
    day: str = ""
    unknown: bool = False


@signed_in("case.enter")
async def shown(desk: Desk) -> Response:
    """The form, and what this officer has entered lately."""
    return await _page(desk, Typed(village=desk.officer.village))


async def _page(desk: Desk, typed: Typed, refused: str = "") -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        places = units.villages(conn, desk.unit)
        own = [one for one in places if desk.officer.village in (0, one.id)]
        lately = entered.by_officer(conn, desk.unit, desk.officer.id)
        return {"villages": own, "works": works.going_on(conn, desk.unit), "lately": lately}

    return await desk.show(
        "console/assisted.html",
        look,
        status=422 if refused else 200,
        typed=typed,
        refused=desk.services.say(refused) if refused else "",
        kinds=tuple(Kind),
        categories=CATEGORIES,
        max_text=MAX_TEXT,
        max_place=MAX_PLACE,
        max_name=_MAX_NAME,
    )


@signed_in("case.enter")
async def save(desk: Desk) -> Response:
    """A new case; the officer is on record as who helped."""
    try:
        form = await read_form(desk.request, fields=_FIELDS)
    except Unreadable:
        raise HTTPException(400) from None
    said = {name: clean(form[name].replace("\r\n", "\n"))[0].strip() for name in ("text", "where", "name", "day")}
    typed = Typed(
        heard=form["heard"] if form["heard"] in _WAYS else "visit",
        kind=form["kind"],
        category=form["category"],
        works=_id(form["works"]),
        village=desk.officer.village or _id(form["village"]),
        phone=form["phone"].strip(),
        unknown=form["unknown"] == "1",
        **said,
    )
    if typed.kind not in set(Kind):
        return await _page(desk, typed, "entering.kind")
    phone = read_phone(typed.phone) or ""
    if typed.phone and not phone:
        return await _page(desk, typed, "entering.phone")
    outcome = await desk.services.enter(_act(typed, phone), desk.actor)
    if isinstance(outcome, Refusal):
        return await _page(desk, typed, outcome.key)
    return RedirectResponse(f"/can-bo/nhap-ho/{outcome}/phieu-hen?xong=1", 303)


def _act(typed: Typed, phone: str) -> Open:
    kind = Kind(typed.kind)
    rule = rule_of(kind)
    return Open(
        code="",
        kind=kind,
        category=rule.field or typed.category,
        text=typed.text,
        village=typed.village or None,
        works=typed.works or None,
        anonymous=typed.unknown and rule.anonymous,
        name="" if typed.unknown and rule.anonymous else typed.name[:_MAX_NAME],
        phone="" if typed.unknown and rule.anonymous else phone,
        wanted_day=typed.day[:MAX_PLACE] if kind is Kind.DIALOGUE else "",
        where=typed.where,
        heard=cast("Heard", typed.heard),
        matter=denounced(typed.text),
    )


@signed_in("case.enter")
async def slip(desk: Desk) -> Response:
    """Phiếu hẹn: the code, until when it is answered, and how to follow it; no name and not what it is about."""
    code = desk.request.path_params["code"]

    def look(conn: Connection) -> dict[str, Any]:
        own = 0 if desk.may("case.see") else desk.officer.id
        case = entered.one(conn, desk.unit, code, officer=own)
        if case is None:
            raise KeyError(code)
        commune = units.unit(conn, desk.unit)
        # Put into the person's own hand, as the slip of the call list: it opens the case without a telephone number.
        pages = f"{desk.services.public_url}/{commune.slug}"
        address = threads.address(desk.services.vault, pages, case.id, desk.services.now())
        return {"case": case, "commune": commune, "qr": qr_of(address)}

    return await desk.show("console/promise_slip.html", look, done=desk.request.query_params.get("xong", ""))


def _id(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _LONGEST_ID else 0
