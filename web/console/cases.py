"""One case, and what an officer does with it: only through an Act."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import MAX_PLACE, MAX_REPLY, Act, Extend, Forward, Receive, Refusal, Take
from feedback.attaching import MAX_FILES, Attached
from feedback.notes import MAX_NOTE
from feedback.replies import MAX_EVIDENCE, MAX_PART, MAX_PERSON, Outcome
from feedback.states import MOVES
from storage import (
    confidential,
    deliveries,
    officers,
    outbox,
    page_openings,
    reading_cases,
    reading_hands,
)
from storage.reading_cases import ActLine, CasePage
from vietnam.text import clean
from web.console import answers, attached, case_work
from web.console.access import Desk, signed_in
from web.console.beside_case import beside
from web.console.case_forms import case_of, form_of, number_of, words_of
from web.console.queue import TABS

NOTHING: Mapping[str, str] = MappingProxyType({})
_ALWAYS: dict[str, Any] = {
    "moves": {action: set(moves) for action, moves in MOVES.items()},
    "tab_of": {state: tab for tab, states in TABS.items() for state in states},
    "outcomes": tuple(Outcome),
    "max_note": MAX_NOTE,
    "max_reply": MAX_REPLY,
    "max_to": MAX_PLACE,
    "max_part": MAX_PART,
    "max_person": MAX_PERSON,
    "max_evidence": MAX_EVIDENCE,
    "max_files": MAX_FILES,
}
"""What the page of every case is drawn with."""


class Happened(msgspec.Struct, frozen=True):
    """A line of the history as it is shown: who is an officer's name, "citizen" or "system".

    `to` is the authority it went to, `stars` how the citizen found it, `photos` how many came with the words.
    """

    action: str
    who: str
    text: str
    at: int
    to: str = ""
    contact: str = ""
    role: str = ""
    stars: int = 0
    photos: int = 0
    case: str = ""
    """The id of another case that it speaks of."""
    version: int = 0
    """Of the case after it."""


@signed_in("case.see")
async def one(desk: Desk) -> Response:
    """One case, with its history and, for who may, the reply."""
    return await shown(desk)


async def _seen(desk: Desk) -> None:
    """That the officer has seen a picture of the case is kept, the first time."""
    code, unit, officer, now = desk.request.path_params["code"], desk.unit, desk.officer.id, desk.services.now()
    if not await desk.services.store.read(lambda conn: confidential.has_seen(conn, unit, code, officer)):
        await desk.services.store.write(lambda tx: confidential.saw(tx, unit, code, officer, now))


async def shown(
    desk: Desk,
    *,
    refused: str = "",
    way: str = "",
    text: str = "",
    to: str = "",
    contact: str = "",
    typed: answers.Typed | None = None,
    kept: Mapping[str, str] = NOTHING,
    held: tuple[Attached, ...] = (),
    since: int = 0,
    status: int = 200,
) -> Response:
    """The page, once it is kept who sees it; after a refusal with what was written, in the form for it (`way`).

    `kept` are the other fields of that form as they were sent, `held` its documents; `since` the version of the case
    they were written by: what has happened to it meanwhile is shown beside them.
    """
    code = desk.request.path_params["code"]

    def look(conn: Connection) -> dict[str, Any]:
        case = _case(conn, desk, code)
        names = officers.names(conn, desk.unit)
        history = [happened(act, names) for act in case.history]
        return {
            "case": case,
            "history": history,
            "letters": deliveries.history(conn, case.id),
            "openings": [(one, _officer(one.actor, names)) for one in page_openings.listed(conn, case.id)],
            "beside": beside(conn, desk, case),
            "work": case_work.work(conn, desk, case, spoken_of(case)),
            "newer": [act for act in history if since and act.version > since],
            "hands": reading_hands.of(conn, desk.unit, code),
            "typed": typed or answers.standing(desk, case),
            "must_be_signed": answers.must_be_signed(desk, case),
            "written": answers.written(desk, case),
            "writer": names.get(case.draft.by, "") if case.draft else "",
            "came_with": attached.by_version(case.files),
        }

    page = await desk.show(
        "console/case.html",
        look,
        status=status,
        refused=refused,
        way=way,
        text=text,
        to=to,
        contact=contact,
        kept=defaultdict(str, kept),
        held=held,
        file_mb=desk.services.file_mb,
        may_try={action: desk.may(f"case.{action}") for action in ("note", "merge", "part")},
        office=desk.services.office,
        **_ALWAYS,
        done=desk.request.query_params.get("xong", ""),
    )
    await case_work.seen(desk, await case_of(desk))
    return page


async def refused(
    desk: Desk,
    refusal: Refusal,
    way: str,
    *,
    text: str = "",
    to: str = "",
    contact: str = "",
    typed: answers.Typed | None = None,
    kept: Mapping[str, str] = NOTHING,
    held: tuple[Attached, ...] = (),
    seen: int = 0,
) -> Response:
    """The page after a refusal, with all that was typed; where somebody was faster, with what they did beside it."""
    changed = refusal.key == "act.changed"
    said = desk.services.say("act.changed_here" if changed else refusal.key, **refusal.values)
    since = seen if changed else 0
    return await shown(
        desk,
        refused=said,
        way=way,
        text=text,
        to=to,
        contact=contact,
        typed=typed,
        kept=kept,
        held=held,
        since=since,
        status=422,
    )


def spoken_of(case: CasePage) -> tuple[int, ...]:
    """Ids of other cases that the history of one names."""
    known = (happened(act, {}).case for act in case.history)
    return tuple(int(one) for one in known if one.isascii() and one.isdecimal())


def _case(conn: Connection, desk: Desk, code: str) -> CasePage:
    case = reading_cases.one(conn, desk.unit, code, by=desk.actor)
    if case is None:
        raise KeyError(code)
    return case


def _officer(actor: str, names: dict[int, str]) -> str:
    """The name of an officer, else "citizen" or "system"."""
    kind, _, id = actor.partition(":")
    return names.get(int(id), "") if kind == "officer" and id.isdecimal() else kind


def happened(act: ActLine, names: dict[int, str]) -> Happened:
    """A line of the history as it is shown; `names` are those of the unit's officers."""
    kind, who = act.actor.partition(":")[0], _officer(act.actor, names)
    detail = msgspec.json.decode(act.detail or "{}")
    known = detail if isinstance(detail, dict) else {}
    return Happened(
        "enter" if kind == "officer" and act.action == "open" else act.action,
        who,
        str(known.get("text", "")),
        act.at,
        to=str(known.get("to", "")) or _named(names, str(known.get("officer", ""))),
        contact=str(known.get("contact", "")),
        role=str(known.get("role", "")),
        stars=int(known.get("stars", 0)),
        photos=int(known.get("photos", 0)),
        case=str(known.get("case", "")),
        version=act.version,
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


@signed_in("case.forward")
async def forward(desk: Desk) -> Response:
    """The citizen is told which authority has it now."""
    text, version, to, _by, contact = await _written(desk)
    return await _act(desk, Forward(to, text, version, contact), "chuyen", text, to, contact)


@signed_in("case.extend")
async def extend(desk: Desk) -> Response:
    """More time: the citizen is told why, and until when."""
    text, version, _to, by, _contact = await _written(desk)
    return await _act(desk, Extend(by, text, version), "gia-han", text, kept={"by": str(by or "")})


async def _written(desk: Desk) -> tuple[str, int, str, int, str]:
    """What an officer wrote, the version of the case that was looked at, the authority that was named, more time.

    The last is where that authority is asked.
    """
    form = await form_of(desk)
    to, _removed = clean(form["to"])
    contact = " ".join(clean(form["contact"])[0].split())
    return words_of(form["text"]), number_of(form["seen"]), " ".join(to.split()), number_of(form["by"]), contact


async def _act(
    desk: Desk,
    act: Act,
    done: str,
    text: str = "",
    to: str = "",
    contact: str = "",
    kept: Mapping[str, str] = NOTHING,
) -> Response:
    case = await case_of(desk)
    outcome = await desk.services.act(case.id, act, desk.actor)
    if isinstance(outcome, Refusal):
        seen = getattr(act, "seen", 0)
        return await refused(desk, outcome, done, text=text, to=to, contact=contact, kept=kept, seen=seen)
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong={done}", 303)


@signed_in("case.see")
async def photo(desk: Desk) -> Response:
    """A picture of a case of the own unit."""
    code, blob = desk.request.path_params["code"], desk.request.path_params["blob"]

    def look(conn: Connection) -> str | None:
        return reading_cases.photo_type(conn, desk.unit, code, blob, by=desk.actor)

    media_type = await desk.services.store.read(look)
    data = await desk.services.blob(blob) if media_type else None
    if media_type is None or data is None:
        raise HTTPException(404)
    await _seen(desk)
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


@signed_in("notice.see")
async def put_away(desk: Desk) -> Response:
    """A notice has been read."""
    notice: int = desk.request.path_params["notice"]
    now = desk.services.now()
    await desk.services.store.write(lambda tx: officers.put_away(tx, desk.unit, notice, now, desk.not_told))
    return RedirectResponse("/can-bo/", 303)
