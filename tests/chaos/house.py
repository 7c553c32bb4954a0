"""A running process in little for tests of the store in trouble: a runtime with a clock that the test sets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from bot.conversation.messages import Inbound
from storage.blobs import open_blobs
from storage.opening import open_store
from storage.store import Store
from storage.vault import Vault
from tests.chaos.aftermath import outbox_rows
from tests.chaos.script import events
from tests.stores import SampleCommune, seed_sample
from vietnam.time import DAY


@dataclass
class House:
    """A runtime with a clock that the test sets."""

    runtime: Runtime
    sample: SampleCommune
    at: int

    @property
    def store(self) -> Store:
        return self.runtime.store

    def events(self, *persons: str) -> list[Inbound]:
        return events(list(persons), self.sample.telegram, self.at)

    def says(self, person: str, text: str, number: int) -> Inbound:
        return Inbound(
            channel="telegram",
            channel_account=self.sample.telegram,
            dedupe_key=f"u{person}-{number}",
            person=person,
            kind="text",
            text=text,
            at=self.at,
        )

    async def count(self, table: Any) -> int:
        return await self.store.read(lambda conn: conn.scalar(select(func.count()).select_from(table)) or 0)

    async def said(self, person: str) -> list[str]:
        """What was written for a chat so far."""
        rows = await self.store.read(lambda conn: outbox_rows(conn, self.runtime.vault))
        return [row.text or "" for row in rows.get(person, [])]


async def build(url: str, vault: Vault, now: int, folder: Path) -> House:
    """A house over a migrated, empty store, with one commune."""
    store = open_store(url)
    settings = Settings.model_validate({"storage": {"url": url}, "privacy": {"key_file": str(folder / "key")}})
    runtime = Runtime(settings, store, vault, bot_wording(), open_blobs(url, store))
    sample = await store.write(lambda tx: seed_sample(tx, now - DAY))
    house = House(runtime, sample, now)
    runtime.now = lambda: house.at
    return house
