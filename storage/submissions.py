"""Who of a province's communes has figures of a period: reports of this store, files of others; and who is reminded."""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from feedback.acts import Refusal
from feedback.roles import Actor, may
from storage import act_rows, notices
from storage.ids import new_id
from storage.tables import acts, awaited_communes, reports, submissions, survey_versions, surveys, units
from storage.tables import notices as notice_rows
from storage.tx import Tx
from vietnam.text import clean, sort_key
from vietnam.time import DAY

REMINDER = "notice.report_owed"
APPROVED = frozenset({"approved", "handed", "frozen"})
"""States of a report that the commune's leader stands behind."""
State = Literal["approved", "draft", "making", "file", "file_draft", "none"]
Taken = Literal["new", "same", "replaced", "older"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a commune stands. `unit` and `slug` only of communes of this store; `report` and `submission` are ids.

    `at`: when the report was made or the file received. Only `approved` and `file` have submitted: drafts, of this
    store or in a file, are what no leader stands behind yet.
    """

    name: str
    state: State
    unit: int = 0
    slug: str = ""
    report: int = 0
    submission: int = 0
    at: int | None = None

    @property
    def submitted(self) -> bool:
        """Whether nothing is owed any more."""
        return self.state in ("approved", "file")


class Reminding(msgspec.Struct, frozen=True, kw_only=True):
    """One reminder: by whom ("officer:7", "system"), when, and how many communes were told."""

    actor: str
    at: int
    many: int


class HandedOut(msgspec.Struct, frozen=True, kw_only=True):
    """A survey as the province hands it out."""

    survey: str
    number: int
    title: str
    checksum: str
    published_at: int


def provinces(conn: Connection) -> list[tuple[int, str, str]]:
    """(id, name, slug) of every province, in the order of the alphabet."""
    query = select(units.c.id, units.c.name, units.c.slug).where(units.c.kind == "province")
    return [tuple(row) for row in conn.execute(query.order_by(units.c.sort_key, units.c.id))]


def same_name(name: str) -> str:
    """By what two names are the same commune: capitals, spaces and how accents were typed do not matter."""
    return " ".join(clean(name)[0].casefold().split())


def standings(conn: Connection, province: int, period: str) -> list[Standing]:
    """Every commune of the province, those of the store and those that send files, in the order of the alphabet."""
    found = [own(conn, unit, period, name, slug) for unit, name, slug in _communes(conn, province)]
    known = {same_name(one.name) for one in found}
    query = select(
        submissions.c.id,
        submissions.c.commune,
        submissions.c.period,
        submissions.c.received_at,
        submissions.c.approved,
    )
    mine = conn.execute(query.where(submissions.c.unit_id == province)).all()
    files = {same_name(row.commune): row for row in mine if row.period == period}
    names = {same_name(name): name for name in [*awaited(conn, province), *(row.commune for row in mine)]}
    for key, name in names.items():
        if key in known:
            continue
        row = files.get(key)
        state: State = "none" if row is None else "file" if row.approved else "file_draft"
        found.append(
            Standing(name=name, state=state, submission=row.id if row else 0, at=row.received_at if row else None)
        )
    return sorted(found, key=lambda one: sort_key(one.name))


def _communes(conn: Connection, province: int) -> list[tuple[int, str, str]]:
    below = (units.c.parent_id == province) & (units.c.kind == "commune") & (units.c.active == 1)
    return [tuple(row) for row in conn.execute(select(units.c.id, units.c.name, units.c.slug).where(below))]


def own(conn: Connection, unit: int, period: str, name: str = "", slug: str = "") -> Standing:
    """Where a commune of this store stands by its furthest report on the period; of several as far, the newest."""
    query = select(reports.c.id, reports.c.state, reports.c.made_at, reports.c.asked_at)
    mine = conn.execute(query.where(reports.c.unit_id == unit, reports.c.period == period)).all()
    best = max(mine, key=lambda row: (_RANK.get(row.state, 0), row.asked_at, row.id), default=None)
    if best is None or best.state not in _RANK:
        return Standing(name=name, state="none", unit=unit, slug=slug)
    state: State = "approved" if best.state in APPROVED else "draft" if best.state == "ready" else "making"
    return Standing(name=name, state=state, unit=unit, slug=slug, report=best.id, at=best.made_at)


_RANK = {"making": 1, "ready": 2, "approved": 3, "handed": 4, "frozen": 5}


def figures_of(conn: Connection, standing: Standing) -> str | None:
    """The JSON of the figures of a standing; None where there are none yet."""
    if standing.submission:
        return conn.scalar(select(submissions.c.figures).where(submissions.c.id == standing.submission))
    if standing.report and standing.state != "making":
        return conn.scalar(select(reports.c.figures).where(reports.c.id == standing.report))
    return None


def awaited(conn: Connection, province: int) -> list[str]:
    """Communes with stores of their own that the province expects figures from."""
    query = select(awaited_communes.c.name).where(awaited_communes.c.unit_id == province)
    return sorted(conn.scalars(query), key=sort_key)


def expect(tx: Tx, actor: Actor, names: Sequence[str], now: int) -> bool:
    """From now on these communes are expected, and no others beside those of the store; False where not allowed."""
    if not may(actor, "province.expect", actor.unit):
        return False
    _lock(tx, actor.unit)
    before = awaited(tx.conn, actor.unit)
    wanted = sorted({same_name(name): name for name in names}.values(), key=sort_key)
    if wanted == before:
        return True
    tx.execute(delete(awaited_communes).where(awaited_communes.c.unit_id == actor.unit))
    rows = [{"unit_id": actor.unit, "name": name, "added_by": actor.label(), "added_at": now} for name in wanted]
    if rows:
        tx.execute(insert(awaited_communes), rows)
    _record(tx, actor, "expect", now, communes=wanted, dropped=[name for name in before if name not in wanted])
    return True


def receive(
    tx: Tx,
    actor: Actor,
    *,
    commune: str,
    period: str,
    figures: str,
    sha256: str,
    made_on: str,
    approved: bool,
    now: int,
) -> Taken | Refusal:
    """Keep the figures of a commune of another store, in place of those it sent before of the same period.

    "older": what stands there was made (`made_on`, an ISO day) later than this, and stays. Refusal where the commune
    is one of this store, or the actor may not.
    """
    if not may(actor, "province.receive", actor.unit):
        return Refusal("province.not_allowed")
    _lock(tx, actor.unit)
    key = same_name(commune)
    if any(same_name(name) == key for _, name, _ in _communes(tx.conn, actor.unit)):
        return Refusal("province.own", {"commune": commune})
    query = select(submissions).where(submissions.c.unit_id == actor.unit, submissions.c.period == period)
    there = next((row for row in tx.conn.execute(query) if same_name(row.commune) == key), None)
    values = {
        "figures": figures,
        "sha256": sha256,
        "approved": int(approved),
        "received_by": actor.label(),
        "received_at": now,
    }
    if there is None:
        id = new_id()
        tx.execute(insert(submissions).values(id=id, unit_id=actor.unit, commune=commune, period=period, **values))
        _record(tx, actor, "receive", now, commune=commune, period=period, sha256=sha256)
        return "new"
    if there.sha256 == sha256 and there.approved >= approved:
        return "same"
    if _made_on(there.figures) > made_on:
        return "older"
    tx.execute(update(submissions).where(submissions.c.id == there.id).values(**values))
    _record(tx, actor, "replace", now, commune=commune, period=period, sha256=sha256, before=there.sha256)
    return "replaced"


class _Made(msgspec.Struct):
    made_on: str = ""


def _made_on(figures: str) -> str:
    return msgspec.json.decode(figures, type=_Made).made_on


def remind(tx: Tx, actor: Actor, *, period: str, title: str, now: int) -> list[str] | Refusal:
    """Tell the officers of every commune of the store that owes this period; the names of those that were told now.

    Whoever was told within a day is not told again: a second press, or a second officer, tells nobody twice.
    """
    if not may(actor, "province.remind", actor.unit):
        return Refusal("province.not_allowed")
    _lock(tx, actor.unit)
    province = tx.conn.scalar(select(units.c.name).where(units.c.id == actor.unit))
    params = {"period": title, "province": province}
    body = msgspec.json.encode(params).decode()
    owing = [one for one in standings(tx.conn, actor.unit, period) if one.unit and not one.submitted]
    lately = (notice_rows.c.key == REMINDER) & (notice_rows.c.params == body) & (notice_rows.c.at > now - DAY)
    told = set(
        tx.conn.scalars(select(notice_rows.c.unit_id).where(lately, notice_rows.c.unit_id.in_([o.unit for o in owing])))
    )
    wanted = [one for one in owing if one.unit not in told]
    for one in wanted:
        # What stands there unread of earlier days says the same: it goes, so that one line is left.
        notices.settle(tx, one.unit, REMINDER, params, now)
        notices.add(tx, one.unit, REMINDER, params, now)
    if wanted:
        _record(tx, actor, "remind", now, period=period, communes=[one.unit for one in wanted])
    return [one.name for one in wanted]


def done(tx: Tx, unit: int, title: str, now: int) -> None:
    """A commune's leader has approved the report of a period: of what it was reminded of nothing is left to read."""
    above = units.alias("above")
    name = select(above.c.name).join(units, units.c.parent_id == above.c.id).where(units.c.id == unit)
    notices.settle(tx, unit, REMINDER, {"period": title, "province": tx.conn.scalar(name)}, now)


def remindings(conn: Connection, province: int, period: str) -> list[Reminding]:
    """The reminders of a period, newest first."""
    mine = (acts.c.thing == "province") & (acts.c.thing_id == province) & (acts.c.action == "remind")
    rows = conn.execute(select(acts.c.actor, acts.c.at, acts.c.detail).where(mine).order_by(acts.c.at.desc()))
    said = ((row, msgspec.json.decode(row.detail or "{}")) for row in rows)
    return [
        Reminding(actor=row.actor, at=row.at, many=len(detail["communes"]))
        for row, detail in said
        if detail.get("period") == period
    ]


def handed_out(conn: Connection, province: int) -> list[HandedOut]:
    """The newest version of each survey that the province hands out."""
    query = (
        select(
            surveys.c.slug,
            survey_versions.c.number,
            survey_versions.c.title,
            survey_versions.c.checksum,
            survey_versions.c.published_at,
        )
        .join(surveys, surveys.c.id == survey_versions.c.survey_id)
        .where(survey_versions.c.unit_id == province)
        .order_by(surveys.c.slug, survey_versions.c.number)
    )
    newest = {
        row.slug: HandedOut(survey=row[0], number=row[1], title=row[2], checksum=row[3], published_at=row[4])
        for row in conn.execute(query)
    }
    return list(newest.values())


def record_hand_out(tx: Tx, actor: Actor, *, survey: str, checksum: str, communes: int, now: int) -> None:
    """That a survey was handed out, to how many communes of the store."""
    _record(tx, actor, "hand_out", now, survey=survey, sha256=checksum, communes=communes)


def _lock(tx: Tx, province: int) -> None:
    """Whoever changes what a province has received waits for whoever does now."""
    tx.execute(select(units.c.id).where(units.c.id == province).with_for_update())


def _record(tx: Tx, actor: Actor, action: str, now: int, **detail: Any) -> None:  # noqa: ANN401 - handed on as it came
    act_rows.record(tx, actor, action, thing="province", thing_id=actor.unit, unit=actor.unit, now=now, **detail)
