"""A process that is made to be killed: it takes turns and sends messages over a store, and says what it has done.

Run as `python -m tests.chaos.child`, it reads orders (one JSON line each) on stdin and forks a child for each: what is
imported once need not be imported again three hundred times. What a child says goes to stdout, one line a piece, each
so short that a pipe takes it whole or not at all:

    born PID · did KEY (the turn of that event is committed or safely kept) · ended PID STATUS
"""

import asyncio
import ctypes
import os
import secrets
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

import bot.channels.telegram.client  # noqa: F401 - imported before the fork, like everything that takes its time
import storage.postgres
import storage.sqlite  # noqa: F401 - imported before the signal may come
from app import worker
from app.posts import StoredPost
from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from bot import sender
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.limits import Limits
from bot.conversation.messages import Inbound
from storage import ids
from storage.blobs import open_blobs
from storage.opening import open_store
from storage.vault import read_key_file


class Order(msgspec.Struct, frozen=True):
    """What a child is to do: `events` is a file of Inbounds, one JSON line each; `begun` UTC ms when all began.

    Its clock runs `rate` times faster than ours, so that back-offs and leases take milliseconds, and is `leap`
    milliseconds ahead of the life before: what that one had leased is free again. `patience` are the seconds it waits
    for an answer of the platform; times `rate` they are less than a lease. `aimed`: the child kills itself between the
    commit of a turn and its acknowledgement, a moment that kills from outside may miss.
    """

    url: str
    key_file: str
    telegram: int
    token: str
    api_base: str
    events: str
    begun: int
    life: int = 0
    rate: int = 20
    leap: int = 61_000
    patience: float = 2
    aimed: bool = False


def main() -> None:
    """Fork a child for every order until stdin ends."""
    _die_with_parent()
    for line in sys.stdin.buffer:
        order = msgspec.json.decode(line, type=Order)
        pid = os.fork()
        if pid == 0:
            _die_with_parent()
            ids._low = secrets.randbits(22)  # a process of its own would have drawn its own
            _say(f"born {os.getpid()}")
            asyncio.run(live(order))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        _say(f"ended {pid} {os.waitstatus_to_exitcode(status)}")


def _die_with_parent() -> None:
    """A test run that is itself killed leaves nobody behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _complain(where: str, fault: Exception) -> None:
    print(f"child: {where}: {fault!r}", file=sys.stderr)


def clock(order: Order) -> Callable[[], int]:
    """UTC milliseconds that never go back, neither within a life nor between two."""

    def now() -> int:
        real = time.time_ns() // 1_000_000
        return order.begun + (real - order.begun) * order.rate + order.leap * order.life

    return now


async def live(order: Order) -> None:
    """Take every event's turn, send what there is to send, retry what was kept, until somebody ends it."""
    store = open_store(order.url)
    settings = Settings.model_validate({"storage": {"url": order.url}, "privacy": {"key_file": order.key_file}})
    blobs = open_blobs(order.url, store)
    vault = read_key_file(Path(order.key_file))
    runtime = Runtime(settings, store, vault, bot_wording(), blobs, now=clock(order))

    async def no_blob(blob: int) -> bytes:
        raise LookupError(blob)

    client = TelegramClient(order.token, load_blob=no_blob, api_base=order.api_base, timeout=order.patience)
    limits = Limits(bot_per_second=1000, chat_per_second=1000, chat_burst=1000)
    post = StoredPost(runtime, order.telegram)
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(client, post, limits, runtime.stop, runtime.now))
        group.create_task(_repeat(lambda: worker.take_inbox(runtime)))
        group.create_task(_repeat(lambda: worker.release(runtime)))
        for events in _by_person(Path(order.events)):
            group.create_task(_converse(runtime, events, aimed=order.aimed))


async def _converse(runtime: Runtime, events: list[Inbound], *, aimed: bool) -> None:
    """One person's events, strictly one after the other, as polling hands them over."""
    for event in events:
        while True:
            try:
                await runtime.receive(event)
            except Exception as fault:  # noqa: BLE001 - neither committed nor kept: the platform brings it again
                _complain("receive", fault)
                await asyncio.sleep(0.05)
            else:
                break
        if aimed:
            os.kill(os.getpid(), signal.SIGKILL)
        _say(f"did {event.dedupe_key}")


async def _repeat(work: Callable[[], Awaitable[bool]]) -> None:
    while True:
        busy = False
        try:
            busy = await work()
        except Exception as fault:  # noqa: BLE001 - as app/worker.py does
            _complain("work", fault)
        if not busy:
            await asyncio.sleep(0.02)


def _by_person(file: Path) -> list[list[Inbound]]:
    persons: dict[str, list[Inbound]] = {}
    for line in file.read_bytes().splitlines():
        event = msgspec.json.decode(line, type=Inbound)
        persons.setdefault(event.person, []).append(event)
    return list(persons.values())


if __name__ == "__main__":
    main()
