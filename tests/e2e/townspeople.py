"""People who answer the survey of survey_sheets.py, over Telegram and in browsers, each saying what a Ballot has."""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import count
from typing import Self, TypeVar

import msgspec
from yarl import URL

from tests.e2e.ballots import Ballot
from tests.e2e.citizens import Browser, said
from tests.e2e.survey_sheets import WATERS
from tests.fakes.telegram import Person

T = TypeVar("T")
PATIENCE = 30
"""Seconds: dozens answer at once, each hearing at most a message a second."""
CROWD = 12
"""Browsers at once."""
_LEVELS = {0: "Không có ý kiến", 2: "Không hài lòng", 3: "Bình thường", 4: "Hài lòng", 5: "Rất hài lòng"}
_TYPED = {0: "không có ý kiến", 2: "khong hai long", 3: "3", 4: "hai long", 5: "rất hài lòng"}
_NUMBERS = count(1)


class Line(msgspec.Struct):
    """One piece of a web chat."""

    text: str
    buttons: list[dict[str, str]]


class Neighbour(Browser):
    """Somebody's browser at the web chat, reaching the server through a proxy from an address of their own."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.token = secrets.token_hex(16)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        number = next(_NUMBERS)
        self.session.headers["X-Forwarded-For"] = f"10.0.{number // 250}.{number % 250 + 1}"
        self.session.cookie_jar.update_cookies({"nghedan": self.token}, URL(f"{self.url}/mau/"))
        return self

    @property
    def account(self) -> str:
        """The chat's id as the program knows it."""
        return hashlib.sha256(self.token.encode()).hexdigest()

    async def comes(self, source: str = "") -> None:
        """Open the page, by the address on a letter or poster where there is a `source`."""
        await self.read("/mau/" + (f"?n={source}" if source else ""))

    async def says(self, text: str) -> None:
        """Type something."""
        await self._sends({"text": text})

    async def presses(self, label: str) -> None:
        """Press the newest button with that label."""
        for line in reversed(await self.lines()):
            for button in line.buttons:
                if button["label"] == label:
                    await self._sends({"choice": button["id"]})
                    return
        raise AssertionError(f"no button {label!r}")

    async def _sends(self, form: dict[str, str]) -> None:
        status, body = await self.post("/mau/gui", {"m": os.urandom(8).hex()} | form, Accept="application/json")
        assert status == 200, (status, body)

    async def lines(self) -> list[Line]:
        """The chat, oldest first."""
        return msgspec.json.decode(await self.read("/mau/tin?sau=0"), type=list[Line])

    async def sees(self, text: str) -> int:
        """How many messages have that in them."""
        return sum(text in line.text for line in await self.lines())

    async def answers(self, ballot: Ballot, *, invited: bool = False) -> None:
        """From the open first question to the end; the list knows where an `invited` household lives."""
        await self.begins(ballot)
        await self.says("có" if ballot.murky else "khong")
        if ballot.murky:
            await self.says(f"{ballot.days} ngày")
        if invited:
            assert ballot.village in (await self.lines())[-1].text
            await self.presses(said("survey.send"))
        else:
            await self.says(ballot.village)
        assert await self.sees(said("survey.erased")), await self.lines()

    async def begins(self, ballot: Ballot) -> None:
        """Two questions, and no more."""
        await self.says(_TYPED[ballot.level])
        await self.says(WATERS[ballot.water])


async def on_telegram(person: Person, ballot: Ballot) -> None:
    """From the invitation, by its button, to the thank-you."""
    person.presses(said("invite.start"))
    await person.will_hear("Câu 1/", PATIENCE)
    person.presses(_LEVELS[ballot.level])
    await person.will_hear("Câu 2/", PATIENCE)
    person.presses(WATERS[ballot.water])
    await person.will_hear("Câu 3/", PATIENCE)
    person.presses("Có" if ballot.murky else "Không")
    if ballot.murky:
        await person.will_hear("Câu 4/", PATIENCE)
        person.writes(str(ballot.days))
    await person.will_hear(ballot.village, PATIENCE)
    person.presses(said("survey.send"))
    await person.will_hear(said("survey.erased"), PATIENCE)


def code_in(text: str) -> str:
    """The one-time code in an invitation."""
    found = re.search(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\b", text)
    assert found, text
    return found.group()


async def from_the_message(screen: Neighbour, ballot: Ballot) -> None:
    """The button under the invitation, and all the answers."""
    await screen.presses(said("invite.start"))
    await screen.answers(ballot, invited=True)


async def breaks_off(screen: Neighbour, ballot: Ballot) -> None:
    """The code typed off the invitation, two answers, and no more."""
    invitation = next(line.text for line in await screen.lines() if said("invite.your_code") in line.text)
    await screen.says(code_in(invitation))
    await screen.begins(ballot)


def heard_of(phone: Person, key: str) -> Sequence[str]:
    """The messages on a phone that say that."""
    return [seen.text for seen in phone.heard if said(key) in seen.text]


async def together(people: Iterable[Awaitable[None]]) -> None:
    """All of them, a crowd at a time."""
    room = asyncio.Semaphore(CROWD)

    async def one(person: Awaitable[None]) -> None:
        async with room:
            await person

    await asyncio.gather(*map(one, people))


async def until(look: Callable[[], Awaitable[T]], missed: str, seconds: float = 40) -> T:
    """Look again and again until something true comes of it; AssertionError when time is up."""
    ends = asyncio.get_running_loop().time() + seconds
    while not (found := await look()):
        assert asyncio.get_running_loop().time() < ends, f"{missed} in {seconds} s"
        await asyncio.sleep(0.05)
    return found
