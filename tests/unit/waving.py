"""A runtime over a real store with a clock of its own, people on two channels, frames, and a post that delivers."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update

from app.runtime import Runtime
from app.settings import PrivacySettings, Settings, Storage
from app.waves import act, open_wave, send_round, wave_of
from app.wording import bot_wording
from feedback.roles import SYSTEM, Actor
from storage import conversations, frames, invitations, outbox, participations
from storage.blobs import open_blobs
from storage.store import Store
from storage.tables import accounts, frame_rows, jobs, waves
from storage.tables import conversations as chats
from storage.tables import invitations as invited
from storage.tables import outbox as letters
from storage.tables import participations as tokens
from storage.tx import Tx
from storage.vault import Vault
from storage.wave_acts import WaveRow
from surveys.frame_sheet import FrameLine
from surveys.waves import Act, FrameKind, Opening, WaveKind
from tests.stores import UNHURRIED, SampleCommune
from vietnam.time import TZ, to_ms

NOON = to_ms(datetime(2026, 10, 5, 12, tzinfo=TZ))


@dataclass
class Town:
    """`at` is the clock. `people` are accounts by their platform's id."""

    runtime: Runtime
    commune: SampleCommune
    at: int = NOON

    @property
    def store(self) -> Store:
        return self.runtime.store

    @property
    def actor(self) -> Actor:
        return Actor(kind=SYSTEM, unit=self.commune.commune)

    async def people(self, count: int, channel: str = "telegram", *, first: int = 1) -> list[int]:
        """So many subscribers; their account ids."""

        def unit(tx: Tx) -> list[int]:
            on = conversations.channel_account(tx.conn, getattr(self.commune, channel))
            assert on is not None
            vault = self.runtime.vault
            return [
                conversations.lock(tx, vault, on, f"{channel}-{number}", self.at).account_id
                for number in range(first, first + count)
            ]

        return await self.store.write(unit)

    async def frame(self, name: str, known: list[int], paper: int = 0, kind: FrameKind = FrameKind.HOUSEHOLD) -> None:
        """A frame of rows with a chat account and of rows that only paper reaches, over the villages in turn."""
        villages = self.commune.villages

        def unit(tx: Tx) -> None:
            id, there = frames.begin(tx, self.commune.commune, name, kind, f"file of {name}", self.at)
            assert not there
            lines = [
                FrameLine(number=n, village=villages[n % 3], name=f"Hộ {n}") for n in range(1, len(known) + paper + 1)
            ]
            frames.add_rows(tx, self.runtime.vault, id, lines, {})
            rows = tx.execute(select(frame_rows.c.id).where(frame_rows.c.frame_id == id).order_by("number")).scalars()
            for row, account in zip(rows, known, strict=False):
                tx.execute(update(frame_rows).where(frame_rows.c.id == row).values(account_id=account))
            frames.finish(tx, self.actor, self.commune.commune, id, len(lines), self.at)

        await self.store.write(unit)

    async def open(self, frame: str = "", **opening: Any) -> WaveRow:
        kind = WaveKind.INVITED if frame else WaveKind.OPEN
        usual: dict[str, Any] = {"code": "dot-1", "kind": kind, "opens_at": self.at}
        meant = Opening(**(usual | opening))
        return await open_wave(self.runtime, self.actor, self.commune.commune, "mau", meant, frame)

    async def act(self, wave: WaveRow, wanted: Act) -> None:
        await act(self.runtime, self.actor, wave, wanted)

    async def send(self) -> None:
        """What the worker does until nothing is left to do at this moment."""
        while await send_round(self.runtime):
            pass

    async def deliver(self, *, fails: bool = False) -> list[str]:
        """The post takes what may be sent now, chat by chat; to whom it went."""
        went = []
        on = self.commune.telegram
        while batch := await self.store.write(
            lambda tx: outbox.claim(tx, self.runtime.vault, on, self.at, lease_ms=60_000, limit=50)
        ):
            for letter in batch:
                if fails:
                    await self.store.write(partial(outbox.dead, id=letter.id, fault="blocked"))
                else:
                    await self.store.write(
                        partial(outbox.sent, vault=self.runtime.vault, id=letter.id, ref="1", now=self.at)
                    )
                went.append(letter.platform_id)
        return went

    async def answer(self, wave: WaveRow, account: int) -> None:
        """The person of an account answers the wave, as bot/turn.py writes it."""

        def unit(tx: Tx) -> None:
            chat = tx.execute(select(chats.c.id).where(chats.c.account_id == account)).scalar_one()
            row = tx.execute(
                select(invited.c.id).where(invited.c.wave_id == wave.id, invited.c.account_id == account)
            ).scalar()
            token = participations.of_account(self.runtime.vault, wave.id, account)
            if wave.kind is WaveKind.INVITED:
                assert row is not None
                token = participations.of_invitation(self.runtime.vault, wave.id, row)
            tx.execute(insert(tokens).values(token=token, wave_id=wave.id))
            invitations.answered(tx, chat, wave.id)

        await self.store.write(unit)

    async def opt_out(self, account: int) -> None:
        out = update(accounts).where(accounts.c.id == account).values(opted_out_at=self.at)
        await self.store.write(lambda tx: tx.execute(out).rowcount)

    async def states(self, wave: WaveRow) -> dict[str, int]:
        query = select(invited.c.state, func.count()).where(invited.c.wave_id == wave.id).group_by(invited.c.state)
        return await self.store.read(lambda conn: {row[0]: row[1] for row in conn.execute(query)})

    async def queued(self) -> int:
        """Unsent messages in the outbox."""
        unsent = select(func.count()).where(letters.c.state.in_(["ready", "leased"]))
        return await self.store.read(lambda conn: conn.scalar(unsent)) or 0

    async def gathered(self) -> None:
        """The worker has gathered what was unfinished of every wave that is over; what is sealed was not released."""
        await self.store.write(lambda tx: tx.execute(jobs.delete()).rowcount)

    async def again(self, wave: WaveRow) -> WaveRow:
        """The wave as it is now."""
        return await wave_of(self.runtime, wave.id)

    async def all_of(self, code: str) -> list[tuple[str, int]]:
        """State and opening of every wave of a code, oldest first."""
        query = select(waves.c.state, waves.c.opens_at).where(waves.c.code == code).order_by(waves.c.opens_at)
        return await self.store.read(lambda conn: [(row.state, row.opens_at) for row in conn.execute(query)])


def town_of(store: Store, url: str, folder: Path, vault: Vault, commune: SampleCommune) -> Town:
    """The town of a test."""
    settings = Settings(storage=Storage(url=url), privacy=PrivacySettings(key_file=folder / "key"))
    blobs = open_blobs(url, store, folder / "blobs")
    made: list[Town] = []
    runtime = Runtime(settings, store, vault, bot_wording(), blobs, now=lambda: made[0].at, patience=UNHURRIED)
    made.append(Town(runtime, commune))
    return made[0]
