"""People without a chat: whoever came, called or wrote on paper has a conversation that no platform carries.

What such a person is to be told becomes a line of the call list. So everything else of a case - acts, history, the page
by code, the register - knows nothing of the difference (docs/decisions/0018).
"""

from sqlalchemy import update

from storage import conversations, deliveries
from storage.conversations import ChannelAccount, Conversation
from storage.ids import random_id
from storage.tables import calls, channel_accounts, outbox
from storage.tx import Tx
from storage.vault import Vault

BY_HAND = "desk"
"""The channel's name; its account is never active, so nothing is sent there and nobody of it is invited."""


def begin(tx: Tx, vault: Vault, unit: int, now: int) -> Conversation:
    """A new conversation of somebody without a chat, locked until the transaction ends."""
    id = conversations.ensure_channel_account(tx, unit, BY_HAND, BY_HAND)
    tx.execute(update(channel_accounts).where(channel_accounts.c.id == id).values(active=0))
    on = ChannelAccount(id, unit, BY_HAND, pushed=True)
    made = conversations.lock(tx, vault, on, f"{random_id():x}", now)
    conversations.set_opted_out(tx, made.account_id, now)
    return made


def to_tell(tx: Tx, outbox_id: int, case_id: int, now: int) -> None:
    """Somebody is to be told by an officer: one line a case in the call list, the newest counts."""
    tx.execute(update(outbox).where(outbox.c.id == outbox_id).values(state="held", lease_until=None))
    earlier = (calls.c.case_id == case_id) & (calls.c.state == deliveries.OPEN) & (calls.c.why == BY_HAND)
    tx.execute(update(calls).where(earlier).values(state="dropped", done_at=now))
    deliveries.note(tx, outbox_id, BY_HAND, now)
    deliveries.call(tx, outbox_id, BY_HAND, now)
