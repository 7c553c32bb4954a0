"""A person with a phone, on each channel: what a transcript has them do goes in as that platform brings it."""

import json
import re
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp

from app.wording import bot_wording
from tests.everywhere.screen import Screen, plain
from tests.fakes import telegram, zalo_bot, zalo_oa

_LINK = re.compile(r"https?://[^\s/]+/[a-z-]+/them/[\w.~-]+")


class Impossible(Exception):
    """A person cannot do this on this channel; the word is a reason of tests/everywhere/reasons.py."""


class Phone(Protocol):
    """What a person does; `seen` gives what has come since the last look."""

    @property
    def person(self) -> str:
        """As the store knows them."""
        ...

    async def start(self, source: str, number: int) -> None:
        """Open the chat, perhaps by a poster, whose short number can be typed where no link carries its word."""
        ...

    async def say(self, text: str) -> None: ...

    async def photo(self, data: bytes) -> None: ...

    async def voice(self, data: bytes) -> None: ...

    async def place(self, lat: float, lon: float) -> None: ...

    async def press(self, label: str, digit: str) -> None:
        """Press a button of the newest question, or type what stands before it."""
        ...

    async def press_old(self, label: str) -> None: ...

    async def brought(self) -> None:
        """Return when everything has been brought to us."""
        ...

    async def seen(self) -> list[Screen]: ...


def _typed(source: str, number: int, *, met: bool) -> str:
    """What is typed where no link opens the chat: the number of the poster, or a one-time code as it is printed."""
    if source.startswith("m_"):
        return source.removeprefix("m_")
    if source:
        return f"KS {number}"
    return "menu" if met else "Xin chào"


class TelegramPhone:
    """Telegram: deep links, buttons, edits."""

    def __init__(self, fake: telegram.FakeTelegram) -> None:
        """The fake keeps a button in place of the letters with the chat; the words it comes with tell its message."""
        self._fake = fake
        self._lan = fake.user("Lan")
        say = bot_wording()
        self._askings = {say("keyboard.place"), say("keyboard.contact")}
        self._rev = 0
        self.person = str(self._lan.id)

    async def start(self, source: str, number: int) -> None:
        self._lan.starts(source)

    async def say(self, text: str) -> None:
        self._lan.writes(text)

    async def photo(self, data: bytes) -> None:
        self._lan.sends_photo(data)

    async def voice(self, data: bytes) -> None:
        self._lan.sends_voice(data)

    async def place(self, lat: float, lon: float) -> None:
        self._lan.sends_location(lat, lon)

    async def press(self, label: str, digit: str) -> None:
        self._lan.presses(label)

    async def press_old(self, label: str) -> None:
        asked = [one for one in sorted(self._lan.heard, key=lambda one: one.rev) if one.buttons]
        for one in reversed(asked[:-1]):
            for shown, data in (button for row in one.buttons for button in row):
                if label in (shown, shown.partition(". ")[2]):
                    self._lan.presses_data(data)
                    return
        raise LookupError(label)

    async def brought(self) -> None:
        await self._fake.until(lambda world: not world.updates, missed="an update was not taken")

    async def seen(self) -> list[Screen]:
        newer = sorted((one for one in self._lan.heard if one.rev > self._rev), key=lambda one: one.rev)
        self._rev = max([self._rev, *(one.rev for one in newer)])
        found = [self._screen(one) for one in newer]
        keys = self._lan.keys_shown
        if found and keys and found[-1].text in self._askings:
            found[-1] = Screen(found[-1].text, key=str(keys[0][0]["text"]))
        return found

    @staticmethod
    def _screen(seen: telegram.Seen) -> Screen:
        pairs = [pair for row in seen.buttons for pair in row]
        opens = next((label for label, data in pairs if data.startswith("https://")), "")
        labels = tuple(label for label, data in pairs if not data.startswith("https://"))
        return Screen(
            plain(seen.text), labels, opens, sound=seen.recording is not None, file=seen.file_name, instead=seen.edited
        )


class ZaloBotPhone:
    """The Zalo Bot Platform: words only; what it cannot bring goes by the page that a message names."""

    def __init__(self, fake: zalo_bot.FakeZaloBot, home: str) -> None:
        self._fake = fake
        self._lan = fake.user("Lan")
        self._home = home
        self._seen = 0
        self._met = False
        self.person = self._lan.id

    async def start(self, source: str, number: int) -> None:
        await self.say(_typed(source, number, met=self._met))

    async def say(self, text: str) -> None:
        self._met = True
        self._lan.writes(text)

    async def photo(self, data: bytes) -> None:
        self._lan.sends_photo(data)

    async def voice(self, data: bytes) -> None:
        self._lan.sends_voice(data)

    async def place(self, lat: float, lon: float) -> None:
        """By the page: the newest address in the chat."""
        found = next((link for one in reversed(self._lan.heard) if (link := _LINK.search(one.text))), None)
        if found is None:
            raise Impossible("no_page")
        async with aiohttp.ClientSession() as browser:
            address = self._home + urlsplit(found[0]).path
            async with browser.get(address) as page:
                m = re.search(r'name="m" value="([^"]+)"', await page.text())
            assert m, "the page has no form"
            async with browser.post(address, data={"m": m[1], "place": f"{lat},{lon}"}) as done:
                assert done.status == 200, done.status

    async def press(self, label: str, digit: str) -> None:
        await self.say(digit or label)

    async def press_old(self, label: str) -> None:
        raise Impossible("no_buttons")

    async def brought(self) -> None:
        await self._fake.until(lambda world: not world.queue, missed="an event was not taken")

    async def seen(self) -> list[Screen]:
        heard = self._lan.heard
        newer, self._seen = heard[self._seen :], len(heard)
        return [Screen(plain(one.text)) for one in newer]


class ZaloOaPhone:
    """An Official Account: at most five buttons; the rest is typed."""

    def __init__(self, fake: zalo_oa.FakeZaloOa) -> None:
        self._fake = fake
        self._lan = fake.user("Lan")
        self._seen = 0
        self._met = False
        self.person = self._lan.id

    async def start(self, source: str, number: int) -> None:
        if source or self._met:
            await self.say(_typed(source, number, met=self._met))
        else:
            self._met = True
            self._lan.follows()

    async def say(self, text: str) -> None:
        self._met = True
        self._lan.writes(text)

    async def photo(self, data: bytes) -> None:
        self._lan.sends_photo(data)

    async def voice(self, data: bytes) -> None:
        self._lan.sends_voice(data)

    async def place(self, lat: float, lon: float) -> None:
        self._lan.sends_location(lat, lon)

    async def press(self, label: str, digit: str) -> None:
        asked = [one for one in self._lan.heard if one.buttons]
        if asked and any(label in (shown, shown.partition(". ")[2]) for shown in asked[-1].labels):
            self._lan.presses(label)
        else:
            await self.say(digit or label)

    async def press_old(self, label: str) -> None:
        asked = [one for one in self._lan.heard if one.buttons]
        for one in reversed(asked[:-1]):
            for shown, payload in one.buttons:
                if label in (shown, shown.partition(". ")[2]):
                    self._lan.presses_payload(payload)
                    return
        raise Impossible("no_such_button")

    async def brought(self) -> None:
        await self._fake.until(self._quiet, missed="an event was not taken")

    def _quiet(self, _world: object) -> bool:
        return not self._fake.hook.waiting and not self._fake._postman.under_way

    async def seen(self) -> list[Screen]:
        heard = self._lan.heard
        newer, self._seen = heard[self._seen :], len(heard)
        return [self._screen(one) for one in newer]

    @staticmethod
    def _screen(seen: zalo_oa.people.Seen) -> Screen:
        opens = next((label for label, carries in seen.buttons if carries.startswith("https://")), "")
        labels = tuple(label for label, carries in seen.buttons if not carries.startswith("https://"))
        return Screen(plain(seen.text), labels, opens, form=seen.form)


class WebPhone:
    """The web chat over HTTP: the page, its forms, and what it asks for what came since."""

    def __init__(self, session: aiohttp.ClientSession, home: str) -> None:
        self._session = session
        self._home = f"{home}/mau/"
        self._cookie = ""
        self._newest = 0
        self._asked: list[list[dict[str, str]]] = []
        self._m = count(10_000_000)
        self.person = ""

    async def start(self, source: str, number: int) -> None:
        if self._cookie and not source:
            await self.say("menu")  # coming back to the page is no event: everything still stands there
            return
        # A reload is no second visit, so the address with the word of the poster leads to the one without.
        address = f"{self._home}?n={source}" if source else self._home
        async with self._session.get(address, headers=self._headers, allow_redirects=False) as answer:
            assert answer.status in (200, 303), answer.status
            self._cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self.person = sha256(self._cookie.partition("=")[2].encode()).hexdigest()

    async def say(self, text: str) -> None:
        """Type; whoever has not been there yet opens the page first, and is greeted by it."""
        if self._cookie:
            await self._send({"text": text})
        else:
            await self.start("", 0)

    async def photo(self, data: bytes) -> None:
        await self._send_file("photo", data)

    async def voice(self, data: bytes) -> None:
        await self._send_file("voice", data)

    async def place(self, lat: float, lon: float) -> None:
        await self._send({"place": f"{lat},{lon}"})

    async def press(self, label: str, digit: str) -> None:
        await self._press(label, self._asked)

    async def press_old(self, label: str) -> None:
        """In a window that was left open: on the newest page such a button is out of use."""
        await self._press(label, self._asked[:-1])

    async def brought(self) -> None:
        """The answer to the form is the answer of the turn."""

    async def seen(self) -> list[Screen]:
        async with self._session.get(f"{self._home}tin?sau={self._newest}", headers=self._headers) as answer:
            events: list[dict[str, Any]] = json.loads(await answer.read())
        self._newest = max([self._newest, *(event["seq"] for event in events)])
        ours = [event for event in events if event["kind"] == "ours"]
        self._asked += [event["buttons"] for event in ours if event["buttons"]]
        return [self._screen(event) for event in ours]

    @staticmethod
    def _screen(event: dict[str, Any]) -> Screen:
        labels = tuple(
            button["label"] if button["digit"] in ("", button["label"]) else f"{button['digit']}. {button['label']}"
            for button in event["buttons"]
        )
        for label in labels:
            assert label.partition(". ")[2] or label in event["html"]
        return Screen(
            plain(event["text"]), labels, sound="<audio" in event["html"], instead=event["at"] != event["seq"]
        )

    @property
    def _headers(self) -> dict[str, str]:
        return {"Cookie": self._cookie} if self._cookie else {}

    async def _press(self, label: str, among: list[list[dict[str, str]]]) -> None:
        for buttons in reversed(among):
            for button in buttons:
                if button["label"] == label:
                    await self._send({"choice": button["id"]})
                    return
        raise LookupError(label)

    async def _send(self, fields: dict[str, str]) -> None:
        await self._post(aiohttp.FormData({"m": str(next(self._m)), **fields}))

    async def _send_file(self, field: str, data: bytes) -> None:
        form = aiohttp.FormData({"m": str(next(self._m))})
        form.add_field(field, BytesIO(data), filename=field)
        await self._post(form)

    async def _post(self, form: aiohttp.FormData) -> None:
        headers = {**self._headers, "Accept": "application/json"}
        async with self._session.post(f"{self._home}gui", data=form, headers=headers) as answer:
            said = await answer.json()
            if answer.status == 422 and said["error"] == "long":
                raise Impossible("too_long_for_page")
            assert answer.status == 200, said
