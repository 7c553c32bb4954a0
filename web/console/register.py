"""Sổ đơn: the register of khiếu nại, tố cáo and kiến nghị that came as a đơn, and who keeps what is confidential."""

from datetime import date
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.clock_rules import Ground
from feedback.register import ACCEPTED, MAX_NAME, MAX_SUMMARY, Accept, Change, Enter, Finish, Kind, Lengthen, Refusal
from storage import confidential, register
from web.body import Form, read_form, words
from web.console.access import Desk, signed_in
from web.console.marking import number

HOME = "/can-bo/so-don"
_SIZES = {"max_summary": MAX_SUMMARY, "max_name": MAX_NAME}


@signed_in("register.see")
async def shown(desk: Desk) -> Response:
    """The lines that are this officer's to see, what is due first on top, and a form for a new one."""
    return await _shown(desk)


async def _shown(desk: Desk, refused: str = "", written: Form | None = None) -> Response:
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        lines = register.lines(conn, desk.actor)
        return {"lines": lines, "late": sum(line.late(now) for line in lines)}

    return await desk.show(
        "console/register.html",
        look,
        status=422 if refused else 200,
        refused=refused,
        written=written or Form(),
        kinds=_kinds(desk),
        accepted_kinds=ACCEPTED,
        done=desk.request.query_params.get("xong", ""),
        **_SIZES,
    )


def _kinds(desk: Desk) -> list[Kind]:
    return [kind for kind in Kind if kind is not Kind.DENUNCIATION or desk.actor.keeper]


@signed_in("register.write")
async def enter(desk: Desk) -> Response:
    """A new line: the clock of the law begins."""
    form = await read_form(desk.request)
    day = _day(form["received"])
    if form["kind"] not in set(Kind) or day is None:
        return await _shown(desk, desk.services.say("register.day" if day is None else "act.mark_which"), form)
    wanted = Enter(
        kind=Kind(form["kind"]),
        received=day,
        summary=_text(form, "summary"),
        handler=_text(form, "handler"),
        remote=form["remote"] == "1",
    )
    outcome = await _change(desk, 0, wanted)
    if isinstance(outcome, Refusal):
        return await _shown(desk, desk.services.say(outcome.key, **outcome.values), form)
    return RedirectResponse(f"{HOME}?xong=ghi", 303)


@signed_in("register.see")
async def one(desk: Desk) -> Response:
    """One line, and what can be done about it."""
    return await _line(desk)


async def _line(desk: Desk, refused: str = "", way: str = "", written: Form | None = None) -> Response:
    id: int = desk.request.path_params["line"]
    actor, now = desk.actor, desk.services.now()
    if actor.keeper:
        await desk.services.store.write(lambda tx: register.read(tx, actor, id, now))

    def look(conn: Connection) -> dict[str, Any]:
        line = register.one(conn, desk.actor, id)
        if line is None:
            raise KeyError(id)
        return {"line": line, "grounds": line.grounds(desk.services.office_in(conn, desk.unit))}

    return await desk.show(
        "console/register_line.html",
        look,
        status=422 if refused else 200,
        refused=refused,
        way=way,
        written=written or Form(),
        accepted_kinds=ACCEPTED,
        done=desk.request.query_params.get("xong", ""),
        **_SIZES,
    )


@signed_in("register.write")
async def change(desk: Desk) -> Response:
    """Thụ lý, gia hạn, kết quả: the last part of the address says which."""
    id, way = desk.request.path_params["line"], desk.request.path_params["way"]
    form = await read_form(desk.request)
    wanted = _wanted(way, form)
    if wanted is None:
        return await _line(desk, desk.services.say("register.day"), way, form)
    outcome = await _change(desk, id, wanted)
    if isinstance(outcome, Refusal):
        if outcome.key == "register.gone":
            raise HTTPException(404)
        return await _line(desk, desk.services.say(outcome.key, **outcome.values), way, form)
    return RedirectResponse(f"{HOME}/{id}?xong={way}", 303)


def _wanted(way: str, form: Form) -> Change | None:
    """The change that a form asks for; None where its day is no day."""
    seen, day = number(form["seen"]), _day(form["on"])
    match way:
        case "thu-ly":
            return None if day is None else Accept(on=day, seen=seen)
        case "ket-qua":
            return None if day is None else Finish(on=day, result=_text(form, "result"), seen=seen)
        case "gia-han" if form["ground"] in set(Ground):
            reason, ground = _text(form, "reason"), Ground(form["ground"])
            return Lengthen(by=number(form["by"]), ground=ground, reason=reason, seen=seen)
        case _:
            raise HTTPException(404)


async def _change(desk: Desk, id: int, wanted: Change) -> object:
    actor, now, services = desk.actor, desk.services.now(), desk.services
    return await services.store.write(
        lambda tx: register.change(tx, actor, id, wanted, services.office_in(tx.conn, desk.unit), now)
    )


def _text(form: Form, name: str) -> str:
    return words(form[name])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# --- who keeps what is confidential -----------------------------------------------------------------------------------


@signed_in("kept.name")
async def naming(desk: Desk) -> Response:
    """Who is named now, and who may be."""

    def look(conn: Connection) -> dict[str, Any]:
        return {
            "keeper": confidential.keeper(conn, desk.unit),
            "lost": confidential.lost_keeper(conn, desk.unit),
            "people": confidential.nameable(conn, desk.unit),
        }

    return await desk.show("console/keeper.html", look, done=desk.request.query_params.get("xong", ""))


@signed_in("kept.name")
async def name(desk: Desk) -> Response:
    """Name somebody, in place of whoever it was."""
    officer, now = (await read_form(desk.request))["officer"], desk.services.now()
    id = int(officer) if officer.isascii() and officer.isdecimal() and len(officer) < 20 else 0
    if not await desk.services.store.write(lambda tx: confidential.name_keeper(tx, desk.actor, id, now)):
        raise HTTPException(400)
    return RedirectResponse(f"{HOME}/nguoi-giu?xong=chi-dinh", 303)
