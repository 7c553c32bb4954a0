"""Conversations as text files: played against a real store, recorded, and compared word for word."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from app.photo_jobs import keep_photo, keep_voice
from app.photos import PhotoRefused
from app.runtime import Runtime
from bot.conversation.messages import Bubble, Inbound, Media, Place
from storage import conversations, reading_chat
from vietnam.text import clean

CHANNEL = "terminal"
_SIGNED = re.compile(r"(/(?:them|du-lieu|viec)/)[A-Za-z0-9_-]{20,}")
"""The signed part of an address, another one each time."""


def shown(bubbles: list[Bubble]) -> str:
    """Messages as a channel without buttons prints them: every choice with what may be typed for it."""
    return "\n---\n".join(_shown(bubble) for bubble in bubbles)


def recorded(bubbles: list[Bubble]) -> str:
    """`shown`, the same each time."""
    return _SIGNED.sub(r"\1…", shown(bubbles))


def _shown(bubble: Bubble) -> str:
    sound = [f"  ♪ {bubble.audio_name}"] if bubble.audio else []
    choices = [f"  {button.digit + '. ' if button.digit else '· '}{button.label}" for button in bubble.buttons]
    pictures = ["  ▣ ảnh"] * len(bubble.pictures)
    files = [f"  ▤ {file.name}" for file in bubble.files]
    return "\n".join((*sound, *pictures, bubble.text, *choices, *files))


def _bubble(body: bytes) -> Bubble:
    return msgspec.json.decode(body, type=Bubble)


@dataclass(slots=True)
class Player:
    """One citizen at a terminal."""

    runtime: Runtime
    account: int
    person: str = "terminal"
    seen: int = 0
    questions: list[Bubble] = field(default_factory=list)
    """Every message with buttons so far, the newest last."""
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    async def begin(cls, runtime: Runtime, unit_id: int) -> "Player":
        """A citizen of a commune, who has never spoken before unless the store knows the terminal already."""
        account = await runtime.store.write(lambda tx: conversations.ensure_channel_account(tx, unit_id, CHANNEL))
        player = cls(runtime, account)
        known = await runtime.store.read(lambda conn: reading_chat.conversation(conn, account, player.person))
        if known is not None:
            player.seen = await runtime.store.read(lambda conn: reading_chat.last_seq(conn, known))
        return player

    async def start(self, source: str = "") -> list[Bubble]:
        """Open the chat, perhaps by a poster."""
        return await self._send(Inbound(kind="start", source=source, **self._who()))

    async def say(self, text: str) -> list[Bubble]:
        """Type a line."""
        return await self._send(Inbound(kind="text", text=clean(text)[0], **self._who()))

    async def press(self, id: str) -> list[Bubble]:
        """Press the button of that id."""
        return await self._send(Inbound(kind="choice", choice=id, **self._who()))

    async def press_label(self, label: str, *, old: bool = False) -> list[Bubble]:
        """Press the button of that label below the newest question, or below an older one; LookupError."""
        for bubble in reversed(self.questions[:-1] if old else self.questions[-1:]):
            for button in bubble.buttons:
                if button.label == label:
                    return await self.press(button.id)
        raise LookupError(f"there is no button {label!r}")

    async def photo(self, data: bytes) -> list[Bubble]:
        """Send a picture."""
        on = await self.runtime.account(self.account)
        kept = await keep_photo(self.runtime, on.unit_id, data)
        if isinstance(kept, PhotoRefused):
            return await self._send(Inbound(kind="media_refused", media=(Media(reason=kept.key),), **self._who()))
        return await self._send(Inbound(kind="photo", media=(Media(blob=kept),), **self._who()))

    async def voice(self, data: bytes) -> list[Bubble]:
        """Send a recording."""
        on = await self.runtime.account(self.account)
        kept = await keep_voice(self.runtime, on.unit_id, data)
        if not isinstance(kept, int):
            return await self._send(Inbound(kind="media_refused", media=(Media(reason=kept.key),), **self._who()))
        return await self._send(Inbound(kind="voice", media=(Media(blob=kept, kind="voice"),), **self._who()))

    async def place(self, lat: float, lon: float) -> list[Bubble]:
        """Share a point, in degrees."""
        return await self._send(Inbound(kind="location", place=Place(lat=lat, lon=lon), **self._who()))

    async def hear(self) -> list[Bubble]:
        """What has come since the last look."""
        runtime = self.runtime
        id = await runtime.store.read(lambda conn: reading_chat.conversation(conn, self.account, self.person))
        if id is None:
            return []
        lines = await runtime.store.read(lambda conn: reading_chat.lines_after(conn, runtime.vault, id, self.seen))
        self.seen = max([self.seen, *(line.seq for line in lines)])
        heard = [_bubble(line.body) for line in lines if line.body is not None and not line.own]
        self.questions += [bubble for bubble in heard if bubble.buttons]
        return heard

    async def _send(self, inbound: Inbound) -> list[Bubble]:
        await self.runtime.receive(inbound)
        return await self.hear()

    def _who(self) -> dict[str, Any]:
        at = self.runtime.now()
        return {
            "channel": CHANNEL,
            "channel_account": self.account,
            "dedupe_key": f"{self.person}:{at}:{next(self._numbers)}",
            "person": self.person,
            "at": at,
        }


class Turn(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One exchange: what was done (exactly one of these) and everything the bot then said.

    `press` is the label of a button of the newest question, `press_old` of an earlier one; `photo` and `voice` name a
    file, `place` is "latitude, longitude". `meanwhile` is what others did: "take", "reply: TEXT", "close: SURVEY",
    "answer elsewhere: SURVEY", "publish: FILE", "invite: FILE", "days: NUMBER". A one-time code is written {code}.
    `times`: it is done so often within one moment, and `bot` is everything said to all of it.
    """

    start: str | None = None
    say: str | None = None
    photo: str | None = None
    voice: str | None = None
    place: str | None = None
    press: str | None = None
    press_old: str | None = None
    meanwhile: str | None = None
    times: int = 1
    bot: str

    @property
    def deed(self) -> tuple[str, str]:
        """What was done, as (field, value); ValueError where it is none of them or several."""
        fields = ("start", "say", "photo", "voice", "place", "press", "press_old", "meanwhile")
        done = [(name, value) for name in fields if (value := getattr(self, name)) is not None]
        if len(done) != 1:
            raise ValueError(f"one of {', '.join(fields)} is wanted in each turn")
        return done[0]


class Transcript(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A conversation. `about` says what it shows."""

    turn: list[Turn]
    about: str = ""


def read(text: str) -> Transcript:
    """A transcript file; msgspec.ValidationError or tomllib.TOMLDecodeError where it is none."""
    return msgspec.convert(tomllib.loads(text), Transcript)


class Recorder:
    """Writes down a conversation."""

    def __init__(self, about: str = "") -> None:
        self._about = about
        self._turns: list[tuple[str, str, int, str]] = []

    def add(self, deed: str, value: str, heard: list[Bubble], times: int = 1) -> None:
        """One exchange; `deed` is a field of Turn."""
        self._turns.append((deed, value, times, recorded(heard)))

    def toml(self) -> str:
        """The file, readable by `read`."""
        parts = [f"about = {_quoted(self._about)}\n"] if self._about else []
        for deed, value, times, bot in self._turns:
            often = f"times = {times}\n" if times > 1 else ""
            parts.append(f'[[turn]]\n{deed} = {_quoted(value)}\n{often}bot = """\n{_escaped(bot)}"""\n')
        return "\n".join(parts)


def _quoted(text: str) -> str:
    return '"' + _escaped(text).replace("\n", "\\n").replace("\t", "\\t") + '"'


def _escaped(text: str) -> str:
    """Text inside quotation marks of TOML; what nobody can see (zero width, direction, control) by its number."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(_by_number(char) if _unseen(char) else char for char in text)


def _unseen(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"}


def _by_number(char: str) -> str:
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"
