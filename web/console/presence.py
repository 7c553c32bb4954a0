"""Who has the same case open, told while the page is: the stream of web/console/live.py carries it."""

from typing import Any

from sqlalchemy import Connection

from storage import case_presence, reading_cases
from storage.tx import Tx
from vietnam.time import MINUTE
from web.console.live import Watch, offer, on_beat


def here(conn: Connection, watch: Watch) -> dict[str, Any] | None:
    """Names of colleagues and the minutes since they looked; None where no case is open that this officer reaches."""
    desk = watch.desk
    case = reading_cases.id_of(conn, desk.unit, watch.case, desk.actor) if watch.case else None
    if case is None:
        return None
    now = desk.services.now()
    found = case_presence.others(conn, case, desk.officer.id, now)
    return {"who": [[name, (now - at) // MINUTE] for name, at in found]}


async def stay(watch: Watch) -> None:
    """As long as the page is seen the officer is there."""
    desk = watch.desk
    if not watch.case:
        return
    now, unit, officer = desk.services.now(), desk.unit, desk.officer.id

    def missing(conn: Connection) -> int | None:
        case = reading_cases.id_of(conn, unit, watch.case, desk.actor)
        return None if case is None or case_presence.is_noted(conn, case, officer, now) else case

    case = await desk.services.store.read(missing)
    if case is not None:
        known = case

        def note(tx: Tx) -> None:
            case_presence.note(tx, known, unit, officer, now)

        await desk.services.store.write(note)


offer("presence", here)
on_beat(stay)
