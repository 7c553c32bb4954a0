"""Piles of filled-in forms: opened, counted, checked and closed. The typing itself is in forms.py."""

from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.entered_alike import alike
from feedback.roles import may
from storage import helped, paper, paper_reading, units
from storage import waves as wave_store
from storage.paper import Refused
from storage.paper_reading import Askable, Batch, Total
from storage.tx import Tx
from surveys.outliers import FEWEST, Finding, outliers
from surveys.paper_numbers import LENGTH, shown
from surveys.waves import WaveKind
from vietnam.time import DAY
from web.body import Form, read_form
from web.console.access import ENTRY, Desk, signed_in

MOST_WRONG = 0.02
"""A share of answers that two typings differ in from which the page asks to look at the whole pile again."""
_LOOKED_BACK = 90 * DAY
"""Milliseconds: cases entered for others since then are set side by side."""


@signed_in("entry.type")
async def batches(desk: Desk) -> Response:
    """Open piles, and a form to open another."""
    return await piles(desk)


async def piles(desk: Desk, *, fault: str = "", status: int = 200) -> Response:
    """The page of open piles. `fault`: count · over · gone (what was being typed has no pile any more)."""
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        mine = [one for one in paper_reading.open_batches(conn, desk.unit, now) if allowed(desk, "entry.type", one)]
        waves = [one for one in paper_reading.askable(conn, desk.unit, now) if _may_open(desk, one)]
        return {"batches": mine, "waves": waves, "villages": units.villages(conn, desk.unit)}

    query = desk.request.query_params
    return await desk.show(
        "console/entry.html",
        look,
        status=status,
        fault=fault,
        sources=paper.SOURCES,
        most=paper.MOST_FORMS,
        done=query.get("xong", ""),
        forms=_count(query.get("phieu", "")) or 0,
        late=_count(query.get("tre", "")) or 0,
    )


def allowed(desk: Desk, action: str, batch: Batch) -> bool:
    """Whether the officer may do this to a pile: its commune, its village, whose wave it is."""
    return may(desk.actor, action, batch.unit, village=batch.village or 0, owner=batch.owner)


def _may_open(desk: Desk, wave: Askable) -> bool:
    return may(desk.actor, "entry.open", desk.unit, village=desk.officer.village, owner=wave.owner)


@signed_in("entry.open")
async def open_one(desk: Desk) -> Response:
    """A new pile; the first form is to be typed at once."""
    form = await read(desk)
    source, expected = form["nguon"], _count(form["so"])
    wave, village = _count(form["dot"]), desk.officer.village or _count(form["thon"])
    if source not in paper.SOURCES or expected is None or not 1 <= expected <= paper.MOST_FORMS:
        return await piles(desk, fault="count", status=422)
    now = desk.services.now()

    def write(tx: Tx) -> int:
        ours = {one.id for one in paper_reading.askable(tx.conn, desk.unit, now) if _may_open(desk, one)}
        known = {one.id for one in units.villages(tx.conn, desk.unit)}
        if wave not in ours or (village and village not in known):
            raise Refused("over")
        return paper.open_batch(
            tx, desk.actor, wave=wave, village=village or None, source=source, expected=expected, now=now
        )

    try:
        batch_id = await desk.services.store.write(write)
    except Refused:
        return await piles(desk, fault="over", status=422)
    return RedirectResponse(f"{ENTRY}/{batch_id}/phieu", 303)


class EnteredAlike(msgspec.Struct, frozen=True, kw_only=True):
    """What one helper entered in the last 90 days, and the codes of cases in nearly the same words."""

    name: str
    helper: helped.Helper
    entered: int
    alike: list[str]


class Reviewed(msgspec.Struct, frozen=True):
    """A wave, its closed piles, and which helpers' piles stand out; `findings` is None while its results are sealed."""

    wave: Askable
    totals: list[Total]
    findings: list[Finding] | None
    by_helper: dict[helped.Helper, int]
    """Forms by the kind of helper."""


@signed_in("entry.review")
async def review(desk: Desk) -> Response:
    """What was entered for others lately: how much, by whom, how exactly, and what should be looked at again."""
    now, vault = desk.services.now(), desk.services.vault

    def look(conn: Connection) -> dict[str, Any]:
        found = []
        for wave in paper_reading.reviewable(conn, desk.unit, now - _LOOKED_BACK, now):
            if may(desk.actor, "entry.review", desk.unit, owner=wave.owner):
                totals = paper_reading.totals(conn, vault, wave.id)
                survey = wave_store.survey_of(conn, wave.version)
                findings = None if wave.sealed else outliers(paper_reading.piles(totals, survey))
                found.append(Reviewed(wave, totals, findings, helped.forms_of_wave(conn, wave.id)))
        return {"reviewed": found, "cases": _cases_alike(conn, desk, now) if desk.may("case.see") else []}

    return await desk.show("console/review.html", look, fewest=FEWEST, days=_LOOKED_BACK // DAY)


def _cases_alike(conn: Connection, desk: Desk, now: int) -> list[EnteredAlike]:
    """Who entered cases for others lately; whose are alike come first."""
    found = [
        EnteredAlike(
            name=one.name,
            helper=helped.helper_of(one.role),
            entered=one.entered,
            alike=[one.newest[at].code for at in alike([case.folded for case in one.newest])],
        )
        for one in helped.cases_by_helper(conn, desk.unit, now - _LOOKED_BACK, now + 1)
    ]
    return sorted(found, key=lambda one: not one.alike)


def batch_or_404(conn: Connection, desk: Desk, action: str, now: int) -> Batch:
    """The open pile of the address that the officer may do this to; KeyError, which is a 404."""
    found = paper_reading.batch_of(conn, desk.request.path_params["batch"], now)
    if found is None or found.closed_at is not None or not allowed(desk, action, found):
        raise KeyError(desk.request.path_params["batch"])
    return found


@signed_in("entry.type")
async def batch(desk: Desk) -> Response:
    """One pile: how many are typed, what is to be checked, what can be done next."""
    return await _one(desk)


async def _one(desk: Desk, *, fault: str = "", status: int = 200) -> Response:
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        found = batch_or_404(conn, desk, "entry.type", now)
        forms = paper_reading.bodies(conn, found.id)
        questions = len(wave_store.survey_of(conn, found.version).questions)
        checked = [form for form in forms if form.drawn is paper_reading.Drawn.SETTLED]
        differing = sum(form.differs for form in checked)
        return {
            "batch": found,
            "numbers": [as_printed(found, form.number) for form in forms],
            "checked": len(checked),
            "differing": differing,
            "shaky": bool(checked) and differing > MOST_WRONG * questions * len(checked),
            "own": found.officer == desk.officer.id,
        }

    return await desk.show("console/batch.html", look, status=status, fault=fault, share=paper.SHARE)


def as_printed(batch: Batch, number: str) -> str:
    """A form's number as it stands on the form."""
    return shown(number) if batch.kind is WaveKind.OPEN and len(number) == LENGTH else number


@signed_in("entry.close")
async def draw(desk: Desk) -> Response:
    """Typing is done: some forms are drawn to be typed again."""
    now = desk.services.now()

    def write(tx: Tx) -> int:
        found = batch_or_404(tx.conn, desk, "entry.close", now)
        return paper.draw(tx, desk.actor, found.id, desk.services.chance, now)

    try:
        drawn = await _write(desk, write)
    except Refused as refused:
        return await _one(desk, fault=refused.why, status=422)
    where = f"{ENTRY}/{desk.request.path_params['batch']}"
    return RedirectResponse(f"{where}/kiem-tra" if drawn else where, 303)


@signed_in("entry.close")
async def close(desk: Desk) -> Response:
    """The answers go on their way to the figures; what was typed is destroyed."""
    now = desk.services.now()

    def write(tx: Tx) -> paper.Closed:
        found = batch_or_404(tx.conn, desk, "entry.close", now)
        survey = wave_store.survey_of(tx.conn, found.version)
        return paper.close(tx, desk.services.vault, desk.actor, found.id, survey, desk.services.chance, now)

    try:
        done = await _write(desk, write)
    except Refused as refused:
        return await _one(desk, fault=refused.why, status=422)
    return RedirectResponse(f"{ENTRY}?xong=dong&phieu={done.forms}&tre={done.late}", 303)


@signed_in("entry.close")
async def discard(desk: Desk) -> Response:
    """Nothing of the pile is kept; only whoever typed it may throw it away."""
    now = desk.services.now()
    await here(desk, "entry.close")
    form = await read(desk)

    def write(tx: Tx) -> None:
        found = batch_or_404(tx.conn, desk, "entry.close", now)
        if found.officer != desk.officer.id:
            raise KeyError(found.id)
        if found.forms and form["chac"] != "co":
            raise Refused("unsure")
        paper.discard(tx, desk.actor, found.id, now)

    try:
        await _write(desk, write)
    except Refused as refused:
        return await _one(desk, fault=refused.why, status=422)
    return RedirectResponse(f"{ENTRY}?xong=huy", 303)


async def here(desk: Desk, action: str) -> None:
    """404 where the pile of the address is not open to the officer, before anything of a form is read."""
    now = desk.services.now()
    try:
        await desk.services.store.read(lambda conn: batch_or_404(conn, desk, action, now))
    except KeyError:
        raise HTTPException(404) from None


async def _write(desk: Desk, unit: Any) -> Any:  # noqa: ANN401 - what the unit of work gives
    """Run a unit of work; a pile that is not the officer's is a page that is not there."""
    try:
        return await desk.services.store.write(unit)
    except KeyError:
        raise HTTPException(404) from None


async def read(desk: Desk, fields: int = 8) -> Form:
    """The posted form; 400 where it is none."""
    return await read_form(desk.request, fields=fields)


def _count(text: str) -> int | None:
    """A whole number of at most 18 digits, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
