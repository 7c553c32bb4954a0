"""The page behind a signed address: a leader reads one draft on the own telephone and signs it, or sends it back.

The address came to the officer's own chat, holds for a quarter of an hour, and opens nothing but this draft. Opening it
changes nothing; a machine that looks ahead signs nothing.
"""

from typing import NamedTuple

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from feedback.acts import MAX_REPLY, Approve, Refusal, ReturnDraft
from feedback.replies import worded
from feedback.roles import may
from storage import officer_accounts, sign_links
from storage import waiting as drafts
from storage.officer_accounts import Link
from storage.sign_links import Signing
from storage.waiting import Waiting
from web.body import Unreadable, read_form, words
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.visitors import address_of

_DONE = {"duyet": "approved", "tra-lai": "returned"}


class Opened(NamedTuple):
    """An address that holds: what it says, whose it is, and the draft as it stands; None where it waits no more."""

    signing: Signing
    link: Link
    draft: Waiting | None


async def _opened(request: Request) -> Opened | None:
    services = services_of(request)
    signing = sign_links.read(services.vault, request.path_params["token"], services.now())
    if signing is None:
        return None

    def look(conn: Connection) -> Opened | None:
        link = officer_accounts.by_link(conn, signing.link)
        if link is None or link.officer.must_change or not may(link.officer.actor(), "case.approve", link.officer.unit):
            return None
        return Opened(signing, link, drafts.one(conn, signing.case, link.officer.actor()))

    return await services.store.read(look)


async def page(request: Request) -> Response:
    """The draft, whole, with the two ways out; or what became of it."""
    found = await _opened(request)
    if found is None:
        return pages_of(request).page(request, "signing.html", status=410, state="over")
    done = _DONE.get(request.query_params.get("xong", ""), "")
    if done:
        return pages_of(request).page(request, "signing.html", state=done, officer=found.link.officer)
    return _shown(request, found)


def _shown(request: Request, found: Opened, *, refused: str = "", reason: str = "", status: int = 200) -> Response:
    draft, say = found.draft, services_of(request).say
    stale = draft is not None and draft.version != found.signing.version
    return pages_of(request).page(
        request,
        "signing.html",
        status=status if draft is not None else 410,
        state="gone" if draft is None else "draft",
        officer=found.link.officer,
        row=draft,
        written=worded(draft.draft.text, draft.draft.parts, say) if draft is not None else "",
        stale=stale,
        refused=refused,
        reason=reason,
        returning=bool(reason) or "tra-lai" in request.query_params,
        max_reason=MAX_REPLY,
    )


async def sign(request: Request) -> Response:
    """One tap: decided where the console has it decided, as the officer whose chat the address came to."""
    services, limits = services_of(request), request.app.state.limits
    found = await _opened(request)
    if found is None or found.draft is None:
        return await page(request)
    if not is_ours(request, services):
        return _shown(request, found, refused=services.say("act.not_allowed"), status=403)
    if not limits.address.allows(address_of(request), services.now()):
        return _shown(request, found, refused=services.say("officer.slow"), status=429)
    try:
        form = await read_form(request)
    except Unreadable:
        return _shown(request, found, refused=services.say("act.changed"), status=400)
    reason, way = words(form["text"]), form["way"]
    # The version of the address and no other: what was opened is what is signed.
    act = Approve(found.signing.version) if way == "duyet" else ReturnDraft(reason, found.signing.version)
    outcome = await services.act(found.signing.case, act, found.link.officer.actor())
    if isinstance(outcome, Refusal):
        again = await _opened(request) or found
        return _shown(request, again, refused=services.say(outcome.key, **outcome.values), reason=reason, status=422)
    return RedirectResponse(f"{request.url.path}?xong={'duyet' if way == 'duyet' else 'tra-lai'}", 303)


routes = [
    Route("/ky/{token}", page, methods=["GET"]),
    Route("/ky/{token}", sign, methods=["POST"]),
]
