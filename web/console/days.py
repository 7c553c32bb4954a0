"""Ngày nghỉ: the days off that the program knows, and those that this commune enters for itself."""

from datetime import date
from typing import Any

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from storage import unit_days, unit_years
from storage.unit_days import LONGEST_NOTE, MOST_AT_ONCE, DayKind
from vietnam.calendar import DayTable, year_days
from vietnam.table_faults import table_faults
from vietnam.text import clean
from vietnam.time import day_of
from web.body import Form, read_form
from web.console import sessions_forms
from web.console.access import Desk, signed_in

ADDRESS = "/can-bo/ngay-nghi"


@signed_in("days.see")
async def shown(desk: Desk) -> Response:
    """Days of this year and the next that leave the plain week, and which of these are the commune's own."""
    return await _page(desk)


async def _page(desk: Desk, refused: Refusal | None = None, typed: Form | None = None) -> Response:
    today = day_of(desk.services.now())

    def look(conn: Connection) -> dict[str, Any]:
        own = unit_days.own_days(conn, desk.unit)
        table = desk.services.office_in(conn, desk.unit).table
        declared = unit_years.declared(conn, desk.unit)
        return {
            "own": [one for one in own if one.day.year >= today.year and one.day.year not in declared],
            "whole": {year: [one for one in own if one.day.year == year] for year in declared},
            "earlier": [one for one in own if one.day.year < today.year and one.day.year not in declared],
            "years": [(year, *_differing(table, year)) for year in (today.year, today.year + 1)],
            "known": table.years,
            # Of the table that everybody has: days that a commune gives on its own account are no fault of it.
            "faults": [
                one
                for one in table_faults(desk.services.office.table, today)
                if one.key != "calendar.year_missing" or one.values["year"] not in declared
            ],
        }

    return await desk.show(
        "console/days.html",
        look,
        status=422 if refused is not None else 200,
        refused="" if refused is None else desk.services.say(refused.key, **refused.values),
        typed=typed or Form(),
        today=today,
        shipped=desk.services.office.table.years,
        most=MOST_AT_ONCE,
        longest=LONGEST_NOTE,
        done=desk.request.query_params.get("xong", ""),
        many=sessions_forms.number(desk.request.query_params.get("so", "0")),
    )


def _differing(table: DayTable, year: int) -> tuple[list[date], list[date]]:
    """Days of a year that are off though in the week, and worked though on a weekend."""
    days = year_days(year, table)
    return [date.fromordinal(at) for at in days.weekdays_off], [date.fromordinal(at) for at in days.weekend_worked]


@signed_in("days.edit")
async def add(desk: Desk) -> Response:
    """Days off, or days worked for them."""
    form = await read_form(desk.request)
    first = sessions_forms.day(form["first"])
    last = sessions_forms.day(form["last"]) if form["last"].strip() else first
    if first is None or last is None:
        return await _page(desk, Refusal("days.day"), form)
    note = " ".join(clean(form["note"])[0].split())
    if len(note) > LONGEST_NOTE:
        return await _page(desk, Refusal("places.long", {"most": LONGEST_NOTE}), form)
    kind: DayKind = "work" if form["kind"] == "work" else "off"
    actor, now, table = desk.actor, desk.services.now(), desk.services.office.table
    done = await desk.services.store.write(
        lambda tx: unit_days.add(tx, actor, first=first, last=last, kind=kind, note=note, table=table, now=now)
    )
    if isinstance(done, Refusal):
        return await _page(desk, done, form)
    return RedirectResponse(f"{ADDRESS}?xong={'lam' if kind == 'work' else 'nghi'}&so={done}", 303)


@signed_in("days.edit")
async def take_back(desk: Desk) -> Response:
    """A day that was entered by mistake."""
    id: int = desk.request.path_params["day"]
    actor, now = desk.actor, desk.services.now()
    fault = await desk.services.store.write(lambda tx: unit_days.take_back(tx, actor, id, now))
    if fault is not None:
        return await _page(desk, fault)
    return RedirectResponse(f"{ADDRESS}?xong=bo", 303)
