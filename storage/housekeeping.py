"""What has had its time: swept a little at a time, behind the turns."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import and_, delete, select, update

from storage import case_search, deliveries, inbox, rollups
from storage.store import Store
from storage.tables import officer_sessions, outbox, seen_events, survey_versions
from storage.tx import Tx
from vietnam.time import DAY, day_of

SEEN_DAYS = 7
"""How long an event may come again and still be known; platforms repeat for hours, not weeks."""
SENT_DAYS = 1
"""How long the words of a message that was sent to a platform are kept: long enough to edit it."""
GIVEN_UP_DAYS = 7
HISTORY_DAYS = 730
"""How long it can be told how an answer was brought to somebody."""
_CHUNK = 500


async def sweep(store: Store, now: int) -> None:
    """One round over everything that is kept for a time only."""
    while await store.write(lambda tx: _forget_seen(tx, now - SEEN_DAYS * DAY)):
        pass
    await _erase_sent(store, now - SENT_DAYS * DAY)
    work: tuple[Callable[[Tx], object], ...] = (
        lambda tx: inbox.sweep(tx, now - GIVEN_UP_DAYS * DAY),
        lambda tx: deliveries.sweep(tx, now - HISTORY_DAYS * DAY),
        lambda tx: tx.execute(delete(officer_sessions).where(officer_sessions.c.expires_at < now)),
    )
    for unit in work:
        await store.write(unit)
    await case_search.tidy(store)
    for version in await store.read(lambda conn: list(conn.scalars(select(survey_versions.c.id)))):
        await store.write(partial(rollups.drop_days, today=day_of(now), version=version))


def _forget_seen(tx: Tx, before: int) -> bool:
    account, key = seen_events.c.channel_account_id, seen_events.c.dedupe_key
    old = tx.execute(select(account, key).where(seen_events.c.at < before).limit(_CHUNK)).all()
    for row in old:
        tx.execute(delete(seen_events).where(account == row.channel_account_id, key == row.dedupe_key))
    return len(old) == _CHUNK


async def _erase_sent(store: Store, before: int) -> None:
    # Looked for on a reader: the table is long, and turns wait behind whoever writes.
    old = and_(outbox.c.state == "sent", outbox.c.sent_at < before, outbox.c.body.is_not(None))
    query = select(outbox.c.id).where(old).limit(_CHUNK)
    while ids := await store.read(lambda conn: list(conn.scalars(query))):
        erased = update(outbox).where(outbox.c.id.in_(ids), old).values(body=None)
        await store.write(partial(Tx.execute, statement=erased))
