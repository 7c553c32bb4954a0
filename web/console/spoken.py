"""What citizens said aloud: the cases that wait for somebody to write it down, and the writing down."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.transcribing import Transcribe
from storage import reading_cases, voices
from storage.reading_cases import CasePage
from vietnam.text import clean
from web.body import read_form
from web.console import cases
from web.console.access import Desk, signed_in

_LONGEST_NUMBER = 10


@signed_in("case.transcribe")
async def waiting(desk: Desk) -> Response:
    """Cases with a recording that nobody has written down, whoever waits longest first."""

    def look(conn: Connection) -> dict[str, Any]:
        return {"waiting": voices.waiting(conn, desk.unit, desk.actor)}

    return await desk.show("console/spoken.html", look)


@signed_in("case.transcribe")
async def transcribe(desk: Desk) -> Response:
    """What was said, in the officer's letters; the officer stands for it by name."""
    form = await read_form(desk.request)
    text = clean(form["text"].replace("\r\n", "\n"))[0]
    language = " ".join(clean(form["language"])[0].split())
    seen = form["seen"]
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < _LONGEST_NUMBER else 0
    code = desk.request.path_params["code"]

    def look(conn: Connection) -> CasePage | None:
        return reading_cases.one(conn, desk.unit, code, by=desk.actor)

    case = await desk.services.store.read(look)
    if case is None or not case.voices:
        raise HTTPException(404)
    outcome = await desk.services.act(case.id, Transcribe(text, language, version), desk.actor)
    if isinstance(outcome, Refusal):
        return await cases.refused(desk, outcome, "ghi-lai", text=text, to=language, seen=version)
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong=ghi-lai", 303)
