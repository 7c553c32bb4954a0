"""Số lượt phục vụ ở một cửa: typed or pasted each month, so that a report can say of how many people some answered."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from storage import officers, served
from storage.served import ServedRow
from surveys.faults import Fault, SurveyFaults
from surveys.served_sheet import month_of, pasted, read_served
from vietnam.time import day_of
from web.body import Form, read_form
from web.console.access import Desk, signed_in

ADDRESS = "/can-bo/so-luot"
_MONTHS = 12


class Month(NamedTuple):
    """One month of the page; `seen` is what the form gives back, so that nobody writes over what he has not read."""

    key: str
    rows: list[ServedRow]

    @property
    def total(self) -> int:
        """People served in all fields."""
        return sum(row.people for row in self.rows)

    @property
    def seen(self) -> int:
        """When it was typed, 0 where it was not."""
        return max((row.typed_at for row in self.rows), default=0)

    @property
    def text(self) -> str:
        """The table as it would be pasted again."""
        return "\n".join(f"{row.field}\t{row.people}" if row.field else str(row.people) for row in self.rows)


@signed_in("served.see")
async def shown(desk: Desk) -> Response:
    """The last months, and a form for one of them."""
    return await _page(desk, desk.request.query_params.get("thang", ""))


async def _page(
    desk: Desk,
    wanted: str,
    *,
    text: str | None = None,
    faults: list[Fault] | None = None,
    changed: bool = False,
    status: int = 200,
) -> Response:
    keys = _keys(day_of(desk.services.now()))
    # The last whole month is the one whose numbers are just there.
    chosen = month_of(wanted) if month_of(wanted) in keys else keys[1]

    def look(conn: Connection) -> dict[str, Any]:
        rows = served.of_months(conn, desk.unit, keys[-1], keys[0])
        months = [Month(key, [row for row in rows if row.month == key]) for key in keys]
        one = next(month for month in months if month.key == chosen)
        return {"months": months, "one": one, "names": officers.names(conn, desk.unit)}

    return await desk.show(
        "console/served.html",
        look,
        status=status,
        text=text,
        faults=faults or [],
        changed=changed,
        done=desk.request.query_params.get("xong", ""),
    )


@signed_in("served.write")
async def put(desk: Desk) -> Response:
    """Write one month, in place of what stood there."""
    form: Form = await read_form(desk.request)
    month, seen = month_of(form["thang"]), form["seen"]
    if month not in _keys(day_of(desk.services.now())) or not (seen.isascii() and seen.isdecimal() and len(seen) < 16):
        raise HTTPException(400)
    try:
        found = read_served(pasted(form["bang"]), month)
    except SurveyFaults as faults:
        return await _page(desk, month, text=form["bang"], faults=faults.faults, status=422)
    now = desk.services.now()
    try:
        await desk.services.store.write(lambda tx: served.put(tx, desk.actor, desk.unit, found, now, seen=int(seen)))
    except served.Changed:
        return await _page(desk, month, text=form["bang"], changed=True, status=409)
    return RedirectResponse(f"{ADDRESS}?thang={month}&xong=ghi", 303)


def _keys(today: date) -> list[str]:
    """The current month and those before it, newest first."""
    now = today.year * 12 + today.month - 1
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(now, now - _MONTHS - 1, -1)]
