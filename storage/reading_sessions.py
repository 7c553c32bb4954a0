"""What officers and the public read of sessions: the calendar, one session, its clashes, its promises."""

from collections.abc import Collection
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from feedback.sessions import RECEPTIONS, Meeting
from storage.schema.session_work import session_notices
from storage.tables import (
    bookings,
    host_busy,
    officers,
    session_promises,
    session_questions,
    session_series,
    session_sheets,
    sessions,
    units,
)
from vietnam.time import DAY, day_of, local

PAGE = 50
_NEAR = 14 * DAY


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One session as a calendar shows it; instants are UTC milliseconds, `village` "" for the whole commune."""

    id: int
    kind: str
    host: str
    host_name: str
    title: str
    matter: str
    """"" for what is usual for its kind."""
    place: str
    online: str
    village: str
    village_id: int | None
    state: str
    version: int
    starts_at: int
    ends_at: int
    seats: int
    slot_minutes: int
    moved_from: str
    """The day off it was moved from, ISO, "" where it was not."""
    reason: str
    late_reason: str
    summary: str
    announced_at: int | None
    held_at: int | None
    published_at: int | None
    earlier_at: int | None
    """When it was to begin as it was told before the last move; `earlier_place` where."""
    earlier_place: str
    rule: str
    """The rule of its series, "" where it stands alone."""
    series: int | None
    series_open: bool
    """Whether more sessions of it are made."""
    booked: int
    """Seats that are given; whoever came without one is in `came` only."""
    came: int
    waiting: int
    questions: int

    @property
    def moved_day(self) -> date | None:
        """The day off as a day."""
        return date.fromisoformat(self.moved_from) if self.moved_from else None


_village = units.alias("village_of_session")


def _count(of: Any, *where: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a table, and a scalar subquery
    return select(func.count()).select_from(of).where(*where).scalar_subquery()


def _query() -> Select[Any]:
    mine = bookings.c.session_id == sessions.c.id
    return (
        select(
            sessions,
            _village.c.name.label("village"),
            session_series.c.rule,
            session_series.c.state.label("series_state"),
            _count(bookings, mine, bookings.c.seat.is_not(None)).label("booked"),
            _count(bookings, mine, bookings.c.state == "attended").label("came"),
            _count(bookings, mine, bookings.c.state == "waiting").label("waiting"),
            _count(session_questions, session_questions.c.session_id == sessions.c.id).label("questions"),
        )
        .outerjoin(_village, _village.c.id == sessions.c.village_id)
        .outerjoin(session_series, session_series.c.id == sessions.c.series_id)
    )


_SAME = (
    "id", "kind", "host", "host_name", "title", "matter", "place", "online", "village_id", "state", "version",
    "starts_at", "ends_at", "seats", "slot_minutes", "moved_from", "reason", "late_reason", "summary", "announced_at",
    "held_at", "published_at", "earlier_at", "earlier_place", "booked", "came", "waiting", "questions",
)  # fmt: skip


def _row(row: Row[Any]) -> SessionRow:
    same = {name: getattr(row, name) for name in _SAME}
    return SessionRow(
        **same,
        village=row.village or "",
        rule=row.rule or "",
        series=row.series_id,
        series_open=row.series_state == "open",
    )


def coming(conn: Connection, unit: int, now: int, *, host: str = "", limit: int = 200) -> list[SessionRow]:
    """Sessions that are not over, the next first."""
    query = _query().where(sessions.c.unit_id == unit, sessions.c.ends_at > now, *_of(host))
    return [_row(row) for row in conn.execute(query.order_by(sessions.c.starts_at, sessions.c.id).limit(limit))]


def past(conn: Connection, unit: int, now: int, *, host: str = "", page: int = 1) -> tuple[list[SessionRow], bool]:
    """Sessions that are over, the last first, and whether more follow."""
    query = _query().where(sessions.c.unit_id == unit, sessions.c.ends_at <= now, *_of(host))
    order = query.order_by(sessions.c.starts_at.desc(), sessions.c.id.desc()).limit(PAGE + 1).offset((page - 1) * PAGE)
    rows = conn.execute(order).all()
    return [_row(row) for row in rows[:PAGE]], len(rows) > PAGE


def between(conn: Connection, unit: int, since: int, until: int, *, host: str = "") -> list[SessionRow]:
    """Sessions that begin in a span of time, in order; at most 500."""
    begins = (sessions.c.starts_at >= since) & (sessions.c.starts_at < until)
    query = _query().where(sessions.c.unit_id == unit, begins, *_of(host))
    return [_row(row) for row in conn.execute(query.order_by(sessions.c.starts_at, sessions.c.id).limit(10 * PAGE))]


def owed(conn: Connection, unit: int, now: int) -> list[SessionRow]:
    """Sessions of which something is due: those that are over and not closed, or whose results are not out; at most 20.

    And those to come within two weeks that nobody has been told of.
    """
    over = sessions.c.state.in_(("announced", "held")) & (sessions.c.ends_at <= now)
    over = over & ~((sessions.c.state == "held") & sessions.c.kind.in_(RECEPTIONS))
    near = (sessions.c.state == "planned") & (sessions.c.starts_at > now) & (sessions.c.starts_at < now + _NEAR)
    query = _query().where(sessions.c.unit_id == unit, over | near).order_by(sessions.c.starts_at, sessions.c.id)
    return [_row(row) for row in conn.execute(query.limit(20))]


def _of(host: str) -> tuple[ColumnElement[bool], ...]:
    return (sessions.c.host == host,) if host else ()


def one(conn: Connection, unit: int, id: int) -> SessionRow | None:
    """A session of this unit."""
    row = conn.execute(_query().where(sessions.c.unit_id == unit, sessions.c.id == id)).one_or_none()
    return None if row is None else _row(row)


def has_series(conn: Connection, unit: int, first: Meeting, rule: str) -> bool:
    """Whether the same is repeated already: of the same kind and host, by the same rule, at the same hour."""
    rows = session_series.c
    same = (
        (rows.unit_id == unit) & (rows.state == "open") & (rows.rule == rule.upper()) & (rows.kind == str(first.kind))
    )
    same = same & (rows.host == str(first.host)) & (rows.starts == f"{local(first.starts_at):%H:%M}")
    return conn.scalar(select(rows.id).where(same).limit(1)) is not None


def planned_of(conn: Connection, series: int, now: int, but: int) -> list[int]:
    """The sessions to come of a series that nobody has been told of yet, but for one."""
    mine = (sessions.c.series_id == series) & (sessions.c.state == "planned") & (sessions.c.starts_at > now)
    query = select(sessions.c.id).where(mine, sessions.c.id != but).order_by(sessions.c.starts_at).limit(PAGE)
    return list(conn.scalars(query))


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the way of a host: another session (`session`), or days that the host is busy (`note`)."""

    session: int
    title: str
    starts_at: int
    ends_at: int
    first_day: date | None = None
    last_day: date | None = None
    note: str = ""


def clashes(conn: Connection, unit: int, host: str, starts_at: int, ends_at: int, day: date, own: int) -> list[Clash]:
    """Other sessions of a host that overlap, and the days the host is busy; `own` is the session that asks."""
    others = conn.execute(
        select(sessions.c.id, sessions.c.title, sessions.c.starts_at, sessions.c.ends_at)
        .where(
            sessions.c.unit_id == unit,
            sessions.c.host == host,
            sessions.c.id != own,
            sessions.c.state != "cancelled",
            sessions.c.starts_at < ends_at,
            sessions.c.ends_at > starts_at,
        )
        .order_by(sessions.c.starts_at)
    )
    found = [Clash(session=row.id, title=row.title, starts_at=row.starts_at, ends_at=row.ends_at) for row in others]
    on = day.isoformat()
    away = conn.execute(
        select(host_busy).where(
            host_busy.c.unit_id == unit,
            host_busy.c.host == host,
            host_busy.c.first_day <= on,
            host_busy.c.last_day >= on,
        )
    )
    return found + [
        Clash(
            session=0,
            title="",
            starts_at=0,
            ends_at=0,
            first_day=date.fromisoformat(row.first_day),
            last_day=date.fromisoformat(row.last_day),
            note=row.note,
        )
        for row in away
    ]


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A notice to many: how many have been told, and whether that was all."""

    what: str
    told: int
    created_at: int
    done_at: int | None


def notices_of(conn: Connection, session: int) -> list[NoticeRow]:
    """What was said of a session to many, in order."""
    query = select(session_notices).where(session_notices.c.session_id == session).order_by(session_notices.c.id)
    return [
        NoticeRow(what=r.what, told=r.told, created_at=r.created_at, done_at=r.done_at) for r in conn.execute(query)
    ]


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """A village that a paper of the session goes to, and its head where the head has an account here."""

    village_id: int
    village: str
    head: str
    kind: str
    sent_at: int
    received_at: int | None
    note: str


def sheets_of(conn: Connection, session: int) -> list[SheetRow]:
    """To which villages the papers of a session went."""
    head = (
        select(func.min(officers.c.name))
        .where(officers.c.unit_id == units.c.id, officers.c.role == "village_head", officers.c.active == 1)
        .scalar_subquery()
    )
    rows = conn.execute(
        select(session_sheets, units.c.name.label("village"), func.coalesce(head, "").label("head"))
        .join(units, units.c.id == session_sheets.c.village_id)
        .where(session_sheets.c.session_id == session)
        .order_by(session_sheets.c.kind, units.c.sort_key)
    )
    same = ("village_id", "village", "head", "kind", "sent_at", "received_at", "note")
    return [SheetRow(**{name: getattr(row, name) for name in same}) for row in rows]


class PromiseRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was promised in a session. `officer` sees to it, 0 where that is nobody with an account."""

    id: int
    session: int
    title: str
    starts_at: int
    question: int
    """The question it was promised upon, 0 where it was none; `asked` is its text."""
    asked: str
    text: str
    officer: int
    owner: str
    due: date
    state: str
    version: int
    note: str
    done_at: int | None


_PROMISE = (
    select(
        session_promises,
        sessions.c.title,
        sessions.c.starts_at,
        func.coalesce(session_questions.c.text, "").label("asked"),
        func.coalesce(officers.c.name, session_promises.c.owner).label("who"),
    )
    .join(sessions, sessions.c.id == session_promises.c.session_id)
    .outerjoin(session_questions, session_questions.c.id == session_promises.c.question_id)
    .outerjoin(officers, officers.c.id == session_promises.c.officer_id)
)


def _promise(row: Row[Any]) -> PromiseRow:
    same = ("id", "title", "starts_at", "asked", "text", "state", "version", "note", "done_at")
    return PromiseRow(
        **{name: getattr(row, name) for name in same},
        session=row.session_id,
        question=row.question_id or 0,
        officer=row.officer_id or 0,
        owner=row.who,
        due=date.fromisoformat(row.due_day),
    )


def promises(conn: Connection, unit: int, *, open_ones: bool, page: int = 1) -> tuple[list[PromiseRow], bool]:
    """What was promised, open ones by due day, others the newest first; and whether more follow."""
    is_open = session_promises.c.state == "open"
    query = _PROMISE.where(session_promises.c.unit_id == unit, is_open if open_ones else ~is_open)
    order = (session_promises.c.due_day, session_promises.c.id) if open_ones else (session_promises.c.done_at.desc(),)
    rows = conn.execute(query.order_by(*order).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [_promise(row) for row in rows[:PAGE]], len(rows) > PAGE


def promise(conn: Connection, unit: int, id: int) -> PromiseRow | None:
    """One promise of this unit."""
    row = conn.execute(_PROMISE.where(session_promises.c.unit_id == unit, session_promises.c.id == id)).one_or_none()
    return None if row is None else _promise(row)


def promises_of(conn: Connection, session: int) -> list[PromiseRow]:
    """What was promised in a session, in order."""
    query = _PROMISE.where(session_promises.c.session_id == session).order_by(session_promises.c.id)
    return [_promise(row) for row in conn.execute(query)]


def promised_before(
    conn: Connection, unit: int, of: Collection[int], phones: Collection[str]
) -> list[tuple[PromiseRow, int | None, str]]:
    """(promise, account, telephone) of open ones to whoever asked from these accounts or telephones, by due day."""
    mine = (session_promises.c.unit_id == unit, session_promises.c.state == "open")
    theirs = bookings.c.account_id.in_(of) | bookings.c.phone.in_(phones)
    query = _PROMISE.add_columns(bookings.c.account_id, bookings.c.phone).where(*mine, theirs)
    query = query.join(bookings, bookings.c.id == session_questions.c.booking_id)
    rows = conn.execute(query.order_by(session_promises.c.due_day, session_promises.c.id))
    return [(_promise(row), row.account_id, row.phone) for row in rows]


def promise_counts(conn: Connection, unit: int, today: date) -> tuple[int, int]:
    """How many promises are open, and how many of these are late."""
    late = func.sum(case((session_promises.c.due_day < today.isoformat(), 1), else_=0))
    row = conn.execute(
        select(func.count(), late).where(session_promises.c.unit_id == unit, session_promises.c.state == "open")
    ).one()
    return int(row[0]), int(row[1] or 0)


def public(conn: Connection, unit: int, now: int, since: int) -> tuple[list[SessionRow], list[SessionRow]]:
    """What anybody may see: announced sessions to come (also those cancelled since), and published ones since then."""
    base = _query().where(sessions.c.unit_id == unit, sessions.c.announced_at.is_not(None))
    ahead = base.where(sessions.c.ends_at > now).order_by(sessions.c.starts_at, sessions.c.id).limit(PAGE)
    done = base.where(sessions.c.published_at.is_not(None), sessions.c.ends_at > since)
    return (
        [_row(row) for row in conn.execute(ahead)],
        [_row(row) for row in conn.execute(done.order_by(sessions.c.starts_at.desc()).limit(PAGE))],
    )


class PromisedTo(msgspec.Struct, frozen=True, kw_only=True):
    """To whom something was promised, and when: the booking that asked, the session and its day.

    `account` None: an officer wrote the booking down; there is no chat.
    """

    booking: int
    account: int | None
    text: str
    title: str
    day: date


def promised_to(conn: Connection, promise: int) -> PromisedTo | None:
    """Who asked for what was promised; None where nobody on the list did, or who it was is not known any more."""
    row = conn.execute(
        select(bookings.c.id, bookings.c.account_id, session_promises.c.text, sessions.c.title, sessions.c.starts_at)
        .select_from(session_promises)
        .join(session_questions, session_questions.c.id == session_promises.c.question_id)
        .join(bookings, bookings.c.id == session_questions.c.booking_id)
        .join(sessions, sessions.c.id == session_promises.c.session_id)
        .where(session_promises.c.id == promise, bookings.c.account_id.is_not(None) | (bookings.c.channel == ""))
    ).one_or_none()
    if row is None:
        return None
    return PromisedTo(booking=row.id, account=row.account_id, text=row.text, title=row.title, day=day_of(row.starts_at))
