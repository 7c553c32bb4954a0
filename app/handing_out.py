"""A survey or a plan that a province gives all its communes: looked at first, then given once to those that want it."""

import hashlib
from collections.abc import Iterable

from app.plan_desk import PlanDesk
from app.province import hand_out as hand_out_survey
from app.runtime import Runtime
from app.survey_companions import named
from app.survey_trying import read_survey as try_survey
from app.wording import survey_wording
from feedback.roles import SYSTEM, Actor, may
from reports.plans import BadPlan, Fault, Plan, read_own
from storage import handing_out
from storage.handing_out import Kind
from storage.units import unit
from surveys.definition import Survey
from surveys.faults import Fault as SurveyFault
from surveys.faults import SurveyFaults, describe
from surveys.opinions import unfilled
from surveys.reading import read_survey
from surveys.writing import write_survey
from vietnam.time import day_of
from web.province_door import HandedOut, Offered


async def offer(runtime: Runtime, actor: Actor, kind: Kind, name: str, raw: bytes) -> Offered:
    """See web.province_door.ProvinceDoor."""
    _checked(actor)
    if kind == "plan":
        read = _plan(runtime, raw)
        if isinstance(read, Offered):
            return read
        plan, text = read
        found = await runtime.store.read(lambda conn: handing_out.standing(conn, actor.unit, kind, plan.id, text))
        return Offered(kind=kind, title=plan.title, text=text, communes=tuple(found))
    tried = await try_survey(name, raw)
    if tried.survey is None:
        return Offered(kind=kind, faults=tried.faults, why="" if tried.faults else "unread")
    # What came as a spreadsheet goes on as the text that says the same; a text goes on as it came.
    text = _plain(raw) if name.lower().endswith(".toml") else write_survey(tried.survey)
    if (unfit := _unfit(tried.survey)) is not None:
        return unfit
    slug, checksum = tried.survey.id, _checksum(text)
    found = await runtime.store.read(lambda conn: handing_out.standing(conn, actor.unit, kind, slug, checksum))
    title = tried.survey.title
    return Offered(kind=kind, title=title, checksum=checksum, text=text, communes=tuple(found))


async def hand_out(runtime: Runtime, actor: Actor, kind: Kind, raw: bytes, *, opens: bool) -> HandedOut | Offered:
    """See web.province_door.ProvinceDoor."""
    _checked(actor)
    if kind == "plan":
        return await _hand_plan(runtime, actor, raw)
    text = _plain(raw)
    try:
        survey = read_survey(text.encode(), "phieu.toml")
    except SurveyFaults as wrong:
        return Offered(kind=kind, faults=_in_words(wrong.faults))
    if (unfit := _unfit(survey)) is not None:
        return unfit
    done = await hand_out_survey(runtime, actor.unit, survey, _checksum(text), (), opens=opens, by=actor)
    return HandedOut(new=done.new, same=done.same)


async def _hand_plan(runtime: Runtime, actor: Actor, raw: bytes) -> HandedOut | Offered:
    read = _plan(runtime, raw)
    if isinstance(read, Offered):
        return read
    plan, text = read
    below = await runtime.store.read(lambda conn: handing_out.standing(conn, actor.unit, "plan", plan.id, text))
    province = (await runtime.store.read(lambda conn: unit(conn, actor.unit))).name
    new, not_taken, desk = 0, [], PlanDesk(runtime)
    for one in below:
        if one.has == "same":
            continue
        tried = await desk.add(text.encode(), None, Actor(kind=SYSTEM, unit=one.unit), handed_by=province)
        if tried.taken:
            new += 1
        else:
            not_taken.append(one.name)
    if new:
        now = runtime.now()
        await runtime.store.write(lambda tx: handing_out.record_plan(tx, actor, slug=plan.id, communes=new, now=now))
    return HandedOut(new=new, same=sum(one.has == "same" for one in below), not_taken=tuple(not_taken))


def _checked(actor: Actor) -> None:
    if not may(actor, "province.hand_out", actor.unit):
        raise PermissionError("province.hand_out")


def _plan(runtime: Runtime, raw: bytes) -> tuple[Plan, str] | Offered:
    """The plan and its text, or why it cannot be handed out."""
    try:
        plan, text = read_own(_plain(raw).encode())
    except BadPlan as bad:
        return Offered(kind="plan", faults=tuple(map(_said, bad.found)))
    if day_of(runtime.now()).year not in plan.years:
        years = "-".join(str(year) for year in dict.fromkeys((plan.years[0], plan.years[-1])))
        return Offered(kind="plan", title=plan.title, why="year", about=years)
    return plan, text


def _said(fault: Fault) -> str:
    return ": ".join(part for part in (str(fault.line or ""), fault.key, fault.sentence) if part)


def _unfit(survey: Survey) -> Offered | None:
    """Why a sound survey cannot be handed out on the page."""
    if files := named(survey):
        return Offered(kind="survey", title=survey.title, why="files", about=", ".join(files))
    gaps = _in_words(unfilled(survey))
    return Offered(kind="survey", title=survey.title, faults=gaps) if gaps else None


def _in_words(faults: Iterable[SurveyFault]) -> tuple[str, ...]:
    texts = survey_wording().texts
    return tuple(describe(one, texts.__getitem__) for one in faults)


def _plain(raw: bytes) -> str:
    """Text with the line ends that a file has: a browser sends others."""
    return raw.decode("utf-8-sig", "replace").replace("\r\n", "\n")


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
