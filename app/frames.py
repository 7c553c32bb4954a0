"""A frame brought in from an officer's spreadsheet: read whole, then stored a little at a time, or not at all."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from app.runtime import Runtime
from feedback.roles import Actor, may
from storage import frames, units
from storage.frames import CHUNK
from surveys.frame_sheet import FrameLine, read_frame
from surveys.sheets.grid import LISTING, read_workbook
from surveys.waves import FrameKind
from vietnam.text import fold_words

Villages = Sequence[tuple[int, str]]
Read = Callable[[bytes, str, Villages], Awaitable[Sequence[FrameLine]]]
"""(bytes, name of the file, villages as (id, name)): its lines, or surveys.faults.SurveyFaults."""


async def _in_thread(data: bytes, name: str, villages: Villages) -> list[FrameLine]:
    # A list of 200,000 takes its time: whatever else is going on goes on meanwhile.
    return await asyncio.to_thread(lambda: read_frame(read_workbook(data, name, LISTING), villages))


class NotAllowed(Exception):
    """Whoever asked may not import frames."""


async def import_frame(
    runtime: Runtime,
    actor: Actor,
    unit_id: int,
    data: bytes,
    name: str,
    kind: FrameKind,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
    read: Read = _in_thread,
) -> tuple[frames.Frame, bool]:
    """The frame of a file, and whether it is new: the same file again is the same frame.

    surveys.faults.SurveyFaults names every cell that cannot be used; storage.frames.NameTaken; NotAllowed. Nothing is
    seen of an import that did not come to its end, and the next try begins it anew.
    """
    if not may(actor, "frame.import", unit_id):
        raise NotAllowed
    villages = await runtime.store.read(lambda conn: units.villages(conn, unit_id))
    known_villages = [(village.id, village.name) for village in villages]
    taken = {fold_words(title) for _, title in known_villages}
    known_villages += [(one.id, was) for one in villages for was in one.earlier if fold_words(was) not in taken]
    lines = await read(data, name, known_villages)
    checksum = hashlib.sha256(data).hexdigest()
    now = runtime.now()
    frame, there = await runtime.store.write(
        lambda tx: frames.begin(tx, unit_id, name=name, kind=kind, checksum=checksum, now=now)
    )
    if not there:
        known = await runtime.store.read(lambda conn: frames.chats(conn, unit_id, lines))
        for at in range(0, len(lines), CHUNK):
            some = lines[at : at + CHUNK]
            add = partial(frames.add_rows, vault=runtime.vault, frame=frame, lines=some, accounts_of=known)
            await runtime.store.write(add)
            tell(at + len(some), len(lines))
        await runtime.store.write(lambda tx: frames.finish(tx, actor, unit_id, frame, len(lines), now))
    found = await runtime.store.read(lambda conn: frames.listed(conn, unit_id))
    return next(one for one in found if one.id == frame), not there
