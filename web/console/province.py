"""Các xã, phường: whose figures of a period are in, for officers of a province; and reminding those that owe."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from feedback.acts import Refusal
from reports.periods import BadPeriod, Month, Period, parse
from storage import officers, submissions
from vietnam.text import clean
from vietnam.time import day_of
from web.body import read_form
from web.console.access import PROVINCE, Desk, signed_in
from web.province_door import Received

_MONTHS, _QUARTERS = 12, 5
_LONGEST_KEY = 24
_MOST_FILES, _MOST_BYTES = 50, 24 << 20
_SHORTEST_NAME, _LONGEST_NAME, _MOST_NAMES = 3, 120, 300
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def periods(today: date, month: Month) -> dict[str, list[Period]]:
    """What has begun, the newest first but for last month, which is asked for most: by month, quarter, year."""
    now = today.year * 12 + today.month - 1
    months = [now - 1, now, *range(now - 2, now - _MONTHS, -1)]
    quarters = range(now // 3, now // 3 - _QUARTERS, -1)
    keys = {
        "month": [f"{at // 12}-{at % 12 + 1:02d}" for at in months],
        "quarter": [f"{at // 4}-Q{at % 4 + 1}" for at in quarters],
        "year": [f"{year}-{part}" for year in (today.year, today.year - 1) for part in ("6m", "9m", "12m")],
    }
    found = {group: [parse(key, month=month) for key in some] for group, some in keys.items()}
    return {group: [one for one in some if one.first <= today] for group, some in found.items()}


@signed_in("province.see")
async def shown(desk: Desk) -> Response:
    """Every commune and where it stands, of the period that is asked for or of last month."""
    today, month = day_of(desk.services.now()), desk.services.report_month
    groups = periods(today, month)
    wanted = _read(desk.request.query_params.get("ky", groups["month"][0].key), month)
    return await _shown(desk, groups, wanted)


async def _shown(
    desk: Desk,
    groups: dict[str, list[Period]],
    wanted: Period,
    *,
    received: Sequence[Received] = (),
    trouble: str = "",
    bad: str = "",
    awaited: str | None = None,
    status: int = 200,
) -> Response:
    def look(conn: Connection) -> dict[str, Any]:
        found = submissions.standings(conn, desk.unit, wanted.key)
        return {
            "standings": found,
            "done": sum(one.submitted for one in found),
            "remindable": sum(bool(one.unit) and not one.submitted for one in found),
            "elsewhere": [one.name for one in found if not one.unit and not one.submitted],
            "remindings": submissions.remindings(conn, desk.unit, wanted.key),
            "handed": submissions.handed_out(conn, desk.unit),
            "names": officers.names(conn, desk.unit),
            "awaited": "\n".join(submissions.awaited(conn, desk.unit)) if awaited is None else awaited,
        }

    told = desk.request.query_params.get("nhac", "")
    return await desk.show(
        "console/province.html",
        look,
        status=status,
        period=wanted,
        groups=groups,
        received=received,
        trouble=trouble,
        bad=bad,
        most_names=_MOST_NAMES,
        kept=bool(desk.request.query_params.get("cho", "")) and not trouble,
        told=int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else None,
    )


@signed_in("province.remind")
async def remind(desk: Desk) -> Response:
    """Nhắc các xã chưa nộp, in one act."""
    form = await read_form(desk.request)
    period, now = _read(form["ky"], desk.services.report_month), desk.services.now()
    told = await desk.services.store.write(
        lambda tx: submissions.remind(tx, desk.actor, period=period.key, title=period.title, now=now)
    )
    if isinstance(told, Refusal):
        raise HTTPException(403)
    return RedirectResponse(f"{PROVINCE}?ky={period.key}&nhac={len(told)}", 303)


@signed_in("province.receive")
async def receive(desk: Desk) -> Response:
    """Nhận tệp số liệu; what became of each file is said on the same page."""
    form = await read_form(desk.request, cap=_MOST_BYTES, files=_MOST_FILES)
    groups = periods(day_of(desk.services.now()), desk.services.report_month)
    wanted = _read(form["ky"] or groups["month"][0].key, desk.services.report_month)
    if form.too_big:
        return await _shown(desk, groups, wanted, trouble="big", status=413)
    files = [(name, raw) for name, raw in zip(form.names, form.files, strict=True) if raw]
    if not files:
        return await _shown(desk, groups, wanted, trouble="none", status=422)
    done = await desk.services.province.take_in(desk.actor, files, "")
    return await _shown(desk, groups, wanted, received=done, status=200 if all(one.taken for one in done) else 422)


@signed_in("province.see")
async def figures(desk: Desk) -> Response:
    """The communes side by side; in an order only where intervals allow (reports.province_ranking)."""
    period = _read(desk.request.query_params.get("ky", ""), desk.services.report_month)
    found = await desk.services.province.figures(desk.actor, period.key)
    return await desk.show("console/province_figures.html", lambda _conn: {}, period=period, found=found)


@signed_in("province.expect")
async def expect(desk: Desk) -> Response:
    """Which communes with systems of their own are to send figures: one name a line, in place of those before."""
    form = await read_form(desk.request)
    typed = clean(form["ten"].replace("\r\n", "\n"))[0]
    period = _read(form["ky"], desk.services.report_month)
    names = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    groups = periods(day_of(desk.services.now()), desk.services.report_month)
    bad = next((name for name in names if not _SHORTEST_NAME <= len(name) <= _LONGEST_NAME), "")
    if bad or len(names) > _MOST_NAMES:
        why = "name" if bad else "many"
        return await _shown(desk, groups, period, trouble=why, bad=bad[:60], awaited=typed, status=422)
    now = desk.services.now()
    await desk.services.store.write(lambda tx: submissions.expect(tx, desk.actor, names, now))
    return RedirectResponse(f"{PROVINCE}?ky={period.key}&cho=1#cho-nop", 303)


@signed_in("province.see")
async def roll_up(desk: Desk) -> Response:
    """A file of the roll-up of what has come by now, made for whoever asks."""
    ending = desk.request.path_params["ending"]
    if ending not in _TYPES:
        raise HTTPException(404)
    period = _read(desk.request.query_params.get("ky", ""), desk.services.report_month)
    found = await desk.services.province.roll_up(desk.actor, period.key)
    if found is None:
        raise HTTPException(500)
    name, data = next((name, data) for name, data in found.items() if name.endswith(f".{ending}"))
    return Response(data, media_type=_TYPES[ending], headers={"content-disposition": f'attachment; filename="{name}"'})


def _read(key: str, month: Month) -> Period:
    """A period by its key; 404 for what is none."""
    try:
        return parse(key[:_LONGEST_KEY], month=month)
    except BadPeriod:
        raise HTTPException(404) from None
