"""The list of acts as officers read it: what each was, on what, by whom; of what is confidential the keeper alone."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, exists, or_, select

from feedback.roles import OFFICER, SYSTEM, Actor, may
from storage import act_rows, confidential
from storage.act_names import names_of
from storage.tables import acts, blocks, calls, case_blobs, cases, officers, outbox, units
from storage.tx import Tx
from vietnam.time import day_of, start_of

PAGE = 50
READING = "audit"
"""What acts are on that say that somebody read this list, or had its chain looked at."""

_OF_A_CASE = ("case", "case_reading", "case_erasing", "case_page", "case_note", "case_note_erasing")
"""Things whose id is that of a case."""
_KEEPERS = ("kept_register", "kept_register_reading", "kept_clock")
"""Things of which nobody but the keeper learns."""

GROUPS: dict[str, tuple[str, ...]] = {
    "case": (*_OF_A_CASE, "photo", "call", "letter", "block", "works"),
    "register": ("register", "line_clock", *_KEEPERS),
    "data": ("data_request", "data_clock"),
    "session": ("session", "session_series", "session_sheet", "booking", "booking_erasing", "host_busy",
                "dialogue_list"),
    "survey": ("survey", "survey_draft", "wave", "frame", "paper"),
    "report": ("report", "brief", "plan", "profile", "sheet", "criteria", "served", "mood", "dossier", "province"),
    "people": ("officer", "unit"),
    "settings": ("place", "days", "routing", "kinds", "works", "channel", "map", "settings", "bulletin", "fact",
                 "canned"),
    "oversight": ("oversight",),
    "audit": (READING,),
}  # fmt: skip
"""What may be chosen on the page -> the things that belong to it; "other" is what belongs to none."""

_SHOWN: dict[str, frozenset[str]] = {
    "place": frozenset({"name", "was", "count"}),
    "days": frozenset({"first", "last", "days"}),
    "officer": frozenset({"login", "role"}),
    "plan": frozenset({"slug", "year", "period"}),
    "report": frozenset({"period"}),
    "kinds": frozenset({"what", "name"}),
    "works": frozenset({"name"}),
    "served": frozenset({"month", "served"}),
    "channel": frozenset({"channel", "name"}),
    "settings": frozenset({"sections"}),
    "wave": frozenset({"code", "count"}),
    "frame": frozenset({"rows"}),
    "fact": frozenset({"title"}),
    "province": frozenset({"period", "commune", "survey"}),
    "audit": frozenset({"acts", "whole"}),
}
"""What an act says that the list repeats: nothing that a citizen has said, and nothing of a person but officers."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which acts: from an instant until before another (UTC milliseconds), and by whom, of what, on which case."""

    since: int
    until: int
    who: str = ""
    """As the chain has it: "officer:7", "citizen", "system"; "" for everybody."""
    group: str = ""
    code: str = ""
    below: int = 0
    """Only acts before this place of the chain; 0: from the newest on."""

    @property
    def narrow(self) -> bool:
        """Whether it asks for more than days: then a line that may not be read must not answer."""
        return bool(self.who or self.group or self.code)


class ActLine(msgspec.Struct, frozen=True, kw_only=True):
    """One act. Of a hidden one there is nothing but its place and the beginning of its hash."""

    seq: int
    chain: str
    hidden: bool = False
    at: int = 0
    thing: str = ""
    action: str = ""
    kind: str = ""
    """"officer", "citizen" or "system"."""
    who: str = ""
    """The officer's name, "" for others, and for officers who are there no more."""
    name: str = ""
    """What it was on, as officers call it: the code of a case, the title of a session."""
    said: dict[str, Any] = {}


def listed(conn: Connection, actor: Actor, wanted: Filter) -> tuple[list[ActLine], bool]:
    """The acts of the officer's unit, the newest first, and whether more follow; nothing for whoever may not read."""
    if not may(actor, "audit.see", actor.unit):
        return [], False
    hidden = _hidden(actor)
    mine = (acts.c.unit_id == actor.unit) & (acts.c.at >= wanted.since) & (acts.c.at < wanted.until)
    query = select(acts, hidden.label("hidden")).where(mine, *_narrowed(actor, wanted))
    if wanted.narrow:
        query = query.where(~hidden)
    if wanted.below:
        query = query.where(acts.c.seq < wanted.below)
    rows = conn.execute(query.order_by(acts.c.seq.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    open_ones = [row for row in shown if not row.hidden]
    names = names_of(conn, [(row.thing, row.thing_id) for row in open_ones])
    people = _people(conn, open_ones)
    return [_line(row, names, people) for row in shown], len(rows) > PAGE


def _narrowed(actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.who:
        found.append(acts.c.actor == wanted.who)
    if wanted.group == "other":
        found.append(acts.c.thing.not_in([thing for group in GROUPS.values() for thing in group]))
    elif wanted.group:
        found.append(acts.c.thing.in_(GROUPS.get(wanted.group, ())))
    if wanted.code:
        case = select(cases.c.id).where(cases.c.unit_id == actor.unit, cases.c.code == wanted.code, _open(actor))
        found.append(acts.c.thing.in_(_OF_A_CASE) & acts.c.thing_id.in_(case))
    return found


def _open(actor: Actor) -> ColumnElement[bool]:
    """Of cases: those whose acts this officer may read."""
    if may(actor, "kept.see", actor.unit):
        return confidential.reached(actor) | confidential.kept()
    return confidential.reached(actor)


def _hidden(actor: Actor) -> ColumnElement[bool]:
    """Of acts: those on a case, or on what hangs on a case, that this officer may not read of."""
    closed = ~_open(actor)
    on_it = exists(select(cases.c.id).where(cases.c.id == acts.c.thing_id, closed))
    found = [
        and_(acts.c.thing.in_(_OF_A_CASE), on_it),
        and_(acts.c.thing == "photo", _through(case_blobs.c.blob_id, case_blobs.c.case_id, closed)),
        and_(acts.c.thing == "call", _through(calls.c.id, calls.c.case_id, closed)),
        and_(acts.c.thing == "letter", _through(outbox.c.id, outbox.c.case_id, closed)),
        and_(acts.c.thing == "block", _through(blocks.c.id, blocks.c.case_id, closed)),
    ]
    if not may(actor, "kept.see", actor.unit):
        found.append(acts.c.thing.in_(_KEEPERS))
    return or_(*found)


def _through(id: ColumnElement[int], case: ColumnElement[Any], closed: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(cases.c.id).where(id == acts.c.thing_id, case == cases.c.id, closed))


def _line(row: Row[Any], names: dict[tuple[str, int], str], people: dict[int, str]) -> ActLine:
    if row.hidden:
        return ActLine(seq=row.seq or 0, chain=row.chain[:16], hidden=True)
    kind, _, id = row.actor.partition(":")
    return ActLine(
        seq=row.seq or 0,
        chain=row.chain[:16],
        at=row.at,
        thing=row.thing,
        action=row.action,
        kind=kind,
        who=people.get(int(id or 0), ""),
        name=names.get((row.thing, row.thing_id), ""),
        said=_said(row.thing, row.detail),
    )


def _said(thing: str, detail: str) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(detail or "{}", type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}  # somebody has changed it; the chain says so
    return {
        name: said[name] for name in said if name in _SHOWN.get(thing, frozenset()) and said[name] not in ("", None)
    }


def _people(conn: Connection, rows: list[Row[Any]]) -> dict[int, str]:
    ids = {int(row.actor.partition(":")[2] or 0) for row in rows if row.actor.startswith(OFFICER)}
    found = conn.execute(select(officers.c.id, officers.c.name).where(officers.c.id.in_(ids)))
    return {row.id: row.name for row in found}


def colleagues(conn: Connection, unit: int) -> list[tuple[int, str]]:
    """Officers of a unit and of its villages (id, name), those of the past included, by name."""
    mine = select(units.c.id).where((units.c.id == unit) | (units.c.parent_id == unit))
    query = select(officers.c.id, officers.c.name).where(officers.c.unit_id.in_(mine))
    return [(row.id, row.name) for row in conn.execute(query.order_by(officers.c.name, officers.c.id))]


def has_read(conn: Connection, actor: Actor, now: int) -> bool:
    """Whether it is kept already that this officer read the list today."""
    mine = (acts.c.unit_id == actor.unit) & (acts.c.at >= start_of(day_of(now)))
    mine &= (acts.c.thing == READING) & (acts.c.action == "read") & (acts.c.actor == actor.label())
    return conn.execute(select(acts.c.id).where(mine).limit(1)).first() is not None


def read(tx: Tx, actor: Actor, now: int) -> None:
    """The officer reads the list: once a day that is an act."""
    if may(actor, "audit.see", actor.unit) and not has_read(tx.conn, actor, now):
        act_rows.record(tx, actor, "read", thing=READING, thing_id=actor.unit, unit=actor.unit, now=now)


def checked(tx: Tx, actor: Actor, now: int, *, whole: bool, many: int) -> None:
    """The officer had the chain looked at, and what was found."""
    if may(actor, "audit.see", actor.unit):
        act_rows.record(
            tx, actor, "check", thing=READING, thing_id=actor.unit, unit=actor.unit, now=now, whole=whole, acts=many
        )


def settings_changed(tx: Tx, unit: int, digests: dict[str, str], now: int) -> bool:
    """Keep that the settings file is another one than last time: which parts of it, never what they say.

    `digests`: part -> a digest of it that gives nothing away.
    """
    mine = (acts.c.thing == "settings") & (acts.c.thing_id == unit)
    row = tx.execute(select(acts.c.detail).where(mine).order_by(acts.c.version.desc()).limit(1)).first()
    before: dict[str, str] = {}
    if row is not None:
        before = msgspec.json.decode(row.detail or "{}", type=dict[str, Any]).get("digests", {})
    if before == digests:
        return False
    sections = sorted(name for name in {*before, *digests} if before.get(name) != digests.get(name))
    actor = Actor(kind=SYSTEM, unit=unit)
    said: dict[str, Any] = {"digests": digests, "sections": sections if before else []}
    act_rows.record(
        tx, actor, "change" if before else "begin", thing="settings", thing_id=unit, unit=unit, now=now, **said
    )
    return True
