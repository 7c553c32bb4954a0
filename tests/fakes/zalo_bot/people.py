"""People in front of the fake, as a test writes them: they write, send pictures and voices, and look at the chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.zalo_bot.world import Chat, Letter, World

if TYPE_CHECKING:
    from tests.fakes.zalo_bot.fake import FakeZaloBot


@dataclass(frozen=True)
class Seen:
    """A message as it stands in the chat. `photo` is the address of a picture of the bot's."""

    id: str
    from_bot: bool
    text: str
    photo: str = ""
    rev: int = 0


class Person:
    """One person with a private chat. Everything returns the message_id it caused."""

    def __init__(self, fake: FakeZaloBot, chat: Chat) -> None:
        self._fake = fake
        self._chat = chat
        self.id = chat.id
        self._at = 0

    # What the person does.

    def writes(self, text: str) -> str:
        """Send a text; there is nothing else to press."""
        return self._say("message.text.received", text, {"text": text})

    def sends_photo(self, content: bytes, caption: str = "", *, documented: bool = False) -> str:
        """Send a picture; `documented` names its address as the documents do, not as captures show it."""

        def put(world: World) -> str:
            url = world.add_file(content, ".jpg")
            more = {"photo": url} if documented else {"photo_url": url, "message_type": "CHAT_PHOTO"}
            return self._put(world, "message.image.received", caption, more | ({"caption": caption} if caption else {}))

        return self._fake.do(put)

    def sends_photo_at(self, url: str) -> str:
        """Send a picture whose address is any."""
        return self._say("message.image.received", "", {"photo_url": url, "message_type": "CHAT_PHOTO"})

    def sends_voice(self, content: bytes = b"\xff\xf1" + bytes(200)) -> str:
        """Send a voice message."""

        def put(world: World) -> str:
            return self._put(world, "message.voice.received", "", {"voice_url": world.add_file(content, ".aac")})

        return self._fake.do(put)

    def sends_sticker(self) -> str:
        """Send a sticker."""
        more = {"sticker": "0e078a2cb1295c770538", "url": "https://zalo-api.zadn.vn/api/emoticon/sticker/webpc?eid=1"}
        return self._say("message.sticker.received", "", more)

    def sends_link(self, url: str) -> str:
        """Send an address."""
        return self._say("message.link.received", url, {"link": url, "message_type": "CHAT_LINK"})

    def sends_unsupported(self) -> str:
        """Send a place, a file, a contact: the bot is told that there was something, and no more."""
        return self._say("message.unsupported.received", "", {})

    def is_protected(self) -> None:
        """From now on everything arrives as unsupported."""
        self._fake.do(lambda _: setattr(self._chat, "protected", True))

    def writes_in_a_group(self, text: str) -> str:
        """Write in a group that the bot is in, naming it."""

        def put(world: World) -> str:
            letter = Letter(f"g{len(world.brought):019x}", from_bot=False, date=world.ms(), text=text)
            message = world.message(self._chat, letter, {"text": text})
            message["chat"] = {"id": "zgr-891bfa57540ebd50e41f", "chat_type": "GROUP"}
            world.push("message.text.received", message)
            return letter.id

        return self._fake.do(put)

    # What the person sees.

    @property
    def messages(self) -> list[Seen]:
        """The whole chat, oldest first."""
        return self._fake.do(lambda _: [see(letter) for letter in self._chat.letters])

    @property
    def heard(self) -> list[Seen]:
        """What the bot has said, oldest first."""
        return [seen for seen in self.messages if seen.from_bot]

    @property
    def last(self) -> Seen:
        """The bot's newest message; an AssertionError when it has said nothing."""
        heard = self.heard
        assert heard, "the bot has said nothing"
        return heard[-1]

    def hears(self, text: str, seconds: float = 10) -> Seen:
        """Wait until the bot has said `text`, after what was heard before: a walk goes forward. Blocks."""
        return self._heard(self._fake.wait(lambda _: self._next(text), seconds, self._missed(text)))

    async def will_hear(self, text: str, seconds: float = 10) -> Seen:
        """`hears` for tests that share their thread with what they test."""
        return self._heard(await self._fake.until(lambda _: self._next(text), seconds, self._missed(text)))

    # Inside the fake's loop.

    def _say(self, event: str, text: str, content: dict[str, Any]) -> str:
        return self._fake.do(lambda world: self._put(world, event, text, content))

    def _put(self, world: World, event: str, text: str, content: dict[str, Any]) -> str:
        self._chat.met = True
        letter = world.add_letter(self._chat, from_bot=False, text=text)
        if self._chat.protected:
            event, content = "message.unsupported.received", {}
        world.push(event, world.message(self._chat, letter, content))
        return letter.id

    def _next(self, text: str) -> Seen | None:
        newer = [letter for letter in self._chat.letters if letter.from_bot and letter.rev > self._at]
        found = next((letter for letter in newer if text in letter.text), None)
        return see(found) if found else None

    def _heard(self, seen: Seen) -> Seen:
        self._at = seen.rev
        return seen

    def _missed(self, text: str) -> str:
        return f"{self._chat.name} never saw {text!r}"


def see(letter: Letter) -> Seen:
    """A letter as a person sees it."""
    return Seen(letter.id, letter.from_bot, letter.text, letter.photo, letter.rev)
