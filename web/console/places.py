"""Thôn, tổ dân phố: how people reach the commune, and its villages; named, ordered and switched off by officers."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from storage import unit_rows, units
from storage.unit_rows import LONGEST_TEXT, Contact
from vietnam.villages import LONGEST, LONGEST_PHONE, OWN_WORDS, LineFault, full_name, is_phone, read_village_lines
from web.body import Form, line, read_form
from web.console.access import Desk, signed_in
from web.console.sessions_forms import number

ADDRESS = "/can-bo/dia-ban"
_MOST_FAULTS = 20


@signed_in("places.see")
async def shown(desk: Desk) -> Response:
    """The commune and its villages, those switched off last."""
    return await _page(desk)


async def _page(
    desk: Desk,
    refused: Refusal | None = None,
    *,
    at: str = "",
    typed: Form | None = None,
    faults: tuple[LineFault, ...] = (),
) -> Response:
    """`at`: which form was refused ("xa", "them", or the id of a village), with what was typed there."""

    def look(conn: Connection) -> dict[str, Any]:
        rows = unit_rows.all_villages(conn, desk.unit)
        return {
            "commune": units.unit(conn, desk.unit),
            "villages": [row for row in rows if row.unit.active],
            "off": [row for row in rows if not row.unit.active],
        }

    return await desk.show(
        "console/places.html",
        look,
        status=422 if refused is not None or faults else 200,
        refused="" if refused is None else desk.services.say(refused.key, **refused.values),
        stale=refused is not None and refused.key == "act.changed",
        at=at,
        typed=typed or Form(),
        faults=faults[:_MOST_FAULTS],
        more_faults=max(0, len(faults) - _MOST_FAULTS),
        words=sorted(OWN_WORDS),
        longest=LONGEST,
        longest_text=LONGEST_TEXT,
        longest_phone=LONGEST_PHONE,
        done=desk.request.query_params.get("xong", ""),
        many=number(desk.request.query_params.get("so", "0")),
    )


@signed_in("places.edit")
async def contact(desk: Desk) -> Response:
    """How people reach the commune."""
    form = await read_form(desk.request)
    to = Contact(
        phone=line(form["phone"]),
        contact=line(form["contact"]),
        address=line(form["address"]),
        reception=line(form["reception"]),
    )
    if not is_phone(to.phone):
        return await _page(desk, Refusal("places.phone"), at="xa", typed=form)
    actor, seen, now = desk.actor, number(form["seen"]), desk.services.now()
    fault = await desk.services.store.write(lambda tx: unit_rows.set_contact(tx, actor, to, seen, now))
    return await _answer(desk, fault, "xa", form, "lien-he")


@signed_in("places.edit")
async def add(desk: Desk) -> Response:
    """Villages, pasted a line each; all of them or none."""
    form = await read_form(desk.request)
    lines, faults = read_village_lines(form["lines"], _word(form["word"]))
    if faults:
        return await _page(desk, at="them", typed=form, faults=tuple(faults))
    if not lines:
        return await _page(desk, Refusal("places.none"), at="them", typed=form)
    actor, now = desk.actor, desk.services.now()
    done = await desk.services.store.write(lambda tx: unit_rows.add_villages(tx, actor, lines, now))
    if isinstance(done, Refusal):
        return await _page(desk, done, at="them", typed=form)
    return RedirectResponse(f"{ADDRESS}?xong=them&so={done}#thon", 303)


@signed_in("places.edit")
async def change(desk: Desk) -> Response:
    """A village's name, old commune, head and telephone."""
    form, village = await read_form(desk.request), _village(desk)
    more = {"former": line(form["former"]), "contact": line(form["contact"]), "phone": line(form["phone"])}
    if not is_phone(more["phone"]):
        return await _page(desk, Refusal("places.phone"), at=str(village), typed=form)
    name = full_name(form["name"], _word(form["word"]) if form["word"] else "")
    actor, seen, now = desk.actor, number(form["seen"]), desk.services.now()
    fault = await desk.services.store.write(lambda tx: unit_rows.rename(tx, actor, village, name, seen, now, **more))
    return await _answer(desk, fault, str(village), form, "sua", f"#t{village}")


@signed_in("places.edit")
async def turn(desk: Desk) -> Response:
    """Up, down, off, or on again: the last part of the address says which."""
    form, village, way = await read_form(desk.request), _village(desk), desk.request.path_params["way"]
    actor, seen, now, write = desk.actor, number(form["seen"]), desk.services.now(), desk.services.store.write
    if way in ("len", "xuong"):
        fault = await write(lambda tx: unit_rows.move(tx, actor, village, seen, -1 if way == "len" else 1, now))
    elif way in ("tat", "bat"):
        fault = await write(lambda tx: unit_rows.switch(tx, actor, village, seen, now, on=way == "bat"))
    else:
        raise HTTPException(404)
    return await _answer(desk, fault, str(village), form, way, f"#t{village}")


@signed_in("places.edit")
async def sort(desk: Desk) -> Response:
    """By the alphabet again."""
    actor, now = desk.actor, desk.services.now()
    fault = await desk.services.store.write(lambda tx: unit_rows.by_the_alphabet(tx, actor, now))
    return await _answer(desk, fault, "", Form(), "xep", "#thon")


async def _answer(desk: Desk, fault: Refusal | None, at: str, form: Form, done: str, mark: str = "") -> Response:
    if fault is None:
        return RedirectResponse(f"{ADDRESS}?xong={done}{mark}", 303)
    if fault.key == "places.gone":
        raise HTTPException(404)
    return await _page(desk, fault, at=at, typed=form)


def _village(desk: Desk) -> int:
    village: int = desk.request.path_params["village"]
    return village


def _word(text: str) -> str:
    return text if text in OWN_WORDS else "thôn"
