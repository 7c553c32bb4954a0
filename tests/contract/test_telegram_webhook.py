"""Updates from the strict fake reach the turn by the webhook: the secret first, in order, none lost."""

import threading
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.base import Outcome, Sent
from bot.channels.telegram.acknowledge import Acknowledgements
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.webhook import TelegramDoor
from bot.conversation.messages import Inbound
from tests.contract.telegram_turns import NOW, Turns
from tests.fakes.telegram import FakeTelegram
from web.webhooks import webhook_route


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture
async def client(fake: FakeTelegram) -> AsyncIterator[TelegramClient]:
    async def no_blob(blob: int) -> bytes:
        raise LookupError(blob)

    made = TelegramClient(fake.token, load_blob=no_blob, api_base=fake.api_base, timeout=30)
    yield made
    await made.close()


class Site:
    """The webhook's route behind a real HTTP server, in a thread."""

    def __init__(self, door: TelegramDoor | None) -> None:
        app = Starlette(routes=[webhook_route(lambda: () if door is None else (door,))])
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
            assert self._thread.is_alive()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/webhook/telegram/1"

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)


def _door(turns: Turns, acknowledgements: Acknowledgements | None = None) -> TelegramDoor:
    acknowledgements = acknowledgements or Acknowledgements(_answered, turns.count)
    return TelegramDoor(1, "bi-mat", turns.receive, turns.count, lambda: NOW, acknowledgements)


async def _answered(_: str) -> Outcome:
    return Sent()


async def test_the_webhook_gets_everything_in_order_and_again_after_a_500(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    turns = Turns()
    failures = iter([True, True])

    async def twice_in_vain(inbound: Inbound) -> None:
        if inbound.text == "hai" and next(failures, False):
            raise RuntimeError("neither committed nor kept")

    turns.before = twice_in_vain
    lan = fake.user("Lan")
    ids = [lan.writes(text) for text in ("một", "hai", "ba")]
    with Site(_door(turns)) as url:
        await client.set_webhook(url, "bi-mat")
        await fake.until(lambda world: not world.updates)
    assert turns.said == ["một", "hai", "ba"]
    assert [(one.update_id, one.status) for one in fake.deliveries] == [
        (ids[0], 200), (ids[1], 500), (ids[1], 500), (ids[1], 200), (ids[2], 200)
    ]  # fmt: skip


async def test_a_wrong_secret_is_401_and_seen_by_the_operator(fake: FakeTelegram, client: TelegramClient) -> None:
    turns = Turns()
    fake.user("Lan").writes("chào")
    with Site(_door(turns)) as url:
        await client.set_webhook(url, "sai-bi-mat")
        await fake.until(lambda world: world.hook.error)
        assert "401" in (await client.webhook_info()).last_error
        await client.set_webhook(url, "bi-mat")
        await fake.until(lambda world: not world.updates)
    assert turns.said == ["chào"]
    assert turns.counts["webhook.bad_secret"] >= 1


async def test_a_text_of_a_megabyte_is_answered_200_counted_and_not_kept(
    fake: FakeTelegram, client: TelegramClient
) -> None:
    turns = Turns()
    lan = fake.user("Lan")
    lan.writes("ă" * 1024 * 1024)
    lan.writes("ngắn")
    with Site(_door(turns)) as url:
        await client.set_webhook(url, "bi-mat")
        await fake.until(lambda world: not world.updates)
    assert turns.said == ["ngắn"]
    assert turns.counts["webhook.too_big"] == 1
    assert [one.status for one in fake.deliveries] == [200, 200]


async def test_another_account_and_telegram_switched_off_are_404(fake: FakeTelegram, client: TelegramClient) -> None:
    fake.user("Lan").writes("chào")
    turns = Turns()
    with Site(_door(turns)) as url:
        await client.set_webhook(url.removesuffix("1") + "2", "bi-mat")
        await fake.until(lambda world: "404" in world.hook.error)
    with Site(None) as url:
        await client.set_webhook(url, "bi-mat")
        await fake.until(lambda world: "404" in world.hook.error)
    assert turns.came == []
