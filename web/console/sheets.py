"""Biểu chỉ tiêu and biểu tự đánh giá, xếp loại: what the product knows stands there, the rest is typed."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from reports.periods import Period, parse
from reports.plans import YEARLY, Plan
from storage import sheet_rows
from storage.sheet_rows import SheetRow, Typed
from vietnam.time import day_of
from web.body import Form, line, read_form
from web.console.access import Desk, signed_in

if TYPE_CHECKING:
    from reports.criteria import Criteria
    from reports.phrases import Phrases

ADDRESS = "/can-bo/bieu"
LONGEST_DONE, LONGEST_NOTE = 200, 500
LARGEST = 200_000
"""Bytes of a file of criteria: 200 lines of a thousand characters are fewer."""
_FIELDS = 700


class TargetLine(NamedTuple):
    """A target on the page: what the product knows of it ("" for nothing), and what was typed.

    `theirs` is what a colleague has written into it since the page was opened, None where nobody has.
    """

    id: str
    quote: str
    goal: str
    known: str
    source: str
    automatic: bool
    done: str
    note: str
    seen: int
    theirs: str | None


class CriterionLine(NamedTuple):
    """A criterion on the page."""

    id: str
    text: str
    most: float
    evidence: str
    add: str
    done: str
    note: str
    seen: int
    wrong: bool
    theirs: str | None


class Asked(NamedTuple):
    """Which sheet is looked at."""

    plan: str
    period: str


@signed_in("sheet.see")
async def shown(desk: Desk) -> Response:
    """Both sheets of a plan and a period."""
    params = desk.request.query_params
    asked = Asked(params.get("ke_hoach", ""), params.get("ky", ""))
    return await _page(desk, asked, done=params.get("xong", ""))


async def _page(
    desk: Desk,
    asked: Asked,
    *,
    done: str = "",
    faults: tuple[str, ...] = (),
    late: int = 0,
    typed: Mapping[str, Typed] | None = None,
    status: int = 200,
) -> Response:
    today = day_of(desk.services.now())
    periods = _periods(desk, today)
    period = next((one for one in periods if one.key == asked.period), _usual(periods, today))

    def look(conn: Connection) -> dict[str, Any]:
        plans = desk.services.plan_files(conn, desk.unit)
        plan = next((one for one in plans if one.id == asked.plan), plans[0] if plans else None)
        figures = sheet_rows.figures(conn, desk.unit, period.key)
        p = _phrases(figures)
        found = _criteria(conn, desk.unit)
        return {
            "plans": plans,
            "plan": plan,
            "counted": p.figures.until if p else None,
            "targets": _targets(conn, desk.unit, plan, period.key, p, typed or {}) if plan else [],
            "criteria": found,
            **_points(conn, desk.unit, found, period.key, p, typed or {}),
        }

    most = {"done": LONGEST_DONE, "note": LONGEST_NOTE}
    values = {"periods": periods, "period": period, "done": done, "faults": faults, "late": late, "most": most}
    return await desk.show("console/sheets.html", look, status=status, **values)


def _periods(desk: Desk, today: date) -> list[Period]:
    """The periods that plans ask such a report on, this year's and last year's, as far as they have begun."""
    keys = [f"{year}-{part}" for year in (today.year, today.year - 1) for part in YEARLY]
    found = [parse(key, month=desk.services.report_month) for key in keys]
    return [one for one in found if one.first <= today]


def _usual(periods: list[Period], today: date) -> Period:
    """The one that ends next."""
    return min(periods, key=lambda one: (one.last < today, one.last))


def _phrases(figures: str | None) -> "Phrases | None":
    # Only whoever opens this page pays for the words of reports.
    import msgspec

    from reports.figures import Figures
    from reports.phrases import Phrases
    from reports.texts import texts

    if not figures:
        return None
    try:
        return Phrases(Figures.decode(figures.encode()), texts())
    except msgspec.ValidationError:
        return None


def _targets(
    conn: Connection, unit: int, plan: Plan, period: str, p: "Phrases | None", typed: Mapping[str, Typed]
) -> list[TargetLine]:
    from reports.sheets import target_id, target_rows

    kept = sheet_rows.rows(conn, unit, plan.id, period, "targets")
    known = {target_id(row.target): row for row in target_rows(p, plan, {})} if p else {}
    lines = []
    for target in plan.targets:
        id = target_id(target)
        done, note, seen, theirs = _said(kept.get(id), typed.get(id))
        row = known.get(id)
        product = row if row is not None and row.by == "product" else None
        share = f" ({product.share})" if product and "%" in product.share else ""
        lines.append(
            TargetLine(
                id=id,
                quote=target.quote,
                goal=target.goal,
                known=product.reached + share if product else "",
                source=product.note if product else "",
                automatic=bool(target.known),
                done=done,
                note=note,
                seen=seen,
                theirs=theirs,
            )
        )
    return lines


def _points(
    conn: Connection,
    unit: int,
    criteria: "Criteria | None",
    period: str,
    p: "Phrases | None",
    typed: Mapping[str, Typed],
) -> dict[str, Any]:
    """The groups of the criteria with their lines, and what they come to."""
    from reports.criteria_evidence import evidence
    from reports.sheets import CriterionRow, points_of, summed

    if criteria is None:
        return {"groups": [], "sum": None}
    kept = sheet_rows.rows(conn, unit, "", period, "criteria")
    groups, rows = [], []
    for group in criteria.groups:
        lines = []
        for one in group.criteria:
            done, note, seen, theirs = _said(kept.get(one.id), typed.get(one.id))
            points = points_of(done, one.points)
            known = "; ".join(text for name in one.evidence if p and (text := evidence(p, name)))
            rows.append(CriterionRow(one, points, known, note))
            wrong = bool(done) and points is None
            lines.append(CriterionLine(one.id, one.text, one.points, known, one.add, done, note, seen, wrong, theirs))
        groups.append((group, lines))
    return {"groups": groups, "sum": summed(criteria, rows)}


def _said(kept: SheetRow | None, typed: Typed | None) -> tuple[str, str, int, str | None]:
    """What stands in a line: what was just typed and refused, else what is kept; and since when that is.

    The last is what a colleague has written there meanwhile, None where nobody has.
    """
    done, note, seen = (kept.done, kept.note, kept.typed_at) if kept else ("", "", 0)
    if typed is None:
        return done, note, seen, None
    theirs = None if typed.seen == seen else "; ".join(filter(None, (done, note)))
    return typed.done, typed.note, seen, theirs


def _criteria(conn: Connection, unit: int) -> "Criteria | None":
    from reports.criteria import BadCriteria, read

    body = sheet_rows.criteria(conn, unit)
    if body is None:
        return None
    try:
        return read(body)
    except BadCriteria:
        return None


@signed_in("sheet.write")
async def save(desk: Desk) -> Response:
    """Keep what was typed into one of the sheets."""
    form = await _form(desk)
    today, sheet = day_of(desk.services.now()), form["bieu"]
    asked = Asked(form["ke_hoach"][:100], form["ky"])
    if asked.period not in {one.key for one in _periods(desk, today)} or sheet not in {"targets", "criteria"}:
        raise HTTPException(422)
    now = desk.services.now()

    def known(conn: Connection) -> dict[str, float]:
        """The lines there are, with the most points of each (0 for a target)."""
        if sheet == "criteria":
            found = _criteria(conn, desk.unit)
            return {one.id: one.points for one in found.lines()} if found else {}
        from reports.sheets import target_id

        plans = desk.services.plan_files(conn, desk.unit)
        return {target_id(target): 0.0 for plan in plans if plan.id == asked.plan for target in plan.targets}

    lines = await desk.services.store.read(known)
    typed = _typed(form, lines)
    wrong = {one.row for one in typed.values() if not _fits(one, lines[one.row])}
    good = [one for one in typed.values() if one.row not in wrong]
    if sheet == "criteria":
        kept, late = await desk.services.store.write(
            lambda tx: sheet_rows.put(tx, desk.actor, "", asked.period, "criteria", good, now)
        )
    else:
        kept, late = await desk.services.store.write(
            lambda tx: sheet_rows.put(tx, desk.actor, asked.plan, asked.period, "targets", good, now)
        )
    if wrong or late:
        left = {id: typed[id] for id in (*wrong, *late)}
        return await _page(desk, asked, typed=left, late=len(late), done="sai" if wrong else "", status=422)
    query = {"ke_hoach": asked.plan, "ky": asked.period, "xong": "luu" if kept else "cu"}
    return RedirectResponse(f"{ADDRESS}?{urlencode(query)}", 303)


def _typed(form: Form, lines: Mapping[str, float]) -> dict[str, Typed]:
    """What came for the lines that there are."""
    return {
        id: Typed(
            row=id,
            done=line(form[f"done.{id}"]),
            note=line(form[f"note.{id}"]),
            seen=int(seen) if (seen := form[f"seen.{id}"]).isascii() and seen.isdecimal() and len(seen) < 16 else -1,
        )
        for id in lines
        if f"done.{id}" in form.fields
    }


def _fits(one: Typed, most: float) -> bool:
    """Whether it can be kept: points of a criterion are a number up to its most."""
    from reports.sheets import points_of

    if len(one.done) > LONGEST_DONE or len(one.note) > LONGEST_NOTE:
        return False
    return not most or not one.done or points_of(one.done, most) is not None


@signed_in("criteria.add")
async def add(desk: Desk) -> Response:
    """Work by the criteria of a file from now on, or by none."""
    from reports.criteria import BadCriteria, read

    form = await _form(desk, cap=LARGEST + 50_000)
    asked, now = Asked(form["ke_hoach"][:100], form["ky"]), desk.services.now()
    body = ""
    if form["bo"] != "1":
        try:
            body = (form.file or b"").decode("utf-8-sig")
            if form.too_big or not body.strip():
                return await _page(desk, asked, done="tep", status=422)
            read(body)
        except UnicodeDecodeError:
            return await _page(desk, asked, done="utf8", status=422)
        except BadCriteria as bad:
            return await _page(desk, asked, faults=tuple(bad.faults), status=422)
    await desk.services.store.write(lambda tx: sheet_rows.put_criteria(tx, desk.actor, body, now))
    query = {"ke_hoach": asked.plan, "ky": asked.period, "xong": "tieu-chi" if body else "bo"}
    return RedirectResponse(f"{ADDRESS}?{urlencode(query)}", 303)


@signed_in("sheet.see")
async def template(_desk: Desk) -> Response:
    """The file of criteria to begin with."""
    from reports.criteria import template as text

    saved = 'attachment; filename="tieu-chi-mau.toml"'
    return Response(text(), media_type="application/toml", headers={"content-disposition": saved})


async def _form(desk: Desk, cap: int = 256 * 1024) -> Form:
    return await read_form(desk.request, cap=cap, fields=_FIELDS)
