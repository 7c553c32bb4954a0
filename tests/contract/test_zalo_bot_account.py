"""A bot of the settings, switched on over a real store: what it tells Zalo and the operator, what it fetches."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.channels import switch_on
from app.runtime import Runtime
from app.settings import Settings, Web, ZaloBot
from app.wording import bot_wording
from app.zalo_bot import ZaloBotOn
from bot.channels.fetching import Forbidden
from storage import counters
from storage.blobs import open_blobs
from storage.conversations import ensure_channel_account
from storage.opening import open_store
from storage.store import Store
from storage.vault import Vault
from tests.fakes.zalo_bot import FakeZaloBot
from tests.stores import seed_sample
from vietnam.time import DAY

SECRET = "bi-mat_2026"


@pytest.fixture
def fake() -> Iterator[FakeZaloBot]:
    with FakeZaloBot() as running:
        yield running


@pytest.fixture
async def store(sqlite_url: str, now: int) -> AsyncIterator[Store]:
    opened = open_store(sqlite_url)
    sample = await opened.write(lambda tx: seed_sample(tx, now))
    await opened.write(lambda tx: ensure_channel_account(tx, sample.commune, "zalo_bot"))
    yield opened
    await opened.close()


class Town:
    """One process after the other over the same store."""

    def __init__(self, store: Store, url: str, folder: Path, vault: Vault, now: int) -> None:
        self._parts = (store, url, folder, vault)
        self.at = now

    async def on(self, fake: FakeZaloBot, mode: str = "webhook", secret: str = SECRET, **more: object) -> ZaloBotOn:
        """The bot as a new process switches it on."""
        store, url, folder, vault = self._parts
        given = {"token": fake.token, "api_base": fake.api_base, "mode": mode, "webhook_secret": secret, **more}
        # Nobody is at this address but the fake itself, which answers 404 to what it does not know.
        settings = Settings(web=Web(public_url=fake.api_base), zalo_bot=ZaloBot.model_validate(given))
        blobs = open_blobs(url, store, folder / "blobs")
        runtime = Runtime(settings, store, vault, bot_wording(), blobs, now=lambda: self.at)
        [found] = await switch_on(runtime)
        assert isinstance(found, ZaloBotOn)
        return found


@pytest.fixture
def town(store: Store, sqlite_url: str, tmp_path: Path, vault: Vault, now: int) -> Town:
    return Town(store, sqlite_url, tmp_path, vault, now)


async def _lived(on: ZaloBotOn) -> None:
    """A process that starts, tells Zalo how it listens, and ends."""
    on.start()
    async with asyncio.timeout(60):
        await on.state()
    on.runtime.stop.set()
    await on.close()


async def test_a_webhook_that_zalo_cannot_reach_is_told_to_the_operator(fake: FakeZaloBot, town: Town) -> None:
    await _lived(await town.on(fake))
    looking = await town.on(fake)
    state = await looking.state()
    assert state.found.endswith("webhook set, but Zalo could not reach it: webhook.http.404")
    assert "public_url" in state.todo
    await looking.close()


async def test_a_webhook_is_set_only_where_it_is_not_or_where_its_secret_is_new(town: Town) -> None:
    # given a platform that finds us
    with FakeZaloBot(statuses=False) as fake:
        for secret, times in ((SECRET, 1), (SECRET, 1), ("mot-bi-mat-khac", 2), ("mot-bi-mat-khac", 2)):
            await _lived(await town.on(fake, secret=secret))
            assert len(fake.calls("setWebhook")) == times
        looking = await town.on(fake, secret="mot-bi-mat-khac")
        assert (await looking.state()).todo == ""
        # when somebody else points it elsewhere
        await looking.client.set_webhook(f"{fake.api_base}/elsewhere", SECRET)
        state = await looking.state()
        # then that is said
        assert state.found.endswith("/elsewhere")
        assert state.todo
        await looking.close()


async def test_polling_takes_a_webhook_away_and_says_what_it_cannot_promise(fake: FakeZaloBot, town: Town) -> None:
    looking = await town.on(fake, "polling")
    await looking.client.set_webhook(f"{fake.api_base}/elsewhere", SECRET)
    assert "takes it away" in (await looking.state()).todo
    await _lived(await town.on(fake, "polling"))
    state = await looking.state()
    assert "while `nghedan serve` is down is lost" in state.found
    assert (state.todo, looking.door()) == ("", None)
    await looking.close()


async def test_the_end_of_the_month_of_messages_is_told_in_time(fake: FakeZaloBot, town: Town, store: Store) -> None:
    looking = await town.on(fake, "polling", monthly_messages=100)

    async def sent(many: int) -> None:
        await store.write(lambda tx: counters.add(tx, f"zalo_bot.sent.{looking.account}", town.at, many))

    await sent(90)
    state = await looking.state()
    assert "90 of 100 messages of this month" in state.found
    assert not state.todo
    await sent(1)
    state = await looking.state()
    assert state.found.endswith("9 left")
    assert "tariff" in state.todo
    town.at += 31 * DAY
    assert "0 of 100 messages" in (await looking.state()).found
    await looking.close()


async def test_a_wrong_token_is_told_without_it(fake: FakeZaloBot, town: Town) -> None:
    looking = await town.on(fake, "polling", token="1:wrong")
    with pytest.raises(ConnectionError, match="401 Unauthorized"):
        await looking.state()
    await looking.close()


async def test_addresses_inside_the_network_are_open_only_where_the_platform_itself_is_inside(
    fake: FakeZaloBot, town: Town
) -> None:
    lan = fake.user("Lan")
    lan.sends_photo(b"\xff\xd8\xff")
    address = fake.do(lambda world: str(world.queue[0].event["message"]["photo_url"]))
    near = await town.on(fake, "polling")
    assert await near.downloads()[near.account](address, 100) == b"\xff\xd8\xff"
    await near.close()
    for base in ("https://bot-api.zaloplatforms.com", "https://127.0.0.1.example.vn"):
        far = await town.on(fake, "polling", api_base=base)
        with pytest.raises(Forbidden):
            await far.downloads()[far.account](address, 100)
        await far.close()


async def test_messages_are_counted_by_the_month_of_this_country(fake: FakeZaloBot, town: Town, store: Store) -> None:
    # 17:30 UTC of 31 October is the first of November here
    town.at = int(datetime(2026, 10, 31, 17, 30, tzinfo=UTC).timestamp() * 1000)
    looking = await town.on(fake, "polling")
    await store.write(lambda tx: counters.add(tx, f"zalo_bot.sent.{looking.account}", town.at - DAY, 5))
    await store.write(lambda tx: counters.add(tx, f"zalo_bot.sent.{looking.account}", town.at, 2))
    assert "2 of 3000" in (await looking.state()).found
    await looking.close()
