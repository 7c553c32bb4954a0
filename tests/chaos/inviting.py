"""A process that is made to be killed while it invites: it says "queued N" after each committed chunk, and "done".

Run as `python -m tests.chaos.inviting URL KEY_FILE CLOCK`: CLOCK is what it takes for now, UTC milliseconds.
"""

import asyncio
import sys
from pathlib import Path

from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.waves import send_some, settle
from app.wording import bot_wording
from storage import sending
from storage.blobs import open_blobs
from storage.opening import open_store
from storage.sending import Pace
from storage.vault import read_key_file

CHUNK = 5


async def main(url: str, key_file: Path, now: int) -> None:
    store = open_store(url)
    settings = Settings(storage=Storage(url=url), privacy=PrivacySettings(key_file=key_file))
    blobs = open_blobs(url, store, key_file.parent / "blobs")
    runtime = Runtime(settings, store, read_key_file(key_file), bot_wording(), blobs, now=lambda: now)
    while waves := await store.read(lambda conn: sending.due(conn, now)):
        for wave, again in waves:
            went = await send_some(runtime, wave, again=again, pace=Pace(chunk=CHUNK))
            sys.stdout.write(f"queued {went}\n")
            sys.stdout.flush()
        await settle(runtime)
    sys.stdout.write("done\n")
    sys.stdout.flush()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
