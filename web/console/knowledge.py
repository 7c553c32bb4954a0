"""Hỏi xã: what the commune answers by itself, written and kept up to date by an officer."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.knowledge import MAX_LINK, MAX_TEXT, MAX_TITLE, MAX_WORDS, Fact, SaveFact
from storage import knowledge
from vietnam.text import clean
from web.body import read_form
from web.console.access import Desk, signed_in

_MOST = {"title": MAX_TITLE, "text": MAX_TEXT, "words": MAX_WORDS, "link": MAX_LINK}
_ADDRESS = "/can-bo/hoi-xa"
_FIELDS = 12


@signed_in("fact.see")
async def shown(desk: Desk) -> Response:
    """Everything, in its order, also what is not shown now."""

    def look(conn: Connection) -> dict[str, Any]:
        return {"facts": knowledge.of_unit(conn, desk.unit, all=True)}

    return await desk.show("console/knowledge.html", look, done=desk.request.query_params.get("xong", ""))


@signed_in("fact.write")
async def edit(desk: Desk) -> Response:
    """The form of one, empty for a new one (0)."""
    return await _form(desk, None)


async def _form(desk: Desk, written: Fact | None, refused: str = "", status: int = 200) -> Response:
    """The form; after a refusal with what was written, and the newest version to be saved over."""
    id: int = desk.request.path_params["fact"]

    def look(conn: Connection) -> dict[str, Any]:
        if not id:
            many = len(knowledge.of_unit(conn, desk.unit, all=True))
            new = Fact(title="", text="", place=min(many + 1, 999))
            return {"fact": written or new, "now_kept": None, "seen": 0}
        seen = knowledge.changed_at(conn, desk.unit, id)
        kept = next(fact for fact in knowledge.of_unit(conn, desk.unit, all=True) if fact.id == id)
        return {"fact": written or kept, "now_kept": kept if written else None, "seen": seen}

    return await desk.show("console/knowledge_edit.html", look, refused=refused, status=status, most=_MOST)


@signed_in("fact.write")
async def save(desk: Desk) -> Response:
    """Keep it; what is refused comes back as it was written."""
    form = await read_form(desk.request, fields=_FIELDS)
    text, _removed = clean(form["text"].replace("\r\n", "\n"))
    lines = {name: clean(form[name])[0].replace("\n", " ") for name in ("title", "words", "link", "phone", "person")}
    fact = Fact(
        id=desk.request.path_params["fact"],
        text=text,
        place=_number(form["place"]),
        active=form["active"] == "1",
        **lines,
    )
    act, now = SaveFact(fact=fact, seen=_number(form["seen"])), desk.services.now()
    try:
        outcome = await desk.services.store.write(lambda tx: knowledge.save(tx, act, desk.actor, now))
    except KeyError:
        raise HTTPException(404) from None
    if isinstance(outcome, Refusal):
        said = desk.services.say(outcome.key, **outcome.values)
        return await _form(desk, fact, said, 422)
    return RedirectResponse(f"{_ADDRESS}?xong=luu", 303)


def _number(text: str) -> int:
    """A number as it came, -1 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else -1
