"""Câu trả lời mẫu: the list, one of them, and putting one into the field in which an officer answers."""

from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import MAX_REPLY, Refusal
from feedback.canned import MAX_TITLE, UNKNOWN, Canned, filled, shipped
from feedback.kinds import CATEGORIES, Kind
from feedback.replies import Outcome
from storage import canned, units
from storage.reading_cases import CasePage
from vietnam.text import clean
from vietnam.time import day_of
from web.console import answers, cases
from web.console.access import Desk, signed_in
from web.console.case_forms import case_of, form_of, number_of, words_of

_ADDRESS = "/can-bo/cau-mau"
_CHOICES: dict[str, Any] = {
    "kinds": tuple(Kind),
    "categories": CATEGORIES,
    "outcomes": tuple(Outcome),
    "unknown": UNKNOWN,
}


@signed_in("canned.see")
async def shown(desk: Desk) -> Response:
    """The unit's own, also those that are switched off, and what the product offers."""

    def look(conn: Connection) -> dict[str, Any]:
        return {"own": canned.of_unit(conn, desk.unit, all=True), "offered": canned.offered(conn, desk.unit)}

    return await desk.show("console/canned.html", look, done=desk.request.query_params.get("xong", ""), **_CHOICES)


@signed_in("canned.write")
async def edit(desk: Desk) -> Response:
    """The form of one: of the unit's own, empty for a new one (0), or as a shipped one begins (?mau=)."""
    wanted = desk.request.query_params.get("mau", "")
    begun = next((one for one in shipped() if one.id == wanted), None)
    return await _form(desk, begun, source=begun.id if begun else "")


async def _form(
    desk: Desk, written: Canned | None, *, source: str = "", refused: str = "", seen: int | None = None
) -> Response:
    """`seen`: the version that was looked at, where it was refused: the one that stands now is shown beside it."""
    id: int = desk.request.path_params["canned"]

    def look(conn: Connection) -> dict[str, Any]:
        kept = canned.one(conn, desk.unit, id) if id else None
        if id and kept is None:
            raise KeyError(id)
        stale = kept is not None and seen is not None and kept.version != seen
        version = kept.version if kept else 0
        begun = written or kept or Canned(title="", text="")
        return {"one": begun, "now_kept": kept if stale else None, "seen": version, "of": id}

    return await desk.show(
        "console/canned_edit.html",
        look,
        status=422 if refused else 200,
        refused=refused,
        source=source,
        max_title=MAX_TITLE,
        max_text=MAX_REPLY,
        **_CHOICES,
    )


@signed_in("canned.write")
async def save(desk: Desk) -> Response:
    """Keep it; what is refused comes back as it was written."""
    form, id = await form_of(desk), desk.request.path_params["canned"]
    written = Canned(
        title=clean(form["title"])[0],
        text=words_of(form["text"]),
        kind=form["kind"],
        category=form["category"],
        outcome=form["outcome"],
    )
    seen, source, now = number_of(form["seen"]), form["tu"], desk.services.now()
    try:
        outcome = await desk.services.store.write(
            lambda tx: canned.put(tx, desk.actor, id, written, seen, now, taken_from=source)
        )
    except KeyError:
        raise HTTPException(404) from None
    if isinstance(outcome, Refusal):
        said = desk.services.say(outcome.key, **outcome.values)
        return await _form(desk, written, source=source, refused=said, seen=seen)
    return RedirectResponse(f"{_ADDRESS}?xong=luu", 303)


@signed_in("canned.write")
async def turn(desk: Desk) -> Response:
    """Offer it on the pages of cases, or no more; a second press finds nothing left to do."""
    form, id = await form_of(desk), desk.request.path_params["canned"]
    on, now = form["on"] == "1", desk.services.now()
    turned = await desk.services.store.write(lambda tx: canned.turn(tx, desk.actor, id, on=on, now=now))
    return RedirectResponse(_ADDRESS + (f"?xong={'bat' if on else 'tat'}" if turned else ""), 303)


@signed_in("case.reply")
async def insert(desk: Desk) -> Response:
    """Put one into the field of the answer, behind what stands there; nothing is sent and nothing is lost."""
    case = await case_of(desk)
    form = await answers.sent(desk)
    try:
        typed = await answers.typed_of(desk, case, form)
    except answers.Wrong as wrong:
        said = desk.services.say(wrong.key, **wrong.values)
        return await cases.shown(desk, refused=said, typed=wrong.typed, status=422)
    one = await _chosen(desk, form["mau"])
    if one is None:
        said = desk.services.say("canned.none")
        return await cases.shown(desk, refused=said, typed=typed, way="mau", status=422, since=typed.seen)
    text = await _worded(desk, case, one)
    plain = typed.outcome is Outcome.ANSWERED and one.outcome
    typed = msgspec.structs.replace(
        typed,
        text="\n\n".join(part for part in (typed.text.rstrip(), text) if part),
        outcome=Outcome(one.outcome) if plain else typed.outcome,
    )
    return await cases.shown(desk, typed=typed, way="mau", since=typed.seen)


async def _chosen(desk: Desk, wanted: str) -> Canned | None:
    """The answer that a form names: "u12" one of the unit's own that is offered, "spromised" a shipped one."""
    id = number_of(wanted[1:], most=20)
    if wanted.startswith("u"):
        kept = await desk.services.store.read(lambda conn: canned.one(conn, desk.unit, id))
        return kept if kept is not None and kept.active else None
    return next((one for one in shipped() if wanted == f"s{one.id}"), None)


async def _worded(desk: Desk, case: CasePage, one: Canned) -> str:
    commune = await desk.services.store.read(lambda conn: units.unit(conn, desk.unit))
    due = case.deadline
    values = {
        "ma": case.code,
        "ngay_hen": "" if due is None or due.paused else day_of(due.due).strftime("%d/%m/%Y"),
        "can_bo": desk.officer.name,
        "linh_vuc": desk.services.say(f"category.{case.category}").lower(),
        "xa": commune.name[:1].upper() + commune.name[1:],
    }
    return filled(one.text, values)
