"""A message to everybody, as fast as Telegram allows and not faster, while citizens who write are answered at once.

    python -m benchmarks.broadcast [--short] [--json FILE]

The real sender, the outbox of a real store and the real client against the fake of Telegram, which refuses what comes
too fast: 3,000 messages at 30 a second, 60,000 at 1,000 a second (what Telegram allows a bot that pays for it), each
with the fake in a process of its own, and 100,000 at 30 a second under the fake's own clock (broadcast_clock.py): an
hour in the time that its work takes. Every second a citizen answers a question of the survey meanwhile; what counts is
the time until the next question is in their chat, by the fake's clock.
"""

import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from sqlalchemy import func, select, update

from app.channels import blob_loader
from app.posts import StoredPost
from app.runtime import Runtime
from benchmarks.broadcast_clock import OwnClock, OwnLoop
from benchmarks.broadcast_fake import Noted, Where
from benchmarks.broadcast_fake import furnish as furnish_fake
from benchmarks.citizens import STEPS, Citizen, furnish, open_house
from benchmarks.result import Measured, Outcome, hand_over, options
from benchmarks.serve import ROOT
from bot import sender
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.limits import Limits
from bot.conversation.messages import Bubble, Button
from storage.bulk import insert_many
from storage.ids import new_id
from storage.outbox import Lane, context, unsent
from storage.tables import accounts, conversations, outbox, persons
from storage.tx import Tx
from tests.fakes.telegram import FakeTelegram

_FIRST_CHAT = 8_000_001
_CITIZENS = 20
_CHUNK = 5_000
_LEAST_OF_RATE = 0.95
_MOST_WAITING_S = 1.0
_INVITATION = Bubble(
    text="Kính mời Ông/Bà cho biết ý kiến về sự phục vụ của xã trong tháng qua. Phiếu có mười câu, khoảng ba phút.",
    buttons=(Button(id="go:survey.mau", label="Trả lời ngay"), Button(id="go:stop", label="Không nhận nữa")),
)


@dataclass(frozen=True)
class Broadcast:
    """One message to so many people; `own_clock`: by a clock that stands still while anything is being done."""

    name: str
    people: int
    per_second: int
    own_clock: bool = False

    @property
    def chats(self) -> range:
        """Everybody's ids: first those of the citizens who write."""
        return range(_FIRST_CHAT, _FIRST_CHAT + _CITIZENS + self.people)


LONG = (
    Broadcast("3,000 at 30/s", 3_000, 30),
    Broadcast("60,000 at 1,000/s", 60_000, 1_000),
    Broadcast("100,000 at 30/s, own clock", 100_000, 30, own_clock=True),
)
SHORT = (
    Broadcast("210 at 30/s", 210, 30),
    Broadcast("6,000 at 1,000/s", 6_000, 1_000),
    Broadcast("3,000 at 30/s, own clock", 3_000, 30, own_clock=True),
)


@dataclass
class Asked:
    """Citizens who wrote: (chat, when by the fake's clock)."""

    at: list[tuple[int, float]]


@contextmanager
def fake_apart(broadcast: Broadcast) -> Iterator[tuple[Where, Callable[[], Noted]]]:
    """The fake in a process of its own, and what ends it and says what it has noted."""
    words = (_FIRST_CHAT, len(broadcast.chats), broadcast.per_second)
    command = [sys.executable, "-m", "benchmarks.broadcast_fake", *map(str, words)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if process.stdout is None:
        raise AssertionError("it was asked for a pipe")

    def noted() -> Noted:
        found, _ = process.communicate()
        return msgspec.json.decode(found, type=Noted)

    try:
        yield msgspec.json.decode(process.stdout.readline(), type=Where), noted
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def fake_beside(broadcast: Broadcast, clock: OwnClock) -> Iterator[tuple[Where, Callable[[], Noted]]]:
    """The fake in a thread of this process, which lives by the same clock."""
    with FakeTelegram() as fake:
        flood = furnish_fake(fake, broadcast.chats, broadcast.per_second, clock)
        yield Where(fake.api_base, fake.token), lambda: Noted(flood.taken, flood.refused)


def _queue(tx: Tx, runtime: Runtime, account: int, unit: int, people: range, at: int) -> None:
    """An account and a conversation of each, with the message in it."""
    ids = [(new_id(), new_id(), new_id(), new_id(), str(number)) for number in people]
    body = msgspec.json.encode(_INVITATION)
    insert_many(tx, persons, ("id", "unit_id", "created_at"), [(one[0], unit, at) for one in ids])
    insert_many(
        tx,
        accounts,
        ("id", "person_id", "channel_account_id", "platform_id", "created_at"),
        [(one[1], one[0], account, one[4], at) for one in ids],
    )
    insert_many(
        tx,
        conversations,
        ("id", "account_id", "unit_id", "channel", "heard_at", "last_seq"),
        [(one[2], one[1], unit, "telegram", at, 1) for one in ids],
    )
    names = ("id", "unit_id", "conversation_id", "channel_account_id", "seq", "lane", "state", "body", "next_at")
    lane, seal = int(Lane.BROADCAST), runtime.vault.seal
    insert_many(
        tx,
        outbox,
        (*names, "created_at"),
        [(one[3], unit, one[2], account, 1, lane, "ready", seal(body, context(one[3])), at, at) for one in ids],
    )


async def _furnish(runtime: Runtime, people: int) -> list[Citizen]:
    """Citizens with a question before them and nothing on its way; then the message to everybody else."""
    citizens = await furnish(runtime, "telegram", _CITIZENS, first=_FIRST_CHAT)
    sent = update(outbox).where(outbox.c.state == "ready").values(state="sent", sent_at=runtime.now())
    await runtime.store.write(lambda tx: tx.execute(sent).rowcount)
    account = await runtime.account(citizens[0].account)
    first, end = _FIRST_CHAT + _CITIZENS, _FIRST_CHAT + _CITIZENS + people
    for start in range(first, end, _CHUNK):
        some = range(start, min(start + _CHUNK, end))
        queue = partial(
            _queue, runtime=runtime, account=account.id, unit=account.unit_id, people=some, at=runtime.now()
        )
        await runtime.store.write(queue)
    return citizens


async def _send(broadcast: Broadcast, where: Where, folder: Path, clock: OwnClock | None) -> Asked:
    """Everything, until nothing is left to be sent."""
    tell = clock or time.time
    runtime = await open_house(f"sqlite:///{folder}/nghedan.db", folder)
    runtime.now = lambda: int(tell() * 1000)
    client = TelegramClient(where.token, load_blob=blob_loader(runtime), api_base=where.api_base)
    if clock:
        clock.busy += 1  # until everything is prepared
    citizens = await _furnish(runtime, broadcast.people)
    await client.me()
    if clock:
        for part, name in ((client, "send"), (runtime.store, "write"), (runtime.store, "read")):
            setattr(part, name, clock.stands_still_for(getattr(part, name)))
        clock.busy -= 1
    limits, post = Limits(bot_per_second=broadcast.per_second), StoredPost(runtime, citizens[0].account)
    asked = Asked([])
    gc.collect()
    gc.freeze()  # as serve does after its start
    sending = asyncio.create_task(sender.run(client, post, limits, runtime.stop, runtime.now))
    writing = asyncio.create_task(_write(runtime, citizens, tell, asked))
    waiting = select(func.count()).select_from(outbox).where(unsent(), outbox.c.lane == int(Lane.BROADCAST))
    while await runtime.store.read(lambda conn: conn.scalar(waiting)):
        await asyncio.sleep(5 if clock else 1)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    runtime.stop.set()
    await sending
    if clock:
        clock.busy += 1
    await client.close()
    await runtime.close()
    return asked


async def _write(runtime: Runtime, citizens: list[Citizen], clock: Callable[[], float], asked: Asked) -> None:
    """Every second one of the citizens gives the next answer."""
    for step in range(STEPS):
        for citizen in citizens:
            await asyncio.sleep(1)
            asked.at.append((int(citizen.person), clock()))
            await runtime.receive(citizen.press(step))


def figures(broadcast: Broadcast, noted: Noted, asked: Asked) -> tuple[list[Measured], dict[str, Any]]:
    """What the fake says about it. The first second does not count: a bot that was idle may begin with a burst."""
    last = max(place for place, (chat, _at) in enumerate(noted.taken) if chat >= _FIRST_CHAT + _CITIZENS)
    times = [at for _chat, at in noted.taken[: last + 1]]
    after = [at for at in times if at >= times[0] + 1]
    rate = len(after) / (times[-1] - times[0] - 1)
    others = {chat for chat, _ in noted.taken if chat >= _FIRST_CHAT + _CITIZENS}
    if len(others) != broadcast.people:
        raise AssertionError(f"{len(others)} of {broadcast.people} people have the message")
    came: dict[int, list[float]] = {}
    for chat, at in noted.taken:
        came.setdefault(chat, []).append(at)
    # Answers to the same citizen come in order, and one is due before the next question.
    waits = sorted(
        next(at for at in came[chat] if at >= wrote) - wrote for chat, wrote in asked.at if came[chat][-1] >= wrote
    )
    name = broadcast.name
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    return [
        Measured(name=f"{name}: of the allowed rate", value=rate / broadcast.per_second, least=_LEAST_OF_RATE),
        Measured(name=f"{name}: messages refused as too fast", value=noted.refused, unit="", most=0),
        Measured(name=f"{name}: longest wait of a citizen", value=waits[-1], unit="s", most=_MOST_WAITING_S),
        Measured(name=f"{name}: median wait of a citizen", value=waits[len(waits) // 2], unit="s"),
    ], {"messages": len(times), "answers": len(waits), "seconds": times[-1] - times[0], "longest pause, s": gaps[-1]}


def run(broadcast: Broadcast) -> tuple[list[Measured], dict[str, Any]]:
    """One broadcast."""
    load, began = os.getloadavg()[0], time.perf_counter()
    clock = OwnClock() if broadcast.own_clock else None
    fake = fake_beside(broadcast, clock) if clock else fake_apart(broadcast)
    with tempfile.TemporaryDirectory(prefix="nghedan-bench-") as folder, fake as (where, noted):
        with asyncio.Runner(loop_factory=partial(OwnLoop, clock) if clock else uvloop.new_event_loop) as runner:
            asked = runner.run(_send(broadcast, where, Path(folder), clock))
        found, details = figures(broadcast, noted(), asked)
    gc.unfreeze()
    return found, {**details, "load of the machine before": load, "real seconds": time.perf_counter() - began}


def measure(*, short: bool) -> Outcome:
    """All three."""
    measured: list[Measured] = []
    details: dict[str, Any] = {}
    for broadcast in SHORT if short else LONG:
        some, details[broadcast.name] = run(broadcast)
        measured += some
    return Outcome(name="broadcast", short=short, figures=measured, details=details)


def main() -> int:
    """Exit code 0: whether promises are kept is judged by `python -m benchmarks`."""
    asked = options("broadcast")
    hand_over(measure(short=asked.short), asked.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
