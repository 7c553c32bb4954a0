"""One report: what officers write into it, who agrees, its way to văn thư, and what it looks like afterwards."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.report_acts import (
    MAX_COMMENT,
    MAX_REASON,
    MAX_TEXT,
    Approve,
    Comment,
    Hand,
    Number,
    Piece,
    Remake,
    ReportAct,
    Return,
    Submit,
    WriteTexts,
)
from feedback.report_deciding import MOVES
from reports.comparing import Difference
from reports.periods import BadPeriod, parse
from reports.places import DANVAN
from storage import officers, reading_report
from storage.reading_report import OneReport
from vietnam.time import day_of
from web.body import Form, read_form, words
from web.console.access import Desk, signed_in
from web.report_door import PlaceShown

REPORTS = "/can-bo/bao-cao"
_FIELDS = 160
"""Three for each place of both documents of the longest plan, and some."""
_TEXTS_CAP = 6 * 1024 * 1024
_SIGNED_CAP = 21 * 1024 * 1024
"""A little above what is kept, so that who brings more is told so."""
_SIGNED_MB = 20
_MADE_LONGEST = 15 * 60_000


@signed_in("report.see")
async def one(desk: Desk) -> Response:
    """The report as it stands; with ?so=1 beside a new count of its period."""
    return await shown(desk)


async def shown(
    desk: Desk, *, refused: str = "", way: str = "", typed: Form | None = None, doubt: bool = False, status: int = 200
) -> Response:
    """The page; after a refusal with everything that was typed in the form (`way`) it was typed in."""
    id: int = desk.request.path_params["report"]
    now = desk.services.now()
    row = await desk.services.store.read(lambda conn: reading_report.one(conn, desk.unit, id))
    if row is None:
        raise HTTPException(404)
    there = await desk.services.reports.places(id, desk.unit)
    compared: list[Difference] | None = None
    if row.figures and "so" in desk.request.query_params:
        compared = await desk.services.reports.compare(id, desk.unit)

    def look(conn: Connection) -> dict[str, Any]:
        deeds = reading_report.deeds(conn, id)
        return {
            "deeds": deeds,
            "thread": [deed for deed in deeds if deed.action in ("comment", "return_")],
            "people": officers.names(conn, desk.unit),
        }

    written = typed or Form()
    return await desk.show(
        "console/report_one.html",
        look,
        status=status,
        row=row,
        title=_title(row),
        documents=_documents(there),
        empty=len([place for place in there if place.place.required and place.words is None]),
        stale=[place for place in there if place.stale],
        compared=compared,
        asked="so" in desk.request.query_params,
        moves={action: set(states) for action, states in MOVES.items()},
        making=row.state == "making" and now - row.asked_at < _MADE_LONGEST,
        today=day_of(now),
        refused=refused,
        doubt=doubt,
        way=way,
        typed=written,
        done=desk.request.query_params.get("xong", ""),
        max_text=MAX_TEXT,
        max_comment=MAX_COMMENT,
        max_reason=MAX_REASON,
        signed_mb=_SIGNED_MB,
    )


def _title(row: OneReport) -> str:
    try:
        title = parse(row.period).title
    except BadPeriod:
        title = row.period
    return title[:1].upper() + title[1:]


def _documents(there: list[PlaceShown]) -> list[tuple[str, list[PlaceShown]]]:
    """The places of each document, first of the one that is not final without them."""
    found: dict[str, list[PlaceShown]] = {}
    for place in sorted(there, key=lambda one: one.place.document != DANVAN):
        found.setdefault(place.place.document, []).append(place)
    return list(found.items())


async def _read(desk: Desk, *, cap: int = _TEXTS_CAP) -> Form:
    return await read_form(desk.request, cap=cap, fields=_FIELDS)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


async def _act(desk: Desk, act: ReportAct, done: str, form: Form) -> Response:
    refusal = await desk.services.reports.act(desk.request.path_params["report"], act, desk.actor)
    return await _after(desk, refusal, done, form)


async def _after(desk: Desk, refusal: Refusal | None, done: str, form: Form) -> Response:
    if refusal is None:
        return RedirectResponse(f"{REPORTS}/{desk.request.path_params['report']}?xong={done}", 303)
    if refusal.key == "report.none":
        raise HTTPException(404)
    said = desk.services.say(refusal.key, **refusal.values)
    doubt = refusal.key == "report.texts_stale"
    return await shown(desk, refused=said, way=done, typed=form, doubt=doubt, status=422)


@signed_in("report.write_text")
async def write(desk: Desk) -> Response:
    """Lưu phần cán bộ viết: every field that says something else than what is kept.

    With `chep` nothing is kept yet: the words of the period before come into that field, with `chep_goc` those of the
    plan; the others stay as typed.
    """
    form = await _read(desk)
    if form.too_big:
        raise HTTPException(413)
    there = await desk.services.reports.places(desk.request.path_params["report"], desk.unit)
    begun = {f"t.{one.place.id}": one.before.text for one in there if one.before and one.place.id == form["chep"]}
    begun |= {f"t.{one.place.id}": one.place.start for one in there if one.place.id == form["chep_goc"]}
    if begun:
        return await shown(desk, way="viet", typed=Form({**form.fields, **begun}))
    return await _act(desk, WriteTexts(_pieces(form, there)), "viet", form)


def _pieces(form: Form, there: list[PlaceShown]) -> tuple[Piece, ...]:
    """What was typed and is not what is kept; and what was read again."""
    kept = {place.place.id: place.words.text if place.words else "" for place in there}
    typed = {name[2:]: words(text) for name, text in form.fields.items() if name.startswith("t.")}
    read_again = {name[2:] for name in form.fields if name.startswith("x.")}
    return tuple(
        Piece(place=place, text=text, digest=form[f"d.{place}"][:64], seen=_number(form[f"s.{place}"]))
        for place, text in typed.items()
        if text != kept.get(place, "") or place in read_again
    )


@signed_in("report.submit")
async def submit(desk: Desk) -> Response:
    """Lưu, trình duyệt: first what was typed is kept, so that nothing of it is lost where it is refused."""
    form = await _read(desk)
    if form.too_big:
        raise HTTPException(413)
    id: int = desk.request.path_params["report"]
    door, seen = desk.services.reports, _number(form["seen"])
    looked = seen == (await _found(desk)).version
    pieces = _pieces(form, await door.places(id, desk.unit))
    if pieces:
        refusal = await door.act(id, WriteTexts(pieces), desk.actor)
        if refusal is not None:
            return await _after(desk, refusal, "viet", form)
        # The version moved by these words alone: what was looked at is what is sent on.
        seen = 0 if looked else seen
    return await _act(desk, Submit(seen=seen), "trinh", form)


@signed_in("report.comment")
async def comment(desk: Desk) -> Response:
    """Góp ý."""
    form = await _read(desk)
    return await _act(desk, Comment(words(form["y_kien"])), "gop-y", form)


@signed_in("report.remake")
async def remake(desk: Desk) -> Response:
    """Tạo lại với số liệu hôm nay."""
    form = await _read(desk)
    return await _act(desk, Remake(seen=_number(form["seen"])), "tao-lai", form)


@signed_in("report.approve")
async def approve(desk: Desk) -> Response:
    """Duyệt."""
    form = await _read(desk)
    return await _act(desk, Approve(seen=_number(form["seen"]), sure=bool(form["chac"])), "duyet", form)


@signed_in("report.return_")
async def send_back(desk: Desk) -> Response:
    """Trả lại."""
    form = await _read(desk)
    return await _act(desk, Return(text=words(form["ly_do"]), seen=_number(form["seen"])), "tra-lai", form)


@signed_in("report.hand")
async def hand(desk: Desk) -> Response:
    """Chuyển văn thư."""
    form = await _read(desk)
    return await _act(desk, Hand(seen=_number(form["seen"])), "van-thu", form)


@signed_in("report.number")
async def issue(desk: Desk) -> Response:
    """Số, ngày phát hành, and with the signed file the end of it."""
    form = await _read(desk, cap=_SIGNED_CAP)
    id: int = desk.request.path_params["report"]
    door, row, seen = desk.services.reports, await _found(desk), _number(form["seen"])
    if form.too_big:
        return await _after(desk, Refusal("report.signed_big", {"most": _SIGNED_MB}), "phat-hanh", form)
    if (form["so"], form["ngay"]) != (row.number, row.issued_on) or form.file is None:
        act = Number(number=form["so"], issued_on=form["ngay"], seen=seen)
        refusal = await door.act(id, act, desk.actor)
        if refusal is not None or form.file is None:
            return await _after(desk, refusal, "so" if refusal is None else "phat-hanh", form)
        seen = (await _found(desk)).version
    refusal = await door.sign(id, form.file, seen, desk.actor)
    return await _after(desk, refusal, "phat-hanh", form)


async def _found(desk: Desk) -> OneReport:
    id: int = desk.request.path_params["report"]
    row = await desk.services.store.read(lambda conn: reading_report.one(conn, desk.unit, id))
    if row is None:
        raise HTTPException(404)
    return row
