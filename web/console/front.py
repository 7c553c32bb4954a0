"""Mặt trận: its own first page, without anybody's name, and kiến nghị giám sát, which a leader answers on the same."""

from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.codes import read_code
from feedback.kinds import CATEGORIES
from feedback.oversight import MAX_ABOUT, MAX_SUBJECT, MAX_TEXT, Answer, Recommend, Withdraw, days_late
from storage import oversight
from storage.ids import new_id
from vietnam.time import day_of
from web.body import Form, read_form, words
from web.console.access import Desk, signed_in
from web.console.signing import seen_of

FRONT = "/can-bo/mat-tran"
OVERSIGHT = "/can-bo/kien-nghi-giam-sat"


@signed_in("front.see")
async def shown(desk: Desk) -> Response:
    """What is late, what came back, what the Front entered for members, and what it waits for."""
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        return {
            "overdue": oversight.overdue(conn, desk.unit, now),
            "reopened": oversight.reopened(conn, desk.unit),
            "entered": oversight.entered(conn, desk.unit),
            "requests": [one for one in oversight.listed(conn, desk.unit) if one.state == "open"],
        }

    return await desk.show("console/front.html", look, today=day_of(now), days_late=days_late)


@signed_in("oversight.see")
async def requests(desk: Desk) -> Response:
    """Every kiến nghị giám sát: the Front writes, a leader answers, both see what is late."""
    return await _page(desk)


async def _page(
    desk: Desk,
    *,
    typed: dict[str, str] | None = None,
    refused: str = "",
    at: int = 0,
    way: str = "",
    status: int = 200,
) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        return {"requests": oversight.listed(conn, desk.unit)}

    asked = desk.request.query_params
    begun = {"subject": "", "text": "", "category": "", "codes": asked.get("viec", "")[:40], "once": str(new_id())}
    return await desk.show(
        "console/oversight.html",
        look,
        status=status,
        typed=begun | (typed or {}),
        refused=refused,
        at=at,
        way=way,
        done=asked.get("xong", "") if not refused else "",
        days=desk.services.answer_days,
        today=day_of(desk.services.now()),
        days_late=days_late,
        categories=CATEGORIES,
        most=MAX_TEXT,
        most_subject=MAX_SUBJECT,
        most_about=MAX_ABOUT,
    )


@signed_in("oversight.recommend")
async def recommend(desk: Desk) -> Response:
    """A new one; what is refused keeps what was typed."""
    form = await read_form(desk.request)
    typed = {name: _words(form, name) for name in ("subject", "text", "category", "codes")}
    typed["once"] = form["once"][:20]
    codes, unread = _codes(typed["codes"])
    if unread:
        return await _page(desk, typed=typed, refused=desk.services.say("oversight.bad_code", code=unread), status=422)
    act = Recommend(subject=typed["subject"], text=typed["text"], category=typed["category"])
    now, days = desk.services.now(), desk.services.answer_days
    done = await desk.services.store.write(
        lambda tx: oversight.write(tx, act, desk.actor, codes=codes, days=days, now=now, once=typed["once"])
    )
    if isinstance(done, Refusal):
        return await _page(desk, typed=typed, refused=desk.services.say(done.key, **done.values), status=422)
    return RedirectResponse(f"{OVERSIGHT}?xong=gui", 303)


@signed_in("oversight.answer")
async def answer(desk: Desk) -> Response:
    """The People's Committee answers."""
    return await _changed(desk, "tra-loi")


@signed_in("oversight.withdraw")
async def withdraw(desk: Desk) -> Response:
    """The Front takes it back."""
    return await _changed(desk, "rut")


async def _changed(desk: Desk, way: str) -> Response:
    form = await read_form(desk.request)
    id: int = desk.request.path_params["request"]
    text = _words(form, "text")
    seen = seen_of(form)
    act = Answer(text=text, seen=seen) if way == "tra-loi" else Withdraw(text=text, seen=seen)
    now = desk.services.now()
    done = await desk.services.store.write(lambda tx: oversight.change(tx, id, act, desk.actor, now))
    if isinstance(done, Refusal):
        why = desk.services.say(done.key, **done.values)
        return await _page(desk, typed={"reply": text}, refused=why, at=id, way=way, status=422)
    return RedirectResponse(f"{OVERSIGHT}?xong={way}", 303)


def _words(form: Form, name: str) -> str:
    return words(form[name])


def _codes(typed: str) -> tuple[list[str], str]:
    """Codes of cases, one a line or with commas between; and the first that is none."""
    codes: list[str] = []
    for part in typed.replace(",", "\n").replace(";", "\n").splitlines():
        if not part.strip():
            continue
        code = read_code(part.strip()[:60])
        if code is None:
            return [], part.strip()[:40]
        codes.append(code)
    return list(dict.fromkeys(codes)), ""
