"""The queue, one case, and what an officer does with it: only through an Act."""

from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import MAX_PLACE, MAX_REPLY, Act, Ask, Extend, Forward, Receive, Refusal, Take
from feedback.replies import MAX_EVIDENCE, MAX_PART, MAX_PERSON, Outcome
from feedback.states import MOVES, State
from storage import confidential, deliveries, following, officers, outbox, reading_cases, reading_hands, voices
from storage.reading_cases import ActLine, CasePage
from vietnam.text import clean
from web.body import Unreadable, read_form
from web.console import answers
from web.console.access import Desk, signed_in
from web.console.beside_case import beside

TABS: dict[str, tuple[State, ...]] = {
    "moi": (State.NEW, State.REOPENED),
    "dang-xu-ly": (State.RECEIVED, State.IN_PROGRESS),
    "cho-dan": (State.WAITING,),
    "da-tra-loi": (State.ANSWERED, State.FORWARDED, State.CLOSED),
}
"""The name of a tab in addresses -> the states it shows."""
_LAST_PAGE = 1_000
_LONGEST_NUMBER = 10


class Happened(msgspec.Struct, frozen=True):
    """A line of the history as it is shown: who is an officer's name, "citizen" or "system".

    `to` is the authority it went to, `stars` how the citizen found it, `photos` how many came with the words.
    """

    action: str
    who: str
    text: str
    at: int
    to: str = ""
    role: str = ""
    stars: int = 0
    photos: int = 0


@signed_in("case.see")
async def queue(desk: Desk) -> Response:
    """Cases by state, whoever waits longest first."""
    query = desk.request.query_params
    tab = query.get("muc", "moi")
    states = TABS.get(tab, TABS["moi"])
    search = clean(query.get("tim", ""))[0].strip()[:100]
    page = query.get("trang", "1")
    number = min(int(page), _LAST_PAGE) if page.isdecimal() and page.isascii() and len(page) < 6 and int(page) else 1

    now, me = desk.services.now(), (desk.officer.id, str(desk.officer.role))

    def look(conn: Connection) -> dict[str, Any]:
        rows, more = reading_cases.queue(conn, desk.unit, states, search=search, page=number, me=me)
        return {
            "rows": rows,
            "more": more,
            "urgent": reading_cases.most_urgent(conn, desk.unit),
            "late": reading_cases.late(conn, desk.unit, now),
            "spoken": voices.how_many(conn, desk.unit),
            "following": following.counts(conn, desk.unit, [row.code for row in rows]),
        }

    return await desk.show(
        "console/queue.html", look, tab=tab if tab in TABS else "moi", tabs=TABS, search=search, page_number=number
    )


@signed_in("case.see")
async def one(desk: Desk) -> Response:
    """One case, with its history and, for who may, the reply; that the officer has seen it is kept."""
    page = await shown(desk)
    code, unit, officer, now = desk.request.path_params["code"], desk.unit, desk.officer.id, desk.services.now()
    if not await desk.services.store.read(lambda conn: confidential.has_seen(conn, unit, code, officer)):
        await desk.services.store.write(lambda tx: confidential.saw(tx, unit, code, officer, now))
    return page


async def shown(
    desk: Desk,
    *,
    refused: str = "",
    way: str = "",
    text: str = "",
    to: str = "",
    typed: answers.Typed | None = None,
    status: int = 200,
) -> Response:
    """The page; after a refusal with what was written, in the form it was written in (`way`)."""
    code = desk.request.path_params["code"]

    def look(conn: Connection) -> dict[str, Any]:
        case = _case(conn, desk, code)
        names = officers.names(conn, desk.unit)
        history = [_happened(act, names) for act in case.history]
        return {
            "case": case,
            "history": history,
            "letters": deliveries.history(conn, case.id),
            "beside": beside(conn, desk, case),
            "hands": reading_hands.of(conn, desk.unit, code),
            "typed": typed or answers.standing(desk, case),
            "must_be_signed": answers.must_be_signed(desk, case),
            "written": answers.written(desk, case),
            "writer": names.get(case.draft.by, "") if case.draft else "",
        }

    case_moves = {action: set(moves) for action, moves in MOVES.items()}
    return await desk.show(
        "console/case.html",
        look,
        status=status,
        refused=refused,
        way=way,
        text=text,
        to=to,
        moves=case_moves,
        office=desk.services.office,
        tab_of={state: tab for tab, states in TABS.items() for state in states},
        max_reply=MAX_REPLY,
        max_to=MAX_PLACE,
        max_part=MAX_PART,
        max_person=MAX_PERSON,
        max_evidence=MAX_EVIDENCE,
        outcomes=tuple(Outcome),
        done=desk.request.query_params.get("xong", ""),
    )


def _case(conn: Connection, desk: Desk, code: str) -> CasePage:
    case = reading_cases.one(conn, desk.unit, code)
    if case is None:
        raise KeyError(code)
    return case


def _happened(act: ActLine, names: dict[int, str]) -> Happened:
    kind, _, id = act.actor.partition(":")
    who = names.get(int(id), "") if kind == "officer" and id.isdecimal() else kind
    detail = msgspec.json.decode(act.detail or "{}")
    known = detail if isinstance(detail, dict) else {}
    return Happened(
        "enter" if kind == "officer" and act.action == "open" else act.action,
        who,
        str(known.get("text", "")),
        act.at,
        to=str(known.get("to", "")) or _named(names, str(known.get("officer", ""))),
        role=str(known.get("role", "")),
        stars=int(known.get("stars", 0)),
        photos=int(known.get("photos", 0)),
    )


def _named(names: dict[int, str], id: str) -> str:
    return names.get(int(id), "") if id.isascii() and id.isdecimal() else ""


@signed_in("case.take")
async def take(desk: Desk) -> Response:
    """Nhận xử lý."""
    return await _act(desk, Take(), "nhan")


@signed_in("case.receive")
async def receive(desk: Desk) -> Response:
    """Tiếp nhận: the citizen is told that somebody has read it."""
    return await _act(desk, Receive(), "tiep-nhan")


@signed_in("case.ask")
async def ask(desk: Desk) -> Response:
    """A question goes to the citizen's chat word for word, and the case waits for them."""
    text, version, _to, _by = await _written(desk)
    return await _act(desk, Ask(text, version), "hoi", text)


@signed_in("case.forward")
async def forward(desk: Desk) -> Response:
    """The citizen is told which authority has it now."""
    text, version, to, _by = await _written(desk)
    return await _act(desk, Forward(to, text, version), "chuyen", text, to)


@signed_in("case.extend")
async def extend(desk: Desk) -> Response:
    """More time: the citizen is told why, and until when."""
    text, version, _to, by = await _written(desk)
    return await _act(desk, Extend(by, text, version), "gia-han", text)


async def _written(desk: Desk) -> tuple[str, int, str, int]:
    """What an officer wrote, the version of the case that was looked at, the authority that was named, more time."""
    try:
        form = await read_form(desk.request)
    except Unreadable:
        raise HTTPException(400) from None
    text, _removed = clean(form["text"].replace("\r\n", "\n"))
    to, _removed = clean(form["to"])
    return text, _number(form["seen"]), " ".join(to.split()), _number(form["by"])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONGEST_NUMBER else 0


async def _act(desk: Desk, act: Act, done: str, text: str = "", to: str = "") -> Response:
    code = desk.request.path_params["code"]

    def look(conn: Connection) -> CasePage | None:
        return reading_cases.one(conn, desk.unit, code)

    case = await desk.services.store.read(look)
    if case is None:
        raise HTTPException(404)
    outcome = await desk.services.act(case.id, act, desk.actor)
    if isinstance(outcome, Refusal):
        return await shown(
            desk, refused=desk.services.say(outcome.key, **outcome.values), way=done, text=text, to=to, status=422
        )
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong={done}", 303)


@signed_in("case.see")
async def photo(desk: Desk) -> Response:
    """A picture of a case of the own unit."""
    code, blob = desk.request.path_params["code"], desk.request.path_params["blob"]

    def look(conn: Connection) -> str | None:
        return reading_cases.photo_type(conn, desk.unit, code, blob)

    media_type = await desk.services.store.read(look)
    data = await desk.services.blob(blob) if media_type else None
    if media_type is None or data is None:
        raise HTTPException(404)
    return Response(data, media_type=media_type)


@signed_in("outbox.see")
async def unsent(desk: Desk) -> Response:
    """Messages that could not be delivered, without a word of them."""

    def look(conn: Connection) -> dict[str, Any]:
        return {"letters": reading_cases.unsent(conn, desk.unit)}

    return await desk.show("console/unsent.html", look)


@signed_in("outbox.retry")
async def resend(desk: Desk) -> Response:
    """Try a letter once more: the person may be back, or the platform in order again."""
    letter: int = desk.request.path_params["letter"]
    now = desk.services.now()
    sent = await desk.services.store.write(lambda tx: outbox.revive(tx, desk.actor, letter, now))
    # A second press finds nothing left to do; the list as it is now says so better than an error.
    return RedirectResponse("/can-bo/tin-chua-gui" + ("?xong=gui-lai" if sent else ""), 303)


@signed_in("case.see")
async def put_away(desk: Desk) -> Response:
    """A notice has been read."""
    notice: int = desk.request.path_params["notice"]
    now = desk.services.now()
    await desk.services.store.write(lambda tx: officers.put_away(tx, desk.unit, notice, now))
    return RedirectResponse("/can-bo/", 303)
