"""Raw bytes of one event -> an Inbound. Pure: the arrival time and the account are arguments, nothing is raised."""

import json
from typing import Any

import msgspec

from bot.channels.zalo_bot.events import Envelope, Event, Id, Message, number
from bot.conversation.messages import Inbound, InboundKind, Media, MediaKind
from vietnam.text import clean

EMPTY_POLL = 408
"""The error code of a getUpdates that nobody has written to."""
_LONGEST_ADDRESS = 4096
_LONGEST_ID = 200
_ENVELOPE = msgspec.json.Decoder(Envelope)


class Read(msgspec.Struct, frozen=True):
    """An event for the conversation; `removed` counts characters no store can keep (NUL, lone surrogates)."""

    inbound: Inbound
    removed: int = 0


class Ignored(msgspec.Struct, frozen=True):
    """A sound event that nobody waits for an answer to; `why` is a short word to count it under."""

    why: str


class Unreadable(msgspec.Struct, frozen=True):
    """Not an event as the platform describes it."""

    why: str


class Refused(msgspec.Struct, frozen=True):
    """getUpdates was answered with an error; code EMPTY_POLL means that nobody wrote."""

    code: int
    description: str


Parsed = Read | Ignored | Unreadable


def parse(body: bytes, *, account: int, at: int) -> Parsed:
    """One event as a webhook brings it. `account` is our channel account, `at` its arrival in UTC milliseconds."""
    if not body.strip():
        return Ignored("probe")
    envelope = _decode(body)
    return envelope if isinstance(envelope, Unreadable) else _event_of(envelope, account, at)


def parse_update(body: bytes, *, account: int, at: int) -> Parsed | Refused:
    """The answer of getUpdates: one event, or why there is none."""
    envelope = _decode(body)
    if isinstance(envelope, Unreadable):
        return envelope
    if envelope.ok is False:
        return Refused(number(envelope.error_code), envelope.description or "")
    if envelope.result is None and envelope.message is None:
        return Refused(EMPTY_POLL, "")
    return _event_of(envelope, account, at)


def _event_of(envelope: Envelope, account: int, at: int) -> Parsed:
    event = envelope.result or Event(envelope.event_name, envelope.message)
    if event.message is None:
        # Only messages are documented; whatever else there may be one day is no word of a person.
        return Ignored("unknown_kind") if event.event_name else Unreadable("no event")
    return _Reader(event, event.message, account, at).read()


class _Reader:
    """Reads one message and counts the characters it had to take out on the way."""

    def __init__(self, event: Event, message: Message, account: int, at: int) -> None:
        self.name = event.event_name
        self.message = message
        self.account = account
        self.at = at
        self.removed = 0

    def read(self) -> Parsed:
        message = self.message
        sender, chat = message.sender, message.chat
        own = self._id(sender.id if sender else None)
        where = self._id(chat.id if chat else None) or own
        if (chat is not None and (chat.chat_type or "PRIVATE").upper() != "PRIVATE") or (own and own != where):
            return Ignored("group")
        if sender is not None and sender.is_bot:
            return Ignored("no_person")
        # An event without an id of its own is told from others by its millisecond.
        which = self._id(message.message_id) or self._id(f"{message.date or ''}")
        if not where or not which:
            return Unreadable("no id")
        return self._content(where, f"{where}:{which}")

    def _content(self, person: str, key: str) -> Read:
        message = self.message
        text = self._clean(message.text)
        caption = self._clean(message.caption) or text
        match self.name.removeprefix("message.").removesuffix(".received"):
            case "text" if text.strip():
                return self._event(person, key, "text", text=text)
            case "link":
                said = "\n".join(dict.fromkeys(part for part in (caption, self._link()) if part.strip()))
                return self._event(person, key, "text" if said else "unsupported", text=said)
            case "unsupported":
                # All that protected users write (children, people with disabilities) comes so, without a word of it.
                return self._event(person, key, "unseen")
            case "image" if ref := self._address(message.photo_url) or self._address(message.photo):
                return self._event(person, key, "photo", text=caption, media=_media(ref, "photo"))
            case "voice" if ref := self._address(message.voice_url) or self._address(message.url):
                return self._event(person, key, "voice", text=caption, media=_media(ref, "voice"))
        return self._event(person, key, "unsupported", text=caption)

    def _event(self, person: str, key: str, kind: InboundKind, **more: Any) -> Read:  # noqa: ANN401 - fields of Inbound
        sender = self.message.sender
        inbound = Inbound(
            channel="zalo_bot",
            channel_account=self.account,
            dedupe_key=key,
            person=person,
            kind=kind,
            at=self.at,
            name=self._clean(sender.display_name or sender.name).strip() if sender else "",
            **more,
        )
        return Read(inbound, self.removed)

    def _link(self) -> str:
        return self._clean(self.message.link or self.message.url)

    def _address(self, url: str | None) -> str:
        """The address of a file, "" for what cannot be one; whether it may be fetched is judged when it is."""
        kept = self._clean(url).strip()
        return kept if kept.startswith(("https://", "http://")) and len(kept) <= _LONGEST_ADDRESS else ""

    def _id(self, id: Id) -> str:
        # NUL and lone surrogates in an id are no id: with them taken out it would be somebody else's.
        kept, removed = clean("" if id is None else str(id))
        kept = kept.strip()
        return kept if not removed and len(kept) <= _LONGEST_ID else ""

    def _clean(self, text: str | None) -> str:
        kept, removed = clean(text or "")
        self.removed += removed
        return kept


def _media(ref: str, kind: MediaKind) -> tuple[Media, ...]:
    return (Media(ref=ref, kind=kind),)


def _decode(body: bytes) -> Envelope | Unreadable:
    r"""Decode strictly; only a body with a lone surrogate (raw or as \ud83d) takes the slower, more lenient way."""
    try:
        try:
            return _ENVELOPE.decode(body)
        except msgspec.ValidationError:
            raise
        except (msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.convert(json.loads(body.decode("utf-8", "surrogatepass")), Envelope)
    except msgspec.ValidationError as error:
        # The shape of the fault, never a piece of what the person wrote.
        return Unreadable(str(error))
    except (ValueError, RecursionError) as error:
        return Unreadable(type(error).__name__)
