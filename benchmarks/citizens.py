"""Citizens for benchmarks: a house with the ready survey open, and people who answer it by pressing its buttons."""

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from app.demo_data import VILLAGES, publish_ready
from app.opening import open_runtime
from app.runtime import Runtime
from app.settings import CommuneSettings, PrivacySettings, Settings, Storage
from bot.conversation.messages import Inbound
from bot.conversation.state import Answering, State, load
from storage.conversations import ensure_channel_account
from storage.units import communes
from surveys.options import options
from surveys.ready import ready

SURVEY = "chinh_quyen_than_thien"
IN_FLIGHT = 16
_ASKED = [question for question in ready(SURVEY).questions if options(question)]
STEPS = len(_ASKED)
"""Turns of one citizen: every question that has buttons, each answered by its first one."""
_FIRST_NONCE = 2  # the menu was question 1
SLACK_S = 60.0


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody with the first question of the survey before them. `account` is our channel account."""

    channel: str
    account: int
    person: str

    def start(self) -> list[Inbound]:
        """Opening the chat and choosing the survey in the menu."""
        return [self._event("start", "start"), self._event("begin", "choice", choice=f"go:survey.{SURVEY}")]

    def press(self, step: int) -> Inbound:
        """The answer to the question of that place (from 0), with the nonce that question has."""
        token, label, _digit = options(_ASKED[step])[0]
        return self._event(f"q{step}", "choice", choice=f"{_FIRST_NONCE + step}:={token}", text=label)

    def _event(self, key: str, kind: str, *, choice: str = "", text: str = "") -> Inbound:
        return Inbound(
            channel=self.channel,
            channel_account=self.account,
            dedupe_key=f"{self.person}:{key}",
            person=self.person,
            kind="start" if kind == "start" else "choice",
            at=time.time_ns() // 1_000_000,
            choice=choice,
            text=text,
        )


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a sample commune whose key lies in the folder."""
    return Settings(
        storage=Storage(url=url),
        commune=CommuneSettings(units=list(VILLAGES)),
        privacy=PrivacySettings(key_file=folder / "nghedan.key"),
    )


async def furnish(runtime: Runtime, channel: str, count: int, *, first: int = 0) -> list[Citizen]:
    """Publish the ready surveys, and bring that many new citizens of a channel before the first question.

    With `first` they are called by numbers from there on, as Telegram does.
    """
    commune = (await runtime.store.read(communes))[0].id
    await publish_ready(runtime, commune)
    account = await runtime.store.write(lambda tx: ensure_channel_account(tx, commune, channel))
    names = [str(first + number) if first else f"{channel}-{number:06d}" for number in range(count)]
    citizens = [Citizen(channel, account, name) for name in names]
    await asyncio.gather(*(_begin(runtime, citizens[place::IN_FLIGHT]) for place in range(IN_FLIGHT)))
    return citizens


async def _begin(runtime: Runtime, citizens: list[Citizen]) -> None:
    for citizen in citizens:
        for event in citizen.start():
            await runtime.receive(event)


async def open_house(url: str, folder: Path) -> Runtime:
    """A runtime over a store that is made where it is new."""
    return await open_runtime(settings_for(url, folder), make=True)


def copy_store(original: Path, folder: Path) -> Path:
    """A closed SQLite store with its key, in a folder of its own; the file of the copy."""
    folder.mkdir()
    for name in (original.name, "nghedan.key"):
        shutil.copy2(original.parent / name, folder / name)
    return folder / original.name


async def answer_all(runtime: Runtime, citizens: list[Citizen], in_flight: int = IN_FLIGHT) -> list[float]:
    """Every citizen answers everything, so many at a time; the seconds of each turn."""
    took: list[float] = []

    async def lane(mine: list[Citizen]) -> None:
        for citizen in mine:
            for step in range(STEPS):
                began = time.perf_counter()
                await runtime.receive(citizen.press(step))
                took.append(time.perf_counter() - began)

    await asyncio.gather(*(lane(citizens[place::in_flight]) for place in range(in_flight)))
    return took


async def check(runtime: Runtime, citizens: list[Citizen]) -> None:
    """AssertionError unless every answer of every citizen was taken: the measured turns were real ones."""
    for citizen in citizens:
        state = await state_of(runtime, citizen)
        doing = state.dialogue
        if not isinstance(doing, Answering) or len(doing.answers) != STEPS:
            raise AssertionError(f"{citizen.person} did not get through the survey: {state}")


async def state_of(runtime: Runtime, citizen: Citizen) -> State:
    """What a conversation remembers."""
    on = await runtime.account(citizen.account)
    return load(await runtime.store.write(lambda tx: runtime.ledger.chat(tx, on, citizen.person, 0).state()))
