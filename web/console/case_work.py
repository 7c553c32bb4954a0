"""What an officer has at hand on the page of a case: answers kept ready, cases like it, who else is there."""

import msgspec
from sqlalchemy import Connection

from feedback.canned import Canned, fits
from feedback.merging import MERGEABLE
from feedback.states import MOVES
from storage import canned, case_presence, confidential, merging
from storage.reading_cases import CasePage
from storage.tx import Tx
from vietnam.time import day_of
from web.console.access import Desk


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """`own` and `shipped` are answers that fit this case, with the word by which a form names each.

    `here` are colleagues who have it open: name, and when they last looked (UTC ms). `may_merge`: whether it may be
    joined into another; `may_part`: whether it may still be taken out again.
    """

    own: tuple[tuple[str, Canned], ...]
    shipped: tuple[tuple[str, Canned], ...]
    here: tuple[tuple[str, int], ...]
    merged: merging.Beside
    may_merge: bool
    may_part: bool


def work(conn: Connection, desk: Desk, case: CasePage, spoken_of: tuple[int, ...]) -> Work:
    """Of a case that the officer reaches; `spoken_of`: ids of the cases that its history names."""
    now = desk.services.now()
    merged = merging.beside(conn, desk.unit, case.code, desk.actor, now, spoken_of)
    ready = desk.may("case.reply")
    own = canned.of_unit(conn, desk.unit) if ready else []
    shipped = canned.offered(conn, desk.unit) if ready else []
    can = desk.may("case.merge") and case.kind in MERGEABLE and case.state in MOVES["merge"] and not case.matter
    return Work(
        own=tuple((f"u{one.id}", one) for one in own if fits(one, case.kind, case.category)),
        shipped=tuple((f"s{one.id}", one) for one in shipped if fits(one, case.kind, case.category)),
        here=tuple(case_presence.others(conn, case.id, desk.officer.id, now)),
        merged=merged,
        may_merge=can and not merged.joined and case.category != "conduct",
        may_part=bool(merged.merged_at) and desk.may("case.part") and day_of(merged.merged_at) == day_of(now),
    )


async def seen(desk: Desk, case: CasePage) -> None:
    """That the officer has opened it is kept: for ever the first time, and for a while that they are there now."""
    unit, officer, now = desk.unit, desk.officer.id, desk.services.now()
    store = desk.services.store

    def known(conn: Connection) -> tuple[bool, bool]:
        first = confidential.has_seen(conn, unit, case.code, officer)
        return first, case_presence.is_noted(conn, case.id, officer, now)

    first, here = await store.read(known)
    if first and here:
        return

    def note(tx: Tx) -> None:
        if not first:
            confidential.saw(tx, unit, case.code, officer, now)
        if not here:
            case_presence.note(tx, case.id, unit, officer, now)

    await store.write(note)
