"""Đơn thư bảo mật: the cases that one named officer alone may see; each look at one of them is kept as an act."""

from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import MAX_PLACE, MAX_REPLY, Act, Ask, Forward, Receive, Refusal, Reply, Take
from feedback.confidential import HandUp, UnmarkDenunciation
from feedback.notes import MAX_NOTE
from feedback.register import Kind
from feedback.states import MOVES
from storage import confidential, deliveries, kept_notes, officers, reading_cases, reading_kept, register
from storage.reading_cases import ActLine
from vietnam.text import clean
from web.body import Form, read_form
from web.console.access import Desk, signed_in
from web.console.marking import number

HOME = "/can-bo/don-bao-mat"


@signed_in("kept.see")
async def cases(desk: Desk) -> Response:
    """The list, what is due first on top, and the register lines of tố cáo."""

    def look(conn: Connection) -> dict[str, Any]:
        return {
            "rows": reading_kept.kept_cases(conn, desk.actor),
            "lines": register.lines(conn, desk.actor, only=Kind.DENUNCIATION),
        }

    return await desk.show("console/kept.html", look, done=desk.request.query_params.get("xong", ""))


@signed_in("kept.see")
async def one(desk: Desk) -> Response:
    """One case; that it was opened is written down before it is shown."""
    return await _shown(desk)


async def _shown(desk: Desk, refused: str = "", way: str = "", written: Form | None = None) -> Response:
    code: str = desk.request.path_params["code"]
    now = desk.services.now()
    case_id = await desk.services.store.write(lambda tx: confidential.read(tx, desk.actor, code, now))
    if case_id is None:
        raise HTTPException(404)

    def look(conn: Connection) -> dict[str, Any]:
        case = reading_cases.one(conn, desk.unit, code, kept=True)
        if case is None:
            raise KeyError(code)
        names = officers.names(conn, desk.unit)
        return {
            "case": case,
            "history": [_happened(act, names) for act in case.history],
            "notes": [
                (names.get(one.by, ""), one.at, one.text)
                for one in kept_notes.of(conn, desk.services.vault, desk.actor, case.id)
            ],
            "letters": deliveries.history(conn, case.id),
            "readings": [(names.get(who, ""), at) for who, at in reading_kept.readings(conn, desk.actor, case.id)],
        }

    return await desk.show(
        "console/kept_case.html",
        look,
        status=422 if refused else 200,
        refused=refused,
        way=way,
        text=written["text"] if written else "",
        to=written["to"] if written else "",
        contact=written["contact"] if written else "",
        moves={action: set(moves) for action, moves in MOVES.items()},
        max_reply=MAX_REPLY,
        max_note=MAX_NOTE,
        max_to=MAX_PLACE,
        done=desk.request.query_params.get("xong", ""),
    )


def _happened(act: ActLine, names: dict[int, str]) -> dict[str, Any]:
    """A line of the history; `seen_by`: who had opened the case before it was closed, and when.

    `listed`: how many could read its first words in a list then; `about_head`: held to be about the Chủ tịch.
    """
    kind, _, id = act.actor.partition(":")
    detail = msgspec.json.decode(act.detail or "{}", type=dict[str, Any])
    return {
        "action": act.action,
        "who": names.get(int(id), "") if kind == "officer" and id.isdecimal() else kind,
        "text": str(detail.get("text", "")),
        "to": str(detail.get("to", "")),
        "at": act.at,
        "seen_by": [(names.get(who, ""), at) for who, at in detail.get("seen_by", [])],
        "listed": int(detail.get("listed", 0)),
        "about_head": bool(detail.get("about_head", False)),
    }


@signed_in("kept.see")
async def act(desk: Desk) -> Response:
    """What the keeper does with a case: `way` is the last part of the address."""
    code, way = desk.request.path_params["code"], desk.request.path_params["way"]
    form = await read_form(desk.request)
    wanted = _act(way, form)
    unit = desk.unit
    case = await desk.services.store.read(lambda conn: reading_cases.one(conn, unit, code, kept=True))
    if wanted is None or case is None:
        raise HTTPException(404)
    outcome = await desk.services.act(case.id, wanted, desk.actor)
    if isinstance(outcome, Refusal):
        return await _shown(desk, desk.services.say(outcome.key, **outcome.values), way, form)
    gone = way in ("bo-dau", "chuyen-len")
    return RedirectResponse(f"{HOME}?xong={way}" if gone else f"{HOME}/{case.code}?xong={way}", 303)


@signed_in("kept.see")
async def note(desk: Desk) -> Response:
    """The keeper writes something down for themselves, and for whoever keeps the case after them."""
    code: str = desk.request.path_params["code"]
    form = await read_form(desk.request)
    text = clean(form["text"].replace("\r\n", "\n"))[0].strip()
    if not text or len(text) > MAX_NOTE:
        return await _shown(desk, desk.services.say("note.long" if text else "note.empty"), "ghi-chu", form)
    now, vault = desk.services.now(), desk.services.vault
    if not await desk.services.store.write(lambda tx: kept_notes.write(tx, vault, desk.actor, code, text, now)):
        raise HTTPException(404)
    return RedirectResponse(f"{HOME}/{code}?xong=ghi-chu#ghi-chu", 303)


def _act(way: str, form: Form) -> Act | None:
    seen, text = number(form["seen"]), clean(form["text"].replace("\r\n", "\n"))[0]
    match way:
        case "tiep-nhan":
            return Receive()
        case "nhan":
            return Take()
        case "tra-loi":
            return Reply(text, seen)
        case "hoi":
            return Ask(text, seen)
        case "chuyen":
            to, contact = (" ".join(clean(form[name])[0].split()) for name in ("to", "contact"))
            return Forward(to, text, seen, contact)
        case "bo-dau":
            return UnmarkDenunciation(text, seen)
        case "chuyen-len":
            return HandUp(seen)
        case _:
            return None


@signed_in("kept.see")
async def photo(desk: Desk) -> Response:
    """A picture of such a case."""
    code, blob = desk.request.path_params["code"], desk.request.path_params["blob"]
    unit, now = desk.unit, desk.services.now()
    media_type = await desk.services.store.read(
        lambda conn: reading_cases.photo_type(conn, unit, code, blob, kept=True)
    )
    data = await desk.services.blob(blob) if media_type else None
    if media_type is None or data is None:
        raise HTTPException(404)
    # Asked for by its address alone it is a look like any other; those that the page itself asks for come with its own.
    await desk.services.store.write(lambda tx: confidential.looked(tx, desk.actor, code, blob, now))
    return Response(data, media_type=media_type)
