"""A citizen of the soak who comes by the web chat."""

import asyncio
import hashlib
import os
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.soak.lines import PATIENCE, TICK, Ledger


class OnTheWeb:
    """A citizen in a browser, who sends again, under the same id, whatever was not answered."""

    channel = "webchat"
    sees_pictures_later = False

    def __init__(self, url: str, ledger: Ledger, twice: Callable[[], bool]) -> None:
        """`twice`: whether a form is sent once more though it was answered, as by an impatient finger."""
        self._url = url
        self._ledger = ledger
        self._twice = twice
        self.person = ""

    async def __aenter__(self) -> Self:
        jar = aiohttp.CookieJar(unsafe=True)
        self._session = aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(10))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def starts(self, source: str) -> None:
        await self._asked(lambda: self._session.get(f"{self._url}/mau/"), 200)
        token = next(cookie.value for cookie in self._session.cookie_jar if cookie.key == "nghedan")
        self.person = hashlib.sha256(token.encode()).hexdigest()
        self._ledger.took(self.channel, f"start {self.person}")
        await self.says(source)

    async def says(self, text: str) -> None:
        await self._posts({"text": text})

    async def presses(self, label: str) -> None:
        await self.says(label)

    async def sends_photo(self, content: bytes) -> None:
        await self._posts({"text": ""}, content)

    async def sends_place(self, lat: float, lon: float) -> bool:
        await self._posts({"place": f"{lat},{lon}"})
        return True

    async def fidgets(self) -> None:
        """A form that has nothing in it is no event; a word that is none is."""
        await self.says("?!")

    async def hears(self, *texts: str) -> str:
        """What is said stands on the page that comes with the answer to a form."""
        return texts[0]

    async def _posts(self, fields: dict[str, str], photo: bytes = b"") -> None:
        m = os.urandom(8).hex()
        headers = {"Origin": self._url, "Sec-Fetch-Site": "same-origin"}

        def post() -> Any:
            form = aiohttp.FormData()
            for name, value in ({"m": m} | fields).items():
                form.add_field(name, value)
            if photo:
                form.add_field("photo", photo, filename="anh.jpg", content_type="image/jpeg")
            return self._session.post(f"{self._url}/mau/gui", data=form, headers=headers, allow_redirects=False)

        await self._asked(post, 303)
        self._ledger.took(self.channel, m)
        if self._twice():
            await self._asked(post, 303)
            self._ledger.again += 1

    async def _asked(self, ask: Callable[[], Any], wanted: int) -> None:
        until = asyncio.get_running_loop().time() + PATIENCE
        last: object = None
        while asyncio.get_running_loop().time() < until:
            try:
                async with ask() as answer:
                    if answer.status == wanted:
                        await answer.read()
                        return
                    last = answer.status
                    assert answer.status in {429, 500, 503}, (answer.status, await answer.text())
            except (aiohttp.ClientError, TimeoutError) as fault:
                last = fault
            await asyncio.sleep(TICK * 5)
        raise AssertionError(f"the web chat did not take it: {last!r}")
