"""Nhập hộ: a case told on paper, by telephone or face to face, and the slip that says until when it is answered."""

from typing import Any, cast

import msgspec
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.acts import MAX_PLACE, MAX_TEXT, Heard, Open, Refusal
from feedback.complaints import denounced, read_all
from feedback.kinds import Kind
from feedback.kinds import rule as rule_of
from feedback.organisations import ORGANISATIONS
from feedback.roles import Role
from storage import entered, kinds_off, units, works
from storage.ids import new_id
from vietnam.phones import read_phone
from web.body import read_form, words
from web.console.access import Desk, signed_in
from web.console.calls import qr_of
from web.console.sessions_forms import once

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
    organisation: str = ""
    """Whose member brought it, where the Front enters it."""
    asked: str = ""
    """As what the words were asked about, once: feedback.complaints.Matter, "" for not yet."""
    number: str = ""
    """Of the form: sent twice, it makes one case."""


@signed_in("case.enter")
async def shown(desk: Desk) -> Response:
    """The form, and what this officer has entered lately."""
    return await _page(desk, Typed(village=desk.officer.village))


async def _page(desk: Desk, typed: Typed, refused: str = "", matter: str = "") -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        places = units.villages(conn, desk.unit)
        own = [one for one in places if desk.officer.village in (0, one.id)]
        lately = entered.by_officer(conn, desk.unit, desk.officer.id)
        taken = kinds_off.in_use(conn, desk.unit)
        going_on = works.going_on(conn, desk.unit)
        return {"villages": own, "works": going_on, "lately": lately, "kinds": taken.kinds, "categories": taken.fields}

    return await desk.show(
        "console/assisted.html",
        look,
        status=422 if refused or matter else 200,
        typed=typed,
        matter=matter,
        refused=desk.services.say(refused) if refused else "",
        number=typed.number or new_id(),
        organisations=ORGANISATIONS if desk.officer.role is Role.FRONT else (),
        max_text=MAX_TEXT,
        max_place=MAX_PLACE,
        max_name=_MAX_NAME,
    )


@signed_in("case.enter")
async def save(desk: Desk) -> Response:
    """A new case; the officer is on record as who helped."""
    form = await read_form(desk.request, fields=_FIELDS)
    said = {name: words(form[name]) for name in ("text", "where", "name", "day")}
    typed = Typed(
        heard=form["heard"] if form["heard"] in _WAYS else "visit",
        kind=form["kind"],
        category=form["category"],
        works=_id(form["works"]),
        village=desk.officer.village or _id(form["village"]),
        phone=form["phone"].strip(),
        unknown=form["unknown"] == "1",
        organisation=_organisation(desk, form["organisation"]),
        asked=form["asked"],
        number=form["lan"][:_LONGEST_ID],
        **said,
    )
    if typed.kind not in set(Kind):
        return await _page(desk, typed, "entering.kind")
    phone = read_phone(typed.phone) or ""
    if typed.phone and not phone:
        return await _page(desk, typed, "entering.phone")
    reading = read_all(typed.text, typed.where, typed.day)
    if reading is not None and typed.asked != reading.matter:
        # What is a khiếu nại or a tố cáo is not taken by this way either: asked once, as the chat asks.
        return await _page(desk, msgspec.structs.replace(typed, asked=str(reading.matter)), matter=str(reading.matter))
    said_so = ("heard", "kind", "category", "works", "village", "text", "where", "name", "phone", "day", "unknown")
    outcome = await desk.services.enter(_act(typed, phone), desk.actor, once(form, *said_so))
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
        matter=denounced(typed.text, typed.where, typed.day),
        organisation=typed.organisation,
    )


@signed_in("case.enter")
async def slip(desk: Desk) -> Response:
    """Phiếu hẹn: the code, until when it is answered, and how to follow it; no name and not what it is about."""
    code = desk.request.path_params["code"]

    def look(conn: Connection) -> dict[str, Any]:
        case = entered.one(conn, desk.unit, code, desk.actor)
        if case is None:
            raise KeyError(code)
        commune = units.unit(conn, desk.unit)
        # Where anybody may look: what an officer has printed opens no thread (docs/decisions/0023).
        address = f"{desk.services.public_url}/{commune.slug}/tra-cuu/{case.code}"
        return {"case": case, "commune": commune, "qr": qr_of(address)}

    return await desk.show("console/promise_slip.html", look, done=desk.request.query_params.get("xong", ""))


def _organisation(desk: Desk, said: str) -> str:
    """The Front says whose member brought it, itself where nothing is chosen; nobody else says anything."""
    if desk.officer.role is not Role.FRONT:
        return ""
    return said if said in ORGANISATIONS else ORGANISATIONS[0]


def _id(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _LONGEST_ID else 0
