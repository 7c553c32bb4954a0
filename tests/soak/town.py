"""The whole town at once: a crowd that talks, calls that fail, a process that is killed amid the work."""

import asyncio
import json
import signal
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random

import aiohttp

from tests.soak.browser import OnTheWeb
from tests.soak.callers import Callers
from tests.soak.lines import Citizen, Ledger
from tests.soak.lives import Life, Town
from tests.soak.mishaps import Mishaps
from tests.soak.platforms import Fakes
from tests.soak.served import BEGUN, Serving

_CHANNELS = ("telegram", "zalo_oa", "webchat", "telegram", "zalo_bot", "zalo_oa", "telegram", "webchat")
"""Of one citizen after the other, again and again."""


@dataclass(frozen=True)
class Plan:
    """How much is to happen: `pictures` is the share of cases with one, `away` the most minutes between two lives."""

    events: int
    kills: int
    crowd: int
    seed: int
    rate: int = 10
    pictures: float = 0.1
    away: int = 10
    mode: str = "webhook"


@dataclass
class Soak:
    """The whole: a crowd that talks, calls that fail, a process that is killed."""

    plan: Plan
    serve: Serving
    fakes: Fakes
    ledger: Ledger = field(default_factory=Ledger)
    town: Town = field(default_factory=Town)

    def __post_init__(self) -> None:
        self.random = Random(self.plan.seed)
        self.mishaps = Mishaps(Random(self.plan.seed + 1))
        self._numbers = count(1)
        self._callers = Callers(self.fakes, self.ledger)

    async def run(self) -> None:
        """Until so many events were taken and so many lives ended; then all is calm."""
        self.fakes.go_wrong(self.mishaps)
        async with self._callers.heard():
            bringing = asyncio.create_task(self._bring_again())
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(self.plan.crowd):
                        group.create_task(self._one_after_the_other())
                    group.create_task(self._kill())
            finally:
                bringing.cancel()
                await asyncio.gather(bringing, return_exceptions=True)
        self.fakes.go_wrong(None)

    async def _one_after_the_other(self) -> None:
        while self.ledger.total < self.plan.events:
            number = next(self._numbers)
            random = Random(self.plan.seed * 1_000_003 + number)
            channel = _CHANNELS[number % len(_CHANNELS)]
            if channel == "webchat":
                async with OnTheWeb(self.serve.place.url, self.ledger, partial(_falls, random, 0.05)) as browser:
                    await self._live(number, browser, random)
            else:
                await self._live(number, self._callers.newcomer(channel, number), random)

    async def _live(self, number: int, citizen: Citizen, random: Random) -> None:
        await Life(number, citizen, random, self.town, pictures=self.plan.pictures).run()

    async def _kill(self) -> None:
        """SIGKILL at moments drawn by chance, spread over the whole; some time passes before the next life."""
        for number in range(self.plan.kills):
            share = (number + self.random.uniform(0.1, 0.9)) / self.plan.kills
            while self.ledger.total < self.plan.events * share:
                await asyncio.sleep(0.01)
            await asyncio.sleep(self.random.random() * 0.1)
            assert await self.serve.ends(signal.SIGKILL) == -signal.SIGKILL
            self.serve.ahead += int(self.random.random() * self.plan.away * 60_000)
            await self.serve.starts()

    async def _bring_again(self) -> None:
        """What was taken comes once more, now and then, as platforms do."""
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5))
        random = Random(self.plan.seed + 2)
        async with session:
            while True:
                await asyncio.sleep(0.2 + random.random() * 0.2)
                await self._again_on_telegram(session, random)
                await self._again_on_zalo(session, random)

    async def _again_on_telegram(self, session: aiohttp.ClientSession, random: Random) -> None:
        taken = list(self.fakes.telegram._postman.taken)
        if not taken:
            return
        hook = self.fakes.telegram.do(lambda world: world.hook)
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret, "Content-Type": "application/json"}
        try:
            async with session.post(hook.url, data=random.choice(taken), headers=headers) as answer:
                assert answer.status == 200, answer.status
                self.ledger.again += 1
        except (aiohttp.ClientError, TimeoutError):
            return

    async def _again_on_zalo(self, session: aiohttp.ClientSession, random: Random) -> None:
        oa, bot = self.fakes.zalo_oa, self.fakes.zalo_bot
        if recent := [one.body for one in oa._postman.deliveries[-100:] if one.status == 200]:
            self.ledger.again += await oa._postman.bring(session, random.choice(recent)) == 200
        if brought := bot.do(lambda world: world.brought[-50:]):
            bot.push(random.choice(brought))
            self.ledger.again += 1


def figures(soak: Soak, seconds: float) -> str:
    """What it came to, in a line."""
    serve, town = soak.serve, soak.town
    told = {
        "events": soak.ledger.total,
        "of them again": soak.ledger.again,
        "by channel": dict(soak.ledger.events),
        "citizens": sum(town.citizens.values()),
        "cases": town.cases.total(),
        "questionnaires": town.opinions.total(),
        "kills": serve.lives - 1,
        "calls": soak.mishaps.calls,
        "gone wrong": soak.mishaps.met.total(),
        "done but not told": soak.mishaps.doubtful,
        "hours of its clock": round((serve.now() - BEGUN) / 3_600_000, 2),
        "seconds": round(seconds, 1),
    }
    return json.dumps(told, ensure_ascii=False)


def _falls(random: Random, share: float) -> bool:
    """Whether chance says so, in that share of all times."""
    return random.random() < share
