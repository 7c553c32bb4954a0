"""The plans a commune works by, read from its rows or from the setting, and how its papers are signed."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from app.logs import get_logger
from app.settings import Report
from reports.plans import BadPlan, Plan, Profile, default_profile, plan, plan_names, read
from reports.recipients import named
from storage import plan_rows, profile_rows, units
from storage.report_rows import OwedRow
from vietnam.time import day_of

log = get_logger()


class InUse(msgspec.Struct, frozen=True, kw_only=True):
    """A plan of a commune. `year` is the one it is used in, 0: those that it names itself.

    `kept`: it is a row of the commune, else it stands in the settings.
    """

    plan: Plan
    year: int
    kept: bool
    since: date | None = None
    """The day it was taken in; None for that of the settings."""
    earlier: Plan | None = None
    """What it was, `earlier_year` as `year`, before it was taken in anew for a later year."""
    earlier_year: int = 0

    @property
    def slug(self) -> str:
        """Its name in addresses and rows."""
        return self.plan.id

    def holds(self, year: int) -> bool:
        """Whether the commune works by it in that year."""
        return year == self.year if self.year else year in self.plan.years

    def at(self, year: int) -> "InUse | None":
        """It as the commune works by it in that year: what it was before it was taken in anew is not forgotten."""
        if self.holds(year):
            return self
        if self.earlier is None or year >= (self.year or self.plan.years[0]):
            return None
        before = InUse(plan=self.earlier, year=self.earlier_year, kept=True, since=self.since)
        return before if before.holds(year) else None

    def follows(self, before: "InUse") -> bool:
        """Whether it comes in the place of one whose years begin earlier, and does not hold in those itself."""
        first = before.year or before.plan.years[0]
        return first < (self.year or self.plan.years[0]) and not self.holds(first)


@lru_cache(maxsize=64)
def _read(body: str, slug: str) -> Plan:
    return read(body, slug)


def of_settings(report: Report) -> InUse:
    """The plan of the settings. BadPlan."""
    return InUse(plan=_shipped(report.plan), year=report.plan_year, kept=False)


@lru_cache(maxsize=8)
def _shipped(name: str) -> Plan:
    return plan(name)


def plans_of(conn: Connection, report: Report, unit: int) -> list[InUse]:
    """The plans of a commune, its first one at the top; where it has none, that of the settings. BadPlan.

    A row that cannot be read any more is left out: the others still hold. The page and `nghedan doctor` name it.
    """
    rows = plan_rows.of_unit(conn, unit)
    return list(_readable(rows)) if rows else [of_settings(report)]


def _readable(rows: list[plan_rows.PlanRow]) -> Iterator[InUse]:
    for row in rows:
        try:
            plan = _read(row.body, row.slug)
            found = InUse(plan=plan, year=row.year, kept=True, since=day_of(row.added_at))
            yield replace(found, earlier=_earlier(row), earlier_year=row.earlier_year)
        except BadPlan:
            log.warning("plan.unreadable", slug=row.slug)


def _earlier(row: plan_rows.PlanRow) -> Plan | None:
    try:
        return _read(row.earlier, row.slug) if row.earlier else None
    except BadPlan:
        return None


def unreadable(conn: Connection, unit: int) -> list[str]:
    """The names of a commune's plans that this program cannot read."""
    rows = plan_rows.of_unit(conn, unit)
    there = {one.slug for one in _readable(rows)}
    return [row.slug for row in rows if row.slug not in there]


def main_plan(conn: Connection, report: Report, unit: int, year: int) -> Plan:
    """The plan of the reports that no plan asks for: the first that holds in that year, else the first. BadPlan."""
    found = plans_of(conn, report, unit) or [of_settings(report)]
    held = (there.plan for one in found for there in [one.at(year)] if there is not None)
    return next(held, found[0].plan)


def profile_of(conn: Connection, unit: int) -> Profile:
    """How the commune signs, or how any commune does where it has not said so."""
    body = profile_rows.body(conn, unit)
    if body is not None:
        return msgspec.json.decode(body, type=Profile)
    common, province = default_profile(), province_of(conn, unit)
    return replace(common, addressed=tuple(named(one, province) for one in common.addressed))


def plan_for(conn: Connection, report: Report, unit: int, year: int, owed: OwedRow) -> Plan:
    """The plan a report is made by, with the commune's own profile; addressed to whom that plan owes it. BadPlan."""
    chosen = _named(conn, report, unit, year, owed.plan) or main_plan(conn, report, unit, year)
    profile = profile_of(conn, unit)
    asked = next((one for one in chosen.owed if owed.owed and one.name == owed.owed), None)
    if asked is not None:
        profile = replace(profile, addressed=(named(asked.to, province_of(conn, unit)),))
    return replace(chosen, profile=profile)


def _named(conn: Connection, report: Report, unit: int, year: int, slug: str) -> Plan | None:
    if not slug:
        return None
    kept = next(((one.at(year) or one).plan for one in plans_of(conn, report, unit) if one.slug == slug), None)
    # A plan that is taken away may still be that of an old report.
    return kept or (_shipped(slug) if slug in plan_names() else None)


def province_of(conn: Connection, unit: int) -> str:
    """The province of a commune ("tỉnh Lạng Sơn"), "" where it has none."""
    above = units.unit(conn, unit).parent_id
    return units.unit(conn, above).name if above else ""
