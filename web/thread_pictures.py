"""Pictures that the citizen sends to a thread, and those that wait in the form after something else was refused.

They are stored as every picture is, where what nothing points to is swept after a day; the form carries a signed word
for them that is good for this case only, so nothing has to be remembered of who sent what.
"""

import hmac

import msgspec
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from feedback.acts import MAX_BLOBS
from storage import blobs, replies, threads
from storage.threads import Public
from storage.vault import Vault
from vietnam.time import HOUR, MINUTE
from web.body import Form
from web.pages import services_of
from web.services import PhotoRefused
from web.visitors import Guest, address_of

LIFE = 12 * HOUR
"""Milliseconds that pictures wait; less than what sweeps them."""
_LONGEST = 200
_MAC = 12


class Taken(msgspec.Struct, frozen=True):
    """Ids of the pictures that may be sent, and why not all of those that came are among them ("" where they are)."""

    ids: tuple[int, ...] = ()
    fault: str = ""


def word_of(vault: Vault, case_id: int, ids: tuple[int, ...], now: int) -> str:
    """The word that a form carries for pictures of a case; "" for none."""
    if not ids:
        return ""
    facts = f"{(now + LIFE) // MINUTE}-{'-'.join(f'{id:x}' for id in ids)}"
    return f"{facts}-{_mac(vault, case_id, facts)}"


def read_word(vault: Vault, case_id: int, word: str, now: int) -> tuple[int, ...]:
    """The pictures that a word stands for; none where it is not ours, of another case, or over."""
    facts, _, mac = word[:_LONGEST].rpartition("-")
    if not facts or not hmac.compare_digest(mac.encode(), _mac(vault, case_id, facts).encode()):
        return ()
    until, *ids = facts.split("-")
    return tuple(int(id, 16) for id in ids) if int(until) * MINUTE >= now else ()


def _mac(vault: Vault, case_id: int, facts: str) -> str:
    return vault.token("case:pictures", case_id, facts)[:_MAC].hex()


async def waiting(request: Request, guest: Guest, case: Public, form: Form) -> tuple[int, ...]:
    """Of the pictures that came with an earlier try, those that are still there and were not taken out."""
    services, unit = services_of(request), guest.commune.id
    held = read_word(services.vault, case.id, form["giu"], services.now())
    wanted = tuple(id for place, id in enumerate(held) if not form[f"bo{place}"])
    if not wanted:
        return ()
    return await services.store.read(lambda conn: replies.usable(conn, unit, case.id, wanted))


async def taken(request: Request, guest: Guest, case: Public, form: Form) -> Taken:
    """Those that waited and those that came now. One that is refused costs the others nothing."""
    held = await waiting(request, guest, case, form)
    ids, fault = list(held), ""
    for data in form.files:
        if len(ids) == MAX_BLOBS:
            return Taken(tuple(ids), "act.too_many_photos")
        kept = await _keep(request, guest, case, data)
        if isinstance(kept, int):
            ids.append(kept)
        else:
            fault = fault or kept
    return Taken(tuple(ids), fault)


async def _keep(request: Request, guest: Guest, case: Public, data: bytes) -> int | str:
    services, limits = services_of(request), request.app.state.limits
    now = services.now()
    if not (
        limits.thread_photos.allows(f"viec:{case.id}", now)
        and limits.photos_of_an_address.allows(address_of(request), now)
        and limits.thread_photos_of_all.allows("", now)
    ):
        return "thread.slow"
    kept = await services.keep_photo(guest.commune.id, data)
    return kept.key if isinstance(kept, PhotoRefused) else kept


async def send(request: Request, guest: Guest, case: Public, blob: int) -> Response:
    """A picture of the thread, or one that waits in the form; the caller has seen to it that the browser may read."""
    services, unit = services_of(request), guest.commune.id
    held = read_word(services.vault, case.id, request.query_params.get("giu", ""), services.now())

    def type_of(conn: Connection) -> str | None:
        if blob in held and replies.usable(conn, unit, case.id, (blob,)):
            info = blobs.describe(conn, blob)
            return info.media_type if info else None
        return threads.picture_type(conn, case.id, blob)

    media_type = await services.store.read(type_of)
    data = await services.blob(blob) if media_type else None
    if media_type is None or data is None:
        raise HTTPException(404)
    return Response(data, media_type=media_type)
