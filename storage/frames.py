"""Frames: lists of households or people that an officer imported and that samples are drawn from.

Names, addresses and telephones are sealed; village, group and chat account stand open, because samples need them.
A frame counts once its `size` is known: of one whose import was killed nothing is ever seen or drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from feedback.roles import Actor
from storage import act_rows
from storage.bulk import insert_many
from storage.ids import new_id
from storage.tables import accounts, channel_accounts, frame_rows, frames
from storage.tx import Tx
from storage.vault import Vault
from surveys.frame_sheet import FrameLine
from surveys.waves import FrameKind

CHUNK = 500
"""Rows imported in one transaction: it has to stay under 20 ms, turns are waiting behind it."""


class Who(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sealed of a row."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that was imported whole."""

    id: int
    name: str
    kind: FrameKind
    size: int
    imported_at: int


class NameTaken(Exception):
    """A frame of that name stands there already, made of another file."""


_COLUMNS = (frames.c.id, frames.c.name, frames.c.kind, frames.c.size, frames.c.imported_at)


def listed(conn: Connection, unit_id: int) -> list[Frame]:
    """The frames of a commune, newest first."""
    query = select(*_COLUMNS).where(frames.c.unit_id == unit_id, frames.c.size > 0)
    rows = conn.execute(query.order_by(frames.c.imported_at.desc(), frames.c.id.desc()))
    return [Frame(row.id, row.name, FrameKind(row.kind), row.size, row.imported_at) for row in rows]


def by_name(conn: Connection, unit_id: int, name: str) -> Frame | None:
    """A frame of a commune by its name."""
    return next((frame for frame in listed(conn, unit_id) if frame.name == name), None)


def begin(tx: Tx, unit_id: int, name: str, kind: FrameKind, checksum: str, now: int) -> tuple[int, bool]:
    """The id of the frame of that file, and whether it is there already: then nothing is left to do.

    The same file again is the same frame, whatever name it is given now. NameTaken. An import that was broken off is
    taken up anew.
    """
    mine = frames.c.unit_id == unit_id
    same = tx.execute(
        select(frames.c.id).where(mine, frames.c.checksum == checksum, frames.c.kind == kind, frames.c.size > 0)
    ).scalar()
    if same is not None:
        return same, True
    known = tx.execute(select(frames.c.id, frames.c.size).where(mine, frames.c.name == name)).one_or_none()
    if known is None:
        id = new_id()
        values = {"name": name, "kind": kind, "size": 0, "checksum": checksum, "imported_at": now}
        tx.execute(insert(frames).values(id=id, unit_id=unit_id, **values))
        return id, False
    if known.size:
        raise NameTaken(name)
    tx.execute(delete(frame_rows).where(frame_rows.c.frame_id == known.id))
    tx.execute(update(frames).where(frames.c.id == known.id).values(kind=kind, checksum=checksum, imported_at=now))
    return known.id, False


def chats(conn: Connection, unit_id: int, lines: Sequence[FrameLine]) -> dict[tuple[str, str], int]:
    """Accounts of the commune by channel and platform id, of those that the lines name."""
    found: dict[tuple[str, str], int] = {}
    for channel in {line.channel for line in lines if line.account}:
        named = [line.account for line in lines if line.channel == channel]
        query = (
            select(accounts.c.platform_id, accounts.c.id)
            .join(channel_accounts, channel_accounts.c.id == accounts.c.channel_account_id)
            .where(channel_accounts.c.channel == channel, channel_accounts.c.unit_id == unit_id)
            .where(accounts.c.platform_id.in_(named))
        )
        found |= {(channel, row.platform_id): row.id for row in conn.execute(query)}
    return found


def reached(conn: Connection, frame: int) -> int:
    """How many lines of a frame name somebody who can be written to: an account that has talked with us."""
    return reached_of(conn, [frame])[frame]


def reached_of(conn: Connection, frame_ids: Sequence[int]) -> dict[int, int]:
    """The same of several frames at once, by frame."""
    query = (
        select(frame_rows.c.frame_id, func.count())
        .where(frame_rows.c.frame_id.in_(frame_ids), frame_rows.c.account_id.is_not(None))
        .group_by(frame_rows.c.frame_id)
    )
    counts: dict[int, int] = {row[0]: int(row[1]) for row in conn.execute(query)}
    return {id: counts.get(id, 0) for id in frame_ids}


def add_rows(
    tx: Tx, vault: Vault, frame: int, lines: Sequence[FrameLine], accounts_of: Mapping[tuple[str, str], int]
) -> None:
    """Add some lines of the file."""
    rows = []
    for line in lines:
        id = new_id()
        who = msgspec.json.encode(Who(name=line.name, address=line.address, phone=line.phone))
        account = accounts_of.get((line.channel, line.account))
        rows.append((id, frame, line.number, line.village, line.group, account, vault.seal(who, _context(id))))
    insert_many(tx, frame_rows, _ROW, rows)


_ROW = ("id", "frame_id", "number", "village_id", "segment", "account_id", "body")


def finish(tx: Tx, actor: Actor, unit_id: int, frame: int, size: int, now: int) -> None:
    """The last line is in: from now on the frame can be drawn from."""
    tx.execute(update(frames).where(frames.c.id == frame).values(size=size))
    act_rows.record(tx, actor, "import", thing="frame", thing_id=frame, unit=unit_id, now=now, rows=size)


def who(vault: Vault, row: int, body: bytes) -> Who:
    """Name, address and telephone of a row; WrongKey."""
    return msgspec.json.decode(vault.open(body, _context(row)), type=Who)


def _context(id: int) -> bytes:
    return b"frame_rows:%d" % id
