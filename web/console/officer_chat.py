"""Nhắn tin cho cán bộ: an officer links the own chat account by a one-time code, sees where it stands, and unlinks."""

from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.channels.base import takes_now
from bot.channels.telegram.render import CAPABILITIES as TELEGRAM
from bot.channels.zalo_bot.render import CAPABILITIES as ZALO_BOT
from bot.channels.zalo_oa.render import CAPABILITIES as ZALO_OA
from storage import officer_accounts
from vietnam.time import MINUTE
from web.console.access import Desk, signed_in
from web.console.calls import qr_of

_PUSHED = {"telegram": TELEGRAM, "zalo_oa": ZALO_OA, "zalo_bot": ZALO_BOT}
PAGE = "/can-bo/nhan-tin"


@signed_in("chat.link")
async def shown(desk: Desk) -> Response:
    """The accounts of this officer, and how one is linked."""
    return await _page(desk)


async def _page(desk: Desk, code: str = "") -> Response:
    now = desk.services.now()

    def look(conn: Connection) -> dict[str, Any]:
        links = officer_accounts.of_officer(conn, desk.officer.id)
        channels = [one for one in officer_accounts.channels_of(conn, desk.unit) if one in _PUSHED]
        closed = {
            one.id for one in links if one.channel in _PUSHED and not takes_now(_PUSHED[one.channel], one.heard_at, now)
        }
        return {"links": links, "channels": channels, "closed": closed}

    address = desk.services.way_back("telegram")
    deep = f"{address}?start={officer_accounts.WORD}_{code}" if code and address else ""
    return await desk.show(
        "console/officer_chat.html",
        look,
        code=code,
        minutes=officer_accounts.CODE_LIFE // MINUTE,
        deep=deep,
        qr=qr_of(deep) if deep else "",
        done=desk.request.query_params.get("xong", ""),
    )


@signed_in("chat.link")
async def code(desk: Desk) -> Response:
    """A new code, shown this once; the one before it is void."""
    services = desk.services
    drawn = officer_accounts.code_of(services.chance(officer_accounts.CODES, 1)[0])
    now, vault = services.now(), services.vault
    if not await services.store.write(lambda tx: officer_accounts.keep_code(tx, vault, desk.actor, drawn, now)):
        raise HTTPException(403)
    return await _page(desk, drawn)


@signed_in("chat.link")
async def unlink(desk: Desk) -> Response:
    """The account is told nothing more, from this moment."""
    link: int = desk.request.path_params["link"]
    now = desk.services.now()
    if not await desk.services.store.write(lambda tx: officer_accounts.unlink(tx, desk.actor, link, now)):
        raise HTTPException(404)
    return RedirectResponse(f"{PAGE}?xong=thoi", 303)
