"""Ghi chú nội bộ: what officers tell each other on a case, and the citizen never reads."""

from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from feedback.notes import Note, tells_of
from web.console import attached, cases
from web.console.access import Desk, signed_in
from web.console.case_forms import case_of, form_of, number_of, words_of

_FIELDS = 12
_SHOWN = 3
"""Names that are said back at most."""


@signed_in("case.note")
async def write(desk: Desk) -> Response:
    """Keep a note; where it names people the officer is asked once whether that must be."""
    form = await form_of(desk, cap=attached.CAP, fields=_FIELDS, files=attached.MOST_READ)
    text, version = words_of(form["text"]), number_of(form["seen"])
    case = await case_of(desk)
    documents = await attached.taken(desk, case.id, form)
    held = documents.files
    if documents.fault:
        return await cases.refused(
            desk, Refusal("files.faults", {"text": documents.fault}), "ghi-chu", text=text, held=held, seen=version
        )
    names = tells_of(text)
    # Asked about these very words: whoever writes another name is asked again.
    if names and form["biet"] != "|".join(names):
        said = desk.services.say("note.tells", found=", ".join(f"“{one}”" for one in names[:_SHOWN]))
        return await cases.shown(
            desk, refused=said, way="ghi-chu", text=text, kept={"biet": "|".join(names)}, held=held, status=422
        )
    outcome = await desk.services.act(case.id, Note(text, version, held), desk.actor)
    if isinstance(outcome, Refusal):
        return await cases.refused(desk, outcome, "ghi-chu", text=text, held=held, seen=version)
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong=ghi-chu#qua-trinh", 303)
