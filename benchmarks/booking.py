"""Two hundred citizens for twenty seats at the same moment, on both engines: each through a whole turn of the chat.

    python -m benchmarks.booking [--short] [--json FILE]

Everybody has come as far as the last message of a booking before the clock starts; then all send it at once, and those
who are told that it is full all ask for the waiting list at once. Promised: exactly twenty seats are given, and the
waiting list is in the exact order in which the others were written down, without a gap. As a yardstick of
the same run: the same bookings through the same writer, without turn or conversation.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from app import seats
from app.runtime import Runtime
from app.sessions import act_on_session, plan
from app.settings import PrivacySettings, Settings, Storage
from app.wording import bot_wording
from benchmarks.result import Measured, Outcome, hand_over, options
from bot.channels.webchat.parse import Refused, Visitor, words
from feedback.acts import Refusal
from feedback.booking_deciding import Seated
from feedback.codes import make_code
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from feedback.session_acts import Announce, Book, Plan
from feedback.sessions import Host, Meeting, SessionKind
from storage import conversations
from storage.blobs import open_blobs
from storage.migrate import upgrade
from storage.opening import open_store
from storage.store import Store
from storage.tables import bookings
from storage.vault import Vault
from tests.stores import SampleCommune, postgres_server, seed_sample
from vietnam.time import DAY

NOON = 1_791_176_400_000
"""2026-10-05 12:00 in Viet Nam."""
SEATS = 20
WAIT = "Vào danh sách chờ"
BEFORE = ("đặt lịch", "Hỏi về đất ở của gia đình.")


async def _session(runtime: Runtime, commune: SampleCommune, at: int) -> int:
    leader = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)
    meeting = Meeting(
        kind=SessionKind.MORNING,
        host=Host.CHAIRMAN,
        title="Buổi sáng với nhân dân",
        place="nhà văn hóa",
        starts_at=at,
        minutes=200,
        seats=SEATS,
    )
    id = await plan(runtime, Plan(meeting, sure=True), leader)
    if isinstance(id, Refusal) or isinstance(await act_on_session(runtime, id, Announce(), leader), Refusal):
        raise SystemExit("no session could be announced")
    return id


async def _say(runtime: Runtime, commune: SampleCommune, number: int, text: str) -> None:
    visitor = Visitor(commune.webchat, f"{number:064x}")
    inbound = words(visitor, f"{number}:{text}", text, at=runtime.now())
    if isinstance(inbound, Refused):
        raise SystemExit("a message was refused")
    on = await runtime.account(commune.webchat)
    # The turn itself, however long it waits: a platform would be answered, and the event kept, after 1.5 s.
    await runtime.store.write(lambda tx: runtime.turn(tx, on, inbound))


async def _one_engine(url: str, folder: Path, count: int) -> tuple[float, float, list[str]]:
    """Seconds of the rush, seconds of the same rows without turns, and what was wrong."""
    store, vault = open_store(url), Vault(bytes(range(32)))
    try:
        commune = await store.write(lambda tx: seed_sample(tx, NOON))
        settings = Settings(storage=Storage(url=url), privacy=PrivacySettings(key_file=folder / "key"))
        runtime = Runtime(settings, store, vault, bot_wording(), open_blobs(url, store, folder / "b"), now=lambda: NOON)
        rushed = await _session(runtime, commune, NOON + 14 * DAY)
        for number in range(count):
            for said in (BEFORE[0], "1", BEFORE[1]):
                await _say(runtime, commune, number, said)
        start = time.perf_counter()
        await asyncio.gather(*(_say(runtime, commune, n, f"Lò Thị Mẫu, 09{n:08}") for n in range(count)))
        seated = await store.read(lambda conn: set(conn.scalars(select(bookings.c.phone))))
        late = [n for n in range(count) if f"09{n:08}" not in seated]
        await asyncio.gather(*(_say(runtime, commune, n, WAIT) for n in late))
        rush = time.perf_counter() - start
        plain = await _session(runtime, commune, NOON + 21 * DAY)
        bare = await _bare(store, vault, commune, plain, count)
        return rush, bare, await _wrong(store, rushed, count)
    finally:
        await store.close()


async def _bare(store: Store, vault: Vault, commune: SampleCommune, session: int, count: int) -> float:
    """The same bookings without a turn."""
    citizen = Actor(kind=CITIZEN, unit=commune.commune)
    on = await store.read(lambda conn: conversations.channel_account(conn, commune.webchat))
    if on is None:
        raise SystemExit("no web chat")
    known = [
        (await store.write(lambda tx, n=n: conversations.lock(tx, vault, on, f"{n:064x}", NOON))).account_id  # type: ignore[misc]  # a default binds what the loop changes
        for n in range(count)
    ]

    async def one(number: int, account: int) -> None:
        act = Book(code=make_code("Z", 2026, number), topic="land", question="?", name="N", phone="09", wait=True)
        done = await store.write(
            lambda tx: seats.take(tx, session, act, citizen, NOON, account=account, accounts=[account])
        )
        if not isinstance(done, Seated):
            raise SystemExit(done.key)

    start = time.perf_counter()
    await asyncio.gather(*(one(number, account) for number, account in enumerate(known)))
    return time.perf_counter() - start


async def _wrong(store: Store, session: int, count: int) -> list[str]:
    """What is not as promised."""
    query = select(bookings).where(bookings.c.session_id == session).order_by(bookings.c.place)
    rows = await store.read(lambda conn: conn.execute(query).all())
    found = []
    if len(rows) != count:
        found.append(f"{len(rows)} bookings of {count}")
    if sorted(row.seat for row in rows if row.seat) != list(range(1, SEATS + 1)):
        found.append("the seats given are not exactly those there are")
    if [row.state for row in rows] != ["booked"] * SEATS + ["waiting"] * (count - SEATS):
        found.append("somebody has a seat who came after one who waits")
    if [row.place for row in rows] != list(range(1, count + 1)):
        found.append("the waiting list has a gap")
    if [row.id for row in rows] != sorted(row.id for row in rows):
        found.append("the waiting list is not in the order in which it was written down")
    return found


def main() -> None:
    asked = options("booking")
    count = 60 if asked.short else 200
    figures, details = [], {}
    with tempfile.TemporaryDirectory() as name, postgres_server(durable=True) as server:
        folder = Path(name)
        lite = f"sqlite:///{folder / 'nghedan.db'}"
        upgrade(lite)
        for engine, url in (("SQLite", lite), ("PostgreSQL", server.fresh())):
            rush, bare, wrong = asyncio.run(_one_engine(url, folder, count))
            if wrong:
                raise SystemExit(f"{engine}: {'; '.join(wrong)}")
            figures.append(Measured(name=f"{count} at once for {SEATS} seats, {engine}", value=rush, unit="s"))
            figures.append(Measured(name=f"whole turns against the rows alone, {engine}", value=bare / rush))
            details[engine] = {"rush": rush, "bare": bare}
    figures.append(Measured(name="seats given beyond or below what there is", value=0, unit="", most=0))
    hand_over(Outcome(name="booking", short=asked.short, figures=figures, details=details), asked.json)


if __name__ == "__main__":
    main()
