"""What is kept for a time only is gone after it, and nothing else with it."""

from sqlalchemy import select, update

from storage import conversations, housekeeping, outbox
from storage.store import Store
from storage.tables import outbox as rows
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from vietnam.time import DAY


async def test_the_words_of_what_was_sent_are_kept_for_a_day_only(
    store: Store, vault: Vault, commune: SampleCommune, now: int
) -> None:
    # given a message sent two days ago, one sent just now, and one that still waits
    def unit(tx: Tx) -> list[int]:
        on = conversations.channel_account(tx.conn, commune.telegram)
        assert on is not None
        chat = conversations.lock(tx, vault, on, "1", now)
        ids = [outbox.add(tx, vault, chat, b"{}", at=now) for _ in range(3)]
        for id, sent in zip(ids, (now - 2 * DAY, now), strict=False):
            tx.execute(update(rows).where(rows.c.id == id).values(state="sent", sent_at=sent))
        return ids

    old, *others = await store.write(unit)
    # when the house is swept
    await housekeeping.sweep(store, now)
    # then the words of the first are gone, its row is not
    gone = await store.read(lambda conn: list(conn.scalars(select(rows.c.id).where(rows.c.body.is_(None)))))
    assert gone == [old]
    assert len(await store.read(lambda conn: conn.execute(select(rows.c.id)).all())) == len([old, *others])
