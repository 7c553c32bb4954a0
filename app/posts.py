"""The sender's view of the store: letters of one channel account."""

import msgspec

from app.logs import get_logger
from app.runtime import Runtime
from bot.channels.base import Address
from bot.conversation.messages import Bubble
from bot.sender import Letter, Record
from storage import conversations, outbox
from storage.tx import Tx

log = get_logger()


class StoredPost:
    """See bot.sender.Post."""

    def __init__(self, runtime: Runtime, channel_account_id: int) -> None:
        self._runtime = runtime
        self._account = channel_account_id
        self._owners: dict[int, int] = {}

    async def claim(self, limit: int, lease: int) -> list[Letter]:
        """Lease what may be sent now."""
        vault = self._runtime.vault
        claimed = await self._runtime.store.write(
            lambda tx: outbox.claim(tx, vault, self._account, self._runtime.now(), lease, limit)
        )
        self._owners |= {letter.id: letter.account_id for letter in claimed}
        return [
            Letter(
                letter.id,
                Address(letter.platform_id, letter.edits_ref),
                msgspec.json.decode(letter.body, type=Bubble),
                letter.tries,
            )
            for letter in claimed
        ]

    async def record(self, outcomes: list[tuple[Letter, Record]]) -> None:
        """Keep what became of them, all in one transaction."""
        await self._runtime.store.write(lambda tx: self._record(tx, outcomes))
        for letter, _ in outcomes:
            self._owners.pop(letter.id, None)

    def _record(self, tx: Tx, outcomes: list[tuple[Letter, Record]]) -> None:
        now = self._runtime.now()
        for letter, record in outcomes:
            match record.state:
                case "sent":
                    outbox.sent(tx, self._runtime.vault, letter.id, record.ref, now)
                case "later":
                    alive = outbox.later(
                        tx,
                        letter.id,
                        at=now + record.after,
                        fault=record.fault,
                        counts=record.counts,
                        uncertain=record.uncertain,
                    )
                    if not alive:
                        log.warning("outbox.dead", fault=record.fault)
                case "gone":
                    outbox.dead(tx, letter.id, record.fault)
                    conversations.set_gone(tx, self._owners[letter.id], record.fault)
                case _:
                    outbox.dead(tx, letter.id, record.fault)

    async def wait(self, seconds: float) -> None:
        """Until a message was written, or that time."""
        await self._runtime.store.wakes.wait("outbox", seconds)
