"""Typing forms: one a screen, by keyboard alone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from storage import paper, paper_reading
from storage import waves as wave_store
from storage.paper import Refused
from storage.paper_reading import Batch
from storage.tx import Tx
from surveys.definition import Answer, Survey
from surveys.keying import write_keys
from surveys.paper import typed_questions
from surveys.waves import WaveKind
from vietnam.time import day_of
from web.body import Form
from web.console.access import ENTRY, Desk, signed_in
from web.console.entry import as_printed, batch_or_404, here, piles, read
from web.console.fields import Field, understood
from web.pages import wants_json

NUMBER_SIGNS = {WaveKind.OPEN: 6, WaveKind.INVITED: 9}
"""Signs of a form's number, dashes aside: once so many are typed, the cursor goes on."""


@signed_in("entry.type")
async def form(desk: Desk) -> Response:
    """An empty form, or one of the own pile to be put right (?so=NUMBER)."""
    again = desk.request.query_params.get("so", "").replace("-", "")
    now = desk.services.now()

    def look(conn: Connection) -> tuple[Batch, Survey, dict[str, Answer]]:
        batch = batch_or_404(conn, desk, "entry.type", now)
        survey = wave_store.survey_of(conn, batch.version)
        if not again:
            return batch, survey, {}
        found = _own_form(conn, desk, batch, again)
        return batch, survey, paper_reading.opened(desk.services.vault, found.id, found.body)

    batch, survey, answers = await looked(desk, look)
    if batch.drawn:
        return RedirectResponse(f"{ENTRY}/{batch.id}/kiem-tra", 303)
    return await _typing(desk, batch, survey, answers, number=again, again=again)


def _own_form(conn: Connection, desk: Desk, batch: Batch, number: str) -> paper_reading.Form:
    """A form of the own pile that nobody is checking; KeyError: first typings are for nobody else's eyes."""
    wanted = number if batch.kind is WaveKind.OPEN else _dashed(number)
    found = next(iter(paper_reading.bodies(conn, batch.id, wanted)), None)
    if found is None or batch.officer != desk.officer.id or batch.drawn:
        raise KeyError(number)
    return found


def _dashed(code: str) -> str:
    return "-".join(code[at : at + 3] for at in range(0, len(code), 3))


async def looked(desk: Desk, look: Any) -> Any:  # noqa: ANN401 - what the look gives
    try:
        return await desk.services.store.read(look)
    except KeyError:
        raise HTTPException(404) from None


async def _typing(
    desk: Desk, batch: Batch, survey: Survey, answers: Mapping[str, Answer], *, number: str = "", again: str = ""
) -> Response:
    typed = {question.id: write_keys(question, answers.get(question.id)) for _, question in typed_questions(survey)}
    return await show_form(desk, batch, understood(survey, typed, today(desk)).fields, number=number, again=again)


async def show_form(
    desk: Desk,
    batch: Batch,
    fields: tuple[Field, ...],
    *,
    number: str = "",
    again: str = "",
    refused: Refused | None = None,
    checking: tuple[str, ...] = (),
    status: int = 200,
) -> Response:
    return await desk.show(
        "console/typing.html",
        lambda _conn: {},
        status=status,
        batch=batch,
        fields=fields,
        number=as_printed(batch, number) if number else "",
        again=again,
        refused=refused.why if refused else "",
        where=refused.where if refused else None,
        checking=checking,
        signs=NUMBER_SIGNS[batch.kind],
        saved=desk.request.query_params.get("da", "")[:20],
        most=paper.MOST_FORMS,
    )


def today(desk: Desk) -> str:
    return day_of(desk.services.now()).isoformat()


class Gone(HTTPException):
    """The pile was closed or thrown away while somebody typed, or never was the officer's: 404."""

    def __init__(self) -> None:
        super().__init__(404)


async def typed_form(desk: Desk, action: str) -> tuple[Batch, Survey, Form, dict[str, str]]:
    """The pile, its survey, and what was typed. Gone."""
    now = desk.services.now()

    def look(conn: Connection) -> tuple[Batch, Survey]:
        batch = batch_or_404(conn, desk, action, now)
        return batch, wave_store.survey_of(conn, batch.version)

    try:
        batch, survey = await desk.services.store.read(look)
    except KeyError:
        raise Gone from None
    posted = await read(desk, fields=len(survey.questions) + 8)
    return batch, survey, posted, {question.id: posted[f"q.{question.id}"] for question in survey.questions}


@signed_in("entry.type")
async def save(desk: Desk) -> Response:
    """Keep a form; the next empty one comes at once."""
    try:
        batch, survey, posted, typed = await typed_form(desk, "entry.type")
    except Gone:
        return await piles(desk, fault="gone", status=404)
    screen = understood(survey, typed, today(desk))
    number, again, now = posted["so"], posted["lan"], desk.services.now()
    if screen.wrong:
        return await show_form(desk, batch, screen.fields, number=number, again=again, status=422)

    def write(tx: Tx) -> tuple[str, int]:
        if again:
            _own_form(tx.conn, desk, batch, again.replace("-", ""))
        vault, old = desk.services.vault, _kept(batch, again)
        kept = paper.save(tx, vault, batch.id, number, survey, screen.answers, now, again=old)
        return kept, len(paper_reading.bodies(tx.conn, batch.id))

    try:
        kept, forms = await desk.services.store.write(write)
    except KeyError:
        raise HTTPException(404) from None
    except Refused as refused:
        return await show_form(desk, batch, screen.fields, number=number, again=again, refused=refused, status=422)
    if wants_json(desk.request):
        empty = [field.id for field in understood(survey, {}, today(desk)).fields if field.hidden]
        return JSONResponse({"saved": as_printed(batch, kept), "forms": forms, "hidden": empty})
    return RedirectResponse(f"{ENTRY}/{batch.id}/phieu?da={as_printed(batch, kept)}", 303)


def _kept(batch: Batch, number: str) -> str:
    """A number from the page as the store keeps it."""
    bare = number.replace("-", "")
    return bare if batch.kind is WaveKind.OPEN else _dashed(bare)


@signed_in("entry.type")
async def remove(desk: Desk) -> Response:
    """Take a form out of the own pile."""
    await here(desk, "entry.type")
    posted = await read(desk)
    now = desk.services.now()

    def write(tx: Tx) -> int:
        batch = batch_or_404(tx.conn, desk, "entry.type", now)
        found = _own_form(tx.conn, desk, batch, posted["lan"].replace("-", ""))
        paper.remove(tx, batch.id, found.number, now)
        return batch.id

    try:
        batch_id = await desk.services.store.write(write)
    except (KeyError, Refused):
        raise HTTPException(404) from None
    return RedirectResponse(f"{ENTRY}/{batch_id}", 303)


@signed_in("entry.type")
async def shown_now(desk: Desk) -> Response:
    """For the script: which questions are to be answered with what is typed so far."""
    _, survey, _, typed = await typed_form(desk, "entry.type")
    screen = understood(survey, typed, today(desk))
    return JSONResponse({"hidden": [field.id for field in screen.fields if field.hidden]})
