"""Public: the printable form of a khiếu nại, tố cáo or kiến nghị. What is filled in is given back and kept nowhere."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reports.petitions import Form as Kind
from reports.petitions import Letter, sheet
from storage.reading_chat import Commune
from web.body import Unreadable, read_form, words
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.visitors import address_of, guest_of

LONGEST: Mapping[str, int] = {
    "name": 80,
    "address": 200,
    "phone": 40,
    "against": 300,
    "content": 8_000,
    "wish": 2_000,
}
"""Characters."""
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FIELDS = 12
TO: Mapping[Kind, tuple[str, ...]] = {
    Kind.COMPLAINT: ("xa", "tinh", ""),
    Kind.DENUNCIATION: ("xa", "tinh", "thanh-tra", ""),
    Kind.PETITION: ("xa", "tinh", ""),
}
"""Whom each may be addressed to; "" is written by hand."""


async def page(request: Request) -> Response:
    """The empty form; `gui` says whom it is addressed to."""
    kind, commune = await _asked(request)
    return _shown(request, kind, commune, Letter(form=kind), _to(kind, request.query_params.get("gui", TO[kind][0])))


async def fill(request: Request) -> Response:
    """The letter as Word, or as a page to print: nothing is stored, and no word of it stands in a log."""
    kind, commune = await _asked(request)
    services = services_of(request)
    if not is_ours(request, services):
        return _shown(request, kind, commune, Letter(form=kind), "xa", "elsewhere", 403)
    try:
        form = await read_form(request, fields=_FIELDS)
    except Unreadable:
        return _shown(request, kind, commune, Letter(form=kind), "xa", "odd", 400)
    values = {name: words(form[name]) for name in LONGEST}
    to = _to(kind, form["to"])
    letter = Letter(form=kind, **values)
    long = next((name for name, most in LONGEST.items() if len(values[name]) > most), "")
    if long:
        return _shown(request, kind, commune, letter, to, "long", 422, long)
    addressed = Letter(form=kind, to=pages_of(request).text("letter_to.html", to=to, commune=commune), **values)
    if form["as"] != "word":
        said = sheet(addressed)
        return pages_of(request).page(request, "letter.html", commune=commune, sheet=said, kind=kind)
    if not request.app.state.limits.letters.allows(address_of(request), services.now()):
        return _shown(request, kind, commune, letter, to, "often", 429)
    made = await services.write_letter(addressed)
    if made is None:
        return _shown(request, kind, commune, letter, to, "failed", 503)
    named = f"attachment; filename*=UTF-8''{quote(sheet(addressed).file)}"
    return Response(made, media_type=_DOCX, headers={"content-disposition": named})


async def _asked(request: Request) -> tuple[Kind, Commune]:
    commune = (await guest_of(request)).commune
    try:
        return Kind(request.path_params["kind"]), commune
    except ValueError:
        raise HTTPException(404) from None


def _to(kind: Kind, chosen: str) -> str:
    return chosen if chosen in TO[kind] else TO[kind][0]


def _shown(
    request: Request,
    kind: Kind,
    commune: Commune,
    letter: Letter,
    to: str,
    trouble: str = "",
    status: int = 200,
    long: str = "",
) -> Response:
    return pages_of(request).page(
        request,
        "letter_form.html",
        status=status,
        kind=kind,
        commune=commune,
        letter=letter,
        to=to,
        ways=TO[kind],
        trouble=trouble,
        long=long,
        most=LONGEST,
    )


routes = [
    Route("/{slug}/mau-don/{kind}", page),
    Route("/{slug}/mau-don/{kind}", fill, methods=["POST"]),
]
