"""Cài đặt: every page on which something is set up, in one place; and for phones all pages there are."""

from starlette.responses import Response

from web.console.access import Desk, signed_in


@signed_in("settings.see")
async def shown(desk: Desk) -> Response:
    """The pages, in groups, that this officer may open (console/nav.html)."""
    return await desk.show("console/settings.html", lambda _conn: {})


@signed_in("account.own")
async def everything(desk: Desk) -> Response:
    """All pages that this officer may open: the bar of a phone holds four."""
    return await desk.show("console/all_pages.html", lambda _conn: {})
