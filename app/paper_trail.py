"""Papers from what is stored: of a case, of a session, the registers of a period; made in a child process."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app.plans_in_use import profile_of
from app.reporting import NotBegun, in_child
from app.runtime import Runtime
from feedback.replies import own_words
from feedback.roles import OFFICER, Actor, may
from reports.paper_facts import CaseFile, CaseJob, Office, Step
from reports.paper_jobs import LettersJob, PosterJob, PostersJob, RegisterJob
from reports.periods import Period, parse
from reports.registers import CaseLine, VisitLine
from reports.session_facts import Promise, Question, SessionFile, SessionJob, Visitor, allowed
from storage import confidential, dossiers, officers, reading_papers, reading_session_desk, reading_sessions, units
from storage.reading_cases import ActLine
from storage.reading_papers import CaseRecord, Visit
from storage.reading_session_desk import DaySheet
from storage.tx import Tx
from vietnam.time import DAY, day_of, start_of
from web.paper_services import CaseWanted, PaperFile, PaperWanted, RegisterWanted, SessionWanted

MODULE = "reports.paper_making"
TIMEOUT = 60.0
"""Seconds: a paper takes one, a register of five thousand cases ten."""
_AT_ONCE = asyncio.Semaphore(2)
"""Each child takes a core: many clicks must not slow the chat down."""
ACTIONS = {CaseWanted: "paper.case", SessionWanted: "paper.session", RegisterWanted: "paper.register"}
"""What is wanted -> the action of feedback.roles that allows it."""
Work = CaseJob | SessionJob | RegisterJob | PosterJob | PostersJob | LettersJob


async def paper(runtime: Runtime, actor: Actor, wanted: PaperWanted) -> PaperFile | None:
    """Make a paper, and note that it was taken out; None where there is no such case or session in the actor's unit.

    PermissionError, reports.periods.BadPeriod, NotBegun, app.reporting.ReportFailed.
    """
    if not may(actor, ACTIONS[type(wanted)], actor.unit):
        raise PermissionError(ACTIONS[type(wanted)])
    work = await runtime.store.read(_gather(runtime, actor, wanted))
    if work is None:
        return None
    made = await make(work)
    now = runtime.now()
    names = not isinstance(wanted, RegisterWanted) or wanted.names
    codes = _codes(work)

    def noted(tx: Tx) -> None:
        dossiers.exported(tx, actor, now, what=made.name, names=names)
        confidential.took_out(tx, actor, codes, now)

    await runtime.store.write(noted)
    return made


def _codes(work: Work) -> list[str]:
    """The cases whose words are in it."""
    match work:
        case CaseJob():
            return [work.case.code]
        case RegisterJob():
            return [line.code for line in work.lines]
        case _:
            return []


async def make(work: Work) -> PaperFile:
    """The file of one piece of work. ReportFailed."""
    async with _AT_ONCE:
        with tempfile.TemporaryDirectory(prefix="nghedan-paper-") as folder:
            job = msgspec.json.encode({"work": work, "out": folder})
            (made,) = await in_child(MODULE, job, Path(folder), TIMEOUT)
            return PaperFile(name=made.name, media_type=made.media_type, data=made.path.read_bytes())


def _gather(runtime: Runtime, actor: Actor, wanted: PaperWanted) -> Callable[[Connection], Work | None]:
    """How to read what a paper is made of; the period is checked here already."""
    match wanted:
        case CaseWanted():
            return lambda conn: _case(runtime, conn, actor, wanted)
        case SessionWanted():
            return lambda conn: _session(runtime, conn, actor.unit, wanted)
        case RegisterWanted():
            period = period_of(runtime, wanted.period)
            return lambda conn: _register(runtime, conn, actor, wanted, period)


def _case(runtime: Runtime, conn: Connection, actor: Actor, wanted: CaseWanted) -> CaseJob | None:
    unit = actor.unit
    record = reading_papers.case_record(conn, unit, wanted.code, _reader(actor))
    if record is None:
        return None
    case = case_file(record, officers.names(conn, unit), names=True)
    return CaseJob(
        office=office_of(runtime, conn, unit),
        case=msgspec.structs.replace(case, reply=own_words(record.reply, record.parts, runtime.wording)),
        paper=wanted.paper,
        ending=wanted.ending,
        made_on=day_of(runtime.now()),
    )


def _session(runtime: Runtime, conn: Connection, unit: int, wanted: SessionWanted) -> SessionJob | None:
    sheet = reading_session_desk.day_sheet(conn, unit, wanted.session)
    if sheet is None or not allowed(wanted.paper, sheet.session.kind):
        return None
    return SessionJob(
        office=office_of(runtime, conn, unit),
        session=msgspec.structs.replace(
            session_file(sheet, reading_sessions.promises_of(conn, wanted.session), wanted.aloud),
            matter=sheet.session.matter or runtime.wording(f"session.matter.{sheet.session.kind}"),
        ),
        paper=wanted.paper,
        ending=wanted.ending,
        made_on=day_of(runtime.now()),
    )


def _reader(actor: Actor) -> Actor | None:
    """The officer who reads the paper; None where the command line makes it."""
    return actor if actor.kind == OFFICER else None


def _register(runtime: Runtime, conn: Connection, actor: Actor, wanted: RegisterWanted, period: Period) -> RegisterJob:
    unit, by = actor.unit, _reader(actor)
    since, until = instants(period)
    return RegisterJob(
        office=office_of(runtime, conn, unit),
        which=wanted.which,
        period=period.title,
        key=period.key,
        first=period.first,
        last=period.last,
        names=wanted.names,
        lines=case_lines(conn, unit, since, until, names=wanted.names, by=by) if wanted.which == "cases" else (),
        visits=visit_lines(conn, unit, since, until, names=wanted.names) if wanted.which == "visits" else (),
        ending=wanted.ending,
        made_on=day_of(runtime.now()),
    )


def period_of(runtime: Runtime, key: str) -> Period:
    """The period of a key such as "2026-10". reports.periods.BadPeriod, NotBegun."""
    period = parse(key, month=runtime.settings.report.month)
    if period.first > day_of(runtime.now()):
        raise NotBegun(key)
    return period


def instants(period: Period) -> tuple[int, int]:
    """First millisecond of a period, and the first one after it."""
    return start_of(period.first), start_of(period.last) + DAY


def office_of(runtime: Runtime, conn: Connection, unit: int) -> Office:
    """Who issues papers: the commune, signing as its own profile says."""
    commune = units.unit(conn, unit)
    province = units.unit(conn, commune.parent_id).name if commune.parent_id else ""
    profile = profile_of(conn, unit)
    return Office(
        commune=commune.name,
        province=province,
        phone=commune.phone,
        contact=commune.contact,
        url=f"{runtime.settings.public_url}/{commune.slug}/",
        signature=profile.signature,
        signer=profile.signer,
        letters_mark=profile.letters_mark,
        sample=bool(commune.sample),
    )


def case_file(record: CaseRecord, people: dict[int, str], *, names: bool) -> CaseFile:
    """A case as it may stand on paper; `people` are the officers by id."""
    deadline = record.deadline
    return CaseFile(
        code=record.code,
        kind=record.kind,
        category=record.category,
        village=record.village,
        place=record.place,
        point=record.point,
        text=record.text,
        anonymous=record.anonymous,
        nameless=not names and not record.anonymous,
        name=record.name if names else "",
        phone=record.phone if names else "",
        wanted_day=record.wanted_day,
        channel=record.channel,
        opened_at=record.opened_at,
        photos=len(record.photos),
        recordings=record.recordings,
        state=record.state,
        due_at=deadline.due if deadline is not None else None,
        paused=deadline is not None and deadline.paused,
        law=deadline.law if deadline is not None else "",
        officer=record.officer,
        forwarded_to=record.forwarded_to,
        reply=record.reply,
        parts=record.parts,
        answered_at=record.answered_at,
        stars=record.stars,
        history=tuple(_step(act, people) for act in record.history),
    )


def _step(act: ActLine, people: dict[int, str]) -> Step:
    kind, _, id = act.actor.partition(":")
    who = people.get(int(id), "officer") if kind == "officer" and id.isdecimal() else kind
    detail = msgspec.json.decode(act.detail or "{}")
    known = detail if isinstance(detail, dict) else {}
    return Step(at=act.at, who=who, action=act.action, text=str(known.get("text", "")), to=str(known.get("to", "")))


def case_lines(
    conn: Connection, unit: int, since: int, until: int, *, names: bool, by: Actor | None = None
) -> tuple[CaseLine, ...]:
    """The lines of the register of cases, with `by` of those that this officer reaches."""
    return tuple(_line(one, names=names) for one in reading_papers.case_lines(conn, unit, since, until, by))


def _line(record: CaseRecord, *, names: bool) -> CaseLine:
    same = (
        "code",
        "kind",
        "category",
        "anonymous",
        "village",
        "place",
        "text",
        "officer",
        "opened_at",
        "state",
        "reply",
        "forwarded_to",
        "answered_at",
        "apologies",
        "reopened",
        "stars",
    )
    return CaseLine(
        **{name: getattr(record, name) for name in same},
        name=record.name if names else "",
        phone=record.phone if names else "",
        due_at=record.deadline.due if record.deadline is not None else None,
    )


def visit_lines(conn: Connection, unit: int, since: int, until: int, *, names: bool) -> tuple[VisitLine, ...]:
    """The lines of the register of receptions."""
    return tuple(_visit(one, names=names) for one in reading_papers.visits(conn, unit, since, until))


def _visit(one: Visit, *, names: bool) -> VisitLine:
    return VisitLine(
        starts_at=one.starts_at,
        session=one.title,
        host=one.host_name,
        name=one.name if names else "",
        phone=one.phone if names else "",
        village=one.village,
        topic=one.topic,
        questions=tuple(asked for asked, _ in one.questions),
        answers=tuple(answer for _, answer in one.questions if answer),
        promises=one.promises,
        came=one.state != "absent",
    )


def session_file(sheet: DaySheet, promised: list[reading_sessions.PromiseRow], aloud: str = "") -> SessionFile:
    """A session as it may stand on paper."""
    row = sheet.session
    everybody = {visitor.id: visitor for visitor in sheet.visitors}
    asked = [one for visitor in sheet.visitors for one in visitor.questions] + list(sheet.loose)
    same = (
        "id",
        "kind",
        "host",
        "host_name",
        "title",
        "place",
        "online",
        "village",
        "state",
        "starts_at",
        "ends_at",
        "seats",
        "slot_minutes",
        "summary",
        "earlier_at",
        "earlier_place",
        "reason",
    )
    return SessionFile(
        **{name: getattr(row, name) for name in same},
        aloud=aloud,
        visitors=tuple(_visitor(one) for one in sheet.visitors),
        questions=tuple(_question(one, everybody.get(one.booking)) for one in sorted(asked, key=lambda one: one.id)),
        promises=tuple(_promise(one) for one in promised),
    )


def _visitor(one: reading_session_desk.Visitor) -> Visitor:
    same = ("seat", "slot_at", "state", "code", "name", "phone", "village", "topic")
    return Visitor(
        **{name: getattr(one, name) for name in same},
        questions=tuple(_question(asked, one) for asked in one.questions),
        cases=tuple((case.code, case.kind, case.state, case.opened_at) for case in one.cases),
        promises=tuple(_promise(promise) for promise in one.promises),
    )


def _question(one: reading_session_desk.Question, visitor: reading_session_desk.Visitor | None) -> Question:
    return Question(
        topic=one.topic,
        text=one.text,
        public=one.public,
        asker=visitor.name if visitor is not None else one.asker,
        village=visitor.village if visitor is not None else "",
        answer=one.answer,
        answered_by=one.answered_by,
    )


def _promise(one: reading_sessions.PromiseRow) -> Promise:
    return Promise(text=one.text, owner=one.owner, due=one.due.isoformat(), state=one.state, session=one.title)
