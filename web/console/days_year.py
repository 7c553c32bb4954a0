"""Lịch nghỉ cả năm: a year that the program does not know yet is entered whole from its notice, in two steps."""

from datetime import date
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from storage import unit_days, unit_years
from storage.tx import Tx
from vietnam.calendar import DayTable, over, year_days
from vietnam.day_lines import MOST_LINES, DayFault, ListedDay, read_day_lines
from vietnam.table_faults import TableFault, year_faults
from vietnam.time import day_of
from web.body import read_form
from web.console.access import Desk, signed_in
from web.console.days import ADDRESS

_MOST_FAULTS = 20


@signed_in("days.edit")
async def shown(desk: Desk) -> Response:
    """The list as far as it is known: what the law says, and what the commune has entered."""
    return await _page(desk, _year(desk))


async def _page(
    desk: Desk,
    year: int,
    *,
    typed: str | None = None,
    listed: list[ListedDay] | None = None,
    faults: list[DayFault] | None = None,
    refused: Refusal | None = None,
) -> Response:
    """`listed`: what was read without a fault, to be looked at once more before it holds."""

    def look(conn: Connection) -> dict[str, Any]:
        table = desk.services.office_in(conn, desk.unit).table
        notes = {one.day: one.note for one in unit_days.own_days(conn, desk.unit)}
        known = year_days(year, table)
        off = [date.fromordinal(at) for at in known.weekdays_off]
        worked = [date.fromordinal(at) for at in known.weekend_worked]
        return {
            "known": sorted([(day, False, notes.get(day, "")) for day in off] + [(day, True, "") for day in worked]),
            "odd": _odd(table, year, listed) if listed is not None else [],
            "fewer": sorted(set(off) - {one.day for one in listed}) if listed is not None else [],
            "declared": year in unit_years.declared(conn, desk.unit),
        }

    wrong = bool(faults) or refused is not None
    return await desk.show(
        "console/days_year.html",
        look,
        status=422 if wrong else 200,
        year=year,
        typed=typed,
        listed=listed,
        faults=(faults or [])[:_MOST_FAULTS],
        more_faults=max(0, len(faults or []) - _MOST_FAULTS),
        refused="" if refused is None else desk.services.say(refused.key, **refused.values),
        most=MOST_LINES,
    )


def _odd(table: DayTable, year: int, listed: list[ListedDay]) -> list[TableFault]:
    """Where the list is not what the law gives: a holiday forgotten, a swap without its make-up day."""
    own = DayTable(
        years=frozenset({year}),
        off=frozenset(one.day for one in listed if not one.works),
        working=frozenset(one.day for one in listed if one.works),
    )
    plain = DayTable(
        years=table.years,
        off=frozenset(day for day in table.off if day.year != year),
        working=frozenset(day for day in table.working if day.year != year),
    )
    return year_faults(over(plain, own), year)


@signed_in("days.edit")
async def declare(desk: Desk) -> Response:
    """Read and shown once more; with the second press it holds."""
    form, year = await read_form(desk.request), _year(desk)
    listed, faults = read_day_lines(form["lines"], year)
    if not faults and not listed:
        faults = [DayFault(line=1, text="", why="none")]
    if faults:
        return await _page(desk, year, typed=form["lines"], faults=faults)
    if form["chac"] != "1":
        return await _page(desk, year, typed=form["lines"], listed=listed)
    actor, now = desk.actor, desk.services.now()

    def act(tx: Tx) -> Refusal | None:
        return unit_years.declare(tx, actor, year, listed, now)

    fault = await desk.services.store.write(act)
    if fault is not None:
        return await _page(desk, year, typed=form["lines"], listed=listed, refused=fault)
    return RedirectResponse(f"{ADDRESS}?xong=du&so={year}", 303)


@signed_in("days.edit")
async def take_back(desk: Desk) -> Response:
    """It was too early."""
    year, actor, now = _year(desk), desk.actor, desk.services.now()
    fault = await desk.services.store.write(lambda tx: unit_years.take_back(tx, actor, year, now))
    if fault is not None:
        return await _page(desk, year, refused=fault)
    return RedirectResponse(f"{ADDRESS}?xong=chua-du&so={year}", 303)


def _year(desk: Desk) -> int:
    """Of the address: the year that is or the next, where the program's own table says nothing of it; else 404."""
    year: int = desk.request.path_params["year"]
    today = day_of(desk.services.now())
    if year not in (today.year, today.year + 1) or year in desk.services.office.table.years:
        raise HTTPException(404)
    return year
