"""A runtime over a real store with a clock of its own, and people who type into its web chat."""

from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.wording import bot_wording
from bot.channels.webchat.parse import Refused, Visitor, start, words
from storage import reading_chat, responses, waves
from storage.blobs import open_blobs
from storage.store import Store
from storage.tables import sealed_responses
from storage.vault import Vault
from storage.waves import Published
from tests.stores import UNHURRIED, SampleCommune

ALL = ("4", "1", "1, 2", "3", "9", "có", "bỏ qua", "bỏ qua")
"""An answer to every question of the sample survey, and to that for the village."""


class House:
    """`at` is the clock."""

    def __init__(self, store: Store, url: str, folder: Path, vault: Vault, commune: SampleCommune, now: int) -> None:
        settings = Settings(storage=Storage(url=url), privacy=PrivacySettings(key_file=folder / "key"))
        blobs = open_blobs(url, store, folder / "blobs")
        self.commune = commune
        self.at = now
        self.runtime = Runtime(settings, store, vault, bot_wording(), blobs, now=lambda: self.at, patience=UNHURRIED)

    async def begin(self, person: str) -> None:
        await self.runtime.receive(start(Visitor(self.commune.webchat, person), "ks_mau", at=self.at))

    async def say(self, person: str, *said: str) -> None:
        for text in said:
            self.at += 1000
            inbound = words(Visitor(self.commune.webchat, person), f"word{self.at}", text, at=self.at)
            assert not isinstance(inbound, Refused)
            await self.runtime.receive(inbound)

    async def heard(self, person: str) -> list[str]:
        """Everything that stands on a person's screen."""
        vault, on = self.runtime.vault, self.commune.webchat

        def look(conn: Connection) -> list[str]:
            chat = reading_chat.conversation(conn, on, person)
            assert chat is not None
            lines = reading_chat.lines_after(conn, vault, chat, 0)
            return [msgspec.json.decode(line.body)["text"] for line in lines if line.body and not line.own]

        return await self.runtime.store.read(look)

    async def publish_anew(self) -> Published:
        survey = msgspec.structs.replace(self.commune.survey, title="Phiếu mẫu, bản sau")
        unit = self.commune.commune
        return await self.runtime.store.write(lambda tx: waves.publish(tx, unit, survey, "second", self.at))

    async def sealed(self) -> list[int]:
        """The wave of every answer that is in."""
        return await self.runtime.store.read(lambda conn: list(conn.scalars(select(sealed_responses.c.wave_id))))

    async def closing(self) -> list[int]:
        return await self.runtime.store.read(lambda conn: responses.closing(conn, self.at))
