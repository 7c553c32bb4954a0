"""Opening a case with a picture through a whole turn, against the same rows through the same writer without the step.

    python -m benchmarks.case [--short] [--json FILE]

Ours is `Runtime.receive` of the "gửi" that ends a report with place, thôn and picture: read, thought about, decided,
worded, written, committed. The yardstick writes the same rows (seen event, case, its first act, picture, consent, two
messages, state) by the same functions of storage/ through the same writer thread, sixteen in flight as ours, from
values that are ready. In turns, so that a noisy machine is noisy for both; the ratio is the median of the rounds'.
At the end both stores must have grown by the same rows.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import uvloop
from sqlalchemy import Connection, Select, func, select

from app.runtime import Runtime
from benchmarks.citizens import IN_FLIGHT, copy_store, open_house
from benchmarks.result import Measured, Outcome, hand_over, options
from bot.conversation.matter import weigh
from bot.conversation.messages import Inbound, Media, Place
from bot.conversation.state import Drafting, State, dump
from feedback.acts import Open, Refusal
from feedback.codes import make_code
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.roles import CITIZEN, Actor
from storage import blobs, cases, conversations, inbox, outbox
from storage.conversations import ChannelAccount, ensure_channel_account
from storage.tables import acts, case_blobs, consents, seen_events
from storage.tables import blobs as blob_rows
from storage.tables import cases as case_rows
from storage.tables import outbox as messages
from storage.tx import Tx
from storage.units import communes, villages

_LEAST = 0.4
_TEXT = (
    "Cống trước cổng chợ bị tắc, nước thải tràn ra đường mấy hôm nay, mùi rất khó chịu, trẻ con đi học phải lội qua."
)
_POINT = (21.6203, 106.5361)
_STEPS = ["kind", "category", "text", "photo", "place", "village", "near"]
_SAID = 620, 1_450
"""Bytes of the two messages: that it was received, and the menu."""
_TABLES = {
    "cases": case_rows, "acts": acts, "case_blobs": case_blobs, "consents": consents, "outbox": messages,
    "seen_events": seen_events,
}  # fmt: skip


class House:
    """A store whose citizens all have their report before them, ready to be sent."""

    def __init__(self, runtime: Runtime, on: ChannelAccount, village: int, state: bytes) -> None:
        self.runtime = runtime
        self.on = on
        self.village = village
        self.state = state

    @classmethod
    async def furnish(cls, runtime: Runtime, count: int) -> "tuple[House, list[int]]":
        """With so many citizens, "1" to that number, and the blob of each one's picture."""
        commune = (await runtime.store.read(communes))[0].id
        account = await runtime.store.write(lambda tx: ensure_channel_account(tx, commune, "telegram"))
        village = (await runtime.store.read(lambda conn: villages(conn, commune)))[0].id
        on = await runtime.account(account)
        house = cls(runtime, on, village, b"")
        pictures = [await runtime.blobs.put(commune, "image/jpeg", b"\xff\xd8" * 50) for _ in range(count)]

        def ready(tx: Tx) -> None:
            for number, blob in enumerate(pictures, start=1):
                chat = runtime.ledger.chat(tx, on, str(number), runtime.now())
                chat.save(dump(house.before(blob)))

        await runtime.store.write(ready)
        return house, pictures

    def before(self, blob: int) -> State:
        """What a conversation remembers at the look before sending."""
        place = Place(lat=_POINT[0], lon=_POINT[1])
        draft = Drafting(
            topic=1, kind=Kind.FEEDBACK, category="roads", text=_TEXT, photos=[Media(blob=blob)], place=place,
            village=self.village, step="review", done=list(_STEPS), let_in=True,
        )  # fmt: skip
        weigh(draft)  # as the look before sending leaves it
        return State(nonce=9, topics=1, greeted=True, dialogue=draft)

    async def send(self, number: int, _blob: int) -> None:
        """Ours."""
        now = self.runtime.now()
        await self.runtime.receive(
            Inbound(
                channel="telegram",
                channel_account=self.on.id,
                dedupe_key=f"send:{number}",
                person=str(number),
                kind="text",
                text="gửi",
                at=now,
            )
        )

    async def write(self, number: int, blob: int) -> None:
        """The yardstick."""
        now = self.runtime.now()
        actor = Actor(kind=CITIZEN, unit=self.on.unit_id)
        act = Open(
            code=make_code("VL", 2026, self.runtime.draw()), kind=Kind.FEEDBACK, category="roads", text=_TEXT,
            village=self.village, blobs=(blob,), point=_POINT,
        )  # fmt: skip
        decision = decide(None, act, actor, now=now, office=self.runtime.ledger.office)
        if isinstance(decision, Refusal):
            raise SystemExit(decision.key)

        def unit(tx: Tx) -> None:
            vault = self.runtime.vault
            inbox.waits(tx, self.on.id, str(number))
            chat = conversations.lock(tx, vault, self.on, str(number), now)
            conversations.first_time(tx, vault, self.on.id, f"write:{number}", now)
            conversations.add_consent(tx, chat, purpose="case", data="photo,place,village", wording="bench/1", at=now)
            blobs.keep(tx, [blob])
            cases.open_case(tx, chat, act, decision, actor, now)
            for size in _SAID:
                outbox.add(tx, vault, chat, b"x" * size, at=now)
            conversations.save(tx, vault, chat, b"{}" + b" " * 300)

        await self.runtime.store.write(unit)


Send = Callable[[int, int], Awaitable[None]]


async def rate(send: Send, numbers: list[int], pictures: list[int]) -> float:
    """Cases a second, sixteen in flight."""

    async def lane(mine: list[int]) -> None:
        for number in mine:
            await send(number, pictures[number - 1])

    began = time.perf_counter()
    await asyncio.gather(*(lane(numbers[place::IN_FLIGHT]) for place in range(IN_FLIGHT)))
    return len(numbers) / (time.perf_counter() - began)


def _rows(conn: Connection) -> dict[str, int]:
    return {name: conn.scalar(select(func.count()).select_from(table)) or 0 for name, table in _TABLES.items()}


def _ids(conn: Connection, query: Select[int]) -> list[int]:
    return list(conn.scalars(query))


async def measure(folder: Path, rounds: int, many: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Rates of both, round by round, and the rows that each has written for its cases."""
    count = rounds * many
    original = folder / "nghedan.db"
    runtime = await open_house(f"sqlite:///{original}", folder)
    await House.furnish(runtime, count)
    await runtime.close()
    rates: dict[str, list[float]] = {"ours": [], "rows": []}
    houses: dict[str, tuple[House, list[int]]] = {}
    for name in rates:
        path = copy_store(original, folder / name)
        opened = await open_house(f"sqlite:///{path}", path.parent)
        commune = (await opened.store.read(communes))[0].id
        account = await opened.store.write(partial(ensure_channel_account, unit_id=commune, channel="telegram"))
        village = (await opened.store.read(partial(villages, commune_id=commune)))[0].id
        query = select(blob_rows.c.id).order_by(blob_rows.c.created_at, blob_rows.c.id)
        pictures = await opened.store.read(partial(_ids, query=query))
        houses[name] = House(opened, await opened.account(account), village, b""), pictures
    before = {name: await house.runtime.store.read(_rows) for name, (house, _) in houses.items()}
    for place in range(rounds):
        numbers = list(range(place * many + 1, (place + 1) * many + 1))
        for name, (house, pictures) in houses.items():
            rates[name].append(await rate(house.send if name == "ours" else house.write, numbers, pictures))
    grown = {}
    for name, (house, _) in houses.items():
        after = await house.runtime.store.read(_rows)
        grown[name] = {table: (after[table] - before[name][table]) for table in after}
        await house.runtime.close()
    if grown["ours"] != grown["rows"] or grown["ours"]["cases"] != count:
        raise SystemExit(f"not the same rows: {grown}")
    return rates, grown["ours"]


def main() -> None:
    asked = options("case")
    rounds, many = (3, 160) if asked.short else (9, 320)
    with tempfile.TemporaryDirectory(prefix="nghedan-bench-") as folder:
        rates, grown = uvloop.run(measure(Path(folder), rounds, many))
    ratio = statistics.median(ours / rows for ours, rows in zip(rates["ours"], rates["rows"], strict=True))
    figures = [
        Measured(name="SQLite: a case through the turn / the same rows alone", value=ratio, least=_LEAST),
        Measured(name="SQLite: cases opened through the turn", value=statistics.median(rates["ours"]), unit="1/s"),
        Measured(name="SQLite: the same rows alone", value=statistics.median(rates["rows"]), unit="1/s"),
    ]
    hand_over(Outcome(name="case", short=asked.short, figures=figures, details={"rows of both": grown}), asked.json)


if __name__ == "__main__":
    main()
