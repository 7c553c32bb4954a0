"""Sample answers: some in words alone, some by parts with evidence, those of petitions signed by the sample leader."""

import struct
import zlib
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.photo_jobs import keep_photo
from app.runtime import Runtime
from bot.turn import apply_act
from feedback.acts import Act, Approve, DraftReply, Reply
from feedback.replies import PLAIN, Outcome, Parts, needs_signature
from feedback.roles import Actor
from storage.tables import cases
from vietnam.time import DAY, HOUR, day_of

_SIDE = 480
_SOON = 20 * DAY
"""Milliseconds until what is promised is done; of earlier promises nobody need be reminded in a demonstration."""
_RECENT = 45 * DAY
_EVERY = 3
"""There are so many sample answers, taken in turn."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers, and who signs."""

    officer: Actor
    leader: Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """A sample case; `waits`: its answer still lies with the leader."""

    id: int
    number: int
    waits: bool = False


async def answer(runtime: Runtime, desk: Desk, case: Asked, at: int) -> None:
    """Answer a sample case at an instant (UTC milliseconds), through the leader where its kind is signed."""
    text, parts = runtime.wording(f"demo.reply.{case.number % _EVERY}"), await _parts(runtime, desk, case, at)
    kind, category = await runtime.store.read(lambda conn: _what(conn, case.id))
    if not (case.waits or needs_signature(kind, category, runtime.ledger.office.sign_off)):
        await _act(runtime, case.id, Reply(text, 0, parts), desk.officer, at)
        return
    await _act(runtime, case.id, DraftReply(text, 0, parts), desk.officer, at - HOUR)
    if not case.waits:
        await _act(runtime, case.id, Approve(), desk.leader, at)


def _what(conn: Connection, case: int) -> tuple[str, str]:
    row = conn.execute(select(cases.c.kind, cases.c.category).where(cases.c.id == case)).one()
    return row.kind, row.category


async def _act(runtime: Runtime, case: int, act: Act, actor: Actor, at: int) -> None:
    book = runtime.ledger.book
    await runtime.store.write(lambda tx: apply_act(book(tx, case, at), act, actor, runtime.wording, now=at))


async def _parts(runtime: Runtime, desk: Desk, case: Asked, at: int) -> Parts:
    person = runtime.wording("demo.officer")
    match case.number % _EVERY:
        case 0:
            recent = at > runtime.now() - _RECENT
            kept = await keep_photo(runtime, desk.officer.unit, picture()) if recent else None
            photos = (kept,) if isinstance(kept, int) else ()
            done = runtime.wording("demo.done")
            return Parts(outcome=Outcome.RESOLVED, done=done, day=day_of(at), person=person, photos=photos)
        case 1 if at > runtime.now() - _SOON:
            return Parts(outcome=Outcome.PROMISED, day=day_of(at + _SOON), person=person)
        case _:
            return PLAIN


def picture() -> bytes:
    """A picture of nothing, as PNG: stripes of green, so that nobody takes it for a place."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes((40, 110 + 40 * (row // 48 % 2), 90)) * _SIDE for row in range(_SIDE * 3 // 4))
    head = struct.pack(">IIBBBBB", _SIDE, _SIDE * 3 // 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
