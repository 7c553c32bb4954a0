"""Notes of the keeper on a confidential case: sealed, read by whoever keeps it now, and by nobody else.

Each is an act on a thing of its own, so that the chain holds it and its words stand in none of the lists, pages, papers
or copies that take the acts on the case. What was sealed does not tell how much was written, nor does the act say it.
"""

import base64

import msgspec
from sqlalchemy import Connection, select

from feedback.notes import MAX_NOTE
from feedback.roles import Actor, may
from storage import act_rows, confidential
from storage.tables import acts, cases
from storage.tx import Tx
from storage.vault import Vault, WrongKey

_MOST = 200
_ROOM = 4 * MAX_NOTE + 64
"""Bytes that every note takes before it is sealed: the longest one, every letter of it the widest."""
_TWICE = 60_000
"""Milliseconds in which the same words are the same form, sent twice."""


class KeptNote(msgspec.Struct, frozen=True, kw_only=True):
    """A note: who wrote it (id of an officer), when (UTC ms), and the words; None where this key does not open them."""

    by: int
    at: int
    text: str | None


class _Detail(msgspec.Struct):
    sealed: str = ""


_detail = msgspec.json.Decoder(_Detail)


def write(tx: Tx, vault: Vault, actor: Actor, code: str, text: str, now: int) -> bool:
    """The keeper notes something down; False where there is no such case for this actor. ValueError if too long."""
    if len(text) > MAX_NOTE:
        raise ValueError("a note longer than feedback.notes.MAX_NOTE")
    if not may(actor, "kept.see", actor.unit):
        return False
    mine = (cases.c.unit_id == actor.unit) & (cases.c.code == code) & confidential.kept()
    case: int | None = tx.execute(select(cases.c.id).where(mine).with_for_update()).scalar()
    if case is None:
        return False
    newest = [one for one in _notes(tx.conn, vault, case)[:1] if (one.by, one.text) == (actor.id, text)]
    if not newest or newest[0].at < now - _TWICE:
        words = text.encode()
        padded = words + bytes(_ROOM - len(words))
        sealed = base64.b64encode(vault.seal(padded, _context(case))).decode()
        act_rows.record(tx, actor, "note", thing="case_note", thing_id=case, unit=actor.unit, now=now, sealed=sealed)
    return True


def of(conn: Connection, vault: Vault, actor: Actor, case: int) -> list[KeptNote]:
    """The notes on a case that the keeper has open, newest first; nothing for everybody else."""
    if not may(actor, "kept.see", actor.unit):
        return []
    there = select(cases.c.id).where(cases.c.id == case, cases.c.unit_id == actor.unit, confidential.kept())
    return _notes(conn, vault, case) if conn.execute(there).first() is not None else []


def _notes(conn: Connection, vault: Vault, case: int) -> list[KeptNote]:
    mine = (acts.c.thing == confidential.NOTE) & (acts.c.thing_id == case) & (acts.c.detail != "")
    query = select(acts.c.actor, acts.c.at, acts.c.detail).where(mine).order_by(acts.c.version.desc()).limit(_MOST)
    return [
        KeptNote(by=int(row.actor.partition(":")[2] or 0), at=row.at, text=_words(vault, row.detail, case))
        for row in conn.execute(query)
    ]


def _words(vault: Vault, detail: str, case: int) -> str | None:
    try:
        sealed = base64.b64decode(_detail.decode(detail).sealed)
        return vault.open(sealed, _context(case)).rstrip(b"\0").decode()
    except (WrongKey, ValueError, msgspec.MsgspecError):
        return None


def _context(case: int) -> bytes:
    return b"case_note:%d" % case
