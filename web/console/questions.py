"""A question to the citizen, with documents where it needs them."""

from starlette.responses import RedirectResponse, Response

from feedback.acts import Ask, Refusal
from web.console import attached, cases
from web.console.access import Desk, signed_in
from web.console.case_forms import case_of, form_of, number_of, words_of

_FIELDS = 12


@signed_in("case.ask")
async def ask(desk: Desk) -> Response:
    """A question goes to the citizen's chat word for word, and the case waits for them."""
    form = await form_of(desk, cap=attached.CAP, fields=_FIELDS, files=attached.MOST_READ)
    text, version = words_of(form["text"]), number_of(form["seen"])
    case = await case_of(desk)
    documents = await attached.taken(desk, case.id, form)
    held = documents.files
    if documents.fault:
        return await cases.refused(
            desk, Refusal("files.faults", {"text": documents.fault}), "hoi", text=text, held=held, seen=version
        )
    outcome = await desk.services.act(case.id, Ask(text, version, held), desk.actor)
    if isinstance(outcome, Refusal):
        return await cases.refused(desk, outcome, "hoi", text=text, held=held, seen=version)
    return RedirectResponse(f"/can-bo/vu-viec/{case.code}?xong=hoi", 303)
