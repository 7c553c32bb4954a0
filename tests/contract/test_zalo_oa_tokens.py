"""The rotating tokens, on both engines: several processes, kills, lost answers. A pair is never lost without a word."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random

import aiohttp
import pytest

from app.runtime import Runtime
from app.settings import Settings
from app.wording import bot_wording
from app.zalo_tokens import Login, LoginRefused, StoredTokens, standing
from bot.channels.zalo_oa.oauth import Answer, Granted, OAuth, code_in
from bot.channels.zalo_oa.tokens import LEASE, Pair, Tokens
from storage.blobs import open_blobs
from storage.opening import open_store
from storage.store import Store
from storage.vault import Vault
from tests.fakes.zalo_oa import FakeZaloOa, FaultKind
from tests.fakes.zalo_oa.fake import TOKEN
from tests.fakes.zalo_oa.world import World
from tests.stores import seed_sample

ACCOUNT = 77


@pytest.fixture
def fake() -> Iterator[FakeZaloOa]:
    with FakeZaloOa() as running:
        yield running


@dataclass
class Clock:
    """Stands still, or goes on by `step` at each look."""

    at: int
    step: int = 0

    def __call__(self) -> int:
        self.at += self.step
        return self.at


@dataclass
class House:
    """Some processes over one store, each with its own runtime."""

    fake: FakeZaloOa
    url: str
    clock: Clock
    session: aiohttp.ClientSession
    stores: list[Store] = field(default_factory=list)

    def runtime(self) -> Runtime:
        store = open_store(self.url)
        self.stores.append(store)
        settings = Settings.model_validate({"zalo_oa": self.fake.settings, "web": {"public_url": "https://xa.vn"}})
        vault = Vault(bytes(range(32)))
        return Runtime(settings, store, vault, bot_wording(), open_blobs(self.url, store), now=self.clock)

    def oauth(self) -> OAuth:
        return OAuth(
            self.session,
            base=self.fake.api_base,
            app_id=self.fake.app_id,
            app_secret=self.fake.app_secret,
            timeout=5,
        )

    def login(self, runtime: Runtime) -> Login:
        return Login(runtime, ACCOUNT, runtime.settings.zalo_oa, self.oauth())

    def process(self, ask: "Callable[[str], object] | None" = None) -> tuple[Tokens, StoredTokens]:
        drawer = StoredTokens(self.runtime(), ACCOUNT)
        return Tokens(drawer, ask or self.oauth().next, self.clock, pause=0.01), drawer  # type: ignore[arg-type]

    async def log_in(self) -> None:
        login = self.login(self.runtime())
        await login.finish(code_in(self.fake.consents(await login.begin())))

    def pass_hours(self, hours: float) -> None:
        self.clock.at += int(hours * 3_600_000)
        self.fake.advance(hours * 3600)

    def works(self, pair: Pair | None) -> bool:
        return pair is not None and self.fake.do(lambda world: pair.access in world.access)


@pytest.fixture
async def house(fake: FakeZaloOa, store_url: str, now: int) -> AsyncIterator[House]:
    async with aiohttp.ClientSession() as session:
        made = House(fake, store_url, Clock(now), session)
        first = made.runtime()
        await first.store.write(lambda tx: seed_sample(tx, now))
        yield made
        for store in made.stores:
            await store.close()


async def test_a_login_gives_the_first_pair_and_nothing_of_it_is_readable_in_the_store(house: House) -> None:
    tokens, _ = house.process()
    assert await tokens.current() is None
    await house.log_in()
    house.clock.at += 5000
    pair = await tokens.current()
    assert house.works(pair)
    assert pair is not None
    assert pair.access_until - house.clock.at == 25 * 3_600_000 - 5000


async def test_a_browser_that_was_not_sent_brings_nothing(house: House, fake: FakeZaloOa) -> None:
    login = house.login(house.runtime())
    with pytest.raises(LoginRefused, match="late"):
        await login.came_back("x", "x", fake.oa_id)
    back = dict(pair.split("=") for pair in fake.consents(await login.begin()).partition("?")[2].split("&"))
    for state, oa_id, why in (("wrong", fake.oa_id, "foreign"), (back["state"], "1", "other_account")):
        with pytest.raises(LoginRefused, match=why):
            await login.came_back(back["code"], state, oa_id)
    await login.came_back(back["code"], back["state"], back["oa_id"])
    # neither the state nor the code is good for a second time
    with pytest.raises(LoginRefused, match="late"):
        await login.came_back(back["code"], back["state"], back["oa_id"])
    with pytest.raises(LoginRefused, match="denied"):
        await login.finish(back["code"])
    await login.begin()
    house.clock.at += 61 * 60_000
    with pytest.raises(LoginRefused, match="late"):
        await login.came_back("x", "x", fake.oa_id)


async def test_the_challenge_is_that_of_the_verifier(house: House, fake: FakeZaloOa) -> None:
    login = house.login(house.runtime())
    code = code_in(fake.consents(await login.begin()))
    refused = await house.oauth().first(code, "x" * 43)
    assert "Invalid code verifier" in str(refused)
    assert len(login.verifier) == 43


async def test_it_is_renewed_after_twenty_hours_of_twenty_five(house: House) -> None:
    await house.log_in()
    tokens, _ = house.process()
    house.pass_hours(19.9)
    await tokens.renew_if_due()
    assert house.fake.do(lambda world: world.grants) == 1
    house.pass_hours(0.2)
    await tokens.renew_if_due()
    await tokens.renew_if_due()
    assert house.fake.do(lambda world: world.grants) == 2
    assert house.works(await tokens.current())


async def test_of_many_processes_one_asks_and_all_have_the_new_pair(house: House) -> None:
    await house.log_in()
    processes = [house.process()[0] for _ in range(6)]
    old = [await tokens.current() for tokens in processes]
    house.pass_hours(26)
    # every process at once, and several sends in each
    pairs = await asyncio.gather(*(tokens.current() for tokens in processes for _ in range(3)))
    assert all(house.works(pair) for pair in pairs)
    assert {pair.version for pair in pairs if pair} == {2}
    assert len(house.fake.calls(TOKEN)) == 2, "the login and one refresh"
    assert all(pair and pair.version == 1 for pair in old)


@pytest.mark.parametrize("kind", ["drop", "half", "garbage", "hang"])
async def test_an_answer_that_was_lost_is_said_with_what_to_do(house: House, kind: FaultKind) -> None:
    await house.log_in()
    tokens, drawer = house.process()
    house.pass_hours(21)
    house.fake.next_fault(TOKEN, kind, carried_out=True)
    await tokens.renew_if_due()
    pair = await drawer.load()
    assert pair is not None
    assert pair.asked_at == house.clock.at

    # the refresh token is used up: the next question is answered with a no, and that is said
    await tokens.renew_if_due()
    pair = await drawer.load()
    assert pair is not None
    now = standing(pair, house.clock.at, "")
    assert "Invalid refresh token" in now.found
    assert "answer was lost" in now.found
    assert now.todo == "log in again: nghedan channel login"

    # nobody is asked again and again, and a new login mends it
    asked = len(house.fake.calls(TOKEN))
    await tokens.renew_if_due()
    assert len(house.fake.calls(TOKEN)) == asked
    await house.log_in()
    house.clock.at += 5000
    assert house.works(await tokens.current())
    assert standing(await drawer.load(), house.clock.at, "").found == ""


@pytest.mark.parametrize("kind", ["drop", "half", "garbage", "status"])
async def test_a_question_that_never_arrived_is_asked_again(house: House, kind: FaultKind) -> None:
    await house.log_in()
    tokens, drawer = house.process()
    house.pass_hours(21)
    house.fake.next_fault(TOKEN, kind, status=502)
    await tokens.renew_if_due()
    await tokens.renew_if_due()
    assert house.works(await tokens.current())
    pair = await drawer.load()
    assert pair is not None
    assert (pair.version, pair.asked_at, pair.fault) == (2, 0, "")


async def test_a_process_killed_before_it_asked_holds_nobody_for_long(house: House) -> None:
    await house.log_in()
    tokens, drawer = house.process()
    house.pass_hours(21)
    assert await drawer.lease(1, house.clock.at, house.clock.at + LEASE)
    assert not await drawer.lease(1, house.clock.at, house.clock.at + LEASE)
    house.clock.at += LEASE + 1
    await tokens.renew_if_due()
    assert house.works(await tokens.current())


async def test_a_process_that_slept_over_its_lease_overwrites_nothing(house: House) -> None:
    await house.log_in()
    _, drawer = house.process()
    await house.log_in()
    assert not await drawer.keep(1, Granted("a", "b", 90_000), house.clock.at)
    pair = await drawer.load()
    assert pair is not None
    assert pair.version == 2
    assert pair.access != "a"


def _holds(world: World, pair: Pair | None) -> bool:
    return pair is not None and pair.refresh in world.refresh


class Killed(Exception):
    """The process is no more."""


@pytest.mark.parametrize("seed", range(6))
async def test_whoever_is_killed_whenever_a_living_pair_is_stored_or_its_loss_is_seen(house: House, seed: int) -> None:
    """Rounds of renewing by several workers, some of which die before asking, after the answer, or after storing."""
    chance = Random(seed)
    house.clock.step = 1000
    await house.log_in()

    def worker(dies: str) -> tuple[Tokens, StoredTokens]:
        async def ask(refresh: str) -> Answer:
            if dies == "before":
                raise Killed
            answer = await house.oauth().next(refresh)
            if dies == "after":
                raise Killed
            return answer

        return house.process(ask)

    for _ in range(4):
        house.pass_hours(21)
        fates = [chance.choice(["before", "after", "", ""]) for _ in range(3)]
        workers = [worker(fate) for fate in fates]
        await asyncio.gather(*(tokens.renew_if_due() for tokens, _ in workers[:1]), return_exceptions=True)
        house.clock.at += LEASE + 1
        await asyncio.gather(*(tokens.renew_if_due() for tokens, _ in workers[1:]), return_exceptions=True)
        house.clock.at += LEASE + 1
        last, drawer = worker("")
        await last.renew_if_due()
        pair = await drawer.load()
        alive = house.fake.do(partial(_holds, pair=pair))
        told = standing(pair, house.clock.at, "")
        assert alive != bool(told.todo), (fates, told)
        if not alive:
            assert "answer was lost" in told.found
            await house.log_in()
