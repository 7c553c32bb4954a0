"""Cases that one named person alone may see: what hides them, who that is, who had seen them, and their erasing.

Every look at cases, at messages about them and at whom to call begins with `visible`, `letters` or `calling`, or says
in tests/unit/test_every_look_at_cases.py why it need not.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    and_,
    delete,
    exists,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedback.acts import CaseFacts
from feedback.confidential import Closed
from feedback.notice_readers import KEEPER_GONE
from feedback.reach import BOARDS, PAST_THE_DESK, SCOPED, is_past
from feedback.roles import OFFICER, Actor, Role, may
from storage import act_rows, following, topic_gone
from storage import notices as office_notices
from storage.officer_reach import read as reach_of
from storage.tables import (
    acts,
    blob_chunks,
    blobs,
    blocks,
    calls,
    case_blobs,
    case_files,
    case_views,
    cases,
    keepers,
    notices,
    officer_reach,
    officers,
    outbox,
    units,
)
from storage.tx import Tx
from vietnam.time import MINUTE

READING = "case_reading"
"""What acts are on that only say that a confidential case was opened; their id is that of the case."""
NOTE = "case_note"
"""The same of the keeper's sealed notes (storage.kept_notes)."""
_AT_ONCE = 400
_WITH_THE_PAGE = 5 * MINUTE
"""Milliseconds in which a picture is fetched by the page that shows it."""
_ROLES = (str(Role.RECEPTION), str(Role.LEADER))


def visible() -> ColumnElement[bool]:
    """Of cases: those that are open to their unit."""
    return cases.c.confidential == int(Closed.NOT)


def kept() -> ColumnElement[bool]:
    """Of cases: those that the keeper of their unit alone may see.

    What somebody held to be about the Chủ tịch before the keeper was named does not pass to a keeper who is a leader:
    whom it is about could name themselves, or somebody beside them, to read it. It waits for another keeper.
    """
    return (cases.c.confidential == int(Closed.KEPT)) & ~_past_a_leader()


def _past_a_leader() -> ColumnElement[bool]:
    named = (keepers.c.officer_id == officers.c.id) & (officers.c.role == str(Role.LEADER))
    held = (acts.c.thing == "case") & (acts.c.thing_id == cases.c.id) & (acts.c.action == "mark")
    held &= acts.c.detail.contains('"about_head":true') & (acts.c.at < keepers.c.at)
    return exists(
        select(acts.c.id)
        .select_from(acts.join(keepers, keepers.c.unit_id == acts.c.unit_id).join(officers, named))
        .where(held)
        .correlate(cases)
    )


def reached(by: Actor | None) -> ColumnElement[bool]:
    """Of cases: those that are open to their unit and that this officer reaches (feedback.reach); None: all of them."""
    if by is None or by.role is Role.LEADER:
        return visible()
    open_to: ColumnElement[bool] = cases.c.kind.not_in(PAST_THE_DESK)
    if by.role in SCOPED:
        open_to &= _within(by)
    if by.role in BOARDS:
        return visible() & open_to
    given = func.coalesce(cases.c.assigned_id, 0) == by.id
    if by.role not in SCOPED:
        given |= cases.c.assigned_role == str(by.role or "-")
    return visible() & (open_to | given)


def _within(by: Actor) -> ColumnElement[bool]:
    """Of cases: those of the officer's fields and villages; none said: of all."""
    said: list[ColumnElement[bool]] = [true()]
    if by.fields:
        said.append(cases.c.category.in_(by.fields))
    if by.villages:
        said.append(func.coalesce(cases.c.village_id, 0).in_(by.villages))
    return and_(*said)


def own() -> ColumnElement[bool]:
    """Of cases: those that the citizen whose they are may go on with; what was erased is nobody's."""
    return cases.c.confidential != int(Closed.ERASED)


def letters() -> ColumnElement[bool]:
    """Of messages (outbox): those that are about no confidential case."""
    return ~exists(select(cases.c.id).where(cases.c.id == outbox.c.case_id, ~visible()))


def calling(by: Actor | None = None) -> ColumnElement[bool]:
    """Of calls: those that are about no confidential case, nor about one past this officer (see `reached`)."""
    return ~exists(select(cases.c.id).where(cases.c.id == calls.c.case_id, ~reached(by)))


# --- who keeps them ---------------------------------------------------------------------------------------------------


def keeper_of(unit: ColumnElement[int]) -> ScalarSelect[int]:
    """Of a unit: the officer whom the Chủ tịch named, as long as that officer is there; NULL where there is none."""
    there = (officers.c.id == keepers.c.officer_id) & (officers.c.active == 1) & officers.c.role.in_(_ROLES)
    return select(keepers.c.officer_id).join(officers, there).where(keepers.c.unit_id == unit).scalar_subquery()


def keeper(conn: Connection, unit: int) -> tuple[int, str] | None:
    """Id and name of the officer whom the Chủ tịch named; None where there is none."""
    row = conn.execute(
        select(officers.c.id, officers.c.name)
        .join(keepers, keepers.c.officer_id == officers.c.id)
        .where(keepers.c.unit_id == unit, officers.c.active == 1, officers.c.role.in_(_ROLES))
    ).one_or_none()
    return None if row is None else (row.id, row.name)


def lost_keepers(conn: Connection) -> list[tuple[str, str]]:
    """(unit, officer's name, "" without an account) where whom the Chủ tịch named cannot open anything any more."""
    named = officers.c.id == keepers.c.officer_id
    query = (
        select(units.c.name.label("unit"), officers.c.name, officers.c.active, officers.c.role)
        .select_from(keepers.join(units, units.c.id == keepers.c.unit_id).outerjoin(officers, named))
        .order_by(units.c.sort_key)
    )
    rows = conn.execute(query).all()
    return [(row.unit, row.name or "") for row in rows if not row.active or row.role not in _ROLES]


def lost_keeper(conn: Connection, unit: int) -> str | None:
    """The name of the officer whom the Chủ tịch named and who opens nothing any more; None where that is not so."""
    named = officers.c.id == keepers.c.officer_id
    query = select(officers.c.name, officers.c.active, officers.c.role)
    row = conn.execute(query.join(keepers, named).where(keepers.c.unit_id == unit)).one_or_none()
    return None if row is None or (row.active and row.role in _ROLES) else row.name


def nameable(conn: Connection, unit: int) -> list[tuple[int, str, str, str]]:
    """Officers of a unit who may be named: id, log-in, name, role."""
    mine = (officers.c.unit_id == unit) & (officers.c.active == 1) & officers.c.role.in_(_ROLES)
    rows = conn.execute(
        select(officers.c.id, officers.c.login, officers.c.name, officers.c.role).where(mine).order_by(officers.c.name)
    )
    return [(row.id, row.login, row.name, row.role) for row in rows]


def name_keeper(tx: Tx, actor: Actor, officer: int, now: int) -> bool:
    """Name the one person, in place of whoever it was; False where the actor may not, or no such officer is there."""
    if not may(actor, "kept.name", actor.unit):
        return False
    if officer not in {row[0] for row in nameable(tx.conn, actor.unit)}:
        return False
    before = keeper(tx.conn, actor.unit)
    if before is not None and before[0] == officer:
        return True
    maker = postgres_insert(keepers) if tx.postgres else sqlite_insert(keepers)
    values = {"officer_id": officer, "at": now}
    tx.execute(
        maker.values(unit_id=actor.unit, **values).on_conflict_do_update(index_elements=["unit_id"], set_=values)
    )
    office_notices.settle(tx, actor.unit, KEEPER_GONE, {}, now)
    was = 0 if before is None else before[0]
    act_rows.record(
        tx, actor, "name_keeper", thing="unit", thing_id=actor.unit, unit=actor.unit, now=now, officer=officer, was=was
    )
    return True


# --- who has seen them ------------------------------------------------------------------------------------------------


def saw(tx: Tx, unit: int, code: str, officer: int, now: int) -> None:
    """An officer has opened a case that is open to the unit; the first time is kept."""
    mine = select(cases.c.id).where(cases.c.unit_id == unit, cases.c.code == code, visible())
    case = tx.execute(mine).scalar()
    if case is not None:
        maker = postgres_insert(case_views) if tx.postgres else sqlite_insert(case_views)
        tx.execute(maker.values(case_id=case, officer_id=officer, at=now).on_conflict_do_nothing())


def took_out(tx: Tx, actor: Actor, codes: Sequence[str], now: int) -> None:
    """An officer has these cases on paper or in a file: as good as having opened them."""
    if actor.kind != OFFICER:
        return
    maker = postgres_insert(case_views) if tx.postgres else sqlite_insert(case_views)
    for start in range(0, len(codes), _AT_ONCE):
        part = cases.c.code.in_(codes[start : start + _AT_ONCE])
        mine = select(cases.c.id, literal(actor.id, BigInteger), literal(now, BigInteger)).where(
            cases.c.unit_id == actor.unit, part, visible()
        )
        tx.execute(maker.from_select(["case_id", "officer_id", "at"], mine).on_conflict_do_nothing())


def has_seen(conn: Connection, unit: int, code: str, officer: int) -> bool:
    """Whether that is kept already."""
    query = (
        select(case_views.c.at)
        .join(cases, cases.c.id == case_views.c.case_id)
        .where(cases.c.unit_id == unit, cases.c.code == code, case_views.c.officer_id == officer, visible())
    )
    return conn.execute(query).first() is not None


def read(tx: Tx, actor: Actor, code: str, now: int) -> int | None:
    """The keeper opens a confidential case: that is an act. Its id; None where there is none for this actor."""
    if not may(actor, "kept.see", actor.unit):
        return None
    mine = select(cases.c.id).where(cases.c.unit_id == actor.unit, cases.c.code == code, kept()).with_for_update()
    case: int | None = tx.execute(mine).scalar()
    if case is not None:
        act_rows.record(tx, actor, "read", thing=READING, thing_id=case, unit=actor.unit, now=now)
    return case


def looked(tx: Tx, actor: Actor, code: str, blob: int, now: int) -> None:
    """The keeper has fetched a picture of a confidential case: an act, unless its page was opened just before."""
    mine = select(cases.c.id).where(cases.c.unit_id == actor.unit, cases.c.code == code, kept())
    case: int | None = tx.execute(mine).scalar()
    if case is None:
        return
    just = (acts.c.thing == READING) & (acts.c.thing_id == case) & (acts.c.actor == actor.label())
    if tx.execute(select(acts.c.id).where(just, acts.c.at > now - _WITH_THE_PAGE).limit(1)).first() is None:
        act_rows.record(tx, actor, "read", thing=READING, thing_id=case, unit=actor.unit, now=now, picture=str(blob))


# --- what an act makes of them ----------------------------------------------------------------------------------------


def seen_by(tx: Tx, facts: CaseFacts, closed: Closed | None) -> dict[str, object]:
    """What the act is to hold besides, where the case is closed by it.

    seen_by: who had opened it, had taken it out on paper or had entered it, as [officer, when], oldest first; listed:
    how many officers had its first words before them in a list, whether they looked or not.
    """
    if closed is not Closed.KEPT:
        return {}
    views = select(case_views.c.officer_id, case_views.c.at).where(case_views.c.case_id == facts.id)
    seen = {row.officer_id: row.at for row in tx.execute(views)}
    helper = tx.execute(select(cases.c.helper_id, cases.c.opened_at).where(cases.c.id == facts.id)).one()
    if helper.helper_id is not None:
        seen[helper.helper_id] = helper.opened_at
    there = (
        select(officers.c.id, officers.c.role, officer_reach.c.fields, officer_reach.c.villages)
        .outerjoin(officer_reach, officer_reach.c.officer_id == officers.c.id)
        .where(officers.c.unit_id == facts.unit, officers.c.active == 1)
    )
    people = [_actor(facts.unit, row) for row in tx.execute(there)]
    listed = sum(may(one, "case.see", facts.unit) and not is_past(facts, one) for one in people)
    return {"seen_by": sorted(([who, at] for who, at in seen.items()), key=lambda one: one[1]), "listed": listed}


def _actor(unit: int, row: Row[Any]) -> Actor:
    to = reach_of(row.fields, row.villages)
    return Actor(kind=OFFICER, unit=unit, id=row.id, role=Role(row.role), fields=to.fields, villages=to.villages)


def close(tx: Tx, facts: CaseFacts, closed: Closed | None, actor: Actor, now: int) -> None:
    """A case has been marked, given back or erased, in the transaction of that act; None: neither."""
    if closed is None:
        return
    tx.execute(update(cases).where(cases.c.id == facts.id).values(confidential=int(closed)))
    if closed is Closed.NOT:
        return
    # Nobody is kept from writing for what turns out to be a tố cáo (Luật Tố cáo 2018, Đ.8); the list, which shows that
    # block no more, could not end it.
    held = (blocks.c.case_id == facts.id) & blocks.c.lifted_at.is_(None)
    tx.execute(update(blocks).where(held).values(lifted_at=now))
    # Whoever follows it would be told of it, and whoever calls the citizen would see it.
    following.let_go(tx, facts.id, facts.unit, now)
    topic_gone.forget(tx, [facts.id])
    open_calls = (calls.c.case_id == facts.id) & (calls.c.state == "open")
    tx.execute(update(calls).where(open_calls).values(state="read", done_at=now))
    _forget_elsewhere(tx, facts)
    if closed is Closed.ERASED:
        _erase(tx, facts, actor, now)


def _forget_elsewhere(tx: Tx, facts: CaseFacts) -> None:
    """What the officers were told of it goes, and every ZIP of cases that is still there: it may be in it."""
    forget_zips(tx, facts.unit)
    tx.execute(delete(notices).where(notices.c.unit_id == facts.unit, notices.c.params.contains(f'"{facts.code}"')))


def forget_notes(tx: Tx, actor: Actor, case: int, unit: int, now: int) -> None:
    """The words of the keeper's notes go; the chain stays whole. Nothing is written where there was none."""
    mine = (acts.c.thing == NOTE) & (acts.c.thing_id == case) & (acts.c.detail != "")
    if tx.execute(select(acts.c.id).where(mine).limit(1)).first() is not None:
        act_rows.erase(tx, actor, thing=NOTE, thing_id=case, unit=unit, now=now)


def forget_zips(tx: Tx, unit: int) -> None:
    """Every ZIP of a unit's cases goes, those that are just being kept included."""
    zips = (blobs.c.unit_id == unit) & (blobs.c.media_type == "application/zip") & (blobs.c.kept == 0)
    gone = list(tx.execute(delete(blobs).where(zips).returning(blobs.c.id)).scalars())
    if gone:
        tx.execute(delete(blob_chunks).where(blob_chunks.c.blob_id.in_(gone)))


_SAID = (
    "text",
    "folded",
    "name",
    "phone",
    "wanted_day",
    "place",
    "question",
    "forwarded_to",
    "reply",
    "answer",
    "draft",
    "draft_state",
    "deadline",
    "promised_on",
    "matter",
    "transcript",
    "transcript_language",
    "once",
)
_POINTED = ("village_id", "lat", "lon", "cell", "works_id", "due_at")


def _erase(tx: Tx, facts: CaseFacts, actor: Actor, now: int) -> None:
    """Take out all that was said in a case, its pictures, and the words of the messages about it."""
    bare: dict[str, object] = dict.fromkeys(_SAID, "") | dict.fromkeys(_POINTED)
    tx.execute(
        update(cases).where(cases.c.id == facts.id).values(**bare, category="other", stars=0, unheard=0, voice=0)
    )
    pictures = delete(case_blobs).where(case_blobs.c.case_id == facts.id).returning(case_blobs.c.blob_id)
    gone = list(tx.execute(pictures).scalars())
    if gone:
        # The next sweep takes them, however new they are.
        tx.execute(update(blobs).where(blobs.c.id.in_(gone)).values(kept=0, created_at=0))
    documents = delete(case_files).where(case_files.c.case_id == facts.id).returning(case_files.c.blob_id)
    kept_files = list(tx.execute(documents).scalars())
    if kept_files:
        tx.execute(update(blobs).where(blobs.c.id.in_(kept_files)).values(kept=0, created_at=0))
    about = outbox.c.case_id == facts.id
    tx.execute(update(outbox).where(about, outbox.c.state.in_(["ready", "held", "dead"])).values(state="erased"))
    tx.execute(update(outbox).where(about, outbox.c.state != "leased").values(body=None))
    act_rows.erase(tx, actor, thing="case", thing_id=facts.id, unit=facts.unit, now=now)
    forget_notes(tx, actor, facts.id, facts.unit, now)
