"""Inviting a whole commune: seconds to queue 100,000 invitations on SQLite, and whether memory stays flat meanwhile.

    python -m benchmarks.invite [--short] [--json FILE]

From the list of subscribers to the last message in the outbox, in the chunks that the worker uses, each a committed
transaction of its own. Whenever the outbox is full as far as it may be (a window), what stands there is marked as sent,
as the post would do in the meantime; that is not counted. Every body is sealed and every chat counts its message.
"""

import asyncio
import os
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path

from sqlalchemy import func, select, update

from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.waves import act, open_wave, send_some, settle
from app.wording import bot_wording
from benchmarks.result import Measured, Outcome, hand_over, options
from feedback.roles import SYSTEM, Actor
from storage.blobs import open_blobs
from storage.bulk import insert_many
from storage.ids import new_id
from storage.migrate import upgrade
from storage.opening import open_store
from storage.tables import accounts, conversations, invitations, outbox, persons
from storage.tx import Tx
from storage.vault import Vault
from storage.wave_acts import WaveRow
from surveys.waves import Opening, Send
from tests.stores import SampleCommune, seed_sample
from vietnam.time import HOUR

NOON = 1_791_176_400_000
"""2026-10-05 12:00 in Viet Nam."""
_SEED_CHUNK = 5_000


def _people(tx: Tx, commune: SampleCommune, first: int, count: int) -> None:
    """So many subscribers of the Telegram account."""
    ids = [(new_id(), new_id(), new_id(), f"{first + number}") for number in range(count)]
    unit, on = commune.commune, commune.telegram
    insert_many(tx, persons, ("id", "unit_id", "created_at"), [(person, unit, 0) for person, _, _, _ in ids])
    insert_many(
        tx,
        accounts,
        ("id", "person_id", "channel_account_id", "platform_id", "created_at"),
        [(account, person, on, name, 0) for person, account, _, name in ids],
    )
    insert_many(
        tx,
        conversations,
        ("id", "account_id", "unit_id", "channel", "heard_at"),
        [(chat, account, unit, "telegram", 0) for _, account, chat, _ in ids],
    )


def _resident() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _post(runtime: Runtime) -> float:
    """What the post would have done in the meantime; the seconds it took here."""
    start = time.perf_counter()
    sent = update(outbox).where(outbox.c.state == "ready").values(state="sent", sent_at=runtime.now())
    await runtime.store.write(lambda tx: tx.execute(sent).rowcount)
    return time.perf_counter() - start


async def _queue(runtime: Runtime, wave: WaveRow, count: int) -> tuple[float, float, float]:
    """Seconds of queueing, the longest chunk in ms, and by how many MB memory grew from a tenth of the way on."""
    spent, longest, early, queued = 0.0, 0.0, 0.0, 0
    while True:
        start = time.perf_counter()
        went = await send_some(runtime, wave.id, again=False)
        chunk = time.perf_counter() - start
        spent += chunk
        longest = max(longest, chunk)
        queued += went
        if not early and queued >= count / 10:
            early = _resident()
        if not went:
            await _post(runtime)
            start = time.perf_counter()
            while await settle(runtime):
                pass
            spent += time.perf_counter() - start
            if queued >= count:
                return spent, longest * 1e3, _resident() - early


async def measure(count: int, folder: Path) -> dict[str, float]:
    """Everything on a store of its own."""
    url = f"sqlite:///{folder / 'nghedan.db'}"
    upgrade(url)
    store = open_store(url)
    settings = Settings(storage=Storage(url=url), privacy=PrivacySettings(key_file=folder / "key"))
    blobs = open_blobs(url, store, folder / "blobs")
    runtime = Runtime(settings, store, Vault(bytes(32)), bot_wording(), blobs, now=lambda: NOON + HOUR)
    commune = await store.write(lambda tx: seed_sample(tx, NOON))
    for first in range(0, count, _SEED_CHUNK):
        await store.write(partial(_people, commune=commune, first=first, count=min(_SEED_CHUNK, count - first)))
    actor = Actor(kind=SYSTEM, unit=commune.commune)
    opening = Opening(code="do", opens_at=NOON)
    wave = await open_wave(runtime, actor, commune.commune, commune.survey.id, opening)
    start = time.perf_counter()
    await act(runtime, actor, wave, Send())
    listed = time.perf_counter() - start
    queued, longest, grown = await _queue(runtime, wave, count)
    done = select(func.count()).where(invitations.c.state == "sent")
    sent = await store.read(lambda conn: conn.scalar(done))
    if sent != count:
        raise SystemExit(f"{sent} of {count} were sent")
    await store.close()
    return {"listing_s": listed, "queueing_s": queued, "longest_chunk_ms": longest, "grown_mb": grown}


def main() -> None:
    asked = options("invite")
    count = 5_000 if asked.short else 100_000
    folder = Path(tempfile.mkdtemp(prefix="nghedan-bench-"))
    try:
        found = asyncio.run(measure(count, folder))
    finally:
        shutil.rmtree(folder)
    seconds = found["listing_s"] + found["queueing_s"]
    measured = [
        Measured(name=f"SQLite: {count:,} invitations queued", value=seconds, unit="s", most=30 * count / 100_000),
        Measured(name="SQLite: an invitation", value=seconds / count * 1e6, unit="us"),
        Measured(name="SQLite: memory grown meanwhile", value=found["grown_mb"], unit="MB", most=20),
        Measured(name="SQLite: longest chunk", value=found["longest_chunk_ms"], unit="ms"),
    ]
    hand_over(Outcome(name="invite", short=asked.short, figures=measured, details=found), asked.json)


if __name__ == "__main__":
    main()
