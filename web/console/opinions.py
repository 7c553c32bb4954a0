"""Opinions on a draft, answered one by one; what is kept here stands on the public page at once."""

import hashlib
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import opinions, units
from storage.opinions import Consultation
from surveys.opinions import LABELS, MAX_TEXT, Opinion, Reply, Verdict
from surveys.waves import Owner
from web.body import Form, words
from web.console.access import Desk, signed_in
from web.console.wave_one import form_of, wave_in
from web.console.waves import WAVES

_A_PAGE = 20
_MOST_PAGES = 10_000


def mark(one: Opinion) -> str:
    """What tells the answer that an officer saw from one that a colleague gave meanwhile."""
    return hashlib.sha256(f"{one.public}\0{one.verdict}\0{one.explanation}".encode()).hexdigest()[:16]


@signed_in("opinion.answer")
async def shown(desk: Desk) -> Response:
    """The opinions of a closed wave, those without an answer first."""
    return await _page(desk)


@signed_in("opinion.answer")
async def answer(desk: Desk) -> Response:
    """One opinion is answered, or answered otherwise."""
    form = await form_of(desk)
    public, why = words(form["cong_khai"]), words(form["giai_trinh"])
    said = form["ket_qua"]

    def look(conn: Connection) -> tuple[Consultation, Opinion | None]:
        asked = _asked(conn, desk)
        return asked, next((one for one in opinions.opinions(conn, asked) if one.key == form["ma"]), None)

    try:
        asked, one = await desk.services.store.read(look)
    except KeyError:
        raise HTTPException(404) from None
    if one is None:
        raise HTTPException(404)
    if said not in list(Verdict):
        return await _page(desk, written=form, odd="verdict", status=422)
    if Verdict(said) is not Verdict.ACCEPTED and not why:
        return await _page(desk, written=form, odd="explain", status=422)
    if not public or max(len(public), len(why)) > MAX_TEXT:
        return await _page(desk, written=form, odd="public", status=422)
    made = Reply(response=one.response, question=one.question, public=public, verdict=Verdict(said), explanation=why)
    same = (one.public, one.verdict, one.explanation) == (public, said, why)
    if not same:
        if form["truoc"] != mark(one):
            return await _page(desk, written=form, odd="stale", status=409)
        unit, now, actor = desk.unit, desk.services.now(), desk.actor
        await desk.services.store.write(lambda tx: opinions.reply(tx, actor, unit, asked.wave, [made], now))
    return RedirectResponse(f"{WAVES}/{asked.wave}/y-kien?xong&trang={_number(form['trang'])}", 303)


def _number(text: str) -> int:
    return min(int(text), _MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _asked(conn: Connection, desk: Desk) -> Consultation:
    """The draft that the wave of the address asks about; KeyError where it asks about none, or is not over."""
    wave = wave_in(conn, desk)
    asked = opinions.consultation(conn, desk.unit, wave.code, desk.services.now())
    if asked is None or asked.wave != wave.id or not asked.closed or wave.owner is Owner.FRONT:
        raise KeyError(wave.code)
    return asked


async def _page(desk: Desk, *, written: Form | None = None, odd: str = "", status: int = 200) -> Response:
    query = desk.request.query_params
    page = _number(written["trang"] if written else query.get("trang", "1")) or 1

    def look(conn: Connection) -> dict[str, Any]:
        asked = _asked(conn, desk)
        found = opinions.opinions(conn, asked)
        found.sort(key=lambda one: (bool(one.verdict), one.question, one.response))
        first = (page - 1) * _A_PAGE
        some = found[first : first + _A_PAGE]
        if written is not None and not any(one.key == written["ma"] for one in some):
            some = [*(one for one in found if one.key == written["ma"]), *some]
        return {
            "asked": asked,
            "wave": wave_in(conn, desk),
            "some": [(one, mark(one)) for one in some],
            "all": len(found),
            "left": sum(not one.verdict for one in found),
            "pages": -(-len(found) // _A_PAGE),
            "texts": {question.id: question.text for question in asked.survey.questions},
            "address": f"{desk.services.public_url}/{units.unit(conn, desk.unit).slug}/lay-y-kien/{asked.code}",
        }

    return await desk.show(
        "console/wave_opinions.html",
        look,
        status=status,
        written=written or Form(),
        odd=odd,
        page=page,
        done="xong" in query,
        labels={verdict.value: label for verdict, label in LABELS.items()},
        most=MAX_TEXT,
    )
