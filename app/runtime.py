"""A running Nghe Dân: the store, the key and the wording joined to the conversation; everything else is given this."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from app import officer_chat, officer_group, officer_held
from app.guidance import entered_in
from app.ledger import Ledger
from app.logs import get_logger
from app.office import office_of
from app.settings import Settings
from app.wording import take_missed
from bot.conversation.messages import Aside, Inbound
from bot.conversation.wording import Wording
from bot.flood import Flood
from bot.ledger import Refused
from bot.turn import apply_act, take_turn
from feedback.acts import Act, Decision, Refusal
from feedback.roles import Actor
from storage import channel_rows, counters, inbox
from storage.blobs import Blobs
from storage.conversations import ChannelAccount, channel_account, last_seq
from storage.store import Store
from storage.tx import Tx
from storage.vault import Vault
from vietnam.time import HOUR, MINUTE

log = get_logger()
_MOST_ASIDES = 1000
"""Words for whoever pressed in a group that wait to be shown: a press is answered within seconds, or never."""
PATIENCE = 1.5
"""Seconds a platform waits for our 200: a turn that takes longer is kept in the inbox as well (decision 7)."""


def clock() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


def draw() -> int:
    """62 random bits, for case codes."""
    return secrets.randbits(62)


@dataclass(slots=True)
class Runtime:
    """One per process."""

    settings: Settings
    store: Store
    vault: Vault
    wording: Wording
    blobs: Blobs
    now: Callable[[], int] = clock
    draw: Callable[[], int] = draw
    ledger: Ledger = field(init=False)
    flood: Flood = field(init=False)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    patience: float = field(default_factory=lambda: PATIENCE)
    """Seconds after which an event whose turn goes on is kept, and answered when its turn has come."""
    swept_on: str = ""
    """The local day on which this process made the round of what has been kept long enough."""
    wrong_codes: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    """By channel account and person: when codes were tried there that link nobody (app/officer_chat.py)."""
    _asides: dict[str, Aside] = field(default_factory=dict)
    """By the platform's id of a press in a group: what only whoever pressed is shown, until it has been."""
    _accounts: dict[int, ChannelAccount] = field(default_factory=dict)
    _heard: dict[int, int] = field(default_factory=dict)
    """By channel account: the hour of the last event."""

    def __post_init__(self) -> None:
        waves = self.settings.waves
        self.ledger = Ledger(
            self.vault,
            self.settings.public_url,
            self.draw,
            waves.partial_days,
            waves.grace_minutes * MINUTE,
            office_of(self.settings),
            entered_in(self.settings),
            self.settings.limits.cases_a_day,
        )
        self.flood = Flood(self.settings.limits.messages_a_minute)

    async def account(self, id: int) -> ChannelAccount:
        """One of our channel accounts; LookupError where there is none."""
        known = self._accounts.get(id)
        if known is None:
            known = await self.store.read(lambda conn: channel_account(conn, id))
            if known is None:
                raise LookupError(f"no channel account {id}")
            self._accounts[id] = known
        return known

    def known_account(self, id: int) -> ChannelAccount:
        """A channel account that `account` has been asked for before."""
        return self._accounts[id]

    async def receive(self, inbound: Inbound) -> None:
        """One whole turn, committed when this returns, or the event safely kept; raises only when neither worked.

        Of a chat that says more in a minute than it may, the rest is dropped, and counted: it is told so.
        """
        on = await self.account(inbound.channel_account)
        taken = self.flood.taken(inbound, self.now())
        if taken is None or taken.kind == "flood":
            self.count("flood.dropped")
        if taken is None or (taken.group and taken.kind == "flood"):
            return  # in a group nobody is told that it was too much: nothing there waits for an answer
        inbound = taken
        turn = asyncio.ensure_future(self.store.write(lambda tx: self._turn_in_order(tx, on, inbound)))
        await asyncio.wait([turn], timeout=self.patience)
        fault = turn.exception() if turn.done() else TimeoutError()
        if fault is not None:  # whatever it was, the event is kept
            turn.add_done_callback(lambda done: done.cancelled() or done.exception())
            # Only the kind of fault: its text could carry what the person wrote.
            log.error("turn.failed", fault=type(fault).__name__, channel=on.channel)
            await self.store.write(lambda tx: self._keep(tx, on, inbound))
        else:
            self._heard[on.id] = self.now() // HOUR * HOUR
            self._keep_aside(inbound, turn.result())
        for language, many in take_missed(self.wording).items():
            self.count(f"wording.missing.{language}", many)

    def _keep_aside(self, inbound: Inbound, aside: Aside | None) -> None:
        if aside is None or not inbound.callback:
            return
        self._asides[inbound.callback] = aside
        while len(self._asides) > _MOST_ASIDES:
            del self._asides[next(iter(self._asides))]

    def aside(self, callback: str) -> Aside | None:
        """What whoever pressed is to be shown, asked for once; None where the press is only to stop spinning."""
        return self._asides.pop(callback, None)

    def _turn_in_order(self, tx: Tx, on: ChannelAccount, inbound: Inbound) -> Aside | None:
        hour = self.now() // HOUR * HOUR
        if self._heard.get(on.id) != hour:
            # To the hour: closer would tell when somebody wrote. In the turn itself, so that nothing else is written.
            channel_rows.heard(tx, on.id, hour)
        if inbox.waits(tx, on.id, inbound.person):
            self._keep(tx, on, inbound)
            return None
        return self.turn(tx, on, inbound)

    def turn(self, tx: Tx, on: ChannelAccount, inbound: Inbound) -> Aside | None:
        """The turn itself, as a unit of work; an officer's button, word or code is none of the conversation."""
        if inbound.group:
            return officer_group.pressed(self, tx, on, inbound)
        if not (officer_chat.is_theirs(inbound) and officer_chat.turn(self, tx, on, inbound)):
            take_turn(self.ledger.chat(tx, on, inbound.person, self.now()), inbound, self.wording)
        officer_held.tell(self, tx, on, inbound)
        return None

    def _keep(self, tx: Tx, on: ChannelAccount, inbound: Inbound) -> None:
        inbox.keep(
            tx,
            self.vault,
            unit_id=on.unit_id,
            channel_account_id=on.id,
            chat=inbound.person,
            body=msgspec.json.encode(inbound),
            now=self.now(),
        )

    async def act(self, case_id: int, act: Act, actor: Actor) -> Decision | Refusal:
        """Decide an officer's act and write it, with what the citizen is told, in one transaction."""

        def unit(tx: Tx) -> Decision | Refusal:
            now = self.now()
            return apply_act(self.ledger.book(tx, case_id, now), act, actor, self.wording, now=now)

        try:
            return await self.store.write(unit)
        except Refused as refused:  # a picture that was swept meanwhile; nothing of the act was written
            return Refusal(refused.key)

    async def look_for_chat(self, conversation_id: int, seq: int, seconds: float) -> None:
        """Return when a conversation may have a message after `seq`, or after that time.

        The waker is set before looking, and the look repeats each second: another process may have written.
        """
        deadline = time.monotonic() + seconds
        while not self.stop.is_set():
            waiter = self.store.wakes.waiter(f"chat:{conversation_id}")
            try:
                newest = await self.store.read(lambda conn: last_seq(conn, conversation_id))
                left = deadline - time.monotonic()
                if newest > seq or left <= 0:
                    return
                await asyncio.wait([waiter], timeout=min(1.0, left))
            finally:
                waiter.cancel()

    def count(self, name: str, by: int = 1) -> None:
        """Add to a counter of the day, in the background; losing one in a crash is no harm."""
        task = asyncio.ensure_future(self.store.write(lambda tx: counters.add(tx, name, self.now(), by)))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def close(self) -> None:
        """Give back the store; nothing can be done with the runtime afterwards."""
        self.stop.set()
        await self.store.close()
