"""A commune whose officers hear from it on Zalo: on the Zalo Bot Platform, and on an Official Account."""

from pathlib import Path

from app.settings import ZaloBot, ZaloOa
from app.zalo_bot import ZaloBotOn
from app.zalo_oa import ZaloOaOn
from bot.channels.zalo_oa.oauth import code_in
from bot.channels.zalo_oa.signature import HEADER
from storage.channel_rows import ChannelRow
from storage.conversations import ensure_channel_account
from storage.store import Store
from storage.vault import Vault
from tests.contract.officers_house import PEOPLE, AtWork
from tests.fakes.zalo_bot import FakeZaloBot
from tests.fakes.zalo_bot import Person as BotPerson
from tests.fakes.zalo_oa import FakeZaloOa
from tests.fakes.zalo_oa import Person as OaPerson
from tests.stores import SampleCommune


class OnZaloBot(AtWork):
    """Nothing can be pressed here."""

    def __init__(
        self, store: Store, url: str, commune: SampleCommune, vault: Vault, folder: Path, fake: FakeZaloBot, at: int
    ) -> None:
        super().__init__(store, url, commune, vault, folder, at)
        self.fake = fake
        self._on: ZaloBotOn | None = None

    async def opens(self) -> None:
        """Three officers have come to work, and the bot listens."""
        await self.hires()
        row = await _row(self, "zalo_bot")
        given = {"token": self.fake.token, "api_base": self.fake.api_base, "mode": "polling"}
        self._on = ZaloBotOn.of(self.runtime, row, ZaloBot.model_validate(given))
        self._on.start()

    async def closes(self) -> None:
        self.runtime.stop.set()
        if self._on is not None:
            await self._on.close()

    async def links(self, login: str, person: BotPerson) -> None:
        """The officer types the code of the page."""
        person.writes(f"CB {await self.code_for(login, self.ids[login])}")
        await person.will_hear(PEOPLE[login][0], 30)


class OnZaloOa(AtWork):
    """Messages are taken for 48 hours after a person's word. Events are brought by hand, signed as Zalo signs them."""

    def __init__(
        self, store: Store, url: str, commune: SampleCommune, vault: Vault, folder: Path, fake: FakeZaloOa, at: int
    ) -> None:
        super().__init__(store, url, commune, vault, folder, at)
        self.fake = fake
        self._on: ZaloOaOn | None = None

    @property
    def on(self) -> ZaloOaOn:
        assert self._on is not None
        return self._on

    async def opens(self) -> None:
        """Three officers have come to work, and the Official Account is connected."""
        await self.hires()
        row = await _row(self, "zalo_oa")
        self._on = ZaloOaOn.of(self.runtime, row, ZaloOa.model_validate(self.fake.settings))
        await self.on.login.finish(code_in(self.fake.consents(await self.on.login.begin())))
        self.on.start()

    async def closes(self) -> None:
        self.runtime.stop.set()
        if self._on is not None:
            await self._on.close()

    async def brings(self, body: bytes) -> None:
        """Zalo knocks with an event that a person caused."""
        status = await self.on.door().handle({HEADER: self.fake.header(body)}, body)
        assert status == 200

    async def links(self, login: str, person: OaPerson) -> None:
        """The officer follows the account and types the code of the page."""
        await self.brings(person.follows())
        await self.brings(person.writes(f"CB {await self.code_for(login, self.ids[login])}"))
        await person.will_hear(PEOPLE[login][0], 30)

    def silence(self, milliseconds: int) -> None:
        """Time passes, here and at Zalo, and nobody writes."""
        self.at += milliseconds
        self.fake.advance(milliseconds / 1000)


async def _row(house: AtWork, channel: str) -> ChannelRow:
    unit = house.commune.commune
    id = await house.runtime.store.write(lambda tx: ensure_channel_account(tx, unit, channel))
    return ChannelRow(id=id, unit_id=unit, channel=channel, name="", active=True, heard_at=None, config=None)
