"""Promised days that were missed, and whether the citizen was told before: from the acts, and how their words fared."""

from typing import Any, Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, func, select

from feedback.acts import CaseFacts, Decision
from feedback.clocks import Deadline
from feedback.promised_days import (
    SORRY,
    Happened,
    Promised,
    answers,
    is_open,
    overdue_since,
    owed,
    promised_days,
)
from feedback.roles import Actor
from feedback.states import OPEN
from storage import confidential
from storage.case_lines import its_own
from storage.tables import acts, calls, cases, officers, outbox, units, works
from storage.tx import Tx

Apology = Literal["in_time", "incomplete", "after", "none"]
"""in_time: before the day had passed, with reason, new day and a person's name · incomplete: as early, but without a
new day or a name · after: made or brought to the citizen only afterwards · none."""


class Missed(NamedTuple):
    """A promised day that passed without the answer; `due` its last instant (UTC ms), `by_officer`: who said sorry."""

    kind: str
    category: str
    due: int
    apology: Apology
    by_officer: bool


class Answered(NamedTuple):
    """An answer at `at` to what was promised for the days `first` and, put off, `last` (UTC ms); `works` is a name.

    `stars`: how the citizen rated it afterwards, 1 to 5; 0 where not said by the instant that was asked for.
    """

    kind: str
    category: str
    village: int | None
    works: str
    at: int
    first: int
    last: int
    stars: int = 0


class Overdue(NamedTuple):
    """A case without the answer that was promised for `due`, its last instant (UTC ms)."""

    code: str
    kind: str
    category: str
    village: int | None
    due: int


def detail(tx: Tx, facts: CaseFacts, decision: Decision, actor: Actor) -> dict[str, object]:
    """What an act on a case keeps of the promise: `due` until which an answer was owed, `until` when it is now."""
    due, until = owed(facts.deadline, decision)
    said: dict[str, object] = {name: at for name, at in (("due", due), ("until", until)) if at is not None}
    if decision.action in SORRY:
        said["named"] = int(_names_somebody(tx, facts, actor))
    return said


def _names_somebody(tx: Tx, facts: CaseFacts, actor: Actor) -> bool:
    """Whether the words of an apology can say whom to turn to: who acts, who has the case, else the commune's own."""
    if actor.id:
        return True
    holder = func.coalesce(cases.c.officer_id, cases.c.assigned_id)
    mine = select(officers.c.id).join(cases, officers.c.id == holder)
    if tx.execute(mine.where(cases.c.id == facts.id, officers.c.name != "")).first() is not None:
        return True
    return bool(tx.execute(select(units.c.contact).where(units.c.id == facts.unit)).scalar())


class _Detail(msgspec.Struct):
    before: str | None = None
    after: str | None = None
    due: int | None = None
    until: int | None = None
    named: int = 0
    stars: int = 0


_detail = msgspec.json.Decoder(_Detail)
_deadline = msgspec.json.Decoder(Deadline)


def missed(conn: Connection, unit: int, first: int, before: int) -> list[Missed]:
    """Days promised in cases of a unit that ended in [first, before) without the answer; of no confidential case."""
    late_days = [
        (row, one)
        for row, promised in _promised(conn, unit, first, before)
        for one in promised
        if first <= one.due and one.missed(before)
    ]
    told = _told(conn, unit, {(row.id, one.sorry.at) for row, one in late_days if one.sorry is not None})
    return [Missed(row.kind, row.category, one.due, *_apology(one, row.id, told)) for row, one in late_days]


def answered(conn: Connection, unit: int, first: int, before: int) -> list[Answered]:
    """Answers in [first, before) to what a unit had promised; of no confidential case."""
    rated = _rated(conn, unit, first, before)
    found = []
    for row, promised in _promised(conn, unit, first, before):
        for one in answers(promised):
            if first <= one.at < before:
                stars = [given for at, given in rated.get(row.id, ()) if at >= one.at]
                about = (row.kind, row.category, row.village_id, row.works or "")
                found.append(Answered(*about, one.at, one.first, one.last, stars[-1] if stars else 0))
    return found


def _rated(conn: Connection, unit: int, first: int, before: int) -> dict[int, list[tuple[int, int]]]:
    """Ratings in [first, before) by case, as (when, stars); of no confidential case."""
    query = (
        select(acts.c.thing_id, acts.c.at, acts.c.detail)
        .join(cases, (cases.c.id == acts.c.thing_id) & (acts.c.thing == "case"))
        .where(cases.c.unit_id == unit, confidential.visible(), its_own(), acts.c.action == "rate")
        .where(acts.c.at >= first, acts.c.at < before, acts.c.detail != "")
        .order_by(acts.c.thing_id, acts.c.version)
    )
    found: dict[int, list[tuple[int, int]]] = {}
    for row in conn.execute(query):
        found.setdefault(row.thing_id, []).append((row.at, _detail.decode(row.detail).stars))
    return found


def overdue(conn: Connection, unit: int, before: int) -> list[Overdue]:
    """What was promised by a unit for a day before that instant and not answered by it, longest overdue first."""
    found = [
        Overdue(row.code, row.kind, row.category, row.village_id, since)
        for row, happened in _happenings(conn, unit, before, before)
        if (since := overdue_since(happened, _deadline.decode(row.deadline), before)) is not None
    ]
    return sorted(found, key=lambda one: (one.due, one.code))


def _promised(conn: Connection, unit: int, first: int, before: int) -> list[tuple[Any, list[Promised]]]:
    """The cases that may owe, or have owed, an answer in [first, before), each with what was promised in it."""
    found = _happenings(conn, unit, first, before)
    return [(row, promised_days(happened, _deadline.decode(row.deadline))) for row, happened in found]


def _happenings(conn: Connection, unit: int, first: int, before: int) -> list[tuple[Any, list[Happened]]]:
    # What nothing was done to since then, and which owed nothing then, cannot have been late then.
    late = (cases.c.moved_at >= first) | cases.c.state.in_(sorted(OPEN))
    # What was joined into another case is answered there: one promise is kept or broken once.
    counted = confidential.visible() & its_own()
    mine = (cases.c.unit_id == unit, cases.c.opened_at < before, cases.c.deadline != "", late, counted)
    columns = (cases.c.id, cases.c.code, cases.c.kind, cases.c.category, cases.c.village_id, cases.c.deadline)
    query = select(*columns, works.c.name.label("works")).outerjoin(works, works.c.id == cases.c.works_id)
    found = conn.execute(query.where(*mine).order_by(cases.c.id)).all()
    happened: dict[int, list[Happened]] = {}
    lines = (
        select(acts.c.thing_id, acts.c.at, acts.c.action, acts.c.actor, acts.c.detail)
        .join(cases, (cases.c.id == acts.c.thing_id) & (acts.c.thing == "case"))
        .where(*mine)
        .order_by(acts.c.thing_id, acts.c.version)
    )
    for row in conn.execute(lines):
        if row.detail:
            happened.setdefault(row.thing_id, []).append(_happened(row.at, row.action, row.actor, row.detail))
    return [(row, happened.get(row.id, [])) for row in found]


def _happened(at: int, action: str, actor: str, detail: str) -> Happened:
    said = _detail.decode(detail)
    return Happened(
        at=at,
        action=action,
        open_before=is_open(said.before or ""),
        open_after=is_open(said.after or ""),
        due=said.due,
        until=said.until,
        by_officer=actor.startswith("officer:"),
        named=bool(said.named),
    )


def _told(conn: Connection, unit: int, sorry: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Of apologies (case, when it was made): when they had come to the citizen, or stood in the list of whom to call.

    An apology is the message about the case that was written with its act. What is read in a browser is there at once;
    an answer that was kept for the person's next word is in the list of calls from the same moment on.
    """
    if not sorry:
        return {}
    instants = [at for _, at in sorry]
    # One walk over the messages of those days: there is no way to them by their case.
    days = (outbox.c.created_at >= min(instants), outbox.c.created_at <= max(instants))
    letters = (
        select(outbox.c.id, outbox.c.case_id, outbox.c.state, outbox.c.created_at, outbox.c.sent_at)
        .where(outbox.c.unit_id == unit, outbox.c.case_id.is_not(None), *days, confidential.letters())
        .order_by(outbox.c.id)
    )
    called = select(calls.c.outbox_id, calls.c.since)
    called = called.where(calls.c.unit_id == unit, calls.c.since >= min(instants), confidential.calling())
    since: dict[int, int] = {row.outbox_id: row.since for row in conn.execute(called)}
    found: dict[tuple[int, int], int] = {}
    for row in conn.execute(letters):
        key = (row.case_id, row.created_at)
        there = [at for at in (row.sent_at, since.get(row.id)) if at is not None]
        there += [row.created_at] if row.state == "read" else []
        if key in sorry and there:
            found[key] = min(*there, found.get(key, there[0]))
    return found


def _apology(one: Promised, case: int, told: dict[tuple[int, int], int]) -> tuple[Apology, bool]:
    sorry = one.sorry
    if sorry is None:
        return "none", False
    came = told.get((case, sorry.at))
    if came is None or came > one.due:
        return "after", sorry.by_officer
    return ("in_time" if sorry.new_day and sorry.named else "incomplete"), sorry.by_officer
