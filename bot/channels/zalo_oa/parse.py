"""A signed event of Zalo -> Inbounds. Pure: the arrival time and the accounts are arguments, nothing is raised."""

import hashlib
import json
import re
from typing import Any

import msgspec

from bot.channels.zalo_oa.events import Event, attachments, decode, degrees, id_of, part, url_of
from bot.conversation.messages import Inbound, InboundKind, Media, Place
from vietnam.text import clean

BUTTON = "#"
"""What stands before the id of a button in its payload: a press comes back as a text, and must not look like one."""
_PRESSED = re.compile(r"#((?:[0-9]{1,20}:|go:)\S{1,200})")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_MOST_PICTURES = 10
# What Zalo tells us and nobody waits for an answer to, by how its name begins.
_SILENT = {
    "oa_send_": "echo",
    "anonymous_": "anonymous",
    "user_seen_": "seen",
    "user_received_": "seen",
    "user_reacted_": "reaction",
}


class Read(msgspec.Struct, frozen=True):
    """Events for the conversation in their order: several pictures are several events.

    `removed` counts characters no store can keep (NUL, lone surrogates).
    """

    inbounds: tuple[Inbound, ...]
    removed: int = 0


class Ignored(msgspec.Struct, frozen=True):
    """A sound event that nobody waits for an answer to; `why` is a short word to count it under."""

    why: str


class DataRequest(msgspec.Struct, frozen=True):
    """Somebody used a right over their data on Zalo itself: officers must see it. `person` is "" where not told."""

    event: str
    person: str


class Unreadable(msgspec.Struct, frozen=True):
    """Not an event as Zalo describes it."""

    why: str


Parsed = Read | Ignored | DataRequest | Unreadable


def parse(body: bytes, *, account: int, oa_id: str, at: int, data_word: str = "data") -> Parsed:
    """One event as Zalo sends it.

    `account` is our channel account, `oa_id` what Zalo calls it ("": any), `at` the arrival in UTC milliseconds. An
    event that we do not know and whose name has `data_word` in it is about a person's data.
    """
    event = decode(body)
    return Unreadable("no_json") if event is None else read(event, account=account, oa_id=oa_id, at=at, word=data_word)


def read(event: Event, *, account: int, oa_id: str, at: int, word: str) -> Parsed:
    """The same, of a body that has been decoded already."""
    name = event.get("event_name")
    if not isinstance(name, str) or not name:
        return Unreadable("no_name")
    for beginning, why in _SILENT.items():
        if name.startswith(beginning):
            return Ignored(why)
    ours = id_of(part(event, "recipient").get("id")) or id_of(event.get("oa_id"))
    if oa_id and ours and ours != oa_id:
        return Ignored("other_account")
    person = id_of(part(event, "follower" if "follower" in event else "sender").get("id"))
    if name not in _READERS:
        known = word and word in name
        return DataRequest(clean(name)[0][:100], person) if known else Ignored("unknown_event")
    if not person:
        return Unreadable("no_person")
    try:
        return _Reader(event, account, person, at).read(name)
    except RecursionError:
        # An event just shallow enough to be decoded may be too deep to be written down again for its key.
        return Unreadable("too_deep")


class _Reader:
    """Reads one event and counts the characters it had to take out on the way."""

    def __init__(self, event: Event, account: int, person: str, at: int) -> None:
        self.event = event
        self.account = account
        self.person = person
        self.at = at
        self.removed = 0

    def read(self, name: str) -> Read:
        inbounds = _READERS[name](self)
        return Read(inbounds, self.removed)

    def text(self) -> tuple[Inbound, ...]:
        said = self._said()
        pressed = _PRESSED.fullmatch(said)
        if pressed is not None:
            return self._one("choice", choice=pressed[1])
        return self._one("text", text=said) if said.strip() else self._one("unsupported")

    def image(self) -> tuple[Inbound, ...]:
        found = [url_of(payload.get("url")) or url_of(payload.get("thumbnail")) for payload in attachments(self.event)]
        urls = [url for url in found if url][:_MOST_PICTURES]
        if not urls:
            return self._one("unsupported", text=self._said())
        album = self._key() if len(urls) > 1 else ""
        said = self._said()
        return tuple(
            self._inbound("photo", number, text="" if number else said, media=(Media(ref=url),), album=album)
            for number, url in enumerate(urls)
        )

    def location(self) -> tuple[Inbound, ...]:
        """A point; its text is what Zalo's map calls the place."""
        for payload in attachments(self.event):
            point = part(payload, "coordinates")
            latitude, longitude = degrees(point.get("latitude"), 90), degrees(point.get("longitude"), 180)
            if latitude is not None and longitude is not None:
                return self._one("location", place=Place(lat=latitude, lon=longitude), text=self._said())
        return self._one("unsupported", text=self._said())

    def audio(self) -> tuple[Inbound, ...]:
        urls = [url for payload in attachments(self.event) if (url := url_of(payload.get("url")))]
        if not urls:
            return self._one("unsupported")
        return self._one("voice", text=self._said(), media=(Media(ref=urls[0], kind="voice"),))

    def link(self) -> tuple[Inbound, ...]:
        """An address that was pasted is something written."""
        urls = [url for payload in attachments(self.event) if (url := url_of(payload.get("url")))]
        said = self._said().strip() or " ".join(urls[:1])
        return self._one("text", text=self._clean(said)) if said else self._one("unsupported")

    def file(self) -> tuple[Inbound, ...]:
        """A picture that was sent as a file; what it is in truth is looked at later."""
        for payload in attachments(self.event):
            name, url = payload.get("name"), url_of(payload.get("url"))
            if url and isinstance(name, str) and name.lower().endswith(_PICTURES):
                return self._one("photo", text=self._said(), media=(Media(ref=url),))
        return self._one("unsupported", text=self._said())

    def other(self) -> tuple[Inbound, ...]:
        return self._one("unsupported", text=self._said())

    def follow(self) -> tuple[Inbound, ...]:
        return self._one("start")

    def unfollow(self) -> tuple[Inbound, ...]:
        return self._one("gone")

    def info(self) -> tuple[Inbound, ...]:
        """What a person filled in when asked for a telephone; nothing else of it is kept but the name."""
        info = part(self.event, "info")
        phone = id_of(info.get("phone")) or id_of(info.get("user_phone"))
        name = info.get("name")
        named = self._clean(name)[:100].strip() if isinstance(name, str) else ""
        return self._one("contact", text=phone, name=named) if phone else self._one("unsupported")

    def _said(self) -> str:
        text = part(self.event, "message").get("text")
        return self._clean(text) if isinstance(text, str) else ""

    def _one(self, kind: InboundKind, **more: Any) -> tuple[Inbound, ...]:  # noqa: ANN401 - the fields of Inbound
        return (self._inbound(kind, 0, **more),)

    def _inbound(self, kind: InboundKind, number: int, **more: Any) -> Inbound:  # noqa: ANN401 - handed on as it came
        return Inbound(
            channel="zalo_oa",
            channel_account=self.account,
            dedupe_key=f"{self._key()}.{number}" if number else self._key(),
            person=self.person,
            kind=kind,
            at=self.at,
            **more,
        )

    def _key(self) -> str:
        """The platform's id of the message; events without one are known by what they say."""
        msg_id = id_of(part(self.event, "message").get("msg_id"))
        if msg_id:
            return f"m{msg_id}"
        whole = json.dumps(self.event, sort_keys=True)
        return "d" + hashlib.sha256(whole.encode()).hexdigest()[:32]

    def _clean(self, text: str) -> str:
        kept, removed = clean(text)
        self.removed += removed
        return kept


_READERS = {
    "user_send_text": _Reader.text,
    "user_send_image": _Reader.image,
    "user_send_location": _Reader.location,
    "user_send_audio": _Reader.audio,
    "user_send_link": _Reader.link,
    "user_send_file": _Reader.file,
    "user_send_sticker": _Reader.other,
    "user_send_gif": _Reader.other,
    "user_send_video": _Reader.other,
    "user_send_business_card": _Reader.other,
    "follow": _Reader.follow,
    "unfollow": _Reader.unfollow,
    "user_submit_info": _Reader.info,
}
