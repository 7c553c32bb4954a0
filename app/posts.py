"""The sender's view of the store: letters of one channel account."""

import msgspec

from app.capabilities import CAPABILITIES
from app.logs import get_logger
from app.runtime import Runtime
from bot.channels.base import Address, takes_now
from bot.conversation.messages import Bubble
from bot.sender import Letter, Record
from storage import conversations, deliveries, outbox
from storage.outbox import Claimed
from storage.tx import Tx

log = get_logger()


class StoredPost:
    """See bot.sender.Post."""

    def __init__(self, runtime: Runtime, channel_account_id: int) -> None:
        self._runtime = runtime
        self._account = channel_account_id
        self._claimed: dict[int, Claimed] = {}

    async def claim(self, limit: int, lease: int, many: int) -> list[Letter]:
        """Lease what may be sent now, see bot.sender.Post."""
        vault = self._runtime.vault
        claimed = await self._runtime.store.write(
            lambda tx: outbox.claim(tx, vault, self._account, self._runtime.now(), lease, limit, many)
        )
        self._claimed |= {letter.id: letter for letter in claimed}
        bubbles = {letter.id: msgspec.json.decode(letter.body, type=Bubble) for letter in claimed}
        # Which message is edited stands in the sealed words: in a column it would tell how often somebody ticked.
        edited = [bubble.edits for bubble in bubbles.values() if bubble.edits]
        refs = await self._runtime.store.read(lambda conn: outbox.refs(conn, vault, edited)) if edited else {}
        return [
            Letter(
                letter.id,
                Address(
                    letter.platform_id, refs.get(bubbles[letter.id].edits, "") or letter.edits_ref, letter.heard_at
                ),
                bubbles[letter.id],
                letter.tries,
                many=letter.many,
            )
            for letter in claimed
        ]

    async def record(self, outcomes: list[tuple[Letter, Record]]) -> None:
        """Keep what became of them, all in one transaction."""
        await self._runtime.store.write(lambda tx: self._record(tx, outcomes))
        for letter, _ in outcomes:
            self._claimed.pop(letter.id, None)

    def _record(self, tx: Tx, outcomes: list[tuple[Letter, Record]]) -> None:
        now = self._runtime.now()
        for letter, record in outcomes:
            match record.state:
                case "sent":
                    outbox.sent(tx, self._runtime.vault, letter.id, record.ref, now)
                    if self._claimed[letter.id].case or self._claimed[letter.id].booking:
                        deliveries.arrived(tx, letter.id, now, copy_of=letter.bubble.copy_of)
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
                        deliveries.lost(tx, letter.id, record.fault, now)
                case "gone":
                    conversations.set_gone(tx, self._claimed[letter.id].account_id, record.fault)
                    self._hold(tx, letter, "gone", record.fault)
                case "held":
                    self._hold(tx, letter, "window", record.fault)
                case _:
                    outbox.dead(tx, letter.id, record.fault)
                    deliveries.lost(tx, letter.id, record.fault, now)

    def _hold(self, tx: Tx, letter: Letter, why: str, fault: str) -> None:
        """Let it wait for the person's next word; about a case or a seat it also goes the next way that is open."""
        runtime, now = self._runtime, self._runtime.now()
        deliveries.hold(tx, letter.id, why, fault, now)
        claimed = self._claimed[letter.id]
        if not (claimed.case or claimed.booking) or letter.bubble.copy_of:
            return
        for way in deliveries.other_ways(tx.conn, claimed.conversation_id):
            if not takes_now(CAPABILITIES[way.channel], way.heard_at, now):
                continue
            here = runtime.wording(f"channel.{runtime.known_account(self._account).channel}")
            text = f"{runtime.wording('delivery.copy', channel=here)}\n\n{letter.bubble.text}"
            there = runtime.ledger.chat_of(tx, way.account, now)
            copy = there.say(Bubble(text=text, copy_of=letter.id), 0, notice=True, case=claimed.case or 0)
            if claimed.booking:
                outbox.about_booking(tx, copy, claimed.booking)
            there.save(None)
            deliveries.note(tx, letter.id, "moved", now)
            return

    async def wait(self, seconds: float) -> None:
        """Until a message was written, or that time."""
        await self._runtime.store.wakes.wait("outbox", seconds)
