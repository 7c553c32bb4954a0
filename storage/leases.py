"""What a process that was killed had taken in hand."""

from sqlalchemy import update

from storage.tables import channel_tokens, jobs, outbox
from storage.tx import Tx


def take_back(tx: Tx, now: int) -> None:
    """End every lease at `now`: for the start of a process that has the store to itself.

    Its own earlier life was killed amid these messages and jobs, and nobody else is at them; without this the person
    would wait for the lease to run out. A message is then sent once more and marked as uncertain, as after any lease;
    of a pair of tokens that was asked for it stays known that an answer may be lost.
    """
    pending = outbox.c.state.in_(["ready", "leased"])
    tx.execute(update(outbox).where(pending, outbox.c.lease_until > now).values(lease_until=now))
    tx.execute(update(jobs).where(jobs.c.dead == 0, jobs.c.lease_until > now).values(lease_until=now))
    tx.execute(update(channel_tokens).where(channel_tokens.c.lease_until > now).values(lease_until=now))
