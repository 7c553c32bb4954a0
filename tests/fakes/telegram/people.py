"""People in front of the fake, as a test writes them: they write, press, send pictures, block, and look at the chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.world import BOT, Chat, Letter, Press, World

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import FakeTelegram

_PRINTED = re.compile(r"^\d+\. ")


@dataclass(frozen=True)
class Seen:
    """A message as it stands in the chat now, edits applied. `buttons` are rows of (label, callback_data or url)."""

    id: int
    from_bot: bool
    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    photo: bytes | None = None
    recording: bytes | None = None
    edited: bool = False
    rev: int = 0
    document: bytes | None = None
    file_name: str = ""

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, in reading order."""
        return [label for row in self.buttons for label, _ in row]


class Person:
    """One person with a private chat. Everything returns the update_id it caused."""

    def __init__(self, fake: FakeTelegram, chat: Chat) -> None:
        self._fake = fake
        self._chat = chat
        self.id: int = chat.user["id"]
        self.user = chat.user
        self._at = 0

    # What the person does.

    def writes(self, text: str) -> int:
        """Send a text or a command."""
        return self._say(text=text.strip())

    def starts(self, source: str = "") -> int:
        """Press Start, by a deep link when there is a source."""
        return self.writes(f"/start {source}".strip())

    def edits(self, text: str) -> int:
        """Correct the last message of one's own."""
        return self._fake.do(lambda world: self._edit(world, text))

    def presses(self, label: str) -> int:
        """Press the newest button with this label, be there its number before it or not.

        An AssertionError names what there is to press.
        """
        return self._fake.do(lambda world: self._press(world, label))

    def presses_data(self, data: str) -> int:
        """Press a button that carried this data once, also one that has since been edited away."""
        return self._fake.do(lambda world: self._callback(world, self._newest_of_bot(), data))

    def sends_photo(self, content: bytes, caption: str = "", *, size: int | None = None) -> int:
        """Send a photo; `size` claims another size in bytes than it has."""
        return self._fake.do(
            lambda world: self._put(world, text=caption, photo=world.add_file(content, size)),
        )

    def sends_album(self, pictures: list[bytes], caption: str = "") -> list[int]:
        """Send several pictures at once: as many messages, the first with the caption."""

        def put(world: World) -> list[int]:
            album = str(13_700_000_000_000_000 + world.last_update_id)
            return [
                self._put(
                    world,
                    text="" if place else caption,
                    photo=world.add_file(content),
                    content={"media_group_id": album},
                )
                for place, content in enumerate(pictures)
            ]

        return self._fake.do(put)

    def sends_document(self, content: bytes, mime: str, *, size: int | None = None) -> int:
        """Send a file as it is, which for a picture means not re-encoded by Telegram."""

        def put(world: World) -> int:
            file_id = world.add_file(content, size)
            known = world.files[file_id].size
            document = {
                "file_id": file_id,
                "file_unique_id": f"Q{file_id}"[-12:],
                "mime_type": mime,
                "file_size": known,
            }
            return self._put(world, content={"document": document})

        return self._fake.do(put)

    def sends_voice(self, content: bytes = b"OggS", seconds: int = 3) -> int:
        """Send a voice message."""

        def put(world: World) -> int:
            file_id = world.add_file(content)
            voice = {"file_id": file_id, "file_unique_id": f"Q{file_id}"[-12:], "duration": seconds}
            return self._put(world, content={"voice": voice | {"mime_type": "audio/ogg", "file_size": len(content)}})

        return self._fake.do(put)

    def sends_location(self, latitude: float, longitude: float) -> int:
        """Share a point."""
        return self._say(content={"location": {"latitude": latitude, "longitude": longitude}})

    def sends_contact(self, phone: str, *, of: int | None = None) -> int:
        """Share one's own telephone card, or somebody else's."""
        card = {"phone_number": phone, "first_name": self._chat.user["first_name"], "user_id": of or self.id}
        return self._say(content={"contact": card})

    def sends_sticker(self) -> int:
        """Send something the bot does not understand."""
        sticker = {"file_id": "CAACAg", "file_unique_id": "AgADzzz", "type": "regular", "width": 512, "height": 512}
        return self._say(content={"sticker": sticker | {"is_animated": False, "is_video": False}})

    def sends_audio(self, content: bytes = b"ID3", seconds: int = 3) -> int:
        """Send a sound file."""

        def put(world: World) -> int:
            file_id = world.add_file(content)
            audio = {"file_id": file_id, "file_unique_id": f"Q{file_id}"[-12:], "duration": seconds}
            return self._put(world, content={"audio": audio | {"mime_type": "audio/mpeg", "file_size": len(content)}})

        return self._fake.do(put)

    def sends_video(self) -> int:
        """Send a film, which nobody can look at here."""
        video = {"file_id": "BAACAg", "file_unique_id": "AgADyyy", "width": 640, "height": 480, "duration": 5}
        return self._say(content={"video": video | {"mime_type": "video/mp4", "file_size": 900_000}})

    def touches(self, label: str) -> int:
        """Touch a button in place of the letters: it sends what it says, or the place or telephone it asks for."""
        key = next((key for row in self.keys_shown for key in row if key["text"] == label), None)
        assert key is not None, f"no such button; there are {self.keys_shown}"
        if key.get("request_location"):
            return self.sends_location(21.69, 106.62)
        if key.get("request_contact"):
            return self.sends_contact("+84912345678")
        return self.writes(label)

    @property
    def keys_shown(self) -> list[list[dict[str, Any]]]:
        """The rows of buttons in place of the letters."""
        return self._fake.do(lambda _: list(self._chat.keys))

    def blocks(self) -> int:
        """Block the bot."""
        return self._fake.do(lambda world: self._standing(world, "member", "kicked"))

    def unblocks(self) -> int:
        """Let the bot write again."""
        return self._fake.do(lambda world: self._standing(world, "kicked", "member"))

    def leaves_telegram(self) -> None:
        """Delete the account; the bot is not told."""
        self._fake.do(lambda _: setattr(self._chat, "deactivated", True))

    # What the person sees.

    @property
    def messages(self) -> list[Seen]:
        """The whole chat, oldest first."""
        return self._fake.do(lambda world: [see(world, letter) for letter in self._chat.letters])

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

    def sees(self, text: str, seconds: float = 10) -> Seen:
        """Wait until some message of the bot has `text` in it, as it stands now; the newest such. Blocks."""
        return self._fake.wait(lambda world: self._find(world, text), seconds, self._missed(text))

    async def will_see(self, text: str, seconds: float = 10) -> Seen:
        """`sees` for tests that share their thread with what they test."""
        return await self._fake.until(lambda world: self._find(world, text), seconds, self._missed(text))

    def hears(self, text: str, seconds: float = 10) -> Seen:
        """`sees`, but only what was written or edited after the last message that was heard: a walk goes forward."""
        return self._heard(self._fake.wait(lambda world: self._next(world, text), seconds, self._missed(text)))

    async def will_hear(self, text: str, seconds: float = 10) -> Seen:
        """`hears` for tests that share their thread with what they test."""
        found = await self._fake.until(lambda world: self._next(world, text), seconds, self._missed(text))
        return self._heard(found)

    def waits_for_button(self) -> bool:
        """Whether a pressed button still spins."""
        return self._fake.do(lambda world: any(not press.answered for press in self._own(world)))

    @property
    def shown(self) -> list[str]:
        """What only this person was shown for what they pressed, oldest first; "" where a button just stopped."""
        return self._fake.do(lambda world: [press.text for press in self._own(world) if press.answered])

    async def will_be_shown(self, text: str, seconds: float = 30) -> str:
        """Wait until the newest press of this person was answered with words that have `text` in them; all of them."""

        def look(world: World) -> str | None:
            newest = self._own(world)[-1]
            return newest.text if newest.answered and text in newest.text else None

        return await self._fake.until(look, seconds, f"{self._chat.user['first_name']} was never shown {text!r}")

    # Inside the fake's loop.

    def _say(self, **content: Any) -> int:
        return self._fake.do(lambda world: self._put(world, **content))

    def _put(self, world: World, **content: Any) -> int:
        assert not self._chat.blocked, "who has blocked the bot cannot write to it"
        self._chat.met = True
        letter = world.add_letter(self._chat, from_bot=False, **content)
        return world.push("message", world.message(self._chat, letter))

    def _edit(self, world: World, text: str) -> int:
        letter = next(one for one in reversed(self._chat.letters) if not one.from_bot)
        letter.text, letter.edited = text, int(world.now())
        return world.push("edited_message", world.message(self._chat, letter))

    def _press(self, world: World, label: str) -> int:
        for letter in reversed(self._chat.letters):
            for row in letter.keyboard:
                for button in row:
                    if label in (button["text"], _PRINTED.sub("", button["text"], count=1)):
                        return self._callback(world, letter, button["callback_data"])
        labels = [button["text"] for letter in self._chat.letters for row in letter.keyboard for button in row]
        raise AssertionError(f"no button {label!r}; there are {labels}")

    def _callback(self, world: World, letter: Letter, data: str, chat: Chat | None = None) -> int:
        press_id = str(4_000_000_000 + len(world.presses))
        world.presses[press_id] = Press(world.now())
        self._presses.append(press_id)
        payload = {
            "id": press_id,
            "from": self._chat.user,
            "message": world.message(chat or self._chat, letter),
            "chat_instance": str(self.id * 7),
            "data": data,
        }
        return world.push("callback_query", payload)

    def _newest_of_bot(self) -> Letter:
        return next(one for one in reversed(self._chat.letters) if one.from_bot)

    def _standing(self, world: World, old: str, new: str) -> int:
        self._chat.blocked = new == "kicked"

        def member(status: str) -> dict[str, Any]:
            return {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})

        change = {"chat": self._chat.json, "from": self._chat.user, "date": int(world.now())}
        return world.push("my_chat_member", change | {"old_chat_member": member(old), "new_chat_member": member(new)})

    def _find(self, world: World, text: str) -> Seen | None:
        """The newest message with `text` in it: what the person has before their eyes."""
        found = [letter for letter in self._chat.letters if letter.from_bot and text in letter.text]
        return see(world, max(found, key=lambda letter: letter.rev)) if found else None

    def _next(self, world: World, text: str) -> Seen | None:
        """The first message with `text` in it among what came after the last one heard."""
        newer = [letter for letter in self._chat.letters if letter.from_bot and letter.rev > self._at]
        found = [letter for letter in newer if text in letter.text]
        return see(world, min(found, key=lambda letter: letter.rev)) if found else None

    def _heard(self, seen: Seen) -> Seen:
        self._at = seen.rev
        return seen

    def _missed(self, text: str) -> str:
        return f"{self._chat.user['first_name']} never saw {text!r}"

    def _own(self, world: World) -> list[Press]:
        return [world.presses[press_id] for press_id in self._presses]

    @property
    def _presses(self) -> list[str]:
        return self._fake.presses_of.setdefault(self.id, [])


def see(world: World, letter: Letter) -> Seen:
    """A letter as a person sees it."""
    rows = tuple(
        tuple((button["text"], button.get("callback_data") or button.get("url", "")) for button in row)
        for row in letter.keyboard
    )
    photo = world.files[letter.photo].content if letter.photo else None
    recording = world.files[letter.recording].content if letter.recording else None
    document = world.files[letter.document].content if letter.document else None
    return Seen(
        letter.id,
        letter.from_bot,
        letter.text,
        rows,
        photo,
        recording,
        bool(letter.edited),
        letter.rev,
        document,
        letter.file_name,
    )
