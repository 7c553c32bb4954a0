"""Raw bytes of one Update -> an Inbound. Pure: the arrival time and the account are arguments, nothing is raised."""

import json
import re
from typing import Any, TypeVar

import msgspec

from bot.channels.telegram.in_group import InGroup, read_member, read_message
from bot.channels.telegram.updates import (
    Answer,
    CallbackQuery,
    File,
    Int64,
    MemberUpdate,
    Message,
    PhotoSize,
    Update,
    User,
)
from bot.conversation.messages import Inbound, InboundKind, Media, Place
from vietnam.text import clean

MAX_DOWNLOAD = 20 * 1024 * 1024
"""Bytes: getFile refuses anything larger (core.telegram.org/bots/api#getfile)."""


class _Id(msgspec.Struct):
    update_id: Int64


_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
_COMMAND = re.compile(r"(/[A-Za-z0-9_]{1,32})@\w+")
_START = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")
_UPDATE = msgspec.json.Decoder(Update)
_ANSWER = msgspec.json.Decoder(Answer)
_ONLY_ID = msgspec.json.Decoder(_Id)

T = TypeVar("T")


class Read(msgspec.Struct, frozen=True):
    """An event for the conversation; `removed` counts characters no store can keep (NUL, lone surrogates)."""

    update_id: int
    inbound: Inbound
    removed: int = 0


class Ignored(msgspec.Struct, frozen=True):
    """A sound update that nobody waits for an answer to; `why` is a short word to count it under."""

    update_id: int
    why: str


class Unreadable(msgspec.Struct, frozen=True):
    """Not an Update as the Bot API describes it; `update_id` is None when not even that could be read."""

    why: str
    update_id: int | None = None


Parsed = Read | InGroup | Ignored | Unreadable


def counted(parsed: InGroup | Ignored | Unreadable) -> str:
    """The word under which something is counted that was not for the conversation."""
    if isinstance(parsed, InGroup):
        return "group"
    return parsed.why if isinstance(parsed, Ignored) else "unreadable"


class Batch(msgspec.Struct, frozen=True):
    """What one getUpdates brought, by ascending update id; unreadable ones without an id come first."""

    updates: tuple[Parsed, ...]


class Refused(msgspec.Struct, frozen=True):
    """getUpdates was answered with an error; `retry_after` is in seconds, 0 where Telegram does not say."""

    code: int
    description: str
    retry_after: int = 0


def parse(body: bytes | msgspec.Raw, *, account: int, at: int) -> Parsed:
    """One Update as Telegram sends it. `account` is our channel account, `at` its arrival in UTC milliseconds."""
    try:
        update = _decode(_UPDATE, body, Update)
    except (ValueError, RecursionError) as error:
        return Unreadable(_reason(error), _id_of(body))
    return _Reader(update.update_id, account, at).read(update)


def parse_batch(body: bytes, *, account: int, at: int) -> Batch | Refused | Unreadable:
    """The answer of getUpdates. One unreadable update does not take the others with it."""
    try:
        answer = _decode(_ANSWER, body, Answer)
    except (ValueError, RecursionError) as error:
        return Unreadable(_reason(error))
    if not answer.ok:
        after = answer.parameters.retry_after if answer.parameters else 0
        return Refused(answer.error_code, answer.description, after)
    parsed = [parse(raw, account=account, at=at) for raw in answer.result]
    return Batch(tuple(sorted(parsed, key=lambda one: -1 if one.update_id is None else one.update_id)))


class _Reader:
    """Reads one update and counts the characters it had to take out on the way."""

    def __init__(self, update_id: int, account: int, at: int) -> None:
        self.update_id = update_id
        self.account = account
        self.at = at
        self.removed = 0

    def read(self, update: Update) -> Parsed:
        if update.message is not None:
            return self._message(update.message)
        if update.callback_query is not None:
            return self._press(update.callback_query)
        if update.my_chat_member is not None:
            return self._standing(update.my_chat_member)
        edited = update.edited_message
        if edited is None:
            return self._ignored("unknown_kind")
        if edited.chat.type != "private" or edited.sender is None or not (edited.text or edited.caption):
            return self._ignored("edited")
        return self._event(edited.sender, "edited", text=self._clean(edited.text or edited.caption))

    def _standing(self, change: MemberUpdate) -> Parsed:
        if change.chat.type != "private":
            return read_member(self.update_id, change)
        return self._event(change.sender, "gone" if change.new_chat_member.status == "kicked" else "back")

    def _message(self, message: Message) -> Parsed:
        if message.chat.type != "private":
            return read_message(self.update_id, message)
        if message.sender is None or message.sender.is_bot:
            return self._ignored("no_person")
        if message.text is None and message.service:
            return self._ignored("service")
        return self._content(message, message.sender)

    def _content(self, message: Message, sender: User) -> Read:
        if message.text is not None:
            return self._text(message.text, sender)
        caption = self._clean(message.caption)
        if message.photo:
            return self._photo(sender, message.photo, caption, message.media_group_id)
        if message.document is not None and _is_picture(message.document):
            document = PhotoSize(message.document.file_id, file_size=message.document.file_size)
            return self._photo(sender, (document,), caption, message.media_group_id)
        if message.location is not None:
            place = Place(lat=message.location.latitude, lon=message.location.longitude)
            return self._event(sender, "location", place=place)
        if message.contact is not None and message.contact.user_id == sender.id:
            return self._event(sender, "contact", text=self._clean(message.contact.phone_number))
        recording = message.voice or message.audio
        if recording is not None and recording.file_size > MAX_DOWNLOAD:
            refused = Media(size=recording.file_size, reason="voice.too_big", kind="voice")
            return self._event(sender, "media_refused", text=caption, media=(refused,))
        if recording is not None:
            voice = Media(ref=self._clean(recording.file_id), size=recording.file_size, kind="voice")
            return self._event(sender, "voice", text=caption, media=(voice,))
        return self._event(sender, "unsupported", text=caption)

    def _text(self, raw: str, sender: User) -> Read:
        text = self._clean(raw)
        if not text.startswith("/"):
            return self._event(sender, "text", text=text)
        start = _START.fullmatch(text)
        if start:
            return self._event(sender, "start", source=start.group(1) or "")
        # A command that was tapped in a list may carry the name of the bot.
        return self._event(sender, "text", text=_COMMAND.sub(r"\1", text, count=1))

    def _photo(self, sender: User, sizes: tuple[PhotoSize, ...], caption: str, album: str) -> Read:
        fitting = [size for size in sizes if size.file_size <= MAX_DOWNLOAD]
        if not fitting:
            refused = Media(size=max(size.file_size for size in sizes), reason="photo.too_big")
            return self._event(sender, "media_refused", text=caption, media=(refused,))
        best = max(fitting, key=lambda size: (size.width * size.height, size.file_size))
        photo = Media(ref=self._clean(best.file_id), size=best.file_size)
        return self._event(sender, "photo", text=caption, media=(photo,), album=self._clean(album))

    def _press(self, press: CallbackQuery) -> Parsed:
        if press.message is None or not press.data:
            return self._ignored("unknown_kind")
        group = "" if press.message.chat.type == "private" else str(press.message.chat.id)
        # A question is asked of one person: in a group only what holds at any time can be pressed.
        if group and (press.sender.is_bot or not press.data.startswith("go:")):
            return self._ignored("group")
        pressed = {"choice": self._clean(press.data), "callback": self._clean(press.id), "group": group}
        return self._event(press.sender, "choice", **pressed)

    def _event(self, sender: User, kind: InboundKind, **more: Any) -> Read:  # noqa: ANN401 - the fields of Inbound
        inbound = Inbound(
            channel="telegram",
            channel_account=self.account,
            dedupe_key=f"u{self.update_id}",
            person=str(sender.id),
            kind=kind,
            at=self.at,
            name=self._clean(f"{sender.first_name} {sender.last_name}").strip(),
            handle=self._clean(sender.username),
            **more,
        )
        return Read(self.update_id, inbound, self.removed)

    def _ignored(self, why: str) -> Ignored:
        return Ignored(self.update_id, why)

    def _clean(self, text: str) -> str:
        if not text:
            return text
        kept, removed = clean(text)
        self.removed += removed
        return kept


def _is_picture(document: File) -> bool:
    """Whether a file that was sent as it is may be a picture; what it is in truth is looked at later."""
    if document.mime_type in ("", "application/octet-stream"):
        return document.file_name.lower().endswith(_PICTURES)
    return document.mime_type.startswith("image/")


def _decode(decoder: msgspec.json.Decoder[T], body: bytes | msgspec.Raw, shape: type[T]) -> T:
    r"""Decode strictly; only a body with a lone surrogate (raw or as \ud83d) takes the slower, more lenient way."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        loose = json.loads(bytes(body).decode("utf-8", "surrogatepass"))
        if shape is Answer and isinstance(loose, dict) and isinstance(loose.get("result"), list):
            loose["result"] = [msgspec.Raw(json.dumps(one).encode()) for one in loose["result"]]
        return msgspec.convert(loose, shape)


def _id_of(body: bytes | msgspec.Raw) -> int | None:
    try:
        return _decode(_ONLY_ID, body, _Id).update_id
    except (ValueError, RecursionError):
        return None


def _reason(error: Exception) -> str:
    """The shape of the fault, never a piece of what the person wrote."""
    return str(error) if isinstance(error, msgspec.ValidationError) else type(error).__name__
