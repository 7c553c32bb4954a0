"""Plans and the profile of a commune, changed from its pages and from the command line."""

import re
from datetime import date
from functools import partial

import msgspec
from sqlalchemy import Connection

from app.due_reports import NoSuchReport, ask_owed, due_now, due_of, owed_in
from app.plans_in_use import InUse, of_settings, plans_of, profile_of, unreadable
from app.reporting import NotBegun
from app.runtime import Runtime
from feedback.roles import Actor
from reports.deadlines import TooEarly
from reports.due import Due
from reports.owing import MONTH, OwedReport
from reports.periods import BadPeriod, parse
from reports.plans import BadPlan, Fault, Plan, Profile, placed, read, read_own, shipped
from storage import handing_out, plan_rows, profile_rows
from storage.tx import Tx
from vietnam.time import day_of
from web.plan_door import PlanShown, PlanTried

_SLUG = re.compile(r"[a-z0-9_]{1,60}", re.ASCII)
_TEMPLATE = "mau"
_LONGEST_AFTER = 366
"""Days after a period by which its report is asked for at the latest: a later day is a slip of the pen."""


class PlanDesk:
    """See web.plan_door.PlanDoor."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def plans(self, conn: Connection, unit: int, today: date) -> list[PlanShown]:
        """See PlanDoor."""
        report = self._runtime.settings.report
        try:
            due = {one.slug: found for one, found in due_of(self._runtime, conn, unit, today.year, today)}
        except BadPlan:  # that of the settings: `nghedan doctor` says what is wrong with it
            return []
        return [_shown(one, due.get(one.slug, []), today) for one in plans_of(conn, report, unit)]

    def unreadable(self, conn: Connection, unit: int) -> list[str]:
        """See PlanDoor."""
        return unreadable(conn, unit)

    def due(self, conn: Connection, unit: int, today: date) -> list[Due]:
        """See PlanDoor."""
        try:
            found = [due for _, some in due_now(self._runtime, conn, unit, today) for due in some]
        except BadPlan:
            return []
        return sorted(found, key=lambda due: due.owed.deadline.issue_by if due.owed.deadline else date.max)

    def profile(self, conn: Connection, unit: int) -> tuple[Profile, bool]:
        """See PlanDoor."""
        return profile_of(conn, unit), profile_rows.body(conn, unit) is not None

    async def add(self, raw: bytes, year: int | None, actor: Actor, *, handed_by: str = "") -> PlanTried:
        """See PlanDoor. PermissionError. `handed_by`: the province that the commune is told has given it."""
        today = day_of(self._runtime.now())
        try:
            plan, text = read_own(raw)
        except BadPlan as bad:
            return PlanTried(faults=tuple(bad.found))
        years = (plan.years[0], plan.years[-1])
        faults = [placed(fault, text) for fault in self._unfit(plan)]
        if faults:
            return PlanTried(title=plan.title, years=years, faults=tuple(faults))
        if year is None and today.year not in plan.years:
            return PlanTried(title=plan.title, years=years, choices=choices(plan, today), text=text)
        # Used in one of its own years it is used in all of them.
        used = 0 if year is None or year in plan.years else year
        one = InUse(plan=plan, year=used, kept=True)
        early = self._early(one, year or today.year)
        if early is not None:
            return PlanTried(title=plan.title, years=years, faults=(placed(early, text),))
        put = partial(plan_rows.put, actor=actor, slug=plan.id, body=text, year=used, now=self._runtime.now())
        first = self._first(today)

        def write(tx: Tx) -> bool:
            if handed_by:
                handing_out.tell(tx, actor.unit, "plan", plan.title, handed_by, self._runtime.now())
            return put(tx, first=first, outlived=partial(_outlived, one))

        try:
            new = await self._runtime.store.write(write)
        except plan_rows.TooMany:
            return PlanTried(title=plan.title, years=years, refused="plan.many")
        return PlanTried(title=plan.title, years=years, new=new)

    def _unfit(self, plan: Plan) -> list[Fault]:
        """Why a sound plan cannot be this commune's."""
        found = []
        if not _SLUG.fullmatch(plan.id):
            found.append(Fault(key="id", what="slug", value=plan.id))
        if plan.id == _TEMPLATE:
            found.append(Fault(key="id", what="sample", value=plan.id))
        try:
            index = of_settings(self._runtime.settings.report).plan.index
        except BadPlan:
            return found
        if plan.index != index:
            found.append(Fault(key="index", what="index", value=plan.index))
        return found

    def _early(self, one: InUse, year: int) -> Fault | None:
        try:
            owed_in(self._runtime, one, year, {}, self._runtime.ledger.office.table)
        except TooEarly as fault:
            return Fault(key="owed", what="early", value=fault.period.title)
        return None

    def _first(self, today: date) -> tuple[str, str, int] | None:
        """The plan of the settings, where the commune works by it this year: it stays its first one."""
        try:
            one = of_settings(self._runtime.settings.report)
        except BadPlan:
            return None
        text = shipped(one.slug)
        return (one.slug, text.decode(), one.year) if text is not None and one.holds(today.year) else None

    async def remove(self, slug: str, actor: Actor) -> str:
        """See PlanDoor. PermissionError."""
        now = self._runtime.now()
        try:
            gone = await self._runtime.store.write(lambda tx: plan_rows.remove(tx, actor, slug, now))
        except plan_rows.InUse:
            return "plan.in_use"
        return "" if gone else "plan.none"

    async def set_day(self, plan: str, owed: str, period: str, before: date | None, actor: Actor) -> str:
        """See PlanDoor. PermissionError."""
        runtime = self._runtime
        try:
            year = parse(period, month=MONTH).year
        except BadPeriod:
            return "plan.day.period"

        def look(conn: Connection) -> str:
            known = plan_rows.days(conn, actor.unit).get(plan, {})
            wanted = known | ({(owed, period): before} if before is not None else {})
            plans = plans_of(conn, runtime.settings.report, actor.unit)
            one = next((one.at(year) for one in plans if one.slug == plan), None)
            if one is None:
                return "plan.none"
            try:
                found = owed_in(runtime, one, year, wanted, runtime.ledger.office_in(conn, actor.unit).table)
            except TooEarly:
                return "plan.day.early"
            there = [due for due in found if due.name == owed and due.period is not None and due.period.key == period]
            if not there and before is not None:
                return "plan.none"
            return "plan.day.early" if any(not _fits(due) for due in there) else ""

        refused = await runtime.store.read(look)
        if not refused:
            now = runtime.now()
            await runtime.store.write(lambda tx: plan_rows.set_day(tx, actor, plan, owed, period, before, now))
        return refused

    async def ask(self, plan: str, owed: str, period: str, actor: Actor) -> str:
        """See PlanDoor. PermissionError."""
        try:
            await ask_owed(self._runtime, actor, plan, owed, period, day_of(self._runtime.now()))
        except NoSuchReport:
            return "plan.none"
        except NotBegun:
            return "plan.not_begun"
        return ""

    def profile_mark(self, conn: Connection, unit: int) -> str:
        """See PlanDoor."""
        return profile_rows.mark_of(profile_rows.body(conn, unit))

    async def sign(self, profile: Profile, actor: Actor, seen: str | None = None) -> bool:
        """See PlanDoor. PermissionError."""
        body, now = msgspec.json.encode(profile).decode(), self._runtime.now()
        return await self._runtime.store.write(lambda tx: profile_rows.put(tx, actor, body, now, seen))


def _outlived(new: InUse, body: str, year: int) -> bool:
    """Whether a plan of that body and year asks for reports of years that the one in its place does not know."""
    try:
        return new.follows(InUse(plan=read(body, new.slug), year=year, kept=True))
    except BadPlan:
        return False


def _fits(due: OwedReport) -> bool:
    """Whether half of its period is counted by its day, and the day is one of the year after the period at most."""
    period, last = due.period, due.deadline
    if period is None or last is None:
        return True
    half = (period.last - period.first) / 2
    return last.cut_off - period.first >= half and (last.before - period.last).days <= _LONGEST_AFTER


def choices(plan: Plan, today: date) -> tuple[int, ...]:
    """The years in which a plan that is not of this year may be used: this one, the next, and its own last one."""
    return tuple(sorted({today.year, today.year + 1, plan.years[-1]}))


def _shown(one: InUse, due: list[Due], today: date) -> PlanShown:
    plan = one.plan
    return PlanShown(
        slug=plan.id,
        title=plan.title,
        number=plan.number,
        issuer=plan.issuer,
        years=(plan.years[0], plan.years[-1]),
        year=one.year,
        kept=one.kept,
        holds=one.at(today.year) is not None,
        due=due,
        sections=len(plan.outline),
        targets=len(plan.targets),
        suggested=plan.profile,
    )
