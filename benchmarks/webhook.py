"""Durable turns a second through the webhook: `nghedan serve` with 32 connections of Telegram's open to it.

    python -m benchmarks.webhook [--short] [--json FILE]

Every update is another person's answer to the next question of the ready survey, in words; what is counted is the 200,
which is given when the turn is committed (SQLite with synchronous=FULL). The replies go to a fake of Telegram beside
it, in the same server, as fast as Telegram takes them: 30 a second, so most of them are still in the outbox at the end.
The yardsticks (webhook_yardsticks.py) take turns with it, from the same client with the same connections and updates;
every ratio is the median of the rounds' ratios. A probe in the server's loop says how long it stood still.
"""

import gc
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import uvloop
from sqlalchemy import update

from app.runtime import Runtime
from benchmarks import webhook_yardsticks as yard
from benchmarks.citizens import STEPS, Citizen, check, furnish, open_house
from benchmarks.result import Measured, Outcome, hand_over, options
from benchmarks.serve import ROOT, environment
from benchmarks.webhook_client import Heard, Load
from benchmarks.webhook_served import Late
from storage.tables import outbox
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.world import Chat
from tests.stores import postgres_server

CONNECTIONS = 32
_FIRST_CHAT = 7_000_001
_DEADLINE = 60.0
_AGAINST = {
    "core": ("a row a commit by Core async, without HTTP", 1.5, 4.0),
    "orm": ("aiogram's handler, ten filters, async ORM", 10.0, None),
    "echo": ("aiogram's handler that keeps nothing", 0.5, None),
}
"""Yardstick -> its name, at least, wanted."""
_CALM = 3.0
_STALL_MS = 50.0
T = TypeVar("T")


@dataclass(frozen=True)
class Size:
    """How much is done: rounds, and citizens of each connection in a round of ours, of the ORM's, of the echo's."""

    rounds: int
    ours: int
    orm: int
    echo: int
    rows: int


@dataclass(frozen=True)
class Post:
    """Whom the client knocks at."""

    port: int
    path: str

    def knock(self, lanes: list[list[msgspec.Raw]]) -> Heard:
        """Post it all; AssertionError where anything is answered by another status than 200."""
        load = msgspec.json.encode(Load(self.port, self.path, yard.SECRET, lanes))
        command = [sys.executable, "-m", "benchmarks.webhook_client"]
        done = subprocess.run(command, input=load, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        heard = msgspec.json.decode(done.stdout, type=Heard)
        if heard.refused:
            raise AssertionError(f"{heard.refused} of {len(heard.took)} updates were not answered with 200")
        return heard


_update_ids = count(700_000_000)


def answers(people: list[int]) -> list[list[msgspec.Raw]]:
    """Every answer of these people, for each connection; it goes from person to person, then to the next question."""
    at = int(time.time())

    def said(person: int) -> msgspec.Raw:
        number = next(_update_ids)
        names = {"id": person, "first_name": "Lan", "last_name": "Nguyễn"}
        message = {
            "message_id": number,
            "from": {**names, "is_bot": False, "language_code": "vi"},
            "chat": {**names, "type": "private"},
            "date": at,
            "text": "1",
        }
        return msgspec.Raw(msgspec.json.encode({"update_id": number, "message": message}))

    lanes = (people[place::CONNECTIONS] for place in range(CONNECTIONS))
    return [[said(person) for _step in range(STEPS) for person in lane] for lane in lanes]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(port: int, *words: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """A server for the length of the block, once it listens."""
    process = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=env)
    try:
        began = time.perf_counter()
        while not _listens(port):
            if process.poll() is not None or time.perf_counter() - began > _DEADLINE:
                raise RuntimeError(f"{words} does not listen (exit {process.returncode})")
            time.sleep(0.01)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        if process.wait(_DEADLINE):
            raise RuntimeError(f"{words} ended with {process.returncode}")


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


async def _furnished(url: str, folder: Path, people: list[int]) -> list[Citizen]:
    """A closed store whose citizens have the first question before them, with nothing left to be sent."""
    runtime = await open_house(url, folder)
    citizens = await furnish(runtime, "telegram", len(people), first=people[0])
    sent = update(outbox).where(outbox.c.state == "ready").values(state="sent", sent_at=runtime.now())
    await runtime.store.write(lambda tx: tx.execute(sent).rowcount)
    await runtime.close()
    return citizens


async def _checked(url: str, folder: Path, citizens: list[Citizen]) -> None:
    """AssertionError unless every answer is in the store."""
    runtime: Runtime = await open_house(url, folder)
    await check(runtime, citizens)
    await runtime.close()


@contextmanager
def served(url: str, folder: Path, account: int, fake: FakeTelegram) -> Iterator[Post]:
    """`nghedan serve` with a probe, on a furnished store; what the probe saw is in folder/late.json afterwards."""
    port = free_port()
    telegram = {"token": fake.token, "api_base": fake.api_base, "mode": "webhook", "webhook_secret": yard.SECRET}
    env = environment(folder, port, {"telegram": telegram}) | {"NGHEDAN_STORAGE__URL": url}
    with running(port, "benchmarks.webhook_served", str(folder / "late.json"), env=env):
        yield Post(port, f"/webhook/telegram/{account}")


def stalls(folder: Path, measured: list[Heard]) -> list[Late]:
    """Every time the loop of ours stood still while it was measured, the longest first."""
    late = msgspec.json.decode((folder / "late.json").read_bytes(), type=list[Late])
    inside = [one for one in late if any(heard.began <= one.at <= heard.ended for heard in measured)]
    return sorted(inside, key=lambda one: -one.seconds)


def calm(name: str, measured: list[Heard]) -> list[Measured]:
    """How even the answers came: the median over the rounds of p99 against the median answer."""
    cuts = [statistics.quantiles(heard.took, n=100) for heard in measured]
    median, p99 = (statistics.median(cut[place] for cut in cuts) * 1000 for place in (49, 98))
    return [
        Measured(name=f"{name}: p99 / median", value=statistics.median(cut[98] / cut[49] for cut in cuts), most=_CALM),
        Measured(name=f"{name}: median of an answer", value=median, unit="ms"),
        Measured(name=f"{name}: p99 of an answer", value=p99, unit="ms"),
    ]


def shares(people: list[int]) -> Callable[[int], list[int]]:
    """The next so many people of each connection, new ones each time."""
    left = iter(people)
    return lambda each: [next(left) for _ in range(each * CONNECTIONS)]


def on_sqlite(folder: Path, size: Size) -> tuple[list[Measured], dict[str, Any]]:
    """Ours and the three yardsticks in turns."""
    url = f"sqlite:///{folder}/nghedan.db"
    people = [_FIRST_CHAT + number for number in range((size.rounds * size.ours + 1) * CONNECTIONS)]
    citizens = uvloop.run(_furnished(url, folder, people))
    heard: dict[str, list[Heard]] = {"ours": [], "orm": [], "echo": []}
    core: list[float] = []
    load: list[float] = []
    with ExitStack() as stack:
        fake = stack.enter_context(FakeTelegram())
        met = {person: Chat({"id": person, "is_bot": False, "first_name": "Lan"}, met=True) for person in people}
        fake.do(lambda world: world.chats.update(met))
        doors = {"ours": stack.enter_context(served(url, folder, citizens[0].account, fake))}
        for kind in ("orm", "echo"):
            port = free_port()
            words = ("benchmarks.webhook_yardsticks", kind, str(port), str(folder / f"{kind}.db"))
            stack.enter_context(running(port, *words))
            doors[kind] = Post(port, yard.PATH)
        mine, theirs = shares(people), shares(people)
        doors["ours"].knock(answers(mine(1)))  # the first ones warm up statements and caches, and are not measured
        doors["orm"].knock(answers(theirs(1)))
        doors["echo"].knock(answers(people[:CONNECTIONS]))
        for number in range(size.rounds):
            load.append(os.getloadavg()[0])
            heard["ours"].append(doors["ours"].knock(answers(mine(size.ours))))
            heard["orm"].append(doors["orm"].knock(answers(theirs(size.orm))))
            heard["echo"].append(doors["echo"].knock(answers(people[: size.echo * CONNECTIONS])))
            core.append(uvloop.run(yard.one_row_at_a_time(folder / f"core{number}.db", size.rows, CONNECTIONS)))
        sent = fake.do(lambda _: len(fake._server.log))  # noqa: SLF001 - a list that long is not copied
    uvloop.run(_checked(url, folder, citizens))
    return _figures(heard, core, stalls(folder, heard["ours"])), {
        "turns a second": {name: [one.rate for one in some] for name, some in heard.items()} | {"core": core},
        "calls that the fake of Telegram answered meanwhile": sent,
        "load of the machine before each round": load,
        "longest stalls": stalls(folder, heard["ours"])[:5],
    }


def _figures(heard: dict[str, list[Heard]], core: list[float], late: list[Late]) -> list[Measured]:
    ours = [one.rate for one in heard["ours"]]
    rates = {"core": core, "orm": [one.rate for one in heard["orm"]], "echo": [one.rate for one in heard["echo"]]}
    figures = [
        Measured(
            name=f"ours / {name}",
            value=statistics.median(a / b for a, b in zip(ours, rates[kind], strict=True)),
            least=least,
            wanted=wanted,
        )
        for kind, (name, least, wanted) in _AGAINST.items()
    ]
    worst = late[0] if late else Late(0, 0, 0)
    return [
        *figures,
        Measured(name="ours", value=statistics.median(ours), unit="1/s"),
        *calm("ours", heard["ours"]),
        Measured(name="ours: longest stall of the loop", value=worst.seconds * 1000, unit="ms", most=_STALL_MS),
    ]


def on_postgres(folder: Path, size: Size) -> tuple[list[Measured], dict[str, Any]]:
    """Ours on PostgreSQL, without yardsticks."""
    people = [_FIRST_CHAT + number for number in range((size.rounds * size.orm + 1) * CONNECTIONS)]
    met = {person: Chat({"id": person, "is_bot": False, "first_name": "Lan"}, met=True) for person in people}
    with postgres_server(durable=True) as server, FakeTelegram() as fake:
        url = server.fresh()
        citizens = uvloop.run(_furnished(url, folder, people))
        fake.do(lambda world: world.chats.update(met))
        share = shares(people)
        with served(url, folder, citizens[0].account, fake) as door:
            door.knock(answers(share(1)))
            heard = [door.knock(answers(share(size.orm))) for _ in range(size.rounds)]
        uvloop.run(_checked(url, folder, citizens))
    rates = [one.rate for one in heard]
    late = stalls(folder, heard)
    figures = [
        Measured(name="PostgreSQL: ours", value=statistics.median(rates), unit="1/s"),
        *calm("PostgreSQL: ours", heard),
    ]
    return figures, {"turns a second": rates, "longest stalls": late[:5]}


def measure(*, short: bool) -> Outcome:
    """Everything."""
    size = Size(3, 4, 1, 4, 512) if short else Size(9, 12, 2, 12, 3_000)
    figures: list[Measured] = []
    details: dict[str, Any] = {"connections": CONNECTIONS, "answers of a citizen": STEPS}
    gc.collect()
    for name, run in (("SQLite", on_sqlite), ("PostgreSQL", on_postgres)):
        with tempfile.TemporaryDirectory(prefix="nghedan-bench-") as folder:
            some, details[name] = run(Path(folder), size)
            figures += some
    return Outcome(name="webhook", short=short, figures=figures, details=details)


def main() -> int:
    """Exit code 0: whether promises are kept is judged by `python -m benchmarks`."""
    asked = options("webhook")
    hand_over(measure(short=asked.short), asked.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
