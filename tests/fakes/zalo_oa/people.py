"""People in front of the fake, as a test writes them: they follow, write, press, send pictures, look at the chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.zalo_oa.world import APP_ID, OA_ID, Chat, Letter, World

if TYPE_CHECKING:
    from tests.fakes.zalo_oa.fake import FakeZaloOa

_PRINTED = re.compile(r"^\d+\. ")


@dataclass(frozen=True)
class Seen:
    """A message in the chat. `buttons` are (label, what it carries or opens)."""

    id: str
    from_bot: bool
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    photo: bytes | None = None
    form: str = ""
    rev: int = 0

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons."""
        return [label for label, _ in self.buttons]


class Person:
    """One person on Zalo. What they do returns the body of the event it caused."""

    def __init__(self, fake: FakeZaloOa, chat: Chat) -> None:
        self._fake = fake
        self._chat = chat
        self.id: str = chat.id
        self._at = 0

    # What the person does.

    def follows(self) -> bytes:
        """Press "Quan tâm"."""
        return self._fake.do(lambda world: self._standing(world, follower=True))

    def unfollows(self) -> bytes:
        """Stop following."""
        return self._fake.do(lambda world: self._standing(world, follower=False))

    def refuses_messages(self) -> None:
        """Switch off messages of this account; Zalo tells nobody."""
        self._fake.do(lambda _: setattr(self._chat, "opted_out", True))

    def writes(self, text: str) -> bytes:
        """Send a text."""
        return self._fake.do(lambda world: self._send(world, "text", text=text))

    def presses(self, label: str) -> bytes:
        """Press the newest button with this label, be there its number before it or not."""
        return self._fake.do(lambda world: self._press(world, label))

    def presses_payload(self, payload: str) -> bytes:
        """Press a button that carried this once."""
        return self.writes(payload)

    def opens(self, label: str) -> str:
        """Press a button that opens a page; its address."""
        return self._fake.do(lambda _: str(self._button(label)["payload"]["url"]))

    def sends_photo(self, content: bytes, caption: str = "") -> bytes:
        """Send a picture."""
        return self._attach("image", content, "jpg", caption)

    def sends_photos(self, *contents: bytes) -> bytes:
        """Send several pictures at once."""

        def send(world: World) -> bytes:
            payloads = [self._file(world, content, "jpg") for content in contents]
            found = [{"type": "image", "payload": payload} for payload in payloads]
            return self._send(world, "image", attachments=found)

        return self._fake.do(send)

    def sends_photo_at(self, url: str) -> bytes:
        """A picture that lies wherever a stranger says."""
        attachment = {"type": "image", "payload": {"url": url, "thumbnail": url}}
        return self._fake.do(lambda world: self._send(world, "image", attachments=[attachment]))

    def sends_voice(self, content: bytes = b"\xff\xf1" + bytes(200)) -> bytes:
        """Send a voice message."""
        return self._attach("audio", content, "aac")

    def sends_file(self, content: bytes, name: str) -> bytes:
        """Send a file."""

        def send(world: World) -> bytes:
            payload = self._file(world, content, "bin") | {"name": name, "size": str(len(content)), "type": name[-3:]}
            return self._send(world, "file", attachments=[{"type": "file", "payload": payload}])

        return self._fake.do(send)

    def sends_location(self, latitude: float, longitude: float, name: str = "") -> bytes:
        """Share a point, with the name of the place."""
        point = {"coordinates": {"latitude": str(latitude), "longitude": str(longitude)}}
        attachment = {"type": "location", "payload": point}
        return self._fake.do(lambda world: self._send(world, "location", text=name, attachments=[attachment]))

    def sends_sticker(self) -> bytes:
        """Send something the bot does not understand."""
        attachment = {"type": "sticker", "payload": {"id": "9999", "url": "https://s120-ava-talk.zadn.vn/sticker"}}
        return self._fake.do(lambda world: self._send(world, "sticker", attachments=[attachment]))

    def submits(self, phone: str, name: str = "") -> bytes:
        """Fill in the form that asks for a telephone number."""

        def send(world: World) -> bytes:
            self._chat.spoke_at = world.now()
            info = {"name": name or self._chat.name, "phone": phone, "full_address": {"user_city": "tỉnh Mẫu"}}
            return self._fake.put(self._event(world, "user_submit_info") | {"info": info})

        return self._fake.do(send)

    def looks(self) -> bytes:
        """Open the chat: Zalo tells which messages were seen."""

        def seen(world: World) -> bytes:
            ids = [letter.id for letter in self._chat.letters if letter.from_bot]
            return self._fake.put(self._event(world, "user_seen_message") | {"message": {"msg_ids": ids}})

        return self._fake.do(seen)

    # What the person sees.

    @property
    def messages(self) -> list[Seen]:
        """The whole chat, oldest first."""
        return self._fake.do(lambda _: [see(letter) for letter in self._chat.letters])

    @property
    def heard(self) -> list[Seen]:
        """What the account has said, oldest first."""
        return [seen for seen in self.messages if seen.from_bot]

    @property
    def last(self) -> Seen:
        """The newest message of the account; an AssertionError when there is none."""
        heard = self.heard
        assert heard, "the account has said nothing"
        return heard[-1]

    def hears(self, text: str, seconds: float = 10) -> Seen:
        """Wait for a message with `text` in it after the last one that was heard. Blocks."""
        found = self._fake.wait(lambda _: self._next(text), seconds, self._missed(text))
        self._at = found.rev
        return found

    async def will_hear(self, text: str, seconds: float = 10) -> Seen:
        """`hears` for tests that share their thread with what they test."""
        found = await self._fake.until(lambda _: self._next(text), seconds, self._missed(text))
        self._at = found.rev
        return found

    # Inside the fake's loop.

    def _attach(self, kind: str, content: bytes, ending: str, text: str = "") -> bytes:
        def send(world: World) -> bytes:
            attachment = {"type": kind, "payload": self._file(world, content, ending)}
            return self._send(world, kind, text=text, attachments=[attachment])

        return self._fake.do(send)

    def _file(self, world: World, content: bytes, ending: str) -> dict[str, str]:
        id = f"{world.new_id('f')}.{ending}"
        world.files[id] = (content, "application/octet-stream")
        url = f"{self._fake.api_base}/files/{id}"
        return {"url": url, "thumbnail": url}

    def _event(self, world: World, name: str) -> dict[str, Any]:
        return {
            "app_id": APP_ID,
            "sender": {"id": self.id},
            "user_id_by_app": f"9{self.id}",
            "recipient": {"id": OA_ID},
            "event_name": name,
            "timestamp": str(int(world.now() * 1000)),
        }

    def _send(
        self, world: World, kind: str, *, text: str = "", attachments: list[dict[str, Any]] | None = None
    ) -> bytes:
        self._chat.spoke_at = world.now()
        letter = world.add(self._chat, from_bot=False, text=text)
        message: dict[str, Any] = {"msg_id": letter.id} | ({"text": text} if text else {})
        if attachments:
            message["attachments"] = attachments
        return self._fake.put(self._event(world, f"user_send_{kind}") | {"message": message})

    def _standing(self, world: World, *, follower: bool) -> bytes:
        self._chat.follower = follower
        if follower:
            self._chat.spoke_at = world.now()
        else:
            self._chat.spoke_at = None
        event = self._event(world, "follow" if follower else "unfollow")
        del event["sender"], event["recipient"]
        return self._fake.put(event | {"oa_id": OA_ID, "follower": {"id": self.id}, "source": "oa_profile"})

    def _button(self, label: str) -> dict[str, Any]:
        for letter in reversed(self._chat.letters):
            for one in letter.buttons:
                if label in (one["title"], _PRINTED.sub("", one["title"], count=1)):
                    return one
        labels = [one["title"] for letter in self._chat.letters for one in letter.buttons]
        raise AssertionError(f"no button {label!r}; there are {labels}")

    def _press(self, world: World, label: str) -> bytes:
        found = self._button(label)
        assert found["type"].startswith("oa.query"), f"{label} opens something"
        return self._send(world, "text", text=found["payload"])

    def _next(self, text: str) -> Seen | None:
        newer = [one for one in self._chat.letters if one.from_bot and one.rev > self._at and text in one.text]
        return see(newer[0]) if newer else None

    def _missed(self, text: str) -> str:
        return f"{self._chat.name} never saw {text!r}"


def see(letter: Letter) -> Seen:
    """A letter as a person sees it."""
    buttons = tuple(
        (one["title"], one["payload"] if isinstance(one["payload"], str) else next(iter(one["payload"].values())))
        for one in letter.buttons
    )
    form = letter.form["title"] if letter.form else ""
    return Seen(letter.id, letter.from_bot, letter.text, buttons, letter.picture, form, letter.rev)
