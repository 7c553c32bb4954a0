"""The page behind a signed address: a leader reads one draft on the own telephone and signs it, or sends it back.

The address came to the officer's own chat, holds for a quarter of an hour, and opens nothing but this draft. Opening it
changes nothing; a machine that looks ahead signs nothing. Whose log-in has a second step is asked for it here too, with
the same counts of wrong codes: an unlocked telephone is no more than a password.
"""

from typing import NamedTuple

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from feedback.acts import MAX_REPLY, Approve, Refusal, ReturnDraft
from feedback.replies import worded
from feedback.roles import may
from storage import login_tries, officer_accounts, second_factor, sign_links
from storage import waiting as drafts
from storage.login_tries import Place, Wait
from storage.officer_accounts import Link
from storage.officers import Officer
from storage.sign_links import Signing
from storage.tx import Tx
from storage.waiting import Waiting
from web.body import Form, Unreadable, read_form, words
from web.origin import is_ours
from web.pages import pages_of, services_of
from web.visitors import address_of

_DONE = {"duyet": "approved", "tra-lai": "returned"}
_LONGEST_CODE = 7
"""Six digits and a space: a code of the telephone, and none of those that are kept on paper."""
_LONGEST_SEEN = 20_000


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


class Trouble(NamedTuple):
    """Why nothing was signed: a sentence, or what is wrong with the code ("wrong", "locked"), and what was typed."""

    words: str = ""
    code: str = ""
    wait: Wait | None = None
    reason: str = ""
    returning: bool = False
    seen: str = ""
    status: int = 422


def _shown(request: Request, found: Opened, trouble: Trouble | None = None) -> Response:
    draft, say, trouble = found.draft, services_of(request).say, trouble or Trouble(status=200)
    written = worded(draft.draft.text, draft.draft.parts, say) if draft is not None else ""
    return pages_of(request).page(
        request,
        "signing.html",
        status=trouble.status if draft is not None else 410,
        state="gone" if draft is None else "draft",
        officer=found.link.officer,
        row=draft,
        written=written,
        stale=_is_stale(found),
        # What the leader had read, beside what it has become meanwhile.
        before=trouble.seen if _plain(trouble.seen) != _plain(written) else "",
        trouble=trouble,
        returning=trouble.returning or "tra-lai" in request.query_params,
        max_reason=MAX_REPLY,
    )


def _is_stale(found: Opened) -> bool:
    return found.draft is not None and found.draft.version != found.signing.version


def _plain(text: str) -> str:
    """Words alone: a form sends its lines with other ends than it was given."""
    return " ".join(text.split())


async def sign(request: Request) -> Response:
    """One tap: decided where the console has it decided, as the officer whose chat the address came to."""
    services, limits = services_of(request), request.app.state.limits
    found = await _opened(request)
    if found is None or found.draft is None:
        return await page(request)
    if not is_ours(request, services):
        return _shown(request, found, Trouble(services.say("act.not_allowed"), status=403))
    if not limits.address.allows(address_of(request), services.now()):
        return _shown(request, found, Trouble(services.say("officer.slow"), status=429))
    try:
        form = await read_form(request)
    except Unreadable:
        return _shown(request, found, Trouble(services.say("act.changed"), status=400))
    return await _decide(request, found, form)


async def _decide(request: Request, found: Opened, form: Form) -> Response:
    services, signs = services_of(request), form["way"] == "duyet"
    typed = Trouble(reason=words(form["text"]), returning=not signs, seen=words(form["seen"])[:_LONGEST_SEEN])
    # The version of the address and no other: what was opened is what is signed.
    act = Approve(found.signing.version) if signs else ReturnDraft(typed.reason, found.signing.version)
    if found.link.officer.second and not _is_stale(found) and (signs or typed.reason):
        # Only where it would be signed: a code is good for one try.
        wrong, wait = await _second_step(request, found.link.officer, form["code"][:_LONGEST_CODE])
        if wrong:
            return _shown(request, found, typed._replace(code=wrong, wait=wait, status=429 if wait else 422))
    outcome = await services.act(found.signing.case, act, found.link.officer.actor())
    if isinstance(outcome, Refusal):
        again = await _opened(request) or found
        return _shown(request, again, typed._replace(words=services.say(outcome.key, **outcome.values)))
    return RedirectResponse(f"{request.url.path}?xong={'duyet' if signs else 'tra-lai'}", 303)


async def _second_step(request: Request, officer: Officer, code: str) -> tuple[str, Wait | None]:
    """What is wrong with a code, "" where it is right; wrong ones close this door as they close that of the log-in."""
    services = services_of(request)
    now, address = services.now(), address_of(request)

    def look(conn: Connection) -> tuple[Place, Wait | None]:
        place = login_tries.place_of(conn, services.vault, officer.id, officer.login, address, "")
        return place, login_tries.wait_for(conn, place, now)

    place, wait = await services.store.read(look)
    if wait:
        return "locked", wait

    def take(tx: Tx) -> bool:
        right = second_factor.passes(tx, services.vault, officer.id, code, now) == "code"
        if not right:
            login_tries.count_failure(tx, place, now)
        return right

    if await services.store.write(take):
        return "", None
    services.count("sign.failed", 1)
    return "wrong", None


routes = [
    Route("/ky/{token}", page, methods=["GET"]),
    Route("/ky/{token}", sign, methods=["POST"]),
]
