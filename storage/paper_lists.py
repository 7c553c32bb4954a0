"""Lists on paper that ask for a dialogue: entered, struck out, shown; every change is in the list of acts."""

from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from feedback.kinds import Kind
from feedback.paper_lists import EnterList, StrikeList, is_enough
from feedback.roles import Actor
from feedback.states import OPEN
from storage import act_rows, confidential
from storage.ids import new_id
from storage.schema.session_work import dialogue_lists
from storage.tables import cases, officers, units
from storage.tx import Tx

_MOST = 200


def enter(tx: Tx, actor: Actor, act: EnterList, now: int) -> int:
    """Keep a decided entry; its id."""
    id = new_id()
    facts: dict[str, Any] = {
        "topic": act.topic,
        "signers": act.signers,
        "voters": act.voters,
        "day": act.day.isoformat(),
    }
    tx.execute(
        insert(dialogue_lists).values(
            id=id, unit_id=actor.unit, village_id=act.village, officer_id=actor.id, entered_at=now, **facts
        )
    )
    act_rows.record(
        tx, actor, "list.enter", thing="dialogue_list", thing_id=id, unit=actor.unit, now=now, version=None, **facts
    )
    return id


def strike(tx: Tx, actor: Actor, act: StrikeList, now: int) -> bool:
    """Strike a decided entry out; False where there is none of this unit, or it is struck out already."""
    mine = (dialogue_lists.c.id == act.id) & (dialogue_lists.c.unit_id == actor.unit)
    open_one = mine & dialogue_lists.c.struck_at.is_(None)
    if tx.execute(update(dialogue_lists).where(open_one).values(struck_at=now)).rowcount != 1:
        return False
    act_rows.record(
        tx, actor, "list.strike", thing="dialogue_list", thing_id=act.id, unit=actor.unit, now=now, reason=act.reason
    )
    return True


class PaperList(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is shown; `village` is "" for the whole commune, `officer` who entered it."""

    id: int
    topic: str
    village: str
    signers: int
    voters: int
    day: date
    officer: str
    entered_at: int
    struck: bool

    @property
    def enough(self) -> bool:
        """Whether it obliges the head to hold the dialogue."""
        return not self.struck and is_enough(self.signers, self.voters)


_village = units.alias("village_of_list")


def listed(conn: Connection, unit: int) -> list[PaperList]:
    """The entries of a commune, the newest first, at most 200."""
    rows = conn.execute(
        select(dialogue_lists, _village.c.name.label("village"), officers.c.name.label("officer"))
        .outerjoin(_village, _village.c.id == dialogue_lists.c.village_id)
        .join(officers, officers.c.id == dialogue_lists.c.officer_id)
        .where(dialogue_lists.c.unit_id == unit)
        .order_by(dialogue_lists.c.entered_at.desc(), dialogue_lists.c.id.desc())
        .limit(_MOST)
    )
    same = ("id", "topic", "signers", "voters", "officer", "entered_at")
    return [
        PaperList(
            **{name: getattr(row, name) for name in same},
            village=row.village or "",
            day=date.fromisoformat(row.day),
            struck=row.struck_at is not None,
        )
        for row in rows
    ]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """How many people ask to talk about a field in a village ("" where unknown), and the newest wishes for a day."""

    category: str
    village: str
    people: int
    cases: int
    oldest: int
    codes: tuple[tuple[str, str], ...]
    """(code, wanted day) of at most 20 requests, the oldest first."""


def asked(conn: Connection, unit: int) -> list[Asked]:
    """Open requests for a dialogue, grouped by field and village, the most wanted first."""
    mine = (
        cases.c.unit_id == unit,
        cases.c.kind == Kind.DIALOGUE,
        cases.c.state.in_(OPEN),
        confidential.visible(),
    )
    place = func.coalesce(cases.c.village_id, 0)
    groups = conn.execute(
        select(
            cases.c.category,
            place.label("place"),
            func.coalesce(func.max(_village.c.name), "").label("village"),
            func.count(cases.c.account_id.distinct()).label("people"),
            func.count().label("many"),
            func.min(cases.c.opened_at).label("oldest"),
        )
        .outerjoin(_village, _village.c.id == cases.c.village_id)
        .where(*mine)
        .group_by(cases.c.category, place)
        .order_by(func.count(cases.c.account_id.distinct()).desc(), func.min(cases.c.opened_at))
        .limit(_MOST)
    ).all()
    rows = conn.execute(
        select(cases.c.category, place.label("place"), cases.c.code, cases.c.wanted_day)
        .where(*mine)
        .order_by(cases.c.opened_at, cases.c.id)
        .limit(_MOST * 10)
    ).all()
    codes: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for row in rows:
        codes.setdefault((row.category, row.place), []).append((row.code, row.wanted_day))
    return [
        Asked(
            category=row.category,
            village=row.village,
            people=row.people,
            cases=row.many,
            oldest=row.oldest,
            codes=tuple(codes.get((row.category, row.place), [])[:20]),
        )
        for row in groups
    ]


def people(conn: Connection, unit: int) -> int:
    """How many people have an open request for a dialogue."""
    query = select(func.count(cases.c.account_id.distinct())).where(
        cases.c.unit_id == unit,
        cases.c.kind == Kind.DIALOGUE,
        cases.c.state.in_(OPEN),
        confidential.visible(),
    )
    return conn.scalar(query) or 0
