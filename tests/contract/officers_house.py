"""A commune whose officers hear from it in chat: the real store, turn, sender and pages against the strict fakes."""

import secrets
from pathlib import Path

import httpx
from sqlalchemy import insert, select

from app.officer_round import officer_round
from app.runtime import Runtime, clock
from app.serving import services_of
from app.settings import PrivacySettings, Settings, Storage, Telegram, Web
from app.telegram import TelegramOn
from app.wording import bot_wording
from feedback.acts import Act, Decision, Open, Refusal
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.office import Office
from feedback.roles import CITIZEN, Actor
from storage import confidential, officer_access, officer_accounts, officers
from storage.blobs import open_blobs
from storage.channel_rows import ChannelRow
from storage.ids import new_id
from storage.officer_access import Signs
from storage.store import Store
from storage.tables import acts, cases
from storage.tables import officers as people
from storage.tx import Tx
from storage.vault import Vault
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.people import Person
from tests.stores import UNHURRIED, SampleCommune
from vietnam.time import TZ
from web.app import create_app
from web.console.access import COOKIE
from web.console.login import digest

PUBLIC = "https://nghedan.xa-mau.example.vn"
WORDS = "Bà Nông Thị Bí Mật ở số 7 bị cắt nước, gọi 0912345678."
PEOPLE = {"an": ("Lê Thị An", "reception"), "binh": ("Trần Văn Bình", "reception"), "chu": ("Hoàng Văn Chủ", "leader")}


class AtWork:
    """Three officers at work, on whatever channel.

    `at` is where the clock began, UTC milliseconds; it runs, as the limits of a chat need, and a test moves it.
    """

    def __init__(self, store: Store, url: str, commune: SampleCommune, vault: Vault, folder: Path, at: int) -> None:
        self.commune, self.at = commune, at
        settings = Settings(
            storage=Storage(url=url), privacy=PrivacySettings(key_file=folder / "key"), web=Web(public_url=PUBLIC)
        )
        self.runtime = Runtime(
            settings, store, vault, bot_wording(), open_blobs(url, store, folder / "blobs"), patience=UNHURRIED
        )
        began = clock()
        self.runtime.now = lambda: self.at + clock() - began
        self.ids: dict[str, int] = {}

    async def hires(self) -> None:
        """Three officers have come to work."""
        await self.runtime.store.write(self._hire)

    def _hire(self, tx: Tx) -> None:
        for login, (name, role) in PEOPLE.items():
            self.ids[login] = new_id()
            values = {"id": self.ids[login], "unit_id": self.commune.commune, "login": login, "name": name}
            tx.execute(insert(people).values(**values, role=role, password_hash="-", created_at=self.at))

    async def actor(self, login: str) -> Actor:
        found = await self.runtime.store.read(lambda conn: officers.by_id(conn, self.ids[login]))
        assert found is not None
        return found.actor()

    async def code_for(self, login: str, number: int = 12_345) -> str:
        """What the officer's page shows after "Lấy mã"."""
        code, actor = officer_accounts.code_of(number), await self.actor(login)
        vault = self.runtime.vault
        assert await self.runtime.store.write(
            lambda tx: officer_accounts.keep_code(tx, vault, actor, code, self.runtime.now())
        )
        return code

    async def case(self, kind: Kind = Kind.FEEDBACK) -> str:
        """Somebody brings something; its code."""
        runtime = self.runtime
        on = await runtime.account(self.commune.webchat)

        def open_it(tx: Tx) -> str:
            chat = runtime.ledger.chat(tx, on, "w" * 64, runtime.now())
            act = Open(
                code=chat.desk().new_code(), kind=kind, category="environment", text=WORDS,
                village=self.commune.villages[0], anonymous=False, name="Nông Thị Bí Mật", phone="0912345678",
            )  # fmt: skip
            actor = Actor(kind=CITIZEN, unit=self.commune.commune)
            decision = decide(None, act, actor, now=runtime.now(), office=Office())
            assert isinstance(decision, Decision)
            chat.open_case(act, decision, actor)
            chat.save(None)
            return act.code

        return await runtime.store.write(open_it)

    async def act(self, login: str, code: str, act: Act) -> Decision | Refusal:
        """As on the console."""
        case = await self.id_of(code)
        return await self.runtime.act(case, act, await self.actor(login))

    async def id_of(self, code: str) -> int:
        query = select(cases.c.id).where(cases.c.code == code)
        return int(await self.runtime.store.read(lambda conn: conn.execute(query).scalar_one()))

    async def stands(self, code: str) -> tuple[str, str, str]:
        """State, draft and answer of a case."""
        query = select(cases.c.state, cases.c.draft_state, cases.c.reply).where(cases.c.code == code)
        row = await self.runtime.store.read(lambda conn: conn.execute(query).one())
        return row.state, row.draft_state, row.reply

    async def done_by(self, code: str) -> list[tuple[str, str]]:
        """Every act on a case: what and by whom."""
        case = await self.id_of(code)
        query = select(acts.c.action, acts.c.actor).where(acts.c.thing == "case", acts.c.thing_id == case)
        rows = await self.runtime.store.read(lambda conn: conn.execute(query.order_by(acts.c.version)).all())
        return [(row.action, row.actor) for row in rows]

    async def tells(self) -> None:
        """The worker's round."""
        await officer_round(self.runtime)

    async def names_keeper(self, login: str) -> None:
        """The Chủ tịch names who alone sees what is confidential."""
        leader, officer = await self.actor("chu"), self.ids[login]
        assert await self.runtime.store.write(
            lambda tx: confidential.name_keeper(tx, leader, officer, self.runtime.now())
        )

    async def console(self, login: str, path: str) -> str:
        """A page of the console, as an officer who is at work sees it."""
        token, now = secrets.token_urlsafe(32), self.runtime.now()

        def begin(tx: Tx) -> None:
            officer = officers.by_id(tx.conn, self.ids[login])
            assert officer is not None
            officer_access.begin(tx, digest(token), officer, Signs("Chrome", "xã"), now)

        await self.runtime.store.write(begin)
        status, page = await self.browser("GET", path, cookies={COOKIE: token})
        assert status == 200, path
        return page

    async def browser(
        self, method: str, address: str, *, cookies: dict[str, str] | None = None, **data: str
    ) -> tuple[int, str]:
        """A browser of nobody in particular at an address of ours: status and page."""
        # On the loop of the store: the connections to PostgreSQL belong to it.
        app = httpx.ASGITransport(app=create_app(services_of(self.runtime)))
        async with httpx.AsyncClient(transport=app, base_url=PUBLIC, follow_redirects=True, cookies=cookies) as client:
            answer = await client.request(method, address, data=data or None)
            return answer.status_code, answer.text


class OfficersHouse(AtWork):
    """The same on Telegram."""

    def __init__(
        self, store: Store, url: str, commune: SampleCommune, vault: Vault, folder: Path, fake: FakeTelegram, at: int
    ) -> None:
        super().__init__(store, url, commune, vault, folder, at)
        self.fake = fake
        self._on: TelegramOn | None = None

    async def opens(self, group: int = 0) -> None:
        """Three officers have come to work, and the bot listens; `group` is told of new cases."""
        await self.hires()
        row = ChannelRow(
            id=self.commune.telegram, unit_id=self.commune.commune, channel="telegram", name="", active=True,
            heard_at=None, config=None,
        )  # fmt: skip
        settings = Telegram.model_validate(
            {"token": self.fake.token, "api_base": self.fake.api_base, "officers_chat": group}
        )
        self._on = TelegramOn.of(self.runtime, row, settings)
        self._on.start()

    async def closes(self) -> None:
        self.runtime.stop.set()
        if self._on is not None:
            await self._on.close()

    async def links(self, login: str, person: Person) -> None:
        """The officer opens the deep link of the page."""
        person.starts(f"cb_{await self.code_for(login, self.ids[login])}")
        await person.will_hear(PEOPLE[login][0])


def local_ms(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    """An instant by the clock on the wall in Viet Nam."""
    from datetime import datetime

    from vietnam.time import to_ms

    return to_ms(datetime(year, month, day, hour, minute, tzinfo=TZ))
