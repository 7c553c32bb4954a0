"""Nhật ký: who did what and when, and whether the list is as it was written."""

import asyncio
import time
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from storage import act_chain, reading_acts
from storage.act_chain import Broken, Walk, Whole
from storage.reading_acts import GROUPS, Filter
from vietnam.time import day_of, start_of
from web.console.access import Desk, signed_in
from web.console.sessions_forms import number

_WEEK = 7
_MOST_DAYS = 366
_LONGEST = 60.0
"""Seconds that one look along the chain may take; a longer one is for `nghedan doctor --audit`."""
_LONGEST_CODE = 40
_EARLIEST = date(2020, 1, 1)


@signed_in("audit.see")
async def shown(desk: Desk) -> Response:
    """The acts of some days, the newest first."""
    return await _page(desk)


@signed_in("audit.see")
async def check(desk: Desk) -> Response:
    """Look along the whole chain, in parts, so that everybody else is served between them."""
    found = await _walked(desk)
    if found is not None:
        whole = isinstance(found, Whole)
        many = found.acts if isinstance(found, Whole) else found.seq
        actor, now = desk.actor, desk.services.now()
        await desk.services.store.write(lambda tx: reading_acts.checked(tx, actor, now, whole=whole, many=many))
    return await _page(desk, looked=True, chain=found)


async def _walked(desk: Desk) -> Whole | Broken | None:
    """What the chain of the unit is; None where that took too long. One look at a time in a process."""
    state = desk.request.app.state
    if not hasattr(state, "chain_look"):
        state.chain_look = asyncio.Lock()
    read, until = desk.services.store.read, time.monotonic() + _LONGEST
    async with state.chain_look:
        walk: Walk = await read(lambda conn: act_chain.begin(conn, desk.unit))
        while time.monotonic() < until:
            found = await read(lambda conn: act_chain.go_on(conn, walk))
            if found is not None:
                return found
            await asyncio.sleep(0)
    return None


async def _page(desk: Desk, *, looked: bool = False, chain: Whole | Broken | None = None) -> Response:
    query, now = desk.request.query_params, desk.services.now()
    first, last = _days(query.get("tu", ""), query.get("den", ""), day_of(now))
    group = query.get("phan", "")
    wanted = Filter(
        since=start_of(first),
        until=start_of(last + timedelta(days=1)),
        who=_who(query.get("ai", "")),
        group=group if group in (*GROUPS, "other") else "",
        code=query.get("ma", "").strip().upper()[:_LONGEST_CODE],
        below=number(query.get("truoc", "0")),
    )
    actor = desk.actor
    if not await desk.services.store.read(lambda conn: reading_acts.has_read(conn, actor, now)):
        await desk.services.store.write(lambda tx: reading_acts.read(tx, actor, now))

    def look(conn: Connection) -> dict[str, Any]:
        lines, more = reading_acts.listed(conn, actor, wanted)
        return {"lines": lines, "more": more, "colleagues": reading_acts.colleagues(conn, desk.unit)}

    return await desk.show(
        "console/audit.html",
        look,
        wanted=wanted,
        first=first,
        last=last,
        who=query.get("ai", ""),
        groups=(*GROUPS, "other"),
        looked=looked,
        chain=chain,
        broken=chain if isinstance(chain, Broken) else None,
        keeps=desk.may("kept.see"),
    )


def _days(first: str, last: str, today: date) -> tuple[date, date]:
    """The days that were asked for, at most a year; the last week where they make no sense."""
    until = _day(last) or today
    since = _day(first) or until - timedelta(days=_WEEK - 1)
    if since > until:
        since, until = until, since
    return max(since, until - timedelta(days=_MOST_DAYS - 1)), until


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _EARLIEST <= day < date(2100, 1, 1) else None


def _who(text: str) -> str:
    """As the chain has it: "o7" is an officer, "dan" the people, "may" the program."""
    known = {"dan": "citizen", "may": "system"}
    return known.get(text) or (f"officer:{text[1:]}" if text[:1] == "o" and text[1:].isdecimal() else "")
