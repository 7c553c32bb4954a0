"""Typing some forms a second time, and what is done where the two typings differ."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import paper, paper_reading
from storage import waves as wave_store
from storage.paper import Refused
from storage.paper_reading import Batch, Drawn
from storage.tx import Tx
from surveys.definition import Answer, Question, Survey
from surveys.keying import write_keys
from surveys.options import label, options
from surveys.paper import typed_questions
from web.console.access import ENTRY, Desk, signed_in
from web.console.entry import as_printed, batch_or_404, here, piles, read
from web.console.fields import understood
from web.console.forms import Gone, looked, show_form, today, typed_form


@signed_in("entry.check")
async def second(desk: Desk) -> Response:
    """The next drawn form, empty: whoever types it does not see the first typing."""
    now = desk.services.now()

    def look(conn: Connection) -> tuple[Batch, Survey, list[paper_reading.Form]]:
        batch = batch_or_404(conn, desk, "entry.check", now)
        return batch, wave_store.survey_of(conn, batch.version), paper_reading.bodies(conn, batch.id)

    batch, survey, forms = await looked(desk, look)
    waiting = [form.number for form in forms if form.drawn is Drawn.WAITING]
    if not waiting:
        return RedirectResponse(f"{ENTRY}/{batch.id}", 303)
    numbers = tuple(as_printed(batch, number) for number in waiting)
    return await show_form(desk, batch, understood(survey, {}, today(desk)).fields, checking=numbers)


@signed_in("entry.check")
async def check(desk: Desk) -> Response:
    """Compare the second typing with the first."""
    try:
        batch, survey, posted, typed = await typed_form(desk, "entry.check")
    except Gone:
        return await piles(desk, fault="gone", status=404)
    screen = understood(survey, typed, today(desk))
    number, now = posted["so"], desk.services.now()
    waiting = tuple(filter(None, posted["rut"].split()))
    if screen.wrong:
        return await show_form(desk, batch, screen.fields, number=number, checking=waiting, status=422)

    def write(tx: Tx) -> tuple[str, tuple[str, ...]]:
        return paper.check(tx, desk.services.vault, batch.id, number, survey, screen.answers, now)

    try:
        kept, differing_ids = await desk.services.store.write(write)
    except Refused as refused:
        return await show_form(desk, batch, screen.fields, number=number, checking=waiting, refused=refused, status=422)
    if differing_ids:
        return RedirectResponse(f"{ENTRY}/{batch.id}/lech/{kept}", 303)
    return RedirectResponse(f"{ENTRY}/{batch.id}/kiem-tra?da={as_printed(batch, kept)}", 303)


class Differs(msgspec.Struct, frozen=True):
    """A question that two typings answer differently, as it is shown."""

    number: str
    text: str
    first: str
    second: str


@signed_in("entry.check")
async def differing(desk: Desk) -> Response:
    """The questions of a form that its two typings answer differently."""
    number: str = desk.request.path_params["number"]
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        batch = batch_or_404(conn, desk, "entry.check", now)
        survey = wave_store.survey_of(conn, batch.version)
        found = next((one for one in paper_reading.bodies(conn, batch.id, number) if one.second is not None), None)
        if found is None or found.second is None or found.drawn is not Drawn.WAITING:
            raise KeyError(number)
        vault = desk.services.vault
        first = paper_reading.opened(vault, found.id, found.body)
        again = paper_reading.opened(vault, found.id, found.second, second=True)
        apart = set(paper.differences(survey, first, again))
        lines = [
            Differs(place, question.text, _said(survey, question, first), _said(survey, question, again))
            for place, question in typed_questions(survey)
            if question.id in apart
        ]
        return {"batch": batch, "lines": lines, "number": as_printed(batch, number), "kept": number}

    return await desk.show("console/differs.html", look)


def _said(survey: Survey, question: Question, answers: Mapping[str, Answer]) -> str:
    answer = answers.get(question.id)
    keys = write_keys(question, answer)
    text = label(question, answer, survey.language) if answer is not None else ""
    return f"{keys} {text}" if text and keys != text and options(question) else text


@signed_in("entry.check")
async def settle(desk: Desk) -> Response:
    """Having looked at the form once more: the second typing is right, or it is typed yet again."""
    await here(desk, "entry.check")
    posted = await read(desk)
    number: str = desk.request.path_params["number"]
    now = desk.services.now()

    def write(tx: Tx) -> int:
        batch = batch_or_404(tx.conn, desk, "entry.check", now)
        survey = wave_store.survey_of(tx.conn, batch.version)
        paper.settle(tx, desk.services.vault, batch.id, number, survey, now, second=posted["dung"] == "hai")
        return batch.id

    try:
        batch_id = await desk.services.store.write(write)
    except KeyError:
        raise HTTPException(404) from None
    except Refused:
        return RedirectResponse(f"{ENTRY}/{desk.request.path_params['batch']}", 303)
    return RedirectResponse(f"{ENTRY}/{batch_id}/kiem-tra", 303)
